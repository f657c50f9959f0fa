//! `ISO8601` of the date filter: what Joda-Time reads, and the blank-separated form with fraction.

use super::stamp::Stamp;

/// Reads the whole text.
pub(super) fn read(text: &[u8]) -> Option<Stamp> {
    let mut reader = Reader { text, at: 0 };
    let stamp = reader.stamp()?;
    (reader.at == text.len()).then_some(stamp)
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl Reader<'_> {
    fn peek(&self) -> Option<u8> {
        self.text.get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// A number of `min` to `max` digits.
    fn number(&mut self, min: usize, max: usize) -> Option<i64> {
        let rest = &self.text[self.at..];
        let len = rest.iter().take(max).take_while(|b| b.is_ascii_digit()).count();
        if len < min {
            return None;
        }
        self.at += len;
        Some(rest[..len].iter().fold(0, |value, b| value * 10 + i64::from(b - b'0')))
    }

    fn stamp(&mut self) -> Option<Stamp> {
        let mut stamp = Stamp::default();
        if !self.eat(b'T') {
            self.date(&mut stamp)?;
            match self.peek() {
                None => return Some(stamp),
                Some(b'T') => self.at += 1,
                Some(b' ') => {
                    self.at += 1;
                    return self.blank_separated(stamp);
                }
                Some(_) => return None,
            }
        }
        if self.at < self.text.len() {
            self.time(&mut stamp)?;
            self.zone(&mut stamp)?;
        }
        Some(stamp)
    }

    fn date(&mut self, stamp: &mut Stamp) -> Option<()> {
        let negative = self.eat(b'-');
        let year = i32::try_from(self.number(1, 9)?).ok()?;
        stamp.year = Some(if negative { -year } else { year });
        if !self.eat(b'-') {
            return Some(());
        }
        if self.eat(b'W') {
            stamp.week = Some(self.number(1, 2)? as u8);
            if self.eat(b'-') {
                let weekday = self.number(1, 1)? as u8;
                stamp.weekday = Some((1..=7).contains(&weekday).then_some(weekday)?);
            }
            return Some(());
        }
        let start = self.at;
        let number = self.number(1, 3)?;
        if self.at - start == 3 {
            stamp.day_of_year = Some(number as u16);
            return Some(());
        }
        stamp.month = number as u8;
        if self.eat(b'-') {
            stamp.day = self.number(1, 2)? as u8;
        }
        Some(())
    }

    /// Hours, minutes, seconds; the last of them may have a fraction.
    fn time(&mut self, stamp: &mut Stamp) -> Option<()> {
        let mut unit = 3_600_000;
        for (idx, limit) in [24, 60, 60].into_iter().enumerate() {
            if idx > 0 {
                if self.peek() != Some(b':') {
                    break;
                }
                self.at += 1;
                unit /= 60;
            }
            let number = self.number(1, 2)?;
            if number >= limit {
                return None;
            }
            stamp.millis += number * unit;
            if matches!(self.peek(), Some(b'.' | b',')) {
                self.at += 1;
                stamp.millis += self.fraction()? * unit / 1_000_000_000;
                break;
            }
        }
        Some(())
    }

    /// The digits after the point, as billionths.
    fn fraction(&mut self) -> Option<i64> {
        let start = self.at;
        let mut value = self.number(1, 9)?;
        for _ in self.at - start..9 {
            value *= 10;
        }
        while self.peek().is_some_and(|b| b.is_ascii_digit()) {
            self.at += 1;
        }
        Some(value)
    }

    fn zone(&mut self, stamp: &mut Stamp) -> Option<()> {
        let sign = match self.peek() {
            None => return Some(()),
            Some(b'Z') => {
                self.at += 1;
                stamp.offset = Some(0);
                return Some(());
            }
            Some(b'+') => 1,
            Some(b'-') => -1,
            Some(_) => return None,
        };
        self.at += 1;
        stamp.offset = Some(sign * offset(self.text, &mut self.at)?);
        Some(())
    }

    /// `HH:mm:ss.SSS` after a blank; seconds and fraction must be there.
    fn blank_separated(&mut self, mut stamp: Stamp) -> Option<Stamp> {
        if stamp.week.is_some() || stamp.day_of_year.is_some() {
            return None;
        }
        for (limit, unit, separator) in
            [(24, 3_600_000, b':'), (60, 60_000, b':'), (60, 1000, b'.')]
        {
            let number = self.number(1, 2)?;
            if number >= limit {
                return None;
            }
            stamp.millis += number * unit;
            if !(self.eat(separator) || separator == b'.' && self.eat(b',')) {
                return None;
            }
        }
        let start = self.at;
        let value = self.number(1, 3)?;
        stamp.millis += value * [100, 10, 1][self.at - start - 1];
        self.zone(&mut stamp)?;
        Some(stamp)
    }
}

/// `HH`, `HHmm` or `HH:mm` (and seconds): seconds.
pub(super) fn offset(text: &[u8], at: &mut usize) -> Option<i32> {
    let two = |at: usize| {
        let digits = text.get(at..at + 2)?;
        let both = digits.iter().all(u8::is_ascii_digit);
        both.then(|| i32::from(digits[0] - b'0') * 10 + i32::from(digits[1] - b'0'))
    };
    let hours = two(*at).filter(|hours| *hours < 24)?;
    *at += 2;
    let colon = text.get(*at) == Some(&b':');
    let mut seconds = hours * 3600;
    for unit in [60, 1] {
        let next = *at + usize::from(colon);
        if colon && text.get(*at) != Some(&b':') {
            break;
        }
        let Some(number) = two(next).filter(|number| *number < 60) else { break };
        seconds += number * unit;
        *at = next + 2;
    }
    Some(seconds)
}
