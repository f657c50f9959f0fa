//! `peavey setup parcel-tracking [CLUSTER]`: the one-time steps of the parcel tracking stack.

use clap::Args;

use super::carry_out::Site;
use super::{Common, Done};
use crate::cli::ClusterOptions;
use crate::cli::cluster;
use crate::source::elastic::Secret;
use crate::source::elastic::engine::Product;
use crate::source::elastic::setup::parcel;

const AFTER_HELP: &str = "\
It can be run again: what is there stays, what is missing is made, what differs is shown.
Examples:
  peavey setup parcel-tracking --dry-run
  peavey setup parcel-tracking https://es.example:9200 --user elastic
  LOGSTASH_WRITER_PASSWORD=... peavey setup parcel-tracking es://prod
Role and user are left out where the cluster has no security.
Exit status: 0 everything is there, 1 something differs and was left, 2 an error.";

/// Arguments of `peavey setup parcel-tracking`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct ParcelArguments {
    /// The cluster: `es://PROFILE` or `https://HOST:9200`
    #[arg(value_name = "CLUSTER")]
    cluster: Option<String>,
    #[command(flatten)]
    common: Common,
    /// The user that Logstash writes as
    #[arg(long, value_name = "NAME", default_value = "logstash_writer")]
    writer: String,
    /// The variable with that user's password; where it is not set, the password is asked for
    #[arg(long, value_name = "NAME", default_value = "LOGSTASH_WRITER_PASSWORD")]
    writer_password_env: String,
    #[command(flatten)]
    reach: ClusterOptions,
}

/// Runs it.
///
/// # Errors
/// A text for the user.
pub(super) fn run(arguments: &ParcelArguments) -> Result<Done, String> {
    let common = &arguments.common;
    let template = parcel::template(common.shards, common.replicas);
    if common.dry_run {
        return dry_run(arguments);
    }
    let mut site = Site::connect(arguments.cluster.as_deref(), &arguments.reach, common)?;
    let password = || password(arguments);
    site.bring(template, &password)?;
    for thing in parcel::security(site.engine.product, &arguments.writer) {
        site.bring(thing, &password)?;
    }
    site.add_data_views(&parcel::data_views())?;
    if site.has_left() { Ok(Done::Left) } else { Ok(Done::All) }
}

fn password(arguments: &ParcelArguments) -> Result<Secret, String> {
    let name = &arguments.writer_password_env;
    match std::env::var(name) {
        Ok(password) if !password.is_empty() => Ok(Secret::new(password)),
        _ => cluster::new_password(&arguments.writer)
            .map_err(|why| format!("{why}; set {name}, or type it on a terminal")),
    }
}

/// Prints all requests, for both products where the cluster is not known.
fn dry_run(arguments: &ParcelArguments) -> Result<Done, String> {
    let common = &arguments.common;
    println!("{}\n", parcel::template(common.shards, common.replicas).console());
    println!("# Elasticsearch with security");
    for thing in parcel::security(Product::Elasticsearch, &arguments.writer) {
        println!("{}\n", thing.console());
    }
    println!("# OpenSearch with security");
    for thing in parcel::security(Product::OpenSearch, &arguments.writer) {
        println!("{}\n", thing.console());
    }
    Ok(Done::All)
}
