//! The field list: sections, fields with type marks, top values in place.

use ratatui::layout::Rect;

use super::super::canvas::{self, Canvas};
use super::super::{number, text};
use crate::app::App;
use crate::app::state::{FieldRow, Layer, OpenFacet, Pane, Section};
use crate::query::{Facet, FacetValue, Warning, WarningKind};
use crate::theme::{Role, Theme};

/// Draws the panel: a heading with the search, then the lines from the top on.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    if area.width < 8 || area.height < 2 {
        return;
    }
    let fields = &app.fields;
    let searching = app.focus.has(Layer::FieldSearch);
    let heading = canvas::row(area, 0);
    let dim = canvas.style(Role::Dim);
    let title = format!("Fields {}", number::count(fields.total as u64));
    let used = canvas.text((area.x + 1, area.y), usize::from(area.width) - 1, &title, dim);
    let x = area.x + 1 + used as u16 + 2;
    if (searching || !fields.search.is_empty()) && x + 4 < area.right() {
        canvas.text((x, area.y), 1, "/", canvas.style(Role::Accent));
        let line = Rect { x: x + 1, width: area.right() - x - 2, ..heading };
        let focused = app.focus.top() == Some(Layer::FieldSearch);
        canvas.prompt(line, &fields.search, "", focused);
    } else {
        let hint = "/ search";
        let x = area.right().saturating_sub(hint.len() as u16 + 1);
        if usize::from(x) > usize::from(area.x) + used + 2 {
            canvas.text((x, area.y), hint.len(), hint, dim);
        }
    }
    let rows = Rect { y: area.y + 1, height: area.height - 1, ..area };
    canvas.geometry.field_rows = rows.height;
    if fields.rows.is_empty() {
        let said = if fields.search.is_empty() { "no fields yet" } else { "no field of that name" };
        canvas.text((rows.x + 1, rows.y), usize::from(rows.width) - 1, said, dim);
    }
    let focused = app.focus.pane == Pane::Fields;
    let visible = fields.rows.iter().enumerate().skip(fields.top);
    for (line, (index, row)) in visible.take(usize::from(rows.height)).enumerate() {
        let at = canvas::row(rows, line as u16);
        draw_row(canvas, app, at, row);
        if index == fields.cursor && focused {
            canvas.select(at, app.focus.layers.is_empty() || searching);
            let mark = canvas.glyphs().cursor;
            let style = canvas.style(Role::Mark);
            canvas.glyph((at.x, at.y), mark, style);
        }
    }
}

fn draw_row(canvas: &mut Canvas<'_>, app: &App, at: Rect, row: &FieldRow) {
    match row {
        FieldRow::Section { section, count, folded } => {
            draw_section(canvas, at, *section, *count, *folded);
        }
        FieldRow::Field { name, mark, open, selected } => {
            let width = usize::from(at.width);
            let style = type_role(mark);
            canvas.text((at.x + 1, at.y), 2, mark, canvas.style(style));
            let role = if *selected { Role::Strong } else { Role::Text };
            let facet = app.fields.facets.get(name).filter(|_| *open);
            let distinct = facet.and_then(|facet| facet.facet.as_ref()).map(|facet| {
                let about = about(facet, canvas.glyphs().ascii);
                format!("{about}{}", number::short_count(facet.distinct))
            });
            let cells = distinct.as_ref().map_or(0, |text| text.chars().count() + 2);
            let room = width.saturating_sub(5 + cells);
            canvas.text((at.x + 4, at.y), room, name, canvas.style(role));
            if let Some(distinct) = distinct {
                let cells = distinct.chars().count();
                let x = at.right().saturating_sub(cells as u16 + 1);
                canvas.text((x, at.y), cells, &distinct, canvas.style(Role::Dim));
            }
        }
        FieldRow::Value { field, index } => {
            let facet = app.fields.facets.get(field).and_then(|open| open.facet.as_ref());
            if let Some((facet, value)) = facet.and_then(|f| Some((f, f.values.get(*index)?))) {
                draw_value(canvas, at, facet, value);
            }
        }
        FieldRow::More { field } => {
            if let Some(open) = app.fields.facets.get(field) {
                let said = more(open, canvas.glyphs().ascii);
                let room = usize::from(at.width).saturating_sub(5);
                let role = match (&open.error, open.warnings.is_empty()) {
                    (Some(_), _) => Role::Error,
                    (None, false) => Role::Warning,
                    (None, true) => Role::Dim,
                };
                canvas.text((at.x + 4, at.y), room, &said, canvas.style(role));
            }
        }
    }
}

