//! Suggestions: what may follow at the cursor, and taking it.
//!
//! Fields, operators and conjunctions are known at once; values come from the rows on the screen
//! at once and from the source after a pause of typing.

use super::Out;
use crate::app::effect::Effect;
use crate::app::message::Timer;
use crate::app::state::{App, Language, Layer, Slot, Suggestion, SuggestionKind, Suggestions};
use crate::query::kql::caret::Caret;
use crate::query::suggest::{self, Item};
use crate::query::{Answer, Clause, FacetValue, Part, Search};

/// Typing pauses for so many milliseconds before values are asked for.
const PAUSE: u32 = 150;
/// Values that are asked for.
const VALUES: usize = 20;
/// Lines that are kept.
const LINES: usize = 50;

impl App {
    /// Finds what may follow at the cursor.
    pub(super) fn suggest(&mut self, out: &mut Out) {
        self.cancel(Slot::Suggest, out);
        out.push(Effect::ClearTimer(Timer::Suggest));
        let dismissed = self.query.suggestions.dismissed;
        self.query.suggestions = Suggestions { dismissed, ..Suggestions::default() };
        let Some(caret) = self.caret() else { return };
        let view = self.status.view.clone();
        let mut items = suggest::items(&caret, &view);
        items.truncate(LINES);
        // A field that is typed out whole needs no suggestion of itself.
        let typed = self.query.prompt.text();
        let is_there = |item: &Item| {
            let there = typed.get(item.span.clone()).map(str::trim_end);
            there == Some(item.insert.trim_end())
        };
        items.retain(|item| !is_there(item));
        if let Some((field, text)) = suggest::wanted(&caret, &view) {
            let name = field.name.clone();
            items.extend(self.values_in_view(&caret, &name, &text));
            self.query.suggestions.awaited = Some(name);
            out.push(Effect::SetTimer(Timer::Suggest, PAUSE));
        }
        self.query.suggestions.span = items.first().map_or(0..0, |item| item.span.clone());
        self.query.suggestions.items = items.into_iter().map(Suggestion::from).collect();
    }

    /// What stands at the cursor, if suggestions are wanted there at all.
    fn caret(&self) -> Option<Caret> {
        let bar = &self.query;
        if bar.language != Language::Kql || bar.prompt.text().len() > 10_000 {
            return None;
        }
        suggest::at(bar.prompt.text(), bar.prompt.cursor_byte())
    }

    /// Values of a field in the rows that are held, most frequent first.
    fn values_in_view(&self, caret: &Caret, field: &str, text: &str) -> Vec<Item> {
        let mut counts: Vec<(serde_json::Value, usize)> = Vec::new();
        let wanted = text.to_lowercase();
        for hit in self.table.hits.iter().take(500) {
            hit.document.each(field, &mut |value| match counts
                .iter_mut()
                .find(|(known, _)| known == value)
            {
                Some((_, count)) => *count += 1,
                None => counts.push((value.clone(), 1)),
            });
            if counts.len() > 200 {
                break;
            }
        }
        counts.sort_by_key(|(_, count)| std::cmp::Reverse(*count));
        let items = counts.iter().map(|(value, _)| suggest::value(caret, value, "in view"));
        items.filter(|item| item.label.to_lowercase().contains(&wanted)).take(8).collect()
    }

    /// Asks the source for values, once typing has paused. The time range holds for them; the
    /// query that is being typed does not.
    pub(super) fn ask_values(&mut self, out: &mut Out) {
        if self.focus.top() != Some(Layer::Query) || self.query.suggestions.dismissed {
            return;
        }
        let Some(caret) = self.caret() else { return };
        let view = self.status.view.clone();
        let Some((field, text)) = suggest::wanted(&caret, &view) else { return };
        let Some(search) = &self.work.search else { return };
        let clause = Clause::MatchAll.into();
        let search = Search { clause, unlowered: None, ..search.clone() };
        let field = field.name.clone();
        let part = Part::Suggest { field, text, size: VALUES };
        self.ask(Slot::Suggest, search, vec![part], out);
    }

    /// Takes values of the source; they replace those of the rows, but a picked line stays picked.
    pub(super) fn on_values(&mut self, answer: Answer) {
        let Answer::Suggestions(values) = answer else { return };
        let Some(caret) = self.caret() else { return };
        if values.is_empty() || self.query.suggestions.awaited.is_none() {
            return;
        }
        let suggestions = &mut self.query.suggestions;
        let picked = suggestions.picked.and_then(|at| suggestions.items.get(at)).cloned();
        suggestions.items.retain(|item| item.kind != SuggestionKind::Value);
        let line = |value: &FacetValue| {
            let json = value.value.as_ref()?;
            Some(Suggestion::from(suggest::value(&caret, json, grouped(value.count))))
        };
        suggestions.items.extend(values.iter().filter_map(line));
        suggestions.picked = picked.and_then(|picked| {
            suggestions.items.iter().position(|item| item.insert == picked.insert)
        });
    }

    /// Puts the pop-up away; whether there was one.
    pub(super) fn close_suggestions(&mut self) -> bool {
        let shown = self.query.suggestions.is_shown();
        self.query.suggestions.dismissed = true;
        // Where nothing was typed, one key leaves the query bar as well.
        shown && self.query.prompt.text() != self.asked.question.text
    }

    /// Picks the next line, or the one before; before the first is none.
    pub(super) fn step_suggestion(&mut self, down: bool) {
        let suggestions = &mut self.query.suggestions;
        let last = suggestions.items.len().saturating_sub(1);
        suggestions.picked = match (suggestions.picked, down) {
            (None, true) => Some(0),
            (None, false) => Some(last),
            (Some(at), false) => at.checked_sub(1),
            (Some(at), true) => Some((at + 1).min(last)),
        };
    }

    /// Puts the picked line (else the first) into the query.
    pub(super) fn accept_suggestion(&mut self, out: &mut Out) {
        let suggestions = &self.query.suggestions;
        if !suggestions.is_shown() {
            self.complete(out);
            return;
        }
        let at = suggestions.picked.unwrap_or(0);
        let Some(item) = suggestions.items.get(at).cloned() else { return };
        let prompt = &mut self.query.prompt;
        // The space after what is put in is there already in the middle of a query.
        let follows = prompt.text().get(item.span.end..).is_some_and(|rest| rest.starts_with(' '));
        let insert = if follows { item.insert.trim_end() } else { &item.insert };
        prompt.replace(item.span.clone(), insert);
        prompt.move_to_byte(item.span.start + item.caret.min(insert.len() + usize::from(follows)));
        self.on_query_edited(out);
    }

    /// Offers suggestions again, after they were put away.
    pub(super) fn complete(&mut self, out: &mut Out) {
        self.query.suggestions.dismissed = false;
        self.suggest(out);
    }
}

/// A count with commas.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
