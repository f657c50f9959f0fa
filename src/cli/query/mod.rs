//! `peavey query`: the answers of the screen without a screen.
//!
//! Rows are streamed oldest first in constant memory; facets and the histogram are counted in one
//! pass. Exit status as grep's: 0 something matched, 1 nothing, 2 an error or a partial answer.

mod counts;
mod rows;
mod wanted;

use std::io::{self, BufWriter, IsTerminal, Write};
use std::ops::ControlFlow;
use std::process::ExitCode;

use clap::Args;

use self::counts::Counts;
use self::rows::{RowFormat, RowOptions, RowWriter};
use super::headless::{Headless, Wanted};
use super::open::{self, Opening};
use super::{QuestionOptions, SourceOptions, arguments, exit, fail};
use crate::query::{
    Answer, HistogramRequest, Hit, Interval, Part, SortOrder, Warning, WarningKind,
};

/// Buckets of a histogram whose interval is not named.
const BUCKETS: u16 = 100;

/// Arguments of `peavey query`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct QueryArguments {
    /// A query in KQL, then sources; the first is a source if it exists (`-q` settles it)
    #[arg(value_name = "KQL or SOURCE")]
    free: Vec<String>,
    #[command(flatten)]
    question: QuestionOptions,
    #[command(flatten)]
    source: SourceOptions,
    /// How rows are written [default: table on a terminal, raw in a pipe]
    #[arg(long, value_enum, value_name = "FORMAT", help_heading = "Output")]
    format: Option<RowFormat>,
    /// Fields to write, e.g. `@timestamp,url.path`
    #[arg(long, value_delimiter = ',', help_heading = "Output")]
    fields: Vec<String>,
    /// Order of rows, e.g. `http.response.bytes:desc` (by default `@timestamp:asc`)
    #[arg(long, value_name = "FIELD:asc", help_heading = "Output")]
    sort: Option<String>,
    /// At most so many rows
    #[arg(long, value_name = "N", help_heading = "Output")]
    limit: Option<u64>,
    /// Count the top values of a field; 10, or N, or all with 0; can be repeated
    #[arg(long, value_name = "FIELD[:N]", help_heading = "Counts")]
    facet: Vec<String>,
    /// Count over time
    #[arg(long, help_heading = "Counts")]
    histogram: bool,
    /// Split the histogram by a field; a status or level field by its classes, or its `:values`
    #[arg(long, value_name = "FIELD[:values]", requires = "histogram", help_heading = "Counts")]
    by: Option<String>,
    /// Width of the histogram's buckets: 30s, 5m, 3h fixed; 1d, 1w, 1M, 1y by the calendar
    #[arg(long, value_name = "INTERVAL", requires = "histogram", help_heading = "Counts")]
    interval: Option<String>,
    /// Force the log format (`peavey formats` lists them)
    #[arg(long, value_name = "NAME", help_heading = "Sources")]
    input_format: Option<String>,
}

const AFTER_HELP: &str = "\
Examples:
  peavey query 'http.response.status_code >= 500' access.log
  peavey query 'log.level: error' /var/log --from -1h --format ndjson --fields @timestamp,message
  peavey query --facet http.response.status_code --facet url.path:20 access.log
  peavey query --histogram --by http.response.status_code --interval 5m access.log*
  zcat old.gz | peavey query --format count 'source.ip: 10.0.0.0/8'
  peavey query 'log.level: error' 'https://es.example:9200/logs-*' --user me --format ndjson
Exit status: 0 something matched, 1 nothing, 2 an error, or only a part of the answer (what is
missing is said on standard error).";

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &QueryArguments) -> ExitCode {
    match answer(arguments) {
        Ok(Given { is_partial: true, .. }) => ExitCode::from(exit::ERROR),
        Ok(Given { any: true, .. }) => ExitCode::from(exit::MATCHED),
        Ok(_) => ExitCode::from(exit::NOTHING),
        Err(Failure::Said(message)) => fail(&message),
        // Nobody reads on, as `head` does: that is no error.
        Err(Failure::Output(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            ExitCode::from(exit::MATCHED)
        }
        Err(Failure::Output(error)) => fail(&format!("cannot write: {error}")),
    }
}

/// What was written.
struct Given {
    /// Whether anything matched.
    any: bool,
    /// Whether there may be more than what was written.
    is_partial: bool,
}

/// Says what should be known about an answer; whether it is partial.
fn say(warnings: &[Warning]) -> bool {
    for warning in warnings {
        eprintln!("peavey: {}", open::clean(&warning.message));
    }
    Warning::worst(warnings) == Some(WarningKind::Partial)
}

/// Why there is no answer.
enum Failure {
    /// A sentence for the user.
    Said(String),
    /// The output cannot be written.
    Output(io::Error),
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::Said(message)
    }
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        Self::Output(error)
    }
}

fn answer(arguments: &QueryArguments) -> Result<Given, Failure> {
    let mut sorted = arguments::sort(&arguments.free, arguments.question.query.as_deref())?;
    if sorted.sources.is_empty() {
        if io::stdin().is_terminal() {
            return Err(Failure::Said(
                "no source: name files or folders, or pipe records in\n\
                 for example: peavey query 'log.level: error' /var/log/syslog"
                    .to_owned(),
            ));
        }
        sorted.sources.push("-".to_owned());
    }
    let opening = Opening {
        sources: &sorted.sources,
        source: &arguments.source,
        format: arguments.input_format.as_deref(),
    };
    let opened = Headless::open(&opening, &arguments.question, sorted.query.as_deref())?;
    let wants_counts = arguments.histogram || !arguments.facet.is_empty();
    if wants_counts || arguments.format == Some(RowFormat::Count) {
        counts(arguments, &opened)
    } else {
        rows(arguments, &opened)
    }
}

