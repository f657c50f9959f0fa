//! What a decoder does for the records of one format: which slots it fills, from where, and how
//! the wanted names are answered.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::builtin::BUILTIN;
use super::file_format::{FormatPart, Shape, TimeField};
use super::schema::{COMPUTED, Fitter, Make, ecs, insert};
use super::shape::csv::Columns;
use super::shape::json::Projection;
use super::shape::plain::Spot;
use super::stamp::TimeFormat;
use crate::event::{FieldType, Layout, MappedField, Mapping, SlotId};
use crate::pipeline::{Options, Pipeline, Wanted};
use crate::time::Zone;

/// Where the value of a wanted name comes from.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Source {
    /// Nowhere.
    Absent,
    /// A slot.
    Slot(SlotId),
    /// The record's time.
    Time,
    /// The same text in every record.
    Constant(Box<str>),
    /// The file's path.
    Path,
    /// The record's place.
    Offset,
    /// The record's bytes.
    Original,
    /// The tags.
    Tags(Option<SlotId>),
    /// The names of fields whose values did not fit.
    Ignored,
}

/// How a record's text becomes slots.
#[derive(Debug)]
pub(super) enum Read {
    /// By a pipeline.
    Text(Box<Pipeline>),
    /// As JSON.
    Json(Projection),
    /// As `time tag {json}`: the projection, and slots for stamp and tag.
    Fluentd(Projection, SlotId, Option<SlotId>),
    /// As pairs.
    Logfmt,
    /// As a row.
    Columns(Columns),
    /// As a journal export.
    Export,
    /// As it is: the level's slot.
    Plain(Option<SlotId>),
}

/// A time field, resolved.
#[derive(Debug)]
pub(super) enum TimeSlot {
    /// The slot of a pipeline's `@timestamp`.
    Event(SlotId),
    /// A document's field.
    One(SlotId, TimeFormat),
    /// Date and time of day.
    Joined(SlotId, SlotId),
}

/// A computed field, resolved.
#[derive(Debug)]
pub(super) struct Compute {
    pub(super) make: Make,
    pub(super) from: SlotId,
    pub(super) to: SlotId,
}

/// The plan for one format and one list of names.
#[derive(Debug)]
pub(super) struct Plan {
    pub(super) layout: Arc<Layout>,
    pub(super) read: Read,
    /// By wanted name.
    pub(super) sources: Vec<Source>,
    pub(super) computes: Vec<Compute>,
    pub(super) times: Vec<TimeSlot>,
    /// Document fields whose values must fit: slot, type, name.
    pub(super) fits: Vec<(SlotId, Fitter, Box<str>)>,
    /// Fields that the wrapper may fill: name and slot.
    pub(super) outer: Vec<(Box<str>, SlotId)>,
    pub(super) message: Option<SlotId>,
    /// Where plain text has its stamp.
    pub(super) spot: Option<Spot>,
    pub(super) wants_time: bool,
    pub(super) wants_ignored: bool,
}

/// The names that are needed to answer the wanted ones.
struct Needs<'a> {
    part: &'a FormatPart,
    fields: BTreeSet<String>,
    computes: Vec<(Make, &'static str, &'static str)>,
}

impl Needs<'_> {
    /// The name of the field that answers `name`, after aliases and multi-fields.
    fn base<'n>(mapping: &'n Mapping, name: &'n str) -> &'n str {
        let mut name = name;
        for _ in 0..4 {
            let Some(field) = mapping.get(name) else { break };
            match (&field.parent, &field.alias_of) {
                (Some(parent), _) => name = parent,
                (None, Some(alias)) => name = alias,
                (None, None) => break,
            }
        }
        name
    }

    /// Notes what the value of a field needs.
    fn field(&mut self, name: &str) {
        if !self.fields.insert(name.to_owned()) {
            return;
        }
        if let Some(computed) = computed(self.part, name) {
            self.field(computed.from);
            self.computes.push((computed.make, computed.from, computed.name));
        }
    }
}

/// The row that makes a field of this format, if the field is computed here.
fn computed(part: &FormatPart, name: &str) -> Option<&'static super::schema::Computed> {
    if part.has(name) {
        return None;
    }
    COMPUTED.iter().find(|row| row.name == name && part.offers(row.from))
}

impl FormatPart {
    /// Whether its events have a field, from the record or computed.
    pub(super) fn offers(&self, name: &str) -> bool {
        self.own.contains(name) || computed(self, name).is_some()
    }

