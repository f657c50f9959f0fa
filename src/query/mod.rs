//! What is asked, whoever answers: query languages, pills and time lowered to one form, and the
//! typed request and answer. Knows no file and no network.

mod advice;
pub mod aggregate;
pub mod build;
mod clause;
mod config;
pub mod dsl;
pub mod evaluate;
mod exchange;
mod filter;
pub mod kql;
pub mod lower;
pub mod lucene;
mod question;
mod request;
mod response;
mod status;
pub mod suggest;
mod warning;

pub use clause::{Bound, Clause, MatchKind};
pub use config::QueryConfig;
pub use exchange::{Exchange, ShardCount};
pub use filter::{Filter, FilterKind, PillSettings, Relation, convert as convert_value};
pub use question::{Language, Question, Unlowered};
pub use request::{
    Breakdown, Cursor, Direction, FacetRequest, HistogramRequest, Interval, PageRequest, Part,
    RequestId, Search, SearchRequest, Sort, SortOrder,
};
pub use response::{
    Answer, Bucket, Facet, FacetValue, Histogram, Hit, HitId, Level, Page, Total, Update,
};
pub use status::{FormatShare, Notice, Status};
pub use warning::{Warning, WarningKind};
