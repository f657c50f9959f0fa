//! Prints hits one by one: table, ndjson, csv or raw bytes. Streams; keeps no more than the first
//! rows of a table, to fit its columns.

use std::io::{self, Write};

use serde_json::{Map, Value as Json};

use super::counts::{display_width, pad};
use crate::query::Hit;
use crate::time::Zone;

/// How rows are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum RowFormat {
    /// Aligned columns
    Table,
    /// One JSON document a line
    Ndjson,
    /// Comma separated, with a header
    Csv,
    /// The record's own bytes
    Raw,
    /// Only the number of hits
    Count,
}

/// What a writer of rows needs to know.
pub(super) struct RowOptions<'a> {
    /// How rows are written.
    pub format: RowFormat,
    /// The fields asked for; empty means all, or time and record in a table.
    pub fields: Vec<String>,
    /// The zone of times in a table.
    pub zone: Zone,
    /// Makes text harmless for a terminal; `None` where bytes stay exact.
    pub safe: Option<&'a dyn Fn(&str) -> String>,
    /// Write each row at once.
    pub flush_each: bool,
    /// Cells across the terminal, where there is one.
    pub width: Option<usize>,
}

/// Rows of a table that are kept back to fit its columns.
const FITTED_ROWS: usize = 200;
/// Cells that a column of a table gets at most, but for the last.
const WIDEST_COLUMN: usize = 40;

/// Writes hits to `out`.
pub(super) struct RowWriter<'a, W: Write> {
    out: W,
    options: RowOptions<'a>,
    waiting: Vec<Vec<String>>,
    widths: Option<Vec<usize>>,
    wrote_header: bool,
}

impl<'a, W: Write> RowWriter<'a, W> {
    /// A writer that has written nothing.
    pub(super) fn new(out: W, options: RowOptions<'a>) -> Self {
        Self { out, options, waiting: Vec::new(), widths: None, wrote_header: false }
    }

    /// Writes one hit.
    ///
    /// # Errors
    /// If writing fails (`BrokenPipe` where nobody reads on).
    pub(super) fn write(&mut self, hit: &Hit) -> io::Result<()> {
        match self.options.format {
            RowFormat::Count => return Ok(()),
            RowFormat::Raw => self.write_raw(hit)?,
            RowFormat::Ndjson => self.write_json(hit)?,
            RowFormat::Csv => self.write_csv(hit)?,
            RowFormat::Table => {
                let cells = self.table_cells(hit);
                self.waiting.push(cells);
                let is_fitted = self.widths.is_some() || self.waiting.len() >= FITTED_ROWS;
                if is_fitted || self.options.flush_each {
                    self.write_waiting()?;
                }
            }
        }
        if self.options.flush_each { self.out.flush() } else { Ok(()) }
    }

    /// Writes what is still waiting, and flushes.
    ///
    /// # Errors
    /// If writing fails.
    pub(super) fn finish(mut self) -> io::Result<()> {
        self.write_waiting()?;
        self.out.flush()
    }

    fn write_raw(&mut self, hit: &Hit) -> io::Result<()> {
        match (&hit.raw, self.options.safe) {
            (Some(raw), None) => self.out.write_all(raw)?,
            (Some(raw), Some(safe)) => {
                for (at, line) in String::from_utf8_lossy(raw).split('\n').enumerate() {
                    if at > 0 {
                        self.out.write_all(b"\n")?;
                    }
                    self.out.write_all(safe(line.trim_end_matches('\r')).as_bytes())?;
                }
            }
            (None, _) => return self.write_json(hit),
        }
        self.out.write_all(b"\n")
    }

    fn write_json(&mut self, hit: &Hit) -> io::Result<()> {
        if self.options.fields.is_empty() {
            serde_json::to_writer(&mut self.out, &hit.document.source)?;
        } else {
            let mut chosen = Map::new();
            for field in &self.options.fields {
                if let Some(value) = whole_value(hit, field) {
                    chosen.insert(field.clone(), value);
                }
            }
            serde_json::to_writer(&mut self.out, &chosen)?;
        }
        self.out.write_all(b"\n")
    }

    fn write_csv(&mut self, hit: &Hit) -> io::Result<()> {
        if !self.wrote_header {
            self.wrote_header = true;
            let header: Vec<String> =
                self.options.fields.iter().map(|field| csv_cell(field)).collect();
            writeln!(self.out, "{}", header.join(","))?;
        }
        let cells: Vec<String> =
            self.options.fields.iter().map(|field| csv_cell(&text_of(hit, field))).collect();
        writeln!(self.out, "{}", cells.join(","))
    }

    fn table_cells(&self, hit: &Hit) -> Vec<String> {
        let safe = |text: &str| match self.options.safe {
            Some(safe) => safe(text),
            None => text.replace(['\n', '\r', '\t'], " "),
        };
        let local = |at| self.options.zone.to_local(at).format("%Y-%m-%d %H:%M:%S%.3f").to_string();
        let time = hit.time.map(local);
        let mut cells = vec![time.unwrap_or_else(|| "-".to_owned())];
        if self.options.fields.is_empty() {
            let raw = hit.raw.as_deref().map(|raw| String::from_utf8_lossy(raw).into_owned());
            let text = raw.unwrap_or_else(|| Json::Object(hit.document.source.clone()).to_string());
            cells.push(safe(&text));
        }
        cells.extend(self.options.fields.iter().map(|field| safe(&text_of(hit, field))));
        cells
    }

