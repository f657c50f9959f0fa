//! Who gets a key first: a pane of the main screen, or the layers that lie over it.

/// A part of the main screen that can have the cursor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Pane {
    /// The rows.
    #[default]
    Table,
    /// The field list.
    Fields,
    /// The bars.
    Histogram,
    /// The line of pills.
    Pills,
}

/// Something that lies over the main screen. The last one of [`Focus::layers`] sees a key first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Layer {
    /// The query bar is being edited ([`QueryBar`](super::QueryBar)).
    Query,
    /// The search box of the field list.
    FieldSearch,
    /// The find box ([`Find`](super::Find)).
    Find,
    /// The time picker ([`TimePicker`](super::TimePicker)).
    Time,
    /// The pill editor ([`PillEditor`](super::PillEditor)).
    Pill,
    /// The open document ([`DocumentView`](super::DocumentView)).
    Document,
    /// The search box of the open document.
    DocumentSearch,
    /// Surrounding records ([`Surroundings`](super::Surroundings)).
    Surroundings,
    /// A list to choose from: palette, saved queries, breakdown ... ([`Picker`](super::Picker)).
    Picker,
    /// A box that asks for one line of text ([`Ask`](super::Ask)).
    Ask,
    /// Help for the keys ([`Help`](super::Help)).
    Help,
    /// A text to read: notices ([`Reader`](super::Reader)).
    Reader,
    /// The requests behind the answer ([`Inspect`](super::Inspect)).
    Inspect,
}

/// The stack of layers over the pane that has the cursor.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Focus {
    /// The pane under all layers.
    pub pane: Pane,
    /// Layers, the topmost last. A layer is in it at most once.
    pub layers: Vec<Layer>,
}

impl Focus {
    /// The topmost layer.
    #[must_use]
    pub fn top(&self) -> Option<Layer> {
        self.layers.last().copied()
    }

    /// Whether a layer is open, on top or not.
    #[must_use]
    pub fn has(&self, layer: Layer) -> bool {
        self.layers.contains(&layer)
    }

    /// Puts a layer on top; one that is already open comes up.
    pub fn open(&mut self, layer: Layer) {
        self.close(layer);
        self.layers.push(layer);
    }

    /// Takes a layer away.
    pub fn close(&mut self, layer: Layer) {
        self.layers.retain(|open| *open != layer);
    }

    /// Whether typed characters are text for whatever is on top.
    #[must_use]
    pub fn is_typing(&self) -> bool {
        let text = [
            Layer::Query,
            Layer::FieldSearch,
            Layer::Find,
            Layer::Time,
            Layer::Pill,
            Layer::DocumentSearch,
            Layer::Picker,
            Layer::Ask,
        ];
        self.top().is_some_and(|top| text.contains(&top))
    }
}
