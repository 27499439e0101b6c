//! How far a log is clean, in a small file beside it: `cleaned`.
//!
//! Text with a checksum. Derived like all small files: without it everything is dirty again, and
//! is cleaned again, which changes nothing. Never ahead of the log's files: it is written after
//! the exchange of segments that it speaks of.

use std::rc::Rc;

use millstream_engine::ids::Offset;
use millstream_wire::batch::crc32c;

use crate::storage::fault::StorageFault;
use crate::storage::files;
use crate::storage::partition::Inner;

pub const NOTE_NAME: &str = "cleaned";

/// Everything below `upto` was cleaned; something that was kept may go at `horizon_ms`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Note {
    upto: Offset,
    horizon_ms: Option<i64>,
}

impl Inner {
    /// Reads the note, once.
    pub async fn load_note(self: &Rc<Self>) {
        if self.cleaning.is_loaded.replace(true) {
            return;
        }
        let path = self.name.path.join(NOTE_NAME);
        let read = files::read_small(&self.shared.shard, &path).await;
        let Ok(Some(bytes)) = read else { return };
        let note = std::str::from_utf8(&bytes).ok().and_then(decode);
        // A log that was cut below it since has other records there now.
        let Some(note) = note.filter(|note| note.upto <= self.cleaning.opened_end) else {
            tracing::warn!(path = %path.display(), "not believed; all of the log is dirty");
            return;
        };
        self.cleaning.cleaned_upto.set(Some(note.upto));
        self.cleaning.horizon_ms.set(note.horizon_ms);
    }

    /// Remembers, durably, that all below `upto` is clean.
    pub async fn write_note(
        &self,
        upto: Offset,
        horizon_ms: Option<i64>,
    ) -> Result<(), StorageFault> {
        let _names = self.cleaning.naming.acquire(1).await;
        if self.is_closed() {
            return Err(StorageFault::Closed);
        }
        self.cleaning.cleaned_upto.set(Some(upto));
        self.cleaning.horizon_ms.set(horizon_ms);
        let text = encode(&Note { upto, horizon_ms });
        let path = self.name.path.join(NOTE_NAME);
        files::replace(&self.shared.shard, &path, text.into_bytes()).await
    }
}

fn encode(note: &Note) -> String {
    let horizon_ms = note.horizon_ms.unwrap_or(-1);
    let text = format!("version: 0\nupto: {}\nhorizon_ms: {horizon_ms}\n", note.upto);
    let crc = crc32c(text.as_bytes());
    format!("{text}crc32c: {crc:08x}\n")
}

/// `None`: not of version 0, or damaged.
fn decode(text: &str) -> Option<Note> {
    let (body, crc) = text.split_once("crc32c: ")?;
    let stored = u32::from_str_radix(crc.trim_end(), 16).ok()?;
    let body =
        body.strip_prefix("version: 0\nupto: ").filter(|_| crc32c(body.as_bytes()) == stored)?;
    let (upto, horizon) = body.trim_end().split_once("\nhorizon_ms: ")?;
    let horizon: i64 = horizon.parse().ok()?;
    let upto = Offset(upto.parse().ok().filter(|upto| *upto >= 0)?);
    Some(Note { upto, horizon_ms: (horizon >= 0).then_some(horizon) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_note_reads_back_and_a_flipped_bit_is_seen() {
        for horizon_ms in [None, Some(1_700_000_000_000)] {
            let note = Note { upto: Offset(123), horizon_ms };
            let text = encode(&note);
            assert_eq!(decode(&text), Some(note));
            for bit in 0..text.len() * 8 {
                let mut bytes = text.clone().into_bytes();
                bytes[bit / 8] ^= 1 << (bit % 8);
                let read = std::str::from_utf8(&bytes).ok().and_then(decode);
                assert!(read.is_none_or(|read| read == note), "bit {bit}");
            }
        }
    }
}
