//! Records to events, for the fields that are wanted.

use std::sync::Arc;

use serde_json::Value as Json;

use super::ansi;
use super::document;
use super::file_format::FileFormat;
use super::plan::{Compute, Plan, Read, Source, TimeSlot};
use super::rule::fluentd_head;
use super::schema::{Fit, Made, make};
use super::shape::{export, logfmt, plain};
use super::stamp::{Clock, Shape, Stamp, TimeFormat};
use super::unwrap::Outer;
use crate::event::{Event, Slot, SlotId, Span, Value};
use crate::pipeline;
use crate::time::{Millis, Zone};

/// What is known of a record besides its bytes.
#[derive(Debug, Clone, Copy)]
pub struct RecordMeta<'a> {
    /// The file's path, the value of `log.file.path`.
    pub path: &'a str,
    /// Bytes before the record in the (decompressed) file.
    pub offset: u64,
    /// The year of stamps that name none.
    pub base_year: i32,
    /// The time that a record without one takes over from the record before.
    pub inherited: Option<Millis>,
}

/// Reads records of one file. Clones share what is compiled; each thread has its own.
#[derive(Debug)]
pub struct Decoder {
    pub(super) file: Arc<FileFormat>,
    pub(super) plans: Arc<[Plan]>,
    events: Vec<Event>,
    scratch: Scratch,
    full: Option<Box<Decoder>>,
}

#[derive(Debug, Default)]
struct Scratch {
    text: Vec<u8>,
    outer: Outer,
    pipeline: pipeline::Scratch,
    ignored: Option<Json>,
}

impl Clone for Decoder {
    fn clone(&self) -> Self {
        Self {
            file: self.file.clone(),
            plans: self.plans.clone(),
            events: self.plans.iter().map(|plan| Event::new(plan.layout.clone())).collect(),
            scratch: Scratch::default(),
            full: None,
        }
    }
}

/// One record, decoded. Values are borrowed from the record and the decoder.
#[derive(Debug)]
pub struct Decoded<'a> {
    /// The index of the format that it has; the main one if it fits none.
    pub format: u8,
    /// Whether it fits a format; else its whole text is its message.
    pub matched: bool,
    /// Its time was read from a stamp without year.
    pub yearless: bool,
    /// A filter dropped it.
    pub dropped: bool,
    time: Option<Millis>,
    pub(super) plan: &'a Plan,
    pub(super) event: &'a Event,
    pub(super) text: &'a [u8],
    record: &'a [u8],
    path: &'a str,
    offset: u64,
    ignored: Option<&'a Json>,
}

impl Decoder {
    pub(super) fn new(file: Arc<FileFormat>, wanted: &[&str]) -> Self {
        let outer = file.wrapper.map_or(&[][..], super::wrapper::Wrapper::fields);
        let plans: Arc<[Plan]> =
            file.parts.iter().map(|part| Plan::new(part, wanted, outer, file.zone)).collect();
        let events = plans.iter().map(|plan| Event::new(plan.layout.clone())).collect();
        Self { file, plans, events, scratch: Scratch::default(), full: None }
    }

    /// Decodes one record: the main format first, then the others in their order.
    pub fn decode<'a>(&'a mut self, record: &'a [u8], meta: &RecordMeta<'a>) -> Decoded<'a> {
        let clock = Clock { zone: self.file.zone, year: meta.base_year };
        let scratch = &mut self.scratch;
        scratch.outer.clear();
        let whole = match self.file.wrapper {
            None if !ansi::is_coloured(record) => true,
            None => {
                scratch.text.clear();
                ansi::strip(record, &mut scratch.text);
                false
            }
            Some(wrapper) => {
                scratch.outer.unwrap(wrapper, record, &clock, &mut scratch.text);
                false
            }
        };
        let Scratch { text, outer, pipeline, ignored } = &mut self.scratch;
        let text: &'a [u8] = if whole { record } else { text };
        let mut facts = Facts::default();
        let mut format = 0;
        for (index, (plan, event)) in self.plans.iter().zip(&mut self.events).enumerate() {
            facts = read(plan, text, event, &clock, pipeline);
            if facts.matched {
                format = index;
                break;
            }
        }
        let (plan, event) = (&self.plans[format], &mut self.events[format]);
        if !facts.matched {
            event.clear();
            if let Some(message) = plan.message {
                event.set(message, Slot::Record(Span { start: 0, end: text.len() as u32 }));
            }
        }
        for (name, slot) in &plan.outer {
            if let (Slot::Absent, Some(value)) = (event.slot(*slot), outer.field(name)) {
                event.set_text(*slot, value);
            }
        }
        let mut time = facts.time;
        if plan.wants_time && facts.matched && time.is_none() {
            (time, facts.yearless) = document_time(plan, event, text, &clock);
        }
        if plan.wants_time && time.is_none() && outer.time.is_some() {
            time = outer.time;
            facts.yearless = outer.yearless;
        }
        for compute in &plan.computes {
            apply(compute, event, text);
        }
        *ignored = None;
        if !plan.fits.is_empty() {
            fit(plan, event, text, &clock, ignored);
        }
        Decoded {
            format: format as u8,
            matched: facts.matched,
            yearless: facts.yearless && time.is_some(),
            dropped: facts.dropped,
            time,
            plan,
            event: &self.events[format],
            text,
            record,
            path: meta.path,
            offset: meta.offset,
            ignored: ignored.as_ref(),
        }
    }

    /// Decodes one record whole, as a nested document with the fields of the common schema (no
    /// classic names). A record without a time takes over `meta.inherited`, unless it is a
    /// document.
    pub fn document(&mut self, record: &[u8], meta: &RecordMeta<'_>) -> document::Whole {
        let file = &self.file;
        let full = self.full.get_or_insert_with(|| Box::new(document::full_decoder(file)));
        document::whole(full, record, meta)
    }
}

