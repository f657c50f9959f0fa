//! What hostile text becomes, and that nothing else gets through.

use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Modifier, Style};
use ratatui::text::Line;
use ratatui::widgets::Widget as _;

use super::{Ink, clean, fit, shorten, width, wrap};

fn check(text: &str, expect: &str) {
    assert_eq!(clean(text, false), expect, "{text:?}");
}

#[test]
fn control_characters_become_pictures() {
    check("a\0b\x07", "a␀b␇");
    check("\x1b]0;title\x07", "␛]0;title␇");
    check("del\x7f", "del␡");
    check("c1\u{9b}31m", "c1<9b>31m");
    assert_eq!(clean("\x1b[2J\0\x7f", true), "^[[2J^@^?");
}

#[test]
fn colour_sequences_are_left_out() {
    check("\x1b[31mred\x1b[0m and \x1b[1;38;5;208mmore\x1b[m", "red and more");
    check("\x1b[2Jnot a colour", "␛[2Jnot a colour");
    check("cut \x1b[31", "cut ␛[31");
}

#[test]
fn lines_and_tabs_are_shown_in_one_line() {
    check("a\nb\r\nc\rd", "a⏎b⏎c␍d");
    check("a\tb", "a       b");
    check("1234567\tb", "1234567 b");
    assert_eq!(clean("a\nb", true), "a$b");
}

#[test]
fn what_reorders_or_hides_is_named() {
    check("\u{202e}abc", "<202e>abc");
    check("a\u{200b}b\u{ad}c\u{feff}", "a<200b>b<ad>c<feff>");
    check("\u{2066}x\u{2069}", "<2066>x<2069>");
    check("line\u{2028}sep", "line<2028>sep");
}

#[test]
fn graphemes_stay_whole_and_doubtful_widths_are_taken_apart() {
    check("e\u{301}日本", "e\u{301}日本");
    check("☀\u{fe0f}!", "☀!");
    check("👨\u{200d}👩", "👨<200d>👩");
    check("\u{301}alone", "<301>alone");
    assert_eq!(width("日本", 10), 4);
}

#[test]
fn ascii_screens_get_ascii() {
    assert_eq!(clean("naïve 日本", true), "na?ve ????");
}

#[test]
fn texts_are_cut_at_graphemes_with_an_ellipsis() {
    assert_eq!(shorten("abcdef", 6, false), "abcdef");
    assert_eq!(shorten("abcdefg", 6, false), "abcde…");
    assert_eq!(shorten("日本語", 5, false), "日本…");
    assert_eq!(shorten("日本語", 4, false), "日 …");
    assert_eq!(shorten("abc", 0, false), "");
    assert_eq!(shorten("abcdefg", 6, true), "abcde~");
}

#[test]
fn a_text_can_be_scrolled_sideways() {
    let ink = Ink::of(Style::new(), false);
    let at = |skip| {
        let fitted = fit("ab日cdef", skip, 4, &ink);
        fitted.spans.iter().map(|span| span.content.as_ref()).collect::<String>()
    };
    assert_eq!(at(2), "日c…");
    assert_eq!(at(3), " cd…");
    assert_eq!(at(4), "cdef");
    assert_eq!(at(40), "");
}

#[test]
fn marked_places_take_the_style_of_a_hit() {
    let hit = Style::new().add_modifier(Modifier::REVERSED);
    let marks = [1..3, 4..5];
    let ink = Ink { hit, marks: &marks, ..Ink::of(Style::new(), false) };
    let fitted = fit("abcdef", 0, 10, &ink);
    let parts: Vec<(&str, bool)> =
        fitted.spans.iter().map(|span| (span.content.as_ref(), span.style == hit)).collect();
    assert_eq!(parts, [("a", false), ("bc", true), ("d", false), ("e", true), ("f", false)]);
}

#[test]
fn wrapped_text_breaks_at_lines_and_at_the_edge() {
    let ink = Ink::of(Style::new(), false);
    let lines = |text, rows| {
        let (lines, more) = wrap(text, 4, rows, &ink);
        (lines.iter().map(ToString::to_string).collect::<Vec<_>>(), more)
    };
    assert_eq!(lines("ab\ncdefgh", 9), (vec!["ab".into(), "cdef".into(), "gh".into()], false));
    assert_eq!(lines("abcdefgh", 1), (vec!["abcd".into()], true));
    assert_eq!(lines("日日日", 9), (vec!["日日".into(), "日".into()], false));
}

#[test]
fn a_line_of_a_megabyte_costs_what_is_seen() {
    let long = "x".repeat(1 << 20);
    let begun = std::time::Instant::now();
    for _ in 0..50 {
        assert_eq!(fit(&long, 0, 80, &Ink::of(Style::new(), false)).width, 80);
    }
    assert!(begun.elapsed() < std::time::Duration::from_secs(1));
}

fn hostile() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        any::<char>().prop_map(String::from),
        "[\\x00-\\x20\\x7f-\\u{a0}]{1,3}",
        Just("\x1b[31m".to_owned()),
        Just("e\u{301}\u{302}".to_owned()),
        Just("👨\u{200d}👩\u{200d}👧".to_owned()),
        Just("ｶﾞ".to_owned()),
        Just("\u{202e}\u{fe0f}".to_owned()),
        "[a-z ]{1,6}",
        Just("日".to_owned()),
    ];
    proptest::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn nothing_unsafe_comes_out(text in hostile(), ascii: bool) {
        let safe = clean(&text, ascii);
        prop_assert!(!safe.chars().any(char::is_control), "{safe:?}");
        prop_assert!(!ascii || safe.is_ascii(), "{safe:?}");
        let reorders = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        prop_assert!(!safe.chars().any(reorders), "{safe:?}");
    }

    #[test]
    fn the_width_said_is_the_width_filled(text in hostile(), most in 0..30_usize, skip in 0..9_usize) {
        let fitted = fit(&text, skip, most, &Ink::of(Style::new(), false));
        prop_assert!(fitted.width <= most);
        let mut buffer = Buffer::filled(Rect::new(0, 0, 40, 1), ratatui::buffer::Cell::new("##"));
        Line::from(fitted.spans).render(buffer.area, &mut buffer);
        let filled = (0..40).filter(|x| buffer[(*x, 0)].symbol() != "##").count();
        prop_assert_eq!(filled, fitted.width, "{:?}", text);
    }

    #[test]
    fn wrapped_lines_fit(text in hostile(), columns in 0..12_usize, rows in 0..5_usize) {
        let (lines, _) = wrap(&text, columns, rows, &Ink::of(Style::new(), false));
        prop_assert!(lines.len() <= rows);
        for line in lines {
            prop_assert!(line.width() <= columns, "{:?}", line);
        }
    }
}
