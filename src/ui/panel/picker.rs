//! A list to choose from by typing: actions, saved queries, breakdowns, columns.

use ratatui::layout::Rect;
use ratatui::style::Modifier;

use super::super::canvas::{self, Canvas};
use super::super::text::{self, Ink};
use crate::app::App;
use crate::app::state::{Layer, Matched, Picker, PickerItem, PickerKind};
use crate::theme::Role;

/// The width of a list of things to open.
const PLACES: u16 = 88;

/// Draws the pop-up.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let Some(picker) = &app.picker else { return };
    let is_places = matches!(picker.kind, PickerKind::Sources | PickerKind::DataViews);
    let longest = picker.items.iter().map(|item| {
        text::width(&item.label, 60)
            + text::width(&item.detail, 60)
            + text::width(&item.key, 12)
            + 8
    });
    let wanted =
        longest.max().unwrap_or(0).max(text::width(&picker.title, 60) + 8).max(36) as u16 + 4;
    // What is known of places comes late; the box must not grow under the eyes.
    let wanted = if is_places { wanted.max(PLACES) } else { wanted };
    let height = (picker.items.len() as u16).saturating_add(3).max(5);
    let most = area.height.saturating_sub(2).min(22);
    let place =
        canvas::centered(area, wanted.min(area.width.saturating_sub(4)).max(20), height.min(most));
    let inner = canvas.popup(place, &picker.title);
    if inner.height < 2 {
        return;
    }
    let line = canvas::row(inner, 0);
    canvas.text((line.x, line.y), 1, canvas.theme.glyphs.closed, canvas.style(Role::Accent));
    let focused = app.focus.top() == Some(Layer::Picker);
    let prompt = Rect { x: line.x + 2, width: line.width.saturating_sub(2), ..line };
    let empty = match picker.kind {
        PickerKind::DataViews => "a name, or a pattern such as logs-*",
        _ => "type to search",
    };
    canvas.prompt(prompt, &picker.prompt, empty, focused);
    let list = Rect { y: inner.y + 1, height: inner.height - 1, ..inner };
    canvas.geometry.list_rows = list.height;
    if picker.matched.is_empty() {
        let said = match (picker.items.is_empty(), picker.kind) {
            (true, PickerKind::DataViews) => "the cluster lists nothing; type an index pattern",
            (true, _) => "nothing to choose from",
            (false, _) => "nothing like that",
        };
        canvas.text((list.x + 2, list.y), usize::from(list.width), said, canvas.style(Role::Dim));
    }
    let visible = picker.matched.iter().enumerate().skip(picker.top);
    // Details of things to open stand below each other.
    let label = |item: &PickerItem| text::width(&item.label, usize::from(list.width) / 2);
    let labels = picker.items.iter().filter(|_| is_places).map(label);
    let details = labels.max().unwrap_or(0);
    for (row, (index, matched)) in visible.take(usize::from(list.height)).enumerate() {
        let at = canvas::row(list, row as u16);
        draw_item(canvas, picker, matched, (at, details));
        if index == picker.cursor {
            let whole = Rect { x: at.x - 1, width: at.width + 2, ..at };
            canvas.select(whole, focused);
            let (mark, style) = (canvas.theme.glyphs.cursor, canvas.style(Role::Mark));
            canvas.glyph((whole.x, at.y), mark, style);
        }
    }
    let rest = picker.matched.len().saturating_sub(picker.top + usize::from(list.height));
    if rest > 0 {
        let said = format!(" {rest} more ");
        let x = place.right().saturating_sub(said.len() as u16 + 2);
        canvas.text((x, place.bottom() - 1), said.len(), &said, canvas.style(Role::Dim));
    }
}

/// Draws a line at its place; its detail begins after the label, and not before `details`.
fn draw_item(canvas: &mut Canvas<'_>, picker: &Picker, matched: &Matched, place: (Rect, usize)) {
    let (at, details) = place;
    let Some(item) = picker.items.get(matched.item) else { return };
    let (dim, key) = (canvas.style(Role::Dim), canvas.style(Role::Key));
    if item.on {
        canvas.glyph((at.x, at.y), canvas.theme.glyphs.check, canvas.style(Role::Ok));
    }
    let key_width = text::width(&item.key, 12);
    let room = usize::from(at.width).saturating_sub(2 + key_width + usize::from(key_width > 0));
    // Characters of the label that were matched, as bytes.
    let mut places = Vec::new();
    for (index, (byte, c)) in item.label.char_indices().enumerate() {
        if matched.marks.binary_search(&(index as u32)).is_ok() {
            places.push(byte..byte + c.len_utf8());
        }
    }
    let hit = canvas.style(Role::Accent).add_modifier(Modifier::UNDERLINED);
    let ink = Ink { marks: &places, hit, ..canvas.ink(canvas.style(Role::Text)) };
    let used = canvas.inked((at.x + 2, at.y), room, &item.label, &ink);
    let used = used.max(details);
    let left = room.saturating_sub(used + 2);
    if left > 3 {
        canvas.text((at.x + 2 + used as u16 + 2, at.y), left, &item.detail, dim);
    }
    let x = at.right().saturating_sub(key_width as u16);
    canvas.text((x, at.y), key_width, &item.key, key);
}
