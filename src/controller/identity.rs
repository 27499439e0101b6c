//! `meta.properties`: whose data directory this is, and in which format it is kept.
//!
//! The same file name and keys as Kafka's, and one key of ours, so that each refuses the
//! other's directory with a sentence instead of a surprise. Pure text; the shell in `load`
//! reads and writes the file. Written once, when the directory is first used.

use std::fmt;

use millstream_engine::ids::BrokerId;
use millstream_wire::Uuid;

pub const FILE: &str = "meta.properties";
/// The newest layout of the data directory that this program knows.
const FORMAT: u32 = 1;
const FORMAT_KEY: &str = "millstream.format";

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Identity {
    pub cluster_id: String,
    pub node_id: BrokerId,
    pub directory_id: Uuid,
}

/// Why a data directory is not ours to use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IdentityFault {
    Kafkas,
    Newer(u32),
    Malformed { key: &'static str },
    OtherNode { theirs: BrokerId, ours: BrokerId },
}

impl fmt::Display for IdentityFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            IdentityFault::Kafkas => write!(
                f,
                "{FILE} was written by Apache Kafka, whose directories Millstream does not take \
                 over; choose another with --set log.dirs=PATH"
            ),
            IdentityFault::Newer(n) => write!(
                f,
                "{FILE} says {FORMAT_KEY}={n}, from a newer Millstream; this one reads up to \
                 {FORMAT}: use the newer one, or choose another directory with --set log.dirs=PATH"
            ),
            IdentityFault::Malformed { key } => {
                write!(f, "{FILE} has no proper value for {key}; restore the file from a backup")
            }
            IdentityFault::OtherNode { theirs, ours } => write!(
                f,
                "{FILE} belongs to node {theirs} and this is node {ours}; set node.id={theirs}, \
                 or choose another directory with --set log.dirs=PATH"
            ),
        }
    }
}

impl Identity {
    /// The file's text.
    #[must_use]
    pub fn text(&self) -> String {
        let Identity { cluster_id, node_id, directory_id } = self;
        format!(
            "# Written once, when this directory was first used. Do not edit.\n\
             version=1\n\
             {FORMAT_KEY}={FORMAT}\n\
             cluster.id={cluster_id}\n\
             node.id={node_id}\n\
             directory.id={directory_id}\n"
        )
    }

    /// Reads the file's text.
    ///
    /// # Errors
    /// It is Kafka's, newer, or damaged.
    pub fn parse(text: &str) -> Result<Identity, IdentityFault> {
        let value = |key: &'static str| {
            let lines = text.lines().filter_map(|line| line.split_once('='));
            let mut values = lines.filter(|(name, _)| name.trim() == key);
            values.next().map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
        };
        let malformed = |key| move || IdentityFault::Malformed { key };
        let Some(format) = value(FORMAT_KEY) else {
            return Err(match value("cluster.id") {
                Some(_) => IdentityFault::Kafkas,
                None => IdentityFault::Malformed { key: "cluster.id" },
            });
        };
        let format: u32 = format.parse().map_err(|_| malformed(FORMAT_KEY)())?;
        if format > FORMAT {
            return Err(IdentityFault::Newer(format));
        }
        let number = |key| value(key).and_then(|text| text.parse().ok());
        let directory = value("directory.id").and_then(|text| text.parse().ok());
        Ok(Identity {
            cluster_id: value("cluster.id").ok_or_else(malformed("cluster.id"))?.to_owned(),
            node_id: number("node.id").map(BrokerId).ok_or_else(malformed("node.id"))?,
            directory_id: directory.ok_or_else(malformed("directory.id"))?,
        })
    }

    /// Refuses the directory of another node.
    ///
    /// # Errors
    /// `OtherNode`.
    pub fn check_node(&self, ours: BrokerId) -> Result<(), IdentityFault> {
        match self.node_id {
            theirs if theirs == ours => Ok(()),
            theirs => Err(IdentityFault::OtherNode { theirs, ours }),
        }
    }
}

/// A version 4 uuid from 128 random bits, in the form that Kafka takes for cluster ids: its
/// text does not begin with a dash, which a command line would take for an option.
#[must_use]
pub fn random_uuid(mut bits: impl FnMut() -> u64) -> Uuid {
    loop {
        let mut bytes = [0; 16];
        bytes[..8].copy_from_slice(&bits().to_be_bytes());
        bytes[8..].copy_from_slice(&bits().to_be_bytes());
        bytes[6] = bytes[6] & 0x0f | 0x40;
        bytes[8] = bytes[8] & 0x3f | 0x80;
        let id = Uuid(bytes);
        if !id.to_string().starts_with('-') {
            return id;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Identity {
        let cluster_id = random_uuid(|| 0x0123_4567_89ab_cdef).to_string();
        Identity { cluster_id, node_id: BrokerId(1), directory_id: Uuid([3; 16]) }
    }

    #[test]
    fn what_is_written_reads_back() {
        assert_eq!(Identity::parse(&sample().text()), Ok(sample()));
        assert_eq!(sample().cluster_id.len(), 22);
        assert_eq!(sample().check_node(BrokerId(1)), Ok(()));
    }

    #[test]
    fn directories_that_are_not_ours_are_refused() {
        let kafkas = "#\nversion=1\ncluster.id=abc\nnode.id=1\ndirectory.id=xyz\n";
        assert_eq!(Identity::parse(kafkas), Err(IdentityFault::Kafkas));
        let newer = sample().text().replace("millstream.format=1", "millstream.format=2");
        assert_eq!(Identity::parse(&newer), Err(IdentityFault::Newer(2)));
        let nobody = sample().text().replace("node.id=1", "node.id=");
        assert_eq!(Identity::parse(&nobody), Err(IdentityFault::Malformed { key: "node.id" }));
        assert!(Identity::parse("").is_err());
        assert!(sample().check_node(BrokerId(2)).is_err());
    }

    #[test]
    fn a_uuid_that_would_begin_with_a_dash_is_drawn_again() {
        let mut draws = vec![5, 6, 0, 0xf800_0000_0000_0000];
        let id = random_uuid(|| draws.pop().expect("drawn twice"));
        assert!(!id.to_string().starts_with('-'));
        assert!(draws.is_empty());
    }
}
