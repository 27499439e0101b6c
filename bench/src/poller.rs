//! A thin epoll loop with one precise alarm. It sleeps unless told to spin, so that the client's
//! CPU is the broker's to use; spinning is an option that every report states.
//! Lives on one worker thread; tokens are the caller's indexes.

use std::os::fd::{AsFd, OwnedFd};
use std::time::{Duration, Instant};

use rustix::buffer::spare_capacity;
use rustix::event::{Timespec, epoll};
use rustix::time::{
    Itimerspec, TimerfdClockId, TimerfdFlags, TimerfdTimerFlags, timerfd_create, timerfd_settime,
};

use crate::fault::Fault;

const ALARM: u64 = u64::MAX;

/// Whether the client sleeps in the kernel between events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wait {
    Sleep,
    Spin,
}

/// What a wake-up was for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ready {
    pub token: usize,
    pub readable: bool,
    pub writable: bool,
}

pub struct Poller {
    epoll: OwnedFd,
    alarm: OwnedFd,
    events: Vec<epoll::Event>,
    wait: Wait,
}

impl Poller {
    pub fn new(wait: Wait) -> Result<Poller, Fault> {
        let epoll = epoll::create(epoll::CreateFlags::CLOEXEC).map_err(Fault::os("epoll"))?;
        let flags = TimerfdFlags::CLOEXEC | TimerfdFlags::NONBLOCK;
        let alarm = timerfd_create(TimerfdClockId::Monotonic, flags).map_err(Fault::os("timer"))?;
        epoll::add(&epoll, &alarm, epoll::EventData::new_u64(ALARM), epoll::EventFlags::IN)
            .map_err(Fault::os("watch the timer"))?;
        Ok(Poller { epoll, alarm, events: Vec::with_capacity(256), wait })
    }

    /// Watch for readable bytes; `want_write` too while something waits to be sent.
    pub fn add(&self, source: impl AsFd, token: usize) -> Result<(), Fault> {
        let data = epoll::EventData::new_u64(token as u64);
        epoll::add(&self.epoll, source, data, epoll::EventFlags::IN)
            .map_err(Fault::os("watch a connection"))
    }

    pub fn want_write(&self, source: impl AsFd, token: usize, want: bool) -> Result<(), Fault> {
        let mut flags = epoll::EventFlags::IN;
        flags.set(epoll::EventFlags::OUT, want);
        epoll::modify(&self.epoll, source, epoll::EventData::new_u64(token as u64), flags)
            .map_err(Fault::os("watch a connection"))
    }

    /// Wake no later than `at`: a high-resolution timer, without the slack of poll timeouts.
    pub fn set_alarm(&self, at: Instant) -> Result<(), Fault> {
        let after = at.saturating_duration_since(Instant::now()).max(Duration::from_nanos(1));
        let timer = Itimerspec { it_interval: Timespec::default(), it_value: timespec(after) };
        timerfd_settime(&self.alarm, TimerfdTimerFlags::empty(), &timer)
            .map(|_| ())
            .map_err(Fault::os("set the timer"))
    }

    /// Wait for events and hand each to `on`; returns after at most `at_most`.
    pub fn turn(&mut self, at_most: Duration, out: &mut Vec<Ready>) -> Result<(), Fault> {
        let timeout = match self.wait {
            Wait::Sleep => timespec(at_most),
            Wait::Spin => Timespec::default(),
        };
        self.events.clear();
        out.clear();
        match epoll::wait(&self.epoll, spare_capacity(&mut self.events), Some(&timeout)) {
            Ok(_) | Err(rustix::io::Errno::INTR) => {}
            Err(errno) => return Err(Fault::os("epoll wait")(errno)),
        }
        for event in &self.events {
            let (token, flags) = (event.data.u64(), event.flags);
            if token == ALARM {
                let mut ticks = [0u8; 8];
                let _ = rustix::io::read(&self.alarm, &mut ticks);
                continue;
            }
            let failed = flags.intersects(epoll::EventFlags::ERR | epoll::EventFlags::HUP);
            out.push(Ready {
                token: token as usize,
                readable: failed || flags.contains(epoll::EventFlags::IN),
                writable: flags.contains(epoll::EventFlags::OUT),
            });
        }
        Ok(())
    }
}

fn timespec(after: Duration) -> Timespec {
    Timespec { tv_sec: after.as_secs() as i64, tv_nsec: i64::from(after.subsec_nanos()) }
}
