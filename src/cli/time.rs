//! Points in time as people type them, as milliseconds since 1970, and back.
//!
//! `2026-11-21`, `2026-11-21T09:30`, `…:15.250`, with `Z` or `+02:00`; without a zone it is
//! UTC, so that a command means the same on every host. Also `-15m` for a quarter of an
//! hour ago, and `@1763717415250` for milliseconds. Pure but for `now_ms`.

use std::time::SystemTime;

const DAY_MS: i64 = 86_400_000;
const YEARS: std::ops::RangeInclusive<i64> = 1970..=9999;

/// Milliseconds since 1970; 0 on a host whose clock stands before that.
pub fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Reads a point in time.
#[must_use]
pub fn parse(text: &str, now_ms: i64) -> Option<i64> {
    if let Some(ms) = text.strip_prefix('@') {
        return ms.parse().ok().filter(|ms| *ms >= 0);
    }
    if let Some(ago) = text.strip_prefix('-') {
        return now_ms.checked_sub(span_ms(ago)?);
    }
    let (date, time) = match text.split_once(['T', ' ']) {
        Some((date, time)) => (date, Some(time)),
        None => (text, None),
    };
    let day = day_ms(date)?;
    let Some(time) = time else { return Some(day) };
    let (time, zone_ms) = split_zone(time)?;
    Some(day + time_ms(time)? - zone_ms)
}

/// `15m`, `2h`, `3d`, `30s`.
fn span_ms(text: &str) -> Option<i64> {
    let unit_ms = match text.chars().last()? {
        's' => 1000,
        'm' => 60_000,
        'h' => 3_600_000,
        'd' => DAY_MS,
        _ => return None,
    };
    text[..text.len() - 1].parse::<u32>().ok().and_then(|n| i64::from(n).checked_mul(unit_ms))
}

fn day_ms(date: &str) -> Option<i64> {
    let mut parts = date.split('-').map(number);
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let fits = YEARS.contains(&year)
        && (1..=12).contains(&month)
        && (1..=days_in(year, month)).contains(&day)
        && parts.next().is_none();
    fits.then(|| days_before(year, month, day) * DAY_MS)
}

fn time_ms(time: &str) -> Option<i64> {
    let (clock, fraction) = time.split_once('.').unwrap_or((time, "0"));
    let mut parts = clock.split(':').map(number);
    let (hour, minute) = (parts.next()??, parts.next()??);
    let second = parts.next().unwrap_or(Some(0))?;
    if hour > 23 || minute > 59 || second > 59 || parts.next().is_some() {
        return None;
    }
    if fraction.is_empty() || fraction.len() > 9 || number(fraction).is_none() {
        return None;
    }
    let thousandths: i64 = format!("{fraction:0<3}")[..3].parse().ok()?;
    Some(((hour * 60 + minute) * 60 + second) * 1000 + thousandths)
}

/// The time without its zone, and the zone's distance from UTC.
fn split_zone(time: &str) -> Option<(&str, i64)> {
    if let Some(time) = time.strip_suffix(['Z', 'z']) {
        return Some((time, 0));
    }
    let Some(at) = time.rfind(['+', '-']) else { return Some((time, 0)) };
    let (hours, minutes) = time[at + 1..].split_once(':')?;
    let ms = (number(hours)? * 60 + number(minutes)?) * 60_000;
    if ms > DAY_MS {
        return None;
    }
    Some((&time[..at], if time[at..].starts_with('-') { -ms } else { ms }))
}

/// Digits only: neither sign nor blank.
fn number(text: &str) -> Option<i64> {
    let plain = !text.is_empty() && text.len() <= 9 && text.bytes().all(|b| b.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

fn days_in(year: i64, month: i64) -> i64 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days from 1970-01-01 to this date.
fn days_before(year: i64, month: i64, day: i64) -> i64 {
    let leaps = |year: i64| year / 4 - year / 100 + year / 400;
    let years = (year - 1970) * 365 + leaps(year - 1) - leaps(1969);
    let months: i64 = (1..month).map(|month| days_in(year, month)).sum();
    years + months + day - 1
}

/// Writes a point in time as `2026-11-21T09:30:15.250Z`; the number itself before 1970.
#[must_use]
pub fn show(ms: i64) -> String {
    let last = days_before(*YEARS.end() + 1, 1, 1) * DAY_MS;
    if !(0..last).contains(&ms) {
        return ms.to_string();
    }
    let (days, rest) = (ms / DAY_MS, ms % DAY_MS);
    let mut year = 1970 + days / 366;
    while days_before(year + 1, 1, 1) <= days {
        year += 1;
    }
    let mut month = 1;
    while month < 12 && days_before(year, month + 1, 1) <= days {
        month += 1;
    }
    let day = days - days_before(year, month, 1) + 1;
    let (hour, minute, second) = (rest / 3_600_000, rest / 60_000 % 60, rest / 1000 % 60);
    let ms = rest % 1000;
    format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{ms:03}Z")
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_700_000_000_000;

    #[test]
    fn dates_times_and_zones_are_read() {
        let cases = [
            ("1970-01-01", 0),
            ("2000-02-29", 951_782_400_000),
            ("2023-11-14T22:13:20Z", NOW),
            ("2023-11-14 22:13:20", NOW),
            ("2023-11-15T00:13:20+02:00", NOW),
            ("2023-11-14T16:43:20.25-05:30", NOW + 250),
            ("2023-11-14T22:13", NOW - 20_000),
            ("@1700000000000", NOW),
            ("-15m", NOW - 900_000),
            ("-2d", NOW - 2 * DAY_MS),
        ];
        for (text, expected) in cases {
            assert_eq!(parse(text, NOW), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_refused() {
        let cases = [
            "",
            "now",
            "2023-13-01",
            "2023-02-29",
            "1900-02-29",
            "2023-11-14T24:00",
            "2023-1",
            "2023-11-14T",
            "2023-11-14T10",
            "2023-11-14T10:00:00.",
            "@-1",
            "-15",
            "-x",
            "@",
            "2023-11-14T10:00+99:00",
            "2023-11-14T10:00+",
            "99999-01-01",
            "+2023-01-01",
        ];
        for text in cases {
            assert_eq!(parse(text, NOW), None, "{text}");
        }
    }

    #[test]
    fn showing_and_reading_meet_on_every_day() {
        for day in 0..60_000 {
            let ms = day * DAY_MS + 12_345_678;
            assert_eq!(parse(&show(ms), NOW), Some(ms));
        }
        assert_eq!(show(NOW), "2023-11-14T22:13:20.000Z");
        assert_eq!(show(-1), "-1");
        assert_eq!(show(i64::MAX), i64::MAX.to_string());
    }
}
