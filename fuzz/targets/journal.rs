//! A journal file: its header, then the walk over its commits in windows, as replay does it.
//!
//! The first byte draws the window and whether commits' checksums are made right.
//! `scripts/fuzz SECONDS journal`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use millstream_engine::ids::{LeaderEpoch, Offset};
use millstream_engine::journal::{FileHeader, Walk, WalkStep, join};
use millstream_engine::limits::BLOCK_BYTES;
use millstream_wire::batch::crc32c;

/// From here on a commit's checksum covers it.
const COVERED_FROM: usize = 8;

fuzz_target!(|bytes: &[u8]| {
    let Some((&drawn, rest)) = bytes.split_first() else { return };
    let mut file = rest.to_vec();
    if drawn & 1 == 1 {
        reseal(&mut file);
    }
    let header = FileHeader::decode(&file);
    let mut walk = Walk::default();
    walk.begin_file(header.map_or(0, |header| header.void_upto));
    let mut at = (BLOCK_BYTES as usize).min(file.len());
    let mut window = if drawn & 2 == 2 { BLOCK_BYTES as usize } else { file.len() };
    loop {
        let upto = at.saturating_add(window).min(file.len());
        match walk.step(&file[at..upto], upto == file.len()) {
            WalkStep::End => break,
            WalkStep::Need(bytes) => {
                assert!(upto < file.len(), "it asks for what is behind the end");
                assert!(bytes > window, "it makes way");
                window = bytes;
            }
            WalkStep::Skip(bytes) => at = at.saturating_add(bytes as usize).min(file.len()),
            WalkStep::Commit(commit) => {
                let sequence = commit.header.sequence;
                for entry in commit.entries() {
                    assert_eq!(entry.batches.len(), entry.header.bytes as usize);
                    let end = (Offset(i64::from(drawn)), Some(LeaderEpoch(1)));
                    let missing = walk.missing_before(sequence);
                    let _ = join((&entry.header, LeaderEpoch(i32::from(drawn & 3))), end, missing);
                }
                at = at.saturating_add(commit.header.padded_bytes() as usize).min(file.len());
            }
        }
    }
    let _ = (walk.hole_count(), walk.lost_commits());
});

/// Makes the checksums of commits right where their lengths lead.
fn reseal(file: &mut [u8]) {
    let mut at = BLOCK_BYTES as usize;
    while let Some(commit) = file.get_mut(at..).filter(|rest| rest.len() > 16) {
        let len = u32::from_be_bytes([commit[12], commit[13], commit[14], commit[15]]) as usize;
        if (COVERED_FROM..=commit.len()).contains(&len) {
            let crc = crc32c(&commit[COVERED_FROM..len]);
            commit[4..8].copy_from_slice(&crc.to_be_bytes());
        }
        at += len.clamp(1, 1 << 30).next_multiple_of(BLOCK_BYTES as usize);
    }
}
