//! Who asks, and what that user may do.

use super::unanswered;
use crate::doctor::finding::Finding;
use crate::source::elastic::examine::caller::{READING, WRITING};
use crate::source::elastic::examine::{Facts, Privileges};

/// Who asks.
pub(super) fn caller(facts: &Facts) -> Finding {
    const CHECK: &str = "user";
    match &facts.caller {
        Ok(caller) if caller.roles.is_empty() => Finding::ok(CHECK, caller.name.clone()),
        Ok(caller) => {
            let roles = caller.roles.join(", ");
            let finding = Finding::ok(CHECK, format!("{} with the roles {roles}", caller.name));
            let all = ["superuser", "all_access"];
            if caller.roles.iter().any(|role| all.contains(&role.as_str())) {
                finding.advise(
                    "for reading logs a user with `read` and `view_index_metadata` on them does",
                )
            } else {
                finding
            }
        }
        Err(error) if error.is_not_there() => Finding::skipped(
            CHECK,
            "this cluster cannot tell who asks (no security, or not allowed)",
        ),
        Err(error) => unanswered(CHECK, error),
    }
}

fn missing<'a>(has: &Privileges, wanted: &[&'a str]) -> Vec<&'a str> {
    wanted.iter().copied().filter(|name| !has.has(name)).collect()
}

fn pattern(facts: &Facts) -> &str {
    facts.data.as_ref().map_or("*", |data| data.pattern.as_str())
}

/// Whether the data may be read.
pub(super) fn reading(facts: &Facts) -> Finding {
    const CHECK: &str = "may read";
    let pattern = pattern(facts);
    if let Some(Ok(has)) = &facts.privileges {
        let missing = missing(has, &READING);
        return match missing.as_slice() {
            [] => Finding::ok(CHECK, format!("{pattern}: {}", READING.join(", "))),
            names => Finding::problem(CHECK, format!("{pattern}: {} is missing", names.join(", ")))
                .advise(format!(
                    "give a role of the user the index privileges {} on {pattern}",
                    names.join(", ")
                )),
        };
    }
    // Where privileges cannot be asked for, trying tells.
    let newest = facts.data.as_ref().map(|data| &data.newest);
    let refused = newest.and_then(|asked| asked.iter().find_map(|asked| asked.as_ref().err()));
    match refused {
        None => Finding::ok(CHECK, format!("{pattern}: a search was answered")),
        Some(error) => {
            let finding = Finding::problem(CHECK, error.to_string());
            match error.hint() {
                Some(hint) => finding.advise(hint),
                None => finding,
            }
        }
    }
}

/// Whether logs may be written, as Logstash and Filebeat do.
pub(super) fn writing(facts: &Facts) -> Finding {
    const CHECK: &str = "may write";
    let pattern = pattern(facts);
    let has = match &facts.privileges {
        Some(Ok(has)) => has,
        Some(Err(error)) => return unanswered(CHECK, error),
        None => {
            return Finding::skipped(CHECK, "OpenSearch cannot be asked what a user may do")
                .advise("look at GET /_plugins/_security/api/roles, or write a record");
        }
    };
    let makes_streams = has.has(WRITING[1]) || has.has(WRITING[2]);
    match (has.has(WRITING[0]), makes_streams) {
        (true, true) => Finding::ok(CHECK, format!("{pattern}: records and new streams")),
        (true, false) => {
            Finding::warning(CHECK, format!("{pattern}: records, but no new index or stream"))
                .advise(format!(
                    "give a role of the user the index privilege auto_configure on {pattern} \
                     (else the first record of a new service is refused with 403)"
                ))
        }
        (false, _) => Finding::problem(CHECK, format!("{pattern}: create_doc is missing"))
            .advise(format!("give a role of the user create_doc and auto_configure on {pattern}")),
    }
}
