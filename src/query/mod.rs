//! What is asked, whoever answers: query languages, pills and time lowered to one form, and the
//! typed request and answer. Knows no file and no network.

pub mod aggregate;
mod clause;
pub mod evaluate;
pub mod kql;
pub mod lucene;
mod request;
mod response;
mod status;

pub use clause::{Bound, Clause, MatchKind};
pub use request::{
    Breakdown, Cursor, Direction, FacetRequest, HistogramRequest, Interval, PageRequest, Part,
    RequestId, Search, SearchRequest, Sort, SortOrder,
};
pub use response::{
    Answer, Bucket, Facet, FacetValue, Histogram, Hit, HitId, Level, Page, Total, Update, Warning,
};
pub use status::{FormatShare, Notice, Status};
