//! The time range: the picker, zooming, shifting.

use super::Out;
use super::motion::{Motion, keep_visible};
use crate::app::state::{App, Asked, Layer, Pane, QUICK, TimePart, TimePicker, UNITS};
use crate::config::{Code, Key};
use crate::time::{Anchors, Millis, TimeRange, TimeSpec};

/// The parts of the picker in the order of Tab.
const PARTS: [TimePart; 5] =
    [TimePart::Quick, TimePart::Amount, TimePart::Unit, TimePart::From, TimePart::To];
/// A range is never zoomed to less, in milliseconds.
const SHORTEST: i64 = 10;

impl App {
    /// What relative times count from.
    pub(super) fn anchors(&self) -> Anchors {
        let now = match self.status.last {
            Some(last) if self.work.now_is_end => last,
            _ => self.now,
        };
        let mut anchors = Anchors::new(now, self.zone).with_weeks_from(self.week_start);
        anchors.end = self.status.last;
        anchors
    }

    /// Opens the time picker on the range in force.
    pub(super) fn open_time(&mut self, out: &mut Out) {
        if !self.has_time() {
            self.tell("The data view has no time field; gT chooses one.", out);
            return;
        }
        let span = self.asked.span.clone();
        let text = |end: &Option<String>| end.clone().unwrap_or_default();
        let (from, to) = (text(&span.from), text(&span.to));
        let mut picker = TimePicker::default();
        let quick = QUICK.iter().position(|quick| quick.from == from && quick.to == to);
        picker.quick = quick.unwrap_or(0);
        picker.amount.set("15");
        picker.unit = 1;
        picker.from.set(&from);
        picker.to.set(&to);
        if quick.is_none() {
            picker.part = TimePart::From;
        }
        self.time = picker;
        self.focus.open(Layer::Time);
        self.preview_time();
    }

    /// The range that the picker's cursor means.
    fn picked_span(&self) -> TimeSpec {
        let end = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        match self.time.part {
            TimePart::Quick => {
                let quick = QUICK[self.time.quick.min(QUICK.len() - 1)];
                TimeSpec { from: end(quick.from), to: end(quick.to) }
            }
            TimePart::Amount | TimePart::Unit => {
                let (_, unit) = UNITS[self.time.unit.min(UNITS.len() - 1)];
                let amount = self.time.amount.text().trim();
                TimeSpec { from: Some(format!("now-{amount}{unit}")), to: Some("now".to_owned()) }
            }
            TimePart::From | TimePart::To => {
                TimeSpec { from: end(self.time.from.text()), to: end(self.time.to.text()) }
            }
        }
    }

    fn preview_time(&mut self) {
        match self.picked_span().resolve(&self.anchors()) {
            Ok(range) => {
                self.time.preview = Some(range);
                self.time.error = None;
            }
            Err(finding) => {
                self.time.preview = None;
                self.time.error = Some(finding);
            }
        }
    }

    pub(super) fn submit_time(&mut self, out: &mut Out) {
        self.preview_time();
        if self.time.error.is_some() {
            return;
        }
        let asked = Asked { span: self.picked_span(), ..self.asked.clone() };
        self.focus.close(Layer::Time);
        self.change_or_warn(asked, out);
    }

    pub(super) fn type_time(&mut self, key: Key) {
        let changed = match self.time.part {
            TimePart::Amount => {
                let digit = key.typed().is_none_or(|c| c.is_ascii_digit());
                digit && self.time.amount.input(key)
            }
            TimePart::From => self.time.from.input(key),
            TimePart::To => self.time.to.input(key),
            TimePart::Quick => self.jump_quick(key),
            TimePart::Unit => false,
        };
        if changed {
            self.preview_time();
        }
    }

    /// In the list j and k move, and other letters begin to type an exact range.
    fn jump_quick(&mut self, key: Key) -> bool {
        match key.code {
            Code::Char('j') => self.move_time(Motion::Lines(1)),
            Code::Char('k') => self.move_time(Motion::Lines(-1)),
            _ if key.typed().is_some() => {
                self.time.part = TimePart::From;
                self.time.from.set("");
                self.time.from.input(key);
            }
            _ => return false,
        }
        true
    }

    pub(super) fn paste_time(&mut self, text: &str) {
        if self.time.part == TimePart::To {
            self.time.to.paste(text);
        } else {
            self.time.part = TimePart::From;
            self.time.from.paste(text);
        }
        self.preview_time();
    }

    pub(super) fn move_time(&mut self, motion: Motion) {
        match self.time.part {
            TimePart::Quick => {
                let page = usize::from(self.geometry.list_rows).max(1);
                motion.apply(&mut self.time.quick, &mut self.time.top, QUICK.len(), page);
            }
            TimePart::Unit => self.turn_time(motion == Motion::Lines(1)),
            _ => self.step_time(matches!(motion, Motion::Lines(1) | Motion::Bottom)),
        }
        self.preview_time();
    }

