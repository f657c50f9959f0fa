//! One source among several: its name, and how a question to all is put to it.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Map, Value as Json};
use tokio::sync::watch;

use super::window::{Asked, Window};
use super::{SOURCE_FIELD, meaning, view};
use crate::diagnostic::Diagnostic;
use crate::event::{DataView, Document};
use crate::query::{Hit, HitId, Search, Status};
use crate::source::Source;

/// The time field of a source that names none.
const TIME: &str = "@timestamp";

/// A source and its name.
pub struct Named {
    /// What records say that they are from; different for each.
    pub name: String,
    /// The source.
    pub source: Arc<dyn Source>,
}

/// A source among others.
pub(super) struct Member {
    /// Its number.
    pub(super) number: usize,
    /// Its name.
    pub(super) name: String,
    /// Itself.
    pub(super) source: Arc<dyn Source>,
    status: watch::Receiver<Arc<Status>>,
    window: Mutex<Window>,
    view: Mutex<Option<Views>>,
}

/// Its view as it says, and with the field of its name.
struct Views {
    own: Arc<DataView>,
    named: Arc<DataView>,
}

impl Member {
    pub(super) fn new(number: usize, named: Named) -> Self {
        Self {
            number,
            name: named.name,
            status: named.source.status(),
            source: named.source,
            window: Mutex::default(),
            view: Mutex::default(),
        }
    }

    /// Its state now.
    pub(super) fn status(&self) -> Arc<Status> {
        Arc::clone(&self.status.borrow())
    }

    /// Rows that were fetched.
    pub(super) fn window(&self) -> MutexGuard<'_, Window> {
        self.window.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The search as it is put to this source: the question read with its own fields, its own time
    /// field for that of all.
    ///
    /// # Errors
    /// What is wrong with the question for its fields.
    pub(super) fn search(&self, search: &Search, time: &str) -> Result<Search, Diagnostic> {
        let clause = match &search.unlowered {
            Some(question) => question.lower(&self.named_view())?,
            None => (*search.clause).clone(),
        };
        let mut own = search.clone();
        own.clause = Arc::new(meaning::narrowed(&clause, &self.name));
        own.unlowered = None;
        if own.sort.field == time || own.sort.field == SOURCE_FIELD {
            own.sort.field = self.time_field();
        }
        Ok(own)
    }

    /// The fields as they are asked of this source.
    pub(super) fn fields(&self, fields: &[String], time: &str) -> Vec<String> {
        let own = |name: &String| if name == time { self.time_field() } else { name.clone() };
        let wanted = fields.iter().filter(|name| *name != SOURCE_FIELD);
        let mut wanted: Vec<String> = wanted.map(own).collect();
        if wanted.is_empty() && !fields.is_empty() {
            wanted.push(self.time_field());
        }
        wanted
    }

    /// What rows of a search are an answer to.
    pub(super) fn asked(&self, search: &Search, fields: &[String]) -> Asked {
        let generation = self.status().generation;
        Asked { search: search.clone(), fields: fields.to_vec(), generation }
    }

    /// A hit of it as one of many: its identity is its own, and it says where it is from.
    pub(super) fn named(&self, hit: &Hit) -> Hit {
        let mut hit = hit.clone();
        hit.id = HitId(format!("{}/{}", self.name, hit.id.0).into());
        let mut source = Map::new();
        source.insert(SOURCE_FIELD.to_owned(), Json::from(self.name.as_str()));
        source.extend(hit.document.source.clone());
        hit.document = Arc::new(Document { source });
        hit
    }

    /// Its time field.
    pub(super) fn time_field(&self) -> String {
        self.status().view.time_field_name.clone().unwrap_or_else(|| TIME.to_owned())
    }

    fn named_view(&self) -> Arc<DataView> {
        let own = Arc::clone(&self.status().view);
        if own.fields.is_empty() {
            return own;
        }
        let mut kept = self.view.lock().unwrap_or_else(PoisonError::into_inner);
        match &*kept {
            Some(views) if Arc::ptr_eq(&views.own, &own) => Arc::clone(&views.named),
            _ => {
                let named = Arc::new(view::with_source(&own));
                *kept = Some(Views { own, named: Arc::clone(&named) });
                named
            }
        }
    }
}
