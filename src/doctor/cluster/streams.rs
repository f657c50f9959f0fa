//! What the pattern matches, the template behind it, the newest record of each stream, retention.

use super::health::is_future;
use super::{View, unanswered};
use crate::doctor::finding::{Finding, Grade};
use crate::doctor::words::{ago, count, first_few, length, seconds};
use crate::source::elastic::examine::{Asked, Data, Newest, Retention, Template};
use crate::time::Millis;

/// What the pattern matches.
pub(super) fn matches(data: &Data) -> Finding {
    const CHECK: &str = "data view";
    let pattern = &data.pattern;
    let catalog = match &data.catalog {
        Ok(catalog) => catalog,
        Err(error) => return unanswered(CHECK, error),
    };
    if catalog.is_empty() {
        return Finding::problem(CHECK, format!("{pattern} matches no index, stream or alias"))
            .advise(
                "check the pattern; if it is right, nothing was ever sent: do Filebeat and \
                 Logstash run (--logstash HOST)?",
            );
    }
    let mut parts = Vec::new();
    for (number, what) in [
        (catalog.streams.len(), "data stream"),
        (catalog.indices.len(), "open index"),
        (catalog.aliases.len(), "alias"),
        (catalog.closed.len(), "closed index"),
    ] {
        match (number, what) {
            (0, _) => {}
            (1, what) => parts.push(format!("1 {what}")),
            (number, "alias") => parts.push(format!("{number} aliases")),
            (number, "data stream") => parts.push(format!("{number} data streams")),
            (number, what) => parts.push(format!("{number} {}", what.replace("index", "indices"))),
        }
    }
    let seen = format!("{pattern} matches {}", parts.join(", "));
    let names = first_few(catalog.readable(), 6);
    if catalog.readable().is_empty() {
        return Finding::problem(CHECK, seen).advise("open one: POST /NAME/_open");
    }
    let finding = Finding::ok(CHECK, seen).detail([names]);
    if catalog.closed.is_empty() {
        return finding;
    }
    let closed = first_few(catalog.closed.iter().map(String::as_str), 4);
    Finding { grade: Grade::Warning, ..finding }
        .advise(format!("closed indices answer nothing; open them if wanted: {closed}"))
}

