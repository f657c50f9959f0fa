//! Prints facets and a histogram: as tables for people, as one JSON object on one line for programs.

use std::io::{self, Write};

use serde_json::{Map, Value as Json, json};

use crate::query::{Facet, FacetValue, Histogram, Interval};
use crate::time::Zone;
use crate::ui::number::count as grouped;

/// What was counted, in the order asked.
#[derive(Debug, Clone, Default)]
pub(super) struct Counts {
    /// Hits.
    pub total: u64,
    /// Whether everything was read.
    pub complete: bool,
    /// Facets in the order asked.
    pub facets: Vec<Facet>,
    /// The histogram, with the field of its breakdown as asked.
    pub histogram: Option<(Histogram, Option<String>)>,
}

impl Counts {
    /// One JSON object without line breaks.
    #[must_use]
    pub(super) fn to_json(&self) -> Json {
        let mut object = Map::new();
        object.insert("total".to_owned(), json!(self.total));
        object.insert("complete".to_owned(), json!(self.complete));
        if !self.facets.is_empty() {
            let facets = self.facets.iter().map(|facet| (facet.field.clone(), facet_json(facet)));
            object.insert("facets".to_owned(), Json::Object(facets.collect()));
        }
        if let Some((histogram, by)) = &self.histogram {
            object.insert("histogram".to_owned(), histogram_json(histogram, by.as_deref()));
        }
        Json::Object(object)
    }

    /// Tables. `safe` makes text of the log harmless for a terminal, or leaves it.
    ///
    /// # Errors
    /// If writing fails.
    pub(super) fn write_tables(
        &self,
        out: &mut dyn Write,
        zone: Zone,
        safe: &dyn Fn(&str) -> String,
    ) -> io::Result<()> {
        writeln!(out, "{} hits", grouped(self.total))?;
        for facet in &self.facets {
            writeln!(out)?;
            write_facet(out, facet, safe)?;
        }
        if let Some((histogram, by)) = &self.histogram {
            writeln!(out)?;
            write_histogram(out, histogram, by.as_deref(), zone, safe)?;
        }
        Ok(())
    }
}

fn facet_json(facet: &Facet) -> Json {
    let value = |entry: &FacetValue| json!({"value": entry.value.clone().unwrap_or(Json::Null), "count": entry.count});
    let mut object = Map::new();
    object.insert("values".to_owned(), facet.values.iter().map(value).collect());
    object.insert("other".to_owned(), json!(facet.other));
    object.insert("missing".to_owned(), json!(facet.missing));
    object.insert("distinct".to_owned(), json!(facet.distinct));
    if facet.distinct_estimated {
        object.insert("distinct_estimated".to_owned(), json!(true));
    }
    if facet.error > 0 {
        object.insert("error".to_owned(), json!(facet.error));
    }
    Json::Object(object)
}

fn histogram_json(histogram: &Histogram, by: Option<&str>) -> Json {
    let buckets = histogram.buckets.iter().filter(|bucket| bucket.count > 0).map(|bucket| {
        let mut object = Map::new();
        object.insert("time".to_owned(), json!(utc(bucket.start.0)));
        object.insert("count".to_owned(), json!(bucket.count));
        if by.is_some() {
            let counted = histogram.series.iter().zip(&bucket.by).filter(|(_, count)| **count > 0);
            let values = counted.map(|(series, count)| (series.label.clone(), json!(count)));
            object.insert("values".to_owned(), Json::Object(values.collect()));
        }
        Json::Object(object)
    });
    let mut object = Map::new();
    object.insert("interval".to_owned(), json!(interval_text(histogram.interval)));
    if let Some(by) = by {
        object.insert("by".to_owned(), json!(by));
    }
    object.insert("buckets".to_owned(), buckets.collect());
    Json::Object(object)
}

/// ISO 8601 in UTC; milliseconds only where there are any.
fn utc(millis: i64) -> String {
    let format =
        if millis.rem_euclid(1000) == 0 { "%Y-%m-%dT%H:%M:%SZ" } else { "%Y-%m-%dT%H:%M:%S%.3fZ" };
    chrono::DateTime::from_timestamp_millis(millis)
        .map_or_else(|| millis.to_string(), |at| at.format(format).to_string())
}

/// An interval as it is typed: `30s`, `5m`, `3h`, `1d`.
#[must_use]
pub(super) fn interval_text(interval: Interval) -> String {
    match interval {
        Interval::Auto { .. } => "auto".to_owned(),
        Interval::Day => "1d".to_owned(),
        Interval::Week => "1w".to_owned(),
        Interval::Month => "1M".to_owned(),
        Interval::Year => "1y".to_owned(),
        Interval::Fixed { millis } => {
            for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] {
                if millis % size == 0 && (unit != "d" || millis > size) {
                    return format!("{}{unit}", millis / size);
                }
            }
            format!("{millis}ms")
        }
    }
}

