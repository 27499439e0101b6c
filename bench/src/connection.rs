//! One non-blocking connection of a load loop: an outbox of template frames sent by writev, and an
//! inbox that cuts whole response frames out of what was read. Lives on its worker's thread.
//! Invariant: answers come back in request order; a correlation id out of order ends the run.

use std::collections::VecDeque;
use std::io::{self, IoSlice, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;
use std::time::Duration;

use crate::fault::Fault;
use crate::frame::Template;
use crate::limits::{FRAME_BYTES_MAX, READ_BYTES, WRITE_SLICES_MAX};

/// Open a connection with Nagle off and, if asked, another congestion control than the host's.
pub fn dial(to: SocketAddr, congestion: Option<&str>) -> Result<TcpStream, Fault> {
    let stream = TcpStream::connect_timeout(&to, Duration::from_secs(10))
        .map_err(Fault::io(format!("connect to {to}")))?;
    stream.set_nodelay(true).map_err(Fault::io("TCP_NODELAY"))?;
    if let Some(name) = congestion {
        rustix::net::sockopt::set_tcp_congestion(stream.as_fd(), name)
            .map_err(Fault::os(format!("congestion control {name}")))?;
    }
    Ok(stream)
}

/// Frames to send all share these.
#[derive(Clone, Copy)]
pub struct Stock<'a> {
    pub templates: &'a [Template],
    pub batch: &'a [u8],
}

struct Queued {
    template: usize,
    correlation: [u8; 4],
}

/// What one flush did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Flushed {
    /// Frames whose last byte has left.
    pub frames: usize,
    /// The socket takes no more for now.
    pub blocked: bool,
}

/// Frames waiting to be written, the first of them perhaps partly sent.
#[derive(Default)]
pub struct Outbox {
    queue: VecDeque<Queued>,
    sent: usize,
}

impl Outbox {
    pub fn push(&mut self, template: usize, correlation: i32) {
        self.queue.push_back(Queued { template, correlation: correlation.to_be_bytes() });
    }

    pub fn is_empty(&self) -> bool {
        self.queue.is_empty()
    }

    /// Write until the queue is empty or the writer would block.
    pub fn flush(&mut self, to: &mut impl Write, stock: Stock<'_>) -> io::Result<Flushed> {
        let mut done = Flushed::default();
        while !self.queue.is_empty() {
            match self.write_once(to, stock) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(n) => done.frames += self.advance(n, stock),
                Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
                Err(e) if e.kind() == io::ErrorKind::WouldBlock => {
                    done.blocked = true;
                    break;
                }
                Err(e) => return Err(e),
            }
        }
        Ok(done)
    }

    fn write_once(&self, to: &mut impl Write, stock: Stock<'_>) -> io::Result<usize> {
        let mut slices = [IoSlice::new(&[]); WRITE_SLICES_MAX];
        let mut count = 0;
        let mut skip = self.sent;
        'frames: for queued in &self.queue {
            let template = &stock.templates[queued.template];
            for slice in template.slices(&queued.correlation, stock.batch) {
                if skip >= slice.len() {
                    skip -= slice.len();
                    continue;
                }
                slices[count] = IoSlice::new(&slice[skip..]);
                skip = 0;
                count += 1;
                if count == WRITE_SLICES_MAX {
                    break 'frames;
                }
            }
        }
        to.write_vectored(&slices[..count])
    }

    /// Count `n` more sent bytes and drop the frames that are through.
    fn advance(&mut self, n: usize, stock: Stock<'_>) -> usize {
        self.sent += n;
        let mut frames = 0;
        while let Some(front) = self.queue.front() {
            let bytes = stock.templates[front.template].frame_bytes();
            if self.sent < bytes {
                break;
            }
            self.sent -= bytes;
            self.queue.pop_front();
            frames += 1;
        }
        frames
    }
}

/// Bytes read but not yet a whole frame.
#[derive(Default)]
pub struct Inbox {
    partial: Vec<u8>,
}

impl Inbox {
    /// Read once and hand every whole frame (without its size field) to `on_frame`. `scratch` is
    /// shared by all connections of a worker.
    pub fn read_frames(
        &mut self,
        from: &mut impl Read,
        scratch: &mut Vec<u8>,
        mut on_frame: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let kept = self.partial.len();
        if scratch.len() < kept + READ_BYTES {
            scratch.resize(kept + READ_BYTES, 0);
        }
        scratch[..kept].copy_from_slice(&self.partial);
        let n = match from.read(&mut scratch[kept..]) {
            Ok(0) => return Err(Fault::io("read")(io::ErrorKind::UnexpectedEof.into())),
            Ok(n) => n,
            Err(e) if would_wait(&e) => return Ok(()),
            Err(e) => return Err(Fault::io("read")(e)),
        };
        let mut rest = &scratch[..kept + n];
        while let Some((frame, after)) = split_frame(rest)? {
            on_frame(frame)?;
            rest = after;
        }
        self.partial.clear();
        self.partial.extend_from_slice(rest);
        Ok(())
    }
}

