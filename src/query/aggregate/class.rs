//! Classes that colours and breakdowns use: status codes by their hundreds, levels by severity.

use crate::event::Value;
use crate::query::Level;

/// Fields that hold a status code, the likeliest first.
pub const STATUS_FIELDS: [&str; 5] =
    ["http.response.status_code", "response", "status", "status_code", "code"];

/// Fields that hold a level, the likeliest first.
pub const LEVEL_FIELDS: [&str; 5] = ["log.level", "log_level", "level", "severity", "lvl"];

/// The class of a status code (`Some(5)` is 5xx); `None` if it is no number from 100 to 599.
#[must_use]
pub fn status_class(value: Value<'_>) -> Option<u8> {
    let code = match value {
        Value::Int(code) => code,
        Value::Float(code) if code.fract() == 0.0 => code as i64,
        Value::Text([class @ b'1'..=b'5', b'0'..=b'9', b'0'..=b'9']) => return Some(class - b'0'),
        _ => return None,
    };
    (100..=599).contains(&code).then_some((code / 100) as u8)
}

impl Level {
    /// The level that a text names: words of any case, single letters of klog and glog, syslog's
    /// numbers (0 emergency to 7 debug) and those of bunyan and pino (10 trace to 60 fatal).
    #[must_use]
    pub fn of(text: &str) -> Option<Self> {
        let mut lowered = [0_u8; 16];
        let text = text.trim_matches([' ', '[', ']', '<', '>', ':']);
        let lowered = lowered.get_mut(..text.len())?;
        lowered.copy_from_slice(text.as_bytes());
        lowered.make_ascii_lowercase();
        Some(match &*lowered {
            b"trace" | b"trc" | b"finest" | b"finer" | b"verbose" | b"t" | b"v" | b"10" => {
                Self::Trace
            }
            b"debug" | b"dbg" | b"fine" | b"d" | b"7" | b"20" => Self::Debug,
            b"info" | b"information" | b"informational" | b"inf" | b"config" | b"i" | b"6"
            | b"30" => Self::Info,
            b"notice" | b"note" | b"n" | b"5" => Self::Notice,
            b"warning" | b"warn" | b"wrn" | b"w" | b"4" | b"40" => Self::Warning,
            b"error" | b"err" | b"eror" | b"severe" | b"e" | b"3" | b"50" => Self::Error,
            b"critical" | b"crit" | b"fatal" | b"ftl" | b"alert" | b"emerg" | b"emergency"
            | b"panic" | b"dpanic" | b"c" | b"f" | b"a" | b"0" | b"1" | b"2" | b"60" => {
                Self::Critical
            }
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_status_has_a_class_from_one_to_five() {
        let cases = [
            (Value::Int(503), Some(5)),
            (Value::Text(b"404"), Some(4)),
            (Value::Float(200.0), Some(2)),
            (Value::Int(600), None),
            (Value::Text(b"5xx"), None),
            (Value::Text(b"099"), None),
        ];
        for (value, expect) in cases {
            assert_eq!(status_class(value), expect, "{value:?}");
        }
    }

    #[test]
    fn levels_are_known_by_many_names() {
        let cases = [
            ("ERROR", Some(Level::Error)),
            ("Warn", Some(Level::Warning)),
            ("[notice]", Some(Level::Notice)),
            ("emerg", Some(Level::Critical)),
            ("I", Some(Level::Info)),
            ("30", Some(Level::Info)),
            ("FINEST", Some(Level::Trace)),
            ("", None),
            ("a very long text that is no level", None),
            ("é", None),
        ];
        for (text, expect) in cases {
            assert_eq!(Level::of(text), expect, "{text}");
        }
    }
}
