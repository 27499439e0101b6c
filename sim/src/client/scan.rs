//! The scan: reads every partition from its start to its high watermark when all is quiet, and
//! asks for topics and settings once more.

use std::collections::BTreeMap;

use millstream_wire::messages::{ListOffsetsRequest, ListOffsetsResponse, list_offsets};
use millstream_wire::{ApiKey, ErrorCode};

use super::consumer::Fetcher;
use super::link::{Link, Lost};
use super::{Ctx, admin, code_of, passes};
use crate::books::Phase;
use crate::fact::{Fact, Read};
use crate::plan::{ConsumerPlan, Mode};
use crate::record::Place;

pub const EARLIEST: i64 = -2;
pub const LATEST: i64 = -1;
/// Under a lying device a partition may be beyond help.
const TRIES_MAX: u32 = 20;

pub async fn run(mut ctx: Ctx) {
    let lying = ctx.books.with(|books| books.plan.mode == Mode::Lying);
    let mut left = ctx.books.places(|_| true);
    let mut tries = 0;
    while let Some(place) = left.last().copied() {
        ctx.state(|| format!("scans {place}"));
        match scan(&mut ctx, place).await {
            Ok(()) => {
                left.pop();
                tries = 0;
            }
            Err(Lost) if lying && tries > TRIES_MAX => {
                if ctx.books.with(|books| books.sound.contains(&place)) {
                    let what = format!("{place} cannot be read, and the device did nothing to it");
                    ctx.violate("progress", what);
                }
                ctx.note(Fact::Note(format!("{place} cannot be read")));
                left.pop();
                tries = 0;
            }
            Err(Lost) => {
                tries += 1;
                ctx.pause(20_000).await;
            }
        }
    }
    while admin::look(&mut ctx).await.is_err() && !(lying && tries > TRIES_MAX) {
        tries += 1;
        ctx.pause(20_000).await;
    }
    ctx.books.done(ctx.me, Phase::Scan);
}

/// Reads one partition. Retention may still take its beginning meanwhile: then it is read again,
/// so that what is judged is what there was at one time.
async fn scan(ctx: &mut Ctx, place: Place) -> Result<(), Lost> {
    let mut link = Link::open(ctx).await?;
    while !scan_once(ctx, &mut link, place).await? {}
    Ok(())
}

/// `false`: the log's start has moved under the scan.
async fn scan_once(ctx: &mut Ctx, link: &mut Link, place: Place) -> Result<bool, Lost> {
    let floor = ctx.books.floor(place);
    let start = offset_of(ctx, link, place, EARLIEST).await?.map_err(|_| Lost)?;
    let high = offset_of(ctx, link, place, LATEST).await?.map_err(|_| Lost)?;
    let plan = ConsumerPlan {
        wait_ms: 0,
        bytes_max: 1 << 20,
        partition_bytes_max: 1 << 20,
        sessions: false,
        committed: false,
        pause_us_max: 0,
    };
    let mut fetcher = Fetcher::new(u16::MAX, &plan);
    fetcher.on_connection(ctx);
    fetcher.collect();
    fetcher.follow(&[place], |_| start);
    let position = |fetcher: &Fetcher| fetcher.positions().get(&place).copied().unwrap_or(high);
    while position(&fetcher) < high {
        let before = position(&fetcher);
        fetcher.fetch(ctx, link).await?;
        if fetcher.was_refused() && !fetcher.was_moved() {
            // No end, but something to be asked again.
            return Err(Lost);
        }
        if position(&fetcher) == before {
            // A compacted log may end in a gap, which an answer passes over in silence.
            break;
        }
    }
    if fetcher.was_moved() {
        return Ok(false);
    }
    let records = fetcher.collected();
    let (from, high_watermark, log_start) = (start, high, start);
    let reader = u16::MAX;
    let read = Read { reader, place, from, floor, high_watermark, log_start, records, next: high };
    ctx.note(Fact::Scanned(read));
    Ok(true)
}

/// The earliest or latest offset of a partition, or why there is none.
pub async fn offset_of(
    ctx: &mut Ctx,
    link: &mut Link,
    place: Place,
    timestamp: i64,
) -> Result<Result<i64, ErrorCode>, Lost> {
    let topic = ctx.books.topic(place.topic);
    let partition = list_offsets::request::Partitions {
        partition_index: place.index,
        timestamp,
        ..list_offsets::request::Partitions::default()
    };
    let topics = list_offsets::request::Topics {
        name: topic.name.clone().into(),
        partitions: vec![partition].into(),
    };
    let request = ListOffsetsRequest {
        replica_id: -1,
        topics: vec![topics].into(),
        ..ListOffsetsRequest::default()
    };
    let answer = link.call(ApiKey::ListOffsets, 7, &request).await?;
    let response: ListOffsetsResponse<'_> = answer.decode()?;
    let mut offsets = BTreeMap::new();
    for topic in response.topics.iter() {
        for partition in topic.partitions.iter() {
            let code = code_of(partition.error_code);
            let offset = if code == ErrorCode::None { Ok(partition.offset) } else { Err(code) };
            offsets.insert(partition.partition_index, offset);
        }
    }
    let Some(offset) = offsets.remove(&place.index) else {
        ctx.violate("answers", format!("no offset of {place}"));
        return Err(Lost);
    };
    if let Err(code) = offset {
        let gone = matches!(code, ErrorCode::UnknownTopicOrPartition);
        if !passes(code) && !gone {
            ctx.unexpected(&format!("offsets of {place}"), code);
        }
    }
    Ok(offset)
}
