//! Saved queries: files in and out, places and names.

use proptest::prelude::*;
use serde_json::json;

use super::{FilterTest, Library, Origin, SavedBreakdown, SavedFilter, SavedLanguage, SavedQuery};
use crate::config::Paths;
use crate::query::{Breakdown, Sort, SortOrder};

fn findings(text: &str) -> Vec<String> {
    let (_, findings) = SavedQuery::parse("q.toml", text);
    findings.iter().map(ToString::to_string).collect()
}

#[test]
fn a_whole_file_is_read() {
    let text = r#"
name = "slow"
description = "What takes long."
query = "url.path: *"
from = "now-1d"
columns = ["url.path", "bytes"]
sort = "event.duration:desc"
breakdown = { values = "service.name", top = 5 }
[[filters]]
field = "stream"
is = "app"
[[filters]]
field = "status"
is_one_of = [404, 500]
negate = true
[[filters]]
contains = "timeout"
disabled = true
[[filters]]
field = "bytes"
from = 10
to = 2.5
label = "sizes"
[[filters]]
dsl = '{"match_all":{}}'
"#;
    let (saved, found) = SavedQuery::parse("q.toml", text);
    assert_eq!(found, []);
    assert_eq!(
        saved.sort,
        Some(Sort { field: "event.duration".into(), order: SortOrder::Descending })
    );
    assert_eq!(
        saved.breakdown,
        SavedBreakdown::By(Breakdown::Values { field: "service.name".into(), top: 5 })
    );
    let tests: Vec<&FilterTest> = saved.filters.iter().map(|filter| &filter.test).collect();
    assert_eq!(
        tests,
        [
            &FilterTest::Is(json!("app")),
            &FilterTest::IsOneOf(vec![json!(404), json!(500)]),
            &FilterTest::Contains("timeout".into()),
            &FilterTest::Between { from: Some(json!(10)), to: Some(json!(2.5)) },
            &FilterTest::Dsl(json!({"match_all": {}})),
        ]
    );
    assert!(saved.filters[1].negate && saved.filters[2].disabled);
    assert_eq!(saved.filters[3].label.as_deref(), Some("sizes"));
}

#[test]
fn mistakes_are_reported_and_the_rest_is_kept() {
    assert_eq!(
        findings(
            "query = 'a'\ncolumn = ['b']\nsort = 'x:up'\nlanguage = 'sql'\n[[filters]]\nis = 3\n"
        ),
        [
            "q.toml:2: unknown key `column` (did you mean `columns`?)",
            "q.toml:3: `sort` should be \"FIELD:asc\" or \"FIELD:desc\"",
            "q.toml:4: `language` should be \"kql\" or \"lucene\"",
            "q.toml:5: a filter needs `field` and one of `is`, `is_one_of`, `exists`, `from`, `to`; or `contains`; or `dsl`",
        ]
    );
    let (saved, _) = SavedQuery::parse("/home/me/my query.toml", "query = 'a'");
    assert_eq!(saved.name, "my query");
}

#[test]
fn shipped_queries_are_whole_and_named_once() {
    let nowhere = tempfile::tempdir().unwrap();
    let (library, found) = Library::load(None, nowhere.path(), &[]);
    assert_eq!(found, []);
    assert_eq!(library.entries().len(), 13);
    for entry in library.entries() {
        assert!(!entry.query.description.is_empty(), "{}", entry.query.name);
        let parsed = crate::query::kql::parse(&entry.query.query);
        assert!(parsed.is_ok(), "{}: {:?}", entry.query.name, parsed.err().map(|e| e.to_string()));
    }
}

#[test]
fn queries_are_saved_found_replaced_and_deleted() {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths {
        config: home.path().join("config"),
        state: home.path().join("state"),
        cache: home.path().join("cache"),
    };
    let (mut library, _) = Library::load(Some(&paths), home.path(), &[]);
    let query =
        SavedQuery { name: "My Errors!".into(), query: "a: 1".into(), ..SavedQuery::default() };
    let path = library.save(query.clone()).unwrap();
    assert_eq!(path, paths.queries().join("my-errors.toml"));
    let changed = SavedQuery { query: "b: 2".into(), ..query };
    assert_eq!(library.save(changed.clone()).unwrap(), path);
    let other = SavedQuery { name: "my errors".into(), ..SavedQuery::default() };
    assert_eq!(library.save(other).unwrap(), paths.queries().join("my-errors-2.toml"));

    let (mut library, found) = Library::load(Some(&paths), home.path(), &[]);
    assert_eq!(found, []);
    assert_eq!(library.find("MY ERRORS!").unwrap().query, changed);
    assert_eq!(library.find("nginx-5xx").unwrap().origin, Origin::Shipped);
    library.delete("my errors!").unwrap();
    assert!(!path.exists());
    let error = library.delete("nginx 5xx").unwrap_err();
    assert_eq!(error.message, "`nginx 5xx` is part of Peavey");
    let error = library.find("ngnix 5xx").unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean `nginx 5xx`?"));
}

