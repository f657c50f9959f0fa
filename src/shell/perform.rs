//! Effects, performed.

use std::sync::Arc;

use super::outside::{Opener, Outside};
use super::runtime::Runtime;
use super::terminal::Surface;
use crate::app::{Effect, Message, Outcome};
use crate::source::Source;

/// Longer texts are not put on a clipboard: many terminals drop them in silence.
const LONGEST_COPY: usize = 100_000;

impl<B: Surface> Runtime<B>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    /// Does what update asked for.
    pub(super) fn perform(&mut self, effect: Effect) -> anyhow::Result<()> {
        match effect {
            Effect::Ask(slot, request) => {
                tracing::debug!(?slot, id = request.id.0, "asks");
                if let Some(source) = &self.source {
                    self.requests.ask(source, slot, request);
                }
            }
            Effect::Cancel(slot) => {
                tracing::debug!(?slot, "cancels");
                self.requests.cancel(slot);
            }
            Effect::SetTimer(timer, millis) => self.timers.set(timer, millis),
            Effect::ClearTimer(timer) => self.timers.clear(timer),
            Effect::Follow(on) => {
                if let Some(source) = &self.source {
                    source.follow(on);
                }
            }
            Effect::Inspect => {
                let exchanges = self.source.as_ref().map(|source| source.exchanges());
                self.done(Outcome::Inspected(exchanges.unwrap_or_default()));
            }
            Effect::Copy(text) => self.copy(&text),
            Effect::WriteFile { path, text } => {
                let outcome = match Outside::write_file(&path, &text) {
                    Ok(()) => Outcome::Told(format!("Wrote {path}.")),
                    Err(error) => Outcome::Failed(format!("Cannot write {path}: {error}.")),
                };
                self.done(outcome);
            }
            Effect::Remember(query) => {
                if let Err(error) = self.outside.remember(&query) {
                    tracing::warn!(%error, "the history cannot be written");
                }
            }
            Effect::ListSaved => {
                let entries = self.outside.list_saved();
                self.done(Outcome::SavedListed(entries));
            }
            Effect::LoadSaved(name) => {
                let outcome = match self.outside.load_saved(&name) {
                    Ok(view) => Outcome::SavedLoaded(Box::new(view)),
                    Err(reason) => Outcome::Failed(reason),
                };
                self.done(outcome);
            }
            Effect::SaveQuery { name, view } => {
                let outcome = self.outside.save_query(&name, &view);
                self.told(outcome, format!("Saved \"{name}\"."));
            }
            Effect::DeleteSaved(name) => {
                let outcome = self.outside.delete_saved(&name);
                self.told(outcome, format!("Deleted \"{name}\"."));
            }
            Effect::SetTheme(name) => self.theme = self.outside.theme(&name),
            Effect::ListSources => self.list_sources(),
            Effect::OpenSources(args) => self.open(move |opener| opener.open(args)),
            Effect::OpenDataView(pattern) => self.open(move |opener| opener.open_view(&pattern)),
            Effect::UseTimeField(field) => self.open(move |opener| opener.use_time_field(&field)),
            Effect::Suspend => self.suspend()?,
            Effect::Redraw => self.redraw()?,
            Effect::Quit => self.exit = Some(0),
        }
        Ok(())
    }

    fn done(&mut self, outcome: Outcome) {
        self.dispatch(Message::Done(outcome));
    }

    fn told(&mut self, result: Result<(), String>, good: String) {
        self.done(match result {
            Ok(()) => Outcome::Told(good),
            Err(reason) => Outcome::Failed(reason),
        });
    }

    fn copy(&mut self, text: &str) {
        let count = text.chars().count();
        let outcome = if text.len() > LONGEST_COPY {
            Outcome::Failed(format!("{count} characters are too many for a terminal's clipboard."))
        } else {
            match self.terminal.backend_mut().copy(text) {
                Ok(()) if count == 1 => Outcome::Told("Copied 1 character.".to_owned()),
                Ok(()) => Outcome::Told(format!("Copied {count} characters.")),
                Err(error) => Outcome::Failed(format!("Cannot copy: {error}.")),
            }
        };
        self.done(outcome);
    }

    /// Lists what can be opened, on a thread of its own: clusters may be slow to answer.
    fn list_sources(&mut self) {
        let Some(opener) = self.outside.opener.clone() else { return };
        let sender = self.sender.clone();
        tokio::task::spawn_blocking(move || {
            let say = |outcome| sender.blocking_send(Message::Done(outcome)).is_ok();
            let listed = opener.list(&mut |offered| say(Outcome::SourcesListed(offered)));
            if let Err(error) = listed {
                say(Outcome::Failed(format!("{error:#}")));
            }
        });
    }

    /// Opens sources on a thread of their own: files may be slow to open.
    fn open(
        &mut self,
        how: impl FnOnce(&dyn Opener) -> anyhow::Result<Arc<dyn Source>> + Send + 'static,
    ) {
        let Some(opener) = self.outside.opener.clone() else { return };
        let (opens, sender) = (self.opens.clone(), self.sender.clone());
        tokio::task::spawn_blocking(move || match how(opener.as_ref()) {
            // The loop has ended if nobody listens.
            Ok(source) => drop(opens.blocking_send(source)),
            Err(error) => {
                let failed = Outcome::Failed(format!("{error:#}"));
                drop(sender.blocking_send(Message::Done(failed)));
            }
        });
    }
}
