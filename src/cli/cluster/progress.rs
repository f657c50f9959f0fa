//! How far an export is: a line on standard error that is written over, where that is a terminal
//! and the rows go elsewhere.

use std::io::{self, IsTerminal, Write};
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use crate::query::{Answer, Update};

/// How often the line is written.
const EVERY: Duration = Duration::from_millis(250);

/// The line.
pub(super) struct Progress {
    is_shown: bool,
    is_written: bool,
    begun: Instant,
    last: Instant,
    total: Option<u64>,
    answers: mpsc::Receiver<Update>,
}

impl Progress {
    /// Nothing is written yet. `answers` may bring the number of rows in all.
    pub(super) fn begin(answers: mpsc::Receiver<Update>) -> Self {
        let is_shown = io::stderr().is_terminal() && !io::stdout().is_terminal();
        let now = Instant::now();
        Self { is_shown, is_written: false, begun: now, last: now, total: None, answers }
    }

    /// Whether there is anybody to see it.
    pub(super) fn is_shown(&self) -> bool {
        self.is_shown
    }

    /// So many rows are written.
    pub(super) fn rows(&mut self, rows: u64) {
        // A clock is not asked for each row.
        if !self.is_shown || !rows.is_multiple_of(64) || self.last.elapsed() < EVERY {
            return;
        }
        self.last = Instant::now();
        if let Ok(Update { answer: Answer::Total(total), .. }) = self.answers.try_recv() {
            self.total = Some(total.hits);
        }
        self.is_written = true;
        let text = line(rows, self.total, self.begun.elapsed());
        let _ = write!(io::stderr(), "\r\x1b[K{text}");
    }

    /// Takes the line away.
    pub(super) fn end(self) {
        if self.is_written {
            let _ = write!(io::stderr(), "\r\x1b[K");
        }
    }
}

fn line(rows: u64, total: Option<u64>, took: Duration) -> String {
    let each_second = rows as f64 / took.as_secs_f64().max(0.001);
    let speed = format!("{} rows/s", grouped(each_second as u64));
    match total {
        Some(total) if total >= rows && total > 0 => {
            let share = rows * 100 / total;
            format!("{} of {} rows ({share} %), {speed}", grouped(rows), grouped(total))
        }
        _ => format!("{} rows, {speed}", grouped(rows)),
    }
}

fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::line;

    #[test]
    fn the_line_says_how_far_and_how_fast() {
        let check = |rows, total, expected: &str| {
            assert_eq!(line(rows, total, Duration::from_secs(2)), expected);
        };
        check(500, None, "500 rows, 250 rows/s");
        check(1_234_568, Some(5_000_000), "1,234,568 of 5,000,000 rows (24 %), 617,284 rows/s");
        check(100, Some(60), "100 rows, 50 rows/s");
    }
}
