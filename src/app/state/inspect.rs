//! The requests behind the present answer: which were sent, what came back.

use crate::query::Exchange;

/// Which side of a request is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum InspectTab {
    /// As Kibana's console takes it.
    #[default]
    Request,
    /// As a shell takes it.
    Curl,
    /// What came back.
    Answer,
}

impl InspectTab {
    /// All of them, in order.
    pub const ALL: [Self; 3] = [Self::Request, Self::Curl, Self::Answer];

    /// Its name on the screen.
    #[must_use]
    pub fn title(self) -> &'static str {
        match self {
            Self::Request => "Request",
            Self::Curl => "curl",
            Self::Answer => "Answer",
        }
    }
}

/// What can be inspected of an answer.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inspect {
    /// What was sent to servers for the present answer, those of the rows first; then what was
    /// asked at opening.
    pub calls: Vec<Exchange>,
    /// The question as Elasticsearch's console takes it: all there is where no server was asked.
    pub question: String,
    /// What was read for the answer, one line each.
    pub read: Vec<String>,
    /// The call that is shown, an index into `calls`.
    pub at: usize,
    /// Which side of it.
    pub tab: InspectTab,
    /// The text that is shown, in lines.
    pub lines: Vec<String>,
    /// The first line on the screen.
    pub top: usize,
}

impl Inspect {
    /// The call that is shown.
    #[must_use]
    pub fn current(&self) -> Option<&Exchange> {
        self.calls.get(self.at)
    }

    /// The text of a side.
    #[must_use]
    pub fn text(&self, tab: InspectTab) -> String {
        let Some(call) = self.current() else { return self.question.clone() };
        match tab {
            InspectTab::Request => call.console.clone(),
            InspectTab::Curl => call.curl.clone(),
            InspectTab::Answer => match (&call.error, call.status) {
                (Some(reason), _) => reason.clone(),
                (None, Some(_)) => call.answer.clone(),
                (None, None) => "There is no answer yet.".to_owned(),
            },
        }
    }
}
