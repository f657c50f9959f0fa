//! Rotated files: what their names say, and which belong together.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

use chrono::NaiveDate;

use super::skipped::{Skipped, Why};
use crate::ingest::member::{Compression, LogSet, Member};
use crate::time::Millis;

/// A file's name, taken apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RotatedName {
    /// The name of the live file that it belongs to.
    pub base: String,
    /// Its place among the files of that name.
    pub rank: Rank,
}

/// The place of a file in its rotation set; smaller is older.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rank {
    /// Dated (`-20251124`, `.2025-11-24`), with what follows the date as a number.
    Dated(NaiveDate, u64),
    /// Numbered (`.2`); larger numbers are older.
    Numbered(Reverse<u32>),
    /// `.old`, or packed without a number.
    Old,
    /// The file that is written.
    Live,
}

impl RotatedName {
    /// The end of the day in the name.
    #[must_use]
    pub fn ended(&self) -> Option<Millis> {
        let Rank::Dated(day, _) = self.rank else { return None };
        let start = day.and_hms_opt(0, 0, 0)?.and_utc().timestamp_millis();
        Some(Millis(start + 86_400_000 - 1))
    }
}

/// Takes a file's name apart.
#[must_use]
pub fn rotated_name(name: &str) -> RotatedName {
    let (stem, is_packed) = match name.rsplit_once('.') {
        Some((stem, "gz" | "zst" | "bz2" | "xz" | "z" | "Z")) if !stem.is_empty() => (stem, true),
        _ => (name, false),
    };
    let unrotated = if is_packed { Rank::Old } else { Rank::Live };
    let (base, rank) = numbered(stem)
        .or_else(|| dated(stem))
        .or_else(|| Some((stem.strip_suffix(".old")?.to_owned(), Rank::Old)))
        .unwrap_or_else(|| (stem.to_owned(), unrotated));
    RotatedName { base, rank }
}

/// `access.log.2`; not the end of an address (`log.10.0.0.2`).
fn numbered(stem: &str) -> Option<(String, Rank)> {
    let (base, number) = stem.rsplit_once('.')?;
    let last = base.rsplit('.').next()?;
    let is_address = last.bytes().all(|byte| byte.is_ascii_digit());
    if base.is_empty() || number.len() > 4 || is_address || !is_digits(number) {
        return None;
    }
    Some((base.to_owned(), Rank::Numbered(Reverse(number.parse().ok()?))))
}

/// `access.log-20251124`, `access-2025-11-24.log`, `app.2025-11-24.3.log`.
fn dated(stem: &str) -> Option<(String, Rank)> {
    for (at, _) in stem.match_indices(['-', '.', '_']) {
        let rest = &stem[at + 1..];
        let Some((day, len)) = leading_date(rest) else { continue };
        let after = &rest[len..];
        let digits = after.trim_start_matches(['-', '.', '_', 'T']);
        let count = digits.bytes().take_while(u8::is_ascii_digit).count();
        let sequence = digits[..count].parse().unwrap_or(0);
        let end = if count > 0 { &digits[count..] } else { after };
        let is_extension = end.strip_prefix('.').is_some_and(|end| !end.contains(['.', '-']));
        if at > 0 && (end.is_empty() || is_extension) {
            return Some((format!("{}{end}", &stem[..at]), Rank::Dated(day, sequence)));
        }
    }
    None
}

