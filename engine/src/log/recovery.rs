//! What recovery does with what it finds at the end of a segment's sound bytes: a table.
//!
//! A test walks the whole input space and finds exactly one row for each state. Truncating is
//! for bytes that nobody was promised: in the last segment, or in one whose successor cannot
//! have been promised either because commits go in order. In a sealed segment every record
//! was promised once, so damage there is an alarm and never a shorter log.

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

impl Finding {
    pub const ALL: [Finding; 9] = [
        Finding::Sound,
        Finding::End,
        Finding::Zeros,
        Finding::Torn,
        Finding::Malformed,
        Finding::BadCrc,
        Finding::OffsetGap,
        Finding::OffsetBehind,
        Finding::EpochBack,
    ];
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
    /// Damage where records were promised: keep what is sound, serve it, raise the alarm.
    Quarantine,
}

/// One row: matches when all its columns do; `None` is "any".
#[derive(Clone, Copy, Debug)]
pub struct RecoveryRow {
    pub place: Option<Place>,
    /// The scan has reached the base offset of the next segment.
    pub reached_next: Option<bool>,
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
    Finding::OffsetBehind,
    Finding::EpochBack,
];

const fn row(
    place: Option<Place>,
    reached_next: Option<bool>,
    findings: &'static [Finding],
    verdict: Verdict,
    why: &'static str,
) -> RecoveryRow {
    RecoveryRow { place, reached_next, findings, verdict, why }
}

/// The table. `Last` never has a next segment, so it never reaches one.
pub const RECOVERY_ROWS: &[RecoveryRow] = &[
    row(
        None,
        Some(true),
        &Finding::ALL,
        Verdict::Complete,
        "the next segment has the offsets that follow, whatever stands here",
    ),
    row(None, Some(false), &[Finding::Sound], Verdict::Accept, "a batch that belongs here"),
    row(
        Some(Place::Sealed),
        Some(false),
        &[Finding::OffsetGap],
        Verdict::Accept,
        "compaction leaves gaps",
    ),
    row(
        Some(Place::Sealed),
        Some(false),
        UNSOUND,
        Verdict::Quarantine,
        "promised records are damaged or missing",
    ),
    row(
        Some(Place::Middle),
        Some(false),
        UNSOUND,
        Verdict::Truncate,
        "commits go in order: nothing after this was promised",
    ),
    row(
        Some(Place::Middle),
        Some(false),
        &[Finding::OffsetGap],
        Verdict::Truncate,
        "an append never leaves a gap: stale bytes",
    ),
    row(
        Some(Place::Last),
        Some(false),
        UNSOUND,
        Verdict::Truncate,
        "the end of the log, torn or clean",
    ),
    row(
        Some(Place::Last),
        Some(false),
        &[Finding::OffsetGap],
        Verdict::Truncate,
        "an append never leaves a gap: stale bytes",
    ),
];

/// The verdict of the one row that matches.
#[must_use]
pub fn verdict(place: Place, reached_next: bool, finding: Finding) -> Verdict {
    let mut matching = RECOVERY_ROWS.iter().filter(|row| row.matches(place, reached_next, finding));
    matching.next().expect("a test walks all states and finds one row").verdict
}

impl RecoveryRow {
    #[must_use]
    pub fn matches(&self, place: Place, reached_next: bool, finding: Finding) -> bool {
        self.place.is_none_or(|only| only == place)
            && self.reached_next.is_none_or(|only| only == reached_next)
            && self.findings.contains(&finding)
    }
}
