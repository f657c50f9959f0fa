//! `peavey cluster`: the clusters that a person keeps under names.

mod add;
mod list;
mod test;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{connect, memory, profiles, proof, read};
use crate::cli::{exit, fail, open};
use crate::config::cluster::Profiles;

const AFTER_HELP: &str = "\
Examples:
  peavey cluster add prod https://es.example:9200/logs-* --user eva
  peavey cluster add prod https://es.example:9200 --user eva --password-command 'pass show es'
  peavey cluster list
  peavey cluster test prod
  peavey es://prod                 opens its first data view, es://prod/other-* another
A profile is a file, clusters/NAME.toml in the configuration folder; docs/clusters.md has all keys.";

/// Arguments of `peavey cluster`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(in crate::cli) struct ClusterArguments {
    #[command(subcommand)]
    command: ClusterCommand,
}

#[derive(Debug, Subcommand)]
enum ClusterCommand {
    /// Keep a cluster under a name, and prove that it can be reached
    Add(Box<add::AddArguments>),
    /// List the clusters that are kept
    List,
    /// Try to reach a cluster, step by step, and tell where each setting came from
    Test(Box<test::TestArguments>),
}

/// Runs the command.
#[must_use]
pub(in crate::cli) fn run(arguments: &ClusterArguments) -> ExitCode {
    let done = match &arguments.command {
        ClusterCommand::Add(arguments) => add::add(arguments),
        ClusterCommand::List => list::list(),
        ClusterCommand::Test(arguments) => test::test(arguments),
    };
    match done {
        Ok(true) => ExitCode::from(exit::MATCHED),
        Ok(false) => ExitCode::from(exit::ERROR),
        Err(message) => fail(&message),
    }
}

/// The user's profiles.
fn own_profiles() -> Result<Profiles, String> {
    profiles().ok_or_else(|| "there is no home folder for profiles".to_owned())
}
