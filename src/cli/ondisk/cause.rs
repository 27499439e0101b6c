//! Every cause of damage, as one table: how grave, what the broker does, what a person can do.
//!
//! `verify` and `dump` name causes by their codes, which scripts may rely on. The table's
//! sentences are what recovery (`engine::log::recovery`, `storage::recover`) and the
//! controller's start do. `docs/log-format.md` lists the codes; a test compares.

/// Whether something was lost or only left lying.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Normal after a crash, or somebody else's file.
    Note,
    /// Bytes are not what was written, or files contradict each other.
    Damage,
}

impl Severity {
    pub fn name(self) -> &'static str {
        match self {
            Severity::Note => "note",
            Severity::Damage => "damage",
        }
    }
}

/// One row of the table.
struct Row {
    cause: Cause,
    code: &'static str,
    severity: Severity,
    broker: &'static str,
    person: &'static str,
}

macro_rules! causes {
    ($($cause:ident, $code:literal, $severity:ident, $broker:literal, $person:literal;)*) => {
        /// What is wrong.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Cause { $($cause),* }

        impl Cause {
            #[cfg(test)]
            pub const ALL: &'static [Cause] = &[$(Cause::$cause),*];
        }

        const ROWS: &[Row] = &[$(Row {
            cause: Cause::$cause,
            code: $code,
            severity: Severity::$severity,
            broker: $broker,
            person: $person,
        }),*];
    };
}

