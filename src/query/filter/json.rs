//! Pills as Kibana stores them: `{"meta": {..}, "query": {..}, "$state": {"store": ..}}`.

use serde_json::{Map, Value as Json, json};

use super::{Filter, FilterKind, Relation};

/// Deeper combined pills are kept as custom ones.
const DEEPEST: usize = 50;

impl Filter {
    /// Reads a stored pill; `None` if it is no object. A clause at the top level, as older Kibana
    /// stored it, counts as the query.
    #[must_use]
    pub fn from_json(json: &Json) -> Option<Self> {
        Self::read(json, 0)
    }

    fn read(json: &Json, depth: usize) -> Option<Self> {
        let object = json.as_object()?;
        let mut meta = object.get("meta").and_then(Json::as_object).cloned().unwrap_or_default();
        let flag = |meta: &mut Map<String, Json>, name: &str| {
            meta.shift_remove(name).is_some_and(|value| value == Json::Bool(true))
        };
        let text = |meta: &mut Map<String, Json>, name: &str| match meta.shift_remove(name) {
            Some(Json::String(text)) => Some(text),
            _ => None,
        };
        let (negate, disabled) = (flag(&mut meta, "negate"), flag(&mut meta, "disabled"));
        let (alias, index) = (text(&mut meta, "alias"), text(&mut meta, "index"));
        let store = object.get("$state").and_then(|state| state.get("store"));
        let pinned = store.and_then(Json::as_str) == Some("globalState");
        let kind = combined(&meta, depth).unwrap_or_else(|| {
            let query = query_of(object);
            simple(&meta, &query).unwrap_or(FilterKind::Custom { query })
        });
        if !matches!(kind, FilterKind::Custom { .. }) {
            meta.retain(|name, _| {
                !["key", "type", "params", "value", "relation"].contains(&name.as_str())
            });
        }
        Some(Self { kind, negate, disabled, pinned, alias, index, meta })
    }

    /// The pill as Kibana stores it.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let mut meta = Map::new();
        if let Some(index) = &self.index {
            meta.insert("index".to_owned(), Json::from(index.as_str()));
        }
        let mut put = |name: &str, value: Json| drop(meta.insert(name.to_owned(), value));
        if let Some(field) = self.field() {
            put("key", Json::from(field));
        }
        match &self.kind {
            FilterKind::Is { value, .. } => {
                put("type", json!("phrase"));
                put("params", json!({"query": value}));
            }
            FilterKind::IsOneOf { values, .. } => {
                put("type", json!("phrases"));
                put("params", json!(values));
            }
            FilterKind::Exists { .. } => {
                put("type", json!("exists"));
                put("value", json!("exists"));
            }
            FilterKind::Between { from, to, .. } => {
                put("type", json!("range"));
                put("params", bounds(from.as_ref(), to.as_ref()));
            }
            FilterKind::Contains { text } => {
                put("type", json!("custom"));
                put("params", json!({"recordContains": text}));
            }
            FilterKind::Combined { relation, members } => {
                put("type", json!("combined"));
                put("relation", json!(if *relation == Relation::And { "AND" } else { "OR" }));
                put("params", members.iter().map(Self::to_json).collect());
            }
            FilterKind::Custom { .. } => {}
        }
        meta.extend(self.meta.clone());
        meta.insert("negate".to_owned(), Json::from(self.negate));
        meta.insert("disabled".to_owned(), Json::from(self.disabled));
        meta.insert("alias".to_owned(), json!(self.alias));
        let store = if self.pinned { "globalState" } else { "appState" };
        let mut pill = json!({"meta": meta, "$state": {"store": store}});
        if let (Some(query), Some(object)) = (self.query(), pill.as_object_mut()) {
            object.insert("query".to_owned(), query);
        }
        pill
    }

    /// The pill's query DSL, without negation; combined pills have none of their own.
    #[must_use]
    pub fn query(&self) -> Option<Json> {
        Some(match &self.kind {
            FilterKind::Is { field, value } => phrase(field, value),
            FilterKind::IsOneOf { field, values } => {
                let should: Vec<Json> = values.iter().map(|value| phrase(field, value)).collect();
                json!({"bool": {"should": should, "minimum_should_match": 1}})
            }
            FilterKind::Exists { field } => json!({"exists": {"field": field}}),
            FilterKind::Between { field, from, to } => {
                json!({"range": {field.as_str(): bounds(from.as_ref(), to.as_ref())}})
            }
            FilterKind::Contains { text } => {
                crate::query::dsl::to_json(&crate::query::clause::Clause::RecordContains {
                    text: text.clone(),
                })
            }
            FilterKind::Custom { query } => query.clone(),
            FilterKind::Combined { .. } => return None,
        })
    }
}

