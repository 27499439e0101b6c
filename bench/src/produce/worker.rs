//! One client thread of a produce load: its connections, an epoll loop, and nothing per request
//! but a correlation id. Closed loop: an answer sends the next request. Open loop: the schedule
//! does; a request that finds its connection full waits, and its wait counts as latency.
//! Invariant: `in_flight` of a connection never exceeds the plan's depth.

use std::collections::VecDeque;
use std::net::TcpStream;
use std::time::{Duration, Instant};

use crate::admin::check_produced;
use crate::connection::{Inbox, Outbox, Stock, check_correlation, dial};
use crate::fault::Fault;
use crate::frame::Template;
use crate::limits::DRAIN_MAX;
use crate::poller::{Poller, Ready};
use crate::run::{Stop, Target, Window};

use super::Tally;

/// What all workers of a run share.
pub struct Plan<'a> {
    pub target: &'a Target,
    pub templates: Vec<Template>,
    pub batch: &'a [u8],
    pub depth: usize,
    /// False with acks=0: a request is done when its last byte has left.
    pub answered: bool,
    pub pace: Pace,
    pub window: Window,
    /// Stop after this many, for fills; each worker by itself.
    pub requests_max: Option<u64>,
}

#[derive(Clone, Copy, Debug)]
pub enum Pace {
    Closed,
    /// One request of this worker each interval.
    Open {
        interval: Duration,
    },
}

pub struct Worker {
    pub index: usize,
    pub connections: usize,
}

struct InFlight {
    correlation: i32,
    due: Instant,
}

struct Lane {
    stream: TcpStream,
    outbox: Outbox,
    inbox: Inbox,
    in_flight: VecDeque<InFlight>,
    /// Open loop only: due, but the connection already carries `depth` requests.
    waiting: VecDeque<Instant>,
    correlation: i32,
    template: usize,
    wants_write: bool,
}

struct Loop<'a> {
    plan: &'a Plan<'a>,
    lanes: Vec<Lane>,
    poller: Poller,
    scratch: Vec<u8>,
    tally: Tally,
    queued: u64,
    /// Open loop: requests scheduled so far, and the time of the first.
    scheduled: u64,
    begin: Instant,
}

impl Worker {
    pub fn run(self, plan: &Plan<'_>, stop: &Stop) -> Result<Tally, Fault> {
        let mut state = Loop {
            plan,
            lanes: Vec::with_capacity(self.connections),
            poller: Poller::new(plan.target.wait)?,
            scratch: Vec::new(),
            tally: Tally::default(),
            queued: 0,
            scheduled: 0,
            begin: Instant::now(),
        };
        for lane in 0..self.connections {
            let first = (self.index * 31 + lane) % plan.templates.len();
            state.connect(first)?;
        }
        state.begin = Instant::now();
        state.drive(stop)?;
        Ok(state.tally)
    }
}

