//! Facts about a cluster: whether it can be reached step by step, then what it tells.

use super::{Desk, Section, now};
use crate::cli::cluster::{self, proof};
use crate::doctor::Finding;
use crate::doctor::cluster::{View, judge};
use crate::source::elastic::examine::{self, Wish};
use crate::source::elastic::{Address, Client};

/// Examines a cluster.
///
/// # Errors
/// A text for the user about a wrong address or option.
pub(super) fn examine(address: &str, desk: &Desk<'_>) -> Result<Section, String> {
    let mut target = cluster::read(address, &desk.arguments.source.cluster)?;
    let title = Address::parse(address)
        .map_or_else(|_wrong| target.connection.name.clone(), |address| address.shown());
    let mut section = Section { title, findings: Vec::new() };
    let findings = &mut section.findings;
    findings.extend(target.warnings.iter().map(|warning| Finding::warning("settings", warning)));
    if !proof::ways(&mut target, findings) {
        return Ok(section);
    }
    let Some(engine) = proof::enter(&mut target, findings) else { return Ok(section) };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.map_err(|error| format!("cannot start the runtime: {error}"))?;
    let client = Client::new(&target.connection).map_err(|error| error.sentence())?;
    let writing = desk.arguments.writer;
    let named = desk.arguments.source.time_field.as_deref().or(target.time_field.as_deref());
    let time_field = named.unwrap_or("@timestamp");
    let wish = Wish { pattern: target.pattern.as_deref(), time_field, writing, now };
    let facts = runtime.block_on(examine::examine(&client, engine.product, wish));
    let view = View { zone: desk.zone, late: desk.late, writing };
    findings.extend(judge(&facts, &view));
    if target.pattern.is_none() {
        findings.push(
            Finding::skipped("data view", "the address names none, so no records were looked at")
                .advise("name one:")
                .run(format!("peavey doctor {}/logs-*", section.title.trim_end_matches('/'))),
        );
    }
    Ok(section)
}
