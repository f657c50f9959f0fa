//! A made-up state: a web server's log with a burst of 5xx.

use std::sync::Arc;

use serde_json::json;

use crate::app::state::{
    App, Ask, AskKind, DocumentView, FieldRow, Filter, FilterKind, HelpSection, Layer, OpenFacet,
    Passing, Picker, PickerItem, PickerKind, Prompt, Reader, Section, Suggestion, SuggestionKind,
    Surroundings, TimeSpec,
};
use crate::config::Keymap;
use crate::event::{DataView, Document, ViewField};
use crate::query::{
    Breakdown, Bucket, Cursor, Exchange, Facet, FacetValue, FormatShare, Histogram, Hit, HitId,
    Level, ShardCount, Status, Total,
};
use crate::time::{Interval, Millis, TimeRange, Zone};

/// 2026-11-22T13:21:07.118Z
pub(super) const NOW: i64 = 1_795_353_667_118;
const MINUTE: i64 = 60_000;

pub(super) const LAYERS: [Layer; 13] = [
    Layer::Query,
    Layer::FieldSearch,
    Layer::Find,
    Layer::Time,
    Layer::Pill,
    Layer::Document,
    Layer::DocumentSearch,
    Layer::Surroundings,
    Layer::Picker,
    Layer::Ask,
    Layer::Help,
    Layer::Reader,
    Layer::Inspect,
];

fn call(index: u64) -> Exchange {
    Exchange {
        request: None,
        purpose: "values of a \x07field".into(),
        line: "POST /logs-*-pt/_search?ignore_unavailable=true".into(),
        console: String::new(),
        curl: String::new(),
        host: "es.example:9200".into(),
        status: index.is_multiple_of(2).then_some(200),
        error: index.is_multiple_of(3).then(|| "stopped".to_owned()),
        answer: String::new(),
        answer_bytes: index * 4000,
        took: Some(std::time::Duration::from_millis(index * 700)),
        waited: Some(std::time::Duration::from_millis(index * 900)),
        shards: Some(ShardCount { total: 6, successful: 4, skipped: 1, failed: 0 }),
    }
}

fn hit(index: i64) -> Hit {
    let error = index % 5 == 2;
    let status = [502, 502, 0, 504, 200][(index % 5) as usize];
    let source = if error {
        json!({
            "@timestamp": Millis(NOW - index * 53).to_string(),
            "log": {"level": "ERROR", "logger": "apps.parcels.views", "file": {"path": "/srv/django.log"}},
            "service": {"name": "django"},
            "message": "connection pool exhausted\nTraceback (most recent call last):\n  File \"x.py\"",
            "stream": "app", "app_module": "parcels",
        })
    } else {
        json!({
            "@timestamp": Millis(NOW - index * 53).to_string(),
            "http": {"request": {"method": "GET"}, "response": {"status_code": status, "body": {"bytes": 157}}},
            "url": {"path": format!("/api/v1/parcels/track/{}", 4821 + index * 17)},
            "service": {"name": "nginx"},
            "source": {"ip": "10.2.3.4"},
            "user_agent": {"original": "curl/8.5.0"},
            "message": format!("10.2.3.4 - - \"GET /api/v1/parcels/track/{} HTTP/1.1\" {status} 157", 4821 + index * 17),
        })
    };
    let serde_json::Value::Object(source) = source else { panic!("an object") };
    Hit {
        id: HitId(format!("access.log:{index}").into()),
        cursor: Cursor(Arc::from([index as u8])),
        time: Some(Millis(NOW - index * 53)),
        level: if error { Some(Level::Error) } else { None },
        document: Arc::new(Document { source }),
        raw: Some(Arc::from(format!("line {index} of \x1b[31maccess\x1b[0m.log\n").as_bytes())),
        more_lines: if error { 14 } else { 0 },
        provisional: index == 0,
    }
}

fn value(label: &str, count: u64) -> FacetValue {
    FacetValue { value: Some(json!(label)), label: label.to_owned(), count }
}