impl Loop<'_> {
    fn connect(&mut self, template: usize) -> Result<(), Fault> {
        let target = self.plan.target;
        let stream = dial(target.address, target.congestion.as_deref())?;
        stream.set_nonblocking(true).map_err(Fault::io("non-blocking socket"))?;
        self.poller.add(&stream, self.lanes.len())?;
        self.lanes.push(Lane {
            stream,
            outbox: Outbox::default(),
            inbox: Inbox::default(),
            in_flight: VecDeque::new(),
            waiting: VecDeque::new(),
            correlation: 0,
            template,
            wants_write: false,
        });
        Ok(())
    }

    fn drive(&mut self, stop: &Stop) -> Result<(), Fault> {
        let mut ready: Vec<Ready> = Vec::new();
        if let Pace::Closed = self.plan.pace {
            for lane in 0..self.lanes.len() {
                self.top_up(lane, Instant::now())?;
            }
        }
        let mut drain_until = None;
        loop {
            let now = Instant::now();
            if self.may_start(now) {
                self.start_due(now)?;
            } else if self.is_drained() {
                self.count_unsent(now);
                return Ok(());
            } else if now > *drain_until.get_or_insert(now + DRAIN_MAX) {
                let left = self.lanes.iter().map(|lane| lane.in_flight.len()).sum::<usize>();
                let what = format!("{left} produce requests after the last was sent");
                return Err(Fault::Late { what, waited_ms: DRAIN_MAX.as_millis() as u64 });
            }
            if stop.is_set() {
                return Ok(());
            }
            self.poller.turn(Duration::from_millis(10), &mut ready)?;
            for at in &ready {
                self.on_ready(*at)?;
            }
        }
    }

    fn may_start(&self, now: Instant) -> bool {
        let more = self.plan.requests_max.is_none_or(|max| self.queued < max);
        now < self.plan.window.end && more
    }

    fn is_drained(&self) -> bool {
        self.lanes.iter().all(|lane| lane.in_flight.is_empty() && lane.outbox.is_empty())
    }

    /// Open loop: requests that were due but never found room count with the wait they had.
    fn count_unsent(&mut self, now: Instant) {
        for due in self.lanes.iter().flat_map(|lane| &lane.waiting) {
            self.tally.unsent += 1;
            if self.plan.window.contains(*due) {
                self.tally.latency.record(now.saturating_duration_since(*due));
            }
        }
    }

    /// Open loop: queue everything that is due and set the alarm for what comes next.
    fn start_due(&mut self, now: Instant) -> Result<(), Fault> {
        let Pace::Open { interval } = self.plan.pace else { return Ok(()) };
        loop {
            let due = self.begin + interval.mul_f64(self.scheduled as f64);
            if due > now {
                return self.poller.set_alarm(due);
            }
            let lane = (self.scheduled % self.lanes.len() as u64) as usize;
            self.scheduled += 1;
            self.lanes[lane].waiting.push_back(due);
            self.top_up(lane, now)?;
        }
    }

    fn on_ready(&mut self, at: Ready) -> Result<(), Fault> {
        if at.readable {
            self.on_readable(at.token)?;
        }
        if at.writable || !self.lanes[at.token].outbox.is_empty() {
            self.flush(at.token)?;
        }
        if self.may_start(Instant::now()) {
            self.top_up(at.token, Instant::now())?;
        }
        Ok(())
    }

    fn on_readable(&mut self, index: usize) -> Result<(), Fault> {
        let lane = &mut self.lanes[index];
        let (in_flight, tally) = (&mut lane.in_flight, &mut self.tally);
        let window = self.plan.window;
        let mut answered_at = None;
        lane.inbox.read_frames(&mut lane.stream, &mut self.scratch, |frame| {
            let Some(due) = in_flight.pop_front() else {
                return Err(Fault::Protocol("an answer that nobody asked for".to_owned()));
            };
            check_correlation(frame, due.correlation)?;
            check_produced(frame)?;
            tally.done(due.due, *answered_at.get_or_insert_with(Instant::now), window);
            Ok(())
        })
    }

    /// Queue requests up to the depth, then send what the socket takes.
    fn top_up(&mut self, index: usize, now: Instant) -> Result<(), Fault> {
        let lane = &mut self.lanes[index];
        let mut added = false;
        while lane.in_flight.len() < self.plan.depth {
            if self.plan.requests_max.is_some_and(|max| self.queued >= max) {
                break;
            }
            let due = match self.plan.pace {
                Pace::Closed => now,
                Pace::Open { .. } => match lane.waiting.pop_front() {
                    Some(due) => due,
                    None => break,
                },
            };
            lane.correlation = lane.correlation.wrapping_add(1);
            lane.outbox.push(lane.template, lane.correlation);
            lane.template = (lane.template + 1) % self.plan.templates.len();
            lane.in_flight.push_back(InFlight { correlation: lane.correlation, due });
            self.queued += 1;
            added = true;
        }
        match added {
            true => self.flush(index),
            false => Ok(()),
        }
    }

    fn flush(&mut self, index: usize) -> Result<(), Fault> {
        let lane = &mut self.lanes[index];
        let stock = Stock { templates: &self.plan.templates, batch: self.plan.batch };
        let flushed =
            lane.outbox.flush(&mut lane.stream, stock).map_err(Fault::io("send Produce"))?;
        if !self.plan.answered {
            let now = Instant::now();
            for sent in lane.in_flight.drain(..flushed.frames) {
                self.tally.done(sent.due, now, self.plan.window);
            }
        }
        // Without answers nothing but room in the socket starts the next request.
        let endless = !self.plan.answered && matches!(self.plan.pace, Pace::Closed);
        let wants_write = flushed.blocked || endless;
        if wants_write != lane.wants_write {
            lane.wants_write = wants_write;
            self.poller.want_write(&lane.stream, index, wants_write)?;
        }
        Ok(())
    }
}

impl Tally {
    fn done(&mut self, due: Instant, at: Instant, window: Window) {
        self.requests_in_all += 1;
        if window.contains(at) {
            self.requests += 1;
        }
        if window.contains(due) {
            self.latency.record(at.saturating_duration_since(due));
        }
    }
}
