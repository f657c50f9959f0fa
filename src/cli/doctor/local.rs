//! Facts about local logs: each log's newest file is read once, up to a limit.

use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Desk, Section, now};
use crate::cli::open::{self, Opening};
use crate::doctor::Finding;
use crate::doctor::local::{LEAP, Leap, Log, judge};
use crate::ingest::{self, Discovered, LogSet, SourceArg};
use crate::query::{Clause, Hit, Search, Sort, SortOrder};
use crate::source::local::Options;
use crate::source::local::scan::{Opened, RowOptions};
use crate::time::{Millis, TimeRange, Zone};

/// The most records of a log that are looked at.
const MOST: u64 = 1_000_000;
/// Misfits that are shown, and how much of each.
const EXAMPLES: usize = 3;
const SHOWN: usize = 160;

/// Examines local sources, a section for each log.
///
/// # Errors
/// A text for the user about a wrong option or source.
pub(super) fn examine(opening: &Opening<'_>, desk: &Desk<'_>) -> Result<Vec<Section>, String> {
    let options = open::local_options(opening)?;
    let wanted: Result<Vec<SourceArg>, _> =
        opening.sources.iter().map(|text| SourceArg::parse(text)).collect();
    let wanted = wanted.map_err(|wrong| wrong.to_string())?;
    let found = ingest::discover(&wanted, &ingest::discover::Options::default());
    let mut sections = Vec::new();
    let mut findings: Vec<Finding> = found
        .problems
        .iter()
        .map(|wrong| {
            let finding = Finding::problem("readable", wrong.message.clone());
            match &wrong.hint {
                Some(hint) => finding.advise(hint.clone()),
                None => finding,
            }
        })
        .collect();
    if let Some((summary, lines)) = found.summary() {
        findings.push(Finding::ok("left out", summary).detail(lines.into_iter().take(6)));
    } else if found.sets.is_empty() && findings.is_empty() {
        findings.push(Finding::problem("readable", "there is no log in it"));
    }
    if !findings.is_empty() {
        sections.push(Section { title: opening.sources.join(" "), findings });
    }
    for set in &found.sets {
        sections.push(section(set, &options, desk));
    }
    Ok(sections)
}

fn section(set: &LogSet, options: &Options, desk: &Desk<'_>) -> Section {
    let title = match set.members.len() {
        1 => set.name.to_string(),
        files => format!("{} (the newest of {files} files)", set.name),
    };
    let (opened, notices) = open_newest(set, options);
    if opened.is_empty() {
        let finding = |notice: &String| Finding::problem("readable", notice.clone());
        return Section { title, findings: notices.iter().map(finding).collect() };
    }
    let log = look(set, &opened, options);
    let mut findings = judge(&log, now(), desk.zone);
    findings.extend(notices.iter().map(|notice| Finding::warning("readable", notice.clone())));
    Section { title, findings }
}

/// Opens the newest file of a log; tells what went wrong.
fn open_newest(set: &LogSet, options: &Options) -> (Opened, Vec<String>) {
    let newest = set.members.last().cloned().into_iter().collect();
    let alone = LogSet { members: newest, ..set.clone() };
    let discovered = Discovered { sets: vec![alone], ..Discovered::default() };
    let opened = Opened::open(&discovered, options.clone());
    let said = |notice: &crate::source::Notice| {
        std::iter::once(notice.message.clone())
            .chain(notice.details.iter().cloned())
            .collect::<Vec<_>>()
            .join(": ")
    };
    let notices = opened.notices().iter().map(said).collect();
    (opened, notices)
}

fn everything() -> Search {
    Search {
        clause: Arc::new(Clause::MatchAll),
        range: TimeRange::ALL,
        sort: Sort { field: "@timestamp".to_owned(), order: SortOrder::Ascending },
        zone: Zone::UTC,
        unlowered: None,
    }
}

