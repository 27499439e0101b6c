//! A consumer without a group: reads every partition from its start, with long polls and, if
//! the plan says so, fetch sessions. Notes whatever it is shown.

use std::collections::BTreeMap;
use std::time::Duration;

use millstream_wire::messages::{FetchRequest, FetchResponse, fetch};
use millstream_wire::{ApiKey, ErrorCode, Uuid};

use super::link::{Answer, Link, Lost};
use super::{Ctx, LOOK, PATIENCE, code_of, passes, records, scan};
use crate::books::{Life, Phase};
use crate::fact::{Fact, Floor, Read, Seen};
use crate::plan::{ConsumerPlan, Kind, Mode};
use crate::record::Place;

/// Fetch by topic id.
const VERSIONS: (u64, u64) = (13, 18);
/// What a reader asks for at least once it only has to catch up.
const DRAIN_BYTES_MIN: i32 = 200_000;

pub async fn run(ctx: Ctx, number: u16, plan: ConsumerPlan) {
    let fetcher = Fetcher::new(number, &plan);
    let mut consumer = Consumer { ctx, plan, fetcher };
    while consumer.ctx.books.phase() < Phase::Scan {
        let _ = consumer.live().await;
    }
}

struct Consumer {
    ctx: Ctx,
    plan: ConsumerPlan,
    fetcher: Fetcher,
}

impl Consumer {
    /// One connection.
    async fn live(&mut self) -> Result<(), Lost> {
        let mut link = Link::open(&mut self.ctx).await?;
        self.fetcher.on_connection(&mut self.ctx);
        while self.ctx.books.phase() < Phase::Scan {
            let places = self.ctx.books.places(|_| true);
            self.fetcher.follow(&places, |_| 0);
            if places.is_empty() {
                self.ctx.shard.sleep(LOOK).await;
                continue;
            }
            self.fetcher.fetch(&mut self.ctx, &mut link).await?;
            let behind = self.fetcher.behind(&self.ctx);
            self.ctx.state(|| format!("behind in {behind:?}"));
            if self.ctx.books.phase() == Phase::Drain && behind.is_empty() {
                self.ctx.books.done(self.ctx.me, Phase::Drain);
                self.ctx.wait_for(Phase::Scan).await;
                return Ok(());
            }
            self.ctx.pause(self.plan.pause_us_max).await;
            if self.ctx.rng.one_in(60) {
                return Err(Lost);
            }
        }
        Ok(())
    }
}

/// Positions, and the session that the broker keeps of them. Group members use it too.
pub struct Fetcher {
    reader: u16,
    plan: ConsumerPlan,
    version: i16,
    positions: BTreeMap<Place, i64>,
    /// High watermarks as last heard.
    highs: BTreeMap<Place, i64>,
    session_id: i32,
    session_epoch: i32,
    /// What the session knows.
    told: BTreeMap<Place, i64>,
    /// What was read, where the scan wants it in one piece.
    collected: Option<Vec<Seen>>,
    /// A position was out of range, and is the log's start now.
    moved: bool,
    /// A partition of the last answer could not be read.
    refused: bool,
}

impl Fetcher {
    pub fn new(reader: u16, plan: &ConsumerPlan) -> Fetcher {
        Fetcher {
            reader,
            plan: plan.clone(),
            version: VERSIONS.0 as i16,
            positions: BTreeMap::new(),
            highs: BTreeMap::new(),
            session_id: 0,
            session_epoch: 0,
            told: BTreeMap::new(),
            collected: None,
            moved: false,
            refused: false,
        }
    }

    /// Keeps what is read instead of noting it.
    pub fn collect(&mut self) {
        self.collected = Some(Vec::new());
    }

    /// Whether the last answer says of a partition that it cannot be read now.
    pub fn was_refused(&self) -> bool {
        self.refused
    }

    /// Whether a log began later than it was read from.
    pub fn was_moved(&self) -> bool {
        self.moved
    }

    pub fn collected(self) -> Vec<Seen> {
        self.collected.unwrap_or_default()
    }

