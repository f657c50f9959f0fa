//! What a format says about single lines.

/// What a line is to the records around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LineKind {
    /// Begins a record: a line of the format, or one that fits nothing and does not look like a
    /// continuation.
    Start,
    /// Belongs to the record before it.
    Continues,
    /// Belongs to no record and ends the one before (`#Fields:` of W3C logs, a CSV header).
    Header,
}

/// Says of each line whether it begins a record. Must depend on nothing but its arguments, so that
/// the records are the same wherever reading starts.
pub trait RecordRule: Send + Sync {
    /// What `line` is. `before` is the line before it in the file, empty for the first line (for
    /// formats that mark a line as going on in the next). Neither has its line end (LF, CR LF).
    /// Empty lines are never asked about: they are kept inside a record and dropped around it.
    fn kind(&self, line: &[u8], before: &[u8]) -> LineKind;

    /// Whether each line is a record, so that `kind` need not be asked.
    fn is_every_line(&self) -> bool {
        false
    }
}

/// Each line is a record.
#[derive(Debug, Clone, Copy, Default)]
pub struct EveryLine;

impl RecordRule for EveryLine {
    fn kind(&self, _line: &[u8], _before: &[u8]) -> LineKind {
        LineKind::Start
    }

    fn is_every_line(&self) -> bool {
        true
    }
}

/// Lines that begin with a blank continue the record before: the rule until a format is known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Indented;

impl RecordRule for Indented {
    fn kind(&self, line: &[u8], _before: &[u8]) -> LineKind {
        match line.first() {
            Some(b' ' | b'\t') => LineKind::Continues,
            _ => LineKind::Start,
        }
    }
}
