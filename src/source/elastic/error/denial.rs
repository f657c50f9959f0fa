//! Security exceptions read for the person: who may not do what where, and the change of a role
//! that would allow it.
//!
//! Elasticsearch writes `action [A] is unauthorized for user [U] with effective roles [R] on indices
//! [I], this action is granted by the index privileges [P]`, with parts left out or added from
//! version to version; `OpenSearch` writes `no permissions for [A] and User [name=U, ...]`. The
//! privileges come least first.

use super::complaint::{Reading, bracketed};

/// Reads the reason of a 403; nothing if it is no security exception that is known.
pub(super) fn read(reason: &str) -> Option<Reading> {
    licence(reason).or_else(|| elasticsearch(reason)).or_else(|| opensearch(reason))
}

/// How the reason of a 401 begins that tells no more than that; then who asked.
const NOT_ACCEPTED: &str = "not accepted: ";

/// The reason of a 401 that tells nothing, when `who` asked.
pub(super) fn not_accepted(who: &str) -> String {
    format!("{NOT_ACCEPTED}{who}")
}

/// Reads the reason of a 401.
pub(super) fn unknown(reason: &str) -> Reading {
    if let Some(who) = reason.strip_prefix(NOT_ACCEPTED) {
        let advice = "if it was changed or revoked, start again with the new one";
        return Reading {
            what: format!("the cluster does not accept {who} (401)"),
            advice: Some(advice.to_owned()),
        };
    }
    let lower = reason.to_lowercase();
    if lower.contains("expired") || lower.contains("invalidated") {
        let what = if lower.contains("token") { "the token" } else { "the API key" };
        return Reading {
            what: format!("{what} has expired or was revoked (401)"),
            advice: Some("make a new one, and put it where the old one came from".to_owned()),
        };
    }
    if let Some(user) = bracketed(reason, "unable to authenticate user ") {
        return Reading {
            what: format!("the cluster does not know {user} with that password (401)"),
            advice: Some("check user and password".to_owned()),
        };
    }
    let what = if lower.contains("unable to authenticate") {
        "the cluster does not accept these credentials (401)"
    } else {
        "the cluster asks who you are (401)"
    };
    Reading {
        what: what.to_owned(),
        advice: Some("give credentials: --user NAME, --api-key-env NAME, or a profile".to_owned()),
    }
}

fn licence(reason: &str) -> Option<Reading> {
    let feature = bracketed(reason, "license is non-compliant for ");
    let is_expired = reason.contains("expired license");
    if feature.is_none() && !is_expired {
        return None;
    }
    let what = match feature {
        Some(feature) => format!("the cluster's licence does not cover {feature}"),
        None => "the cluster's licence has expired".to_owned(),
    };
    let advice = "its administrator can renew it, or go back to the free one \
                  (POST /_license/start_basic)";
    Some(Reading { what, advice: Some(advice.to_owned()) })
}

/// What an Elasticsearch action is to a person.
fn deed(action: &str) -> &'static str {
    match action {
        action if action.starts_with("cluster:") => "ask about the cluster",
        action if action.starts_with("indices:data/read/field_caps") => "read the fields of",
        action if action.starts_with("indices:data/read") => "read",
        action if action.starts_with("indices:data/write") => "write to",
        action if action.starts_with("indices:monitor") => "ask about",
        action if action.starts_with("indices:admin/resolve") => "list",
        "indices:admin/auto_create" | "indices:admin/create" => "create",
        action if action.starts_with("indices:admin") => "manage",
        _ => "do this to",
    }
}

