//! The handler table, which is the version table: what is here is advertised, and only that.
//!
//! One row per API: key, versions, handler. `ApiVersions` answers from these rows and
//! `net` dispatches by them, so the two cannot differ. Rows are in the order of the keys.

use std::ops::RangeInclusive;
use std::pin::Pin;

use bytes::Bytes;
use millstream_wire::ApiKey;

use super::{Answer, Context};

/// A handler under way; it stays on its connection's shard.
pub type Serving = Pin<Box<dyn Future<Output = Answer>>>;

/// One API as this broker serves it.
pub struct Row {
    pub key: ApiKey,
    pub versions: RangeInclusive<i16>,
    pub serve: fn(Context, Bytes) -> Serving,
}

macro_rules! row {
    ($key:ident, $versions:expr, $handler:path) => {
        Row {
            key: ApiKey::$key,
            versions: $versions,
            serve: |ctx, body| Box::pin(async move { $handler(&ctx, &body).await }),
        }
    };
    // The handler takes the frame, to let go of it before its answer is ready.
    ($key:ident, $versions:expr, owned $handler:path) => {
        Row {
            key: ApiKey::$key,
            versions: $versions,
            serve: |ctx, body| Box::pin($handler(ctx, body)),
        }
    };
}

/// All served APIs.
pub static ROWS: &[Row] = &[
    row!(Produce, 3..=13, owned super::produce::handle),
    row!(Fetch, 4..=18, super::fetch::handle),
    row!(ApiVersions, 0..=4, super::api_versions::handle),
];

/// The row of an API key as it came over the wire.
#[must_use]
pub fn row(key: i16) -> Option<&'static Row> {
    ROWS.iter().find(|row| row.key as i16 == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_ordered_and_within_kafkas_versions() {
        for pair in ROWS.windows(2) {
            assert!((pair[0].key as i16) < pair[1].key as i16);
        }
        for row in ROWS {
            let theirs = row.key.versions();
            assert!(theirs.contains(row.versions.start()), "{}", row.key.name());
            assert!(theirs.contains(row.versions.end()), "{}", row.key.name());
        }
    }
}
