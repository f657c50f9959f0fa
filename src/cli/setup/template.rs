//! `peavey setup template --from LOGFILE --name X [CLUSTER]`: a template with a log's types.

use clap::Args;

use super::carry_out::Site;
use super::{Common, Done};
use crate::cli::headless::Headless;
use crate::cli::open::{self, Opening};
use crate::cli::{QuestionOptions, SourceOptions};
use crate::source::elastic::setup::schema::{self, Plan};

const AFTER_HELP: &str = "\
Examples:
  peavey setup template --from /var/log/nginx/access.log --name logs-nginx --dry-run
  peavey setup template --from app.json --name app --pattern 'logs-app-*' es://prod
Exit status: 0 it is there, 1 it differs and was left, 2 an error.";

/// Arguments of `peavey setup template`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct TemplateArguments {
    /// The cluster: `es://PROFILE` or `https://HOST:9200`
    #[arg(value_name = "CLUSTER")]
    cluster: Option<String>,
    /// The log whose fields and types are taken
    #[arg(long, value_name = "LOGFILE", required = true)]
    from: Vec<String>,
    /// The template's name
    #[arg(long, value_name = "NAME")]
    name: String,
    /// The indices or streams that it is for [default: NAME-*]
    #[arg(long, value_name = "PATTERN")]
    pattern: Option<String>,
    /// Make plain indices, no data streams
    #[arg(long)]
    plain: bool,
    #[command(flatten)]
    common: Common,
    /// Force the log format (`peavey formats` lists them)
    #[arg(long, alias = "input-format", value_name = "NAME")]
    format: Option<String>,
    #[command(flatten)]
    source: SourceOptions,
}

/// Runs it.
///
/// # Errors
/// A text for the user.
pub(super) fn run(arguments: &TemplateArguments) -> Result<Done, String> {
    let name = checked(&arguments.name)?;
    let opening = Opening {
        sources: &arguments.from,
        source: &arguments.source,
        format: arguments.format.as_deref(),
    };
    let opened = Headless::open(&opening, &QuestionOptions::default(), None)?;
    let plan = Plan {
        name: name.to_owned(),
        pattern: arguments.pattern.clone().unwrap_or_else(|| format!("{name}-*")),
        makes_streams: !arguments.plain,
        shards: arguments.common.shards,
        replicas: arguments.common.replicas,
    };
    let (thing, left) = schema::template(&plan, &opened.view);
    if !left.is_empty() {
        let names = open::clean(&left.join(", "));
        eprintln!(
            "peavey: left to the engine, as they have several types or stand in the way of others: {names}"
        );
    }
    if arguments.common.dry_run {
        println!("{}", thing.console());
        return Ok(Done::All);
    }
    let cluster = arguments.cluster.as_deref();
    let mut site = Site::connect(cluster, &arguments.source.cluster, &arguments.common)?;
    site.bring(thing, &|| Err("a template has no password".to_owned()))?;
    if site.has_left() { Ok(Done::Left) } else { Ok(Done::All) }
}

/// A name that engines take: small letters, no signs that mean something to them.
fn checked(name: &str) -> Result<&str, String> {
    let is_wrong = |c: char| c.is_uppercase() || c.is_whitespace() || "*,#:/\\?\"<>|".contains(c);
    if name.is_empty() || name.starts_with(['_', '-', '+']) || name.contains(is_wrong) {
        return Err(format!(
            "--name: `{name}` is no name for a template; it is of small letters, digits, - and ."
        ));
    }
    Ok(name)
}