fn counts(arguments: &QueryArguments, opened: &Headless) -> Result<Given, Failure> {
    let view = &opened.view;
    let mut parts = vec![Part::Total];
    for text in &arguments.facet {
        parts.push(Part::Facet(wanted::facet(text, view)?));
    }
    if arguments.histogram {
        let by = arguments.by.as_deref().map(|text| wanted::breakdown(text, view)).transpose()?;
        let interval = match arguments.interval.as_deref() {
            Some(text) => Interval::parse(text).ok_or_else(|| {
                format!("`{text}` is no interval; write for example 30s, 5m, 3h, 1d, 1w, 1M")
            })?,
            None => Interval::Auto { buckets: BUCKETS },
        };
        parts.push(Part::Histogram(HistogramRequest { interval, by }));
    }
    let search = opened.search(opened.by_time(SortOrder::Ascending));
    let counted = opened.count(&search, &parts)?;
    let is_partial = say(&counted.warnings);
    let by = arguments.by.as_deref().map(|text| text.trim_end_matches(":values").to_owned());
    let mut counts = Counts { complete: !is_partial, ..Counts::default() };
    for answer in counted.answers {
        match answer {
            Answer::Total(total) => counts.total = total.hits,
            Answer::Facet(facet) => counts.facets.push(facet),
            Answer::Histogram(histogram) => counts.histogram = Some((histogram, by.clone())),
            Answer::Failed(reason) => return Err(Failure::Said(reason)),
            Answer::Refused(wrong) => return Err(Failure::Said(opened.explain(&wrong))),
            _ => {}
        }
    }
    opened.say_notices();
    let mut out = BufWriter::new(io::stdout().lock());
    match arguments.format {
        Some(RowFormat::Count) => writeln!(out, "{}", counts.total)?,
        Some(RowFormat::Ndjson) => writeln!(out, "{}", counts.to_json())?,
        None | Some(RowFormat::Table) => {
            let safe = safe_text();
            counts.write_tables(&mut out, opened.zone, &|text| {
                safe.map_or_else(|| text.to_owned(), |safe| safe(text))
            })?;
        }
        Some(RowFormat::Csv | RowFormat::Raw) => {
            return Err(Failure::Said(
                "--facet and --histogram are written as --format table or ndjson".to_owned(),
            ));
        }
    }
    out.flush()?;
    Ok(Given { any: counts.total > 0, is_partial })
}

fn rows(arguments: &QueryArguments, opened: &Headless) -> Result<Given, Failure> {
    let is_terminal = io::stdout().is_terminal();
    let default = if is_terminal { RowFormat::Table } else { RowFormat::Raw };
    let format = arguments.format.unwrap_or(default);
    for field in &arguments.fields {
        match wanted::known(field, &opened.view) {
            Err(unknown) if !wanted::is_object(field, &opened.view) => {
                eprintln!("peavey: {}", open::clean(&unknown));
            }
            _ => {}
        }
    }
    let mut fields = arguments.fields.clone();
    if format == RowFormat::Csv && fields.is_empty() {
        fields = wanted::own_fields(&opened.view);
    }
    let documents = match format {
        RowFormat::Raw | RowFormat::Count => false,
        RowFormat::Table => !fields.is_empty(),
        RowFormat::Ndjson | RowFormat::Csv => true,
    };
    let safe = safe_text();
    let size = is_terminal.then(|| rustix::termios::tcgetwinsize(io::stdout()).ok()).flatten();
    let options = RowOptions {
        format,
        fields: fields.clone(),
        zone: opened.zone,
        safe: safe.as_ref().map(|safe| safe as &dyn Fn(&str) -> String),
        flush_each: arguments.source.follow,
        width: size.map(|size| usize::from(size.ws_col)).filter(|width| *width > 0),
    };
    let out = BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut writer = RowWriter::new(out, options);
    let by_time = opened.by_time(SortOrder::Ascending);
    let sort = match arguments.sort.as_deref() {
        Some(text) => wanted::sort(text, &opened.view)?,
        None => by_time.clone(),
    };
    let follow = arguments.source.follow;
    if follow && sort != by_time {
        let advice = "-f gives records as they come, so it has no other order: leave --sort out";
        return Err(Failure::Said(advice.to_owned()));
    }
    let wanted = Wanted { fields: &fields, documents, limit: arguments.limit, follow };
    let mut failed = None;
    let mut sink = |hit: Hit| match writer.write(&hit) {
        Ok(()) => ControlFlow::Continue(()),
        Err(error) => {
            failed = Some(error);
            ControlFlow::Break(())
        }
    };
    let given = if sort == by_time {
        opened.rows(&wanted, &mut sink)
    } else {
        opened.sorted(sort, &wanted, &mut sink)
    };
    if let Some(error) = failed {
        return Err(Failure::Output(error));
    }
    writer.finish()?;
    let (rows, warnings) = given?;
    let is_partial = say(&warnings);
    opened.say_notices();
    Ok(Given { any: rows > 0, is_partial })
}

/// Makes log text harmless where it goes to a terminal; `None` where bytes stay exact.
fn safe_text() -> Option<fn(&str) -> String> {
    io::stdout().is_terminal().then_some(open::clean as fn(&str) -> String)
}
