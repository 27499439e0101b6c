//! A data directory, one shard, and small batches.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;

use bytes::Bytes;
use millstream_engine::ids::Offset;
use millstream_engine::now::Now;
use millstream_shards::{Config, Endpoint, Poll, UringDrivers, launch};
use millstream_wire::batch::{BatchBuilder, split_batches};
use millstream_wire::compress::Codec;

use super::*;

/// Cleans when it is told to, with room for few keys.
pub const QUIET_CLEANER: CleanerOptions = CleanerOptions {
    enable: false,
    backoff_ms: 1_000,
    map_bytes_max: 1 << 20,
    load_factor_ppm: 900_000,
    read_bytes: 1 << 16,
    bytes_per_second_max: None,
};

pub const TOPIC_ID: Uuid = Uuid([7; 16]);

#[derive(Clone)]
pub struct Rig {
    pub shard: Shard,
    pub dir: PathBuf,
    pub storage: Storage,
}

impl Rig {
    /// Runs `main` on a shard with an empty data directory; panics of the shard are ours.
    pub fn run<F, Fut>(name: &str, main: F)
    where
        F: FnOnce(Rig) -> Fut + Clone + Send + 'static,
        Fut: Future<Output = ()> + 'static,
    {
        let dir = std::env::temp_dir().join(format!("millstream-{name}-{}", std::process::id()));
        let _ = std::fs::remove_dir_all(&dir);
        std::fs::create_dir_all(&dir).expect("a directory for the test");
        let config = Config { memory_bytes: 256 << 20, poll: Poll::Park, ..Config::default() };
        let at = dir.clone();
        let body = move |shard: Shard, _: Endpoint<()>| {
            let (dir, main) = (at.clone(), main.clone());
            async move {
                let storage = Rig::storage(&shard, &dir).await;
                main(Rig { shard, dir, storage }).await;
            }
        };
        let ended = launch(config, UringDrivers, body).expect("io_uring works").join();
        let _ = std::fs::remove_dir_all(&dir);
        ended.expect("the shard ends without a panic");
    }

    async fn storage(shard: &Shard, dir: &std::path::Path) -> Storage {
        let options = StorageOptions {
            cache_bytes_max: 64 << 20,
            retention_check_ms: 1_000_000,
            producer_expiration_ms: 86_400_000,
            cleaner: QUIET_CLEANER,
            journal: JournalOptions { file_bytes: 2 << 20, sync: Sync::Data },
            withheld: Withheld::default(),
        };
        Storage::open(shard, dir.to_owned(), options).await.expect("storage opens")
    }

    /// Forgets the old storage as a killed process would, and opens the directory again.
    pub async fn restart(&mut self) {
        self.storage.0.journal.abandon().await;
        self.storage = Rig::storage(&self.shard, &self.dir).await;
    }

    pub async fn open(&self, topic: &str, index: i32, overrides: &[(&str, &str)]) -> PartitionLog {
        let opened = self.try_open(topic, TOPIC_ID, index, overrides).await;
        opened.expect("the partition opens")
    }

    pub async fn try_open(
        &self,
        topic: &str,
        id: Uuid,
        index: i32,
        overrides: &[(&str, &str)],
    ) -> Result<PartitionLog, StorageFault> {
        let text = |(key, value): &(&str, &str)| (key.to_string(), value.to_string());
        let overrides: BTreeMap<_, _> = overrides.iter().map(text).collect();
        let config = TopicConfig::resolve(&overrides, &BrokerConfig::default()).expect("sound");
        self.storage.open_partition(topic, id, index, Arc::new(config)).await
    }

    pub fn now(&self) -> Now {
        Now { wall_ms: self.shard.wall_ms(), mono_ns: self.shard.now_ns() }
    }

    pub fn client(&self) -> Origin {
        Origin::Client { produce_version: 11 }
    }

    /// Appends one record a batch and waits until all are flushed.
    pub async fn fill(&self, log: &PartitionLog, texts: &[String]) {
        let mut end = log.marks().log_end;
        for text in texts {
            end = log.append(&batch(&[text]), self.client(), self.now()).expect("appended").end;
        }
        log.durable(end).await.expect("flushed");
    }

    /// All visible values, read in small steps.
    pub async fn read_all(&self, log: &PartitionLog) -> Vec<String> {
        let marks = log.marks();
        let (mut from, mut all) = (marks.log_start, Vec::new());
        while from < marks.high_watermark {
            let read = log.read(from, 5_000, true, marks.high_watermark).await.expect("read");
            assert!(read.bytes > 0, "no progress at {from}");
            from = end_of(&read.extents);
            all.extend(values(&read.extents));
        }
        all
    }

    pub fn file(&self, topic: &str, name: &str) -> PathBuf {
        self.dir.join(format!("{topic}-0")).join(name)
    }
}

pub fn batch(values: &[&str]) -> Bytes {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    batch_at(now.expect("after 1970").as_millis() as i64, values)
}

pub fn batch_at(timestamp_ms: i64, values: &[&str]) -> Bytes {
    let mut builder = BatchBuilder::new(Codec::None);
    for value in values {
        builder.append(timestamp_ms, None, Some(value.as_bytes()), &[]);
    }
    builder.build().expect("builds")
}

pub fn batch_with(codec: Codec, value: &[u8]) -> Bytes {
    BatchBuilder::new(codec).append(1, None, Some(value), &[]).build().expect("builds")
}

pub fn produced(id: i64, epoch: i16, sequence: i32) -> Bytes {
    let mut builder = BatchBuilder::new(Codec::None).producer(id, epoch, sequence);
    builder.append(1, None, Some(b"v"), &[]).build().expect("builds")
}

pub fn values(extents: &[Bytes]) -> Vec<String> {
    let joined = extents.concat();
    let mut all = Vec::new();
    for view in split_batches(&joined) {
        let view = view.expect("whole batches");
        assert!(view.crc_valid());
        for record in view.records().expect("uncompressed") {
            let value = record.expect("sound").value.expect("not null").to_vec();
            all.push(String::from_utf8(value).expect("text"));
        }
    }
    all
}

pub fn end_of(extents: &[Bytes]) -> Offset {
    let joined = extents.concat();
    let last = split_batches(&joined).last().expect("a batch").expect("whole");
    Offset(last.last_offset() + 1)
}
