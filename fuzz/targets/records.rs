//! Records of the internal logs: those of `__consumer_offsets` (key, then value) and those of
//! the metadata log; and that log as a file.
//!
//! `scripts/fuzz SECONDS records`.

#![no_main]

use libfuzzer_sys::fuzz_target;
use millstream::fuzzing::metadata_log;
use millstream_engine::group::Record;
use millstream_engine::meta::MetaRecord;
use millstream_wire::batch::crc32c;

fuzz_target!(|bytes: &[u8]| {
    let Some((&drawn, rest)) = bytes.split_first() else { return };
    match drawn {
        0..64 => {
            let Ok(record) = MetaRecord::decode(rest) else { return };
            assert_eq!(MetaRecord::decode(&record.encode()), Ok(record));
        }
        64..192 => {
            let key_len = usize::from(drawn - 64).min(rest.len());
            let (key, value) = rest.split_at(key_len);
            let Ok(record) = Record::decode(key, (!value.is_empty()).then_some(value)) else {
                return;
            };
            let Some((key, value)) = record.encode() else { return };
            let again = Record::decode(&key, value.as_deref()).expect("what was written is read");
            assert_eq!(again, record);
        }
        _ => {
            let mut file = rest.to_vec();
            reseal(&mut file);
            let _ = metadata_log(&file);
        }
    }
});

/// Makes the checksums of the metadata log's entries right where their lengths lead.
fn reseal(file: &mut [u8]) {
    let mut at = 12;
    while let Some(entry) = file.get_mut(at..).filter(|rest| rest.len() >= 8) {
        let len = u32::from_be_bytes([entry[0], entry[1], entry[2], entry[3]]) as usize;
        let Some(body) = entry.get(8..8 + len) else { return };
        let crc = crc32c(body);
        entry[4..8].copy_from_slice(&crc.to_be_bytes());
        at += 8 + len;
    }
}
