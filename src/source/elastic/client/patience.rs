//! How long to wait before a refused call is sent again, and when to give up.

use std::time::Duration;

use super::super::error::Error;

/// Longest wait before one call is sent again, all tries together.
const LONGEST: Duration = Duration::from_secs(30);
/// Waits after a 429 that names none, in milliseconds.
const BUSY: [u64; 5] = [250, 500, 1000, 2000, 4000];
/// Waits after 502, 503 and 504 that name none: what is down for longer is told.
const AWAY: [u64; 3] = [250, 500, 1000];
/// Waits after an answer that broke off: a connection that was kept open too long is the usual cause.
const CUT: [u64; 2] = [0, 250];

/// The tries of one call.
#[derive(Debug, Default)]
pub(super) struct Patience {
    waits: usize,
    waited: Duration,
}

impl Patience {
    /// How long to wait before the next try; `None` to give up.
    pub(super) fn next(&mut self, error: &Error) -> Option<Duration> {
        let (steps, told) = match error {
            Error::Refused { status: 429, retry_after, .. } => (&BUSY[..], *retry_after),
            Error::Refused { status: 502..=504, retry_after, .. } => (&AWAY[..], *retry_after),
            Error::Cut { .. } => (&CUT[..], None),
            _ => return None,
        };
        let own = Duration::from_millis(*steps.get(self.waits)?);
        let wait = told.map_or(own, |seconds| Duration::from_secs(seconds).max(own));
        if self.waited + wait > LONGEST {
            return None;
        }
        self.waits += 1;
        self.waited += wait;
        Some(wait)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{LONGEST, Patience};
    use crate::source::elastic::Error;

    fn refused(status: u16, retry_after: Option<u64>) -> Error {
        let (kind, reason) = (String::new(), String::new());
        Error::Refused { status, kind, reason, retry_after }
    }

    fn waits(error: &Error) -> Vec<u128> {
        let mut patience = Patience::default();
        std::iter::from_fn(|| patience.next(error)).map(|wait| wait.as_millis()).collect()
    }

    #[test]
    fn waits_grow_and_end() {
        assert_eq!(waits(&refused(429, None)), [250, 500, 1000, 2000, 4000]);
        assert_eq!(waits(&refused(503, None)), [250, 500, 1000]);
        assert_eq!(waits(&refused(400, None)), [0u128; 0]);
        assert_eq!(waits(&refused(404, Some(1))), [0u128; 0]);
    }

    #[test]
    fn what_the_engine_tells_is_waited_for_unless_it_is_too_long() {
        assert_eq!(waits(&refused(429, Some(3))), [3000, 3000, 3000, 3000, 4000]);
        assert_eq!(waits(&refused(429, Some(12))), [12_000, 12_000]);
        assert_eq!(waits(&refused(503, Some(3600))), [0u128; 0]);
        let all: u128 = waits(&refused(429, Some(7))).iter().sum();
        assert!(all <= LONGEST.as_millis());
        assert!(Duration::from_millis(all as u64) > Duration::from_secs(20));
    }
}
