//! The data views of a cluster: listed to be picked from, or to be told where none was named.

use std::collections::BTreeMap;

use futures_util::future::join_all;
use tokio::runtime::Runtime;

use super::{ClusterOptions, admitted, reach, threads};
use crate::cli::open;
use crate::event::IndexPattern;
use crate::source::elastic::catalog::{self, Entry, Facts};
use crate::source::elastic::{Address, Client, Engine};
use crate::ui::number;

/// Entries that are counted at a time.
const AT_ONCE: usize = 12;
/// Entries that are counted at most: the others are listed by name.
const COUNTED: usize = 240;
/// Entries that a message lists.
const TOLD: usize = 20;

/// The data views of one cluster.
pub(in crate::cli) struct Views {
    client: Client,
    runtime: Runtime,
    address: String,
    cluster: String,
    /// Data views of the profile, listed first.
    own: Vec<String>,
}

/// Why there is no list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct NoList {
    /// A text for the user.
    pub(in crate::cli) reason: String,
    /// Whether a pattern can be opened all the same: only listing is refused.
    pub(in crate::cli) may_type: bool,
}

/// Something that can be opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct ViewRow {
    /// Its name.
    pub(in crate::cli) name: String,
    /// What it is, and what is known of it.
    pub(in crate::cli) detail: String,
}

impl Views {
    /// The data views of the cluster of an address; asks who the person is where the cluster asks.
    ///
    /// # Errors
    /// A text for the user: a wrong address or option, or a cluster that does not answer.
    pub(in crate::cli) fn reach(text: &str, options: &ClusterOptions) -> Result<Self, String> {
        let mut target = reach(text, options)?;
        let runtime = threads()?;
        let client = admitted(&mut target, &mut |connection| {
            let client = Client::new(connection)?;
            // Whoever may not see the front page may still see data views.
            runtime.block_on(Engine::recognise(&client))?;
            Ok(client)
        })?;
        let cluster = target.profile.clone().unwrap_or_else(|| target.connection.name.clone());
        Ok(Self { client, runtime, address: text.to_owned(), cluster, own: target.data_views })
    }

    /// The cluster's name.
    pub(in crate::cli) fn cluster(&self) -> &str {
        &self.cluster
    }

    /// Lists them: their names first, then again and again as more is known of them. `tell` says
    /// whether to go on.
    ///
    /// # Errors
    /// If the cluster does not answer, or refuses to list.
    pub(in crate::cli) fn list(
        &self,
        tell: &mut dyn FnMut(Vec<ViewRow>) -> bool,
    ) -> Result<(), NoList> {
        let listed = self.runtime.block_on(catalog::list(&self.client));
        let entries = listed
            .map_err(|error| NoList { reason: error.sentence(), may_type: error.is_not_there() })?;
        let mut known = vec![Facts::default(); entries.len()];
        if !tell(self.rows(&entries, &known)) {
            return Ok(());
        }
        let sizes = self.runtime.block_on(catalog::sizes(&self.client));
        for (chunk, few) in entries.chunks(AT_ONCE).take(COUNTED / AT_ONCE).enumerate() {
            let facts = self.runtime.block_on(self.facts(few, &sizes));
            for (place, facts) in known.iter_mut().skip(chunk * AT_ONCE).zip(facts) {
                *place = facts;
            }
            if !tell(self.rows(&entries, &known)) {
                return Ok(());
            }
        }
        Ok(())
    }

    fn rows(&self, entries: &[Entry], known: &[Facts]) -> Vec<ViewRow> {
        let now = chrono::Utc::now().timestamp_millis();
        let own = self.own.iter().map(|name| {
            let pattern = IndexPattern::parse(name);
            let count = entries.iter().filter(|entry| pattern.matches(&entry.name)).count();
            ViewRow { name: name.clone(), detail: format!("of the profile, matches {count}") }
        });
        let is_own = |entry: &Entry| self.own.contains(&entry.name);
        let others = entries.iter().zip(known).filter(|(entry, _)| !is_own(entry));
        let others = others.map(|(entry, facts)| ViewRow {
            name: entry.name.clone(),
            detail: detail(entry, facts, now),
        });
        own.chain(others).collect()
    }

