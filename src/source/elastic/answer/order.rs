//! The order of rows as the engines take it: the field, the time, and what breaks ties.

use serde_json::{Map, Value as Json, json};

use super::super::fields::usable;
use super::super::session::Session;
use crate::query::{Search, SortOrder};

/// The `sort` of a search: its field, then a tie-breaker. `reversed` asks for the rows before.
///
/// Sort values are numbers, never formatted dates: those of documents without a time would be
/// `null`, which `search_after` does not take.
pub(in super::super) fn sort(session: &Session, search: &Search, reversed: bool) -> Json {
    let ascending = (search.sort.order == SortOrder::Ascending) != reversed;
    let order = if ascending { "asc" } else { "desc" };
    let time = session.time_field();
    let is_time = time == Some(search.sort.field.as_str());
    let key = |field: &str| {
        let mut key = Map::new();
        key.insert("order".to_owned(), json!(order));
        // Documents without the field are last either way; read backwards they come first.
        key.insert("missing".to_owned(), json!(if reversed { "_first" } else { "_last" }));
        let name = session.countable(field);
        let unmapped = usable::unmapped_type(&session.view, &name, time == Some(field));
        key.insert("unmapped_type".to_owned(), json!(unmapped));
        let types = session.view.field(field).map(|field| field.es_types.as_slice());
        if types.is_some_and(|types| types.iter().any(|name| name == "date_nanos")) {
            // Seconds are compared with nanoseconds otherwise, where indices disagree.
            key.insert("numeric_type".to_owned(), json!("date_nanos"));
        }
        json!({name: key})
    };
    let mut keys = vec![key(&search.sort.field)];
    keys.extend(time.filter(|_| !is_time).map(key));
    keys.extend(session.tie_breakers().iter().map(|name| json!({*name: {"order": order}})));
    Json::Array(keys)
}