/// The date that a text begins with, and its length.
fn leading_date(text: &str) -> Option<(NaiveDate, usize)> {
    let parts = |year: &str, month: &str, day: &str| {
        let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
        let date = NaiveDate::from_ymd_opt(year, month, day)?;
        (1980..2200).contains(&year).then_some(date)
    };
    let bytes = text.as_bytes();
    if bytes.len() >= 10 && bytes[4] == b'-' && bytes[7] == b'-' {
        let (year, month, day) = (text.get(..4)?, text.get(5..7)?, text.get(8..10)?);
        return Some((parts(year, month, day)?, 10));
    }
    let run = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    if !matches!(run, 8 | 10 | 12 | 14) {
        return None;
    }
    Some((parts(&text[..4], &text[4..6], &text[6..8])?, 8))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Puts members into their sets: oldest first within a set, sets in the order of their first
/// member. Members that were last written before `from` are counted and left out.
pub(super) fn group(
    members: Vec<Member>,
    from: Option<Millis>,
    skipped: &mut Vec<Skipped>,
) -> Vec<LogSet> {
    let mut sets: Vec<(PathBuf, Vec<(Rank, Member)>)> = Vec::new();
    let mut places: HashMap<PathBuf, usize> = HashMap::new();
    for member in members {
        let Some((base, rank)) = member.path().and_then(place) else {
            sets.push((PathBuf::from(&*member.name), vec![(Rank::Live, member)]));
            continue;
        };
        let idx = *places.entry(base.clone()).or_insert_with(|| {
            sets.push((base, Vec::new()));
            sets.len() - 1
        });
        sets[idx].1.push((rank, member));
    }
    sets.into_iter().map(|(base, members)| set(&base, members, from, skipped)).collect()
}

fn place(path: &Path) -> Option<(PathBuf, Rank)> {
    let named = rotated_name(path.file_name()?.to_str()?);
    Some((path.with_file_name(named.base), named.rank))
}

fn set(
    base: &Path,
    mut members: Vec<(Rank, Member)>,
    from: Option<Millis>,
    skipped: &mut Vec<Skipped>,
) -> LogSet {
    let order = |(rank, member): &(Rank, Member)| (*rank, member.compression != Compression::None);
    members.sort_by_key(order);
    let mut kept: Vec<(Rank, Member)> = Vec::new();
    for (rank, member) in members {
        let is_twin = kept
            .last()
            .is_some_and(|(last, plain)| *last == rank && plain.compression == Compression::None);
        match member.path() {
            Some(path) if is_twin && member.compression != Compression::None => {
                skipped.push(Skipped { path: path.to_owned(), why: Why::Duplicate });
            }
            _ => kept.push((rank, member)),
        }
    }
    let mut members: Vec<Member> = kept.into_iter().map(|(_, member)| member).collect();
    let ends_before = |member: &Member| {
        from.is_some_and(|from| member.modified.is_some_and(|modified| modified < from))
    };
    let older = members.iter().take(members.len() - 1).take_while(|one| ends_before(one)).count();
    members.drain(..older);
    let can_grow = members
        .last()
        .is_some_and(|newest| newest.is_live() || newest.compression == Compression::None);
    let name = match members.as_slice() {
        [lone] if older == 0 => std::sync::Arc::clone(&lone.name),
        _ => base.to_string_lossy().into(),
    };
    LogSet { name, members, older, can_grow }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(name: &str, base: &str, rank: Rank) {
        let expected = RotatedName { base: base.to_owned(), rank };
        assert_eq!(rotated_name(name), expected, "{name}");
    }

    fn day(year: i32, month: u32, day: u32, sequence: u64) -> Rank {
        Rank::Dated(NaiveDate::from_ymd_opt(year, month, day).unwrap(), sequence)
    }

    #[test]
    fn names_are_taken_apart() {
        check("access.log", "access.log", Rank::Live);
        check("access.log.1", "access.log", Rank::Numbered(Reverse(1)));
        check("access.log.12.gz", "access.log", Rank::Numbered(Reverse(12)));
        check("access.log.gz", "access.log", Rank::Old);
        check("Xorg.0.log.old", "Xorg.0.log", Rank::Old);
        check("Xorg.0.log", "Xorg.0.log", Rank::Live);
        check("access.log-20251124", "access.log", day(2025, 11, 24, 0));
        check("access.log-20251124.gz", "access.log", day(2025, 11, 24, 0));
        check("access-20251124.log", "access.log", day(2025, 11, 24, 0));
        check("access.log-2025112413", "access.log", day(2025, 11, 24, 13));
        check("app.2025-11-24.log", "app.log", day(2025, 11, 24, 0));
        check("app-2025-11-24.3.log.gz", "app.log", day(2025, 11, 24, 3));
        check("app.log.2025-11-24", "app.log", day(2025, 11, 24, 0));
    }

    #[test]
    fn what_only_looks_like_a_rotation_stays() {
        for name in ["log.10.0.0.2", "20251124", "-20251124.log", "v1.2.3", "a-99999999.log"] {
            check(name, name, Rank::Live);
        }
        check("syslog", "syslog", Rank::Live);
    }

    #[test]
    fn older_is_smaller() {
        let mut names = ["a", "a.1", "a.10.gz", "a.2.gz", "a.gz", "a-20251101", "a-20251124"];
        names.sort_by_key(|name| rotated_name(name).rank);
        assert_eq!(names, ["a-20251101", "a-20251124", "a.10.gz", "a.2.gz", "a.1", "a.gz", "a"]);
    }

    #[test]
    fn a_day_ends_at_its_last_millisecond() {
        let ended = rotated_name("a-20251124").ended().unwrap();
        assert_eq!(ended.to_string(), "2025-11-24T23:59:59.999Z");
    }
}