    fn write_waiting(&mut self) -> io::Result<()> {
        if self.waiting.is_empty() {
            return Ok(());
        }
        let rows = std::mem::take(&mut self.waiting);
        let mut header = vec!["@timestamp".to_owned()];
        if self.options.fields.is_empty() {
            header.push("record".to_owned());
        }
        header.extend(self.options.fields.iter().cloned());
        if self.widths.is_none() {
            let widest = |at: usize| {
                let cells = rows.iter().filter_map(|row| row.get(at));
                cells.map(|cell| display_width(cell)).max().unwrap_or(0).min(WIDEST_COLUMN)
            };
            let fitted =
                header.iter().enumerate().map(|(at, name)| widest(at).max(display_width(name)));
            self.widths = Some(fitted.collect());
            self.write_line(&header)?;
        }
        for row in &rows {
            self.write_line(row)?;
        }
        Ok(())
    }

    fn write_line(&mut self, cells: &[String]) -> io::Result<()> {
        let widths = self.widths.clone().unwrap_or_default();
        let mut line = String::new();
        let mut used = 0;
        for (at, cell) in cells.iter().enumerate() {
            let is_last = at + 1 == cells.len();
            let room = self.options.width.map(|width| width.saturating_sub(used));
            match (is_last, room) {
                (false, _) => {
                    let width = widths.get(at).copied().unwrap_or(0);
                    line.push_str(&pad(cell, width));
                    line.push_str("  ");
                    used += width + 2;
                }
                (true, Some(room)) if display_width(cell) > room => {
                    line.push_str(&pad(cell, room.max(10)));
                }
                (true, _) => line.push_str(cell),
            }
        }
        writeln!(self.out, "{}", line.trim_end())
    }
}

/// A field's value as it stands in the document: scalar, array or object.
fn whole_value(hit: &Hit, field: &str) -> Option<Json> {
    let mut values = Vec::new();
    hit.document.each(field, &mut |value| values.push(value.clone()));
    match values.len() {
        0 => hit.document.source.get(field).filter(|value| !value.is_null()).cloned(),
        1 => values.pop(),
        _ => Some(Json::Array(values)),
    }
}

/// A field's values as text, several joined by a comma and a space.
fn text_of(hit: &Hit, field: &str) -> String {
    let mut text = String::new();
    hit.document.each(field, &mut |value| {
        if !text.is_empty() {
            text.push_str(", ");
        }
        match value {
            Json::String(value) => text.push_str(value),
            other => text.push_str(&other.to_string()),
        }
    });
    text
}

/// A cell as RFC 4180 has it.
fn csv_cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::{RowFormat, RowOptions, RowWriter};
    use crate::event::Document;
    use crate::query::{Cursor, Hit, HitId};
    use crate::time::{Millis, Zone};

    fn hit(raw: &[u8], source: serde_json::Value) -> Hit {
        let serde_json::Value::Object(source) = source else { panic!("an object is needed") };
        Hit {
            id: HitId("a:0".into()),
            cursor: Cursor(Arc::from(&b""[..])),
            time: Some(Millis(1_763_942_400_000)),
            level: None,
            document: Arc::new(Document { source }),
            raw: Some(Arc::from(raw)),
            more_lines: 0,
            provisional: false,
        }
    }

    fn check(format: RowFormat, fields: &[&str], hits: &[Hit], expected: &str) {
        let mut out = Vec::new();
        let fields = fields.iter().map(|field| (*field).to_owned()).collect();
        let options = RowOptions {
            format,
            fields,
            zone: Zone::UTC,
            safe: None,
            flush_each: false,
            width: None,
        };
        let mut writer = RowWriter::new(&mut out, options);
        for hit in hits {
            writer.write(hit).unwrap();
        }
        writer.finish().unwrap();
        assert_eq!(String::from_utf8_lossy(&out), expected);
    }

    #[test]
    fn raw_bytes_are_exact() {
        check(RowFormat::Raw, &[], &[hit(b"a\x1b[31m\tb", json!({}))], "a\x1b[31m\tb\n");
    }

    #[test]
    fn chosen_fields_are_found_in_nested_objects_and_arrays() {
        let row =
            hit(b"x", json!({"http": {"response": {"status_code": 500}}, "tags": ["a", "b"]}));
        check(
            RowFormat::Ndjson,
            &["http.response.status_code", "tags", "none"],
            std::slice::from_ref(&row),
            "{\"http.response.status_code\":500,\"tags\":[\"a\",\"b\"]}\n",
        );
        check(
            RowFormat::Csv,
            &["http.response.status_code", "tags"],
            &[row],
            "http.response.status_code,tags\n500,\"a, b\"\n",
        );
    }

    #[test]
    fn a_table_fits_its_columns_to_the_first_rows() {
        let rows =
            [hit(b"x", json!({"a": "one", "b": 1})), hit(b"y", json!({"a": "seventeen", "b": 2}))];
        check(
            RowFormat::Table,
            &["a", "b"],
            &rows,
            "@timestamp               a          b\n\
             2025-11-24 00:00:00.000  one        1\n\
             2025-11-24 00:00:00.000  seventeen  2\n",
        );
    }
}