/// Reads a log.
fn look(set: &LogSet, opened: &Opened, options: &Options) -> Log {
    let member = set.members.last();
    let format = opened.formats().first();
    let explanation = format.map(|format| format.explanation());
    let taken = explanation.map_or(0, |told| told.lines - told.unmatched.min(told.lines));
    let others = explanation.into_iter().flat_map(|told| &told.tried);
    let main = explanation.and_then(|told| told.chosen.first()).map(|(title, _)| title.clone());
    let others = others.filter(|tried| tried.fits > 0 && Some(&tried.title) != main.as_ref());
    let others = others.map(|tried| (tried.name.clone(), tried.fits, tried.of)).collect();
    let mut seen = Seen::default();
    let wanted = ["@timestamp", "log.offset", "tags"].map(str::to_owned).to_vec();
    let rows = RowOptions { fields: wanted, documents: true, limit: None };
    // The query is everything, which no format refuses.
    let _ = opened.rows(&everything(), &rows, &mut |hit| seen.add(&hit));
    let is_live = member.is_some_and(ingest::Member::is_live);
    let leaps = seen.leaps();
    Log {
        name: set.name.to_string(),
        size: member.map_or(0, |member| member.size).max(u64::from(is_live && seen.records > 0)),
        modified: member.filter(|_| !is_live).and_then(|member| member.modified),
        format: format.map(|format| format.title()).unwrap_or_default(),
        sample: (explanation.map_or(0, |told| told.lines), taken),
        others,
        records: seen.records,
        misfits: seen.misfits,
        timeless: seen.timeless,
        is_zoneless: !is_live && seen.records > 0 && depends_on_zone(set, options, seen.first),
        span: seen.first.zip(seen.last),
        zone: options.detect.zone,
        leaps,
        is_cut: seen.records >= MOST,
        examples: seen.examples,
    }
}

/// Whether the first record's time is another one where another zone is assumed.
fn depends_on_zone(set: &LogSet, options: &Options, first: Option<Millis>) -> bool {
    let mut other = options.clone();
    let is_fixed = options.detect.zone == Zone::Fixed(-3 * 3600);
    other.detect.zone = Zone::Fixed(if is_fixed { 3600 } else { -3 * 3600 });
    let (opened, _) = open_newest(set, &other);
    let mut found = None;
    let rows =
        RowOptions { fields: vec!["@timestamp".to_owned()], documents: true, limit: Some(1) };
    let _ = opened.rows(&everything(), &rows, &mut |hit| {
        found = hit.time;
        ControlFlow::Break(())
    });
    first.is_some() && found.is_some() && found != first
}

/// What was seen of a log's records.
#[derive(Default)]
struct Seen {
    records: u64,
    misfits: u64,
    timeless: u64,
    examples: Vec<String>,
    first: Option<Millis>,
    last: Option<Millis>,
    /// Where each record begins, and its time.
    places: Vec<(u64, Millis)>,
}

impl Seen {
    fn add(&mut self, hit: &Hit) -> ControlFlow<()> {
        self.records += 1;
        let tags = hit.document.first("tags");
        let is_misfit = tags.is_some_and(|tags| tags.to_string().contains("parsefailure"));
        if is_misfit {
            self.misfits += 1;
            if let Some(raw) = hit.raw.as_ref().filter(|_| self.examples.len() < EXAMPLES) {
                let line = String::from_utf8_lossy(raw);
                let line = line.lines().next().unwrap_or_default();
                self.examples.push(line.chars().take(SHOWN).collect());
            }
        }
        match hit.time {
            None => self.timeless += 1,
            Some(time) => {
                self.first = Some(self.first.map_or(time, |first| first.min(time)));
                self.last = Some(self.last.map_or(time, |last| last.max(time)));
                let offset = hit.document.first("log.offset").and_then(|offset| offset.as_u64());
                self.places.extend(offset.map(|offset| (offset, time)));
            }
        }
        if self.records >= MOST { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Where time goes back in the file's own order, the farthest first.
    fn leaps(&mut self) -> Vec<Leap> {
        self.places.sort_unstable();
        let pairs = self.places.windows(2).filter_map(|pair| match pair {
            [(_, from), (at, to)] if from.0 - to.0 >= LEAP => {
                Some(Leap { at: *at, from: *from, to: *to })
            }
            _ => None,
        });
        let mut leaps: Vec<Leap> = pairs.collect();
        leaps.sort_by_key(|leap| leap.to.0 - leap.from.0);
        leaps
    }
}
