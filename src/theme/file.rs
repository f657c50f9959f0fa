//! Theme files: TOML to a table of styles by role name.
//!
//! A file has `name`, `appearance` (`dark` or `light`), `inherits` (a shipped theme), `[palette]`
//! and `[styles]`. A colour is `#rrggbb`, one of the sixteen names, `default`, `none`, or a name of
//! the palette; a palette entry may be a pair, whose second is used where there are sixteen colours.
//! A style is a colour, or `{ fg, bg, mods = ["bold", ..] }`.

use std::collections::BTreeMap;
use std::ops::Range;

use ratatui::style::Modifier;
use toml::de::DeValue;

use super::color::{self, Paint};
use super::role::Role;
use crate::config::{Finding, Reader, Table, Value};
use crate::diagnostic::{Diagnostic, nearest};

/// A style before the depth of colour is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Look {
    /// The colour of the characters.
    pub fg: Option<Paint>,
    /// The colour of the ground.
    pub bg: Option<Paint>,
    /// Bold, reverse and so on.
    pub mods: Modifier,
}

/// A style as written: its colours may be names of the palette.
#[derive(Debug, Clone, Default)]
struct Written {
    fg: Option<String>,
    bg: Option<String>,
    mods: Modifier,
}

type Palette = BTreeMap<String, Paint>;

/// What a theme file and those that it inherits from say.
#[derive(Debug, Clone, Default)]
pub(super) struct ThemeFile {
    /// The name shown.
    pub name: String,
    /// Whether it is for light grounds.
    pub light: bool,
    palette: Palette,
    styles: BTreeMap<String, Written>,
}

/// Themes that inherit further than this are cut.
const GENERATIONS: usize = 8;

impl ThemeFile {
    /// Reads a theme file; what is wrong in it is left out and reported. `shipped` gives the text
    /// of a shipped theme, for `inherits`.
    pub(super) fn parse(
        file: &str,
        text: &str,
        shipped: fn(&str) -> Option<&'static str>,
    ) -> (Self, Vec<Finding>) {
        Self::parse_at(file, text, shipped, 0)
    }

    fn parse_at(
        file: &str,
        text: &str,
        shipped: fn(&str) -> Option<&'static str>,
        generation: usize,
    ) -> (Self, Vec<Finding>) {
        let mut reader = Reader::new(file, text);
        let mut root = reader.root();
        let mut theme = Self::default();
        if let Some(value) = root.take("inherits") {
            let span = value.span();
            let parent = reader.string("inherits", value).unwrap_or_default();
            match shipped(&parent) {
                Some(text) if generation < GENERATIONS => {
                    theme = Self::parse_at(&parent, text, shipped, generation + 1).0;
                }
                _ => {
                    let found = Diagnostic::warning(format!("there is no theme `{parent}`"));
                    reader.report(Some(span), found);
                }
            }
        }
        if let Some(value) = root.take("name") {
            theme.name = reader.string("name", value).unwrap_or_default();
        }
        if let Some(value) = root.take("appearance") {
            theme.light = reader.string("appearance", value).as_deref() == Some("light");
        }
        if let Some(value) = root.take("palette") {
            let table = reader.table("palette", value);
            theme.palette.extend(read_palette(&mut reader, table));
        }
        if let Some(value) = root.take("styles") {
            let table = reader.table("styles", value);
            let styles = read_styles(&mut reader, table, &theme.palette);
            theme.styles.extend(styles);
        }
        reader.unknown(root, &["name", "appearance", "inherits", "palette", "styles"]);
        (theme, reader.finish())
    }

    /// The look of a role: its own, else that of its nearest prefix, else of `text`.
    pub(super) fn look(&self, role: &str) -> Look {
        let mut name = role;
        loop {
            if let Some(written) = self.styles.get(name) {
                return self.resolve(written);
            }
            match name.rfind('.') {
                Some(dot) => name = &name[..dot],
                None if name == "text" || name == "surface" => return Look::default(),
                None => name = "text",
            }
        }
    }

    fn resolve(&self, written: &Written) -> Look {
        let paint = |text: &Option<String>| {
            let text = text.as_ref()?;
            let of_palette = self.palette.get(text).copied();
            of_palette.or_else(|| color::parse(text).ok().map(Paint::of))
        };
        Look { fg: paint(&written.fg), bg: paint(&written.bg), mods: written.mods }
    }
}

