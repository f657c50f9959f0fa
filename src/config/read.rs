//! Reads a TOML file key by key and says what is wrong with it: unknown keys with the nearest
//! known one, wrong types, with the line of each.
//!
//! In: the text and the file's name. Out: values, and [`Finding`]s. A wrong value never stops the
//! reading; what it would have set keeps its default.

use std::borrow::Cow;
use std::ops::Range;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::finding::Finding;
use crate::diagnostic::{Diagnostic, nearest};
use crate::time::Weekday;

/// A value of a TOML file with its place.
pub type Value<'t> = Spanned<DeValue<'t>>;

/// The text of a file and what was found about it so far.
#[derive(Debug)]
pub struct Reader<'t> {
    file: &'t str,
    text: &'t str,
    findings: Vec<Finding>,
}

impl<'t> Reader<'t> {
    /// Begins to read a file.
    #[must_use]
    pub fn new(file: &'t str, text: &'t str) -> Self {
        Self { file, text, findings: Vec::new() }
    }

    /// The table of the whole file; empty, with findings, where the text is no TOML.
    pub fn root(&mut self) -> Table<'t> {
        let (table, errors) = DeTable::parse_recoverable(self.text);
        for error in errors {
            self.report(error.span(), Diagnostic::error(error.message()));
        }
        Table { span: table.span(), entries: table.into_inner() }
    }

    /// Notes a finding at a place of the text.
    pub fn report(&mut self, span: Option<Range<usize>>, mut diagnostic: Diagnostic) {
        let line = span.as_ref().map_or(0, |span| {
            let before = self.text.get(..span.start).unwrap_or(self.text);
            before.bytes().filter(|byte| *byte == b'\n').count() + 1
        });
        diagnostic.span = span;
        self.findings.push(Finding { file: self.file.to_owned(), line, diagnostic });
    }

    /// Whether anything was found so far.
    #[must_use]
    pub fn has_findings(&self) -> bool {
        !self.findings.is_empty()
    }

    /// All findings, in the order of the text.
    #[must_use]
    pub fn finish(mut self) -> Vec<Finding> {
        self.findings.sort_by_key(|finding| finding.line);
        self.findings
    }

    /// The text of a value; a finding if it is none.
    pub fn string(&mut self, name: &str, value: Value<'t>) -> Option<String> {
        let span = value.span();
        if let DeValue::String(text) = value.into_inner() {
            return Some(text.into_owned());
        }
        self.wrong(name, span, "a text in quotes")
    }

    /// A day of the week; a finding if it is none.
    pub fn weekday(&mut self, name: &str, value: Value<'t>) -> Option<Weekday> {
        let span = value.span();
        if let DeValue::String(text) = value.into_inner()
            && let Ok(day) = text.parse()
        {
            return Some(day);
        }
        self.wrong(name, span, "a day of the week in quotes, like \"monday\"")
    }

    /// true or false; a finding if it is neither.
    pub fn boolean(&mut self, name: &str, value: Value<'t>) -> Option<bool> {
        let span = value.span();
        if let DeValue::Boolean(flag) = value.into_inner() {
            return Some(flag);
        }
        self.wrong(name, span, "true or false")
    }

    /// A whole number; a finding if it is none.
    pub fn integer(&mut self, name: &str, value: Value<'t>) -> Option<i64> {
        let span = value.span();
        if let DeValue::Integer(number) = value.into_inner()
            && let Ok(number) = i64::from_str_radix(number.as_str(), number.radix())
        {
            return Some(number);
        }
        self.wrong(name, span, "a whole number")
    }

    /// The values of a list; a finding if it is none.
    pub fn list(&mut self, name: &str, value: Value<'t>) -> Vec<Value<'t>> {
        let span = value.span();
        if let DeValue::Array(items) = value.into_inner() {
            return items.into_iter().collect();
        }
        self.wrong::<()>(name, span, "a list in square brackets");
        Vec::new()
    }

    /// The texts of a list of texts; findings for what is none.
    pub fn strings(&mut self, name: &str, value: Value<'t>) -> Vec<String> {
        let items = self.list(name, value);
        items.into_iter().filter_map(|item| self.string(name, item)).collect()
    }

    /// The entries of a table; a finding if it is none.
    pub fn table(&mut self, name: &str, value: Value<'t>) -> Table<'t> {
        let span = value.span();
        if let DeValue::Table(entries) = value.into_inner() {
            return Table { span, entries };
        }
        self.wrong::<()>(name, span.clone(), "a table");
        Table { span, entries: DeTable::new() }
    }

    fn wrong<T>(&mut self, name: &str, span: Range<usize>, wanted: &str) -> Option<T> {
        let message = format!("`{name}` should be {wanted}");
        self.report(Some(span), Diagnostic::warning(message));
        None
    }

    /// Notes keys that nobody took as unknown, with the nearest of `known`.
    pub fn unknown(&mut self, table: Table<'t>, known: &[&str]) {
        for (key, _) in table.entries {
            let name: &Cow<'_, str> = key.get_ref();
            let mut finding = Diagnostic::warning(format!("unknown key `{name}`"));
            if let Some(near) = nearest(name, known.iter().copied()) {
                finding = finding.hint(format!("did you mean `{near}`?"));
            }
            self.report(Some(key.span()), finding);
        }
    }
}

/// A table whose entries are taken one by one; what is left over is unknown.
#[derive(Debug)]
pub struct Table<'t> {
    /// Where it stands.
    pub span: Range<usize>,
    entries: DeTable<'t>,
}

impl<'t> Table<'t> {
    /// Takes the entry of that name.
    pub fn take(&mut self, name: &str) -> Option<Value<'t>> {
        self.entries.remove(name)
    }

    /// Takes every entry, by name.
    pub fn take_all(&mut self) -> Vec<(Spanned<Cow<'t, str>>, Value<'t>)> {
        std::mem::take(&mut self.entries).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;

    fn findings(text: &str) -> Vec<String> {
        let mut reader = Reader::new("x.toml", text);
        let mut root = reader.root();
        if let Some(value) = root.take("name") {
            reader.string("name", value);
        }
        if let Some(value) = root.take("columns") {
            reader.strings("columns", value);
        }
        reader.unknown(root, &["name", "columns"]);
        reader.finish().iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_good_file_has_no_findings() {
        assert!(findings("name = 'a'\ncolumns = ['b']\n").is_empty());
    }

    #[test]
    fn unknown_keys_are_named_with_line_and_neighbour() {
        assert_eq!(
            findings("name = 'a'\n\ncolums = []\nzzzzzzzz = 1\n"),
            [
                "x.toml:3: unknown key `colums` (did you mean `columns`?)",
                "x.toml:4: unknown key `zzzzzzzz`",
            ]
        );
    }

    #[test]
    fn wrong_types_and_broken_text_are_findings() {
        assert_eq!(
            findings("columns = ['a', 3]\nname = 4\n"),
            [
                "x.toml:1: `columns` should be a text in quotes",
                "x.toml:2: `name` should be a text in quotes",
            ]
        );
        assert_eq!(findings("name = \n").len(), 1);
    }
}
