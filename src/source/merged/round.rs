//! One round of asking: a part put to some sources at once, their answers taken as they come.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::{self, SelectAll};
use tokio::sync::mpsc;
use tokio::time::{Instant, timeout_at};
use tokio_util::sync::CancellationToken;

use super::member::Member;
use crate::diagnostic::Diagnostic;
use crate::query::{Answer, Part, RequestId, Search, SearchRequest, Update, Warning};

/// What there is so far is told this often, and not before this.
const EVERY: Duration = Duration::from_millis(150);

/// What one source is asked in a round.
#[derive(Debug, Clone)]
pub(super) enum Ask {
    /// Nothing; it plays no part.
    Nothing,
    /// What is wrong with the question for its fields.
    Refused(Diagnostic),
    /// A part.
    Part(Search, Part),
}

/// What one source has answered.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Given {
    /// The answer so far.
    pub(super) answer: Answer,
    /// Whether it is final.
    pub(super) complete: bool,
    /// What should be known about it.
    pub(super) warnings: Vec<Warning>,
}

impl Given {
    /// A final answer without warnings.
    pub(super) fn of(answer: Answer) -> Self {
        Self { answer, complete: true, warnings: Vec::new() }
    }

    /// Whether it says something.
    pub(super) fn is_good(&self) -> bool {
        !matches!(self.answer, Answer::Failed(_) | Answer::Refused(_))
    }
}

/// All answers of a round, one place for each source.
pub(super) type Answers = Vec<Option<Given>>;

/// Puts parts to sources and waits for all; `so_far` is told what there is while some are missing.
pub(super) async fn ask(
    members: &[Member],
    asks: Vec<Ask>,
    id: RequestId,
    cancel: &CancellationToken,
    so_far: &mut (dyn FnMut(&Answers) + Send),
) -> Answers {
    let stop = cancel.child_token();
    let _stopped_at_the_end = stop.clone().drop_guard();
    let mut answers: Answers = vec![None; members.len()];
    let mut asked = Vec::new();
    let mut updates = SelectAll::new();
    for (member, ask) in members.iter().zip(asks) {
        match ask {
            Ask::Nothing => {}
            Ask::Refused(wrong) => {
                answers[member.number] = Some(Given::of(Answer::Refused(wrong)));
            }
            Ask::Part(search, part) => {
                let (replies, receiver) = mpsc::channel::<Update>(4);
                let request = SearchRequest { id, search, parts: vec![part] };
                member.source.ask(request, replies, stop.clone());
                let number = member.number;
                asked.push(number);
                updates.push(Box::pin(stream::unfold(receiver, move |mut receiver| async move {
                    let update = receiver.recv().await?;
                    Some(((number, update), receiver))
                })));
            }
        }
    }
    let mut awaited = asked.len();
    let mut due = Instant::now() + EVERY;
    let mut is_new = false;
    while awaited > 0 {
        match timeout_at(due, updates.next()).await {
            Ok(Some((number, update))) => {
                awaited -= usize::from(update.complete);
                is_new = true;
                let Update { answer, complete, warnings, .. } = update;
                answers[number] = Some(Given { answer, complete, warnings });
            }
            Ok(None) => break,
            Err(_due) => {
                due = Instant::now() + EVERY;
                if std::mem::take(&mut is_new) {
                    so_far(&answers);
                }
            }
        }
    }
    for number in asked {
        let silent = || Given::of(Answer::Failed("it stopped answering".to_owned()));
        let given = answers[number].get_or_insert_with(silent);
        if !given.complete {
            *given = silent();
        }
    }
    answers
}

/// What is to be told about a round: what sources warn of and why some do not answer; and if none
/// does, the answer that says so.
pub(super) fn judge(members: &[Member], answers: &Answers) -> (Vec<Warning>, Option<Answer>) {
    let mut warnings = Vec::new();
    let mut refusal = None;
    let mut failures = Vec::new();
    for (member, given) in members.iter().zip(answers) {
        let Some(given) = given else { continue };
        let name = &member.name;
        for warning in &given.warnings {
            let message = format!("{name}: {}", warning.message);
            warnings.push(Warning { kind: warning.kind, message });
        }
        match &given.answer {
            Answer::Failed(reason) => failures.push(format!("{name}: {reason}")),
            Answer::Refused(wrong) => {
                failures.push(format!("{name}: {wrong}"));
                refusal = refusal.or(Some(wrong.clone()));
            }
            _ => {}
        }
    }
    if answers.iter().flatten().any(Given::is_good) {
        warnings.extend(failures.into_iter().map(Warning::partial));
        return (warnings, None);
    }
    let nothing = match refusal {
        Some(wrong) => Answer::Refused(wrong),
        None if failures.is_empty() => Answer::Failed("no source gave an answer".to_owned()),
        None => Answer::Failed(failures.join("\n")),
    };
    (warnings, Some(nothing))
}
