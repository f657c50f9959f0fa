//! `peavey conformance KIND`: answers cases, so that anybody can check Peavey against the originals.
//!
//! In: one case per line of JSON on standard input. Out: one answer per line, in the same order.
//! `docs/conformance.md` has the shapes. A line that is no case gets `{"error": ..}`.

mod config;
mod datemath;
mod filter;
mod grok;
mod kql;
mod request;
mod search;
mod suggest;
mod views;

use std::io::{self, BufRead, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Args, ValueEnum};
use serde_json::{Value as Json, json};

use views::Views;

/// What is asked in each line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Kind {
    /// KQL to tree and query DSL.
    Kql,
    /// Queries, pills and time range to a whole request.
    Request,
    /// The caret's place and what may be suggested there.
    Suggest,
    /// One end of a time range.
    Datemath,
    /// Documents found, sorted and counted.
    Search,
    /// A grok filter on a text.
    Grok,
    /// A Logstash configuration on events.
    Filter,
    /// Whether a Logstash configuration parses.
    Config,
}

/// Arguments of `peavey conformance`.
#[derive(Debug, Args)]
pub struct ConformanceArguments {
    /// What the cases ask
    kind: Kind,
    /// Folder of data views, NAME.json each
    #[arg(long, value_name = "DIR")]
    data_views: Option<PathBuf>,
    /// Folder of documents, NAME.ndjson each
    #[arg(long, value_name = "DIR")]
    docs: Option<PathBuf>,
}

/// Trees of queries may be as deep as Kibana's parser allows; JSON is written recursively.
const STACK: usize = 512 << 20;

/// Answers all cases of standard input.
#[must_use]
pub fn run(arguments: &ConformanceArguments) -> ExitCode {
    let answered = std::thread::scope(|scope| {
        let builder = std::thread::Builder::new().stack_size(STACK);
        let thread = builder.spawn_scoped(scope, || answer_all(arguments))?;
        thread.join().unwrap_or_else(|_| Err(io::Error::other("a case made the program panic")))
    });
    match answered {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(io::stderr(), "peavey: {error}");
            ExitCode::from(2)
        }
    }
}

fn answer_all(arguments: &ConformanceArguments) -> io::Result<()> {
    let views = Views::open(arguments.data_views.as_deref())?;
    let folder = |path: &Option<PathBuf>| path.clone().unwrap_or_else(|| Path::new(".").into());
    let (view_folder, documents) = (folder(&arguments.data_views), folder(&arguments.docs));
    let mut searcher = search::Searcher::new(&view_folder, &documents);
    let mut output = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let line = line?;
        if line.trim().is_empty() {
            continue;
        }
        let answer = match serde_json::from_str::<Json>(&line) {
            Ok(case) => match arguments.kind {
                Kind::Kql => kql::answer(&case, &views),
                Kind::Request => request::answer(&case, &views),
                Kind::Suggest => suggest::answer(&case),
                Kind::Datemath => datemath::answer(&case),
                Kind::Search => searcher
                    .answer(&case)
                    .unwrap_or_else(|error| json!({"error": format!("{error:#}")})),
                Kind::Grok => grok::answer(&case),
                Kind::Filter => filter::answer(&case),
                Kind::Config => config::answer(&case),
            },
            Err(error) => json!({"error": error.to_string()}),
        };
        serde_json::to_writer(&mut output, &answer)?;
        output.write_all(b"\n")?;
    }
    output.flush()
}

/// A text of a case; empty if it has none of that name.
fn text<'a>(case: &'a Json, name: &str) -> &'a str {
    case.get(name).and_then(Json::as_str).unwrap_or_default()
}
