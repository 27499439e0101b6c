//! What the replay of a journal does to a log that is not open.

use super::*;
use crate::storage::extend::{Extension, checkpoint, extend};
use crate::storage::recover::{Opened, Wanted, recover};

/// A batch as it was committed: with its offset, `x` repeated to about `bytes`.
fn stored(offset: i64, bytes: usize) -> (Vec<u8>, String) {
    use millstream_wire::batch::BatchBuilder;
    use millstream_wire::compress::Codec;
    let value = format!("value {offset} {}", "x".repeat(bytes));
    let mut builder = BatchBuilder::new(Codec::None).base_offset(offset).leader_epoch(0);
    builder.append(1_000, None, Some(value.as_bytes()), &[]);
    (builder.build().expect("builds").to_vec(), value)
}

async fn with_log<T>(rig: &Rig, body: impl AsyncFnOnce(&Wanted<'_>, &mut Opened) -> T) -> T {
    let path = files::partition_dir(&rig.dir, "t", 0);
    let config = Arc::new(
        TopicConfig::resolve(&Default::default(), &BrokerConfig::default()).expect("sound"),
    );
    let (journaled, known) = (&[], &Known::default());
    let wanted = Wanted {
        topic_id: TOPIC_ID,
        path: &path,
        config: &config,
        journaled,
        known,
        rewrites: false,
        makes: &|| (),
    };
    let mut opened = recover(&rig.shard, &wanted).await.expect("recovered");
    body(&wanted, &mut opened).await
}

#[test]
fn a_recovered_log_is_extended_and_opens_with_what_was_added() {
    Rig::run("extend", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        let mut expected: Vec<String> = (0..7).map(|i| format!("before {i}")).collect();
        rig.fill(&log, &expected).await;
        rig.restart().await;
        let sizes = [10, 5_000, 3, 1, 2_500_000, 40];
        let more: Vec<_> = sizes.iter().zip(7..).map(|(bytes, at)| stored(at, *bytes)).collect();
        let shard = rig.shard.clone();
        with_log(&rig, async |wanted, opened| {
            assert_eq!(opened.log_end(), Offset(7));
            assert_eq!(opened.active().map(|segment| segment.base), Some(Offset(0)));
            let (same, rolled) = more.split_at(4);
            for (segment, part) in [(Offset(0), same), (Offset(11), rolled)] {
                for (batches, _) in part {
                    let extension = Extension { segment, skip: None, batches };
                    extend(&shard, wanted, opened, &extension).await.expect("it follows");
                }
            }
            assert_eq!(opened.log_end(), Offset(13));
            checkpoint(&shard, wanted, opened).await.expect("written");
        })
        .await;
        expected.extend(more.into_iter().map(|(_, value)| value));
        for _ in 0..2 {
            let log = rig.open("t", 0, &[]).await;
            assert_eq!(log.0.log.borrow().segments().len(), 2);
            assert_eq!(rig.read_all(&log).await, expected);
            rig.fill(&log, &["after".to_owned()]).await;
            expected.push("after".to_owned());
            rig.restart().await;
        }
    });
}

#[test]
fn what_does_not_follow_the_log_is_refused_and_nothing_is_written() {
    Rig::run("extend-refused", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &["a".to_owned(), "b".to_owned()]).await;
        rig.restart().await;
        let mut damaged = stored(2, 10).0;
        *damaged.last_mut().expect("bytes") ^= 1;
        let cases = [
            (0, stored(3, 10).0),
            (0, stored(1, 10).0),
            (0, damaged),
            (0, stored(2, 10).0[..60].to_vec()),
            (1, stored(2, 10).0),
            (3, stored(3, 10).0),
        ];
        let shard = rig.shard.clone();
        with_log(&rig, async |wanted, opened| {
            for (number, (segment, batches)) in cases.iter().enumerate() {
                let extension = Extension { segment: Offset(*segment), skip: None, batches };
                let refused = extend(&shard, wanted, opened, &extension).await;
                let fault = refused.expect_err("it does not follow");
                assert!(matches!(fault, StorageFault::Discontinuous { .. }), "{number}: {fault}");
            }
        })
        .await;
        let log = rig.open("t", 0, &[]).await;
        assert_eq!(rig.read_all(&log).await, ["a", "b"]);
    });
}

#[test]
fn segments_without_their_metadata_are_refused_and_left_alone() {
    Rig::run("headless", |mut rig| async move {
        let log = rig.open("t", 0, &[]).await;
        rig.fill(&log, &["a".to_owned()]).await;
        rig.restart().await;
        let metadata = rig.file("t", "partition.metadata");
        let kept = std::fs::read(&metadata).expect("there");
        std::fs::remove_file(&metadata).expect("removed");
        let fault = rig.try_open("t", TOPIC_ID, 0, &[]).await.err().expect("refused");
        assert!(matches!(fault, StorageFault::Headless { .. }), "{fault}");
        assert!(fault.to_string().contains("partition.metadata"), "{fault}");
        std::fs::write(&metadata, b"version: 0\ntopic_id: not one\n").expect("written");
        let fault = rig.try_open("t", TOPIC_ID, 0, &[]).await.err().expect("refused");
        assert!(matches!(fault, StorageFault::Metadata { .. }), "{fault}");
        assert!(fault.to_string().contains(&TOPIC_ID.to_string()), "{fault}");
        std::fs::write(&metadata, kept).expect("written");
        let log = rig.open("t", 0, &[]).await;
        assert_eq!(rig.read_all(&log).await, ["a"]);
    });
}
