//! Every shipped theme loads without a finding, names every role, and can be read.

use ratatui::style::{Color, Modifier};

use super::{Charset, ColorDepth, DEFAULT, Role, SHIPPED, Theme};

fn themes(depth: ColorDepth) -> impl Iterator<Item = Theme> {
    Theme::names().map(move |name| Theme::shipped(name, depth, Charset::Unicode).unwrap())
}

#[test]
fn shipped_themes_load_without_findings_and_bear_their_names() {
    for (name, text) in SHIPPED {
        let (theme, findings) = Theme::from_text(name, text, ColorDepth::True, Charset::Unicode);
        assert!(findings.is_empty(), "{name}: {findings:?}");
        assert_eq!(theme.name, name);
    }
}

#[test]
fn an_unknown_theme_is_answered_with_the_nearest() {
    let error = Theme::shipped("draculla", ColorDepth::True, Charset::Unicode).unwrap_err();
    assert_eq!(error.hint.as_deref(), Some("did you mean `dracula`?"));
}

#[test]
fn roles_are_listed_in_their_own_order() {
    for (index, (role, name)) in Role::ALL.iter().enumerate() {
        assert_eq!(*role as usize, index, "{name}");
    }
}

#[test]
fn poor_terminals_get_only_what_they_can_show() {
    for theme in themes(ColorDepth::Ansi16) {
        for (role, name) in Role::ALL {
            let style = theme.style(role);
            for color in [style.fg, style.bg].into_iter().flatten() {
                let named = !matches!(color, Color::Rgb(..) | Color::Indexed(_));
                assert!(named, "{} {name} {color:?}", theme.name);
            }
        }
    }
    for theme in themes(ColorDepth::None) {
        for (role, name) in Role::ALL {
            let style = theme.style(role);
            assert_eq!((style.fg, style.bg), (None, None), "{} {name}", theme.name);
        }
    }
}

#[test]
fn without_colour_what_matters_still_differs() {
    let theme = Theme::shipped(DEFAULT, ColorDepth::None, Charset::Ascii).unwrap();
    assert!(theme.patterned);
    let plain = theme.style(Role::Text);
    for role in [Role::Selection, Role::Match, Role::MatchCurrent, Role::Error, Role::Warning] {
        assert_ne!(theme.style(role), plain, "{role:?}");
    }
    assert!(theme.style(Role::Selection).add_modifier.contains(Modifier::REVERSED));
}

/// WCAG relative luminance of a colour.
fn luminance(color: Color) -> f64 {
    let Color::Rgb(r, g, b) = color else { panic!("{color:?}") };
    let channel = |value: u8| {
        let value = f64::from(value) / 255.0;
        if value <= 0.03928 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b)
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn every_shipped_theme_can_be_read() {
    for theme in themes(ColorDepth::True).filter(|theme| theme.name != "monochrome") {
        let (page, ink) = if theme.light {
            (Color::Rgb(255, 255, 255), Color::Rgb(20, 20, 20))
        } else {
            (Color::Rgb(12, 12, 12), Color::Rgb(220, 220, 220))
        };
        let full = |color: Option<Color>, default| match color {
            None | Some(Color::Reset) => default,
            Some(color) => color,
        };
        let ground = full(theme.style(Role::Surface).bg, page);
        for (role, name) in Role::ALL {
            let style = theme.style(role);
            let own = full(style.bg, ground);
            let least = match role {
                Role::Text | Role::Input | Role::Strong => 4.5,
                Role::Line | Role::SeriesMissing | Role::Surface => 1.3,
                Role::Bar => 2.0,
                _ => 3.0,
            };
            let seen = contrast(full(style.fg, ink), own);
            assert!(seen >= least, "{} {name}: {seen:.1} < {least}", theme.name);
        }
        let row = full(theme.style(Role::Selection).bg, ground);
        let on_row = theme.style(Role::Text).patch(theme.style(Role::Selection)).fg;
        assert!(contrast(full(on_row, ink), row) >= 4.5, "{} selection", theme.name);
    }
}
