//! What recovery does with what it finds at the end of a segment's sound bytes: a table.
//!
//! A test walks the whole input space and finds exactly one row for each state. Truncating is
//! for bytes that nobody was promised: the end of the log, as far as one commit reaches. What
//! stands before a sound batch that a later commit wrote was promised, because commits go in
//! order; so was everything in a sealed segment. Damage there is an alarm and never a shorter
//! log: its range is quarantined and the log goes on behind it.

/// Where the scan is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Known to be complete: a checkpoint names a later active segment.
    Sealed,
    /// Not known to be complete, and later segments exist.
    Middle,
    /// The last segment of the log.
    Last,
}

/// What stands further behind in the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Behind {
    /// No sound batch, or only such as the commit that is missing here may have written too.
    Unpromised,
    /// A sound batch of a later commit: what should be here was promised.
    Promised,
}

/// What is at the scan's position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Finding {
    /// A batch with a right CRC that follows its predecessor.
    Sound,
    /// The file ends here.
    End,
    /// Preallocated space.
    Zeros,
    /// A batch that the file's end cuts short.
    Torn,
    /// No batch header.
    Malformed,
    /// A batch whose CRC is wrong.
    BadCrc,
    /// A batch whose offset or epoch, which no CRC covers, contradicts its neighbours.
    Misnumbered,
    /// A sound batch that is not the one which was written there: another partition's.
    Misdirected,
    /// A sound batch with offsets that come later than expected.
    OffsetGap,
    /// A sound batch with offsets that the log already has.
    OffsetBehind,
    /// A sound batch of an older leader epoch than its predecessor.
    EpochBack,
}

impl Place {
    pub const ALL: [Place; 3] = [Place::Sealed, Place::Middle, Place::Last];
}

impl Behind {
    pub const ALL: [Behind; 2] = [Behind::Unpromised, Behind::Promised];
}

impl Finding {
    pub const ALL: [Finding; 11] = [
        Finding::Sound,
        Finding::End,
        Finding::Zeros,
        Finding::Torn,
        Finding::Malformed,
        Finding::BadCrc,
        Finding::Misnumbered,
        Finding::Misdirected,
        Finding::OffsetGap,
        Finding::OffsetBehind,
        Finding::EpochBack,
    ];

    /// One word for people and for notes in files.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Finding::Sound => "sound",
            Finding::End => "end",
            Finding::Zeros => "zeros",
            Finding::Torn => "torn",
            Finding::Malformed => "malformed",
            Finding::BadCrc => "bad-crc",
            Finding::Misnumbered => "misnumbered",
            Finding::Misdirected => "misdirected",
            Finding::OffsetGap => "offset-gap",
            Finding::OffsetBehind => "offset-behind",
            Finding::EpochBack => "epoch-back",
        }
    }
}

/// What to do about it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Take the batch in and go on.
    Accept,
    /// The segment is complete; what follows in the file is not part of it.
    Complete,
    /// The log ends here; later segments are set aside.
    Truncate,
    /// Damage where records were promised: keep what is sound on both sides of it, serve
    /// that, raise the alarm.
    Quarantine,
}

/// One row: matches when all its columns do; `None` is "any".
#[derive(Clone, Copy, Debug)]
pub struct RecoveryRow {
    pub places: &'static [Place],
    /// The scan has reached the base offset of the next segment.
    pub reached_next: Option<bool>,
    pub behind: Option<Behind>,
    pub findings: &'static [Finding],
    pub verdict: Verdict,
    pub why: &'static str,
}

const UNSOUND: &[Finding] = &[
    Finding::End,
    Finding::Zeros,
    Finding::Torn,
    Finding::Malformed,
    Finding::BadCrc,
    Finding::Misnumbered,
    Finding::Misdirected,
    Finding::OffsetBehind,
    Finding::EpochBack,
];

/// Segments that may still be written to, as far as recovery knows.
const UNSEALED: &[Place] = &[Place::Middle, Place::Last];

/// The table. `Last` never has a next segment, so it never reaches one.
pub const RECOVERY_ROWS: &[RecoveryRow] = &[
    RecoveryRow {
        places: &Place::ALL,
        reached_next: Some(true),
        behind: None,
        findings: &Finding::ALL,
        verdict: Verdict::Complete,
        why: "the next segment has the offsets that follow, whatever stands here",
    },
    RecoveryRow {
        places: &Place::ALL,
        reached_next: Some(false),
        behind: None,
        findings: &[Finding::Sound],
        verdict: Verdict::Accept,
        why: "a batch that belongs here",
    },
    RecoveryRow {
        places: &[Place::Sealed],
        reached_next: Some(false),
        behind: None,
        findings: &[Finding::OffsetGap],
        verdict: Verdict::Accept,
        why: "compaction leaves gaps",
    },
    RecoveryRow {
        places: &[Place::Sealed],
        reached_next: Some(false),
        behind: None,
        findings: UNSOUND,
        verdict: Verdict::Quarantine,
        why: "promised records are damaged or missing",
    },
    RecoveryRow {
        places: UNSEALED,
        reached_next: Some(false),
        behind: Some(Behind::Promised),
        findings: &[Finding::OffsetGap],
        verdict: Verdict::Accept,
        why: "compaction leaves gaps, and the checkpoint that said so is gone",
    },
    RecoveryRow {
        places: UNSEALED,
        reached_next: Some(false),
        behind: Some(Behind::Promised),
        findings: UNSOUND,
        verdict: Verdict::Quarantine,
        why: "commits go in order: what stands before a later one was promised",
    },
    RecoveryRow {
        places: UNSEALED,
        reached_next: Some(false),
        behind: Some(Behind::Unpromised),
        findings: &[Finding::OffsetGap],
        verdict: Verdict::Truncate,
        why: "an append never leaves a gap: stale bytes",
    },
    RecoveryRow {
        places: UNSEALED,
        reached_next: Some(false),
        behind: Some(Behind::Unpromised),
        findings: UNSOUND,
        verdict: Verdict::Truncate,
        why: "the end of the log, torn or clean",
    },
];

/// What the table is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecoveryCase {
    pub place: Place,
    pub reached_next: bool,
    pub finding: Finding,
}

/// The verdict of the one row that matches.
#[must_use]
pub fn verdict(case: RecoveryCase, behind: Behind) -> Verdict {
    let mut matching = RECOVERY_ROWS.iter().filter(|row| row.matches(case, behind));
    matching.next().expect("a test walks all states and finds one row").verdict
}

impl RecoveryCase {
    /// The verdict, when it is the same whatever stands behind.
    #[must_use]
    pub fn plain_verdict(self) -> Option<Verdict> {
        let first = verdict(self, Behind::Unpromised);
        (first == verdict(self, Behind::Promised)).then_some(first)
    }
}

impl RecoveryRow {
    #[must_use]
    pub fn matches(&self, case: RecoveryCase, behind: Behind) -> bool {
        self.places.contains(&case.place)
            && self.reached_next.is_none_or(|only| only == case.reached_next)
            && self.behind.is_none_or(|only| only == behind)
            && self.findings.contains(&case.finding)
    }
}
