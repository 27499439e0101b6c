//! Which partitions a lying device has not touched: there every promise holds.
//!
//! A lie is known by its file. One in a partition's directory is that partition's; one in
//! Kafka's own topics is no topic's of ours; any other (the journal, the metadata, a file that has
//! no name any more) may be everybody's. Pure.

use std::collections::BTreeSet;
use std::path::Path;

use millstream_shards::driver::sim::Lie;

use crate::books::{Life, Topic};
use crate::plan::DATA_DIR;
use crate::record::Place;

/// The partitions of living topics that no lie can have hurt.
#[must_use]
pub fn places(lies: &[Lie], topics: &[Topic]) -> BTreeSet<Place> {
    let mut hurt = BTreeSet::new();
    for lie in lies {
        match lie.path.as_deref().and_then(directory) {
            Some(name) if name.starts_with("__consumer_offsets-") => {}
            Some(name) => drop(hurt.insert(name)),
            None => return BTreeSet::new(),
        }
    }
    let mut sound = BTreeSet::new();
    for (number, topic) in topics.iter().enumerate().filter(|(_, t)| t.life == Life::Alive) {
        for index in 0..topic.partitions {
            if hurt.remove(&directory_of(topic, index)) {
                continue;
            }
            sound.insert(Place { topic: number as u32, index });
        }
    }
    // What is left is nobody's directory: a deleted one's, or the metadata's.
    if hurt.is_empty() { sound } else { BTreeSet::new() }
}

/// The name of a partition's directory.
#[must_use]
pub fn directory_of(topic: &Topic, index: i32) -> String {
    format!("{}-{index}", topic.name)
}

/// The directory in the data directory that a file lies in.
pub fn directory(path: &Path) -> Option<String> {
    let mut below = path.strip_prefix(DATA_DIR).ok()?.components();
    let first = below.next()?.as_os_str().to_str()?;
    below.next().map(|_| first.to_owned())
}

#[cfg(test)]
mod tests {
    use millstream_shards::driver::sim::LieKind;

    use super::*;
    use crate::plan::Kind;
    use crate::record::Shape;

    fn sound(paths: &[Option<&str>]) -> Vec<i32> {
        let lie = |path: &Option<&str>| Lie {
            kind: LieKind::Lost,
            path: path.map(Into::into),
            offset: 0,
            len: 1,
        };
        let lies: Vec<Lie> = paths.iter().map(lie).collect();
        let shape = Shape { keys: 0, tombstones: 0, value_bytes_max: 10 };
        let (name, id, life) = ("t".to_owned(), None, Life::Alive);
        let topic = Topic { name, kind: Kind::Plain, partitions: 3, shape, id, life };
        places(&lies, &[topic]).into_iter().map(|place| place.index).collect()
    }

    #[test]
    fn a_lie_hurts_the_partition_of_its_file_and_one_elsewhere_hurts_all() {
        assert_eq!(sound(&[]), [0, 1, 2]);
        let segment = Some("data/t-1/00000000000000000000.log");
        assert_eq!(sound(&[segment]), [0, 2]);
        assert_eq!(sound(&[segment, Some("data/__consumer_offsets-0/checkpoint")]), [0, 2]);
        let everybodys = ["data/journal/0-0.journal", "data/__cluster_metadata/log", "data/t-1"];
        for path in everybodys {
            assert_eq!(sound(&[segment, Some(path)]), [0; 0], "{path}");
        }
        assert_eq!(sound(&[None]), [0; 0]);
    }
}
