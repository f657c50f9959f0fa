//! Data views: what a pattern matches, which fields it has, and what each of them can be used for.

use std::sync::Arc;

use peavey::query::{Answer, Clause, Direction, FacetRequest, Page, PageRequest, Part, SortOrder};
use peavey::source::Source;
use peavey::source::elastic::{Connection, ElasticSource, Error};
use serde_json::{Value as Json, json};

use crate::support::engine::Engine;
use crate::{Asked, search};

/// Types that some engines have and others refuse, with a value, what Kibana calls them, and
/// whether values can be counted.
const TYPES: [(&str, &str, &str, &str); 24] = [
    ("keyword", "{}", r#""a""#, "string yes"),
    ("text", "{}", r#""some words""#, "string no"),
    ("match_only_text", "{}", r#""some words""#, "string no"),
    ("wildcard", "{}", r#""abc""#, "string"),
    ("constant_keyword", r#"{"value":"c"}"#, r#""c""#, "string yes"),
    ("version", "{}", r#""1.2.3""#, "string yes"),
    ("flattened", "{}", r#"{"x":"y"}"#, "object yes"),
    ("flat_object", "{}", r#"{"x":"y"}"#, "object"),
    ("long", "{}", "7", "number yes"),
    ("integer", "{}", "7", "number yes"),
    ("unsigned_long", "{}", "18446744073709551615", "number yes"),
    ("scaled_float", r#"{"scaling_factor":100}"#, "1.25", "number yes"),
    ("half_float", "{}", "1.5", "number yes"),
    ("double", "{}", "1.5", "number yes"),
    ("date", "{}", r#""2025-11-24T00:00:00.000Z""#, "date yes"),
    ("date_nanos", "{}", r#""2025-11-24T00:00:00.123456789Z""#, "date yes"),
    ("boolean", "{}", "true", "boolean yes"),
    ("ip", "{}", r#""2001:db8::1""#, "ip yes"),
    ("geo_point", "{}", r#"{"lat":1.5,"lon":2.5}"#, "geo_point"),
    ("binary", "{}", r#""aGVsbG8=""#, "attachment no"),
    ("integer_range", "{}", r#"{"gte":1,"lte":3}"#, "number_range"),
    ("ip_range", "{}", r#""10.0.0.0/8""#, "ip_range"),
    ("token_count", r#"{"analyzer":"standard"}"#, r#""two words""#, "number yes"),
    ("nested", "{}", r#"[{"x":"y"}]"#, "nested no"),
];

fn connect(engine: &Engine, pattern: &str, time_field: Option<&str>) -> Result<Asked, Error> {
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let connection = Connection::to(&engine.url);
    let source = runtime.block_on(ElasticSource::connect(&connection, pattern, time_field))?;
    Ok(Asked { runtime, source })
}

fn opened(engine: &Engine, pattern: &str) -> Asked {
    connect(engine, pattern, None)
        .unwrap_or_else(|error| panic!("{} {pattern}: {error}", engine.name))
}

fn refused(engine: &Engine, pattern: &str, time_field: Option<&str>) -> String {
    match connect(engine, pattern, time_field) {
        Ok(_) => panic!("{} {pattern} was opened", engine.name),
        Err(error) => error.sentence(),
    }
}

fn records(asked: &Asked) -> u64 {
    asked.source.status().borrow().records
}

fn notices(asked: &Asked) -> String {
    let status = asked.source.status();
    let said: Vec<String> =
        status.borrow().notices.iter().map(|notice| notice.message.clone()).collect();
    said.join("\n")
}

fn rows(asked: &Asked, sort: &str, fields: &[&str]) -> Result<Page, String> {
    let mut search = search(Clause::MatchAll, SortOrder::Ascending);
    sort.clone_into(&mut search.sort.field);
    let fields = fields.iter().map(|field| (*field).to_owned()).collect();
    let page = PageRequest {
        anchor: None,
        inclusive: false,
        direction: Direction::After,
        count: 50,
        fields,
    };
    match asked.ask(&search, Part::Page(page)).answer {
        Answer::Page(page) => Ok(page),
        Answer::Failed(reason) => Err(reason),
        other => panic!("{other:?}"),
    }
}

fn facet(asked: &Asked, field: &str) -> (u64, Vec<(String, u64)>) {
    let search = search(Clause::MatchAll, SortOrder::Ascending);
    let request = FacetRequest { field: field.to_owned(), size: 10 };
    match asked.ask(&search, Part::Facet(request)).answer {
        Answer::Facet(facet) => {
            let values = facet.values.into_iter().map(|value| (value.label, value.count));
            (facet.missing, values.collect())
        }
        other => panic!("{field}: {other:?}"),
    }
}

/// Every type of field that the engine knows can be shown, and counted or said not to be.
pub(super) fn every_type_of_field_is_read_and_used(engine: &Engine) {
    let name = engine.name;
    let index = "types-1";
    let mapping = json!({"mappings": {"properties": {"@timestamp": {"type": "date"}}}});
    engine.ok("PUT", &format!("/{index}"), &mapping.to_string());
    let mut document = json!({"@timestamp": "2025-11-24T10:00:00.000Z"});
    let mut known = Vec::new();
    for (kind, parameters, value, expected) in TYPES {
        let mut properties: Json = serde_json::from_str(parameters).unwrap();
        properties["type"] = json!(kind);
        let field = format!("f_{kind}");
        let body = json!({"properties": {&field: properties}}).to_string();
        let (status, _) = engine.request("PUT", &format!("/{index}/_mapping"), &body);
        if status == 200 {
            document[&field] = serde_json::from_str(value).unwrap();
            known.push((field, expected));
        }
    }
    assert!(known.len() >= 15, "{name} knows {known:?}");
    engine.ok("PUT", &format!("/{index}/_doc/1?refresh=true"), &document.to_string());
    let asked = opened(engine, index);
    let view = Arc::clone(&asked.source.status().borrow().view);
    for (field, expected) in &known {
        let (kind, countable) = expected.split_once(' ').unwrap_or((expected, ""));
        let found = view.field(field).unwrap_or_else(|| panic!("{name}: no {field}"));
        assert_eq!(found.kind, kind, "{name} {field}");
        if !countable.is_empty() {
            assert_eq!(found.aggregatable, countable == "yes", "{name} {field}");
        }
        if kind != "nested" && kind != "object" && !kind.contains("range") {
            let (missing, values) = facet(&asked, field);
            // What an engine takes for a geo point or a range as a whole differs.
            let is_plain = ["string", "number", "date", "boolean", "ip"].contains(&kind);
            assert!(
                !is_plain || (missing == 0 && !values.is_empty()),
                "{name} {field}: {values:?}"
            );
        }
    }
    let names: Vec<&str> = known.iter().map(|(field, _)| field.as_str()).collect();
    for columns in [&[][..], &names[..]] {
        assert_eq!(
            rows(&asked, "@timestamp", columns).map(|page| page.hits.len()),
            Ok(1),
            "{name}"
        );
    }
    let raw = rows(&asked, "@timestamp", &[]).unwrap().hits[0].raw.clone().unwrap();
    assert_eq!(String::from_utf8_lossy(&raw), document.to_string(), "{name}: the exact document");
}

/// One field of many types: marked, searched, shown, counted from the rows in view; not sorted by.
pub(super) fn a_field_of_many_types_is_marked_and_used(engine: &Engine) {
    let name = engine.name;
    let kinds = [
        "keyword",
        "text",
        "long",
        "double",
        "date",
        "boolean",
        "ip",
        "byte",
        "short",
        "integer",
        "float",
        "half_float",
        "date_nanos",
        "geo_point",
        "binary",
        "object",
        "nested",
        "token_count",
        "scaled_float",
        "unsigned_long",
        "wildcard",
        "version",
    ];
    let mut made = 0;
    for kind in kinds {
        let field = match kind {
            "token_count" => json!({"type": kind, "analyzer": "standard"}),
            "scaled_float" => json!({"type": kind, "scaling_factor": 10}),
            _ => json!({ "type": kind }),
        };
        let mapping =
            json!({"mappings": {"properties": {"@timestamp": {"type": "date"}, "code": field}}});
        let index = format!("mixed-{}", kind.replace('_', "-"));
        let (status, _) = engine.request("PUT", &format!("/{index}"), &mapping.to_string());
        made += usize::from(status == 200);
    }
    assert!(made >= 15, "{name}");
    for (index, code) in
        [("mixed-long", json!(404)), ("mixed-keyword", json!("404")), ("mixed-text", json!("404"))]
    {
        let document = json!({"@timestamp": "2025-11-24T10:00:00.000Z", "code": code});
        engine.ok("PUT", &format!("/{index}/_doc/1?refresh=true"), &document.to_string());
    }
    let asked = opened(engine, "mixed-*");
    let status = asked.source.status();
    let view = Arc::clone(&status.borrow().view);
    let code = view.field("code").unwrap();
    assert_eq!(
        (code.kind.as_str(), code.es_types.len() >= 12, code.aggregatable),
        ("conflict", true, false),
        "{name}"
    );
    assert_eq!(code.conflict_descriptions["long"], ["mixed-long"], "{name}");
    assert!(code.searchable, "{name}");
    let search = search(
        Clause::Match { field: "code".to_owned(), value: json!("404") },
        SortOrder::Ascending,
    );
    let answer = asked.ask(&search, Part::Total).answer;
    assert!(matches!(answer, Answer::Total(total) if total.hits == 3), "{name}: {answer:?}");
    assert_eq!(facet(&asked, "code"), (0, vec![("404".to_owned(), 3)]), "{name}");
    let said = rows(&asked, "code", &[]).unwrap_err();
    assert!(said.contains("different types in different indices"), "{name}: {said}");
    // A field that some indices lack sorts all the same.
    let asked = opened(engine, "mixed-long,mixed-keyword");
    assert_eq!(rows(&asked, "@timestamp", &["code"]).unwrap().hits.len(), 2, "{name}");
}

/// Stars, commas, exclusions, aliases, date math, odd names; what is closed or has no fields.
pub(super) fn patterns_match_what_they_should(engine: &Engine) {
    let name = engine.name;
    let mapping = r#"{"mappings":{"properties":{"@timestamp":{"type":"date"},"n":{"type":"long"},"lone":{"type":"keyword"}}}}"#;
    let today = chrono::Utc::now().format("%Y.%m.%d");
    let odd = "pat-über-'q'-$1";
    let document = vec![r#"{"@timestamp":"2025-11-24T10:00:00Z","n":1}"#.to_owned()];
    for index in ["pat-a", "pat-b", "pat-closed", odd, &format!("pat-{today}")] {
        let path = index.replace('ü', "%C3%BC").replace('\'', "%27").replace('$', "%24");
        engine.fill(&path, mapping, &document);
    }
    engine.ok("PUT", "/pat-a/_alias/pats", "");
    engine.ok("POST", "/pat-closed/_close", "");
    for (pattern, count) in [
        ("pat-a", 1),
        ("pat-*", 4),
        ("pat-a,pat-b", 2),
        ("pat-*,-pat-b", 3),
        ("pats", 1),
        ("<pat-{now/d}>", 1),
        (odd, 1),
        ("pat-a,no-such-index", 1),
    ] {
        assert_eq!(records(&opened(engine, pattern)), count, "{name} {pattern}");
    }
    let said = notices(&opened(engine, "pat-*"));
    assert_eq!(
        said, "1 index is closed and is left out; POST /pat-closed/_open opens it",
        "{name}"
    );
    let said = refused(engine, "pat-closed", None);
    assert!(
        said.contains("is closed") && said.contains("POST /pat-closed/_open"),
        "{name}: {said}"
    );
    let said = refused(engine, "pat-aa*", None);
    assert!(said.contains("no index matches `pat-aa*`; did you mean `pat-a`?"), "{name}: {said}");
    for wrong in ["nothing-*", "\"quoted\"", "<pat-{now/d", "a b", "#x", "_all-of-it", "UPPER"] {
        let said = refused(engine, wrong, None);
        assert!(!said.is_empty() && !said.contains("HTTP status"), "{name} {wrong}: {said}");
    }
}

/// The time field: named, usual, the only one, to be chosen, or none at all.
pub(super) fn the_time_field_is_found_or_left_out(engine: &Engine) {
    let name = engine.name;
    let index = |name: &str, fields: &str| {
        let mapping =
            format!(r#"{{"mappings":{{"properties":{{"n":{{"type":"long"}}{fields}}}}}}}"#);
        let document = |n: u32| {
            format!(
                r#"{{"n":{n},"when":"2025-11-24T10:00:0{n}Z","born":"2001-01-0{}T00:00:00Z"}}"#,
                9 - n
            )
        };
        engine.fill(name, &mapping, &(1..=5).map(document).collect::<Vec<_>>());
    };
    index("time-one", r#","when":{"type":"date"},"born":{"type":"keyword"}"#);
    index("time-two", r#","when":{"type":"date"},"born":{"type":"date"}"#);
    index("time-none", r#","when":{"type":"keyword"},"born":{"type":"keyword"}"#);
    let check = |pattern: &str, named: Option<&str>, expected: Option<&str>, candidates: usize| {
        let asked = connect(engine, pattern, named).unwrap();
        let status = asked.source.status().borrow().clone();
        assert_eq!(status.view.time_field_name.as_deref(), expected, "{name} {pattern} {named:?}");
        assert_eq!(status.time_candidates.len(), candidates, "{name} {pattern}");
        asked
    };
    check("time-one", None, Some("when"), 0);
    check("time-two", None, None, 2);
    check("time-two", Some("born"), Some("born"), 0);
    check("time-two", Some("-"), None, 0);
    let without = check("time-none", None, None, 0);
    assert_eq!(rows(&without, "@timestamp", &[]).map(|page| page.hits.len()), Ok(5), "{name}");
    let page = rows(&without, "n", &["n"]).unwrap();
    assert!(page.hits.iter().map(crate::number).eq(1..=5), "{name}");
    // Page by page, each once, without any time to order by.
    let everything = search(Clause::MatchAll, SortOrder::Descending);
    let (mut seen, mut anchor) = (Vec::new(), None);
    loop {
        let page = without.page(&everything, anchor, Direction::After, 2);
        seen.extend(page.hits.iter().map(crate::number));
        if page.at_end {
            break;
        }
        anchor = page.hits.last().map(|hit| hit.cursor.clone());
    }
    seen.sort_unstable();
    assert_eq!(seen, [1, 2, 3, 4, 5], "{name}");
    let said = refused(engine, "time-two", Some("brn"));
    assert!(said.contains("did you mean `born`?"), "{name}: {said}");
    let said = refused(engine, "time-two", Some("n"));
    assert!(said.contains("`n` is no date field of `time-two` but long"), "{name}: {said}");
    let said = refused(engine, "time-none", Some("when"));
    assert!(said.contains("no date field at all"), "{name}: {said}");
}

/// An index that keeps no documents shows what is indexed of them; what is not indexed is told of.
pub(super) fn what_is_not_kept_or_not_indexed_is_said(engine: &Engine) {
    let name = engine.name;
    let mapping = r#"{"mappings":{"_source":{"enabled":false},"properties":{"@timestamp":{"type":"date"},"k":{"type":"keyword"},
        "t":{"type":"text"},"dark":{"type":"keyword","index":false,"doc_values":false}}}}"#;
    engine.fill(
        "bare-1",
        mapping,
        &[r#"{"@timestamp":"2025-11-24T10:00:00Z","k":"v","t":"words","dark":"x"}"#.to_owned()],
    );
    let asked = opened(engine, "bare-1");
    assert!(notices(&asked).contains("bare-1 keeps no documents"), "{name}: {}", notices(&asked));
    for columns in [&[][..], &["k", "t"][..]] {
        let page =
            rows(&asked, "@timestamp", columns).unwrap_or_else(|said| panic!("{name}: {said}"));
        let hit = &page.hits[0];
        assert_eq!(hit.document.first("k"), Some(json!("v")), "{name}");
        assert_eq!(
            hit.time.map(|at| at.to_string()).as_deref(),
            Some("2025-11-24T10:00:00.000Z"),
            "{name}"
        );
    }
    let dark = search(Clause::Exists { field: "dark".to_owned() }, SortOrder::Ascending);
    let update = asked.ask(&dark, Part::Total);
    let said: Vec<String> = update.warnings.into_iter().map(|warning| warning.message).collect();
    assert!(said.concat().contains("dark is not indexed"), "{name}: {said:?}");
    let said = rows(&asked, "dark", &[]).unwrap_err();
    assert!(said.contains("keeps no order of its values"), "{name}: {said}");
}
