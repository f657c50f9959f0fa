//! The cluster itself: licence, health, disks, clock.

use super::unanswered;
use crate::doctor::finding::Finding;
use crate::doctor::words::{count, length, size};
use crate::source::elastic::examine::node::Limit;
use crate::source::elastic::examine::{Allocation, Asked, Colour, Facts, Limits, Node};
use crate::time::Millis;

/// A licence that ends within this time is worth a word.
const SOON: i64 = 14 * 86_400_000;
/// Clocks may differ by so much before times of records are in doubt.
const CLOCK: i64 = 5000;

const START_BASIC: &str = "POST /_license/start_basic?acknowledge=true";

/// The licence.
pub(super) fn license(facts: &Facts) -> Finding {
    const CHECK: &str = "licence";
    let license = match &facts.license {
        Ok(license) => license,
        Err(error) => return unanswered(CHECK, error),
    };
    let kind = &license.kind;
    let rest = license.ends.map(|ends| ends.0 - facts.now.0);
    match rest {
        _ if license.status == "expired" => {
            Finding::problem(CHECK, format!("the {kind} licence has expired"))
                .advise("renew it, or go back to the basic one:")
                .run(START_BASIC)
        }
        Some(rest) if rest < SOON => {
            Finding::warning(CHECK, format!("the {kind} licence ends in {}", length(rest)))
                .advise("renew it, or go back to the basic one:")
                .run(START_BASIC)
        }
        Some(rest) => Finding::ok(CHECK, format!("{kind}, for another {}", length(rest))),
        None => Finding::ok(CHECK, format!("{kind}, {}", license.status)),
    }
}

/// Health, and why it is not green.
pub(super) fn health(facts: &Facts) -> Finding {
    const CHECK: &str = "health";
    let health = match &facts.health {
        Ok(health) => health,
        Err(error) => return unanswered(CHECK, error),
    };
    let nodes = count(health.nodes, "node");
    let missing = count(health.unassigned, "shard");
    let finding = match health.colour {
        Colour::Green => return Finding::ok(CHECK, format!("green, {nodes}")),
        Colour::Yellow if health.unassigned == 0 => {
            let starting = count(health.starting, "shard");
            return Finding::warning(CHECK, format!("yellow, {nodes}: {starting} still starting"))
                .advise("wait a moment and look again");
        }
        Colour::Yellow => Finding::warning(
            CHECK,
            format!("yellow, {nodes}: {missing} without a node, all of them copies"),
        ),
        Colour::Red => Finding::problem(
            CHECK,
            format!("red, {nodes}: {missing} without a node, so records are missing"),
        ),
    };
    match &facts.allocation {
        Some(Ok(why)) => explained(finding, why, health.nodes, &facts.limits),
        _ => finding.advise("ask why:").run("GET /_cluster/allocation/explain"),
    }
}

