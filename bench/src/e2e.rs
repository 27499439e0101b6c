//! End-to-end latency at a fixed rate: records are sent at appointed times, one a request, and
//! timed from that appointment to the moment a long-polling consumer holds them. What the client
//! sends late counts against the result, so nothing is coordinated away. One client thread owns
//! all connections, as an event loop of a real application would.

use std::collections::VecDeque;
use std::io::Write;
use std::net::TcpStream;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use millstream_wire::ApiKey;
use millstream_wire::batch::split_batches;
use millstream_wire::messages::FetchResponse;

use crate::admin::{Admin, check_produced, decode};
use crate::batch::{Batch, BatchSpec};
use crate::connection::{Inbox, check_correlation, dial};
use crate::fault::Fault;
use crate::frame::{
    FETCH_VERSION, FetchShape, PRODUCE_VERSION, ProduceShape, Template, fetch_frame,
};
use crate::latency::Latency;
use crate::limits::DRAIN_MAX;
use crate::load::{Codec, EndToEndLoad, parse_configs};
use crate::poller::{Poller, Ready};
use crate::produce::topic_name;
use crate::report::Report;
use crate::run::{Stop, Target, Window, measure};
use crate::stalled::Stalled;
use crate::stamped::{StampedFrame, due};

const FETCH_BYTES_MAX: i32 = 50 << 20;
const PARTITION_BYTES_MAX: i32 = 1 << 20;
const PRODUCE_TIMEOUT_MS: i32 = 30_000;

#[derive(Default)]
struct Tally {
    end_to_end: Latency,
    ack: Latency,
    /// How late the client itself sent, part of both others.
    send_lag: Latency,
    sent: u64,
    received: u64,
    received_in_window: u64,
}

struct Producer {
    stream: TcpStream,
    inbox: Inbox,
    frame: StampedFrame,
    correlation: i32,
    in_flight: VecDeque<(i32, Instant)>,
    /// Bytes that the socket did not take yet.
    unsent: Vec<u8>,
    blocked: bool,
}

struct Consumer {
    stream: TcpStream,
    inbox: Inbox,
    correlation: i32,
    offsets: Vec<i64>,
    stamp_at: usize,
}

struct Loop<'a> {
    load: &'a EndToEndLoad,
    topic: &'a str,
    window: Window,
    origin: Instant,
    producers: Vec<Producer>,
    consumer: Consumer,
    poller: Poller,
    scratch: Vec<u8>,
    tally: Tally,
}

/// Create a topic, run the schedule through it, remove it.
pub fn run(target: &Target, load: &EndToEndLoad) -> Result<Report, Fault> {
    load.check()?;
    let topic = topic_name();
    let mut admin = Admin::connect(target.address)?;
    let needed = [(ApiKey::Produce, PRODUCE_VERSION), (ApiKey::Fetch, FETCH_VERSION)];
    admin.check_serves(&needed)?;
    admin.create_topic(&topic, load.partitions, &parse_configs(&load.topic_configs)?)?;
    admin.wait_for_topic(&topic, load.partitions)?;
    let stalled = Stalled::start(target, load.stalled)?;
    let window = Window::after(load.warmup_s, load.duration_s);
    let (mut tallies, usage) = measure(target, window, vec![()], |(), stop| {
        Loop::new(target, load, &topic, window)?.drive(stop)
    })?;
    admin.delete_topic(&topic)?;
    let tally = tallies.pop().unwrap_or_default();
    let mut report = Report::new("e2e", load);
    let received = tally.received_in_window as f64;
    let bytes = received * load.record_bytes as f64;
    report.metric("records_per_s", received / window.seconds());
    report.latency("e2e", &tally.end_to_end);
    report.latency("ack", &tally.ack);
    report.latency("send_lag", &tally.send_lag);
    report.usage(&usage, bytes / window.seconds());
    stalled.map_or(Ok(()), |stalled| stalled.end(&mut report))?;
    Ok(report)
}

