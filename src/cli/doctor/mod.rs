//! `peavey doctor [SOURCE...]`: checks a source and tells what to do.
//!
//! Gathers facts, has `doctor` judge them, and prints what it found.

mod cluster;
mod local;
mod logstash;
mod machine;
pub(super) mod print;

use std::io::{self, IsTerminal, Write};
use std::process::ExitCode;

use clap::Args;

use super::open::{self, Opening};
use super::{SourceOptions, fail};
use crate::doctor::{Finding, Grade};
use crate::source::elastic::Address;
use crate::time::{Interval, Millis, Zone};

const AFTER_HELP: &str = "\
Examples:
  peavey doctor                                    this machine: terminal, settings, logs, journal
  peavey doctor /var/log/nginx/access.log          a log: format, misfits, time zone, clock
  peavey doctor https://es.example:9200/logs-*-pt  a cluster: health, disks, streams, newest record
  peavey doctor es://prod/logs-*-pt --writer       and whether this user may write there
  peavey doctor --logstash localhost               Logstash: its inputs, events, queue, failures
Exit status: 0 all is well, 1 something should be looked at, 2 something is broken.";

/// Arguments of `peavey doctor`.
#[derive(Debug, Args)]
#[command(after_help = AFTER_HELP)]
pub(super) struct DoctorArguments {
    /// Files, globs, folders, `journal:[UNIT]`, `docker:NAME`, `https://HOST:9200/PATTERN`, `es://PROFILE`; none: this machine
    #[arg(value_name = "SOURCE")]
    sources: Vec<String>,
    /// Check a Logstash too: its inputs, and its monitoring API (port 9600)
    #[arg(long, value_name = "HOST[:PORT]")]
    logstash: Option<String>,
    /// The ports on which it should take events: Beats, TCP
    #[arg(long, value_name = "PORTS", value_delimiter = ',', default_values_t = [5044, 5000])]
    logstash_ports: Vec<u16>,
    /// Check whether the user may write too, as Logstash and Filebeat do
    #[arg(long)]
    writer: bool,
    /// How old the newest record may be, e.g. `15m`, `1d`
    #[arg(long, value_name = "TIME", default_value = "15m")]
    late: String,
    /// What was found as JSON
    #[arg(long)]
    json: bool,
    /// Force the log format (`peavey formats` lists them)
    #[arg(long, alias = "input-format", value_name = "NAME")]
    format: Option<String>,
    /// Zone for display [default: the machine's]
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
    #[command(flatten)]
    source: SourceOptions,
}

/// What was found about one thing.
pub(super) struct Section {
    pub(super) title: String,
    pub(super) findings: Vec<Finding>,
}

/// What all checks are made with.
struct Desk<'a> {
    arguments: &'a DoctorArguments,
    zone: Zone,
    late: i64,
}

/// The clock.
fn now() -> Millis {
    Millis(chrono::Utc::now().timestamp_millis())
}

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &DoctorArguments) -> ExitCode {
    let sections = match examine(arguments) {
        Ok(sections) => sections,
        Err(message) => return fail(&message),
    };
    let out = io::stdout();
    let text = if arguments.json {
        print::json(&sections)
    } else {
        print::text(&sections, &print::Style::of_terminal(out.is_terminal()))
    };
    if let Err(error) = out.lock().write_all(text.as_bytes())
        && error.kind() != io::ErrorKind::BrokenPipe
    {
        return fail(&format!("cannot write: {error}"));
    }
    let findings = sections.iter().flat_map(|section| &section.findings);
    ExitCode::from(match findings.map(|finding| finding.grade).max() {
        Some(Grade::Problem) => 2,
        Some(Grade::Warning) => 1,
        _ => 0,
    })
}

fn examine(arguments: &DoctorArguments) -> Result<Vec<Section>, String> {
    let late = Interval::parse(&arguments.late).ok_or_else(|| {
        format!("--late: `{}` is no length of time; write for example 15m or 1d", arguments.late)
    })?;
    let desk = Desk {
        arguments,
        zone: open::display_zone(arguments.tz.as_deref())?,
        late: late.nominal_millis(),
    };
    let (clusters, files): (Vec<String>, Vec<String>) =
        arguments.sources.iter().cloned().partition(|text| Address::is_meant(text));
    let mut sections = Vec::new();
    for address in &clusters {
        sections.push(cluster::examine(address, &desk)?);
    }
    if !files.is_empty() {
        let opening = Opening {
            sources: &files,
            source: &arguments.source,
            format: arguments.format.as_deref(),
        };
        sections.extend(local::examine(&opening, &desk)?);
    }
    if let Some(host) = &arguments.logstash {
        sections.push(logstash::examine(host, &arguments.logstash_ports)?);
    }
    if sections.is_empty() {
        sections.push(machine::examine());
    }
    Ok(sections)
}