fn elasticsearch(reason: &str) -> Option<Reading> {
    let action = bracketed(reason, "action ")?;
    if !reason.contains("is unauthorized for") {
        return None;
    }
    let key = bracketed(reason, "unauthorized for API key id ");
    let account = bracketed(reason, "unauthorized for service account ");
    let user =
        bracketed(reason, "unauthorized for user ").or_else(|| bracketed(reason, "of user "));
    let who = match (key, account, user) {
        (Some(key), _, Some(user)) => format!("API key {key} of {user}"),
        (Some(key), _, None) => format!("API key {key}"),
        (None, Some(account), _) => format!("service account {account}"),
        (None, None, Some(user)) => user.to_owned(),
        (None, None, None) => "this user".to_owned(),
    };
    let remote = bracketed(reason, "towards remote cluster ");
    let at = match remote {
        Some(remote) => format!(" at the remote cluster {remote}"),
        None if reason.contains("towards remote cluster") => " at the remote cluster".to_owned(),
        None => String::new(),
    };
    let indices =
        bracketed(reason, "on indices ").or_else(|| bracketed(reason, "on restricted indices "));
    let is_cluster = action.starts_with("cluster:");
    let object = match indices {
        Some(indices) => format!(" {}", listed(indices)),
        None if is_cluster => String::new(),
        None => " these indices".to_owned(),
    };
    let what = format!("{who} may not {}{object}{at}", deed(action));
    let missing = bracketed(reason, "assigned roles ").filter(|_| reason.contains("not found"));
    if let Some(roles) = missing {
        let advice = format!("role {} of {who} does not exist there: make it", listed(roles));
        return Some(Reading { what, advice: Some(advice) });
    }
    let privileges = bracketed(reason, "index privileges ")
        .or_else(|| bracketed(reason, "cluster privileges "))
        .or_else(|| bracketed(reason, "by the privileges "));
    let least = privileges.and_then(|all| all.split(',').next()).map(str::trim);
    let least = least.unwrap_or(if is_cluster { "monitor" } else { "read" });
    let change = if is_cluster {
        format!(r#""cluster": ["{least}"]"#)
    } else {
        let names: Vec<String> = indices
            .map_or_else(|| vec!["…".to_owned()], |all| all.split(',').map(own_name).collect());
        format!(
            r#""indices": [{{"names": ["{}"], "privileges": ["{least}"]}}]"#,
            names.join(r#"", ""#)
        )
    };
    let roles = bracketed(reason, "effective roles ").or_else(|| bracketed(reason, "with roles "));
    let whose = match (key, roles.and_then(|roles| roles.split(',').next())) {
        (Some(_), _) => "make a key whose role has".to_owned(),
        (None, Some(role)) => format!("add to role {role}:"),
        (None, None) => format!("add to a role of {who}:"),
    };
    Some(Reading { what, advice: Some(format!("{whose} {change}")) })
}

/// A data stream in place of the index behind it, which changes.
fn own_name(index: &str) -> String {
    let index = index.trim();
    let stream = index.strip_prefix(".ds-").and_then(|rest| {
        let (rest, number) = rest.rsplit_once('-')?;
        let (name, day) = rest.rsplit_once('-')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        (digits(number) && digits(day)).then_some(name)
    });
    stream.unwrap_or(index).to_owned()
}

/// A few of a list.
fn listed(names: &str) -> String {
    let all: Vec<&str> = names.split(',').map(str::trim).collect();
    match all.len() {
        0..=3 => all.join(", "),
        more => format!("{} and {} more", all[..3].join(", "), more - 3),
    }
}

fn opensearch(reason: &str) -> Option<Reading> {
    let actions = bracketed(reason, "no permissions for ")?;
    let action = actions.split(',').next().unwrap_or_default().trim();
    let after = reason.find("User [name=").map(|at| &reason[at + "User [name=".len()..]);
    let user = after.and_then(|rest| rest.split([',', ']']).next()).unwrap_or("this user");
    let is_cluster = action.starts_with("cluster:");
    let object = if is_cluster { "" } else { " these indices" };
    let what = format!("{user} may not {}{object} ({action})", deed(action));
    let change = if is_cluster {
        r#""cluster_permissions": ["cluster_monitor"]"#.to_owned()
    } else {
        let group = if action.starts_with("indices:data/read") { "read" } else { action };
        format!(
            r#""index_permissions": [{{"index_patterns": ["…"], "allowed_actions": ["{group}"]}}]"#
        )
    };
    Some(Reading {
        what,
        advice: Some(format!("add to a role that {user} is mapped to: {change}")),
    })
}