fn draw_section(canvas: &mut Canvas<'_>, at: Rect, section: Section, count: usize, folded: bool) {
    let dim = canvas.style(Role::Dim);
    let mark = if folded { canvas.glyphs().closed } else { " " };
    canvas.text((at.x, at.y), 1, mark, dim);
    let title = section.title().to_uppercase();
    let used = canvas.text((at.x + 1, at.y), usize::from(at.width) - 1, &title, dim);
    if folded {
        let x = at.x + 1 + used as u16 + 1;
        canvas.text((x, at.y), 8, &number::count(count as u64), dim);
    }
}

/// The role of a type mark.
#[must_use]
pub fn type_role(mark: &str) -> Role {
    match mark {
        "k" => Role::TypeKeyword,
        "t" => Role::TypeText,
        "#" => Role::TypeNumber,
        "d" => Role::TypeDate,
        "ip" => Role::TypeIp,
        "b" => Role::TypeBoolean,
        "g" => Role::TypeGeo,
        "!" => Role::Warning,
        _ => Role::TypeOther,
    }
}

/// What stands before an estimated number.
fn about(facet: &Facet, ascii: bool) -> &'static str {
    match (facet.distinct_estimated, ascii) {
        (false, _) => "",
        (true, false) => "≈",
        (true, true) => "~",
    }
}

/// The value or the note under the cursor in full words, for the last line.
#[must_use]
pub fn words(app: &App, ascii: bool) -> Option<String> {
    match app.fields.current()? {
        FieldRow::Value { field, index } => {
            let facet = app.fields.facets.get(field)?.facet.as_ref()?;
            let value = facet.values.get(*index)?;
            let sign = if ascii { "+-" } else { "±" };
            let error = match facet.error {
                0 => String::new(),
                error => format!(" {sign}{}", number::count(error)),
            };
            let share = number::percent(value.count, facet.hits);
            let mut said = format!("{}{error} hits, {share}", number::count(value.count));
            let having = facet.hits.saturating_sub(facet.missing);
            if facet.missing > 0 {
                let share = number::percent(value.count, having);
                said = format!("{said}, {share} of those with the field");
            }
            Some(said)
        }
        FieldRow::More { field } => {
            let open = app.fields.facets.get(field)?;
            let told: Vec<&str> = open.warnings.iter().map(|told| told.message.as_str()).collect();
            let error = open.error.as_deref().into_iter();
            let said: Vec<&str> = error.chain(told).collect();
            Some(if said.is_empty() { more(open, ascii) } else { said.join(" ") })
        }
        _ => None,
    }
}

/// A value: its text, a bar and its share.
fn draw_value(canvas: &mut Canvas<'_>, at: Rect, facet: &Facet, value: &FacetValue) {
    let width = usize::from(at.width);
    let share = number::percent(value.count, facet.hits);
    let error = match (facet.error, canvas.glyphs().ascii) {
        (0, _) => String::new(),
        (error, false) => format!("±{}", number::short_count(error)),
        (error, true) => format!("+-{}", number::short_count(error)),
    };
    let count = match width {
        40.. => format!("{}{error} ", number::count(value.count)),
        _ => String::new(),
    };
    let numbers = format!("{count}{share:>6}");
    let bar_width = (width / 4).clamp(4, 16);
    let cells = numbers.chars().count();
    let fixed = 3 + bar_width + 1 + cells + 1;
    let label = if value.label.is_empty() { "(empty)" } else { &value.label };
    let room = width.saturating_sub(fixed + 1);
    canvas.text((at.x + 3, at.y), room, label, canvas.style(Role::Text));
    let x = at.right().saturating_sub((bar_width + 1 + cells + 1) as u16);
    let bar = bar(canvas.theme, value.count, facet.hits, bar_width);
    canvas.text((x, at.y), bar_width, &bar, canvas.style(Role::Bar));
    let x = at.right().saturating_sub(cells as u16 + 1);
    canvas.text((x, at.y), cells, &numbers, canvas.style(Role::Dim));
}

