//! The command line: arguments in, exit status out; one file per subcommand.
//!
//! May use every other module and is used by none but `main.rs`.
#![allow(clippy::print_stdout, clippy::print_stderr, reason = "the command line prints")]

mod arguments;
mod cluster;
pub mod conformance;
mod demo;
mod doctor;
mod explore;
mod fields;
mod formats;
mod headless;
mod open;
mod opener;
mod options;
mod places;
mod queries;
mod query;
mod setup;
mod several;
pub mod translate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

pub use cluster::ClusterOptions;
pub use options::{QuestionOptions, SourceOptions};

/// Exit status, as grep's: something matched, nothing did, it could not be told.
pub mod exit {
    /// Something matched, or the command did its work.
    pub const MATCHED: u8 = 0;
    /// Nothing matched.
    pub const NOTHING: u8 = 1;
    /// An error: nothing could be read, or the question is wrong.
    pub const ERROR: u8 = 2;
}

const AFTER_HELP: &str = "\
Examples:
  peavey demo                                   look around on a sample with an incident in it
  peavey /var/log/nginx/access.log              explore a file
  peavey /var/log -q 'log.level: error' --from -1h
  journalctl -o json -f | peavey                explore a pipe, live
  peavey query 'http.response.status_code >= 500' /var/log/nginx
  peavey query --facet url.path /var/log/nginx/access.log*
  peavey https://es.example:9200/logs-*         explore a cluster
  peavey doctor https://es.example:9200/logs-*  why is there nothing, or not all?
Without a source, on a terminal: a list of this machine's logs to pick from.
Settings: config.toml, keymap.toml, themes/ and queries/ in ~/.config/peavey (PEAVEY_CONFIG_DIR).
Keys on the screen: ? help, i query, / find, t time, + and - filters, q back.";

/// Kibana Discover for the terminal: explores log files with KQL.
#[derive(Debug, Parser)]
#[command(name = "peavey", version, about, after_help = AFTER_HELP, max_term_width = 100)]
#[command(args_conflicts_with_subcommands = true, disable_help_subcommand = true)]
pub struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    explore: explore::ExploreArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Answer a question without a screen: rows, facets, a histogram
    Query(Box<query::QueryArguments>),
    /// List the fields of a source
    Fields(fields::FieldsArguments),
    /// List the log formats, or explain why one was chosen
    Formats(formats::FormatsArguments),
    /// List the saved queries
    Queries(queries::QueriesArguments),
    /// Check a source: what is wrong, and what to do
    Doctor(Box<doctor::DoctorArguments>),
    /// Keep clusters under names, and prove that they can be reached
    Cluster(cluster::command::ClusterArguments),
    /// Prepare a cluster for logs: templates, a role, a user
    Setup(setup::SetupArguments),
    /// Explore a shipped sample
    Demo(demo::DemoArguments),
    /// Print the Elasticsearch query that a KQL query means
    Translate(translate::TranslateArguments),
    /// Answer conformance cases from standard input (docs/conformance.md)
    #[command(hide = true)]
    Conformance(conformance::ConformanceArguments),
}

/// Runs the program with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    match &cli.command {
        None => explore::run(&cli.explore),
        Some(Command::Query(arguments)) => query::run(arguments),
        Some(Command::Fields(arguments)) => fields::run(arguments),
        Some(Command::Formats(arguments)) => formats::run(arguments),
        Some(Command::Queries(arguments)) => queries::run(arguments),
        Some(Command::Doctor(arguments)) => doctor::run(arguments),
        Some(Command::Cluster(arguments)) => cluster::command::run(arguments),
        Some(Command::Setup(arguments)) => setup::run(arguments),
        Some(Command::Demo(arguments)) => demo::run(arguments),
        Some(Command::Translate(arguments)) => translate::run(arguments),
        Some(Command::Conformance(arguments)) => conformance::run(arguments),
    }
}

/// Says an error on standard error, harmless for a terminal, and gives the status for it.
fn fail(message: &str) -> ExitCode {
    let lines: Vec<String> = message.lines().map(open::clean).collect();
    eprintln!("peavey: {}", lines.join("\n"));
    ExitCode::from(exit::ERROR)
}
