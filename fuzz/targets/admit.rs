//! A client's records under rules that the first byte draws: refused with a fault, or admitted
//! within the memory that was asked for, and then sound.
//!
//! `scripts/fuzz SECONDS admit`.

#![no_main]

use bytes::Bytes;
use libfuzzer_sys::fuzz_target;
use millstream_engine::config::{CleanupPolicy, TopicConfig};
use millstream_engine::now::Now;
use millstream_engine::validate::{
    Admitted, Memory, NotAdmitted, Origin, Rules, ValidBatches, Wants, admit,
};
use millstream_fuzz::reseal_batches;
use millstream_wire::compress::{Codec, Packing};

/// What one admission may ask for in all; a bomb must stay below it.
const MEMORY_BYTES_MAX: usize = 256 << 20;

fuzz_target!(|bytes: &[u8]| {
    let Some((&drawn, rest)) = bytes.split_first() else { return };
    let mut records = rest.to_vec();
    reseal_batches(&mut records);
    let records = Bytes::from(records);
    let config = config(drawn);
    let rules = Rules {
        origin: Origin::Client { produce_version: i16::from(drawn & 15) },
        config: &config,
        now: Now { wall_ms: 1_700_000_000_000, mono_ns: 1 },
    };
    let Some(batches) = admitted(&records, &rules) else { return };
    for batch in batches.batches() {
        assert!(batch.offsets > 0);
        assert!(batch.start + batch.len <= batches.bytes().len());
    }
});

fn config(drawn: u8) -> TopicConfig {
    let codec = match drawn >> 4 & 7 {
        0 => Some(Codec::None),
        1 => Some(Codec::Gzip),
        2 => Some(Codec::Snappy),
        3 => Some(Codec::Lz4),
        4 => Some(Codec::Zstd),
        _ => None,
    };
    TopicConfig {
        compression: codec.map(|codec| Packing { codec, level: None }),
        cleanup_policy: CleanupPolicy { compact: drawn >> 7 == 1, delete: true },
        ..TopicConfig::default()
    }
}

fn admitted(records: &Bytes, rules: &Rules<'_>) -> Option<ValidBatches> {
    let mut wants = Wants::first(records, rules);
    loop {
        assert!(wants.total() <= MEMORY_BYTES_MAX, "{wants:?} for {} bytes", records.len());
        let (mut plain, mut packed) = (vec![0; wants.plain], vec![0; wants.packed]);
        match admit(records, rules, Memory { plain: &mut plain, packed: &mut packed }) {
            Ok(Admitted::AsSent(batches)) => return Some(batches),
            Ok(Admitted::Repacked(repacked)) => {
                packed.truncate(repacked.len());
                return Some(repacked.with(packed.into()));
            }
            Err(NotAdmitted::Fault(_)) => return None,
            Err(NotAdmitted::Memory(more)) => {
                assert!(more.plain > wants.plain || more.packed > wants.packed, "it makes way");
                wants = more;
            }
        }
    }
}
