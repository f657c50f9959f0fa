//! What an answer does not hold: failed shards, skipped clusters, time limits, as plain sentences.
//!
//! [`warnings`] is the one reader of these parts of an answer. Whatever a part of an answer sends is
//! read while [`gathered`] runs it, so that no path can drop what it did not ask for.

use std::cell::RefCell;

use serde_json::Value as Json;

use super::super::error::complaint;
use super::super::wire::{Clusters, SearchAnswer, Shards};
use crate::query::Warning;

tokio::task_local! {
    static GATHERED: RefCell<Vec<Warning>>;
}

/// Runs `work`, and gives beside its result what is to be known of the answers that it read.
pub(in super::super) async fn gathered<T>(work: impl Future<Output = T>) -> (T, Vec<Warning>) {
    let run = async {
        let result = work.await;
        (result, GATHERED.with(RefCell::take))
    };
    GATHERED.scope(RefCell::default(), run).await
}

/// Notes what should be known about an answer, for whoever gathers it.
pub(in super::super) fn note(answer: &SearchAnswer) {
    // Nobody gathers where nothing is shown: at opening, and while a cluster is watched.
    let _ = GATHERED.try_with(|gathered| {
        let mut gathered = gathered.borrow_mut();
        for warning in warnings(answer) {
            if !gathered.contains(&warning) {
                gathered.push(warning);
            }
        }
    });
}

/// What should be known about an answer.
pub(in super::super) fn warnings(answer: &SearchAnswer) -> Vec<Warning> {
    let mut found = lost_shards(&answer.shards);
    found.extend(lost_clusters(&answer.clusters));
    if answer.timed_out {
        found.push(
            "the engine's time limit was reached, so there may be more; ask for a shorter time or \
             a narrower query"
                .to_owned(),
        );
    }
    // `terminated_early` says nothing here: OpenSearch 3 has it in every answer with aggregations.
    let mut found: Vec<Warning> = found.into_iter().map(Warning::partial).collect();
    if let Some(total) = answer.hits.total.as_ref().filter(|total| total.relation != "eq") {
        found.push(Warning::approximate(format!(
            "there are more than {} hits: the engine counted no further",
            total.value
        )));
    }
    found
}

/// The same complaint of one or more indices.
struct Group {
    said: String,
    advice: Option<String>,
    indices: Vec<String>,
}

impl Group {
    fn sentence(&self) -> String {
        let place = match self.indices.as_slice() {
            [] => String::new(),
            few @ ([_] | [_, _] | [_, _, _]) => format!(" (in {})", few.join(", ")),
            [first, second, rest @ ..] => {
                format!(" (in {first}, {second} and {} more)", rest.len())
            }
        };
        match &self.advice {
            Some(advice) => format!("{}{place}; {advice}", self.said),
            None => format!("{}{place}", self.said),
        }
    }
}

/// A sentence for each reason why shards did not answer.
fn lost_shards(shards: &Shards) -> Vec<String> {
    // OpenSearch leaves lost shards out of `failed`: only the sum tells.
    let lost = shards.total.saturating_sub(shards.successful).max(shards.failed);
    if lost == 0 {
        return Vec::new();
    }
    let mut groups: Vec<Group> = Vec::new();
    for failure in &shards.failures {
        let reading = reading(&failure["reason"]);
        let index = failure["index"].as_str().map(str::to_owned);
        match groups.iter_mut().find(|group| group.said == reading.what) {
            Some(group) => {
                group.indices.extend(index.filter(|index| !group.indices.contains(index)));
            }
            None => groups.push(Group {
                said: reading.what,
                advice: reading.advice,
                indices: index.into_iter().collect(),
            }),
        }
    }
    if groups.is_empty() {
        let reading = complaint::read("", "");
        groups.push(Group { said: reading.what, advice: reading.advice, indices: Vec::new() });
    }
    let counted = format!("{lost} of {} shards did not answer", shards.total);
    let sentence = |(at, group): (usize, &Group)| match at {
        0 => format!("{counted}, so there may be more: {}", group.sentence()),
        _ => format!("other shards did not answer: {}", group.sentence()),
    };
    groups.iter().enumerate().map(sentence).collect()
}

fn reading(reason: &Json) -> complaint::Reading {
    let text = |key: &str| reason[key].as_str().unwrap_or_default();
    complaint::read(text("type"), text("reason"))
}

/// Remote clusters that did not answer, by name where the engine tells them.
fn lost_clusters(clusters: &Clusters) -> Option<String> {
    let lost = clusters.skipped.max(clusters.failed);
    if lost == 0 {
        return None;
    }
    let away = |details: &&Json| matches!(details["status"].as_str(), Some("skipped" | "failed"));
    let named = clusters.details.iter().filter(|(_, details)| away(details));
    let names: Vec<String> = named
        .map(|(name, details)| {
            let reason = &details["failures"][0]["reason"];
            let name = if name == "(local)" { "this cluster" } else { name };
            match reason["type"].as_str() {
                // What shards that cannot be reached are told by says less of a whole cluster.
                Some(_) if reading(reason) != complaint::read("", "") => {
                    format!("{name} ({})", reading(reason).what)
                }
                _ => name.to_owned(),
            }
        })
        .collect();
    let advice = "see whether it is up and may be asked from here, or leave it out of the pattern";
    Some(match names.as_slice() {
        [] => format!(
            "{lost} of {} clusters did not answer, so there may be more; {advice}",
            clusters.total
        ),
        names => format!(
            "remote cluster {} did not answer, so there may be more; {advice}",
            names.join(", ")
        ),
    })
}

#[cfg(test)]
mod tests;