    pub fn on_connection(&mut self, ctx: &mut Ctx) {
        self.version = ctx.rng.range(VERSIONS.0, VERSIONS.1) as i16;
        self.forget_session();
    }

    fn forget_session(&mut self) {
        (self.session_id, self.session_epoch) = (0, 0);
        self.told.clear();
    }

    /// Reads these from now on; new ones from where `first` says.
    pub fn follow(&mut self, places: &[Place], first: impl Fn(Place) -> i64) {
        self.positions.retain(|place, _| places.contains(place));
        for place in places {
            self.positions.entry(*place).or_insert_with(|| first(*place));
        }
    }

    pub fn positions(&self) -> &BTreeMap<Place, i64> {
        &self.positions
    }

    /// Partitions of which more is known than was read.
    pub fn behind(&self, ctx: &Ctx) -> Vec<(Place, i64)> {
        let behind = |(place, position): (&Place, &i64)| {
            let floor = ctx.books.floor(*place).high_watermark;
            let high = self.highs.get(place).copied().unwrap_or(-1);
            (high < floor || *position < high).then_some((*place, *position))
        };
        self.positions.iter().filter_map(behind).collect()
    }

    pub async fn fetch(&mut self, ctx: &mut Ctx, link: &mut Link) -> Result<(), Lost> {
        let (request, asked) = self.request(ctx);
        link.send(ApiKey::Fetch, self.version, &request).await?;
        let wait = Duration::from_millis(self.plan.wait_ms.unsigned_abs().into());
        let answer = link.receive(PATIENCE + wait).await?;
        let lost = self.on_answer(ctx, &answer, &asked)?;
        for place in lost {
            self.find_start(ctx, link, place).await?;
        }
        Ok(())
    }

    /// The request, and what was known and asked of each partition when it left.
    fn request(&mut self, ctx: &Ctx) -> (FetchRequest<'static>, BTreeMap<Place, (i64, Floor)>) {
        let full = self.session_epoch == 0;
        // Once it is calm nobody reads in small bites any more.
        let drains = ctx.books.phase() >= Phase::Drain;
        let at_least = if drains { DRAIN_BYTES_MIN } else { 0 };
        let mut topics: BTreeMap<Uuid, Vec<fetch::request::Partitions>> = BTreeMap::new();
        let mut asked = BTreeMap::new();
        for (place, position) in &self.positions {
            asked.insert(*place, (*position, ctx.books.floor(*place)));
            if !full && self.told.get(place) == Some(position) {
                continue;
            }
            self.told.insert(*place, *position);
            let partition = fetch::request::Partitions {
                partition: place.index,
                fetch_offset: *position,
                partition_max_bytes: self.plan.partition_bytes_max.max(at_least),
                ..fetch::request::Partitions::default()
            };
            topics.entry(ctx.books.id_of(place.topic)).or_default().push(partition);
        }
        let mut forgotten: BTreeMap<Uuid, Vec<i32>> = BTreeMap::new();
        let gone = |place: &Place| !self.positions.contains_key(place);
        for place in self.told.keys().copied().filter(gone).collect::<Vec<_>>() {
            self.told.remove(&place);
            forgotten.entry(ctx.books.id_of(place.topic)).or_default().push(place.index);
        }
        let topics = topics.into_iter().map(|(topic_id, partitions)| fetch::request::Topics {
            topic_id,
            partitions: partitions.into(),
            ..fetch::request::Topics::default()
        });
        let forgotten = forgotten.into_iter().map(|(topic_id, partitions)| {
            let partitions = partitions.into();
            fetch::request::ForgottenTopicsData { topic: "".into(), topic_id, partitions }
        });
        let request = FetchRequest {
            max_wait_ms: self.plan.wait_ms,
            min_bytes: 1,
            max_bytes: self.plan.bytes_max.max(at_least),
            isolation_level: i8::from(self.plan.committed),
            session_id: self.session_id,
            session_epoch: if self.plan.sessions { self.session_epoch } else { -1 },
            topics: topics.collect::<Vec<_>>().into(),
            forgotten_topics_data: forgotten.collect::<Vec<_>>().into(),
            ..FetchRequest::default()
        };
        (request, asked)
    }

