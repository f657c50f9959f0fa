//! `peavey [SOURCE]...`: opens the screen on sources, or on a list of this machine's logs.

use std::io::{IsTerminal, stdin};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::SystemTime;

use super::open::{self, Opening};
use super::options::ScreenOptions;
use super::{QuestionOptions, SourceOptions, cluster, fail, places};
use crate::app::state::SourceRow;
use crate::shell::{self, StartOptions};
use crate::source::Source;

/// Arguments of the screen.
#[derive(Debug, clap::Args)]
pub(super) struct ExploreArguments {
    /// Files, globs, folders, `-` for standard input, `journal:[UNIT]`, `docker:NAME`,
    /// `https://HOST:9200/PATTERN`
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    #[command(flatten)]
    question: QuestionOptions,
    #[command(flatten)]
    source: SourceOptions,
    #[command(flatten)]
    screen: ScreenOptions,
}

/// What the screen is to show.
pub(super) struct Wanted<'a> {
    /// Sources as written; none shows the list.
    pub sources: Vec<String>,
    /// Query and range.
    pub question: &'a QuestionOptions,
    /// How sources are read.
    pub source: &'a SourceOptions,
    /// How it looks.
    pub screen: &'a ScreenOptions,
    /// Relative times count from the newest record.
    pub relative_to_end: bool,
}

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &ExploreArguments) -> ExitCode {
    let mut sources = arguments.sources.clone();
    if sources.is_empty() && !stdin().is_terminal() {
        sources.push("-".to_owned());
    }
    let wanted = Wanted {
        sources,
        question: &arguments.question,
        source: &arguments.source,
        screen: &arguments.screen,
        relative_to_end: false,
    };
    open(&wanted)
}

/// Opens the screen.
#[must_use]
pub(super) fn open(wanted: &Wanted<'_>) -> ExitCode {
    match start_options(wanted)
        .and_then(|options| shell::run(options).map_err(|error| format!("{error:#}")))
    {
        Ok(status) => status,
        Err(message) => fail(&message),
    }
}

fn start_options(wanted: &Wanted<'_>) -> Result<StartOptions, String> {
    if !open::has_terminal() {
        return Err("the screen needs a terminal; `peavey query` answers without one".to_owned());
    }
    let zone = open::display_zone(wanted.question.tz.as_deref())?;
    let mut options = StartOptions::new(zone);
    options.view = open::saved_view(wanted.question, wanted.question.query.as_deref())?;
    if wanted.question.saved.is_none() && options.view.asked.span.is_all() {
        options.view.asked.span = cluster::time_range(&wanted.sources).unwrap_or_default();
    }
    if !wanted.screen.columns.is_empty() {
        options.view.columns.clone_from(&wanted.screen.columns);
    }
    options.follow = wanted.source.follow;
    options.now_is_end = wanted.relative_to_end;
    options.theme = wanted.screen.theme.clone().or_else(|| Some(open::settings().theme.clone()));
    options.ascii = (wanted.screen.ascii || open::settings().ascii).then_some(true);
    options.query_config = open::config(wanted.question);
    options.queries = wanted.question.queries.iter().cloned().collect();
    let opener = Opener { source: wanted.source.clone(), format: wanted.screen.format.clone() };
    if wanted.sources.is_empty() {
        options.picker = rows();
    } else {
        options.source = Some(opener.open(&wanted.sources)?);
        remember(&wanted.sources);
    }
    options.opener = Some(Arc::new(move |sources| {
        let opened = opener.open(&sources).map_err(anyhow::Error::msg)?;
        remember(&sources);
        Ok(opened)
    }));
    Ok(options)
}

/// Opens sources for the screen, again and again.
struct Opener {
    source: SourceOptions,
    format: Option<String>,
}

impl Opener {
    fn open(&self, sources: &[String]) -> Result<Arc<dyn Source>, String> {
        open::source(&Opening { sources, source: &self.source, format: self.format.as_deref() })
    }
}

/// The rows of the list of sources.
fn rows() -> Vec<SourceRow> {
    let recent = open::paths().map(|paths| paths.recent());
    let recent = recent.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let recent: Vec<String> = recent.lines().map(str::to_owned).collect();
    let places = places::list(Path::new("/var/log"), &recent, SystemTime::now());
    places
        .into_iter()
        .map(|place| SourceRow {
            label: place.label,
            detail: place.detail,
            args: vec![place.argument],
        })
        .collect()
}

/// Most recent sources that are kept.
const RECENT: usize = 20;

/// Notes sources for the list; that it cannot be noted stops nobody.
fn remember(sources: &[String]) {
    let Some(file) = open::paths().map(|paths| paths.recent()) else { return };
    let Some(folder) = file.parent() else { return };
    let old = std::fs::read_to_string(&file).unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for source in sources.iter().filter(|source| *source != "-" && !source.contains('\n')) {
        if let Some(address) = cluster::address_to_keep(source) {
            lines.push(address);
            continue;
        }
        let absolute = std::fs::canonicalize(source);
        lines.push(absolute.map_or_else(|_gone| source.clone(), |path| path.display().to_string()));
    }
    lines.extend(old.lines().map(str::to_owned));
    let mut seen = std::collections::HashSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines.truncate(RECENT);
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&file, lines.join("\n") + "\n"));
    if let Err(error) = written {
        tracing::debug!("recent sources are not kept: {error}");
    }
}
