//! The record batch that a run sends over and over. Its bytes never change: the base offset is the
//! broker's to write, and no producer id is given, so that the client's cost is the socket alone.
//! Pure. Uncompressed payloads are noise; compressed ones are words, or a codec would have
//! nothing to do.

use millstream_wire::batch::BatchBuilder;
use millstream_wire::compress;

use crate::fault::Fault;
use crate::load::Codec;

/// Sent records carry this many bytes around their value at most (varints, null key, no headers).
const RECORD_OVERHEAD_MAX: usize = 32;

#[derive(Clone, Debug)]
pub struct Batch {
    bytes: Vec<u8>,
    records: u32,
}

#[derive(Clone, Copy, Debug)]
pub struct BatchSpec {
    pub record_bytes: usize,
    /// Uncompressed size to fill up to; a batch holds at least one record.
    pub batch_bytes: usize,
    /// If given, exactly this many records, whatever their size.
    pub records: Option<u32>,
    pub codec: Codec,
    pub timestamp_ms: i64,
}

impl Batch {
    pub fn build(spec: &BatchSpec) -> Result<Batch, Fault> {
        let mut values = Values::new(spec);
        let mut builder = BatchBuilder::new(wire_codec(spec.codec));
        loop {
            builder.append(spec.timestamp_ms, None, Some(values.next()), &[]);
            let count = builder.count() as u32;
            let next = builder.uncompressed_len() + spec.record_bytes + RECORD_OVERHEAD_MAX;
            match spec.records {
                Some(records) if count >= records => break,
                None if next > spec.batch_bytes => break,
                _ => {}
            }
        }
        let records = builder.count() as u32;
        let bytes = builder.build().map_err(|e| Fault::Usage(format!("build a batch: {e:?}")))?;
        Ok(Batch { bytes: bytes.to_vec(), records })
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    pub fn records(&self) -> u32 {
        self.records
    }
}

/// Where a batch of one record carries its value, so that it can be stamped in place.
pub fn value_at(batch: &[u8], value: &[u8]) -> Option<usize> {
    batch.windows(value.len()).position(|window| window == value)
}

fn wire_codec(codec: Codec) -> compress::Codec {
    match codec {
        Codec::None => compress::Codec::None,
        Codec::Gzip => compress::Codec::Gzip,
        Codec::Snappy => compress::Codec::Snappy,
        Codec::Lz4 => compress::Codec::Lz4,
        Codec::Zstd => compress::Codec::Zstd,
    }
}

/// Record values, the same for the same spec.
struct Values {
    state: u64,
    value: Vec<u8>,
    codec: Codec,
}

const WORDS: [&str; 16] = [
    "river ", "mill ", "stone ", "wheel ", "grain ", "water ", "flow ", "turn ", "shaft ", "gear ",
    "sluice ", "race ", "weir ", "pond ", "flour ", "sack ",
];

impl Values {
    fn new(spec: &BatchSpec) -> Values {
        let value = vec![0; spec.record_bytes];
        Values { state: 0x9E37_79B9_7F4A_7C15, value, codec: spec.codec }
    }

    fn next(&mut self) -> &[u8] {
        match self.codec {
            Codec::None => self.fill_noise(),
            _ => self.fill_words(),
        }
        &self.value
    }

    fn random(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn fill_noise(&mut self) {
        let mut value = std::mem::take(&mut self.value);
        for chunk in value.chunks_mut(8) {
            let noise = self.random().to_le_bytes();
            chunk.copy_from_slice(&noise[..chunk.len()]);
        }
        self.value = value;
    }

    fn fill_words(&mut self) {
        let mut value = std::mem::take(&mut self.value);
        let mut at = 0;
        while at < value.len() {
            let word = WORDS[(self.random() >> 32) as usize % WORDS.len()].as_bytes();
            let n = word.len().min(value.len() - at);
            value[at..at + n].copy_from_slice(&word[..n]);
            at += n;
        }
        self.value = value;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use millstream_wire::batch::BatchView;

    fn spec(codec: Codec) -> BatchSpec {
        BatchSpec {
            record_bytes: 100,
            batch_bytes: 64 << 10,
            records: None,
            codec,
            timestamp_ms: 1_700_000_000_000,
        }
    }

    #[test]
    fn a_batch_is_filled_up_to_its_size_and_not_past_it() {
        let batch = Batch::build(&spec(Codec::None)).expect("builds");
        assert!(batch.bytes().len() <= 64 << 10);
        assert!(batch.bytes().len() > (64 << 10) - 200);
        assert!((590..=620).contains(&batch.records()), "{}", batch.records());
    }

    #[test]
    fn a_batch_of_one_record_holds_one_record() {
        let one = BatchSpec { records: Some(1), ..spec(Codec::None) };
        let batch = Batch::build(&one).expect("builds");
        assert_eq!(batch.records(), 1);
        assert!(batch.bytes().len() < 200);
    }

    #[test]
    fn every_codec_gives_a_valid_batch_and_words_compress() {
        let plain = Batch::build(&spec(Codec::None)).expect("builds");
        for codec in [Codec::None, Codec::Gzip, Codec::Snappy, Codec::Lz4, Codec::Zstd] {
            let batch = Batch::build(&spec(codec)).expect("builds");
            let view = BatchView::parse(batch.bytes()).expect("parses");
            assert!(view.crc_valid());
            assert_eq!(view.record_count() as u32, batch.records());
            let smaller = batch.bytes().len() < plain.bytes().len() * 3 / 4;
            assert_eq!(smaller, codec != Codec::None, "{codec:?}");
        }
    }
}
