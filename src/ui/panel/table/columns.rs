//! The columns of the table: their texts and their widths.

use serde_json::Value as Json;

use super::super::super::text;
use crate::app::state::value_text;
use crate::query::Hit;

/// No column but the last is wider.
const WIDEST: usize = 48;
/// Cells between columns.
pub const GAP: usize = 2;

/// One column as it is drawn.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Column {
    /// An index into the table's columns.
    pub index: usize,
    /// Its first cell, counted from the first column's.
    pub x: usize,
    /// Its cells.
    pub width: usize,
    /// Whether its values stand at the right edge.
    pub numeric: bool,
}

/// The text of a field of a hit; `None` where it has no value.
#[must_use]
pub fn cell(hit: &Hit, field: &str) -> Option<String> {
    let mut texts = Vec::new();
    hit.document.each(field, &mut |value| {
        if !matches!(value, Json::Null) && texts.len() < 32 {
            texts.push(value_text(value).to_string());
        }
    });
    (!texts.is_empty()).then(|| texts.join(", "))
}

fn is_numeric(hits: &[&Hit], field: &str) -> bool {
    let mut any = false;
    let all = hits.iter().all(|hit| match hit.document.first(field) {
        None => true,
        Some(Json::Number(_)) => {
            any = true;
            true
        }
        Some(_) => false,
    });
    any && all
}

/// Lays the columns out in `room` cells for the hits that are seen. Columns fit their content, the
/// last one takes the rest; where not all fit, those around the chosen one are kept.
#[must_use]
pub fn lay_out(fields: &[String], hits: &[&Hit], chosen: usize, room: usize) -> Vec<Column> {
    let widths: Vec<usize> = fields
        .iter()
        .map(|field| {
            let content = hits.iter().filter_map(|hit| cell(hit, field));
            let widest = content.map(|text| text::width(&text, WIDEST)).max().unwrap_or(1);
            // One cell more for the arrow of the order.
            widest.max(text::width(field, WIDEST - 2) + 2).min(WIDEST).min(room.max(1))
        })
        .collect();
    let chosen = chosen.min(fields.len().saturating_sub(1));
    let mut first = 0;
    while first < chosen && span(&widths[first..=chosen]) > room {
        first += 1;
    }
    let mut columns = Vec::new();
    let mut x = 0;
    for index in first..fields.len() {
        let left = room.saturating_sub(x);
        let is_last = index + 1 == fields.len();
        if left < 4 || (widths[index] > left && !is_last && index > first && left < 12) {
            break;
        }
        let width = if is_last { left } else { widths[index].min(left) };
        let numeric = !is_last && is_numeric(hits, &fields[index]);
        columns.push(Column { index, x, width, numeric });
        x += width + GAP;
    }
    columns
}

fn span(widths: &[usize]) -> usize {
    widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::json;

    use super::lay_out;
    use crate::event::Document;
    use crate::query::{Cursor, Hit, HitId};

    fn hit(source: serde_json::Value) -> Hit {
        let serde_json::Value::Object(source) = source else { panic!("an object") };
        Hit {
            id: HitId("1".into()),
            cursor: Cursor(Arc::from([])),
            time: None,
            level: None,
            document: Arc::new(Document { source }),
            raw: None,
            more_lines: 0,
            provisional: false,
        }
    }

    #[test]
    fn columns_fit_their_content_and_the_last_takes_the_rest() {
        let hits = [hit(json!({"a": "1234567890", "n": 5, "m": "x"})), hit(json!({"n": 123}))];
        let hits: Vec<&Hit> = hits.iter().collect();
        let fields = ["a", "n", "m"].map(String::from);
        let columns = lay_out(&fields, &hits, 0, 40);
        let widths: Vec<usize> = columns.iter().map(|column| column.width).collect();
        assert_eq!(widths, [10, 3, 23]);
        assert!(columns[1].numeric && !columns[0].numeric);
    }

    #[test]
    fn the_chosen_column_stays_in_sight() {
        let hits = [hit(json!({"a": "a".repeat(30), "b": "b".repeat(30), "c": "c".repeat(30)}))];
        let hits: Vec<&Hit> = hits.iter().collect();
        let fields = ["a", "b", "c"].map(String::from);
        let shown = |chosen| {
            let columns = lay_out(&fields, &hits, chosen, 40);
            columns.iter().map(|column| column.index).collect::<Vec<_>>()
        };
        assert_eq!(shown(0), [0]);
        assert_eq!(shown(2), [2]);
    }
}
