//! Opens all files of a source, newest first, while others already read.

use std::sync::Arc;
use std::thread;

use crate::event::DataView;
use crate::ingest::format::{FileFormat, schema};
use crate::ingest::{Discovered, Files, LogSet, Member};
use crate::source::Notice;

use super::engine::Engine;
use super::feed::Feeding;
use super::follow::{self, Live};
use super::log::Log;
use super::newcomers::Newcomers;
use super::open::{self, Opened, Slot};
use super::segment::{Segment, partition};

/// The name of everything together: the file, or how many files of which folder.
pub(super) fn title(discovered: &Discovered) -> String {
    let last = |path: &str| path.rsplit('/').next().unwrap_or(path).to_owned();
    let sets = &discovered.sets[..];
    let (first, rest) = match sets {
        [] => return "nothing".to_owned(),
        [one] => return last(&one.name),
        [first, rest @ ..] => (first, rest),
    };
    let folder =
        |set: &LogSet| set.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let mut shared = folder(first);
    for set in rest {
        let own = folder(set);
        while own != shared && !own.starts_with(&format!("{shared}/")) && !shared.is_empty() {
            shared = shared.rsplit_once('/').map_or("", |(above, _)| above).to_owned();
        }
    }
    if shared.is_empty() {
        return format!("{} and {} more", last(&first.name), rest.len());
    }
    format!("{} logs of {}/", sets.len(), last(&shared))
}

/// Opens everything, then follows it.
pub(super) fn open_all(engine: &Arc<Engine>, discovered: &Discovered) {
    if let Some((message, details)) = discovered.summary() {
        engine.notice(Notice { message, details });
    }
    let files = Files::new(engine.options.limits.descriptors);
    let newcomers = Newcomers::of(&discovered.arguments, discovered.names());
    let Some(live) = open_sets(engine, &discovered.sets, 0, &files) else { return };
    engine.opened_sets(discovered.sets.len());
    follow::run(engine, live, newcomers, &files);
}

/// Opens sets, of which the first has that number: the newest file of each first, then the next, so
/// that the newest rows come soon. Gives those that may grow; `None` if the source was dropped.
pub(super) fn open_sets(
    engine: &Arc<Engine>,
    sets: &[LogSet],
    first: usize,
    files: &Arc<Files>,
) -> Option<Vec<Live>> {
    let mut formats: Vec<Option<Arc<FileFormat>>> = vec![None; sets.len()];
    let numbered = || sets.iter().enumerate().map(|(at, set)| (at, (first + at) as u32, set));
    let mut live: Vec<Live> = numbered().map(|(_, number, set)| Live::new(number, set)).collect();
    let most = sets.iter().map(|set| set.members.len()).max().unwrap_or(0);
    for age in 0..most {
        for (at, set, log_set) in numbered() {
            let Some((number, member)) = open::newest_first(log_set).nth(age) else { continue };
            if engine.is_closed() {
                return None;
            }
            let slot = Slot { set, member: number };
            open_one(engine, member, &slot, (&mut formats[at], &mut live[at]), files);
            engine.opened_one();
        }
    }
    let can_grow = live.into_iter().zip(sets).filter(|(_, set)| set.can_grow);
    Some(can_grow.map(|(live, _)| live).collect())
}

fn open_one(
    engine: &Arc<Engine>,
    member: &Member,
    slot: &Slot,
    (format, live): (&mut Option<Arc<FileFormat>>, &mut Live),
    files: &Arc<Files>,
) {
    match open::open(member, slot, format.clone(), files, engine.means()) {
        Ok(Opened::Text { log, len }) => {
            if len > 0 || format.is_some() {
                know_format(engine, format, &log);
            }
            let log = Arc::new(log);
            live.know(&log, member, len);
            add_text(engine, &log, len);
        }
        Ok(Opened::Feed { log, feed }) => {
            know_format(engine, format, &log);
            let latest = [member.modified, live.first_time()].into_iter().flatten().min();
            let feeding = Arc::new(Feeding::new(Arc::new(log), *feed, latest));
            if member.is_live() {
                let (live, engine) = (Arc::clone(&feeding), Arc::clone(engine));
                let run = thread::Builder::new().name("peavey-feed".to_owned());
                if let Err(error) = run.spawn(move || live.run(&engine)) {
                    tracing::error!(%error, "no thread for a feed");
                }
            }
            engine.add_feed(feeding);
        }
        Err(error) => {
            let message = format!("{} cannot be read", member.name);
            engine.notice(Notice { message, details: vec![error.to_string()] });
        }
    }
}

/// Makes the segments of a text of `len` bytes.
fn add_text(engine: &Engine, log: &Arc<Log>, len: u64) {
    let block = u64::from(engine.options.limits.block);
    let segments: Vec<_> = partition(len, block)
        .into_iter()
        .map(|range| Arc::new(Segment::new(engine.segment_id(), Arc::clone(log), range, len)))
        .collect();
    engine.state().progress.bytes_total += len;
    engine.add(segments);
}

/// Adds the fields of a format to the data view, if it is new.
pub(super) fn know_format(engine: &Engine, known: &mut Option<Arc<FileFormat>>, log: &Log) {
    if known.is_none() {
        *known = Some(Arc::clone(&log.format));
    }
    let mut state = engine.state();
    state.formats.retain(|format| !Arc::ptr_eq(format, &log.format));
    state.formats.push(Arc::clone(&log.format));
    let view = view(&state.progress.title, &state.formats);
    state.progress.view = Arc::new(view);
    state.progress.name(log.format.title());
}

/// The data view of several formats.
pub(super) fn view(title: &str, formats: &[Arc<FileFormat>]) -> DataView {
    let mappings: Vec<_> =
        formats.iter().flat_map(|format| format.parts()).map(|part| &*part.mapping).collect();
    schema::view(title, &mappings)
}
