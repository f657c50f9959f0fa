//! The first line: which source, in which format, which time.

use ratatui::layout::Rect;

use super::super::canvas::Canvas;
use super::super::widget::bar::{self, Segment};
use super::super::{number, stamp, text};
use crate::app::App;
use crate::app::state::{Follow, QUICK, TimeSpec};
use crate::query::FormatShare;
use crate::theme::Role;
use crate::time::TimeRange;

/// Draws the line.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let strong = canvas.style(Role::Strong);
    let dim = canvas.style(Role::Dim);
    let title =
        text::shorten(&app.status.title, usize::from(area.width) / 2, canvas.glyphs().ascii);
    let mut left = vec![Segment::of((title, strong), 0)];
    if let Some(format) = format(&app.status.formats) {
        left.push(Segment::of((format, dim), 4));
    }
    let notices = app.status.notices.len();
    if notices > 0 {
        let (mark, words) = (canvas.glyphs().warn, if notices == 1 { "notice" } else { "notices" });
        let said = format!("{mark} {notices} {words}, gn");
        left.push(Segment::of((said, canvas.style(Role::Warning)), 3));
    }
    let mut right = Vec::new();
    if app.table.follow != Follow::Off {
        right.push(Segment::of(("following".to_owned(), canvas.style(Role::Ok)), 2));
    }
    let plain = canvas.style(Role::Text);
    match span_label(&app.asked.span) {
        _ if !app.has_time() => right.push(Segment::of(("no time field".to_owned(), dim), 0)),
        Some(label) => {
            // An open range says how far the records reach.
            let reach = TimeRange { from: app.status.first, to: app.status.last };
            let range = if app.range.is_all() { reach } else { app.range };
            if !range.is_all() {
                right.push(Segment::of((stamp::range(range, app.zone), dim), 3));
            }
            right.push(Segment::of((label, plain), 0));
        }
        None => right.push(Segment::of((stamp::range(app.range, app.zone), plain), 0)),
    }
    right.push(Segment::of((app.zone.to_string(), dim), 1));
    if let Some(every) = app.refresh_every {
        right.push(Segment::of((format!("every {}", number::span(every)), dim), 2));
    }
    bar::draw(canvas, area, left, right, 3);
}

/// The main format, and the share of records that fit it where not all do.
fn format(formats: &[FormatShare]) -> Option<String> {
    let main = formats.iter().max_by_key(|format| format.records)?;
    let records: u64 = formats.iter().map(|format| format.records).sum();
    let failed: u64 = formats.iter().map(|format| format.failed).sum();
    let mut said = main.name.clone();
    if formats.len() > 1 {
        said = format!("{said} and {} more", formats.len() - 1);
    }
    if failed > 0 && records > 0 {
        said = format!("{said} {} fit", number::percent(records.saturating_sub(failed), records));
    }
    Some(said)
}

/// What Kibana calls the range; `None` for two exact ends.
fn span_label(span: &TimeSpec) -> Option<String> {
    let from = span.from.as_deref().unwrap_or_default();
    let to = span.to.as_deref().unwrap_or_default();
    if let Some(quick) = QUICK.iter().find(|quick| quick.from == from && quick.to == to) {
        return Some(quick.label.to_owned());
    }
    let relative =
        |text: &str| text.starts_with("now") || text.starts_with("end") || text.starts_with('-');
    (relative(from) && (relative(to) || to.is_empty())).then(|| {
        let to = if to.is_empty() { "now" } else { to };
        format!("{from} to {to}")
    })
}

#[cfg(test)]
mod tests {
    use super::{format, span_label};
    use crate::app::state::TimeSpec;
    use crate::query::FormatShare;

    #[test]
    fn ranges_have_kibanas_names() {
        let label = |from: &str, to: &str| {
            span_label(&TimeSpec { from: Some(from.into()), to: Some(to.into()) })
        };
        assert_eq!(label("now-24h", "now").as_deref(), Some("Last 24 hours"));
        assert_eq!(label("now-3h", "now").as_deref(), Some("now-3h to now"));
        assert_eq!(label("2026-11-22T10:00", "2026-11-22T11:00"), None);
        assert_eq!(span_label(&TimeSpec::default()).as_deref(), Some("Everything"));
    }

    #[test]
    fn formats_say_how_many_records_fit() {
        let share =
            |name: &str, records, failed| FormatShare { name: name.into(), records, failed };
        assert_eq!(format(&[]), None);
        assert_eq!(format(&[share("nginx", 10, 0)]).as_deref(), Some("nginx"));
        assert_eq!(
            format(&[share("nginx", 990, 0), share("text", 10, 10)]).as_deref(),
            Some("nginx and 1 more 99.0% fit")
        );
    }
}
