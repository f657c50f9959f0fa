//! The question asked to a cluster: counts in one request, rows page by page.

use std::ops::ControlFlow;

use tokio::sync::mpsc;
use tokio_util::sync::CancellationToken;

use super::{Counted, Headless, Wanted};
use crate::cli::cluster::ClusterSource;
use crate::query::{Answer, Hit, Part, RequestId, Search, SearchRequest, Warning};
use crate::source::Source;

/// Counts the parts of a search; they are asked together.
pub(super) fn count(
    source: &dyn Source,
    search: &Search,
    parts: &[Part],
) -> Result<Counted, String> {
    let (replies, mut updates) = mpsc::channel(parts.len().max(1));
    let request = SearchRequest { id: RequestId(1), search: search.clone(), parts: parts.to_vec() };
    let token = CancellationToken::new();
    let _cancelled_at_the_end = token.clone().drop_guard();
    source.ask(request, replies, token);
    let mut answers: Vec<Option<Answer>> = vec![None; parts.len()];
    let mut warnings: Vec<Warning> = Vec::new();
    while let Some(update) = updates.blocking_recv() {
        for warning in update.warnings {
            if !warnings.contains(&warning) {
                warnings.push(warning);
            }
        }
        if !update.complete {
            continue;
        }
        match update.answer {
            Answer::Failed(reason) => return Err(reason),
            answer => {
                if let Some(place) = answers.get_mut(update.part) {
                    *place = Some(answer);
                }
            }
        }
    }
    let answers: Option<Vec<Answer>> = answers.into_iter().collect();
    let answers = answers.ok_or_else(|| "the source gave no answer".to_owned())?;
    Ok(Counted { answers, warnings })
}

impl Headless {
    /// Gives each hit of a cluster to `sink`.
    pub(super) fn cluster_rows(
        &self,
        cluster: &ClusterSource,
        search: &Search,
        wanted: &Wanted<'_>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<(u64, Vec<Warning>), String> {
        let fields = self.fields_of_rows(wanted);
        let given = if wanted.follow {
            cluster.follow_rows(search, &fields, wanted.limit, sink)?
        } else {
            cluster.rows(search, &fields, wanted.limit, sink)?
        };
        Ok((given.rows, given.warnings))
    }

    /// The fields to ask for; none asks for whole documents.
    pub(super) fn fields_of_rows(&self, wanted: &Wanted<'_>) -> Vec<String> {
        // What is no leaf (an object, an unknown name) can only be cut from the whole document.
        let is_leaf = |name: &String| {
            let found = self.view.field(name);
            found.is_some_and(|field| !matches!(&*field.kind, "object" | "nested"))
        };
        let whole = !wanted.documents || !wanted.fields.iter().all(is_leaf);
        if whole { Vec::new() } else { wanted.fields.to_vec() }
    }
}
