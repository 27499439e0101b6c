//! A producer: several partitions a request, several requests under way, retries that keep
//! their sequence numbers.
//!
//! An idempotent one sends again what was not answered, in order, until it is; when the broker
//! does not follow its numbers any more it begins a new session. What was refused goes alone, and
//! nothing new before it has its answer, as Kafka's own producer does it: a broker knows five
//! batches of a producer, and of those that were under way with a refused one some may be in the
//! log behind it already. One without an id gives up what was under way when its connection went.
//! Invariant: batches of a partition are sent in the order in which they were made.

use std::collections::{BTreeMap, VecDeque};

use millstream_wire::messages::{
    InitProducerIdRequest, InitProducerIdResponse, ProduceRequest, ProduceResponse, produce,
};
use millstream_wire::{ApiKey, ErrorCode, Records, Uuid};

use super::batch::{Batch, Identity, Recipe};
use super::link::{Answer, Link, Lost};
use super::{Ctx, PATIENCE, code_of, passes};
use crate::books::{Life, Phase};
use crate::fact::Fact;
use crate::plan::{Kind, ProducerPlan};
use crate::record::{Place, Stamp};

/// Produce by topic id: a record cannot end up in the topic's next life.
const VERSION: i16 = 13;
const TIMEOUT_MS: i32 = 1_000;

pub async fn run(ctx: Ctx, number: u16, plan: ProducerPlan) {
    let mut producer = Producer {
        stamp: Stamp { producer: number, session: 0, serial: 0 },
        ctx,
        plan,
        identity: None,
        lanes: BTreeMap::new(),
        queue: VecDeque::new(),
        under_way: VecDeque::new(),
        retry: Vec::new(),
        left: None,
    };
    while !producer.is_done() {
        let lost = producer.live().await.is_err();
        producer.on_connection_end(lost);
    }
    producer.ctx.books.done(producer.ctx.me, Phase::Calm);
}

/// What a session has sent to one partition.
#[derive(Clone, Copy, Default)]
struct Lane {
    next_sequence: i32,
    /// A power cut may take some of it back.
    weak: bool,
}

struct Producer {
    ctx: Ctx,
    plan: ProducerPlan,
    identity: Option<Identity>,
    /// The next record's.
    stamp: Stamp,
    lanes: BTreeMap<Place, Lane>,
    /// Requests to send, oldest first.
    queue: VecDeque<Vec<Batch>>,
    under_way: VecDeque<Vec<Batch>>,
    /// Batches that must go again, in order, once nothing is under way.
    retry: Vec<Batch>,
    /// Partitions that still owe an acknowledgement since it is calm.
    left: Option<Vec<Place>>,
}

enum Verdict {
    Acked {
        base_offset: i64,
    },
    Again,
    /// Give up this batch alone.
    Refused(ErrorCode),
    /// The broker does not know the session's numbers: begin another.
    OutOfStep(ErrorCode),
}

impl Producer {
    fn is_done(&self) -> bool {
        let idle = self.queue.is_empty() && self.under_way.is_empty() && self.retry.is_empty();
        idle && self.left.as_ref().is_some_and(Vec::is_empty)
    }

    /// One connection.
    async fn live(&mut self) -> Result<(), Lost> {
        let mut link = Link::open(&mut self.ctx).await?;
        if self.plan.idempotent && self.identity.is_none() {
            self.init(&mut link).await?;
        }
        while !self.is_done() {
            self.look_at_phase();
            if self.retry.is_empty() {
                self.fill(&mut link).await?;
            }
            if !self.under_way.is_empty() {
                let answer = link.receive(PATIENCE).await?;
                let request = self.under_way.pop_front().unwrap_or_default();
                self.on_answer(&answer, request)?;
            } else if !self.retry.is_empty() {
                self.ctx.pause(10_000).await;
                let again = std::mem::take(&mut self.retry);
                again.into_iter().rev().for_each(|batch| self.queue.push_front(vec![batch]));
            } else {
                self.ctx.pause(self.plan.pause_us_max).await;
            }
            if self.plan.idempotent && self.identity.is_none() {
                return Ok(());
            }
            if self.ctx.rng.one_in(60) {
                // Clients change connections for reasons of their own.
                return Err(Lost);
            }
        }
        Ok(())
    }

    fn on_connection_end(&mut self, lost: bool) {
        let sent: Vec<Vec<Batch>> = self.under_way.drain(..).collect();
        if self.plan.idempotent && self.identity.is_some() {
            // Refused ones come before those that followed them.
            let again = std::mem::take(&mut self.retry).into_iter().map(|batch| vec![batch]);
            let again: Vec<Vec<Batch>> = again.chain(sent).collect();
            again.into_iter().rev().for_each(|request| self.queue.push_front(request));
        } else if lost || self.plan.idempotent {
            self.begin_session(sent, ErrorCode::NetworkException);
        }
        self.ctx.state(|| format!("{} to send, left {:?}", self.queue.len(), self.left));
    }