impl<'a> Loop<'a> {
    fn new(
        target: &Target,
        load: &'a EndToEndLoad,
        topic: &'a str,
        window: Window,
    ) -> Result<Loop<'a>, Fault> {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let batch = Batch::build(&BatchSpec {
            record_bytes: load.record_bytes,
            batch_bytes: 0,
            records: Some(1),
            codec: Codec::None,
            timestamp_ms: now.as_millis() as i64,
        })?;
        let poller = Poller::new(target.wait)?;
        let open = |token: usize| -> Result<TcpStream, Fault> {
            let stream = dial(target.address, target.congestion.as_deref())?;
            stream.set_nonblocking(true).map_err(Fault::io("non-blocking socket"))?;
            poller.add(&stream, token)?;
            Ok(stream)
        };
        let acks = load.acks.code();
        let shape = ProduceShape { topic, acks, timeout_ms: PRODUCE_TIMEOUT_MS };
        let mut producers = Vec::with_capacity(load.producers);
        for token in 0..load.producers {
            let partition = token as i32 % load.partitions;
            let template = Template::produce(&shape, &[partition], &batch);
            producers.push(Producer {
                stream: open(token)?,
                inbox: Inbox::default(),
                frame: StampedFrame::new(&template, &batch)?,
                correlation: 0,
                in_flight: VecDeque::new(),
                unsent: Vec::new(),
                blocked: false,
            });
        }
        let consumer = Consumer {
            stream: open(load.producers)?,
            inbox: Inbox::default(),
            correlation: 0,
            offsets: vec![0; load.partitions as usize],
            stamp_at: producers[0].frame.stamp_at,
        };
        let tally = Tally::default();
        let scratch = Vec::new();
        let origin = Instant::now();
        Ok(Loop { load, topic, window, origin, producers, consumer, poller, scratch, tally })
    }

    fn drive(mut self, stop: &Stop) -> Result<Tally, Fault> {
        let interval = Duration::from_secs_f64(1.0 / self.load.rate);
        let begin = Instant::now();
        let mut ready: Vec<Ready> = Vec::new();
        self.consumer.ask(self.topic, self.load)?;
        loop {
            let now = Instant::now();
            if now < self.window.end {
                self.send_due(begin, interval)?;
            } else if self.tally.received == self.tally.sent && self.is_acked() {
                return Ok(self.tally);
            } else if now > self.window.end + DRAIN_MAX {
                let left = self.tally.sent - self.tally.received;
                let what = format!("{left} of {} records at the consumer", self.tally.sent);
                return Err(Fault::Late { what, waited_ms: DRAIN_MAX.as_millis() as u64 });
            }
            if stop.is_set() {
                return Ok(self.tally);
            }
            self.poller.turn(Duration::from_millis(10), &mut ready)?;
            for at in &ready {
                match at.token == self.producers.len() {
                    true => self.on_fetched()?,
                    false => self.on_acked(*at)?,
                }
            }
        }
    }

    fn is_acked(&self) -> bool {
        self.producers.iter().all(|producer| producer.in_flight.is_empty())
    }

    fn send_due(&mut self, begin: Instant, interval: Duration) -> Result<(), Fault> {
        loop {
            let due = begin + interval.mul_f64(self.tally.sent as f64);
            let now = Instant::now();
            if due > now {
                return self.poller.set_alarm(due);
            }
            let token = self.tally.sent as usize % self.producers.len();
            let producer = &mut self.producers[token];
            producer.correlation = producer.correlation.wrapping_add(1);
            let frame = producer.frame.stamp(producer.correlation, due - self.origin);
            producer.unsent.extend_from_slice(frame);
            producer.in_flight.push_back((producer.correlation, due));
            self.tally.sent += 1;
            if self.window.contains(due) {
                self.tally.send_lag.record(now - due);
            }
            self.flush(token)?;
        }
    }

    /// Send what the socket takes, and hear when it takes more.
    fn flush(&mut self, token: usize) -> Result<(), Fault> {
        let producer = &mut self.producers[token];
        let blocked = producer.flush()?;
        if blocked != producer.blocked {
            producer.blocked = blocked;
            self.poller.want_write(&producer.stream, token, blocked)?;
        }
        Ok(())
    }

    fn on_acked(&mut self, at: Ready) -> Result<(), Fault> {
        if at.writable {
            self.flush(at.token)?;
        }
        if !at.readable {
            return Ok(());
        }
        let producer = &mut self.producers[at.token];
        let (in_flight, ack, window) = (&mut producer.in_flight, &mut self.tally.ack, self.window);
        producer.inbox.read_frames(&mut producer.stream, &mut self.scratch, |frame| {
            let now = Instant::now();
            let Some((correlation, due)) = in_flight.pop_front() else {
                return Err(Fault::Protocol("an answer that nobody asked for".to_owned()));
            };
            check_correlation(frame, correlation)?;
            check_produced(frame)?;
            if window.contains(due) {
                ack.record(now - due);
            }
            Ok(())
        })
    }

    fn on_fetched(&mut self) -> Result<(), Fault> {
        let (consumer, tally) = (&mut self.consumer, &mut self.tally);
        let (origin, window) = (self.origin, self.window);
        let mut answered = false;
        let (stream, inbox) = (&mut consumer.stream, &mut consumer.inbox);
        let (offsets, stamp_at) = (&mut consumer.offsets, consumer.stamp_at);
        let correlation = consumer.correlation;
        inbox.read_frames(stream, &mut self.scratch, |frame| {
            let now = Instant::now();
            check_correlation(frame, correlation)?;
            answered = true;
            read_stamps(frame, offsets, stamp_at, |batch| {
                let Some(due) = due(batch, stamp_at, origin) else {
                    return Err(Fault::Mismatch("a record without its stamp".to_owned()));
                };
                tally.received += 1;
                if window.contains(due) {
                    tally.received_in_window += 1;
                    tally.end_to_end.record(now.saturating_duration_since(due));
                }
                Ok(())
            })
        })?;
        match answered {
            true => self.consumer.ask(self.topic, self.load),
            false => Ok(()),
        }
    }
}

