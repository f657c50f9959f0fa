//! No rows: why it may be so, and what one key does about it.

use ratatui::layout::Rect;

use super::super::canvas::{Canvas, Part};
use super::super::{number, stamp, text};
use crate::app::App;
use crate::app::state::Offer;
use crate::theme::Role;

/// Draws the reasons in place of the rows.
pub fn draw(canvas: &mut Canvas<'_>, app: &App, area: Rect) {
    let lines = lines(canvas, app, area.width);
    let y = area.y + u16::from(area.height > lines.len() as u16);
    for (line, y) in lines.iter().zip(y..area.bottom()) {
        canvas.parts((area.x + 2, y), usize::from(area.width.saturating_sub(3)), line);
    }
}

fn lines(canvas: &Canvas<'_>, app: &App, width: u16) -> Vec<Vec<Part>> {
    let (strong, dim, plain) =
        (canvas.style(Role::Strong), canvas.style(Role::Dim), canvas.style(Role::Text));
    if let Some(error) = &app.table.error {
        let said = text::words(error, usize::from(width.saturating_sub(3)), 6);
        let mut lines = vec![vec![("No answer".to_owned(), canvas.style(Role::Error))]];
        lines.extend(said.into_iter().map(|said| vec![(said, plain)]));
        lines.push(vec![("r asks again, I shows what was asked".to_owned(), dim)]);
        return lines;
    }
    if app.status.title.is_empty() {
        // Nothing is open yet: the list of logs says what to do.
        return Vec::new();
    }
    if !app.table.answered {
        return vec![vec![("Searching".to_owned(), dim)]];
    }
    let reading = !app.status.complete;
    if app.status.records == 0 && app.total.is_none_or(|total| total.of == 0) {
        let said = if reading { "Reading; no record yet" } else { "There are no records here" };
        let mut lines = vec![vec![(said.to_owned(), strong)]];
        for notice in &app.status.notices {
            lines.push(vec![(notice.message.clone(), dim)]);
        }
        return lines;
    }
    let title = if reading { "Nothing found so far" } else { "Nothing found" };
    let mut lines = vec![vec![(title.to_owned(), strong)]];
    if let Some(total) = app.total.filter(|total| total.of > 0) {
        lines.push(vec![(format!("None of {} matches.", records(total.of)), plain)]);
    }
    for field in &app.nothing.unknown {
        lines.push(vec![
            ("No record has a field ".to_owned(), plain),
            (field.clone(), canvas.style(Role::FieldName)),
        ]);
    }
    if !app.nothing.offers.is_empty() {
        lines.push(Vec::new());
    }
    for (number, offer) in (1..).zip(&app.nothing.offers) {
        let mut line = vec![(format!(" {number} "), canvas.style(Role::Key))];
        line.extend(say(canvas, app, offer));
        lines.push(line);
    }
    if app.nothing.offers.is_empty() && !app.nothing.pending {
        lines.push(Vec::new());
        let key = canvas.style(Role::Key);
        let ways = [
            ("i", " changes the query   "),
            ("t", " the time   "),
            ("u", " takes back the last change"),
        ];
        let ways = ways
            .iter()
            .flat_map(|(keys, what)| [((*keys).to_owned(), key), ((*what).to_owned(), dim)]);
        lines.push(ways.collect());
    }
    if app.nothing.pending {
        lines.push(vec![(" looking for reasons".to_owned(), dim)]);
    }
    lines
}

fn say(canvas: &Canvas<'_>, app: &App, offer: &Offer) -> Vec<Part> {
    let plain = |said: String| (said, canvas.style(Role::Text));
    let name = |said: &str| (said.to_owned(), canvas.style(Role::FieldName));
    match offer {
        Offer::WithoutFilters { hits } => {
            vec![plain(format!("without the filters: {}", records(*hits)))]
        }
        Offer::WithoutRange { hits } => {
            vec![plain(format!("in all times: {}", records(*hits)))]
        }
        Offer::LastBefore { at } => {
            let at = stamp::Detail::Year.stamp(*at, app.zone);
            vec![plain(format!("the last record before this time is of {at}: go there"))]
        }
        Offer::Rename { field, nearest } => vec![
            plain("no record has ".to_owned()),
            name(field),
            plain("; ask for ".to_owned()),
            name(nearest),
        ],
        Offer::Contains { text: words } => {
            let words = text::shorten(words, 60, canvas.glyphs().ascii);
            vec![plain(format!("records whose text contains \"{words}\", also within words"))]
        }
        Offer::Replace { query } => vec![plain("ask ".to_owned()), name(query)],
    }
}

fn records(count: u64) -> String {
    match count {
        1 => "1 record".to_owned(),
        count => format!("{} records", number::count(count)),
    }
}
