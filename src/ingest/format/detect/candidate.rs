//! The formats that lines may have, each able to say whether it fits a line.

use std::collections::BTreeSet;
use std::sync::Arc;

use serde_json::{Map, Value as Json};

use super::lines::Lines;
use super::times;
use crate::diagnostic::{Diagnostic, nearest};
use crate::event::{Event, FieldType, MappedField, Mapping};
use crate::ingest::format::builtin::{BUILTIN, Builtin, Joining};
use crate::ingest::format::file_format::{FormatPart, Shape, TimeField};
use crate::ingest::format::options::DetectOptions;
use crate::ingest::format::rule::{Start, fluentd_head};
use crate::ingest::format::schema::{Numbers, Typing, ecs};
use crate::ingest::format::shape::columns::ColumnsShape;
use crate::ingest::format::shape::plain::{Spot, first_line};
use crate::ingest::format::shape::{csv, export, json, logfmt};
use crate::ingest::format::stamp::{self, Clock, TimeFormat};
use crate::pipeline::{Config, Options, Pipeline, RunContext, Scratch, Wanted};
use crate::time::{Millis, Zone};

/// A format that lines may have.
pub(super) enum Candidate {
    /// A built-in text format: its place in the list, its configuration, and grok alone.
    Text { index: usize, config: Arc<Config>, check: Box<Pipeline> },
    /// JSON documents; on several lines each.
    Json { pretty: bool },
    /// `time tag {json}`.
    Fluentd,
    /// Pairs.
    Logfmt,
    /// Separated values.
    Columns(ColumnsShape),
    /// A journal's export.
    Export,
    /// Lines with a stamp at a place; `fixed` if most stamps stand exactly there.
    Stamped { spot: Spot, fixed: bool },
    /// Anything.
    Plain,
}

