//! What is known of a field's value before a record is decoded, for whoever looks at bytes first.

use super::builtin::BUILTIN;
use super::decoder::Decoder;
use super::file_format::FormatPart;
use super::plan::{Plan, Read, Source};
use crate::event::{SlotId, Value};

/// Tags of the pipelines of built-in formats: those of failures, they set none of their own.
const TAGS: [&str; 4] = ["_grokparsefailure", "_groktimeout", "_dateparsefailure", "_mutate_error"];

/// How a wanted field comes about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// It is the record's whole text, in records without escape characters (`ESC`).
    Whole,
    /// Text is copied from the record, where it stands as it is (numbers too, but for leading
    /// zeros); in records without escape characters (`ESC`), whose colours are left out.
    Copied,
    /// The same, unless it is escaped there: sure only for texts of letters, blanks, `_` and `-`
    /// with at least one letter, in records without `\\u`.
    Escaped,
    /// The same value in every record of the format.
    Constant,
    /// Made by the decoder.
    Computed,
    /// The format has no such field.
    Absent,
}

impl Decoder {
    /// How the `wanted`-th name comes about in records of a format.
    #[must_use]
    pub fn origin(&self, format: u8, wanted: usize) -> Origin {
        let Some(plan) = self.plans.get(usize::from(format)) else { return Origin::Absent };
        match plan.sources.get(wanted) {
            None | Some(Source::Absent) => Origin::Absent,
            Some(Source::Constant(_) | Source::Path) => Origin::Constant,
            Some(Source::Original) => Origin::Whole,
            Some(Source::Slot(slot)) => self.slot_origin(usize::from(format), plan, *slot),
            Some(_) => Origin::Computed,
        }
    }

    /// Values of which the `wanted`-th name has one in each record that has it, if they are known:
    /// constants, and the tags of formats that have no others. `path` is the file's.
    #[must_use]
    pub fn possible<'a>(
        &'a self,
        format: u8,
        wanted: usize,
        path: &'a str,
    ) -> Option<Vec<Value<'a>>> {
        let plan = self.plans.get(usize::from(format))?;
        let text = |text: &'a str| Value::Text(text.as_bytes());
        match plan.sources.get(wanted)? {
            Source::Constant(value) => Some(vec![text(value)]),
            Source::Path => Some(vec![text(path)]),
            // Only documents have values that do not fit.
            Source::Ignored if matches!(plan.read, Read::Text(_) | Read::Plain(_)) => {
                Some(Vec::new())
            }
            Source::Tags(_) if self.file.parts.iter().all(FormatPart::is_built_in) => {
                Some(TAGS.iter().map(|tag| text(tag)).collect())
            }
            _ => None,
        }
    }

    fn slot_origin(&self, format: usize, plan: &Plan, slot: SlotId) -> Origin {
        let computed = plan.computes.iter().find(|compute| compute.to == slot);
        if computed.is_some_and(|compute| !compute.make.is_part()) || self.file.wrapper.is_some() {
            return Origin::Computed;
        }
        let is_message = computed.is_none() && plan.message == Some(slot);
        let from = computed.map_or(slot, |compute| compute.from);
        let fitted = plan.fits.iter().any(|(fitted, ..)| *fitted == from || *fitted == slot);
        match &plan.read {
            _ if fitted => Origin::Computed,
            Read::Plain(_) if is_message => Origin::Whole,
            Read::Plain(_) => Origin::Copied,
            Read::Text(pipeline) if is_message && pipeline.keeps_message() => Origin::Whole,
            Read::Text(_) if self.file.parts[format].makes(plan.layout.name(from)) => {
                Origin::Computed
            }
            Read::Text(_) => Origin::Copied,
            Read::Json(_) | Read::Fluentd(..) | Read::Logfmt | Read::Columns(_) => Origin::Escaped,
            Read::Export => Origin::Computed,
        }
    }
}

impl FormatPart {
    /// Whether it is one of the text formats of `pipelines/`.
    fn is_built_in(&self) -> bool {
        BUILTIN.iter().any(|format| format.name == self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn built_in_formats_set_no_tags_of_their_own() {
        for format in BUILTIN {
            let config = format.config;
            assert!(!config.contains("add_tag"), "{}", format.name);
            for option in config.lines().filter(|line| line.contains("tag_on")) {
                assert_eq!(option.trim(), "tag_on_failure => []", "{}", format.name);
            }
        }
    }
}