pub fn would_wait(e: &io::Error) -> bool {
    matches!(e.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::Interrupted)
}

/// A whole frame without its size field, and what follows it.
type Split<'a> = (&'a [u8], &'a [u8]);

/// The first frame of `bytes`, if it is there as a whole.
fn split_frame(bytes: &[u8]) -> Result<Option<Split<'_>>, Fault> {
    let Some((size, rest)) = bytes.split_first_chunk::<4>() else { return Ok(None) };
    let size = frame_size(*size)?;
    Ok(rest.split_at_checked(size))
}

/// A response's size field, refused when no broker would send such a frame.
pub fn frame_size(size: [u8; 4]) -> Result<usize, Fault> {
    let size = i32::from_be_bytes(size);
    match usize::try_from(size) {
        Ok(n) if (4..=FRAME_BYTES_MAX).contains(&n) => Ok(n),
        _ => Err(Fault::Protocol(format!("a response frame of {size} bytes"))),
    }
}

/// The correlation id of a response frame, checked against the one that is due.
pub fn check_correlation(frame: &[u8], due: i32) -> Result<(), Fault> {
    let Some((id, _)) = frame.split_first_chunk::<4>() else {
        return Err(Fault::Protocol("a response shorter than its header".into()));
    };
    let got = i32::from_be_bytes(*id);
    match got == due {
        true => Ok(()),
        false => Err(Fault::Protocol(format!("answer to request {got} where {due} is due"))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::batch::{Batch, BatchSpec};
    use crate::frame::ProduceShape;
    use crate::load::Codec;

    /// Takes a few bytes a call, a different number each time, and blocks now and then.
    struct Trickle {
        got: Vec<u8>,
        calls: usize,
    }

    impl Write for Trickle {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.calls += 1;
            if self.calls.is_multiple_of(5) {
                return Err(io::ErrorKind::WouldBlock.into());
            }
            let n = buf.len().min(1 + self.calls * 7 % 97);
            self.got.extend_from_slice(&buf[..n]);
            Ok(n)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn frames_leave_whole_and_in_order_however_little_the_socket_takes() {
        let spec = BatchSpec {
            record_bytes: 100,
            batch_bytes: 700,
            records: None,
            codec: Codec::None,
            timestamp_ms: 1_700_000_000_000,
        };
        let batch = Batch::build(&spec).expect("builds");
        let shape = ProduceShape { topic: "t", acks: 1, timeout_ms: 1000 };
        let templates: Vec<Template> = [&[0][..], &[1, 2], &[0, 1, 2]]
            .iter()
            .map(|partitions| Template::produce(&shape, partitions, &batch))
            .collect();
        let (mut outbox, mut expected) = (Outbox::default(), Vec::new());
        for id in 0..20i32 {
            let which = id as usize % 3;
            outbox.push(which, id);
            let bytes = id.to_be_bytes();
            let frame = templates[which].slices(&bytes, batch.bytes()).collect::<Vec<_>>();
            expected.extend(frame.concat());
        }
        let stock = Stock { templates: &templates, batch: batch.bytes() };
        let mut socket = Trickle { got: Vec::new(), calls: 0 };
        let mut frames = 0;
        while !outbox.is_empty() {
            frames += outbox.flush(&mut socket, stock).expect("no error").frames;
        }
        assert_eq!(frames, 20);
        assert!(socket.got == expected, "bytes differ");
    }

    #[test]
    fn frames_are_cut_out_of_reads_of_any_size() {
        let mut wire = Vec::new();
        for n in 4..40u8 {
            wire.extend_from_slice(&i32::from(n).to_be_bytes());
            wire.extend(vec![n; n as usize]);
        }
        for chunk_bytes in [1, 3, 7, 64, 10_000] {
            let (mut inbox, mut scratch, mut seen) = (Inbox::default(), Vec::new(), 4);
            for mut chunk in wire.chunks(chunk_bytes) {
                let on_frame = |frame: &[u8]| {
                    assert_eq!(frame, vec![seen; seen as usize]);
                    seen += 1;
                    Ok(())
                };
                inbox.read_frames(&mut chunk, &mut scratch, on_frame).expect("whole frames");
            }
            assert_eq!(seen, 40, "{chunk_bytes} bytes a read");
        }
    }

    #[test]
    fn a_frame_of_an_impossible_size_is_refused() {
        for size in [-1, 0, 3, i32::MIN, i32::MAX] {
            assert!(frame_size(size.to_be_bytes()).is_err(), "{size}");
        }
        assert_eq!(frame_size(4i32.to_be_bytes()).expect("the smallest"), 4);
    }

    #[test]
    fn an_answer_out_of_order_is_refused() {
        assert!(check_correlation(&7i32.to_be_bytes(), 7).is_ok());
        assert!(check_correlation(&8i32.to_be_bytes(), 7).is_err());
        assert!(check_correlation(&[0, 0], 7).is_err());
    }
}
