//! A list to choose from by typing: palette, saved queries, breakdown, interval, columns, copy.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::prompt::Prompt;
use crate::event::IndexPattern;

/// What is chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PickerKind {
    /// An action by name.
    Palette,
    /// A saved query to open.
    Saved,
    /// Whether a saved query is to be deleted.
    ConfirmDelete,
    /// What the histogram is stacked by.
    Breakdown,
    /// The width of the bars.
    Interval,
    /// A column to add or take away.
    Columns,
    /// What to copy.
    Copy,
    /// A theme.
    Theme,
    /// A value out of many, to filter for.
    Values,
    /// A source to open, when Peavey was started without one.
    Sources,
    /// A data view of a cluster: one that is listed, or a pattern that is typed.
    DataViews,
    /// The field that says a record's time.
    TimeField,
}

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PickerItem {
    /// What is searched and shown.
    pub label: String,
    /// More about it, shown dim.
    pub detail: String,
    /// Its key, shown at the right.
    pub key: String,
    /// Whether it is on (a column that is shown, the interval in use).
    pub on: bool,
}

/// A source that can be opened, for the list that Peavey shows when it is started without one.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SourceRow {
    /// A path or a name.
    pub label: String,
    /// Size and age.
    pub detail: String,
    /// What it would be as arguments of the command line.
    pub args: Vec<String>,
}

/// What can be opened instead of what is open.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Offered {
    /// The lines.
    pub rows: Vec<SourceRow>,
    /// Of which cluster they are the data views; then an index pattern can be typed too.
    pub cluster: Option<String>,
}

/// A line that the search leaves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Matched {
    /// An index into the items.
    pub item: usize,
    /// The characters of the label that were matched.
    pub marks: Vec<u32>,
}

/// A list with a search box.
#[derive(Debug, Clone)]
pub struct Picker {
    /// What is chosen.
    pub kind: PickerKind,
    /// The heading.
    pub title: String,
    /// What is typed.
    pub prompt: Prompt,
    /// All lines; where patterns are taken, what is typed is the last one.
    pub items: Vec<PickerItem>,
    /// The lines that the search leaves, best first.
    pub matched: Vec<Matched>,
    /// The line under the cursor, an index into `matched`.
    pub cursor: usize,
    /// The first line on the screen.
    pub top: usize,
    /// Whether the last item is what is typed.
    typed: bool,
}

impl Picker {
    /// A list of all `items`.
    #[must_use]
    pub fn of(kind: PickerKind, title: impl Into<String>, items: Vec<PickerItem>) -> Self {
        let mut picker = Self {
            kind,
            title: title.into(),
            prompt: Prompt::default(),
            items,
            matched: Vec::new(),
            cursor: 0,
            top: 0,
            typed: false,
        };
        picker.search();
        picker
    }

    /// The item under the cursor: its index and itself.
    #[must_use]
    pub fn current(&self) -> Option<(usize, &PickerItem)> {
        let index = self.matched.get(self.cursor)?.item;
        Some((index, self.items.get(index)?))
    }

    /// Puts other items in the place of these; what is typed stays, and the cursor on its line.
    pub fn replace(&mut self, items: Vec<PickerItem>) {
        let here = self.current().map(|(_, item)| item.label.clone());
        let top = self.top;
        self.items = items;
        self.typed = false;
        self.search();
        let label = |matched: &Matched| self.items.get(matched.item).map(|item| &item.label);
        if let Some(at) = self.matched.iter().position(|matched| label(matched) == here.as_ref()) {
            self.cursor = at;
            self.top = top.min(at);
        }
    }

    /// Matches the items with what is typed; the cursor goes to the best.
    pub fn search(&mut self) {
        self.cursor = 0;
        self.top = 0;
        if std::mem::take(&mut self.typed) {
            self.items.pop();
        }
        let text = self.prompt.text();
        if text.trim().is_empty() {
            let all = 0..self.items.len();
            self.matched = all.map(|item| Matched { item, marks: Vec::new() }).collect();
            return;
        }
        if self.kind == PickerKind::DataViews {
            self.search_views();
        } else {
            self.matched = self.fuzzy();
        }
    }