impl<'a> Decoded<'a> {
    /// The record's own time, if `@timestamp` was wanted and it has one.
    #[must_use]
    pub fn time(&self) -> Option<Millis> {
        self.time
    }

    /// The record's text, wrappers and colours taken off: what its spans are spans of.
    #[must_use]
    pub fn text(&self) -> &'a [u8] {
        self.text
    }

    /// The value of the `wanted`-th name; several values are an array.
    #[must_use]
    pub fn value(&self, wanted: usize) -> Option<Value<'a>> {
        static FAILED: std::sync::LazyLock<Json> = std::sync::LazyLock::new(|| {
            Json::Array(vec![Json::String("_grokparsefailure".to_owned())])
        });
        let plan: &'a Plan = self.plan;
        match plan.sources.get(wanted)? {
            Source::Slot(slot) => self.event.value(*slot, self.text),
            Source::Time => self.time.map(Value::Time),
            Source::Constant(text) => Some(Value::Text(text.as_bytes())),
            Source::Path => Some(Value::Text(self.path.as_bytes())),
            Source::Offset => Some(Value::Int(self.offset as i64)),
            Source::Original => Some(Value::Text(self.record)),
            Source::Tags(_) if !self.matched => Some(Value::Tree(&FAILED)),
            Source::Tags(slot) => self.event.value((*slot)?, self.text),
            Source::Ignored => self.ignored.map(Value::Tree),
            Source::Absent => None,
        }
    }
}

#[derive(Debug, Clone, Copy, Default)]
struct Facts {
    matched: bool,
    yearless: bool,
    dropped: bool,
    time: Option<Millis>,
}

fn read(
    plan: &Plan,
    text: &[u8],
    event: &mut Event,
    clock: &Clock,
    scratch: &mut pipeline::Scratch,
) -> Facts {
    event.clear();
    let matched = match &plan.read {
        Read::Text(pipeline) => return run(plan, pipeline, text, event, clock, scratch),
        Read::Json(projection) => projection.read(text, event),
        Read::Fluentd(projection, stamp, tag) => match fluentd_head(text) {
            Some((brace, name)) => {
                // Spans are counted from the brace there; the projection copies what it takes.
                let read = projection.read_at(text, brace, event);
                event.set(*stamp, Slot::Record(Span { start: 0, end: name.start as u32 }));
                if let Some(tag) = tag {
                    event.set(
                        *tag,
                        Slot::Record(Span { start: name.start as u32, end: name.end as u32 }),
                    );
                }
                read
            }
            None => false,
        },
        Read::Logfmt => logfmt::read(text, event),
        Read::Columns(columns) => columns.read(text, event),
        Read::Export => export::read(text, event),
        Read::Plain(level) => {
            if let Some(message) = plan.message {
                event.set(message, Slot::Record(Span { start: 0, end: text.len() as u32 }));
            }
            if let Some((slot, range)) = level.and_then(|slot| Some((slot, plain::level(text)?))) {
                event.set(
                    slot,
                    Slot::Record(Span { start: range.start as u32, end: range.end as u32 }),
                );
            }
            true
        }
    };
    Facts { matched, ..Facts::default() }
}

fn run(
    plan: &Plan,
    pipeline: &pipeline::Pipeline,
    text: &[u8],
    event: &mut Event,
    clock: &Clock,
    scratch: &mut pipeline::Scratch,
) -> Facts {
    pipeline.begin(text, event);
    let context = pipeline::RunContext { now: Millis(0), base_year: clock.year };
    let outcome = pipeline.run(&context, scratch, text, event);
    let time = plan.times.iter().find_map(|time| match time {
        TimeSlot::Event(slot) => match event.slot(*slot) {
            Slot::Time(at) => Some(*at),
            _ => None,
        },
        _ => None,
    });
    Facts { matched: !outcome.failed, yearless: outcome.yearless, dropped: outcome.dropped, time }
}

