//! What a pattern matches, what of it is left out, and what to say where it matches nothing.

use super::names::{Entry, Kind, entries, list};
use crate::diagnostic::nearest;
use crate::source::elastic::Error;
use crate::source::elastic::calls::Call;
use crate::source::elastic::client::Client;

/// Names that a sentence lists, at most.
const NAMED: usize = 8;

/// What a pattern matches.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Matched {
    /// Everything, closed indices too.
    pub entries: Vec<Entry>,
}

/// Asks what a pattern matches, closed indices too.
///
/// # Errors
/// If the cluster does not answer, or may not be asked.
pub async fn matched(client: &Client, pattern: &str) -> Result<Matched, Error> {
    let parameters = "expand_wildcards=open,closed";
    let reply = client.call(Call::ResolveIndex, pattern, parameters, None).await?;
    Ok(Matched { entries: entries(&reply.json()?) })
}

impl Matched {
    /// As shown: `2 data streams, 1 index`.
    #[must_use]
    pub fn title(&self) -> String {
        let counted = [Kind::DataStream, Kind::Alias, Kind::Index].map(|kind| {
            let count = self.entries.iter().filter(|entry| entry.kind == kind).count();
            (count > 0).then(|| format!("{count} {}", kind.title(count)))
        });
        let counted: Vec<String> = counted.into_iter().flatten().collect();
        if counted.is_empty() { "nothing".to_owned() } else { counted.join(", ") }
    }

    /// Names of indices that searches leave out: closed ones, and frozen ones unless named.
    fn left_out(&self, pattern: &str, state: fn(&Entry) -> bool) -> Vec<&str> {
        let is_named = |entry: &&Entry| pattern.split(',').any(|part| part == entry.name);
        let out = self.entries.iter().filter(|entry| state(entry));
        out.filter(|entry| entry.closed || !is_named(entry))
            .map(|entry| entry.name.as_str())
            .collect()
    }

    /// A sentence for each kind of index that is left out, with the names.
    #[must_use]
    pub fn notices(&self, pattern: &str) -> Vec<(String, Vec<String>)> {
        let closed = self.left_out(pattern, |entry| entry.closed);
        let frozen = self.left_out(pattern, |entry| entry.frozen && !entry.closed);
        let said = |names: &[&str], what: &str, remedy: &str| {
            let count = names.len();
            let (nouns, verb) =
                if count == 1 { ("index is", "is") } else { ("indices are", "are") };
            let sentence = format!("{count} {nouns} {what} and {verb} left out; {remedy}");
            (sentence, names.iter().map(|name| (*name).to_owned()).collect())
        };
        let mut notices = Vec::new();
        if let Some(first) = closed.first() {
            notices.push(said(&closed, "closed", &format!("POST /{first}/_open opens it")));
        }
        if let Some(first) = frozen.first() {
            notices.push(said(&frozen, "frozen", &format!("name it to ask it too: {first}")));
        }
        notices
    }
}

/// Why a pattern has no fields: what there is instead, the nearest names first.
pub async fn nothing_matches(client: &Client, pattern: &str) -> Error {
    if let Ok(found) = matched(client, pattern).await
        && !found.entries.is_empty()
    {
        let closed: Vec<&str> = found.left_out(pattern, |entry| entry.closed);
        return Error::Settings(match closed.first() {
            Some(first) if closed.len() == found.entries.len() => format!(
                "all that `{pattern}` matches is closed ({}); POST /{first}/_open opens it",
                some(&closed)
            ),
            _ => format!(
                "`{pattern}` matches {}, but there is no field in it yet: is anything being written?",
                found.title()
            ),
        });
    }
    let all = list(client).await.unwrap_or_default();
    let names: Vec<&str> =
        all.iter().filter(|entry| !entry.is_hidden()).map(|entry| entry.name.as_str()).collect();
    Error::Settings(format!("no index matches `{pattern}`; {}", instead(pattern, &names)))
}

/// What there is instead.
fn instead(pattern: &str, names: &[&str]) -> String {
    if names.is_empty() {
        return "the cluster shows none that this user may read".to_owned();
    }
    let plain: String = pattern.chars().filter(|c| *c != '*').collect();
    let begins = |name: &&&str| {
        let stem = plain.split(['-', '.', '_']).next().unwrap_or_default();
        !stem.is_empty() && name.starts_with(stem)
    };
    if let Some(near) = nearest(&plain, names.iter().copied()) {
        return format!("did you mean `{near}`? There are {}", some(names));
    }
    let (near, far): (Vec<&str>, Vec<&str>) = names.iter().partition(|name| begins(name));
    format!("there are {}", some(&[near, far].concat()))
}

fn some(names: &[&str]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    format!("{}{more}", names[..names.len().min(NAMED)].join(", "))
}

#[cfg(test)]
mod tests {
    use super::{Entry, Kind, Matched, instead};

    fn entry(name: &str, closed: bool, frozen: bool) -> Entry {
        Entry { name: name.to_owned(), kind: Kind::Index, indices: Vec::new(), closed, frozen }
    }

    #[test]
    fn what_is_left_out_is_told_by_name() {
        let entries =
            vec![entry("a", false, false), entry("b", true, false), entry("f", false, true)];
        let matched = Matched { entries };
        assert_eq!(matched.title(), "3 indices");
        let said: Vec<String> = matched.notices("*").into_iter().map(|(said, _)| said).collect();
        assert_eq!(said[0], "1 index is closed and is left out; POST /b/_open opens it");
        assert_eq!(said[1], "1 index is frozen and is left out; name it to ask it too: f");
        assert_eq!(matched.notices("a,f,b").len(), 1, "a frozen index that is named is asked");
        assert!(Matched::default().notices("x").is_empty());
    }

    #[test]
    fn a_pattern_that_matches_nothing_is_told_what_there_is() {
        let names = ["logs-nginx-pt", "logs-app-pt", "metrics"];
        assert!(
            instead("logs-ngnix-pt", &names).starts_with("did you mean `logs-nginx-pt`? There are")
        );
        assert_eq!(
            instead("metric_traces*", &names),
            "there are metrics, logs-nginx-pt, logs-app-pt"
        );
        assert_eq!(instead("logs-java-*", &names), "there are logs-nginx-pt, logs-app-pt, metrics");
        assert!(instead("x", &[]).contains("none that this user may read"));
        let many: Vec<String> = (0..20).map(|n| format!("i{n}")).collect();
        let many: Vec<&str> = many.iter().map(String::as_str).collect();
        assert!(instead("zzzzzz", &many).ends_with("i7 and 12 more"));
    }
}
