//! On whose behalf a call is sent: known to the task that answers a part, and to nobody between.

use crate::query::{Part, RequestId};

/// A request, and which part of its answer a call is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Behalf {
    pub(super) request: Option<RequestId>,
    pub(super) purpose: String,
}

tokio::task_local! {
    static BEHALF: Behalf;
}

/// Runs `work`; what it sends is noted as being for that part of that request.
pub(in crate::source::elastic) async fn on_behalf<T>(
    request: RequestId,
    part: Option<&Part>,
    work: impl Future<Output = T>,
) -> T {
    let behalf = Behalf { request: Some(request), purpose: part.map(purpose).unwrap_or_default() };
    BEHALF.scope(behalf, work).await
}

impl Behalf {
    /// Whose task this is.
    pub(super) fn now(path: &str) -> Self {
        let known = BEHALF.try_with(Clone::clone).ok();
        known.unwrap_or_else(|| Self { request: None, purpose: of_path(path).to_owned() })
    }
}

fn purpose(part: &Part) -> String {
    match part {
        Part::Page(_) => "rows".to_owned(),
        Part::Total => "number of hits".to_owned(),
        Part::Histogram(_) => "histogram".to_owned(),
        Part::Facet(facet) => format!("values of {}", facet.field),
        Part::Document(_) => "document".to_owned(),
        Part::Surrounding { .. } => "records around".to_owned(),
        Part::Find { .. } => "find".to_owned(),
        Part::Suggest { field, .. } => format!("suggestions for {field}"),
    }
}

/// What is asked at opening and in between.
fn of_path(path: &str) -> &'static str {
    let path = path.split('?').next().unwrap_or_default();
    let known = [
        ("/_field_caps", "fields"),
        ("_pit", "point in time"),
        ("point_in_time", "point in time"),
        ("/_search", "what exists"),
        ("/_resolve/", "names"),
        ("/_data_stream", "names"),
    ];
    let found = known.into_iter().find(|(part, _)| path.ends_with(part) || path.contains(part));
    found.map_or("cluster", |(_, purpose)| purpose)
}