/// The time of a document or a plain line, from its time fields; whether it lacked a year.
fn document_time(plan: &Plan, event: &Event, text: &[u8], clock: &Clock) -> (Option<Millis>, bool) {
    for time in &plan.times {
        let found = match time {
            TimeSlot::Event(_) => None,
            TimeSlot::One(slot, format) => one_time(event, *slot, text, format, clock),
            TimeSlot::Joined(date, time) => joined_time(event, *date, *time, text),
        };
        if let Some(stamp) = found {
            return (Some(stamp.at), stamp.yearless);
        }
    }
    if let Read::Plain(_) = plan.read
        && let Some(stamp) = plan.spot.as_ref().and_then(|spot| spot.read(text, clock))
    {
        return (Some(stamp.at), stamp.yearless);
    }
    (None, false)
}

fn one_time(
    event: &Event,
    slot: SlotId,
    text: &[u8],
    format: &TimeFormat,
    clock: &Clock,
) -> Option<Stamp> {
    let at = |at: Millis| Some(Stamp { at, len: 0, yearless: false });
    match event.value(slot, text)? {
        Value::Text(text) => format.read(std::str::from_utf8(text).ok()?, clock),
        Value::Int(number) => at(format.read_number(number as f64)?),
        Value::Float(number) => at(format.read_number(number)?),
        Value::Time(time) => at(time),
        Value::Tree(tree) => {
            // MongoDB's extended JSON: {"$date": "..."}.
            let inner = tree.get("$date").or_else(|| tree.get(0))?;
            format.read(inner.as_str()?, clock)
        }
        Value::Null | Value::Bool(_) => None,
    }
}

fn joined_time(event: &Event, date: SlotId, time: SlotId, text: &[u8]) -> Option<Stamp> {
    let (Some(Value::Text(date)), Some(Value::Text(time))) =
        (event.value(date, text), event.value(time, text))
    else {
        return None;
    };
    let mut joined = [b' '; 40];
    let len = date.len() + 1 + time.len();
    joined.get_mut(..date.len())?.copy_from_slice(date);
    joined.get_mut(date.len() + 1..len)?.copy_from_slice(time);
    let utc = Clock { zone: Zone::UTC, year: 1970 };
    Shape::Iso.read(&joined[..len], &utc).filter(|stamp| stamp.len == len)
}

fn apply(compute: &Compute, event: &mut Event, text: &[u8]) {
    let value = match event.slot(compute.from) {
        Slot::Record(span) => {
            let bytes = logfmt::bytes(text, *span);
            match make(compute.make, bytes) {
                Some(Made::Part(range)) => Slot::Record(part(*span, &range)),
                Some(Made::Name(name)) => {
                    event.set_text(compute.to, name.as_bytes());
                    return;
                }
                None => return,
            }
        }
        Slot::Arena(span) => {
            let Some(Value::Text(bytes)) = event.value(compute.from, text) else { return };
            match make(compute.make, bytes) {
                Some(Made::Part(range)) => Slot::Arena(part(*span, &range)),
                Some(Made::Name(name)) => {
                    event.set_text(compute.to, name.as_bytes());
                    return;
                }
                None => return,
            }
        }
        Slot::Int(number) => match super::schema::make_number(compute.make, *number) {
            Some(Made::Name(name)) => {
                event.set_text(compute.to, name.as_bytes());
                return;
            }
            Some(Made::Part(_)) => Slot::Int(*number),
            None => return,
        },
        Slot::Absent => return,
        other if compute.make == super::schema::Make::Same => other.clone(),
        _ => return,
    };
    event.set(compute.to, value);
}

fn part(span: Span, range: &std::ops::Range<usize>) -> Span {
    Span { start: span.start + range.start as u32, end: span.start + range.end as u32 }
}

/// Makes the values of documents fit their fields; what does not is left out and named.
fn fit(plan: &Plan, event: &mut Event, text: &[u8], clock: &Clock, ignored: &mut Option<Json>) {
    for (slot, fitter, name) in &plan.fits {
        let Some(value) = event.value(*slot, text) else { continue };
        let mut misfit = false;
        match value {
            Value::Tree(Json::Array(items)) => {
                let fits =
                    |item: &Json| fitter.fit(super::schema::scalar(item), clock) != Fit::Ignore;
                let kept: Vec<Json> = items.iter().filter(|item| fits(item)).cloned().collect();
                misfit = kept.len() < items.len();
                if misfit {
                    event.set(*slot, Slot::Tree(Box::new(Json::Array(kept))));
                }
            }
            value => match fitter.fit(value, clock) {
                Fit::Keep => {}
                Fit::Becomes(value) => event.set(*slot, value),
                Fit::Ignore => {
                    misfit = true;
                    event.set(*slot, Slot::Absent);
                }
            },
        }
        if misfit && plan.wants_ignored {
            let names = ignored.get_or_insert_with(|| Json::Array(Vec::new()));
            if let Json::Array(names) = names {
                names.push(Json::String(name.to_string()));
            }
        }
    }
}
