//! `peavey [SOURCE]...`: opens the screen on sources, or on a list of this machine's logs.

use std::io::{IsTerminal, stdin};
use std::process::ExitCode;
use std::sync::Arc;

use super::opener::{self, Opener};
use super::options::ScreenOptions;
use super::{QuestionOptions, SourceOptions, cluster, fail, open};
use crate::shell::{self, StartOptions};

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
    options.query_config = open::config(wanted.question, zone);
    options.week_start = open::settings().week_start;
    options.queries = wanted.question.queries.iter().cloned().collect();
    let opener = Opener::new(wanted.source, wanted.screen.format.as_deref());
    let offered = opener.to_pick_from(&wanted.sources)?;
    if wanted.sources.is_empty() {
        options.picker = opener::machine();
    } else if let Some(offered) = offered {
        options.picker = offered;
    } else {
        options.source = Some(opener.open_first(&wanted.sources)?);
    }
    options.opener = Some(Arc::new(opener));
    cluster::memory::screen_opens();
    Ok(options)
}