/// The formats that have no configuration: name for `--format`, name for people, example.
pub(super) const SHAPES: &[(&str, &str, &str)] = &[
    (
        "json",
        "JSON",
        r#"{"@timestamp":"2025-11-24T10:00:00Z","log":{"level":"error"},"message":"no such parcel"}"#,
    ),
    ("logfmt", "logfmt", r#"ts=2025-11-24T10:00:00Z level=error msg="no such parcel" id=416525"#),
    ("csv", "CSV", "Invoice Date,Payee,Amount\n11/24/2025,Ada,12.50"),
    (
        "w3c",
        "W3C/IIS",
        "#Fields: date time c-ip cs-method cs-uri-stem sc-status\n2025-11-24 10:00:00 203.0.113.9 GET /cart 200",
    ),
    (
        "fluentd",
        "fluentd",
        r#"2025-11-24 10:00:00 +0000 app.web: {"level":"error","message":"no such parcel"}"#,
    ),
    (
        "journal-export",
        "journal export",
        "__CURSOR=s=1\n__REALTIME_TIMESTAMP=1763978400000000\nMESSAGE=started",
    ),
    ("plain", "plain text", "2025-11-24 10:00:00 something happened"),
];

impl Candidate {
    fn builtin(&self) -> Option<&'static Builtin> {
        if let Self::Text { index, .. } = self { BUILTIN.get(*index) } else { None }
    }

    /// The name for `--format`.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Text { .. } => self.builtin().map_or("", |format| format.name),
            Self::Json { .. } => "json",
            Self::Fluentd => "fluentd",
            Self::Logfmt => "logfmt",
            Self::Columns(shape) if shape.header.is_some() => "csv",
            Self::Columns(_) => "w3c",
            Self::Export => "journal-export",
            Self::Stamped { .. } | Self::Plain => "plain",
        }
    }

    /// The name for people.
    pub(super) fn title(&self) -> &'static str {
        match self {
            Self::Text { .. } => self.builtin().map_or("", |format| format.title),
            Self::Stamped { .. } => "text with times",
            _ => SHAPES
                .iter()
                .find(|(name, ..)| *name == self.name())
                .map_or("", |(_, title, _)| title),
        }
    }

    /// Whether it takes any line with a stamp.
    pub(super) fn is_stamped(&self) -> bool {
        matches!(self, Self::Stamped { .. })
    }

    /// How much a fitting line says for it: what fits nearly everything says less.
    pub(super) fn weight(&self) -> usize {
        match self {
            Self::Stamped { .. } => 1,
            Self::Logfmt => 2,
            _ => 3,
        }
    }

    /// Whether it fits a line.
    pub(super) fn fits(&self, line: &[u8]) -> bool {
        match self {
            Self::Text { index, check, .. } => {
                if !(BUILTIN[*index].probe)(line) {
                    return false;
                }
                let mut event = Event::new(check.layout().clone());
                check.begin(line, &mut event);
                let context = RunContext { now: Millis(0), base_year: 2024 };
                !check.run(&context, &mut Scratch::default(), line, &mut event).failed
            }
            Self::Json { .. } => line.first() == Some(&b'{') && json::document(line).is_some(),
            Self::Fluentd => {
                fluentd_head(line).is_some_and(|(at, _)| json::document(&line[at..]).is_some())
            }
            Self::Logfmt => logfmt::fits(line),
            Self::Columns(shape) => {
                csv::cells(line, shape.separator).count() == shape.names.len()
                    && shape.header.as_deref() != Some(line)
            }
            Self::Export => export::fields(line).next().is_some(),
            Self::Stamped { spot, .. } => {
                let clock = Clock { zone: Zone::UTC, year: 2024 };
                spot.read(line, &clock).is_some()
            }
            Self::Plain => true,
        }
    }

    /// How many of the lines it fits.
    pub(super) fn count(&self, lines: &[&[u8]]) -> usize {
        lines.iter().filter(|line| self.fits(line)).count()
    }

    /// How its records are joined.
    pub(super) fn joining(&self) -> Joining {
        match self {
            Self::Text { index, .. } => BUILTIN[*index].joining,
            Self::Json { pretty: true } | Self::Export | Self::Stamped { fixed: true, .. } => {
                Joining::Starts
            }
            Self::Columns(shape) if shape.header.is_some() => Joining::Starts,
            _ => Joining::Lines,
        }
    }

    /// What begins its records.
    pub(super) fn start(&self) -> Start {
        match self {
            Self::Text { index, .. } => Start::Builtin(*index),
            Self::Json { .. } => Start::Object,
            Self::Fluentd => Start::Fluentd,
            Self::Logfmt => Start::Logfmt,
            Self::Columns(shape) => Start::Cells(shape.separator, shape.names.len()),
            Self::Export => Start::Export,
            Self::Stamped { spot, .. } => Start::Stamp(*spot),
            Self::Plain => Start::Object,
        }
    }

    /// The format of a file's records, with fields typed from the lines that it fits.
    pub(super) fn part(
        &self,
        path: &str,
        count: usize,
        lines: &[&[u8]],
        options: &DetectOptions,
    ) -> Result<FormatPart, Diagnostic> {
        let mut constants = options.constants(path);
        let mut timeless = true;
        let mut own = BTreeSet::new();
        let mut times = Vec::new();
        let (shape, mapping) = match self {
            Self::Text { index, config, .. } => {
                timeless = false;
                let everything = Pipeline::compile(config, &Options::default()).map_err(first)?;
                let mut mapping = Mapping::default();
                let hidden = |name: &str| {
                    name.starts_with("@metadata") || matches!(name, "tags" | "@timestamp")
                };
                for name in everything.layout().names().filter(|name| !hidden(name)) {
                    mapping.fields.insert(name.into(), MappedField::of(text_type(name)));
                    own.insert(name.to_owned());
                }
                own.insert("message".to_owned());
                if BUILTIN[*index].name == "pipe" {
                    constants.push(("service".to_owned(), service(path)));
                }
                constants.push(("event.dataset".to_owned(), BUILTIN[*index].dataset.to_owned()));
                (Shape::Text(config.clone()), mapping)
            }
            Self::Stamped { spot, .. } => {
                timeless = false;
                own.extend(["message".to_owned(), "log.level".to_owned()]);
                (Shape::Plain(Some(*spot)), plain_mapping())
            }
            Self::Plain => {
                timeless = false;
                own.extend(["message".to_owned(), "log.level".to_owned()]);
                (Shape::Plain(None), plain_mapping())
            }
            _ => {
                let documents: Vec<Map<String, Json>> =
                    lines.iter().filter_map(|line| self.sample(line)).collect();
                times = times::find(&documents, options)?;
                if let Self::Columns(shape) = self
                    && shape.names.iter().any(|name| name == "@metadata.date")
                    && options.time_field.is_none()
                {
                    times = vec![TimeField::Joined(
                        "@metadata.date".to_owned(),
                        "@metadata.time".to_owned(),
                    )];
                }
                if let Self::Fluentd = self {
                    times.push(TimeField::One("@metadata.stamp".to_owned(), TimeFormat::Any));
                }
                let mapping = self.typed(&documents, options);
                own.extend(
                    mapping
                        .fields
                        .iter()
                        .filter(|(_, field)| field.parent.is_none())
                        .map(|(name, _)| name.to_string()),
                );
                let shape = match self {
                    Self::Fluentd => Shape::Fluentd,
                    Self::Logfmt => Shape::Logfmt,
                    Self::Columns(shape) => Shape::Columns(shape.clone()),
                    Self::Export => Shape::Export,
                    _ => Shape::Json,
                };
                (shape, mapping)
            }
        };
        Ok(FormatPart {
            name: self.name().to_owned(),
            title: self.title().to_owned(),
            mapping: Arc::new(mapping),
            timeless,
            lines: count,
            shape,
            times,
            own,
            constants,
        })
    }

    /// The types of documents' fields.
    fn typed(&self, documents: &[Map<String, Json>], options: &DetectOptions) -> Mapping {
        let numbers = match self {
            Self::Json { .. } | Self::Fluentd => Numbers::AsWritten,
            _ => Numbers::InText,
        };
        let mut typing = Typing::new(numbers);
        for document in documents {
            typing.document(document);
        }
        let mut mapping = typing.mapping();
        mapping.fields.retain(|name, _| !name.starts_with("@metadata."));
        if let Self::Columns(shape) = self {
            // Columns without a value in the samples.
            for name in shape.names.iter().filter(|name| !name.starts_with("@metadata.")) {
                if !mapping.fields.contains_key(name.as_str()) {
                    crate::ingest::format::schema::insert(
                        &mut mapping,
                        name,
                        ecs(name).unwrap_or(FieldType::Text),
                    );
                }
            }
        }
        if let Self::Fluentd = self {
            mapping.fields.insert("fluentd.tag".into(), MappedField::of(FieldType::Keyword));
        }
        if let Some(given) = &options.mapping {
            // A field that is given has no sub-fields but those that are given too.
            mapping.fields.retain(|_, guess| {
                guess.parent.as_deref().is_none_or(|parent| given.get(parent).is_none())
            });
            for (name, field) in &given.fields {
                mapping.fields.insert(name.clone(), field.clone());
            }
        }
        mapping
    }

    /// A sample line as a document.
    fn sample(&self, line: &[u8]) -> Option<Map<String, Json>> {
        let text = |bytes: &[u8]| Json::String(String::from_utf8_lossy(bytes).into_owned());
        match self {
            Self::Json { .. } => json::document(line),
            Self::Fluentd => json::document(line.get(fluentd_head(line)?.0..)?),
            Self::Logfmt => {
                let pairs = logfmt::pairs(line).filter(|pair| pair.assigned);
                Some(
                    pairs
                        .map(|pair| {
                            let key =
                                String::from_utf8_lossy(logfmt::bytes(line, pair.key)).into_owned();
                            (key, text(&logfmt::unescape(logfmt::bytes(line, pair.value))))
                        })
                        .collect(),
                )
            }
            Self::Columns(shape) => {
                let cells = csv::cells(line, shape.separator).map(|cell| csv::text(line, cell));
                let named = shape
                    .names
                    .iter()
                    .zip(cells)
                    .filter(|(_, cell)| !cell.is_empty() && cell != shape.absent);
                Some(named.map(|(name, cell)| (name.clone(), text(&cell))).collect())
            }
            Self::Export => {
                let fields = export::fields(line);
                Some(
                    fields
                        .map(|(key, span)| (key.to_owned(), text(logfmt::bytes(line, span))))
                        .collect(),
                )
            }
            _ => None,
        }
    }
}

