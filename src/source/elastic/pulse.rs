//! Looks at a cluster from time to time: while somebody follows it, and while it is away.
//!
//! A cluster that cannot be asked is told of once, in the status; what is shown stays. It is tried
//! again in growing intervals, and when it answers, the status says that everything is to be asked
//! anew.

use std::sync::Weak;
use std::time::Duration;

use tokio::sync::watch;

use super::error::Error;
use super::source::ElasticSource;
use crate::query::Notice;

/// How often a followed cluster is asked what is new.
const FOLLOW: Duration = Duration::from_secs(1);
/// Longest wait between two tries while it is away.
const AWAY: Duration = Duration::from_secs(15);
/// How the notice of an outage ends.
const GOES_ON: &str = "what is shown stays, and goes on by itself when the cluster answers";

/// Why a cluster is to be looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Pulse {
    /// Somebody follows.
    pub(super) following: bool,
    /// A question was not answered as the cluster was away.
    pub(super) away: bool,
}

/// Looks while there is a reason to; ends with the source.
pub(super) async fn beat(source: Weak<ElasticSource>, mut pulse: watch::Receiver<Pulse>) {
    let mut wait = FOLLOW;
    let mut was_away = false;
    loop {
        let Pulse { following, away } = *pulse.borrow_and_update();
        if !following && !away && !was_away {
            if pulse.changed().await.is_err() {
                return;
            }
            continue;
        }
        let Some(alive) = source.upgrade() else { return };
        match alive.refresh(was_away || away).await {
            Ok(()) => {
                alive.is_back();
                was_away = false;
                wait = FOLLOW;
            }
            Err(error) => {
                tracing::debug!("the cluster is away: {error}");
                alive.tell(&error);
                was_away = true;
                wait = (wait * 2).min(AWAY);
            }
        }
        drop(alive);
        tokio::time::sleep(wait).await;
    }
}

/// What is told of an outage.
pub(super) fn outage(error: &Error) -> Notice {
    let sentence = error.sentence();
    let mut letters = sentence.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    Notice { message: format!("{first}{}", letters.as_str()), details: vec![GOES_ON.to_owned()] }
}

/// Whether a notice tells of an outage.
pub(super) fn is_outage(notice: &Notice) -> bool {
    notice.details.first().is_some_and(|detail| detail == GOES_ON)
}
