//! The same events twice: a local source over files, and an index with the same mapping that is
//! filled with what the local source reads.

use std::collections::{BTreeMap, HashMap};
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use peavey::event::{DataView, Mapping, ViewField};
use peavey::ingest::format::DetectOptions;
use peavey::ingest::{self, SourceArg};
use peavey::query::{Answer, Clause, Direction, HitId, PageRequest, Part, SortOrder};
use peavey::source::Source;
use peavey::source::local::{LocalSource, Options};
use peavey::time::Millis;
use serde_json::{Value as Json, json};

use super::ask;
use super::random::Random;
use crate::support::engine::Engine;
use crate::{Asked, search};

/// A field that can be asked, with values that documents have in it.
pub(super) struct Known {
    pub(super) name: String,
    /// Its type in the index.
    pub(super) kind: String,
    pub(super) values: Vec<String>,
    /// The nested objects that it is in.
    pub(super) nested: Option<String>,
    pub(super) aggregatable: bool,
}

impl Known {
    /// A value that some document has.
    pub(super) fn value(&self, random: &mut Random) -> &str {
        &self.values[random.below(self.values.len())]
    }
}

/// Files, opened.
pub(super) struct Corpus {
    pub(super) name: &'static str,
    pub(super) local: Arc<LocalSource>,
    pub(super) view: Arc<DataView>,
    /// Each record as JSON, for the index.
    pub(super) documents: Vec<String>,
    pub(super) mapping: String,
    /// Which document a hit of the local source is.
    pub(super) numbers: HashMap<HitId, usize>,
    pub(super) fields: Vec<Known>,
    /// First and last instant.
    pub(super) span: (i64, i64),
    _folder: tempfile::TempDir,
}

/// The text of a file of the repository, unpacked.
pub(super) fn text_of(path: &Path) -> String {
    let bytes = std::fs::read(path).unwrap();
    let mut text = String::new();
    if path.extension().is_some_and(|end| end == "gz") {
        flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_string(&mut text).unwrap();
        return text;
    }
    String::from_utf8(bytes).unwrap()
}

impl Corpus {
    /// Opens files (name, text), with a mapping where one is given, and reads them whole.
    pub(super) fn open(
        runtime: &tokio::runtime::Runtime,
        name: &'static str,
        files: &[(&str, String)],
        mapping: Option<&Json>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        for (file, text) in files {
            std::fs::write(folder.path().join(file), text).unwrap();
        }
        let fixed = mapping.map(|mapping| Arc::new(Mapping::from_json(mapping).unwrap()));
        let detect = DetectOptions { mapping: fixed, ..DetectOptions::default() };
        let wanted: Vec<SourceArg> = files
            .iter()
            .map(|(file, _)| SourceArg::parse(folder.path().join(file).to_str().unwrap()).unwrap())
            .collect();
        let found = ingest::discover(&wanted, &ingest::discover::Options::default());
        let local = LocalSource::open(found, Options { detect, ..Options::default() });
        let mut status = local.status();
        let whole = runtime.block_on(async {
            let wait = status.wait_for(|status| status.complete && status.records > 0);
            tokio::time::timeout(Duration::from_secs(60), wait).await.unwrap().unwrap().clone()
        });
        let everything = PageRequest {
            anchor: None,
            inclusive: false,
            direction: Direction::After,
            count: 10_000,
            fields: Vec::new(),
        };
        let all = search(Clause::MatchAll, SortOrder::Ascending);
        let part = Part::Page(everything);
        let Ok(mut answers) = runtime.block_on(ask(&*local, &all, vec![part])) else { panic!() };
        let Some(Answer::Page(page)) = answers.pop() else { panic!("no page") };
        assert!(page.at_end, "{name} is too large");
        let mut documents = Vec::new();
        let (mut numbers, mut parsed) = (HashMap::new(), Vec::new());
        for (number, hit) in page.hits.into_iter().enumerate() {
            let source = Json::Object(hit.document.source.clone());
            let raw = hit.raw.as_deref().map(|raw| String::from_utf8_lossy(raw).into_owned());
            documents.push(as_indexed(raw.as_deref().filter(|_| mapping.is_some()), &source));
            numbers.insert(hit.id, number);
            parsed.push(source);
        }
        let view = Arc::clone(&whole.view);
        let fields = known(&view, mapping, &parsed);
        let mapping = whole_mapping(mapping, &view).to_string();
        let end = |at: Option<Millis>| at.map_or(0, |at| at.0);
        let span = (end(whole.first), end(whole.last));
        Self { name, local, view, documents, mapping, numbers, fields, span, _folder: folder }
    }