    /// Gives up everything that is not answered.
    fn begin_session(&mut self, sent: Vec<Vec<Batch>>, why: ErrorCode) {
        let queued = std::mem::take(&mut self.queue).into_iter();
        let given_up = sent.into_iter().chain(queued).flatten();
        let given_up: Vec<Batch> = given_up.chain(std::mem::take(&mut self.retry)).collect();
        for batch in given_up.iter().filter(|batch| batch.sent) {
            self.give_up(batch, why);
        }
        self.identity = None;
        self.lanes.clear();
        self.stamp.session += 1;
    }

    fn give_up(&self, batch: &Batch, why: ErrorCode) {
        let Batch { place, first, count, .. } = *batch;
        self.ctx.note(Fact::GaveUp { place, first, count, why });
    }

    async fn init(&mut self, link: &mut Link) -> Result<(), Lost> {
        let request = InitProducerIdRequest {
            transactional_id: None,
            transaction_timeout_ms: 60_000,
            producer_id: -1,
            producer_epoch: -1,
            ..InitProducerIdRequest::default()
        };
        let answer = link.call(ApiKey::InitProducerId, 4, &request).await?;
        let response: InitProducerIdResponse = answer.decode()?;
        match code_of(response.error_code) {
            ErrorCode::None => {
                let (id, epoch) = (response.producer_id, response.producer_epoch);
                self.identity = Some(Identity { id, epoch });
                Ok(())
            }
            code => {
                if !passes(code) {
                    self.ctx.unexpected("a producer id", code);
                }
                self.ctx.pause(10_000).await;
                Err(Lost)
            }
        }
    }

    fn look_at_phase(&mut self) {
        let calm = self.ctx.books.with(|books| {
            books.phase >= Phase::Calm
                && books.clients.first().is_some_and(|c| c.done >= Phase::Calm)
        });
        if self.left.is_none() && calm {
            self.left = Some(self.ctx.books.places(|_| true));
        }
    }

    /// Sends until enough is under way.
    async fn fill(&mut self, link: &mut Link) -> Result<(), Lost> {
        while link.under_way() < self.plan.depth && !self.must_wait() {
            if self.queue.is_empty() {
                let made = self.make();
                if made.is_empty() {
                    return Ok(());
                }
                self.queue.push_back(made);
            }
            let Some(mut request) = self.queue.pop_front() else { return Ok(()) };
            for batch in request.iter_mut().filter(|batch| !batch.sent) {
                batch.sent = true;
                let Batch { place, first, count, acks, .. } = *batch;
                self.ctx.note(Fact::Sent { place, first, count, acks });
            }
            let message = self.message(&request);
            if request.first().is_some_and(|batch| batch.acks == 0) {
                // Nobody says what became of it.
                let why = ErrorCode::None;
                request.iter().for_each(|batch| self.give_up(batch, why));
                return link.send_unanswered(ApiKey::Produce, VERSION, &message).await;
            }
            self.under_way.push_back(request);
            link.send(ApiKey::Produce, VERSION, &message).await?;
            if self.ctx.rng.one_in(3) {
                self.ctx.pause(self.plan.pause_us_max).await;
            }
        }
        Ok(())
    }

    /// Whether nothing may be sent beside what is under way.
    fn must_wait(&self) -> bool {
        let refused = |request: &Vec<Batch>| request.iter().any(|batch| batch.refused);
        let next = self.queue.front().is_some_and(refused);
        !self.under_way.is_empty() && (next || self.under_way.iter().any(refused))
    }

    /// A new request's batches; none when nothing more is wanted.
    fn make(&mut self) -> Vec<Batch> {
        let mut places = match &self.left {
            Some(left) => left.clone(),
            None => self.ctx.books.places(|_| true),
        };
        let wanted = self.ctx.rng.range(1, self.plan.places_max) as usize;
        let drawn = self.plan.acks.unwrap_or(if self.ctx.rng.one_in(2) { 1 } else { -1 });
        // Once it is calm everybody wants to hear of something.
        let acks = if drawn == 0 && self.left.is_some() { 1 } else { drawn };
        let mut made = Vec::new();
        while !places.is_empty() && made.len() < wanted {
            let place = places.swap_remove(self.ctx.rng.below(places.len() as u64) as usize);
            let count = self.ctx.rng.range(1, self.plan.records_max) as u32;
            let lane = self.lanes.entry(place).or_default();
            let batch = Batch::make(&Recipe {
                place,
                shape: self.ctx.books.topic(place.topic).shape,
                first: self.stamp,
                count,
                identity: self.identity,
                sequence: lane.next_sequence,
                codec: self.plan.codec,
                acks,
                wall_ms: self.ctx.shard.wall_ms(),
            });
            lane.next_sequence += count as i32;
            self.stamp.serial += count;
            made.push(batch);
        }
        made
    }

