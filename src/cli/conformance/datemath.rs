//! `{"date", "now", "roundUp"}` to `{"iso"}`.

use std::time::{SystemTime, UNIX_EPOCH};

use serde_json::{Value as Json, json};

use super::text;
use crate::time::elastic::{self, Dates};
use crate::time::math::{RoundUp, kibana};
use crate::time::{Anchors, Millis, Zone};

pub(super) fn answer(case: &Json) -> Json {
    let anchors = Anchors::new(now(case), Zone::local());
    let round_up = match case.get("roundUp").and_then(Json::as_bool) {
        Some(true) => RoundUp::Yes,
        _ => RoundUp::No,
    };
    json!({"iso": kibana(text(case, "date"), &anchors, round_up).map(iso)})
}

/// The present of a case; else the machine's.
pub(super) fn now(case: &Json) -> Millis {
    let dates = Dates { now: Millis(0), zone: Zone::UTC, round_up: RoundUp::No };
    elastic::parse(text(case, "now"), &dates).unwrap_or_else(|| {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
    })
}

/// As JavaScript writes it: years of other than four digits have a sign and six.
fn iso(at: Millis) -> String {
    let text = at.to_string();
    let (sign, unsigned) = match text.as_bytes().first() {
        Some(b'-') => ('-', &text[1..]),
        Some(b'+') => ('+', &text[1..]),
        _ => return text,
    };
    let (year, rest) = unsigned.split_once('-').unwrap_or((unsigned, ""));
    format!("{sign}{year:0>6}-{rest}")
}