    /// Whether records have a field or an object of that name, or a field where it would need an
    /// object.
    fn has(&self, name: &str) -> bool {
        let under = |own: &String| own.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
        self.own.contains(name)
            || self.own.range(name.to_owned()..).take_while(|own| own.starts_with(name)).any(under)
            || name.match_indices('.').any(|(at, _)| self.own.contains(&name[..at]))
    }

    /// Whether the format makes up the values of a field.
    pub(super) fn makes(&self, name: &str) -> bool {
        BUILTIN.iter().any(|format| format.name == self.name && format.made.contains(&name))
    }

    /// The value that a field has in all records.
    pub(super) fn constant(&self, name: &str) -> Option<&str> {
        self.constants.iter().find(|(known, _)| known == name).map(|(_, value)| &**value)
    }

    /// Adds what every format has, the computed fields and the constants to its mapping.
    pub(super) fn complete(&mut self, outer: &[&'static str]) {
        self.own.extend(outer.iter().map(|name| (*name).to_owned()));
        let mut mapping = Mapping::clone(&self.mapping);
        for name in
            ["@timestamp", "message", "tags", "log.file.path", "log.offset", "event.original"]
        {
            // The bytes of a document are no field of it: free text would find its names.
            if name == "event.original" && self.timeless {
                continue;
            }
            if let (false, Some(kind)) =
                (self.has(name) || mapping.fields.contains_key(name), ecs(name))
            {
                mapping.fields.insert(name.into(), MappedField::of(kind));
            }
        }
        for name in outer.iter().copied().chain(self.constants.iter().map(|(name, _)| &**name)) {
            let kind = ecs(name).unwrap_or(FieldType::Keyword);
            mapping.fields.entry(name.into()).or_insert_with(|| MappedField::of(kind));
        }
        for row in COMPUTED {
            if mapping.fields.contains_key(row.name) || computed(self, row.name) != Some(row) {
                continue;
            }
            if row.make == Make::Bunyan
                && !(self.own.contains("hostname") && self.own.contains("pid"))
            {
                continue;
            }
            if row.classic {
                insert(&mut mapping, row.name, row.kind);
            } else {
                mapping.fields.insert(row.name.into(), MappedField::of(row.kind));
            }
        }
        mapping
            .fields
            .entry("_ignored".into())
            .or_insert_with(|| MappedField::of(FieldType::Keyword));
        self.mapping = Arc::new(mapping);
    }
}

impl Plan {
    /// Plans the reading of `wanted` from records of `part`. `outer` are the fields of the wrapper.
    pub(super) fn new(part: &FormatPart, wanted: &[&str], outer: &[&str], zone: Zone) -> Self {
        let mapping = &part.mapping;
        let mut needs = Needs { part, fields: BTreeSet::new(), computes: Vec::new() };
        let bases: Vec<&str> = wanted.iter().map(|name| Needs::base(mapping, name)).collect();
        for name in &bases {
            let open = !matches!(part.shape, Shape::Text(_) | Shape::Plain(_) | Shape::Columns(_));
            let exists = open || part.offers(name) || *name == "tags";
            if exists && !is_virtual(name) && part.constant(name).is_none() {
                needs.field(name);
            }
        }
        let wants_time = bases.contains(&"@timestamp");
        let has_misfits = !matches!(part.shape, Shape::Text(_) | Shape::Plain(_));
        let wants_ignored = has_misfits && bases.contains(&"_ignored");
        if wants_ignored {
            mapping.fields.keys().for_each(|name| needs.field(Needs::base(mapping, name)));
        }
        let Needs { mut fields, computes, .. } = needs;
        if wants_time {
            for time in &part.times {
                match time {
                    TimeField::One(name, _) => fields.extend([name.clone()]),
                    TimeField::Joined(date, time) => fields.extend([date.clone(), time.clone()]),
                }
            }
        }
        let (layout, read) = reading(part, &fields, wants_time, zone);
        let slot = |name: &str| layout.slot(name);
        let times = match &read {
            _ if !wants_time => Vec::new(),
            Read::Text(pipeline) => vec![TimeSlot::Event(pipeline.slots().timestamp)],
            _ => part.times.iter().filter_map(|time| resolve_time(time, &layout)).collect(),
        };
        let computes = computes
            .into_iter()
            .filter_map(|(make, from, to)| Some(Compute { make, from: slot(from)?, to: slot(to)? }))
            .collect();
        let sources = bases
            .iter()
            .map(|name| match *name {
                "@timestamp" => Source::Time,
                "log.file.path" => Source::Path,
                "log.offset" => Source::Offset,
                "event.original" => Source::Original,
                "_ignored" => Source::Ignored,
                "tags" if part.constant("tags").is_none() => Source::Tags(slot("tags")),
                name => match part.constant(name) {
                    Some(value) => Source::Constant(value.into()),
                    None => slot(name).map_or(Source::Absent, Source::Slot),
                },
            })
            .collect();
        let fits = if has_misfits { fitters(mapping, &layout) } else { Vec::new() };
        let outer = outer.iter().filter_map(|name| Some(((*name).into(), slot(name)?))).collect();
        let message = slot("message").filter(|_| computed(part, "message").is_none());
        let spot = if let Shape::Plain(spot) = &part.shape { *spot } else { None };
        Self {
            layout,
            read,
            sources,
            computes,
            times,
            fits,
            outer,
            message,
            spot,
            wants_time,
            wants_ignored,
        }
    }
}

/// Names that are answered without looking into the record.
pub(super) fn is_virtual(name: &str) -> bool {
    matches!(name, "@timestamp" | "log.file.path" | "log.offset" | "event.original" | "_ignored")
}

fn resolve_time(time: &TimeField, layout: &Layout) -> Option<TimeSlot> {
    Some(match time {
        TimeField::One(name, format) => TimeSlot::One(layout.slot(name)?, format.clone()),
        TimeField::Joined(date, time) => TimeSlot::Joined(layout.slot(date)?, layout.slot(time)?),
    })
}

fn fitters(mapping: &Mapping, layout: &Layout) -> Vec<(SlotId, Fitter, Box<str>)> {
    let mut fits = Vec::new();
    for name in layout.names() {
        let (Some(field), Some(slot)) = (mapping.get(name), layout.slot(name)) else { continue };
        let fitter = Fitter::new(field);
        if !fitter.takes_all() && name != "@timestamp" {
            fits.push((slot, fitter, name.into()));
        }
    }
    fits
}

/// The layout and the reader for a set of fields.
fn reading(
    part: &FormatPart,
    fields: &BTreeSet<String>,
    wants_time: bool,
    zone: Zone,
) -> (Arc<Layout>, Read) {
    if let Shape::Text(config) = &part.shape {
        let mut wanted = fields.clone();
        // Grok's verdict is wanted always: it is what tells the format.
        wanted.insert("tags".to_owned());
        if wants_time {
            wanted.insert("@timestamp".to_owned());
        }
        let preset = fields.iter().filter(|name| !part.own.contains(*name)).cloned().collect();
        let options =
            Options { wanted: Wanted::Fields(wanted), zone, preset, ..Options::default() };
        if let Ok(pipeline) = Pipeline::compile(config, &options) {
            return (pipeline.layout().clone(), Read::Text(Box::new(pipeline)));
        }
    }
    let mut layout = Layout::default();
    for name in fields {
        layout.intern(name);
    }
    let read = match &part.shape {
        Shape::Text(_) | Shape::Plain(_) => Read::Plain(layout.slot("log.level")),
        Shape::Json => Read::Json(projection(part, &layout)),
        Shape::Fluentd => {
            let stamp = layout.intern("@metadata.stamp").unwrap_or(SlotId(u16::MAX));
            Read::Fluentd(projection(part, &layout), stamp, layout.slot("fluentd.tag"))
        }
        Shape::Logfmt => Read::Logfmt,
        Shape::Columns(shape) => Read::Columns(Columns {
            separator: shape.separator,
            slots: shape.names.iter().map(|name| layout.slot(name)).collect(),
            absent: shape.absent,
        }),
        Shape::Export => Read::Export,
    };
    (Arc::new(layout), read)
}

fn projection(part: &FormatPart, layout: &Layout) -> Projection {
    let mut projection = Projection::new();
    for name in layout.names() {
        let Some(slot) = layout.slot(name).filter(|_| !name.starts_with("@metadata.")) else {
            continue;
        };
        if computed(part, name).is_some() {
            continue;
        }
        let kind = part.mapping.get(name).map(|field| field.kind);
        let whole =
            matches!(kind, Some(FieldType::GeoPoint | FieldType::Nested | FieldType::Object));
        projection.want(name, slot, whole);
    }
    projection
}