    fn message(&self, request: &[Batch]) -> ProduceRequest<'static> {
        let mut topics: BTreeMap<Uuid, Vec<produce::request::PartitionData<'static>>> =
            BTreeMap::new();
        for batch in request {
            let records = Some(Records::from(batch.bytes.to_vec()));
            let data = produce::request::PartitionData { index: batch.place.index, records };
            topics.entry(self.ctx.books.id_of(batch.place.topic)).or_default().push(data);
        }
        let topic_data = topics.into_iter().map(|(topic_id, partitions)| {
            let partition_data = partitions.into();
            produce::request::TopicData { name: "".into(), topic_id, partition_data }
        });
        ProduceRequest {
            transactional_id: None,
            acks: request.first().map_or(-1, |batch| batch.acks),
            timeout_ms: TIMEOUT_MS,
            topic_data: topic_data.collect::<Vec<_>>().into(),
        }
    }

    fn on_answer(&mut self, answer: &Answer, request: Vec<Batch>) -> Result<(), Lost> {
        let response: ProduceResponse<'_> = answer.decode()?;
        let mut results = BTreeMap::new();
        for topic in response.responses.iter() {
            for partition in topic.partition_responses.iter() {
                let result = (partition.error_code, partition.base_offset);
                results.insert((topic.topic_id, partition.index), result);
            }
        }
        let mut out_of_step = None;
        for batch in request {
            let id = self.ctx.books.id_of(batch.place.topic);
            let Some((code, base_offset)) = results.get(&(id, batch.place.index)) else {
                self.ctx.violate("answers", format!("no result for {}", batch.place));
                return Err(Lost);
            };
            let verdict = self.judge(&batch, code_of(*code), *base_offset);
            self.apply(batch, verdict, &mut out_of_step);
        }
        if let Some(why) = out_of_step {
            let sent = self.under_way.drain(..).collect();
            self.begin_session(sent, why);
            return Err(Lost);
        }
        Ok(())
    }

    fn judge(&self, batch: &Batch, code: ErrorCode, base_offset: i64) -> Verdict {
        let place = batch.place;
        let topic = self.ctx.books.topic(place.topic);
        match code {
            ErrorCode::None => Verdict::Acked { base_offset },
            ErrorCode::DuplicateSequenceNumber => Verdict::Acked { base_offset: -1 },
            ErrorCode::UnknownTopicId | ErrorCode::UnknownTopicOrPartition
                if topic.life != Life::Alive =>
            {
                Verdict::Refused(code)
            }
            ErrorCode::UnknownTopicId | ErrorCode::UnknownTopicOrPartition => Verdict::Again,
            ErrorCode::OutOfOrderSequenceNumber | ErrorCode::UnknownProducerId => {
                if self.retry.iter().any(|earlier| earlier.place == place) {
                    // The one before it was refused: it can only wait for that.
                    return Verdict::Again;
                }
                let weak = self.lanes.get(&place).is_none_or(|lane| lane.weak);
                if !weak && topic.kind != Kind::Lax {
                    self.ctx.unexpected(&format!("{place} {} is in step", batch.first), code);
                }
                Verdict::OutOfStep(code)
            }
            code if passes(code) => Verdict::Again,
            code => {
                self.ctx.unexpected(&format!("produce to {place} {}", batch.first), code);
                Verdict::Refused(code)
            }
        }
    }

    fn apply(&mut self, batch: Batch, verdict: Verdict, out_of_step: &mut Option<ErrorCode>) {
        let Batch { place, first, count, acks, .. } = batch;
        match verdict {
            Verdict::Acked { base_offset } => {
                if acks != -1 {
                    self.lanes.entry(place).or_default().weak = true;
                }
                if let Some(left) = &mut self.left {
                    left.retain(|other| *other != place);
                }
                self.ctx.note(Fact::Acked { place, first, count, acks, base_offset });
            }
            Verdict::Again if self.plan.idempotent => {
                self.retry.push(Batch { refused: true, ..batch });
            }
            Verdict::Again => self.give_up(&batch, ErrorCode::KafkaStorageError),
            Verdict::Refused(why) => {
                if let Some(left) = &mut self.left {
                    left.retain(|other| *other != place);
                }
                self.give_up(&batch, why);
            }
            Verdict::OutOfStep(why) => {
                self.give_up(&batch, why);
                *out_of_step = Some(why);
            }
        }
    }
}