fn first(mut diagnostics: Vec<Diagnostic>) -> Diagnostic {
    if diagnostics.is_empty() {
        Diagnostic::error("the configuration cannot be used")
    } else {
        diagnostics.swap_remove(0)
    }
}

/// The type of a field of our own text formats.
fn text_type(name: &str) -> FieldType {
    match name {
        "nginx.access.request_time" | "nginx.access.upstream.response_time" | "system.uptime" => {
            FieldType::Double
        }
        "apache.access.microseconds" | "nginx.error.connection_id" => FieldType::Long,
        "http.request.line" | "nginx.access.extra" => FieldType::Keyword,
        _ => ecs(name).unwrap_or(FieldType::Keyword),
    }
}

fn plain_mapping() -> Mapping {
    let mut mapping = Mapping::default();
    mapping.fields.insert("message".into(), MappedField::of(FieldType::Text));
    mapping.fields.insert("log.level".into(), MappedField::of(FieldType::Keyword));
    mapping
}

/// The service that a file is of: its name without endings and rotation numbers, or its folder's
/// where the name says nothing (`nginx/access.log`).
pub(super) fn service(path: &str) -> String {
    const GENERAL: &[&str] = &[
        "access",
        "app",
        "application",
        "console",
        "current",
        "error",
        "errors",
        "log",
        "logs",
        "main",
        "out",
        "output",
        "server",
        "stderr",
        "stdout",
        "syslog",
    ];
    let mut parts = path.rsplit(['/', '\\']).filter(|part| !part.is_empty());
    let file = parts.next().unwrap_or_default();
    let stem = file.split('.').next().unwrap_or_default();
    let stem = stem
        .trim_end_matches(|letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '_'));
    let folder = parts.next().unwrap_or_default();
    let general = stem.is_empty() || GENERAL.binary_search(&stem).is_ok();
    if general && !folder.is_empty() { folder.to_owned() } else { stem.to_owned() }
}

