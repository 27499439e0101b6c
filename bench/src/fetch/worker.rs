//! One client thread of a fetch load. Each connection reads its own partitions in groups, one
//! request in flight a group; a finished answer sends the group's next request at the offsets
//! that follow, and at the log's end it begins again. All batches are alike (the run wrote them),
//! so the next offset follows from the number of bytes.

use std::collections::VecDeque;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use rustix::net::RecvFlags;

use crate::connection::{dial, would_wait};
use crate::fault::Fault;
use crate::frame::{FetchShape, fetch_frame};
use crate::limits::DISCARD_BYTES;
use crate::load::FetchLoad;
use crate::poller::{Poller, Ready};
use crate::run::{Stop, Target, Window};

use super::Tally;
use super::stream::{AnswerStream, Event, Next, PartitionRead};

/// One read of a head; small, so that few record bytes are copied with it.
const HEAD_READ_BYTES: usize = 512;
/// Every partition holds data, so no answer should wait at all.
const FETCH_WAIT_MS: i32 = 500;
/// Reads of one connection before the others have their turn.
const READS_PER_TURN: usize = 16;

/// What all workers of a run share.
pub struct Plan<'a> {
    pub target: &'a Target,
    pub topic: &'a str,
    pub load: &'a FetchLoad,
    pub window: Window,
    pub batch_bytes: usize,
    pub batch_records: i64,
    /// The end offset of every partition.
    pub end: i64,
}

/// The partitions of each of this thread's connections.
pub struct Worker {
    pub lanes: Vec<Vec<i32>>,
}

struct Place {
    index: i32,
    offset: i64,
}

struct InFlight {
    correlation: i32,
    group: usize,
    sent: Instant,
}

struct Lane<'a> {
    plan: &'a Plan<'a>,
    stream: TcpStream,
    answers: AnswerStream,
    groups: Vec<Vec<Place>>,
    in_flight: VecDeque<InFlight>,
    correlation: i32,
    /// Progress of the answer that is being read.
    answer_bytes: usize,
}

impl Worker {
    pub fn run(self, plan: &Plan<'_>, stop: &Stop) -> Result<Tally, Fault> {
        let mut poller = Poller::new(plan.target.wait)?;
        let mut lanes = Vec::with_capacity(self.lanes.len());
        for partitions in &self.lanes {
            let lane = Lane::connect(plan, partitions)?;
            poller.add(&lane.stream, lanes.len())?;
            lanes.push(lane);
        }
        for lane in &mut lanes {
            for group in 0..lane.groups.len().min(plan.load.depth) {
                lane.send(group)?;
            }
        }
        let mut tally = Tally::default();
        let mut scratch = vec![0; DISCARD_BYTES];
        let mut ready: Vec<Ready> = Vec::new();
        let mut last_bytes = Instant::now();
        while Instant::now() < plan.window.end && !stop.is_set() {
            poller.turn(Duration::from_millis(10), &mut ready)?;
            if !ready.is_empty() {
                last_bytes = Instant::now();
            } else if last_bytes.elapsed() > crate::limits::DRAIN_MAX {
                let waited_ms = last_bytes.elapsed().as_millis() as u64;
                return Err(Fault::Late { what: "a fetch answer".to_owned(), waited_ms });
            }
            for at in &ready {
                lanes[at.token].receive(&mut scratch, &mut tally)?;
            }
        }
        Ok(tally)
    }
}

