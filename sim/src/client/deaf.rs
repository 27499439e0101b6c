//! A client that asks for everything there is, again and again, and never reads an answer.
//!
//! It promises nothing and is promised nothing; what it must not do is hold up anybody else. It
//! ends with the storm: its connections go, with whatever waited in them.

use std::collections::BTreeMap;

use millstream_wire::messages::{FetchRequest, fetch};
use millstream_wire::{ApiKey, Uuid};

use super::Ctx;
use super::link::{Link, Lost};
use crate::books::Phase;

const VERSION: i16 = 13;
const BYTES_MAX: i32 = 50 << 20;
/// Requests on one connection.
const ASKS: u64 = 4;

pub async fn run(mut ctx: Ctx) {
    while ctx.books.phase() < Phase::Calm {
        let _ = live(&mut ctx).await;
    }
}

async fn live(ctx: &mut Ctx) -> Result<(), Lost> {
    let mut link = Link::open(ctx).await?;
    for _ in 0..ASKS {
        link.send_unanswered(ApiKey::Fetch, VERSION, &everything(ctx)).await?;
        ctx.pause(3_000).await;
    }
    let until = ctx.rng.range(1, 100);
    for _ in 0..until {
        if ctx.books.phase() >= Phase::Calm {
            break;
        }
        ctx.pause(4_000).await;
    }
    Ok(())
}

fn everything(ctx: &Ctx) -> FetchRequest<'static> {
    let mut topics: BTreeMap<Uuid, Vec<fetch::request::Partitions>> = BTreeMap::new();
    for place in ctx.books.places(|_| true) {
        let partition = fetch::request::Partitions {
            partition: place.index,
            fetch_offset: ctx.books.floor(place).log_start,
            partition_max_bytes: BYTES_MAX,
            ..fetch::request::Partitions::default()
        };
        topics.entry(ctx.books.id_of(place.topic)).or_default().push(partition);
    }
    let topics = topics.into_iter().map(|(topic_id, partitions)| fetch::request::Topics {
        topic_id,
        partitions: partitions.into(),
        ..fetch::request::Topics::default()
    });
    FetchRequest {
        max_wait_ms: 10,
        min_bytes: 1,
        max_bytes: BYTES_MAX,
        session_epoch: -1,
        topics: topics.collect::<Vec<_>>().into(),
        ..FetchRequest::default()
    }
}