fn field(name: &str, kind: &str, elastic: &str) -> ViewField {
    ViewField {
        name: name.to_owned(),
        kind: kind.to_owned(),
        es_types: vec![elastic.to_owned()],
        searchable: true,
        aggregatable: true,
        ..ViewField::default()
    }
}

fn histogram() -> Histogram {
    let buckets = (0..72).map(|index: u64| {
        let ok = 60 + index * 37 % 41;
        let bad = if (58..63).contains(&index) { 40 + index % 7 * 18 } else { index % 3 };
        Bucket {
            start: Millis((NOW / (20 * MINUTE) - 71 + index as i64) * 20 * MINUTE),
            count: ok + 6 + 5 + bad,
            by: vec![ok, 6, 5, bad],
        }
    });
    let series = [("2xx", 5800), ("3xx", 432), ("4xx", 360), ("5xx", 500)];
    Histogram {
        interval: Interval::Fixed { millis: 20 * MINUTE },
        series: series.iter().map(|(label, count)| value(label, *count)).collect(),
        buckets: buckets.collect(),
    }
}

pub(super) fn app() -> App {
    let actions: Vec<&str> = crate::app::Action::ALL.iter().map(|action| action.name()).collect();
    let (keymap, _) = Keymap::load(None, &actions);
    let mut app = App::new(Arc::new(keymap), Zone::UTC);
    app.now = Millis(NOW);
    let range = TimeRange { from: Some(Millis(NOW - 1440 * MINUTE)), to: Some(Millis(NOW)) };
    app.range = range;
    app.asked.span = TimeSpec { from: Some("now-24h".into()), to: Some("now".into()) };
    app.asked.question.text = "http.response.status_code >= 500 and service.name: nginx".into();
    app.query.prompt = Prompt::of(&app.asked.question.text);
    let is = |field: &str, value: &str| {
        Filter::new(FilterKind::Is { field: field.into(), value: json!(value) })
    };
    let out = Filter { negate: true, ..is("app_module", "tasks") };
    let off = Filter { disabled: true, ..is("user_agent.name", "curl") };
    app.asked.question.filters = vec![is("stream", "app"), out, off];
    app.status = Arc::new(Status {
        generation: 1,
        view: Arc::new(DataView {
            id: String::new(),
            title: "access.log".into(),
            time_field_name: Some("@timestamp".into()),
            fields: vec![
                field("@timestamp", "date", "date"),
                field("http.response.status_code", "number", "long"),
                field("service.name", "string", "keyword"),
                field("url.path", "string", "keyword"),
                field("stream", "string", "keyword"),
                field("app_module", "string", "keyword"),
                field("source.ip", "ip", "ip"),
                field("message", "string", "text"),
            ],
        }),
        title: "logs-*-pt at prod".into(),
        formats: vec![FormatShare { name: "nginx access".into(), records: 98_000, failed: 211 }],
        bytes_total: Some(20_000_000),
        bytes_done: 20_000_000,
        records: 98_211,
        complete: true,
        first: range.from,
        last: range.to,
        ..Status::default()
    });
    app.total = Some(Total { hits: 1284, of: 98_211, without_time: 0 });
    app.total_complete = true;
    app.histogram.bars = Some(histogram());
    app.histogram.complete = true;
    app.histogram.by = Some(Breakdown::StatusClass { field: "http.response.status_code".into() });
    app.table.hits = (0..60).map(hit).collect();
    app.table.before = Some(0);
    app.table.answered = true;
    fields(&mut app);
    app
}

fn fields(app: &mut App) {
    let row = |name: &str, mark, open, selected| FieldRow::Field {
        name: name.into(),
        mark,
        open,
        selected,
    };
    let section = |section, count| FieldRow::Section { section, count, folded: false };
    let mut rows = vec![
        section(Section::Selected, 1),
        row("@timestamp", "d", false, true),
        section(Section::Popular, 3),
        row("http.response.status_code", "#", false, false),
        row("url.path", "k", false, false),
        row("stream", "k", true, false),
    ];
    rows.extend((0..4).map(|index| FieldRow::Value { field: "stream".into(), index }));
    rows.push(FieldRow::More { field: "stream".into() });
    rows.push(section(Section::Available, 3));
    rows.extend([
        row("app_module", "k", false, false),
        row("source.ip", "ip", false, false),
        row("message", "t", false, false),
    ]);
    app.fields.rows = rows;
    app.fields.open = true;
    app.fields.total = 42;
    app.fields.cursor = 7;
    let facet = Facet {
        field: "stream".into(),
        values: vec![
            value("app", 786),
            value("django", 308),
            value("server", 126),
            value("aws", 27),
        ],
        other: 37,
        missing: 0,
        distinct: 6,
        hits: 1284,
        error: 0,
        distinct_estimated: false,
    };
    let open = OpenFacet { facet: Some(facet), complete: true, size: 4, ..OpenFacet::default() };
    app.fields.facets.insert("stream".into(), open);
}