    async fn facts(&self, entries: &[Entry], sizes: &BTreeMap<String, u64>) -> Vec<Facts> {
        join_all(entries.iter().map(|entry| catalog::facts(&self.client, entry, sizes))).await
    }

    /// What to say where an address names no data view: those that there are.
    pub(super) fn missing(&self) -> String {
        let shown =
            Address::parse(&self.address).map(|address| address.shown()).unwrap_or_default();
        let base = shown.trim_end_matches('/');
        let example = format!("add an index pattern, for example {base}/logs-*");
        let mut last = Vec::new();
        let listed = self.list(&mut |rows| {
            last = rows;
            true
        });
        match listed {
            Err(NoList { reason, .. }) => format!(
                "{base} names no data view, and the cluster lists none: {reason}; {example}"
            ),
            Ok(()) if last.is_empty() => {
                format!(
                    "{base} names no data view, and there is none that this user may read; {example}"
                )
            }
            Ok(()) => {
                let more = last.len().saturating_sub(TOLD);
                last.truncate(TOLD);
                let width =
                    last.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).min(40);
                let line = |row: &ViewRow| {
                    format!("\n  {:<width$}  {}", open::clean(&row.name), row.detail)
                };
                let lines: String = last.iter().map(line).collect();
                let more = if more > 0 { format!("\n  and {more} more") } else { String::new() };
                format!("{base} names no data view; there are:{lines}{more}\n{example}")
            }
        }
    }
}

/// `data stream, 1,204 documents, 3.1 MB, newest 2 min ago`.
fn detail(entry: &Entry, facts: &Facts, now: i64) -> String {
    let mut parts = vec![entry.kind.title(1).to_owned()];
    if entry.closed {
        parts.push("closed".to_owned());
    }
    if entry.frozen {
        parts.push("frozen".to_owned());
    }
    match facts.documents {
        Some(1) => parts.push("1 document".to_owned()),
        Some(documents) => parts.push(format!("{} documents", number::count(documents))),
        None => {}
    }
    if let Some(bytes) = facts.bytes {
        parts.push(number::bytes(bytes));
    }
    if let Some(newest) = facts.newest {
        parts.push(format!("newest {}", ago(now.saturating_sub(newest.0))));
    }
    parts.join(", ")
}

/// How long ago, in the largest unit that fits.
fn ago(millis: i64) -> String {
    match millis / 1000 {
        ..0 => "in the future".to_owned(),
        0..60 => "just now".to_owned(),
        seconds @ 60..3600 => format!("{} min ago", seconds / 60),
        seconds @ 3600..172_800 => format!("{} h ago", seconds / 3600),
        seconds => format!("{} days ago", seconds / 86_400),
    }
}

#[cfg(test)]
mod tests {
    use super::{Entry, Facts, detail};
    use crate::source::elastic::catalog::Kind;
    use crate::time::Millis;

    #[test]
    fn what_is_known_of_a_view_is_told_in_a_line() {
        let check = |closed, facts: Facts, expected: &str| {
            let entry = Entry {
                name: "x".to_owned(),
                kind: Kind::DataStream,
                indices: Vec::new(),
                closed,
                frozen: false,
            };
            assert_eq!(detail(&entry, &facts, 1_000_000_000), expected);
        };
        let newest = Some(Millis(999_800_000));
        check(
            false,
            Facts { documents: Some(12_345), newest, bytes: Some(3_100_000) },
            "data stream, 12,345 documents, 3.1 MB, newest 3 min ago",
        );
        check(false, Facts::default(), "data stream");
        check(
            true,
            Facts { documents: Some(1), newest: Some(Millis(0)), bytes: None },
            "data stream, closed, 1 document, newest 11 days ago",
        );
    }
}