/// The text format at a place of the list, ready to be tried.
fn text(index: usize) -> Option<Candidate> {
    let config = Arc::new(Config::parse(BUILTIN[index].config).ok()?);
    let wanted = Wanted::Fields(["tags".to_owned()].into());
    let check = Pipeline::compile(&config, &Options { wanted, ..Options::default() }).ok()?;
    Some(Candidate::Text { index, config, check: Box::new(check) })
}

/// The formats that may fit, by cheap tests.
pub(super) fn candidates(lines: &Lines, records: &[&[u8]]) -> Vec<Candidate> {
    let mut pool: Vec<Candidate> = lines.columns.iter().cloned().map(Candidate::Columns).collect();
    if lines.texts.first().is_some_and(|text| text.starts_with(b"__CURSOR=")) {
        pool.push(Candidate::Export);
    }
    pool.push(Candidate::Json { pretty: lines.pretty });
    pool.push(Candidate::Fluentd);
    let may = |format: &Builtin| records.iter().any(|line| (format.probe)(line));
    pool.extend((0..BUILTIN.len()).filter(|index| may(&BUILTIN[*index])).filter_map(text));
    pool.extend(csv_header(lines));
    pool.push(Candidate::Logfmt);
    pool.extend(stamped(records));
    pool
}

/// CSV, if the first line is a header and most others have as many cells.
fn csv_header(lines: &Lines) -> Option<Candidate> {
    let shape = ColumnsShape::csv_header(lines.texts.first()?)?;
    let rows = lines.texts.iter().skip(1);
    let fits =
        rows.filter(|row| csv::cells(row, shape.separator).count() == shape.names.len()).count();
    (fits * 2 >= lines.texts.len().saturating_sub(1) && fits > 0)
        .then_some(Candidate::Columns(shape))
}

