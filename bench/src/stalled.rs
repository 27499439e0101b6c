//! Readers that ask for much and take nothing: what a broker must bear beside its healthy clients.
//!
//! Each has a receive buffer of a few KiB and sends some fetches of 50 MiB, then never reads. They
//! stay for the whole run; `left` tells how many the broker still bears at its end, so that a
//! broker that cuts them off is not taken for one that bears them.

use std::io::Write;
use std::net::{SocketAddr, TcpStream};
use std::os::fd::AsFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::net::{AddressFamily, SocketFlags, SocketType, connect, socket_with, sockopt};

use crate::admin::Admin;
use crate::fault::Fault;
use crate::frame::{FetchShape, fetch_frame};
use crate::load::{FetchLoad, ProduceLoad};
use crate::produce::{fill, topic_name};
use crate::report::Report;
use crate::run::Target;

const RECEIVE_BYTES: usize = 4096;
const FETCHES: i32 = 4;
const FETCH_BYTES: i32 = 50 << 20;
const FETCH_WAIT_MS: i32 = 1000;

/// Connections that stall as long as this lives, and the topic that they read.
pub struct Stalled {
    connections: Vec<TcpStream>,
    address: SocketAddr,
    topic: String,
}

impl Stalled {
    /// `None` if nobody is to stall.
    pub fn start(target: &Target, connections: usize) -> Result<Option<Stalled>, Fault> {
        if connections == 0 {
            return Ok(None);
        }
        let topic = topic_name();
        let FetchLoad { partitions, fill_mib, record_bytes, .. } = FetchLoad::default();
        let mut admin = Admin::connect(target.address)?;
        admin.create_topic(&topic, partitions, &[])?;
        admin.wait_for_topic(&topic, partitions)?;
        let load = ProduceLoad { connections: 1, partitions, record_bytes, ..Default::default() };
        fill(target, &load, &topic, fill_mib << 20)?;
        let mut stalled = Stalled { connections: Vec::new(), address: target.address, topic };
        for _ in 0..connections {
            let stream = stalled.ask(partitions)?;
            stalled.connections.push(stream);
        }
        Ok(Some(stalled))
    }

    fn ask(&self, partitions: i32) -> Result<TcpStream, Fault> {
        let mut stream = dial_narrow(self.address).map_err(Fault::os("a narrow connection"))?;
        let shape = FetchShape {
            topic: &self.topic,
            wait_ms: FETCH_WAIT_MS,
            max_bytes: FETCH_BYTES,
            partition_max_bytes: FETCH_BYTES,
        };
        for correlation in 0..FETCHES {
            let places = (0..partitions).map(|partition| (partition, 0));
            let frame = fetch_frame(&shape, places, correlation);
            stream.write_all(&frame).map_err(Fault::io("send a fetch"))?;
        }
        Ok(stream)
    }

    /// Ends them, and says in the report how many were left.
    pub fn end(self, report: &mut Report) -> Result<(), Fault> {
        report.metric("stalled_left", self.left()? as f64);
        drop(self.connections);
        Admin::connect(self.address)?.delete_topic(&self.topic)
    }

    fn left(&self) -> Result<usize, Fault> {
        let mut left = 0;
        for stream in &self.connections {
            let mut fds = [PollFd::new(stream, PollFlags::RDHUP)];
            let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
            left += usize::from(poll(&mut fds, Some(&at_once)).map_err(Fault::os("poll"))? == 0);
        }
        Ok(left)
    }
}

/// A connection whose window is small from its first segment on.
fn dial_narrow(to: SocketAddr) -> rustix::io::Result<TcpStream> {
    let family = match to {
        SocketAddr::V4(_) => AddressFamily::INET,
        SocketAddr::V6(_) => AddressFamily::INET6,
    };
    let fd = socket_with(family, SocketType::STREAM, SocketFlags::CLOEXEC, None)?;
    sockopt::set_socket_recv_buffer_size(fd.as_fd(), RECEIVE_BYTES)?;
    connect(&fd, &to)?;
    Ok(fd.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fake_broker::{FakeBroker, Mood};
    use crate::poller::Wait;

    fn target(broker: &FakeBroker) -> Target {
        Target { address: broker.address, pid: None, congestion: None, wait: Wait::Sleep }
    }

    #[test]
    fn those_who_stall_stay_connected_and_are_counted() {
        let broker = FakeBroker::start(Mood::Good);
        let stalled = Stalled::start(&target(&broker), 3).expect("connects").expect("three");
        assert_eq!(stalled.left().expect("polls"), 3);
        stalled.connections[1].shutdown(std::net::Shutdown::Both).expect("shuts down");
        assert_eq!(stalled.left().expect("polls"), 2, "one is gone");
        let mut report = Report::new("raw-fetch", &());
        stalled.end(&mut report).expect("ends");
        assert_eq!(report.get("stalled_left"), Some(2.0));
    }

    #[test]
    fn nobody_stalls_unless_asked() {
        let broker = FakeBroker::start(Mood::Good);
        assert!(Stalled::start(&target(&broker), 0).expect("does nothing").is_none());
    }
}