causes! {
    BadCrc, "bad-crc", Damage,
        "quarantines these bytes, serves the rest; what was promised to nobody it cuts off",
        "restore the segment from a copy, or accept the loss of these offsets";
    Malformed, "malformed", Damage,
        "quarantines these bytes, serves the rest; what was promised to nobody it cuts off",
        "restore the segment from a copy, or accept the loss of these offsets";
    Misdirected, "misdirected", Damage,
        "quarantines these bytes up to the next batch that it knows, serves the rest",
        "restore the segment from a copy, or accept the loss of these offsets";
    Hole, "hole", Damage,
        "quarantines these bytes, serves the rest; what was promised to nobody it cuts off",
        "restore the segment from a copy, or accept the loss of these offsets";
    Short, "short", Damage,
        "serves what is there; readers pass over the missing offsets",
        "restore the segment from a copy, or accept the loss of these offsets";
    Records, "records", Damage,
        "serves the batch: its checksum is right; consumers will refuse it",
        "skip the batch with `millstream group reset-offsets`, and ask who produced it";
    OffsetBehind, "offset-behind", Damage,
        "quarantines these bytes, serves the rest; what was promised to nobody it cuts off",
        "two copies of a directory may be mixed here: restore the partition from one of them";
    OffsetGap, "offset-gap", Damage,
        "serves what is there, as after compaction; at the log's end: cuts here",
        "accept the loss, or restore the partition from a copy";
    EpochBack, "epoch-back", Damage,
        "quarantines these bytes, serves the rest; what was promised to nobody it cuts off",
        "two copies of a directory may be mixed here: restore the partition from one of them";
    SegmentGap, "segment-gap", Damage,
        "renames this segment and all after it to *.set-aside and serves what is before",
        "put the missing segment back from a copy and take .set-aside off the others' names";
    SegmentOverlap, "segment-overlap", Damage,
        "ends the earlier segment where this one begins",
        "compare both with `millstream dump`; restore the partition from a copy if they differ";
    UnfinishedTail, "unfinished-tail", Note,
        "cuts it off at the next start: nobody was told of these bytes",
        "nothing";
    Preallocated, "preallocated", Note,
        "cuts it off at the next start or when the segment is sealed",
        "nothing";
    IndexDamaged, "index-damaged", Damage,
        "does not believe it and makes a new one from the segment",
        "nothing; delete the file to silence this before the broker does";
    IndexDisagrees, "index-disagrees", Damage,
        "readers look at the batches themselves, so nothing wrong is served; it may be slow",
        "delete the .index file while the broker is stopped: a new one is made";
    IndexMissing, "index-missing", Note,
        "makes it from the segment when somebody reads there",
        "nothing";
    IndexOrphan, "index-orphan", Note,
        "leaves it alone",
        "delete it once the segment is known to be gone for good";
    CheckpointDamaged, "checkpoint-damaged", Damage,
        "does not believe it and scans all segments; records deleted by DeleteRecords reappear",
        "start the broker: it writes a new one";
    CheckpointAhead, "checkpoint-ahead", Damage,
        "scans the segment from its beginning and serves what is there",
        "the end of the log is lost or the copy is incomplete: restore the partition";
    CheckpointDisagrees, "checkpoint-disagrees", Damage,
        "scans what it cannot believe",
        "two copies of a directory may be mixed here: restore the partition from one of them";
    CheckpointMissing, "checkpoint-missing", Note,
        "scans all segments, which takes longer",
        "nothing";
    PartitionMetadata, "partition-metadata", Damage,
        "refuses to open the partition",
        "write the file again: `version: 0` and `topic_id: ` with the id of the metadata log";
    ForeignTopic, "foreign-topic", Damage,
        "refuses to open the partition: the directory is of a deleted topic of that name",
        "move the directory away, or restore the one that belongs here";
    PartitionMissing, "partition-missing", Damage,
        "keeps the partition offline if it was there at the last start, or if the journal has \
         records of it; else makes an empty directory, and it begins again at offset 0",
        "restore the directory first; if its topic was just being made, nothing is lost";
    PartitionUnknown, "partition-unknown", Damage,
        "leaves the directory alone and serves nothing of it",
        "move it away if its topic was deleted; else restore the metadata log";
    Identity, "identity", Damage,
        "refuses to start",
        "restore meta.properties from a copy, or take another directory";
    MetaLog, "metadata-log", Damage,
        "refuses to start",
        "restore __cluster_metadata from a copy";
    MetaLogTail, "metadata-log-tail", Note,
        "cuts it off at the next start: the command was not acknowledged",
        "nothing";
    OtherCluster, "other-cluster", Damage,
        "refuses to start",
        "meta.properties and __cluster_metadata are of two copies: restore both from one";
    JournalForeign, "journal-foreign", Damage,
        "refuses to start: the file may be another program's or a newer one's",
        "see what it is (`file`, `xxd | head`); move it away or start the newer program";
    JournalHeader, "journal-header", Damage,
        "says so and replays the whole file; what the logs have already is passed over",
        "nothing more; the device has changed bytes: look at dmesg";
    JournalCommit, "journal-commit", Damage,
        "passes over it; if it was acknowledged, says so and the records are lost",
        "verify decides: see journal-lost";
    JournalLost, "journal-lost", Damage,
        "says so and replays all other commits; the records of these are lost",
        "restore the partitions from a copy, or accept the loss";
    JournalGap, "journal-gap", Damage,
        "says so; steps over the missing offsets where a commit that was acknowledged is missing, \
         else leaves these records out",
        "the segment files lack offsets that were in them: restore the partition from a copy first";
    JournalMissing, "journal-missing", Damage,
        "refuses to start and names the file: it may hold the only copy of records",
        "put it back; if it is lost for good, take its line out of the manifest";
    JournalUnreplayed, "journal-unreplayed", Note,
        "brings these commits into segment files at the next start",
        "nothing; do not delete the journal directory";
    Unreadable, "unreadable", Damage,
        "takes the partition offline, or refuses to start",
        "see whose file it is (ls -l) and what the kernel says of the device (dmesg)";
    SetAside, "set-aside", Note,
        "never reads it and never deletes it",
        "look into it with `millstream dump`; delete it when nothing in it is missed";
    Quarantined, "quarantined", Note,
        "knows these ranges and keeps readers from them",
        "restore the segments from a copy, then delete the file; or accept the loss";
    Leftover, "leftover", Note,
        "removes it at the next start, or when its delay is over",
        "nothing";
    QuarantineDamaged, "quarantine-damaged", Damage,
        "does not believe it; the next scan or reader finds the damage again",
        "nothing; delete the file while the broker is stopped to silence this";
    UnfinishedSwap, "unfinished-swap", Note,
        "goes on with the exchange at the next start: the compacted segment takes its place",
        "nothing; do not delete it: it may be all that is left of these offsets";
    Unfinished, "unfinished", Note,
        "never reads it; writes over it when it makes that file again",
        "delete it while the broker is stopped, or leave it";
    Kafkas, "kafka-file", Note,
        "leaves it alone",
        "delete it, or take another directory: Kafka's and ours are not to be mixed";
    Foreign, "foreign", Note,
        "leaves it alone",
        "move it away if it is not yours";
}

impl Cause {
    fn row(self) -> &'static Row {
        let found = ROWS.iter().find(|row| row.cause == self);
        found.expect("the macro makes the rows and the causes from one list")
    }

    /// A word for scripts; does not change between versions.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.row().code
    }

    #[must_use]
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// What the broker does about it.
    #[must_use]
    pub fn broker(self) -> &'static str {
        self.row().broker
    }

    /// What a person can do about it.
    #[must_use]
    pub fn person(self) -> &'static str {
        self.row().person
    }
}