    /// The index of a node, filled and opened.
    pub(super) fn index(&self, engine: &Engine) -> Asked {
        Asked::on(engine, &format!("same-{}", self.name), &self.mapping, &self.documents)
    }
}

/// The document to index: a line of JSON as it is written, with what Peavey adds to it.
fn as_indexed(raw: Option<&str>, source: &Json) -> String {
    let line = raw.and_then(|raw| raw.trim_end().strip_suffix('}'));
    match line {
        Some(line) if !line.contains("\"log\"") => format!("{line},\"log\":{}}}", source["log"]),
        _ => {
            let mut source = source.clone();
            if let Some(fields) = source.as_object_mut() {
                fields.retain(|name, _| !name.starts_with('_'));
            }
            source.to_string()
        }
    }
}

/// The given mapping and, below it, the fields that the local source has beside.
fn whole_mapping(given: Option<&Json>, view: &DataView) -> Json {
    let mut whole = given.cloned().unwrap_or_else(|| json!({"mappings": {"properties": {}}}));
    for field in added(given, view) {
        let Some(kind) = field.es_types.first().filter(|kind| *kind != "object") else { continue };
        let (above, leaf) = match field.parent() {
            Some(parent) => (parent, Some(&field.name[parent.len() + 1..])),
            None => (field.name.as_str(), None),
        };
        let mut at = &mut whole["mappings"];
        for step in above.split('.') {
            at = &mut at["properties"][step];
        }
        if let Some(leaf) = leaf {
            at = &mut at["fields"][leaf];
            at["ignore_above"] = json!(256);
        }
        at["type"] = json!(kind);
    }
    whole
}

/// The fields of a view that a given mapping does not have: all of them where none is given, else
/// where the record is from.
fn added<'a>(given: Option<&Json>, view: &'a DataView) -> Vec<&'a ViewField> {
    let is_added = |name: &str| match given {
        Some(_) => matches!(name, "log.file.path" | "log.offset"),
        None => !name.starts_with('_'),
    };
    view.fields.iter().filter(|field| is_added(&field.name)).collect()
}

/// The fields that can be asked, with the values of each. Local names for other fields, which have
/// no values of their own, are left out, as no index has them.
fn known(view: &DataView, given: Option<&Json>, documents: &[Json]) -> Vec<Known> {
    let fixed = given.map(|given| Mapping::from_json(given).unwrap());
    let added: Vec<&str> = added(given, view).iter().map(|field| field.name.as_str()).collect();
    let mut by_path: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for field in &view.fields {
        let path = field.parent().unwrap_or(&field.name);
        let values = by_path.entry(path).or_default();
        if values.is_empty() {
            for document in documents {
                collect(document, path, values);
            }
        }
    }
    let is_asked = |field: &&ViewField| {
        let is_given = fixed.as_ref().is_some_and(|fixed| fixed.get(&field.name).is_some());
        let is_filled = !by_path[field.parent().unwrap_or(&field.name)].is_empty();
        is_given || (is_filled && added.contains(&field.name.as_str()))
    };
    let asked = view.fields.iter().filter(is_asked);
    let fields = asked.filter_map(|field| {
        let kind = field.es_types.first()?.clone();
        let values = by_path[field.parent().unwrap_or(&field.name)].clone();
        (!matches!(kind.as_str(), "object" | "nested" | "geo_point")).then(|| Known {
            name: field.name.clone(),
            kind,
            values,
            nested: field.nested_path().map(str::to_owned),
            aggregatable: field.aggregatable,
        })
    });
    fields.collect()
}

/// The scalars at a path, through arrays and through keys with dots.
fn collect(at: &Json, path: &str, into: &mut Vec<String>) {
    match at {
        Json::Array(list) => list.iter().for_each(|entry| collect(entry, path, into)),
        Json::Object(fields) => {
            for (name, below) in fields {
                if name == path {
                    scalars(below, into);
                } else if let Some(rest) = path.strip_prefix(name.as_str())
                    && let Some(rest) = rest.strip_prefix('.')
                {
                    collect(below, rest, into);
                }
            }
        }
        _ => {}
    }
}

fn scalars(at: &Json, into: &mut Vec<String>) {
    match at {
        Json::Array(list) => list.iter().for_each(|entry| scalars(entry, into)),
        Json::String(text) => into.push(text.clone()),
        Json::Number(number) => into.push(number.to_string()),
        Json::Bool(yes) => into.push(yes.to_string()),
        _ => {}
    }
}
