//! An engine's complaint, of a whole search or of some shards, read for the person: what it means
//! and what to do. In: the exception's type and reason. Out: two clauses of a sentence.

/// Longest text of an engine that is passed on as it stands.
const LONGEST: usize = 300;

/// What a complaint means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in super::super) struct Reading {
    /// What is the matter.
    pub(in super::super) what: String,
    /// What to do.
    pub(in super::super) advice: Option<String>,
}

impl Reading {
    fn new(what: impl Into<String>, advice: &str) -> Self {
        Self { what: what.into(), advice: Some(advice.to_owned()) }
    }
}

/// Reads a complaint; one that is not known keeps the engine's own words.
pub(in super::super) fn read(kind: &str, reason: &str) -> Reading {
    let reason = reason.strip_prefix("failed to create query: ").unwrap_or(reason);
    of_field(reason)
        .or_else(|| of_limit(kind, reason))
        .or_else(|| of_nodes(kind, reason))
        .or_else(|| of_query(kind, reason))
        .unwrap_or_else(|| in_own_words(kind, reason))
}

/// Complaints about a field's mapping.
fn of_field(reason: &str) -> Option<Reading> {
    if reason.contains("Text fields are not optimised") || reason.contains("Fielddata is disabled")
    {
        let field = bracketed(reason, "fielddata=true on ").or_else(|| bracketed(reason, "on "));
        let field = field.unwrap_or("a field");
        return Some(Reading::new(
            format!("`{field}` is text there, and cannot be counted or sorted by"),
            "use its keyword sub-field, or leave those indices out of the pattern",
        ));
    }
    if let Some(field) = bracketed(reason, "Cannot search on field ") {
        return Some(Reading::new(
            format!("`{field}` is not indexed there, and cannot be searched"),
            "search another field, or set \"index\": true in the mapping of new indices",
        ));
    }
    None
}

/// Limits of the engine that a question met.
fn of_limit(kind: &str, reason: &str) -> Option<Reading> {
    if reason.contains("window is too large") || reason.contains("Batch size is too large") {
        let limit = bracketed(reason, "less than or equal to: ").unwrap_or("fewer");
        return Some(Reading::new(
            format!("no more than {limit} rows are given at a time there"),
            "raise index.max_result_window of those indices",
        ));
    }
    if kind == "too_many_buckets_exception" || reason.contains("too many buckets") {
        let limit = bracketed(reason, "less than or equal to: ").unwrap_or("the cluster allows");
        return Some(Reading::new(
            format!("the answer would have more than {limit} buckets"),
            "ask for wider bars, a shorter time or fewer values, or let search.max_buckets be raised",
        ));
    }
    if kind == "circuit_breaking_exception" || reason.contains("Data too large") {
        let wanted = bracketed(reason, "would be ").and_then(readable);
        let limit = bracketed(reason, "larger than the limit of ").and_then(readable);
        let numbers = match (wanted, limit) {
            (Some(wanted), Some(limit)) => format!(" ({wanted} wanted, {limit} allowed)"),
            _ => String::new(),
        };
        return Some(Reading::new(
            format!("the cluster is short of memory for this answer{numbers}"),
            "ask for a shorter time or a narrower query, or wait",
        ));
    }
    if kind.ends_with("rejected_execution_exception") || reason.contains("rejected execution") {
        return Some(Reading::new("the cluster has too much to do", "ask again in a moment"));
    }
    if let Some(what) = bracketed(reason, "")
        && reason.contains("search.allow_expensive_queries")
    {
        return Some(Reading::new(
            format!("this cluster allows no {what} queries (search.allow_expensive_queries)"),
            "ask for whole values, without wildcards, regular expressions or fuzziness",
        ));
    }
    let is_many = reason.contains("axClauseCount")
        || reason.contains("too many clauses")
        || reason.contains("too many nested clauses")
        || reason.contains("expansion matches too many fields");
    is_many.then(|| {
        Reading::new(
            "the query looks into too many fields or at too many terms at once",
            "name the field to look in, or write more of the value before the wildcard",
        )
    })
}

/// Shards and nodes that are not there.
fn of_nodes(kind: &str, reason: &str) -> Option<Reading> {
    if reason.contains("due to missing shards") {
        return Some(Reading::new(
            "shards are missing, and this cluster is set to give no partial answers",
            "see `peavey doctor`; once the cluster is not red, ask again",
        ));
    }
    let gone = [
        "node_not_connected_exception",
        "no_shard_available_action_exception",
        "node_disconnected_exception",
        "unavailable_shards_exception",
        "connect_transport_exception",
    ];
    if gone.contains(&kind) || reason.contains("no node found for id") || reason.is_empty() {
        return Some(Reading::new(
            "no node that holds them can be reached",
            "see `peavey doctor`; ask again once the cluster is well",
        ));
    }
    let lost = kind == "search_context_missing_exception"
        || kind == "search_context_missing_nodes_exception"
        || reason.contains("No search context found");
    lost.then(|| Reading::new("the cluster has forgotten the place in the answer", "ask again"))
}

/// What is wrong with the query itself.
fn of_query(kind: &str, reason: &str) -> Option<Reading> {
    if let Some(language) = bracketed(reason, "script_lang not supported ") {
        return Some(Reading::new(
            format!("this cluster runs no scripts in {language}"),
            "take the filter with the script away",
        ));
    }
    if kind == "script_exception" {
        return Some(Reading::new(
            format!("a script of the query fails there ({})", cut(reason)),
            "change the filter with the script, or leave those indices out of the pattern",
        ));
    }
    if kind == "task_cancelled_exception" || reason.contains("The task is cancelled") {
        return Some(Reading::new(
            "the cluster stopped the search at its own time limit",
            "ask for a shorter time or a narrower query",
        ));
    }
    None
}

fn in_own_words(kind: &str, reason: &str) -> Reading {
    let what = match (kind, reason) {
        (kind, "") => kind.to_owned(),
        ("" | "exception", reason) => cut(reason),
        (kind, reason) => format!("{} ({kind})", cut(reason)),
    };
    Reading { what, advice: None }
}

/// What stands in brackets right after `lead`; with an empty lead, in the first brackets.
pub(super) fn bracketed<'t>(text: &'t str, lead: &str) -> Option<&'t str> {
    let mut rest = text;
    while let Some(at) = rest.find(lead) {
        rest = &rest[at + lead.len()..];
        let from = if lead.is_empty() { rest.find('[')? } else { 0 };
        if let Some(inside) = rest[from..].strip_prefix('[') {
            return inside.find(']').map(|end| &inside[..end]).filter(|text| !text.is_empty());
        }
    }
    None
}

/// Of `12288/12kb` the part for people.
fn readable(size: &str) -> Option<&str> {
    size.rsplit('/').next()
}

/// A text of the engine in a length that can be shown.
fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}