#[test]
fn nearer_places_win() {
    let home = tempfile::tempdir().unwrap();
    let team = home.path().join("work/.peavey/queries");
    let named = home.path().join("named");
    for (folder, query) in [(&team, "team"), (&named, "named")] {
        std::fs::create_dir_all(folder).unwrap();
        let text = format!("name = 'sudo'\nquery = '{query}'\n");
        std::fs::write(folder.join("sudo.toml"), text).unwrap();
        std::fs::write(folder.join("note.txt"), "no query").unwrap();
    }
    let start = home.path().join("work/src");
    std::fs::create_dir_all(&start).unwrap();
    let query = |named: &[std::path::PathBuf]| {
        Library::load(None, &start, named).0.find("sudo").unwrap().query.query.clone()
    };
    assert_eq!(query(&[]), "team");
    assert_eq!(query(&[named]), "named");
    let (_, found) = Library::load(None, &start, &[home.path().join("missing")]);
    assert_eq!(found.len(), 1);
}

fn scalar() -> impl Strategy<Value = serde_json::Value> {
    prop_oneof![
        any::<String>().prop_map(|text| json!(text)),
        any::<i64>().prop_map(|number| json!(number)),
        any::<bool>().prop_map(|flag| json!(flag)),
        (-1e9..1e9_f64).prop_map(|number| json!(number)),
    ]
}

fn filter() -> impl Strategy<Value = SavedFilter> {
    let test = prop_oneof![
        scalar().prop_map(FilterTest::Is),
        proptest::collection::vec(scalar(), 0..4).prop_map(FilterTest::IsOneOf),
        Just(FilterTest::Exists),
        (scalar(), proptest::option::of(scalar()))
            .prop_map(|(from, to)| FilterTest::Between { from: Some(from), to }),
        any::<String>().prop_map(FilterTest::Contains),
        any::<String>().prop_map(|text| FilterTest::Dsl(json!({"match": {"a": text}}))),
    ];
    let label = proptest::option::of(any::<String>());
    (test, "[a-z.@]{1,12}", any::<bool>(), any::<bool>(), label).prop_map(
        |(test, field, negate, disabled, label)| {
            let whole = matches!(test, FilterTest::Contains(_) | FilterTest::Dsl(_));
            let field = if whole { String::new() } else { field };
            SavedFilter { field, test, negate, disabled, label }
        },
    )
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        name: String,
        query: String,
        filters in proptest::collection::vec(filter(), 0..4),
        columns in proptest::collection::vec(any::<String>(), 0..4),
        from in proptest::option::of(any::<String>()),
        lucene: bool,
        breakdown in 0..5_usize,
    ) {
        let by = |by| SavedBreakdown::By(by);
        let saved = SavedQuery {
            name,
            description: String::new(),
            language: if lucene { SavedLanguage::Lucene } else { SavedLanguage::Kql },
            query,
            filters,
            from,
            to: None,
            columns,
            sort: Some(Sort { field: "a:b".into(), order: SortOrder::Descending }),
            breakdown: match breakdown {
                0 => SavedBreakdown::Auto,
                1 => SavedBreakdown::None,
                2 => by(Breakdown::Level { field: "l".into() }),
                3 => by(Breakdown::StatusClass { field: "s".into() }),
                _ => by(Breakdown::Values { field: "v".into(), top: 7 }),
            },
        };
        let (read, findings) = SavedQuery::parse("x.toml", &saved.to_toml());
        prop_assert!(findings.is_empty(), "{findings:?}\n{}", saved.to_toml());
        prop_assert_eq!(read, saved);
    }

    #[test]
    fn file_names_are_plain(name: String) {
        let file = SavedQuery { name, ..SavedQuery::default() }.file_name();
        let stem = file.strip_suffix(".toml");
        prop_assert!(stem.is_some_and(|stem| !stem.is_empty() && !stem.contains(['/', '.'])));
    }
}
