//! What `peavey doctor` asks a cluster: facts, each with its own answer or refusal.
//!
//! In: a client and an index pattern. Out: [`Facts`]. Judges nothing; `doctor` does. A user who may
//! only read gets the facts about the data, and a refusal for each fact about the cluster.

pub mod allocation;
pub mod caller;
pub mod catalog;
mod explore;
pub mod fields;
pub mod health;
pub mod license;
pub mod logstash;
pub mod node;
pub mod records;
pub mod retention;
pub mod setting;
pub mod template;

use super::error::Error;
use crate::time::Millis;

pub use allocation::Allocation;
pub use caller::{Caller, Privileges};
pub use catalog::{Catalog, Stream};
pub use explore::{Wish, examine};
pub use fields::Fields;
pub use health::{Colour, Health};
pub use license::License;
pub use node::{Limits, Node};
pub use records::{Failures, Newest};
pub use retention::Retention;
pub use setting::IndexSettings;
pub use template::Template;

/// An answer, or why there is none.
pub type Asked<T> = Result<T, Error>;

/// What a cluster told.
#[derive(Debug)]
pub struct Facts {
    /// The clock of this machine when the cluster was asked for its own.
    pub now: Millis,
    /// The clock of what answered first, and whose it is.
    pub clock: Option<(Millis, String)>,
    /// Who asks.
    pub caller: Asked<Caller>,
    /// What whoever asks may do with the data.
    pub privileges: Option<Asked<Privileges>>,
    /// The licence.
    pub license: Asked<License>,
    /// The cluster's health.
    pub health: Asked<Health>,
    /// Why a shard has no node, where one has none.
    pub allocation: Option<Asked<Allocation>>,
    /// The nodes and their disks.
    pub nodes: Asked<Vec<Node>>,
    /// When a disk is full.
    pub limits: Asked<Limits>,
    /// Templates of indices.
    pub templates: Asked<Vec<Template>>,
    /// The facts about a data view, where one was named.
    pub data: Option<Data>,
}

/// What a cluster told about an index pattern.
#[derive(Debug)]
pub struct Data {
    /// The pattern.
    pub pattern: String,
    /// The field that has the time of records.
    pub time_field: String,
    /// What it matches.
    pub catalog: Asked<Catalog>,
    /// The fields of all indices.
    pub fields: Asked<Fields>,
    /// Settings of the indices.
    pub settings: Asked<Vec<IndexSettings>>,
    /// The newest record of each stream or index, the first of them.
    pub newest: Vec<Asked<Newest>>,
    /// Streams and indices of which the newest record was not asked for.
    pub unasked: usize,
    /// How many of the newest day's records could not be read as they should.
    pub failures: Option<Asked<Failures>>,
    /// How long records are kept.
    pub retention: Asked<Vec<Retention>>,
}
