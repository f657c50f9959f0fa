//! What every filter does after it has matched: add and remove fields and tags.

use super::super::fields::{Field, Fields};
use super::super::plan::Effects;
use super::super::reference::Reference;
use super::super::settings::{Setting, Settings};
use super::super::state::State;
use super::super::template::Template;
use serde_json::Value as Json;

/// `add_field`, `remove_field`, `add_tag` and `remove_tag`, in that order.
#[derive(Debug)]
pub(in crate::pipeline) struct Common<F> {
    add_field: Vec<(Name<F>, Vec<Template<F>>)>,
    remove_field: Vec<Name<F>>,
    add_tag: Vec<Template<F>>,
    remove_tag: Vec<Template<F>>,
}

/// A field that is named by a template; most are constant.
#[derive(Debug)]
pub(in crate::pipeline) enum Name<F> {
    Fixed(F),
    Dynamic(Template<F>),
}

impl Name<Reference> {
    /// Reads a name; `None` where it is no field reference.
    pub(in crate::pipeline) fn parse(text: &str) -> Option<Self> {
        let template = Template::parse(text);
        match template.constant() {
            Some(name) => Reference::parse(name).map(Name::Fixed),
            None => Some(Name::Dynamic(template)),
        }
    }

    pub(in crate::pipeline) fn resolve(&self, fields: &Fields) -> Name<Field> {
        match self {
            Name::Fixed(reference) => Name::Fixed(fields.resolve(reference)),
            Name::Dynamic(template) => Name::Dynamic(template.resolve(fields)),
        }
    }

    /// Notes that the field is read, written or both.
    pub(in crate::pipeline) fn effects(&self, effects: &mut Effects, read: bool, write: bool) {
        match self {
            Name::Fixed(field) => {
                if read {
                    effects.read(field);
                }
                if write {
                    effects.write(field);
                }
            }
            Name::Dynamic(template) => {
                effects.reads.extend(template.reads());
                effects.barrier = true;
            }
        }
    }
}

impl Name<Field> {
    /// The field for an event; `None` where the name turns out to be none.
    pub(in crate::pipeline) fn field(&self, state: &State<'_>) -> Option<Field> {
        match self {
            Name::Fixed(field) => Some(field.clone()),
            Name::Dynamic(template) => state.field(&template.render_text(state)),
        }
    }
}

impl Common<Reference> {
    /// Takes the common options out of a plugin's.
    pub(in crate::pipeline) fn take(settings: &mut Settings) -> Self {
        settings.ignore(&["id", "enable_metric", "periodic_flush"]);
        let mut add_field = Vec::new();
        let place = settings.place_of("add_field");
        for (name, value) in settings.pairs("add_field") {
            let values = match &value {
                Setting::Array(items) => items.iter().map(|item| item.scalar()).collect(),
                scalar => vec![scalar.scalar()],
            };
            let values: Option<Vec<_>> =
                values.into_iter().map(|value| value.map(Template::parse)).collect();
            match (Name::parse(&name), values) {
                (Some(name), Some(values)) => add_field.push((name, values)),
                _ => settings.refuse(place.clone(), format!("`add_field` cannot set `{name}`")),
            }
        }
        let place = settings.place_of("remove_field");
        let mut remove_field = Vec::new();
        for name in settings.texts("remove_field").unwrap_or_default() {
            match Name::parse(&name) {
                Some(name) => remove_field.push(name),
                None => settings.refuse(place.clone(), format!("invalid field `{name}`")),
            }
        }
        let mut tags = |name: &str| -> Vec<_> {
            let texts = settings.texts(name).unwrap_or_default();
            texts.iter().map(|tag| Template::parse(tag)).collect()
        };
        let (add_tag, remove_tag) = (tags("add_tag"), tags("remove_tag"));
        Self { add_field, remove_field, add_tag, remove_tag }
    }

    /// Notes what it reads and writes.
    pub(in crate::pipeline) fn effects(&self, effects: &mut Effects) {
        for (name, values) in &self.add_field {
            name.effects(effects, false, true);
            effects.reads.extend(values.iter().flat_map(Template::reads));
        }
        for name in &self.remove_field {
            name.effects(effects, false, true);
        }
        for tag in self.add_tag.iter().chain(&self.remove_tag) {
            effects.tags = true;
            effects.reads.extend(tag.reads());
        }
    }

    pub(in crate::pipeline) fn resolve(&self, fields: &Fields) -> Common<Field> {
        let all = |templates: &[Template<Reference>]| -> Vec<_> {
            templates.iter().map(|template| template.resolve(fields)).collect()
        };
        Common {
            add_field: self
                .add_field
                .iter()
                .map(|(name, values)| (name.resolve(fields), all(values)))
                .collect(),
            remove_field: self.remove_field.iter().map(|name| name.resolve(fields)).collect(),
            add_tag: all(&self.add_tag),
            remove_tag: all(&self.remove_tag),
        }
    }
}

impl Common<Field> {
    /// Does it.
    pub(in crate::pipeline) fn run(&self, state: &mut State<'_>) {
        for (name, values) in &self.add_field {
            let Some(field) = name.field(state) else { continue };
            for value in values {
                let text = value.render(state).into_owned();
                if state.get(&field).is_none() {
                    state.set_text(&field, &text);
                } else {
                    let text = String::from_utf8_lossy(&text).into_owned();
                    state.append(&field, Json::String(text));
                }
            }
        }
        for name in &self.remove_field {
            if let Some(field) = name.field(state) {
                state.remove(&field);
            }
        }
        for tag in &self.add_tag {
            let tag = tag.render_text(state);
            state.tag(&tag, true);
        }
        if self.remove_tag.is_empty() || !state.tags_wanted {
            return;
        }
        let unwanted: Vec<_> = self.remove_tag.iter().map(|tag| tag.render_text(state)).collect();
        let tags = Field::Slot(state.slots.tags);
        if let Some(Json::Array(mut items)) = state.get(&tags).map(|got| got.json()) {
            items.retain(|item| !item.as_str().is_some_and(|i| unwanted.iter().any(|u| u == i)));
            state.set(&tags, Json::Array(items));
        }
    }
}
