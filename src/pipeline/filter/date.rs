//! `date`: sets the event's time from a field.

use std::ops::Range;

use serde_json::Value as Json;

use super::super::date::{Format, Guess, Stamp};
use super::super::fields::{Field, Fields};
use super::super::plan::{Effects, Live, Plan};
use super::super::reference::Reference;
use super::super::settings::Settings;
use super::super::state::{Got, State};
use super::super::template::Template;
use super::super::{TIMESTAMP, Years};
use super::{Filter, Ran, Setup};
use crate::diagnostic::Diagnostic;
use crate::event::{Slot, Value};
use crate::time::Zone;

#[derive(Debug)]
struct Date<F> {
    source: F,
    formats: Vec<Format>,
    target: F,
    zone: DateZone<F>,
    years: Years,
    tag_on_failure: Vec<String>,
}

#[derive(Debug, Clone)]
enum DateZone<F> {
    Fixed(Zone),
    Field(Template<F>),
}

pub(super) fn plan(settings: &mut Settings, setup: &Setup<'_>) -> Option<Box<dyn Plan>> {
    let place = settings.place_of("match");
    let words = settings.texts("match").unwrap_or_default();
    let (source, formats) = match words.split_first() {
        Some((source, formats)) if !formats.is_empty() => (source, formats),
        _ => {
            settings.refuse(place, "`match` of `date` needs a field and a format");
            return None;
        }
    };
    let mut compiled = Vec::with_capacity(formats.len());
    for format in formats {
        match Format::parse(format) {
            Ok(format) => compiled.push(format),
            Err(reason) => settings.refuse(place.clone(), reason),
        }
    }
    let zone = zone(settings, setup);
    // Months are read in English whatever the locale.
    settings.ignore(&["locale"]);
    let target = settings.text("target").unwrap_or_else(|| TIMESTAMP.to_owned());
    let reference = |settings: &mut Settings, name: &str, place: Range<usize>| {
        let found = Reference::parse(name);
        if found.is_none() {
            settings.refuse(place, format!("invalid field `{name}`"));
        }
        found
    };
    let date = Date {
        source: reference(settings, source, place.clone())?,
        formats: compiled,
        target: reference(settings, &target, place)?,
        zone,
        years: setup.options.years,
        tag_on_failure: settings
            .texts("tag_on_failure")
            .unwrap_or_else(|| vec!["_dateparsefailure".to_owned()]),
    };
    Some(Box::new(date))
}

fn zone(settings: &mut Settings, setup: &Setup<'_>) -> DateZone<Reference> {
    let place = settings.place_of("timezone");
    let Some(name) = settings.text("timezone") else {
        return DateZone::Fixed(setup.options.zone);
    };
    let template = Template::parse(&name);
    match template.constant() {
        None => DateZone::Field(template),
        Some(name) => match Zone::parse(name) {
            Some(zone) => DateZone::Fixed(zone),
            None => {
                settings.refuse(place, format!("unknown time zone `{name}`"));
                DateZone::Fixed(setup.options.zone)
            }
        },
    }
}

impl Plan for Date<Reference> {
    fn effects(&self) -> Effects {
        let mut effects = Effects { tags: !self.tag_on_failure.is_empty(), ..Effects::default() };
        effects.read(&self.source);
        effects.write(&self.target);
        if let DateZone::Field(template) = &self.zone {
            effects.reads.extend(template.reads());
        }
        effects
    }

    fn bind(&self, fields: &Fields, _: &Live) -> Result<Box<dyn Filter>, Diagnostic> {
        Ok(Box::new(Date {
            source: fields.resolve(&self.source),
            formats: self.formats.clone(),
            target: fields.resolve(&self.target),
            zone: match &self.zone {
                DateZone::Fixed(zone) => DateZone::Fixed(*zone),
                DateZone::Field(template) => DateZone::Field(template.resolve(fields)),
            },
            years: self.years,
            tag_on_failure: self.tag_on_failure.clone(),
        }))
    }
}

impl Filter for Date<Field> {
    fn run(&self, state: &mut State<'_>) -> Ran {
        let stamp = match state.get(&self.source) {
            None | Some(Got::Value(Value::Null) | Got::Tree(Json::Null)) => return Ran::Passed,
            Some(Got::Value(Value::Text(text))) => self.read(text, false),
            // Not as Logstash writes floats in text, which is with an exponent.
            Some(Got::Value(Value::Float(value))) => self.read(value.to_string().as_bytes(), true),
            Some(got @ (Got::Value(Value::Int(_)) | Got::Tree(Json::Number(_)))) => {
                self.read(&got.text(), true)
            }
            Some(Got::Tree(Json::String(text))) => self.read(text.as_bytes(), false),
            Some(_) => None,
        };
        let zone = match &self.zone {
            DateZone::Fixed(zone) => Some(*zone),
            DateZone::Field(template) => Zone::parse(&template.render_text(state)),
        };
        let resolved = stamp.zip(zone).and_then(|(stamp, zone)| {
            let guess = match self.years {
                Years::Logstash => Guess::Logstash(state.ctx.now),
                Years::Base => Guess::Base(state.ctx.base_year),
            };
            stamp.resolve(zone, guess, &mut state.scratch.zones)
        });
        let Some(at) = resolved else {
            self.tag_on_failure.iter().for_each(|tag| state.fail(tag));
            return Ran::Passed;
        };
        state.put(&self.target, Slot::Time(at));
        if matches!(&self.target, Field::Slot(slot) if *slot == state.slots.timestamp) {
            state.outcome.yearless = stamp.is_some_and(|stamp| stamp.is_yearless());
        }
        Ran::Matched
    }
}

impl Date<Field> {
    /// What the first format that fits says.
    fn read(&self, text: &[u8], is_number: bool) -> Option<Stamp> {
        self.formats
            .iter()
            .filter(|format| !is_number || format.is_numeric())
            .find_map(|format| format.read(text))
    }
}