/// A horizontal bar in eighths; anything that counts shows at least the thinnest.
#[must_use]
pub fn bar(theme: &Theme, part: u64, of: u64, width: usize) -> String {
    if part == 0 || of == 0 {
        return String::new();
    }
    let eighths = (part as f64 / of as f64 * (width * 8) as f64).round() as usize;
    let eighths = eighths.clamp(1, width * 8);
    let blocks = theme.glyphs.blocks;
    let mut bar = blocks[7].repeat(eighths / 8);
    if !eighths.is_multiple_of(8) {
        bar.push_str(blocks[eighths % 8 - 1]);
    }
    bar
}

/// The line under the values.
fn more(open: &OpenFacet, ascii: bool) -> String {
    if let Some(error) = &open.error {
        return error.clone();
    }
    let Some(facet) = &open.facet else { return "counting".to_owned() };
    let mut said = Vec::new();
    match Warning::worst(&open.warnings) {
        Some(WarningKind::Partial) => said.push("partial".to_owned()),
        Some(WarningKind::Approximate) => {
            said.push(format!("of {} hits", number::count(facet.hits)));
        }
        _ => {}
    }
    let rest = facet.distinct.saturating_sub(facet.values.len() as u64);
    if facet.values.is_empty() && facet.missing > 0 {
        return "no hit has a value".to_owned();
    }
    if rest > 0 {
        let share = number::percent(facet.other, facet.hits);
        let about = about(facet, ascii);
        said.push(format!("{about}{} more {share}, m shows", number::short_count(rest)));
    }
    if facet.missing > 0 {
        said.push(format!("none in {}", number::percent(facet.missing, facet.hits)));
    }
    if facet.error > 0 {
        let sign = if ascii { "+-" } else { "±" };
        said.push(format!("each {sign}{}", number::count(facet.error)));
    }
    if !open.complete {
        said.push("so far".to_owned());
    }
    if said.is_empty() { "+ for  - out".to_owned() } else { said.join(", ") }
}

/// The cells that the list wants beside the table.
#[must_use]
pub fn width(app: &App, screen: u16) -> u16 {
    let longest = app.fields.rows.iter().filter_map(|row| match row {
        FieldRow::Field { name, .. } => Some(text::width(name, 60) + 6),
        _ => None,
    });
    let wanted = longest.max().unwrap_or(0) as u16;
    wanted.clamp(26, (screen / 4).clamp(26, 36))
}

#[cfg(test)]
mod tests {
    use super::{bar, more};
    use crate::app::state::OpenFacet;
    use crate::query::{Facet, FacetValue, Warning};
    use crate::theme::Theme;

    #[test]
    fn what_a_facet_lacks_stands_under_its_values() {
        let check = |facet: Facet, warnings: Vec<Warning>, said: &str| {
            let facet = Some(Facet { hits: 1000, ..facet });
            let open = OpenFacet { facet, warnings, complete: true, ..OpenFacet::default() };
            assert_eq!(more(&open, false), said);
        };
        check(Facet::default(), Vec::new(), "+ for  - out");
        let value = FacetValue { value: None, label: "a".to_owned(), count: 650 };
        let large = Facet {
            values: vec![value],
            distinct: 12_000,
            distinct_estimated: true,
            other: 250,
            missing: 100,
            error: 7,
            ..Facet::default()
        };
        check(large, Vec::new(), "≈12.0k more 25.0%, m shows, none in 10.0%, each ±7");
        let sample = vec![Warning::approximate("values of a sample")];
        check(Facet::default(), sample, "of 1,000 hits");
        check(Facet::default(), vec![Warning::partial("a shard is lost")], "partial");
    }

    #[test]
    fn bars_have_eighths_and_never_vanish() {
        let theme = Theme::default();
        assert_eq!(bar(&theme, 1, 1_000_000, 8), "▏");
        assert_eq!(bar(&theme, 5, 10, 8), "████");
        assert_eq!(bar(&theme, 10, 10, 8), "████████");
        assert_eq!(bar(&theme, 0, 10, 8), "");
        assert_eq!(bar(&theme, 20, 10, 4), "████");
    }
}
