//! What was sent elsewhere for an answer, and what came back: for whoever inspects it.
//!
//! A source that talks to a server keeps the last of these. No secret is in any of the texts.

use std::time::Duration;

use super::request::RequestId;

/// One call to a server and its answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// The request on whose behalf it was sent; `None` for what was asked at opening or in between.
    pub request: Option<RequestId>,
    /// What for, in a word or two: `rows`, `histogram`, `top values of service`.
    pub purpose: String,
    /// Method and path with parameters: `POST /logs-*/_search`.
    pub line: String,
    /// As Kibana's console takes it: the line, then the body.
    pub console: String,
    /// As a shell takes it; credentials are names of environment variables.
    pub curl: String,
    /// Host and port.
    pub host: String,
    /// The answer's status; `None` while there is none.
    pub status: Option<u16>,
    /// Why there is no answer, or why it could not be used.
    pub error: Option<String>,
    /// The answer, indented and cut.
    pub answer: String,
    /// The size of the whole answer.
    pub answer_bytes: u64,
    /// How long the engine says that it worked.
    pub took: Option<Duration>,
    /// From sending to the last byte.
    pub waited: Option<Duration>,
    /// How many shards were asked and answered.
    pub shards: Option<ShardCount>,
}

/// How many shards were asked and answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ShardCount {
    /// Asked.
    pub total: u64,
    /// Answered, skipped ones included.
    pub successful: u64,
    /// Needed no look: nothing in them could match.
    pub skipped: u64,
    /// Failed, as far as the engine says so.
    pub failed: u64,
}
