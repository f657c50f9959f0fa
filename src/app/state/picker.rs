//! A list to choose from by typing: palette, saved queries, breakdown, interval, columns, copy.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

use super::prompt::Prompt;

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
    /// All lines.
    pub items: Vec<PickerItem>,
    /// The lines that the search leaves, best first.
    pub matched: Vec<Matched>,
    /// The line under the cursor, an index into `matched`.
    pub cursor: usize,
    /// The first line on the screen.
    pub top: usize,
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

    /// Matches the items with what is typed; the cursor goes to the best.
    pub fn search(&mut self) {
        self.cursor = 0;
        self.top = 0;
        let text = self.prompt.text();
        if text.trim().is_empty() {
            let all = 0..self.items.len();
            self.matched = all.map(|item| Matched { item, marks: Vec::new() }).collect();
            return;
        }
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
        self.matched = scored.into_iter().map(|(_, matched)| matched).collect();
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
}
