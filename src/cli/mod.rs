//! The command line: arguments in, exit status out.

pub mod conformance;
pub mod translate;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Debug, Parser)]
#[command(name = "peavey", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Print the Elasticsearch query that a KQL query means
    Translate(translate::TranslateArguments),
    /// Answer conformance cases from standard input
    #[command(hide = true)]
    Conformance(conformance::ConformanceArguments),
}

/// Runs the program with the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    match &Cli::parse().command {
        Command::Translate(arguments) => translate::run(arguments),
        Command::Conformance(arguments) => conformance::run(arguments),
    }
}
