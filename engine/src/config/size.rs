//! Numbers of bytes as people write them: `536870912`, `512MiB`, `1 GiB`, `64k`.
//!
//! Units are powers of 1024, whichever of `k`, `kb` or `KiB` is written: a memory budget
//! that is 5 % off because of a unit's spelling surprises everyone. Pure.

const UNITS: [(&str, u32); 4] = [("k", 10), ("m", 20), ("g", 30), ("t", 40)];

/// Reads a number of bytes; `None` when it is no number, has an unknown unit or overflows.
#[must_use]
pub fn parse_bytes(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: i64 = text[..digits].parse().ok()?;
    let unit = text[digits..].trim().to_ascii_lowercase();
    number.checked_mul(1i64 << shift_of(&unit)?)
}

fn shift_of(unit: &str) -> Option<u32> {
    if unit.is_empty() || unit == "b" {
        return Some(0);
    }
    UNITS.iter().find_map(|(letter, shift)| {
        let rest = unit.strip_prefix(letter)?;
        matches!(rest, "" | "b" | "ib").then_some(*shift)
    })
}

/// Writes a number of bytes for people, exactly: `512 MiB`, or the plain number.
#[must_use]
pub fn show_bytes(bytes: u64) -> String {
    let named = [("TiB", 40), ("GiB", 30), ("MiB", 20), ("KiB", 10)];
    named
        .iter()
        .find(|(_, shift)| bytes >> shift > 0 && bytes.trailing_zeros() >= *shift)
        .map_or_else(|| bytes.to_string(), |(name, shift)| format!("{} {name}", bytes >> shift))
}