/// Why a shard has no node, and what helps.
fn explained(finding: Finding, why: &Allocation, nodes: u64, limits: &Asked<Limits>) -> Finding {
    let index = &why.index;
    let what = if why.is_primary { "the primary shard" } else { "a copy" };
    let since = match why.since.as_str() {
        "INDEX_CREATED" => "since it was made",
        "NODE_LEFT" => "since a node left",
        "ALLOCATION_FAILED" => "since starting it failed",
        "CLUSTER_RECOVERED" => "since the cluster was started",
        "REPLICA_ADDED" => "since it was asked for",
        _ => "",
    };
    let forbids = |name: &str| why.forbidden_by.iter().any(|(rule, _)| rule == name);
    let is_off = limits.as_ref().is_ok_and(|limits| limits.allocation != "all");
    let (reason, advice, command) = if why.verdict == "no_valid_shard_copy" {
        (
            "no node that is here has its data".to_owned(),
            "bring back the node that had it, or restore the index from a snapshot",
            None,
        )
    } else if is_off && forbids("enable") {
        (
            "giving shards to nodes is switched off".to_owned(),
            "switch it on:",
            Some(
                r#"PUT /_cluster/settings {"persistent":{"cluster.routing.allocation.enable":null}}"#
                    .to_owned(),
            ),
        )
    } else if forbids("disk_threshold") {
        (
            "the disks are too full".to_owned(),
            "free disk space, delete old indices, or add a node",
            None,
        )
    } else if forbids("max_retry") {
        (
            "starting it failed too often".to_owned(),
            "mend the cause (a node's log has it), then:",
            Some("POST /_cluster/reroute?retry_failed=true".to_owned()),
        )
    } else if forbids("same_shard") && !why.is_primary {
        let fewer = nodes.saturating_sub(1);
        let advice = match nodes {
            1 => "a single node needs no copies (in the template too):",
            _ => "add a node, or ask for fewer copies (in the template too):",
        };
        (
            "every node already has one".to_owned(),
            advice,
            Some(format!(r#"PUT /{index}/_settings {{"index.number_of_replicas":{fewer}}}"#)),
        )
    } else if forbids("filter") || forbids("data_tier") {
        (
            "no node has the attributes or the tier that the index asks for".to_owned(),
            "compare what it asks for with GET /_cat/nodeattrs:",
            Some(format!("GET /{index}/_settings/*routing*")),
        )
    } else {
        let told = why.forbidden_by.first().map(|(_, told)| told.clone());
        let told = told.filter(|told| !told.is_empty()).unwrap_or_else(|| why.verdict.clone());
        (told, "ask for more:", Some("GET /_cluster/allocation/explain".to_owned()))
    };
    let line = format!("{index}: {what} has no node {since}");
    let finding = finding.detail([format!("{}: {reason}", line.trim_end())]).advise(advice);
    Finding { command, ..finding }
}

/// Disks against the limits from which the engine acts.
pub(super) fn disk(facts: &Facts) -> Finding {
    const CHECK: &str = "disk";
    let (nodes, limits) = match (&facts.nodes, &facts.limits) {
        (Ok(nodes), Ok(limits)) => (nodes, limits),
        (Err(error), _) | (_, Err(error)) => return unanswered(CHECK, error),
    };
    let known: Vec<&Node> = nodes.iter().filter(|node| node.total > 0).collect();
    let Some(fullest) = known.iter().min_by_key(|node| free_thousandths(node)) else {
        return Finding::skipped(CHECK, "no node tells of its disks");
    };
    let shown = |node: &Node| {
        let (free, total) = (size(node.available), size(node.total));
        format!("{}: {free} of {total} free", node.name)
    };
    if !limits.are_minded {
        return Finding::ok(CHECK, format!("{}; the limits are switched off", shown(fullest)));
    }
    let over = |limit: Limit| -> Vec<String> {
        let full = known.iter().filter(|node| node.available < limit.least_free(node.total));
        full.map(|node| shown(node)).collect()
    };
    let advice = "free disk space: delete old indices or streams, or let a lifecycle do it";
    let flood = over(limits.flood);
    if !flood.is_empty() {
        return Finding::problem(CHECK, "over the last limit: indices accept no more records")
            .detail(flood)
            .advise(advice);
    }
    let high = over(limits.high);
    if !high.is_empty() {
        return Finding::problem(CHECK, "over the high limit: shards are moved away")
            .detail(high)
            .advise(advice);
    }
    let low = over(limits.low);
    if !low.is_empty() {
        return Finding::warning(CHECK, "over the low limit: no new shards there")
            .detail(low)
            .advise(advice);
    }
    Finding::ok(CHECK, shown(fullest))
}

fn free_thousandths(node: &Node) -> u64 {
    node.available.saturating_mul(1000) / node.total.max(1)
}

/// The cluster's clock beside this machine's.
pub(super) fn clock(facts: &Facts) -> Finding {
    const CHECK: &str = "clock";
    let Some((at, whose)) = &facts.clock else {
        return Finding::skipped(CHECK, "the cluster does not tell its time");
    };
    let ahead = at.0 - facts.now.0;
    if ahead.abs() <= CLOCK {
        return Finding::ok(CHECK, format!("{whose} and this machine agree"));
    }
    let way = if ahead > 0 { "ahead of" } else { "behind" };
    let length = length(ahead.abs());
    let finding = Finding::warning(CHECK, format!("{whose} is {length} {way} this machine"));
    finding.advise("set both clocks (NTP): `-15m` and live logs miss records else")
}

/// Whether an instant lies in the future, beyond what clocks may differ.
pub(super) fn is_future(at: Millis, now: Millis) -> bool {
    at.0 > now.0 + 2 * 60_000
}