fn write_facet(
    out: &mut dyn Write,
    facet: &Facet,
    safe: &dyn Fn(&str) -> String,
) -> io::Result<()> {
    let mut rows: Vec<(String, u64)> =
        facet.values.iter().map(|entry| (safe(&entry.label), entry.count)).collect();
    if facet.other > 0 {
        let more = facet.distinct.saturating_sub(facet.values.len() as u64);
        let about = if facet.distinct_estimated { "about " } else { "" };
        rows.push((format!("({about}{} other values)", grouped(more)), facet.other));
    }
    if facet.missing > 0 {
        rows.push(("(missing)".to_owned(), facet.missing));
    }
    let width = rows.iter().map(|(label, _)| display_width(label)).max().unwrap_or(0);
    let width = width.max(display_width(&facet.field)).min(60);
    writeln!(out, "{}  {:>12}  {:>6}", pad(&safe(&facet.field), width), "count", "%")?;
    for (label, count) in rows {
        let share = if facet.hits == 0 { 0.0 } else { count as f64 * 100.0 / facet.hits as f64 };
        writeln!(out, "{}  {:>12}  {share:>6.1}", pad(&label, width), grouped(count))?;
    }
    if facet.error > 0 {
        writeln!(out, "each count may be too small by up to {}", grouped(facet.error))?;
    }
    Ok(())
}

fn write_histogram(
    out: &mut dyn Write,
    histogram: &Histogram,
    by: Option<&str>,
    zone: Zone,
    safe: &dyn Fn(&str) -> String,
) -> io::Result<()> {
    let series: Vec<String> = match by {
        Some(_) => histogram.series.iter().map(|series| safe(&series.label)).collect(),
        None => Vec::new(),
    };
    let heading = format!("per {}", interval_text(histogram.interval));
    write!(out, "{heading:<25}  {:>10}", "count")?;
    for name in &series {
        write!(out, "  {:>10}", name.chars().take(10).collect::<String>())?;
    }
    writeln!(out)?;
    for bucket in &histogram.buckets {
        write!(out, "{:<25}  {:>10}", local_text(zone, bucket.start), grouped(bucket.count))?;
        for at in 0..series.len() {
            write!(out, "  {:>10}", grouped(bucket.by.get(at).copied().unwrap_or(0)))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// A bucket's start on the clock of a zone.
fn local_text(zone: Zone, at: crate::time::Millis) -> String {
    let minutes = zone.offset_seconds(at) / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let (hours, minutes) = (minutes.abs() / 60, minutes.abs() % 60);
    format!("{} {sign}{hours:02}{minutes:02}", zone.to_local(at).format("%Y-%m-%d %H:%M:%S"))
}

pub(super) fn display_width(text: &str) -> usize {
    unicode_width::UnicodeWidthStr::width(text)
}

/// The text, cut or filled with spaces to `width` cells.
pub(super) fn pad(text: &str, width: usize) -> String {
    let mut cut = String::new();
    let mut used = 0;
    for c in text.chars() {
        let cells = unicode_width::UnicodeWidthChar::width(c).unwrap_or(0);
        if used + cells > width {
            // The last cell says that there is more.
            while used + 1 > width {
                let Some(last) = cut.pop() else { break };
                used -= unicode_width::UnicodeWidthChar::width(last).unwrap_or(0);
            }
            cut.push('…');
            used += 1;
            break;
        }
        cut.push(c);
        used += cells;
    }
    cut.extend(std::iter::repeat_n(' ', width.saturating_sub(used)));
    cut
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Counts, grouped, interval_text, pad};
    use crate::query::{Bucket, Facet, FacetValue, Histogram, Interval};
    use crate::time::Millis;

    fn value(value: serde_json::Value, label: &str, count: u64) -> FacetValue {
        FacetValue { value: Some(value), label: label.to_owned(), count }
    }

    #[test]
    fn counts_are_one_json_object_in_the_promised_shape() {
        let facet = Facet {
            field: "status".to_owned(),
            values: vec![value(json!(200), "200", 3)],
            other: 1,
            missing: 2,
            distinct: 2,
            hits: 6,
            ..Facet::default()
        };
        let histogram = Histogram {
            interval: Interval::Fixed { millis: 60_000 },
            series: vec![value(json!("2xx"), "2xx", 3), value(json!("5xx"), "5xx", 0)],
            buckets: vec![
                Bucket { start: Millis(1_763_942_400_000), count: 3, by: vec![3, 0] },
                Bucket { start: Millis(1_763_942_460_000), count: 0, by: vec![0, 0] },
            ],
        };
        let counts = Counts {
            total: 6,
            complete: true,
            facets: vec![facet],
            histogram: Some((histogram, Some("status".to_owned()))),
        };
        let expected = json!({
            "total": 6, "complete": true,
            "facets": {"status": {"values": [{"value": 200, "count": 3}], "other": 1, "missing": 2, "distinct": 2}},
            "histogram": {"interval": "1m", "by": "status",
                "buckets": [{"time": "2025-11-24T00:00:00Z", "count": 3, "values": {"2xx": 3}}]},
        });
        assert_eq!(counts.to_json(), expected);
    }

    #[test]
    fn numbers_and_intervals_are_written_for_people() {
        assert_eq!(
            [grouped(0), grouped(999), grouped(1000), grouped(1_234_567)],
            ["0", "999", "1,000", "1,234,567"]
        );
        let fixed = |millis| interval_text(Interval::Fixed { millis });
        assert_eq!(
            [fixed(30_000), fixed(10_800_000), fixed(1500), fixed(172_800_000)],
            ["30s", "3h", "1500ms", "2d"]
        );
    }

    #[test]
    fn a_cell_is_cut_at_its_width() {
        assert_eq!(pad("abc", 5), "abc  ");
        assert_eq!(pad("abcdef", 4), "abc…");
        assert_eq!(pad("日本語", 5), "日本…");
    }
}
