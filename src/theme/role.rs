//! The roles that a theme colours: what a piece of the screen means, never where it is.

/// What something on the screen means. A theme gives each role a style.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Role {
    /// Ordinary text.
    Text,
    /// Text that may be overlooked: labels, units, punctuation.
    Dim,
    /// Headings and what was chosen.
    Strong,
    /// The ground of the whole screen.
    Surface,
    /// The ground of pop-ups and drawers.
    Popup,
    /// Lines between panes.
    Line,
    /// What has the focus, titles of lists, links.
    Accent,
    /// A key's name in the footer and in help.
    Key,
    /// The row under the cursor, where the focus is.
    Selection,
    /// The row under the cursor, where the focus is not.
    SelectionInactive,
    /// The mark in the margin of the row under the cursor.
    Mark,
    /// Text that the query or the find bar matched.
    Match,
    /// The match under the cursor.
    MatchCurrent,
    /// Text being typed.
    Input,
    /// Words where nothing is typed yet.
    Placeholder,
    /// Control characters made visible.
    Symbol,
    /// Something vital failed.
    Critical,
    /// Something failed.
    Error,
    /// Something is odd.
    Warning,
    /// Ordinary but worth a look.
    Notice,
    /// The ordinary.
    Info,
    /// For developers.
    Debug,
    /// Finer than debug.
    Trace,
    /// All is well, done.
    Ok,
    /// A filter that is on.
    PillFor,
    /// A filter that leaves out.
    PillOut,
    /// A filter that is off.
    PillOff,
    /// Bars of facets and progress.
    Bar,
    /// Informational responses.
    Class1xx,
    /// Successes.
    Class2xx,
    /// Redirections.
    Class3xx,
    /// Errors of the client.
    Class4xx,
    /// Errors of the server.
    Class5xx,
    /// No known class.
    ClassOther,
    /// The first of ten series that are told apart by colour.
    Series1,
    /// The second series.
    Series2,
    /// The third series.
    Series3,
    /// The fourth series.
    Series4,
    /// The fifth series.
    Series5,
    /// The sixth series.
    Series6,
    /// The seventh series.
    Series7,
    /// The eighth series.
    Series8,
    /// The ninth series.
    Series9,
    /// The tenth series.
    Series10,
    /// The series of all other values.
    SeriesOther,
    /// The series of records without a value.
    SeriesMissing,
    /// Mark of a keyword field.
    TypeKeyword,
    /// Mark of a text field.
    TypeText,
    /// Mark of a numeric field.
    TypeNumber,
    /// Mark of a date.
    TypeDate,
    /// Mark of an address.
    TypeIp,
    /// Mark of a boolean.
    TypeBoolean,
    /// Mark of a point on the globe.
    TypeGeo,
    /// Mark of anything else.
    TypeOther,
    /// A field's name: in documents, summaries and JSON.
    FieldName,
    /// A string of JSON.
    JsonString,
    /// A number of JSON.
    JsonNumber,
    /// true, false and null.
    JsonLiteral,
}

impl Role {
    /// Every role with its name in theme files, in the order of the enum. A name that a theme
    /// leaves out takes the style of its prefix (`class.5xx` that of `class`), at last `text`.
    pub const ALL: [(Self, &'static str); 58] = [
        (Self::Text, "text"),
        (Self::Dim, "text.dim"),
        (Self::Strong, "text.strong"),
        (Self::Surface, "surface"),
        (Self::Popup, "surface.popup"),
        (Self::Line, "line"),
        (Self::Accent, "accent"),
        (Self::Key, "accent.key"),
        (Self::Selection, "selection"),
        (Self::SelectionInactive, "selection.inactive"),
        (Self::Mark, "selection.mark"),
        (Self::Match, "match"),
        (Self::MatchCurrent, "match.current"),
        (Self::Input, "input"),
        (Self::Placeholder, "input.placeholder"),
        (Self::Symbol, "text.symbol"),
        (Self::Critical, "level.critical"),
        (Self::Error, "level.error"),
        (Self::Warning, "level.warning"),
        (Self::Notice, "level.notice"),
        (Self::Info, "level.info"),
        (Self::Debug, "level.debug"),
        (Self::Trace, "level.trace"),
        (Self::Ok, "level.ok"),
        (Self::PillFor, "pill.for"),
        (Self::PillOut, "pill.out"),
        (Self::PillOff, "pill.off"),
        (Self::Bar, "bar"),
        (Self::Class1xx, "class.1xx"),
        (Self::Class2xx, "class.2xx"),
        (Self::Class3xx, "class.3xx"),
        (Self::Class4xx, "class.4xx"),
        (Self::Class5xx, "class.5xx"),
        (Self::ClassOther, "class.other"),
        (Self::Series1, "series.1"),
        (Self::Series2, "series.2"),
        (Self::Series3, "series.3"),
        (Self::Series4, "series.4"),
        (Self::Series5, "series.5"),
        (Self::Series6, "series.6"),
        (Self::Series7, "series.7"),
        (Self::Series8, "series.8"),
        (Self::Series9, "series.9"),
        (Self::Series10, "series.10"),
        (Self::SeriesOther, "series.other"),
        (Self::SeriesMissing, "series.missing"),
        (Self::TypeKeyword, "type.keyword"),
        (Self::TypeText, "type.text"),
        (Self::TypeNumber, "type.number"),
        (Self::TypeDate, "type.date"),
        (Self::TypeIp, "type.ip"),
        (Self::TypeBoolean, "type.boolean"),
        (Self::TypeGeo, "type.geo"),
        (Self::TypeOther, "type.other"),
        (Self::FieldName, "field"),
        (Self::JsonString, "json.string"),
        (Self::JsonNumber, "json.number"),
        (Self::JsonLiteral, "json.literal"),
    ];

    /// The role of the series with that index, from 0; after ten they begin again.
    #[must_use]
    pub fn series(index: usize) -> Self {
        const SERIES: [Role; 10] = [
            Role::Series1,
            Role::Series2,
            Role::Series3,
            Role::Series4,
            Role::Series5,
            Role::Series6,
            Role::Series7,
            Role::Series8,
            Role::Series9,
            Role::Series10,
        ];
        SERIES[index % SERIES.len()]
    }
}
