//! Help, texts to read, questions for one line.

use super::Out;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::{
    App, Ask, AskKind, Help, HelpSection, Layer, Prompt, Reader, Slot, value_text,
};
use crate::query::{Answer, Direction, PageRequest, Part};
use crate::time::{Millis, RoundUp, math};

impl App {
    /// Help for where one is, made from the keymap.
    pub(super) fn open_help(&mut self) {
        let places = self.places();
        let mut here: Vec<&str> = places.to_vec();
        let rest = [
            "table",
            "main",
            "fields",
            "histogram",
            "pills",
            "document",
            "surroundings",
            "inspect",
        ];
        let typing = ["query", "find", "time", "pill", "picker", "typing"];
        for place in rest.into_iter().chain(["global"]).chain(typing) {
            if !here.contains(&place) {
                here.push(place);
            }
        }
        let sections = here.into_iter().map(|place| self.help_section(place));
        let sections = sections.filter(|section| !section.rows.is_empty()).collect();
        self.help = Help { sections, top: 0 };
        self.focus.open(Layer::Help);
    }

    fn help_section(&self, place: &str) -> HelpSection {
        let title = match place {
            "table" => "Documents",
            "main" => "Main screen",
            "fields" => "Field list",
            "histogram" => "Histogram",
            "pills" => "Filters",
            "document" => "Open document",
            "surroundings" => "Surrounding records",
            "inspect" => "Requests behind the answer",
            "global" => "Everywhere",
            "query" => "Query bar",
            "find" => "Find",
            "time" => "Time range",
            "pill" => "Filter editor",
            "picker" => "Lists",
            "typing" => "While typing",
            other => other,
        };
        let mut rows: Vec<(String, String)> = Vec::new();
        for binding in self.keymap.rows(&[place]) {
            let title = Action::named(&binding.run).map_or("", Action::title);
            // Several keys of one action share a line.
            match rows.iter_mut().find(|(_, what)| what == title) {
                Some((keys, _)) => {
                    keys.push_str("  ");
                    keys.push_str(&binding.keys());
                }
                None => rows.push((binding.keys(), title.to_owned())),
            }
        }
        HelpSection { title: title.to_owned(), rows }
    }

    fn read(&mut self, title: &str, lines: Vec<String>) {
        self.reader = Reader { title: title.to_owned(), lines, top: 0 };
        self.focus.open(Layer::Reader);
    }

    /// What was left out, damage, warnings about the answers, formats.
    pub(super) fn open_notices(&mut self) {
        let mut lines = Vec::new();
        for warning in &self.warnings {
            lines.push(warning.message.clone());
        }
        for (name, open) in &self.fields.facets {
            let told = open.warnings.iter().map(|warning| format!("{name}: {}", warning.message));
            lines.extend(told);
        }
        for notice in &self.status.notices {
            lines.push(notice.message.clone());
            lines.extend(notice.details.iter().map(|detail| format!("  {detail}")));
        }
        for format in &self.status.formats {
            let fits = format.records.saturating_sub(format.failed);
            lines.push(format!("{}: {fits} of {} records fit", format.name, format.records));
        }
        if lines.is_empty() {
            lines.push("Nothing was left out.".to_owned());
        }
        self.read("Notices", lines);
    }

    fn ask_line(&mut self, kind: AskKind, title: &str, text: &str) {
        let prompt = Prompt::of(text);
        self.ask = Some(Ask { kind, title: title.to_owned(), prompt, error: None });
        self.focus.open(Layer::Ask);
    }

    pub(super) fn ask_for_time(&mut self) {
        let here = self.table.current().and_then(|hit| hit.time);
        let text = here.map_or_else(String::new, |at| at.to_string());
        self.ask_line(AskKind::GoToTime, "Go to time", &text);
    }

    pub(super) fn ask_save_name(&mut self) {
        self.ask_line(AskKind::SaveName, "Save as", "");
    }

    pub(super) fn ask_file(&mut self) {
        self.ask_line(AskKind::WriteFile, "Write rows to file", "peavey-rows.log");
    }

    /// Takes the line.
    pub(super) fn submit_ask(&mut self, out: &mut Out) {
        let Some(ask) = &self.ask else { return };
        let text = ask.prompt.text().trim().to_owned();
        if text.is_empty() {
            self.close_top(out);
            return;
        }
        match ask.kind {
            AskKind::SaveName => self.save_query(text, out),
            AskKind::WriteFile => {
                let rows = self.table.hits.iter().map(|hit| match &hit.raw {
                    Some(raw) => String::from_utf8_lossy(raw).trim_end().to_owned(),
                    None => serde_json::Value::Object(hit.document.source.clone()).to_string(),
                });
                let text_of_rows = rows.collect::<Vec<_>>().join("\n") + "\n";
                out.push(Effect::WriteFile { path: text, text: text_of_rows });
            }
            AskKind::GoToTime => match math::parse(&text, &self.anchors(), RoundUp::No) {
                Ok(at) => self.go_to_time(at, out),
                Err(finding) => {
                    if let Some(ask) = &mut self.ask {
                        ask.error = Some(finding.to_string());
                    }
                    return;
                }
            },
        }
        self.close_top(out);
    }

    /// Asks for the first hit at or after a time; the cursor goes there.
    fn go_to_time(&mut self, at: Millis, out: &mut Out) {
        let Some(mut search) = self.work.search.clone() else { return };
        search.range.from = Some(search.range.from.map_or(at, |from| from.max(at)));
        self.time_field().clone_into(&mut search.sort.field);
        search.sort.order = crate::query::SortOrder::Ascending;
        let page = PageRequest {
            anchor: None,
            inclusive: true,
            direction: Direction::After,
            count: 1,
            fields: vec![self.time_field().to_owned()],
        };
        self.ask(Slot::GoTo, search, vec![Part::Page(page)], out);
    }

    pub(super) fn on_go_to(&mut self, answer: Answer, complete: bool, out: &mut Out) {
        match answer {
            Answer::Page(page) => match page.hits.first() {
                Some(hit) if complete => {
                    let hit = hit.clone();
                    self.go_to_hit(&hit, out);
                }
                None if complete => self.tell("No record at or after that time.", out),
                _ => {}
            },
            Answer::Failed(reason) => self.warn(reason, out),
            _ => {}
        }
    }
}

/// The text of a hit's field, for lists and copies.
pub(super) fn field_text(hit: &crate::query::Hit, field: &str) -> Option<String> {
    hit.document.first(field).map(|value| value_text(&value).to_string())
}