fn phrase(field: &str, value: &Json) -> Json {
    json!({"match_phrase": {field: value}})
}

fn bounds(from: Option<&Json>, to: Option<&Json>) -> Json {
    let lower = from.map(|value| ("gte".to_owned(), value.clone()));
    let upper = to.map(|value| ("lt".to_owned(), value.clone()));
    Json::Object(lower.into_iter().chain(upper).collect())
}

/// The query of a stored pill, with clauses of the top level put into it.
fn query_of(object: &Map<String, Json>) -> Json {
    if let Some(query) = object.get("query").filter(|query| !query.is_null()) {
        return query.clone();
    }
    let clauses = object.iter().filter(|(name, _)| *name != "meta" && *name != "$state");
    Json::Object(clauses.map(|(name, value)| (name.clone(), value.clone())).collect())
}

fn combined(meta: &Map<String, Json>, depth: usize) -> Option<FilterKind> {
    if meta.get("type")?.as_str()? != "combined" || depth >= DEEPEST {
        return None;
    }
    let relation = match meta.get("relation").and_then(Json::as_str) {
        Some("OR" | "or") => Relation::Or,
        _ => Relation::And,
    };
    let params = meta.get("params").and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
    let members = params.iter().filter_map(|pill| Filter::read(pill, depth + 1)).collect();
    Some(FilterKind::Combined { relation, members })
}

/// The kind whose query is exactly this one.
fn simple(meta: &Map<String, Json>, query: &Json) -> Option<FilterKind> {
    let params = meta.get("params");
    if let Some(text) =
        params.and_then(|params| params.get("recordContains")).and_then(Json::as_str)
    {
        return Some(FilterKind::Contains { text: text.to_owned() });
    }
    let object = query.as_object().filter(|object| object.len() == 1)?;
    let (name, body) = object.iter().next()?;
    let entry = || body.as_object().filter(|body| body.len() == 1)?.iter().next();
    let kind = match name.as_str() {
        "match_phrase" => {
            let (field, value) = entry()?;
            FilterKind::Is { field: field.clone(), value: value.clone() }
        }
        "exists" => FilterKind::Exists { field: body.get("field")?.as_str()?.to_owned() },
        "range" => {
            let (field, range) = entry()?;
            let (from, to) = (range.get("gte").cloned(), range.get("lt").cloned());
            FilterKind::Between { field: field.clone(), from, to }
        }
        "bool" => {
            let field = meta.get("key").and_then(Json::as_str)?.to_owned();
            let should = body.get("should")?.as_array()?;
            let value = |json: &Json| json.get("match_phrase")?.get(&field).cloned();
            let values = should.iter().map(value).collect::<Option<Vec<_>>>()?;
            FilterKind::IsOneOf { field, values }
        }
        _ => return None,
    };
    // Objects as values, other bounds and further options are carried as they are.
    let is_plain = match &kind {
        FilterKind::Is { value, .. } => !value.is_object() && !value.is_array(),
        _ => true,
    };
    (is_plain && Filter::new(kind.clone()).query().as_ref() == Some(query)).then_some(kind)
}
