//! A cluster: health, disks, templates, streams, records.

mod data;
mod health;
mod rights;
mod streams;

use super::finding::Finding;
use crate::source::elastic::Error;
use crate::source::elastic::examine::Facts;
use crate::time::Zone;

/// What a person said about the cluster.
#[derive(Debug, Clone, Copy)]
pub struct View {
    /// The zone that times are shown in.
    pub zone: Zone,
    /// How old the newest record may be, in milliseconds.
    pub late: i64,
    /// Whether writing is checked too.
    pub writing: bool,
}

/// Judges a cluster.
#[must_use]
pub fn judge(facts: &Facts, view: &View) -> Vec<Finding> {
    let mut findings = vec![
        rights::caller(facts),
        health::license(facts),
        health::health(facts),
        health::disk(facts),
        health::clock(facts),
    ];
    if let Some(data) = &facts.data {
        findings.push(rights::reading(facts));
        findings.extend(view.writing.then(|| rights::writing(facts)));
        findings.push(streams::matches(data));
        findings.push(streams::template(data, &facts.templates));
        findings.push(data::conflicts(data));
        findings.push(data::field_limit(data));
        findings.extend(data::blocks(data));
        findings.push(streams::newest(data, facts.now, view));
        findings.extend(data::failures(data));
        findings.push(streams::retention(data));
    }
    findings
}

/// A check that has no answer: not allowed and not there are no problems of the cluster.
fn unanswered(check: &'static str, error: &Error) -> Finding {
    match error {
        Error::Refused { status: 401 | 403, .. } => {
            let finding = Finding::skipped(check, "this user may not ask");
            match error.hint() {
                Some(hint) => finding.advise(hint),
                None => finding,
            }
        }
        error if error.is_not_there() => {
            Finding::skipped(check, "this cluster cannot tell (it has no such call)")
        }
        error => {
            let finding = Finding::warning(check, error.to_string());
            match error.hint() {
                Some(hint) => finding.advise(hint),
                None => finding,
            }
        }
    }
}

#[cfg(test)]
mod tests;
