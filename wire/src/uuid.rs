//! Kafka's 16-byte identifiers: topics, directories, incarnations.
//!
//! Written as URL-safe base64 without padding, 22 characters. All zeros means "none" on the wire.

use std::fmt;
use std::str::FromStr;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
const TEXT_LEN: usize = 22;

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Uuid(pub [u8; 16]);

impl Uuid {
    /// "No id" in every message that has a uuid.
    pub const ZERO: Uuid = Uuid([0; 16]);
    /// The id of the metadata log's own topic.
    pub const METADATA_TOPIC: Uuid = Uuid::from_u128(1);

    pub const fn from_u128(value: u128) -> Self {
        Uuid(value.to_be_bytes())
    }

    pub const fn as_u128(self) -> u128 {
        u128::from_be_bytes(self.0)
    }

    pub const fn is_zero(self) -> bool {
        self.as_u128() == 0
    }
}

impl fmt::Display for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bits = self.as_u128();
        let mut text = [0u8; TEXT_LEN];
        for (i, out) in text.iter_mut().enumerate() {
            // Six bits a character from the top; the last one carries two and four zero bits.
            let top = 122 - 6 * i as i32;
            let six = if top >= 0 { bits >> top } else { bits << -top };
            *out = ALPHABET[(six & 0x3f) as usize];
        }
        f.pad(std::str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for Uuid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Text that is not 22 characters of URL-safe base64.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UuidFault;

impl fmt::Display for UuidFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an id is 22 characters of URL-safe base64")
    }
}

impl std::error::Error for UuidFault {}

impl FromStr for Uuid {
    type Err = UuidFault;

    fn from_str(text: &str) -> Result<Self, UuidFault> {
        if text.len() != TEXT_LEN {
            return Err(UuidFault);
        }
        let mut bits = 0u128;
        for (i, byte) in text.bytes().enumerate() {
            let six = ALPHABET.iter().position(|&c| c == byte).ok_or(UuidFault)? as u128;
            let last = i == TEXT_LEN - 1;
            if last && six & 0xf != 0 {
                return Err(UuidFault);
            }
            bits = if last { bits << 2 | six >> 4 } else { bits << 6 | six };
        }
        Ok(Uuid::from_u128(bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_form_is_url_safe_base64_without_padding() {
        for (bits, text) in [
            (0, "AAAAAAAAAAAAAAAAAAAAAA"),
            (1, "AAAAAAAAAAAAAAAAAAAAAQ"),
            (u128::MAX, "_____________________w"),
            (0x00112233_44556677_8899aabb_ccddeeff, "ABEiM0RVZneImaq7zN3u_w"),
        ] {
            let id = Uuid::from_u128(bits);
            assert_eq!(id.to_string(), text);
            assert_eq!(text.parse(), Ok(id));
        }
    }

    #[test]
    fn text_of_another_length_or_alphabet_is_refused() {
        for text in [
            "",
            "AAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAAAA",
            "AAAAAAAAAAAAAAAAAAAAA+",
            "AAAAAAAAAAAAAAAAAAAAAB",
            "ééééééééééé",
        ] {
            assert_eq!(text.parse::<Uuid>(), Err(UuidFault), "{text}");
        }
    }
}
