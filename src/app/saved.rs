//! Saved queries as files say them, and as the screen has them.

use super::effect::SavedView;
use super::state::{Asked, BreakdownChoice};
use crate::config::saved::{FilterTest, SavedBreakdown, SavedFilter, SavedLanguage, SavedQuery};
use crate::query::{Filter, FilterKind, Language, Question};
use crate::time::TimeSpec;

impl From<&SavedQuery> for SavedView {
    fn from(saved: &SavedQuery) -> Self {
        let language = match saved.language {
            SavedLanguage::Kql => Language::Kql,
            SavedLanguage::Lucene => Language::Lucene,
        };
        let filters = saved.filters.iter().map(filter_of).collect();
        let question = Question { language, text: saved.query.clone(), filters };
        let span = TimeSpec { from: saved.from.clone(), to: saved.to.clone() };
        Self {
            asked: Asked { question, span },
            columns: saved.columns.clone(),
            sort: saved.sort.clone(),
            breakdown: match &saved.breakdown {
                SavedBreakdown::Auto => BreakdownChoice::Auto,
                SavedBreakdown::None => BreakdownChoice::None,
                SavedBreakdown::By(by) => BreakdownChoice::By(by.clone()),
            },
        }
    }
}

impl SavedView {
    /// The view as a file of that name says it.
    #[must_use]
    pub fn to_saved(&self, name: &str) -> SavedQuery {
        let Asked { question, span } = &self.asked;
        SavedQuery {
            name: name.to_owned(),
            description: String::new(),
            language: match question.language {
                Language::Kql => SavedLanguage::Kql,
                Language::Lucene => SavedLanguage::Lucene,
            },
            query: question.text.clone(),
            filters: question.filters.iter().map(saved_filter).collect(),
            from: span.from.clone(),
            to: span.to.clone(),
            columns: self.columns.clone(),
            sort: self.sort.clone(),
            breakdown: match &self.breakdown {
                BreakdownChoice::Auto => SavedBreakdown::Auto,
                BreakdownChoice::None => SavedBreakdown::None,
                BreakdownChoice::By(by) => SavedBreakdown::By(by.clone()),
            },
        }
    }
}

fn filter_of(saved: &SavedFilter) -> Filter {
    let field = saved.field.clone();
    let mut filter = Filter::new(match saved.test.clone() {
        FilterTest::Is(value) => FilterKind::Is { field, value },
        FilterTest::IsOneOf(values) => FilterKind::IsOneOf { field, values },
        FilterTest::Exists => FilterKind::Exists { field },
        FilterTest::Between { from, to } => FilterKind::Between { field, from, to },
        FilterTest::Contains(text) => FilterKind::Contains { text },
        FilterTest::Dsl(query) => FilterKind::Custom { query },
    });
    filter.negate = saved.negate;
    filter.disabled = saved.disabled;
    filter.alias.clone_from(&saved.label);
    filter
}

fn saved_filter(filter: &Filter) -> SavedFilter {
    let field = filter.field().unwrap_or_default();
    let (field, test) = match filter.kind.clone() {
        FilterKind::Is { value, .. } => (field, FilterTest::Is(value)),
        FilterKind::IsOneOf { values, .. } => (field, FilterTest::IsOneOf(values)),
        FilterKind::Exists { .. } => (field, FilterTest::Exists),
        FilterKind::Between { from, to, .. } => (field, FilterTest::Between { from, to }),
        FilterKind::Contains { text } => ("", FilterTest::Contains(text)),
        FilterKind::Custom { query } => ("", FilterTest::Dsl(query)),
        // What Kibana would send for it; its members are not edited one by one afterwards.
        FilterKind::Combined { .. } => {
            let positive = Filter { negate: false, ..filter.clone() };
            ("", FilterTest::Dsl(positive.query().unwrap_or_default()))
        }
    };
    let mut saved = SavedFilter::new(field, test);
    saved.negate = filter.negate;
    saved.disabled = filter.disabled;
    saved.label.clone_from(&filter.alias);
    saved
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_view_survives_its_file() {
        let mut not = Filter::new(FilterKind::Is { field: "status".into(), value: json!(502) });
        not.negate = true;
        not.alias = Some("bad gateway".into());
        let between = FilterKind::Between { field: "b".into(), from: Some(json!(1)), to: None };
        let contains = FilterKind::Contains { text: "timed out".into() };
        let filters = vec![not, Filter::new(between), Filter::new(contains)];
        let question = Question { language: Language::Lucene, text: "a:b".into(), filters };
        let view = SavedView {
            asked: Asked { question, span: TimeSpec::between("now-15m", "now") },
            columns: vec!["message".into()],
            sort: None,
            breakdown: BreakdownChoice::None,
        };
        let saved = view.to_saved("mine");
        let (read, findings) = SavedQuery::parse("mine.toml", &saved.to_toml());
        assert_eq!(findings, []);
        assert_eq!(SavedView::from(&read), view);
    }
}
