//! `peavey query -f` over a cluster: what is there, then what comes, until nobody reads on or a
//! signal ends it. An outage is told once for each reason and waited out.

use std::io;
use std::ops::ControlFlow;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::ClusterSource;
use super::rows::Given;
use crate::cli::open;
use crate::query::{Hit, Search};
use crate::source::elastic::Tail;

/// How often the cluster is asked what is new.
const EVERY: Duration = Duration::from_secs(1);
/// Longest wait between two tries while it is away.
const AWAY: Duration = Duration::from_secs(10);

impl ClusterSource {
    /// Gives each hit to `sink`, oldest first, and then each that comes, until it breaks off,
    /// `limit` are given, or a signal asks to end.
    ///
    /// # Errors
    /// A text for the user if the cluster refuses the question.
    pub(in crate::cli) fn follow_rows(
        &self,
        search: &Search,
        fields: &[String],
        limit: Option<u64>,
        sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
    ) -> Result<Given, String> {
        let Some(runtime) = &self.runtime else { return Ok(Given::default()) };
        let session = self.source.session();
        if session.view.time_field_name.is_none() {
            let title = &session.view.title;
            return Err(format!(
                "{title} has no time field, so nothing tells what is new; name one with --time-field"
            ));
        }
        let mut tail = Tail::new(session, search, fields);
        runtime.block_on(async {
            let followed = follow(&mut tail, limit, sink).await;
            // Where the cluster is away there is nothing to close.
            let _ = tokio::time::timeout(EVERY, tail.close()).await;
            followed
        })
    }
}

async fn follow(
    tail: &mut Tail,
    limit: Option<u64>,
    sink: &mut dyn FnMut(Hit) -> ControlFlow<()>,
) -> Result<Given, String> {
    let mut given = Given::default();
    let mut stop = Stop::listen();
    let mut wait = EVERY;
    let mut away = None;
    loop {
        let page = tokio::select! {
            page = tail.page() => page,
            () = stop.asked() => return Ok(given),
        };
        match page {
            Ok(hits) => {
                if away.take().is_some() {
                    eprintln!("peavey: the cluster answers again");
                }
                wait = EVERY;
                let is_all = hits.is_empty();
                for hit in hits {
                    given.rows += 1;
                    if sink(hit).is_break() || limit.is_some_and(|limit| given.rows >= limit) {
                        return Ok(given);
                    }
                }
                if !is_all {
                    continue;
                }
            }
            Err(error) if error.is_outage() => {
                let kind = std::mem::discriminant(&error);
                if away.replace(kind) != Some(kind) {
                    let sentence = open::clean(&error.sentence());
                    eprintln!("peavey: {sentence}\ntrying again until the cluster answers");
                }
                wait = (wait * 2).min(AWAY);
            }
            Err(error) => return Err(error.sentence()),
        }
        tokio::select! {
            () = tokio::time::sleep(wait) => {}
            () = stop.asked() => return Ok(given),
        }
        if nobody_reads() {
            return Ok(given);
        }
    }
}

/// The signals that end it in order.
struct Stop {
    interrupt: Option<Signal>,
    terminate: Option<Signal>,
}

impl Stop {
    fn listen() -> Self {
        let listen = |kind| signal(kind).ok();
        Self {
            interrupt: listen(SignalKind::interrupt()),
            terminate: listen(SignalKind::terminate()),
        }
    }

    async fn asked(&mut self) {
        let Self { interrupt, terminate } = self;
        tokio::select! {
            () = came(interrupt) => {}
            () = came(terminate) => {}
        }
    }
}

async fn came(signal: &mut Option<Signal>) {
    match signal {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Whether standard output is a pipe that was closed at its other end.
fn nobody_reads() -> bool {
    let out = io::stdout();
    let mut places = [PollFd::new(&out, PollFlags::empty())];
    let at_once = Timespec { tv_sec: 0, tv_nsec: 0 };
    poll(&mut places, Some(&at_once)).is_ok_and(|ready| {
        ready > 0 && places[0].revents().intersects(PollFlags::ERR | PollFlags::NVAL)
    })
}
