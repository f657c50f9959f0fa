//! Fields and records: conflicts of types, limits, blocks, what could not be read.

use super::unanswered;
use crate::doctor::finding::Finding;
use crate::doctor::words::{count, first_few, grouped, share};
use crate::source::elastic::examine::{Data, Failures};

/// A share of failures from which something is wrong with the pipeline, in per cent.
const MANY: u64 = 5;

/// Fields that have several types, and the time field.
pub(super) fn conflicts(data: &Data) -> Finding {
    const CHECK: &str = "mapping";
    let fields = match &data.fields {
        Ok(fields) => fields,
        Err(error) => return unanswered(CHECK, error),
    };
    if fields.count == 0 {
        return Finding::skipped(CHECK, "there are no fields");
    }
    let is_date = fields.time.iter().any(|kind| kind.starts_with("date"));
    if !is_date {
        let what = match fields.time.first() {
            None => format!("there is no field {}", data.time_field),
            Some(kind) => format!("{} is of the type {kind}", data.time_field),
        };
        return Finding::problem(CHECK, what)
            .advise("map it as date in the template, or name another with --time-field");
    }
    if fields.conflicts.is_empty() {
        return Finding::ok(
            CHECK,
            format!("{}, none of two types", count(fields.count as u64, "field")),
        );
    }
    let line = |conflict: &crate::source::elastic::examine::fields::Conflict| {
        let types = conflict.types.iter().map(|(kind, indices)| match indices.as_slice() {
            [] => kind.clone(),
            names => format!("{kind} in {}", first_few(names.iter().map(String::as_str), 2)),
        });
        format!("{}: {}", conflict.field, types.collect::<Vec<_>>().join("; "))
    };
    let seen = match fields.conflicts.len() {
        1 => "a field has several types".to_owned(),
        number => format!("{number} fields have several types"),
    };
    Finding::warning(CHECK, seen).detail(fields.conflicts.iter().take(6).map(line)).advise(
        "queries and facets on them fail in some indices: set one type in the template; older \
         indices keep theirs until reindexed or deleted",
    )
}

/// The number of fields beside the limit of each index.
pub(super) fn field_limit(data: &Data) -> Finding {
    const CHECK: &str = "field limit";
    let (fields, settings) = match (&data.fields, &data.settings) {
        (Ok(fields), Ok(settings)) => (fields, settings),
        (Err(error), _) | (_, Err(error)) => return unanswered(CHECK, error),
    };
    let Some(tightest) = settings.iter().min_by_key(|index| index.field_limit) else {
        return Finding::skipped(CHECK, "there is no index");
    };
    let (number, limit) = (fields.count, tightest.field_limit);
    let seen = format!("{} of at most {} fields", grouped(number as u64), grouped(limit as u64));
    if number * 10 < limit * 9 {
        return Finding::ok(CHECK, seen);
    }
    Finding::warning(CHECK, format!("{seen} (over all indices; {} has the least)", tightest.index))
        .advise(
            "records with new fields will be refused: map open-ended objects as flattened, or \
             raise index.mapping.total_fields.limit",
        )
}

/// Indices that refuse records.
pub(super) fn blocks(data: &Data) -> Option<Finding> {
    const CHECK: &str = "blocks";
    let settings = data.settings.as_ref().ok()?;
    let is_full = |blocks: &[String]| blocks.iter().any(|block| block == "read_only_allow_delete");
    let full = settings.iter().filter(|index| is_full(&index.blocks));
    let full: Vec<&str> = full.map(|index| index.index.as_str()).collect();
    if full.is_empty() {
        return None;
    }
    let seen = format!("{} accept no records: a disk was full", first_few(full, 3));
    Some(Finding::problem(CHECK, seen).advise("free disk space, then:").run(format!(
        r#"PUT /{}/_settings {{"index.blocks.read_only_allow_delete":null}}"#,
        data.pattern
    )))
}

/// Records of the newest day that filters or the engine could not read as they should.
pub(super) fn failures(data: &Data) -> Vec<Finding> {
    const CHECK: &str = "parsing";
    let failures = match data.failures.as_ref() {
        None => return Vec::new(),
        Some(Err(error)) => return vec![unanswered(CHECK, error)],
        Some(Ok(failures)) => failures,
    };
    let of = failures.of;
    let lines: Vec<String> =
        failures.tags.iter().map(|(tag, number)| line(tag, *number, of)).collect();
    let worst = failures.tags.iter().filter(|(tag, _)| tag.contains("failure"));
    let worst = worst.map(|(_, number)| *number).max().unwrap_or(0);
    let mut findings = vec![if worst == 0 {
        let records = count(of, "record");
        Finding::ok(CHECK, format!("no failure in the {records} of the newest day")).detail(lines)
    } else {
        let seen =
            format!("{} of the newest day's records did not fit their pattern", share(worst, of));
        let finding = if worst * 100 >= of * MANY {
            Finding::warning(CHECK, seen)
        } else {
            Finding::ok(CHECK, seen)
        };
        let tag = failures.tags.iter().find(|(tag, _)| tag.contains("failure"));
        let tag = tag.map_or("_grokparsefailure", |(tag, _)| tag.as_str());
        finding
            .detail(lines)
            .advise("look at them and mend the grok pattern:")
            .run(format!("peavey query 'tags: {tag}' SOURCE"))
    }];
    findings.extend(ignored(failures));
    findings
}

fn line(tag: &str, number: u64, of: u64) -> String {
    format!("{tag}: {} ({})", count(number, "record"), share(number, of))
}

fn ignored(failures: &Failures) -> Option<Finding> {
    (failures.ignored > 0).then(|| {
        let part = share(failures.ignored, failures.of);
        let seen = format!("{part} of the newest day's records have a field that was left out");
        Finding::warning("ignored fields", seen).advise(
            "too long or not of its type: `peavey query '_ignored: *'` shows them; mend the \
             mapping or ignore_above",
        )
    })
}
