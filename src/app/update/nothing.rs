//! Nothing found: finding out why, and taking a way out.

use std::sync::Arc;

use super::Out;
use super::pill::contains;
use crate::app::state::{App, Asked, Language, NothingFound, Offer, Question, Slot};
use crate::app::work::Landing;
use crate::diagnostic::nearest;
use crate::query::{Answer, Clause, Direction, PageRequest, Part, Search, Sort, SortOrder};
use crate::time::{Millis, TimeRange, TimeSpec};

impl App {
    /// Begins to find out why there are no rows.
    pub(super) fn explain_nothing(&mut self, out: &mut Out) {
        let Some(search) = self.work.search.clone() else { return };
        let mut nothing = NothingFound { pending: true, ..NothingFound::default() };
        let view = self.status.view.clone();
        for field in fields_of(&search.clause) {
            let known = field.contains('*') || view.field(&field).is_some();
            if known || view.fields.is_empty() {
                continue;
            }
            let names = view.fields.iter().map(|field| field.name.as_str());
            match nearest(&field, names).map(str::to_owned) {
                Some(nearest) => nothing.offers.push(Offer::Rename { field, nearest }),
                None => nothing.unknown.push(field),
            }
        }
        let text = self.asked.question.text.trim();
        if is_free_text(text) && self.asked.question.language == Language::Kql {
            let text = text.trim_matches('"').to_owned();
            nothing.offers.push(Offer::Contains { text });
        }
        self.nothing = nothing;
        self.ask_without_filters(&search, out);
        self.ask_without_range(&search, out);
        self.settle_nothing();
    }

    fn ask_without_filters(&mut self, search: &Search, out: &mut Out) {
        if self.asked.question.filters.iter().all(|filter| filter.disabled) {
            return;
        }
        let question = Question { filters: Vec::new(), ..self.asked.question.clone() };
        if let Ok(clause) = question.lower(&self.status.view, &self.query_config) {
            let unlowered = Some(Arc::new(self.unlowered(&question)));
            let search = Search { clause: Arc::new(clause), unlowered, ..search.clone() };
            self.ask(Slot::HintFilters, search, vec![Part::Total], out);
        }
    }

    fn ask_without_range(&mut self, search: &Search, out: &mut Out) {
        if self.range.is_all() {
            return;
        }
        let all = Search { range: TimeRange::ALL, ..search.clone() };
        self.ask(Slot::HintRange, all, vec![Part::Total], out);
        if let Some(range) = self.range_before() {
            let field = self.time_field().to_owned();
            let sort = Sort { field, order: SortOrder::Descending };
            let before = Search { range, sort, ..search.clone() };
            let page = PageRequest {
                anchor: None,
                inclusive: true,
                direction: Direction::After,
                count: 1,
                fields: vec![self.time_field().to_owned()],
            };
            self.ask(Slot::HintBefore, before, vec![Part::Page(page)], out);
        }
    }

    /// Takes what was found out.
    pub(super) fn on_hint(&mut self, slot: Slot, answer: Answer, complete: bool) {
        let offer = match answer {
            Answer::Total(total) if total.hits > 0 && slot == Slot::HintFilters => {
                Some(Offer::WithoutFilters { hits: total.hits })
            }
            Answer::Total(total) if total.hits > 0 => {
                Some(Offer::WithoutRange { hits: total.hits })
            }
            Answer::Page(page) => {
                page.hits.first().and_then(|hit| hit.time).map(|at| Offer::LastBefore { at })
            }
            _ => None,
        };
        if let Some(offer) = offer.filter(|_| complete) {
            self.nothing.offers.push(offer);
            self.nothing.offers.sort_by_key(rank);
        }
        self.settle_nothing();
    }

    fn settle_nothing(&mut self) {
        let hints = [Slot::HintFilters, Slot::HintRange, Slot::HintBefore];
        self.nothing.pending = hints.into_iter().any(|slot| self.is_running(slot));
    }

    /// Takes a way out.
    pub(super) fn take_offer(&mut self, offer: Offer, out: &mut Out) {
        let mut asked = self.asked.clone();
        match offer {
            Offer::WithoutFilters { .. } => {
                asked.question.filters.iter_mut().for_each(|filter| filter.disabled = true);
            }
            Offer::WithoutRange { .. } => asked.span = TimeSpec::default(),
            Offer::LastBefore { at } => asked.span = self.span_before(at),
            Offer::Rename { field, nearest } => {
                asked.question.text = asked.question.text.replace(&field, &nearest);
            }
            Offer::Contains { text } => {
                asked.question.text.clear();
                asked.question.filters.push(crate::app::state::Filter::new(contains(&text)));
            }
            Offer::Replace { query } => asked.question.text = query,
        }
        self.put_question(asked, out);
    }

    /// A range as long as the one in force that ends with the record at `at`.
    fn span_before(&self, at: Millis) -> TimeSpec {
        let TimeRange { from, to } = self.range;
        let end = to.or(self.status.last).map_or(at.0, |end| end.0);
        let length = from.map_or(0, |from| end.saturating_sub(from.0)).max(60_000);
        TimeSpec::between(Millis(at.0.saturating_sub(length)).to_string(), at.to_string())
    }

    /// Puts a question in force and shows it from its first row.
    pub(super) fn put_question(&mut self, asked: Asked, out: &mut Out) {
        if let Err(finding) = self.change(asked, Landing::Top, out) {
            self.warn(finding.to_string(), out);
        }
    }
}

fn rank(offer: &Offer) -> u8 {
    match offer {
        Offer::Replace { .. } => 0,
        Offer::Rename { .. } => 1,
        Offer::Contains { .. } => 2,
        Offer::WithoutFilters { .. } => 3,
        Offer::WithoutRange { .. } => 4,
        Offer::LastBefore { .. } => 5,
    }
}

/// Whether a query is words without any field, operator or wildcard.
fn is_free_text(text: &str) -> bool {
    let inner = text.trim_matches('"');
    let words = [" and ", " or ", "not "];
    !inner.is_empty()
        && !inner.contains([':', '<', '>', '*', '(', ')', '{', '}', '"'])
        && (text.starts_with('"') || !words.iter().any(|word| inner.to_lowercase().contains(word)))
}

/// The fields that a clause names.
fn fields_of(clause: &Clause) -> Vec<String> {
    let mut names = Vec::new();
    collect(clause, &mut names);
    names.sort();
    names.dedup();
    names
}

fn collect(clause: &Clause, names: &mut Vec<String>) {
    match clause {
        Clause::Bool { must, filter, should, must_not, .. }
        | Clause::Combined { must, filter, should, must_not } => {
            for inner in [must, filter, should, must_not].into_iter().flatten() {
                collect(inner, names);
            }
        }
        Clause::Nested { query, .. } => collect(query, names),
        Clause::Match { field, .. }
        | Clause::MatchPhrase { field, .. }
        | Clause::Term { field, .. }
        | Clause::Terms { field, .. }
        | Clause::Range { field, .. }
        | Clause::Exists { field }
        | Clause::Wildcard { field, .. }
        | Clause::Prefix { field, .. }
        | Clause::Regexp { field, .. } => names.push(field.clone()),
        Clause::MultiMatch { fields, .. } | Clause::QueryString { fields, .. } => {
            names.extend(fields.iter().cloned());
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::is_free_text;

    #[test]
    fn words_without_fields_are_free_text() {
        let check = |text, free| assert_eq!(is_free_text(text), free, "{text}");
        check("timed out", true);
        check("\"connection and pool\"", true);
        check("a and b", false);
        check("log.level: error", false);
        check("time*", false);
        check("", false);
    }
}