    /// A pattern leaves what it matches, below itself; other text what is like it, above itself.
    fn search_views(&mut self) {
        let text = self.prompt.text().trim().to_owned();
        let pattern = IndexPattern::parse(&text);
        let fits = |(_, item): &(usize, &PickerItem)| pattern.matches(&item.label);
        let listed = self.items.iter().enumerate().filter(fits);
        let listed = listed.map(|(item, _)| Matched { item, marks: Vec::new() });
        let listed: Vec<Matched> = listed.collect();
        let is_listed = self.items.iter().any(|item| item.label == text);
        self.matched = if pattern.is_plain() { self.fuzzy() } else { listed.clone() };
        if is_listed {
            return;
        }
        let detail = match listed.len() {
            0 => "as typed: nothing that is listed".to_owned(),
            1 => "pattern: matches 1 of them".to_owned(),
            count => format!("pattern: matches {count} of them"),
        };
        let own = Matched { item: self.items.len(), marks: Vec::new() };
        self.items.push(PickerItem { label: text, detail, ..PickerItem::default() });
        self.typed = true;
        let at = if pattern.is_plain() { self.matched.len() } else { 0 };
        self.matched.insert(at, own);
    }

    fn fuzzy(&self) -> Vec<Matched> {
        let text = self.prompt.text();
        let pattern = Pattern::parse(text, CaseMatching::Smart, Normalization::Smart);
        let mut matcher = Matcher::new(Config::DEFAULT);
        let mut buffer = Vec::new();
        let mut scored: Vec<(u32, Matched)> = Vec::new();
        for (item, PickerItem { label, .. }) in self.items.iter().enumerate() {
            let mut marks = Vec::new();
            let label = Utf32Str::new(label, &mut buffer);
            if let Some(score) = pattern.indices(label, &mut matcher, &mut marks) {
                marks.sort_unstable();
                marks.dedup();
                scored.push((score, Matched { item, marks }));
            }
        }
        scored.sort_by(|(a, left), (b, right)| b.cmp(a).then(left.item.cmp(&right.item)));
        scored.into_iter().map(|(_, matched)| matched).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{Picker, PickerItem, PickerKind};

    #[test]
    fn typing_leaves_what_matches_best_first() {
        let item = |label: &str| PickerItem { label: label.to_owned(), ..PickerItem::default() };
        let items = vec![item("toggle-follow"), item("find"), item("focus-fields")];
        let mut picker = Picker::of(PickerKind::Palette, "Actions", items);
        assert_eq!(picker.matched.len(), 3);
        picker.prompt.paste("ff");
        picker.search();
        let (_, best) = picker.current().expect("a match");
        assert_eq!(best.label, "focus-fields");
        assert_eq!(picker.matched[0].marks, [0, 6]);
        picker.prompt.paste("zzz");
        picker.search();
        assert_eq!(picker.current(), None);
    }

    #[test]
    fn a_data_view_is_found_by_name_or_taken_as_a_typed_pattern() {
        let item = |label: &str| PickerItem { label: label.to_owned(), ..PickerItem::default() };
        let items = ["logs-app-pt", "logs-nginx-pt", "metrics"].map(item).to_vec();
        let check = |typed: &str, expected: &[&str]| {
            let mut picker = Picker::of(PickerKind::DataViews, "Data views", items.clone());
            picker.prompt.paste(typed);
            picker.search();
            picker.search();
            let label = |matched: &super::Matched| picker.items[matched.item].label.clone();
            let shown: Vec<String> = picker.matched.iter().map(label).collect();
            assert_eq!(shown, expected, "{typed}");
            picker.items.last().expect("items").detail.clone()
        };
        check("ngi", &["logs-nginx-pt", "ngi"]);
        check("metrics", &["metrics"]);
        let said = check("logs-*,-*app*", &["logs-*,-*app*", "logs-nginx-pt"]);
        assert_eq!(said, "pattern: matches 1 of them");
        assert!(check("eu:*", &["eu:*"]).contains("nothing that is listed"));
        check("", &["logs-app-pt", "logs-nginx-pt", "metrics"]);
    }

    #[test]
    fn new_facts_leave_the_cursor_on_its_line() {
        let item = |label: &str, detail: &str| PickerItem {
            label: label.to_owned(),
            detail: detail.to_owned(),
            ..PickerItem::default()
        };
        let mut picker =
            Picker::of(PickerKind::DataViews, "Data views", vec![item("a", ""), item("b", "")]);
        picker.cursor = 1;
        picker.replace(vec![item("_", ""), item("a", ""), item("b", "7 documents")]);
        assert_eq!(picker.current().map(|(_, item)| item.detail.as_str()), Some("7 documents"));
    }
}
