//! Whole frames over made-up states, at the sizes that matter.

mod fixture;

use proptest::prelude::*;
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use self::fixture::app;
use super::draw;
use crate::app::App;
use crate::app::state::{Geometry, Pane};
use crate::theme::{Charset, ColorDepth, Theme};

fn screen(app: &App, theme: &Theme, width: u16, height: u16) -> (Geometry, String) {
    let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
    let mut geometry = Geometry::default();
    terminal.draw(|frame| geometry = draw(app, theme, frame)).unwrap();
    let buffer = terminal.backend().buffer();
    let line = |y| {
        let cells = (0..width).map(|x| buffer[(x, y)].symbol());
        cells.collect::<String>().trim_end().to_owned()
    };
    let lines: Vec<String> = (0..height).map(line).collect();
    (geometry, lines.join("\n"))
}

#[test]
fn the_main_screen_at_80_by_24() {
    let (geometry, screen) = screen(&app(), &Theme::default(), 80, 24);
    assert_eq!(geometry.table_rows, 12);
    assert!(screen.contains("1,284 of 98,211 hits"), "{screen}");
}

#[test]
fn the_main_screen_at_140_by_45() {
    let (geometry, screen) = screen(&app(), &Theme::default(), 140, 45);
    assert!(geometry.fields_beside);
    assert!(screen.contains("1,284 of 98,211 hits"), "{screen}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn drawing_never_panics_at_any_size(width in 1..200_u16, height in 1..60_u16, pane in 0..4_usize, layer in 0..13_usize, ascii: bool) {
        let mut app = app();
        app.focus.pane = [Pane::Table, Pane::Fields, Pane::Histogram, Pane::Pills][pane];
        if let Some(layer) = fixture::LAYERS.get(layer) {
            fixture::open(&mut app, *layer);
        }
        let charset = if ascii { Charset::Ascii } else { Charset::Unicode };
        let depth = if ascii { ColorDepth::None } else { ColorDepth::True };
        let theme = Theme::shipped("dark", depth, charset).unwrap();
        let (_, text) = screen(&app, &theme, width, height);
        prop_assert!(!ascii || text.is_ascii(), "{}", text);
        prop_assert!(!text.chars().any(|c| c.is_control() && c != '\n'));
    }

    #[test]
    fn tiny_screens_do_not_panic(width in 1..25_u16, height in 1..9_u16, layer in 0..13_usize) {
        let mut app = app();
        if let Some(layer) = fixture::LAYERS.get(layer) {
            fixture::open(&mut app, *layer);
        }
        screen(&app, &Theme::default(), width, height);
    }
}

#[test]
fn a_layer_is_known_to_the_fixture() {
    let mut app = app();
    for layer in fixture::LAYERS {
        fixture::open(&mut app, layer);
        assert!(app.focus.has(layer));
    }
    assert_eq!(app.focus.top(), fixture::LAYERS.last().copied());
}