    /// To the next part of the picker, or the one before.
    pub(super) fn step_time(&mut self, forward: bool) {
        let here = PARTS.iter().position(|part| *part == self.time.part).unwrap_or(0);
        let step = if forward { 1 } else { PARTS.len() - 1 };
        self.time.part = PARTS[(here + step) % PARTS.len()];
        keep_visible(self.time.quick, &mut self.time.top, QUICK.len(), 8);
        self.preview_time();
    }

    /// Left and right: the unit, the list or the exact range, the cursor of a text.
    pub(super) fn turn_time(&mut self, right: bool) {
        let key = Key::plain(if right { Code::Right } else { Code::Left });
        match self.time.part {
            TimePart::Unit => {
                let step = if right { 1 } else { UNITS.len() - 1 };
                self.time.unit = (self.time.unit + step) % UNITS.len();
                self.preview_time();
            }
            TimePart::Quick => self.step_time(right),
            TimePart::Amount => {
                self.time.amount.input(key);
            }
            TimePart::From => {
                self.time.from.input(key);
            }
            TimePart::To => {
                self.time.to.input(key);
            }
        }
    }

    /// Both ends of what is on the screen: open ends are the data's.
    fn whole_range(&self) -> Option<(i64, i64)> {
        let bars = self.histogram.bars.as_ref().map_or(&[][..], |bars| &bars.buckets);
        let first = self.range.from.or(self.status.first).or(bars.first().map(|bar| bar.start))?;
        let last = self.range.to.or(self.status.last).or(bars.last().map(|bar| bar.start))?;
        Some((first.0, last.0.max(first.0 + 1)))
    }

    fn set_range(&mut self, from: i64, to: i64, out: &mut Out) {
        let span = TimeSpec::between(Millis(from).to_string(), Millis(to).to_string());
        let asked = Asked { span, ..self.asked.clone() };
        self.change_or_warn(asked, out);
    }

    /// To the selected span; without one to the bar under the cursor of the histogram, else to
    /// half of the range around the record under the cursor.
    pub(super) fn zoom_in(&mut self, out: &mut Out) {
        let Some((first, last)) = self.whole_range() else {
            self.tell("There is no time to zoom into.", out);
            return;
        };
        let on_bars = self.focus.pane == Pane::Histogram;
        let cursor = self.histogram.cursor;
        let selection = self.histogram.selection().or(on_bars.then_some((cursor, cursor)));
        if let (Some((low, high)), Some(bars)) = (selection, &self.histogram.bars) {
            let start = |at: usize| bars.buckets.get(at).map(|bar| bar.start.0);
            let width = match (start(0), start(1)) {
                (Some(a), Some(b)) => b - a,
                _ => last - first + 1,
            };
            if let Some(from) = start(low) {
                let to = start(high + 1).unwrap_or_else(|| start(high).unwrap_or(from) + width) - 1;
                if self.histogram.anchor.take().is_some() {
                    self.go_to(Pane::Table);
                }
                self.set_range(from, to.max(from + SHORTEST), out);
                return;
            }
        }
        let middle = self
            .table
            .current()
            .and_then(|hit| hit.time)
            .map_or(i64::midpoint(first, last), |t| t.0);
        let half = ((last - first) / 4).max(SHORTEST / 2);
        self.set_range(middle - half, middle + half, out);
    }

    /// To twice the range around its middle.
    pub(super) fn zoom_out(&mut self, out: &mut Out) {
        if self.range.is_all() {
            self.tell("The range is open already.", out);
            return;
        }
        let Some((first, last)) = self.whole_range() else { return };
        let half = ((last - first) / 2).max(1);
        let (from, to) = (first.saturating_sub(half), last.saturating_add(half));
        let data = (self.status.first, self.status.last);
        if let (Some(oldest), Some(newest)) = data
            && from <= oldest.0
            && newest.0 <= to
        {
            self.all_time(out);
            return;
        }
        self.set_range(from, to, out);
    }

    /// Half a range earlier or later.
    pub(super) fn shift(&mut self, step: i64, out: &mut Out) {
        if self.range.is_all() {
            self.tell("The range is open; zoom in first.", out);
            return;
        }
        let Some((first, last)) = self.whole_range() else { return };
        let by = ((last - first) / 2).max(1) * step;
        self.set_range(first.saturating_add(by), last.saturating_add(by), out);
    }

    pub(super) fn all_time(&mut self, out: &mut Out) {
        let asked = Asked { span: TimeSpec::default(), ..self.asked.clone() };
        self.change_or_warn(asked, out);
    }

    /// The range before the one in force, for "when was the last record before".
    pub(super) fn range_before(&self) -> Option<TimeRange> {
        let from = self.range.from?;
        Some(TimeRange { from: None, to: Some(Millis(from.0 - 1)) })
    }
}