fn read_palette<'t>(reader: &mut Reader<'t>, mut table: Table<'t>) -> Palette {
    let mut palette = Palette::new();
    for (key, value) in table.take_all() {
        let name = key.get_ref().to_string();
        let paint = if matches!(value.get_ref(), DeValue::Array(_)) {
            let span = value.span();
            let pair = reader.strings(&name, value);
            match pair.as_slice() {
                [full, ansi] => pair_of(full, ansi),
                _ => None,
            }
            .or_else(|| complain(reader, span, &name))
        } else {
            let span = value.span();
            reader.string(&name, value).and_then(|text| {
                let color = color::parse(&text).ok();
                color.map(Paint::of).or_else(|| complain(reader, span, &text))
            })
        };
        if let Some(paint) = paint {
            palette.insert(name, paint);
        }
    }
    palette
}

fn pair_of(full: &str, ansi: &str) -> Option<Paint> {
    let full = color::parse(full).ok()?;
    let ansi = color::parse(ansi).ok()?;
    Some(Paint { full, ansi: ansi.map(color::to_16) })
}

fn complain<T>(reader: &mut Reader<'_>, span: Range<usize>, text: &str) -> Option<T> {
    let hint = "#rrggbb, a name such as bright-red, default, none, or a name of the palette";
    let found = Diagnostic::warning(format!("`{text}` is no colour")).hint(hint);
    reader.report(Some(span), found);
    None
}

fn read_styles<'t>(
    reader: &mut Reader<'t>,
    mut table: Table<'t>,
    palette: &Palette,
) -> BTreeMap<String, Written> {
    let mut looks = BTreeMap::new();
    for (key, value) in table.take_all() {
        let name = key.get_ref().to_string();
        if !is_role(&name) {
            let mut found = Diagnostic::warning(format!("unknown role `{name}`"));
            if let Some(near) = nearest(&name, Role::ALL.iter().map(|(_, name)| *name)) {
                found = found.hint(format!("did you mean `{near}`?"));
            }
            reader.report(Some(key.span()), found);
            continue;
        }
        let look = if matches!(value.get_ref(), DeValue::Table(_)) {
            let inner = reader.table(&name, value);
            read_look(reader, inner, palette)
        } else {
            Written { fg: read_color(reader, &name, value, palette), ..Written::default() }
        };
        looks.insert(name, look);
    }
    looks
}

/// Whether `name` is a role or the prefix of one (`class` of `class.5xx`).
fn is_role(name: &str) -> bool {
    Role::ALL.iter().any(|(_, role)| {
        role.strip_prefix(name).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    })
}

fn read_look<'t>(reader: &mut Reader<'t>, mut table: Table<'t>, palette: &Palette) -> Written {
    let mut look = Written::default();
    if let Some(value) = table.take("fg") {
        look.fg = read_color(reader, "fg", value, palette);
    }
    if let Some(value) = table.take("bg") {
        look.bg = read_color(reader, "bg", value, palette);
    }
    if let Some(value) = table.take("mods") {
        let span = value.span();
        for word in reader.strings("mods", value) {
            if let Some((_, modifier)) = MODIFIERS.iter().find(|(name, _)| *name == word) {
                look.mods |= *modifier;
            } else {
                let hint = "bold, dim, italic, underlined, reversed or crossed-out";
                let found = Diagnostic::warning(format!("unknown modifier `{word}`")).hint(hint);
                reader.report(Some(span.clone()), found);
            }
        }
    }
    reader.unknown(table, &["fg", "bg", "mods"]);
    look
}

const MODIFIERS: [(&str, Modifier); 6] = [
    ("bold", Modifier::BOLD),
    ("dim", Modifier::DIM),
    ("italic", Modifier::ITALIC),
    ("underlined", Modifier::UNDERLINED),
    ("reversed", Modifier::REVERSED),
    ("crossed-out", Modifier::CROSSED_OUT),
];

fn read_color<'t>(
    reader: &mut Reader<'t>,
    name: &str,
    value: Value<'t>,
    palette: &Palette,
) -> Option<String> {
    let span = value.span();
    let text = reader.string(name, value)?;
    if palette.contains_key(&text) || color::parse(&text).is_ok() {
        return Some(text);
    }
    complain::<String>(reader, span, &text)
}

#[cfg(test)]
mod tests {
    use super::ThemeFile;

    #[test]
    fn mistakes_are_reported_with_line_and_neighbour() {
        let text = "name = 'mine'\n[palette]\nred = '#ff00zz'\n[styles]\n\
                    'class.5x' = 'red'\ntext = { fg = 'blu', mods = ['fat'] }\n";
        let (theme, findings) = ThemeFile::parse("mine.toml", text, |_| None);
        assert_eq!(theme.name, "mine");
        let found: Vec<String> = findings
            .iter()
            .map(|finding| format!("{}: {}", finding.line, finding.diagnostic.message))
            .collect();
        assert_eq!(
            found,
            [
                "3: `#ff00zz` is no colour",
                "5: unknown role `class.5x`",
                "6: `blu` is no colour",
                "6: unknown modifier `fat`",
            ]
        );
    }
}
