//! Data views and settings as cases name them.

use std::collections::HashMap;
use std::path::Path;
use std::{fs, io};

use serde_json::{Map, Value as Json};

use crate::event::DataView;
use crate::query::QueryConfig;

/// Data views by name.
pub(super) struct Views(HashMap<String, DataView>);

impl Views {
    /// Reads every `NAME.json` (or `NAME.view.json`) of a folder.
    pub(super) fn open(folder: Option<&Path>) -> io::Result<Self> {
        let mut views = HashMap::new();
        let Some(folder) = folder else { return Ok(Self(views)) };
        for entry in fs::read_dir(folder)? {
            let path = entry?.path();
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let Some(stem) = name.strip_suffix(".json") else { continue };
            let stem = stem.strip_suffix(".view").unwrap_or(stem).to_owned();
            // Other JSON may lie in the same folder.
            if let Ok(view) = serde_json::from_slice(&fs::read(&path)?) {
                views.insert(stem, view);
            }
        }
        Ok(Self(views))
    }

    /// The data view that a case names; `None` for `none`.
    pub(super) fn of(&self, case: &Json) -> Option<&DataView> {
        self.0.get(case.get("fields")?.as_str()?)
    }
}

/// The settings of a case, over Kibana's library's defaults.
pub(super) fn settings(case: &Json, allow_leading_wildcards: bool) -> QueryConfig {
    let empty = Map::new();
    let given = case.get("config").and_then(Json::as_object).unwrap_or(&empty);
    let flag = |name: &str| given.get(name).and_then(Json::as_bool);
    let text = |name: &str| given.get(name).and_then(Json::as_str).map(str::to_owned);
    let options = given.get("queryStringOptions").and_then(Json::as_object).cloned();
    QueryConfig {
        case_insensitive: flag("caseInsensitive"),
        date_format_tz: text("dateFormatTZ"),
        nested_ignore_unmapped: flag("nestedIgnoreUnmapped"),
        filters_in_must_clause: flag("filtersInMustClause").unwrap_or(false),
        allow_leading_wildcards: flag("allowLeadingWildcards").unwrap_or(allow_leading_wildcards),
        ignore_filter_if_field_not_in_index: flag("ignoreFilterIfFieldNotInIndex").unwrap_or(false),
        query_string_options: options.unwrap_or_default(),
        kql_plus: false,
        deepest: usize::MAX,
    }
}
