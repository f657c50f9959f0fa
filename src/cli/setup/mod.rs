//! `peavey setup`: prepares a cluster for logs. The only command that changes a cluster.

mod carry_out;
mod parcel;
mod template;

use std::process::ExitCode;

use clap::{Args, Subcommand};

use super::{exit, fail};

/// Arguments of `peavey setup`.
#[derive(Debug, Args)]
pub(super) struct SetupArguments {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Template `pt-logs` for `logs-*-pt`, role `logstash_writer_pt`, a user, data views
    ParcelTracking(parcel::ParcelArguments),
    /// An index template with the types of a local log's fields
    Template(template::TemplateArguments),
}

/// Options that every setup has.
#[derive(Debug, Args)]
struct Common {
    /// Print the requests as Kibana's console takes them; send nothing
    #[arg(long)]
    dry_run: bool,
    /// Overwrite what is there and differs
    #[arg(long)]
    force: bool,
    /// Shards of each index
    #[arg(long, value_name = "N", default_value_t = 1)]
    shards: u32,
    /// Copies of each shard; more than 0 needs more than one node
    #[arg(long, value_name = "N", default_value_t = 0)]
    replicas: u32,
}

/// How a setup ended.
enum Done {
    /// Everything is there now.
    All,
    /// Something is there in another form, and was left.
    Left,
}

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &SetupArguments) -> ExitCode {
    let done = match &arguments.what {
        What::ParcelTracking(arguments) => parcel::run(arguments),
        What::Template(arguments) => template::run(arguments),
    };
    match done {
        Ok(Done::All) => ExitCode::from(exit::MATCHED),
        Ok(Done::Left) => ExitCode::from(exit::NOTHING),
        Err(message) => fail(&message),
    }
}
