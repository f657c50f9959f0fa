//! `{"fields", "queries", "filters", "config"?, "timeRange"?}` to `{"dsl"}` or `{"error"}`.

use serde_json::{Value as Json, json};

use super::views::{Views, settings};
use super::{datemath, text};
use crate::event::DataView;
use crate::query::build::{Query, request, time_range};
use crate::query::{Clause, Filter, dsl};
use crate::time::math::{RoundUp, kibana};
use crate::time::{Anchors, TimeRange, Zone};

pub(super) fn answer(case: &Json, views: &Views) -> Json {
    let (view, config) = (views.of(case), settings(case, false));
    let queries: Vec<Query> = list(case, "queries").iter().filter_map(query).collect();
    let filters: Vec<Filter> = list(case, "filters").iter().filter_map(Filter::from_json).collect();
    match request(view, &queries, &filters, &config) {
        Ok(mut clause) => {
            if let (Clause::Combined { filter, .. }, Some(range)) = (&mut clause, range(case, view))
            {
                filter.push(range);
            }
            json!({"dsl": dsl::to_json(&clause)})
        }
        Err(error) => json!({"error": error.to_string()}),
    }
}

fn list<'a>(case: &'a Json, name: &str) -> &'a [Json] {
    case.get(name).and_then(Json::as_array).map_or(&[], Vec::as_slice)
}

fn query(json: &Json) -> Option<Query> {
    let query = json.get("query")?;
    match json.get("language")?.as_str()? {
        "kuery" => Some(Query::Kql(query.as_str()?.to_owned())),
        _ => Some(Query::Lucene(query.clone())),
    }
}

/// The pill of the time picker.
fn range(case: &Json, view: Option<&DataView>) -> Option<Clause> {
    let range = case.get("timeRange")?;
    let field = view?.time_field_name.as_deref()?;
    let anchors = Anchors::new(datemath::now(range), Zone::local());
    let from = kibana(text(range, "from"), &anchors, RoundUp::No);
    let to = kibana(text(range, "to"), &anchors, RoundUp::Yes);
    Some(time_range(field, TimeRange { from, to }))
}