    /// Partitions whose position must be found anew.
    fn on_answer(
        &mut self,
        ctx: &Ctx,
        answer: &Answer,
        asked: &BTreeMap<Place, (i64, Floor)>,
    ) -> Result<Vec<Place>, Lost> {
        let response: FetchResponse<'_> = answer.decode()?;
        match code_of(response.error_code) {
            ErrorCode::None => {}
            ErrorCode::FetchSessionIdNotFound | ErrorCode::InvalidFetchSessionEpoch => {
                self.forget_session();
                return Ok(Vec::new());
            }
            code => {
                if !passes(code) {
                    ctx.unexpected("fetch", code);
                }
                return Err(Lost);
            }
        }
        if self.plan.sessions && response.session_id != 0 {
            self.session_id = response.session_id;
            self.session_epoch += 1;
        } else {
            self.forget_session();
        }
        self.refused = false;
        let mut lost = Vec::new();
        for topic in response.responses.iter() {
            let Some(number) = ctx.books.number_of(topic.topic_id) else {
                ctx.violate("answers", format!("fetch answers of {}", topic.topic_id));
                return Err(Lost);
            };
            for partition in topic.partitions.iter() {
                let place = Place { topic: number, index: partition.partition_index };
                let Some((from, floor)) = asked.get(&place).copied() else {
                    ctx.violate("answers", format!("fetch answers of {place}"));
                    return Err(Lost);
                };
                if self.on_partition(ctx, place, (from, floor), &partition) {
                    lost.push(place);
                }
            }
        }
        Ok(lost)
    }

    /// Whether the position is out of range.
    fn on_partition(
        &mut self,
        ctx: &Ctx,
        place: Place,
        (from, floor): (i64, Floor),
        partition: &fetch::response::Partitions<'_>,
    ) -> bool {
        let topic = ctx.books.topic(place.topic);
        self.refused |= partition.error_code != 0;
        match code_of(partition.error_code) {
            ErrorCode::None => {}
            ErrorCode::OffsetOutOfRange => return true,
            ErrorCode::UnknownTopicId | ErrorCode::UnknownTopicOrPartition => {
                self.forget_session();
                return false;
            }
            code => {
                if !passes(code) && topic.life == Life::Alive {
                    ctx.unexpected(&format!("fetch of {place} from {from}"), code);
                }
                return false;
            }
        }
        let bytes = partition.records.as_ref().map_or(&[][..], |records| records.as_bytes());
        let untold = ctx.books.with(|books| books.untold.clone());
        let (records, next) = match records::read(bytes, place, topic.shape, (from, &untold)) {
            Ok(read) => read,
            Err(what) => {
                ctx.violate("integrity", what);
                return false;
            }
        };
        let read = Read {
            reader: self.reader,
            place,
            from,
            floor,
            high_watermark: partition.high_watermark,
            log_start: partition.log_start_offset,
            records,
            next,
        };
        self.positions.insert(place, read.next);
        self.highs.insert(place, read.high_watermark);
        match &mut self.collected {
            Some(collected) => collected.extend(read.records),
            None => drop(ctx.note(Fact::Read(read))),
        }
        false
    }

    /// The log begins later than the position: on from its beginning.
    async fn find_start(
        &mut self,
        ctx: &mut Ctx,
        link: &mut Link,
        place: Place,
    ) -> Result<(), Lost> {
        let position = self.positions.get(&place).copied().unwrap_or(0);
        let Ok(start) = scan::offset_of(ctx, link, place, scan::EARLIEST).await? else {
            return Ok(());
        };
        let topic = ctx.books.topic(place.topic);
        let lying = ctx.books.with(|books| books.plan.mode == Mode::Lying);
        let strict = !lying && !matches!(topic.kind, Kind::Lax | Kind::Doomed);
        if strict && start <= position {
            let what = format!("{place}: {position} is out of range, the log starts at {start}");
            ctx.violate("log start", what);
        }
        self.positions.insert(place, start);
        self.moved = true;
        Ok(())
    }
}