/// Opens a layer with something in it.
pub(super) fn open(app: &mut App, layer: Layer) {
    match layer {
        Layer::Query => {
            let item = |kind, text: &str, detail: &str| Suggestion {
                kind,
                text: text.into(),
                detail: detail.into(),
                ..Suggestion::default()
            };
            app.query.prompt = Prompt::of("http.response.status_code >= 500 and service.name: ");
            app.query.suggestions.items = vec![
                item(SuggestionKind::Value, "nginx", "1,201"),
                item(SuggestionKind::Value, "django", "83"),
                item(SuggestionKind::Operator, "(", "one of several"),
            ];
            app.query.suggestions.picked = Some(1);
            app.query.suggestions.span = 51..51;
        }
        Layer::Document | Layer::DocumentSearch => {
            let mut document = DocumentView::of(hit(1), true);
            document.rebuild(&|_| "k");
            document.cursor = 3;
            app.document = Some(document);
        }
        Layer::Surroundings => {
            app.surroundings = Some(Surroundings {
                of: hit(7),
                hits: (0..15).rev().map(hit).collect(),
                at: 7,
                cursor: 7,
                top: 0,
                before: 7,
                after: 7,
                at_start: false,
                at_end: true,
                error: None,
            });
        }
        Layer::Picker => {
            let item = |label: &str, key: &str| PickerItem {
                label: label.into(),
                detail: "what it does".into(),
                key: key.into(),
                on: label == "open",
            };
            let items =
                vec![item("open", "Enter"), item("toggle-follow", "F"), item("zoom-in", "z")];
            app.picker = Some(Picker::of(PickerKind::Palette, "Actions", items));
        }
        Layer::Ask => {
            app.ask = Some(Ask {
                kind: AskKind::SaveName,
                title: "Save the query as".into(),
                prompt: Prompt::of("slow requests"),
                error: Some("there is one of that name: Enter replaces it".into()),
            });
        }
        Layer::Help => {
            let rows: Vec<(String, String)> = app.hints().into_iter().chain(app.hints()).collect();
            let section = |title: &str| HelpSection { title: title.into(), rows: rows.clone() };
            app.help.sections = vec![section("Documents"), section("Everywhere"), section("Query")];
        }
        Layer::Reader => {
            let lines = (0..30).map(|line| format!("line {line} of \x07 a text")).collect();
            app.reader = Reader { title: "Notices".into(), lines, top: 0 };
        }
        Layer::Inspect => {
            app.inspect.calls = (0..12).map(call).collect();
            app.inspect.at = 10;
            app.inspect.lines = (0..90).map(|line| format!("  \"{line}\x07\": 漢字")).collect();
        }
        Layer::Find => app.find.prompt = Prompt::of("time(d )?out"),
        Layer::Pill => {
            app.pill_editor.field = Prompt::of("service.name");
            app.pill_editor.value = Prompt::of("nginx");
            app.pill_editor.fields = vec!["service.name".into(), "service.version".into()];
        }
        Layer::Time => {
            app.time.from = Prompt::of("now-24h");
            app.time.to = Prompt::of("now");
            app.time.amount = Prompt::of("15");
            app.time.preview = Some(app.range);
        }
        Layer::FieldSearch => app.fields.search = Prompt::of("sta"),
    }
    app.passing = Some(Passing { severity: None, text: "Copied 157 bytes".into() });
    app.focus.open(layer);
}