/// Walk the batches of a fetch answer in order, checking offsets and CRC.
fn read_stamps(
    frame: &[u8],
    offsets: &mut [i64],
    stamp_at: usize,
    mut on_batch: impl FnMut(&[u8]) -> Result<(), Fault>,
) -> Result<(), Fault> {
    let answer = decode::<FetchResponse<'_>>(frame, ApiKey::Fetch, FETCH_VERSION)?;
    Fault::check("Fetch", "", answer.error_code)?;
    for topic in answer.responses.iter() {
        for at in topic.partitions.iter() {
            let place = format_args!("{}-{}", topic.topic, at.partition_index).to_string();
            Fault::check("Fetch", &place, at.error_code)?;
            let offset = offsets
                .get_mut(at.partition_index as usize)
                .ok_or_else(|| Fault::Protocol(format!("{place} was not asked for")))?;
            let records = at.records.as_ref().map_or(&[][..], |records| records.as_bytes());
            for batch in split_batches(records) {
                // A broker may cut the last batch short at the size limit: it comes again.
                let Ok(batch) = batch else { break };
                let whole = batch.record_count() == 1 && batch.bytes().len() > stamp_at;
                if batch.base_offset() != *offset || !whole || !batch.crc_valid() {
                    let what = format!("{place}: offset {} not as sent", batch.base_offset());
                    return Err(Fault::Mismatch(what));
                }
                *offset = batch.last_offset() + 1;
                on_batch(batch.bytes())?;
            }
        }
    }
    Ok(())
}

impl Producer {
    /// Send what the socket takes; true when something is left.
    fn flush(&mut self) -> Result<bool, Fault> {
        while !self.unsent.is_empty() {
            match self.stream.write(&self.unsent) {
                Ok(n) => drop(self.unsent.drain(..n)),
                Err(e) if e.kind() == std::io::ErrorKind::WouldBlock => return Ok(true),
                Err(e) => return Err(Fault::io("send Produce")(e)),
            }
        }
        Ok(false)
    }
}

impl Consumer {
    /// Send the next long-polling fetch.
    fn ask(&mut self, topic: &str, load: &EndToEndLoad) -> Result<(), Fault> {
        self.correlation = self.correlation.wrapping_add(1);
        let shape = FetchShape {
            topic,
            wait_ms: load.fetch_wait_ms,
            max_bytes: FETCH_BYTES_MAX,
            partition_max_bytes: PARTITION_BYTES_MAX,
        };
        let places = self.offsets.iter().zip(0..).map(|(&offset, index)| (index, offset));
        let frame = fetch_frame(&shape, places, self.correlation);
        self.stream.write_all(&frame).map_err(Fault::io("send Fetch"))
    }
}