/// Text with the stamp that most of the lines have.
pub(super) fn stamped(lines: &[&[u8]]) -> Option<Candidate> {
    let clock = Clock { zone: Zone::UTC, year: 2024 };
    let mut found: Vec<(Spot, usize)> = Vec::new();
    let mut all = 0;
    for line in lines {
        let Some((at, shape, stamp)) = stamp::find(first_line(line), &clock) else { continue };
        let timed = stamp.len > 11;
        let spot = Spot::fixed(at, shape, timed);
        all += 1;
        match found.iter_mut().find(|(known, _)| *known == spot) {
            Some((_, count)) => *count += 1,
            None => found.push((spot, 1)),
        }
    }
    let (spot, count) = found.into_iter().max_by_key(|(_, count)| *count)?;
    let fixed = count * 5 >= all * 3;
    let spot = if fixed { spot } else { Spot { reach: 160, ..spot } };
    Some(Candidate::Stamped { spot, fixed })
}

/// What fits when nothing else does.
pub(super) fn plain(lines: &[&[u8]]) -> Candidate {
    stamped(lines)
        .filter(|candidate| candidate.count(lines) * 20 >= lines.len())
        .unwrap_or(Candidate::Plain)
}

/// The format that a person named.
pub(super) enum Wish {
    /// A text format, by its place in the list.
    Text(usize),
    /// A shape, by its name.
    Shape(&'static str),
}

/// Understands a format's name.
pub(super) fn by_name(name: &str) -> Result<Wish, Diagnostic> {
    let wanted = match name {
        "nginx" | "apache" | "combined" | "common" | "nginx-access" | "apache-access" => "access",
        "ndjson" | "jsonl" => "json",
        "iis" => "w3c",
        "text" => "plain",
        "pt" => "pipe",
        "logback" | "java" => "log4j",
        other => other,
    };
    if let Some(index) = BUILTIN.iter().position(|format| format.name == wanted) {
        return Ok(Wish::Text(index));
    }
    if let Some((shape, ..)) = SHAPES.iter().find(|(shape, ..)| *shape == wanted) {
        return Ok(Wish::Shape(shape));
    }
    let names =
        BUILTIN.iter().map(|format| format.name).chain(SHAPES.iter().map(|(shape, ..)| *shape));
    let hint = match nearest(name, names) {
        Some(near) => format!("did you mean {near}? `peavey formats` lists them"),
        None => "`peavey formats` lists them".to_owned(),
    };
    Err(Diagnostic::error(format!("unknown format '{name}'")).hint(hint))
}

/// The candidates for a named format: it alone.
pub(super) fn forced(wish: &Wish, lines: &Lines) -> Result<Vec<Candidate>, Diagnostic> {
    let records: Vec<&[u8]> = lines.records().collect();
    let candidate = match wish {
        Wish::Text(index) => text(*index),
        Wish::Shape("json") => Some(Candidate::Json { pretty: lines.pretty }),
        Wish::Shape("fluentd") => Some(Candidate::Fluentd),
        Wish::Shape("logfmt") => Some(Candidate::Logfmt),
        Wish::Shape("journal-export") => Some(Candidate::Export),
        Wish::Shape("w3c") => lines.columns.first().cloned().map(Candidate::Columns),
        Wish::Shape("csv") => lines
            .texts
            .first()
            .and_then(|line| ColumnsShape::csv_header(line))
            .map(Candidate::Columns),
        Wish::Shape(_) => Some(plain(&records)),
    };
    let missing = || {
        Diagnostic::error("the file has no header line that names its columns")
            .hint("CSV begins with a line of names, W3C logs have a #Fields line")
    };
    candidate.map(|candidate| vec![candidate]).ok_or_else(missing)
}