/// The template that new streams of this pattern get.
pub(super) fn template(data: &Data, templates: &Asked<Vec<Template>>) -> Finding {
    const CHECK: &str = "template";
    let templates = match templates {
        Ok(templates) => templates,
        Err(error) => return unanswered(CHECK, error),
    };
    let streams = data.catalog.as_ref().map_or(0, |catalog| catalog.streams.len());
    let own = data.pattern.split(',').find(|name| !name.starts_with('-')).unwrap_or_default();
    let sample = own.replace('*', "peavey");
    let winner = |name: &str| {
        let fitting = templates.iter().filter(|template| template.fits(name));
        fitting.max_by_key(|template| template.priority)
    };
    // The pattern itself may be wider than a template: then one of its streams tells.
    let first = data.catalog.as_ref().ok().and_then(|catalog| catalog.streams.first());
    let found = winner(own).or_else(|| winner(&sample)).or_else(|| winner(&first?.name));
    let Some(found) = found else {
        return Finding::warning(CHECK, format!("no index template is for {own}")).advise(
            "new indices guess their types: make one with `peavey setup template`, or \
             `peavey setup parcel-tracking`",
        );
    };
    let title =
        format!("{} ({}), priority {}", found.name, found.patterns.join(", "), found.priority);
    let plain = data.catalog.iter().flat_map(|catalog| &catalog.indices);
    let plain: Vec<&str> = plain.map(String::as_str).filter(|name| found.fits(name)).collect();
    if found.makes_streams && !plain.is_empty() {
        let names = first_few(plain, 4);
        return Finding::warning(CHECK, format!("{title}, makes data streams"))
            .detail([format!("plain indices all the same: {names}")])
            .advise(
                "they were made before it; delete or rename them, and streams take their place",
            );
    }
    if found.makes_streams {
        return Finding::ok(CHECK, format!("{title}, makes data streams"));
    }
    if streams == 0 {
        return Finding::ok(CHECK, format!("{title}, makes plain indices"))
            .advise(r#"for data streams it needs "data_stream": {}"#);
    }
    Finding::problem(CHECK, format!("{title}, has no \"data_stream\": {{}}"))
        .advise("the next new stream would be a plain index; add \"data_stream\": {} to it")
        .run(format!("GET /_index_template/{}", found.name))
}

/// The newest record of each stream, and how long ago that is.
pub(super) fn newest(data: &Data, now: Millis, view: &View) -> Finding {
    const CHECK: &str = "newest record";
    let known: Vec<&Newest> = data.newest.iter().filter_map(|asked| asked.as_ref().ok()).collect();
    if known.is_empty() {
        return match data.newest.iter().find_map(|asked| asked.as_ref().err()) {
            Some(error) => unanswered(CHECK, error),
            None => Finding::skipped(CHECK, "there is no stream or index to look into"),
        };
    }
    let line = |newest: &Newest| match newest.at {
        None => format!("{}: no record with {}", newest.name, data.time_field),
        Some(at) if is_future(at, now) => {
            format!("{}: {} from now, {}", newest.name, length(at.0 - now.0), shown(at, view))
        }
        Some(at) => {
            format!("{}: {}, {}", newest.name, ago(now.0 - at.0), shown(at, view))
        }
    };
    let mut lines: Vec<String> = known.iter().map(|newest| line(newest)).collect();
    if data.unasked > 0 {
        lines.push(format!("and {} that were not looked into", count(data.unasked as u64, "more")));
    }
    let Some(last) = known.iter().filter_map(|newest| newest.at).max() else {
        return Finding::problem(CHECK, format!("there is no record with {}", data.time_field)).detail(lines).advise(
            "is Filebeat sending, and does the pipeline set @timestamp? (--logstash HOST looks there)",
        );
    };
    let future =
        known.iter().filter(|newest| newest.at.is_some_and(|at| is_future(at, now))).count();
    if future > 0 {
        return Finding::warning(
            CHECK,
            format!("records of {} lie in the future", streams(future)),
        )
        .detail(lines)
        .advise("a clock or a time zone is wrong there: look at the date filter's timezone");
    }
    if now.0 - last.0 > view.late {
        let since = shown(last, view);
        return Finding::warning(CHECK, format!("nothing since {since}: is Filebeat sending?"))
            .detail(lines)
            .advise(
                "look at Filebeat's log and at Logstash (--logstash HOST); --late says how old \
                 is too old",
            );
    }
    let late = known.iter().filter(|newest| newest.at.is_none_or(|at| now.0 - at.0 > view.late));
    match late.count() {
        0 => Finding::ok(CHECK, ago(now.0 - last.0)).detail(lines),
        late => {
            let limit = length(view.late);
            let all = known.len();
            Finding::warning(CHECK, format!("{late} of {all} streams got nothing for {limit}"))
                .detail(lines)
                .advise("quiet, or is a Filebeat input missing? --late says how old is too old")
        }
    }
}

fn streams(number: usize) -> String {
    count(number as u64, "stream")
}

fn shown(at: Millis, view: &View) -> String {
    seconds(at, view.zone)
}

/// How long records are kept.
pub(super) fn retention(data: &Data) -> Finding {
    const CHECK: &str = "retention";
    let all = match &data.retention {
        Ok(all) => all,
        Err(error) => return unanswered(CHECK, error),
    };
    if all.is_empty() {
        return Finding::skipped(CHECK, "this cluster does not tell");
    }
    let without: Vec<&str> =
        all.iter().filter(|one| one.kept.is_none()).map(|one| one.name.as_str()).collect();
    let mut kept: Vec<&str> =
        all.iter().filter_map(|one: &Retention| one.kept.as_deref()).collect();
    kept.sort_unstable();
    kept.dedup();
    if without.is_empty() {
        return Finding::ok(CHECK, first_few(kept, 3));
    }
    let seen = format!("{} of {} are kept for ever", without.len(), all.len());
    Finding::warning(CHECK, seen)
        .detail([first_few(without, 6)])
        .advise("disks fill up: give the template a lifecycle (data_retention, ILM or ISM)")
}
