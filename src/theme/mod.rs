//! Themes: what each role of the screen looks like, at the depth of colour that the terminal has.
//!
//! In: theme files (`themes/*.toml`, compiled in, or the user's own), a [`ColorDepth`] and a
//! [`Charset`]. Out: a [`Theme`], asked by [`Role`]. Everything is resolved once, when it loads; a
//! frame costs an array look-up. Without colour the monochrome theme is used, whatever was named.

mod color;
mod depth;
mod file;
mod glyph;
mod role;
#[cfg(test)]
mod tests;

use ratatui::style::{Color, Style};

pub use self::depth::{Charset, ColorDepth};
use self::file::{Look, ThemeFile};
pub use self::glyph::Glyphs;
pub use self::role::Role;
use crate::config::Finding;
use crate::diagnostic::{Diagnostic, nearest};
use crate::query::Level;

/// The shipped themes by name.
const SHIPPED: [(&str, &str); 10] = [
    ("dark", include_str!("../../themes/dark.toml")),
    ("light", include_str!("../../themes/light.toml")),
    ("high-contrast", include_str!("../../themes/high-contrast.toml")),
    ("monochrome", include_str!("../../themes/monochrome.toml")),
    ("nord", include_str!("../../themes/nord.toml")),
    ("gruvbox", include_str!("../../themes/gruvbox.toml")),
    ("solarized-dark", include_str!("../../themes/solarized-dark.toml")),
    ("solarized-light", include_str!("../../themes/solarized-light.toml")),
    ("catppuccin", include_str!("../../themes/catppuccin.toml")),
    ("dracula", include_str!("../../themes/dracula.toml")),
];

/// The theme that is used when none is named.
pub const DEFAULT: &str = "dark";

/// Styles by role, and the characters that may be drawn.
#[derive(Debug, Clone)]
pub struct Theme {
    /// Its name as shown.
    pub name: String,
    /// Whether it is meant for light grounds.
    pub light: bool,
    /// The depth that it was made for.
    pub depth: ColorDepth,
    /// Bars, lines and marks.
    pub glyphs: Glyphs,
    /// Series are told apart by pattern and letter, as there is no colour.
    pub patterned: bool,
    styles: [Style; Role::ALL.len()],
}

impl Theme {
    /// The names of the shipped themes.
    pub fn names() -> impl Iterator<Item = &'static str> {
        SHIPPED.iter().map(|(name, _)| *name)
    }

    /// A shipped theme.
    ///
    /// # Errors
    /// If there is no theme of that name.
    pub fn shipped(name: &str, depth: ColorDepth, charset: Charset) -> Result<Self, Diagnostic> {
        let Some((_, text)) = SHIPPED.iter().find(|(shipped, _)| *shipped == name) else {
            let mut error = Diagnostic::error(format!("there is no theme `{name}`"));
            let near = nearest(name, Self::names());
            let all: Vec<&str> = Self::names().collect();
            error = error.hint(near.map_or_else(
                || format!("themes: {}", all.join(", ")),
                |near| format!("did you mean `{near}`?"),
            ));
            return Err(error);
        };
        Ok(Self::from_text(name, text, depth, charset).0)
    }

    /// A theme from a file's text; what is wrong in it is left out and reported.
    #[must_use]
    pub fn from_text(
        file: &str,
        text: &str,
        depth: ColorDepth,
        charset: Charset,
    ) -> (Self, Vec<Finding>) {
        let (theme, findings) = ThemeFile::parse(file, text, shipped_text);
        let colorless = depth == ColorDepth::None || theme.name == MONOCHROME;
        let looks = if colorless && theme.name != MONOCHROME {
            let text = shipped_text(MONOCHROME).unwrap_or_default();
            ThemeFile::parse(MONOCHROME, text, shipped_text).0
        } else {
            theme.clone()
        };
        let theme = Self {
            name: theme.name,
            light: theme.light,
            depth,
            glyphs: Glyphs::of(charset),
            patterned: colorless,
            styles: Role::ALL.map(|(_, name)| style_of(looks.look(name), depth)),
        };
        (theme, findings)
    }

    /// The style of a role.
    #[must_use]
    pub fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The style of a record's level.
    #[must_use]
    pub fn level(&self, level: Level) -> Style {
        self.style(match level {
            Level::Critical => Role::Critical,
            Level::Error => Role::Error,
            Level::Warning => Role::Warning,
            Level::Notice => Role::Notice,
            Level::Info => Role::Info,
            Level::Debug => Role::Debug,
            Level::Trace => Role::Trace,
        })
    }

    /// The colour in which a role fills a cell (bars): its foreground, the terminal's own if none.
    #[must_use]
    pub fn fill(&self, role: Role) -> Color {
        self.style(role).fg.unwrap_or(Color::Reset)
    }
}

impl Default for Theme {
    fn default() -> Self {
        let text = shipped_text(DEFAULT).unwrap_or_default();
        Self::from_text(DEFAULT, text, ColorDepth::True, Charset::Unicode).0
    }
}

const MONOCHROME: &str = "monochrome";

fn shipped_text(name: &str) -> Option<&'static str> {
    SHIPPED.iter().find(|(shipped, _)| *shipped == name).map(|(_, text)| *text)
}

fn style_of(look: Look, depth: ColorDepth) -> Style {
    let mut style = Style::new().add_modifier(look.mods);
    style.fg = look.fg.and_then(|paint| paint.at(depth));
    style.bg = look.bg.and_then(|paint| paint.at(depth));
    style
}