impl<'a> Lane<'a> {
    fn connect(plan: &'a Plan<'a>, partitions: &[i32]) -> Result<Lane<'a>, Fault> {
        let stream = dial(plan.target.address, plan.target.congestion.as_deref())?;
        stream.set_nonblocking(true).map_err(Fault::io("non-blocking socket"))?;
        let per_request = match plan.load.partitions_per_request {
            0 => partitions.len(),
            n => n,
        };
        let at_zero = |&index: &i32| Place { index, offset: 0 };
        Ok(Lane {
            plan,
            stream,
            answers: AnswerStream::default(),
            groups: partitions
                .chunks(per_request)
                .map(|g| g.iter().map(at_zero).collect())
                .collect(),
            in_flight: VecDeque::new(),
            correlation: 0,
            answer_bytes: 0,
        })
    }

    fn send(&mut self, group: usize) -> Result<(), Fault> {
        self.correlation = self.correlation.wrapping_add(1);
        let shape = FetchShape {
            topic: self.plan.topic,
            wait_ms: FETCH_WAIT_MS,
            max_bytes: self.plan.load.max_bytes,
            partition_max_bytes: self.plan.load.partition_max_bytes,
        };
        let places = self.groups[group].iter().map(|place| (place.index, place.offset));
        let frame = fetch_frame(&shape, places, self.correlation);
        self.in_flight.push_back(InFlight {
            correlation: self.correlation,
            group,
            sent: Instant::now(),
        });
        // A few hundred bytes into an empty send buffer: taken whole, or something is wrong.
        self.stream.write_all(&frame).map_err(Fault::io("send Fetch"))
    }

    fn receive(&mut self, scratch: &mut [u8], tally: &mut Tally) -> Result<(), Fault> {
        for _ in 0..READS_PER_TURN {
            let (asked, got) = match self.answers.next() {
                Next::Records(left) => {
                    let asked = left.min(scratch.len());
                    (asked, self.receive_records(&mut scratch[..asked], tally)?)
                }
                Next::Head => {
                    let head = &mut scratch[..HEAD_READ_BYTES];
                    (HEAD_READ_BYTES, self.receive_head(head, tally)?)
                }
            };
            if got < asked {
                break;
            }
        }
        Ok(())
    }

    fn receive_records(&mut self, into: &mut [u8], tally: &mut Tally) -> Result<usize, Fault> {
        let flags = match self.plan.load.read {
            true => RecvFlags::empty(),
            false => RecvFlags::TRUNC,
        };
        let n = recv(&self.stream, into, flags)?;
        if n > 0 {
            self.on_records(n, tally);
            let mut events = Vec::new();
            self.answers.skipped(n, &mut collect(&mut events))?;
            self.on_events(&events, tally)?;
        }
        Ok(n)
    }

    fn receive_head(&mut self, into: &mut [u8], tally: &mut Tally) -> Result<usize, Fault> {
        let n = recv(&self.stream, into, RecvFlags::empty())?;
        if n > 0 {
            let mut events = Vec::new();
            let records = self.answers.feed(&into[..n], &mut collect(&mut events))?;
            self.on_records(records, tally);
            self.on_events(&events, tally)?;
        }
        Ok(n)
    }

    fn on_records(&self, n: usize, tally: &mut Tally) {
        if self.plan.window.contains(Instant::now()) {
            tally.record_bytes += n as u64;
        }
    }

    fn on_events(&mut self, events: &[Event], tally: &mut Tally) -> Result<(), Fault> {
        for event in events {
            match *event {
                Event::Answer { correlation } => {
                    let due = self.in_flight.front().map(|request| request.correlation);
                    if due != Some(correlation) {
                        let what = format!("answer to fetch {correlation} where {due:?} is due");
                        return Err(Fault::Protocol(what));
                    }
                }
                Event::Partition(read) => self.on_partition(&read)?,
                Event::Done => self.on_done(tally)?,
            }
        }
        Ok(())
    }

    fn on_partition(&mut self, read: &PartitionRead) -> Result<(), Fault> {
        let at = format_args!("{}-{}", self.plan.topic, read.index).to_string();
        Fault::check("Fetch", &at, read.error_code)?;
        self.answer_bytes += read.record_bytes;
        let group = self.in_flight.front().map_or(0, |request| request.group);
        let place = self.groups[group].iter_mut().find(|place| place.index == read.index);
        let Some(place) = place else {
            return Err(Fault::Protocol(format!("{at} was not asked for")));
        };
        let Some((base, bytes)) = read.first_batch else { return Ok(()) };
        let holds = base <= place.offset && place.offset < base + self.plan.batch_records;
        if !holds || bytes != self.plan.batch_bytes {
            let what = format!("{at} at {}: a batch of {bytes} bytes at {base}", place.offset);
            return Err(Fault::Mismatch(what));
        }
        let batches = (read.record_bytes / self.plan.batch_bytes) as i64;
        place.offset = base + batches * self.plan.batch_records;
        if place.offset >= self.plan.end {
            place.offset = 0;
        }
        Ok(())
    }

    fn on_done(&mut self, tally: &mut Tally) -> Result<(), Fault> {
        let Some(request) = self.in_flight.pop_front() else {
            return Err(Fault::Protocol("an answer that nobody asked for".to_owned()));
        };
        if self.answer_bytes == 0 {
            let what = "a fetch answer without records, though every partition holds some";
            return Err(Fault::Mismatch(what.to_owned()));
        }
        self.answer_bytes = 0;
        let now = Instant::now();
        if self.plan.window.contains(now) {
            tally.answers += 1;
            tally.latency.record(now - request.sent);
        }
        // The group that waited longest goes next: with depth below the groups they take turns.
        let next = (request.group + self.in_flight.len() + 1) % self.groups.len();
        self.send(next)
    }
}

fn collect(into: &mut Vec<Event>) -> impl FnMut(Event) -> Result<(), Fault> {
    |event| {
        into.push(event);
        Ok(())
    }
}

/// Bytes received; 0 when there are none for now.
fn recv(from: &TcpStream, into: &mut [u8], flags: RecvFlags) -> Result<usize, Fault> {
    match rustix::net::recv(from, into, flags) {
        Ok((_, 0)) => Err(Fault::io("read")(std::io::ErrorKind::UnexpectedEof.into())),
        Ok((_, n)) => Ok(n),
        Err(errno) if would_wait(&errno.into()) => Ok(0),
        Err(errno) => Err(Fault::os("read")(errno)),
    }
}
