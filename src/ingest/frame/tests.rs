//! Records by table, and the property that every partition gives the same records.

use proptest::prelude::*;

use super::*;
use crate::event::Span;
use crate::ingest::member::Newline;

/// `#` is a header, a blank begins a continuation, `+` at a line's end continues it in the next.
struct Rule;

impl RecordRule for Rule {
    fn kind(&self, line: &[u8], before: &[u8]) -> LineKind {
        match line.first() {
            Some(b'#') => LineKind::Header,
            Some(b' ') => LineKind::Continues,
            _ if before.last() == Some(&b'+') => LineKind::Continues,
            _ => LineKind::Start,
        }
    }
}

const SMALL: Joining = Joining { lines: 4, bytes: 40, line_bytes: 30 };

fn framing(rule: &dyn RecordRule, joining: Joining) -> Framing<'_> {
    Framing { rule, joining, newline: Newline::Lf }
}

fn records_of(framing: &Framing<'_>, text: &[u8]) -> Vec<(u64, Vec<u8>)> {
    let block = Block { seam: Seam::START, bytes: text.to_vec() };
    named(framing, &[block])
}

fn named(framing: &Framing<'_>, blocks: &[Block]) -> Vec<(u64, Vec<u8>)> {
    let mut all = Vec::new();
    for block in blocks {
        let mut spans: Vec<Span> = Vec::new();
        block.records(framing, &mut spans);
        for span in spans {
            let bytes = block.bytes[span.start as usize..span.end as usize].to_vec();
            all.push((block.offset() + u64::from(span.start), bytes));
        }
    }
    all
}

fn check(text: &str, expected: &[&str]) {
    let found = records_of(&framing(&Rule, SMALL), text.as_bytes());
    let found: Vec<String> =
        found.iter().map(|(_, bytes)| String::from_utf8_lossy(bytes).into_owned()).collect();
    assert_eq!(found, expected, "{text:?}");
}

#[test]
fn continuing_lines_join_the_record_before() {
    check("a\n  b\nc\n", &["a\n  b", "c"]);
    check("a+\nb+\nc\nd\n", &["a+\nb+\nc", "d"]);
}

#[test]
fn lines_before_the_first_start_are_a_record() {
    check(" a\n b\nc\n", &[" a\n b", "c"]);
    check("#h\n a\nb\n", &[" a", "b"]);
}

#[test]
fn headers_are_no_records_and_end_the_one_before() {
    check("#x\na\n#y\n#z\nb\n", &["a", "b"]);
}

#[test]
fn empty_lines_stay_inside_a_record_only() {
    check("\n\na\n\n b\n\nc\n\n", &["a\n\n b", "c"]);
    check("\n\r\n\n", &[]);
    check("", &[]);
}

#[test]
fn line_ends_are_left_out_and_the_last_may_be_missing() {
    check("a\r\n b\r\nc", &["a\r\n b", "c"]);
    check("a\rb\nc\r\n", &["a\rb", "c"]);
}

#[test]
fn joining_stops_at_the_limit_of_lines_and_nothing_is_dropped() {
    check("a\n 1\n 2\n 3\n 4\n 5\nb\n", &["a\n 1\n 2\n 3", " 4\n 5", "b"]);
}

#[test]
fn joining_stops_at_the_limit_of_bytes() {
    let long = " 45678901234567890";
    check(&format!("a\n{long}\n{long}\n{long}\n"), &[&format!("a\n{long}\n{long}"), long]);
}

#[test]
fn a_line_that_is_too_long_is_cut_at_multiples() {
    let line = "x".repeat(100);
    check(&format!("ab\n{line}\n"), &["ab", &"x".repeat(57), &"x".repeat(30), &"x".repeat(13)]);
}

/// As [`EveryLine`], but without its fast way.
struct Slow;

impl RecordRule for Slow {
    fn kind(&self, _: &[u8], _: &[u8]) -> LineKind {
        LineKind::Start
    }
}

#[test]
fn each_line_is_a_record_on_the_fast_way_too() {
    let text = b"a\r\n\n  b\nc\n\nlast";
    let fast = records_of(&framing(&EveryLine, SMALL), text);
    assert_eq!(fast, records_of(&framing(&Slow, SMALL), text));
    assert_eq!(fast.len(), 4);
}

#[test]
fn bare_cr_ends_lines_where_the_text_has_nothing_else() {
    let framing = Framing { newline: Newline::Cr, ..framing(&EveryLine, SMALL) };
    let found = records_of(&framing, b"a\rb\rc");
    assert_eq!(found, [(0, b"a".to_vec()), (2, b"b".to_vec()), (4, b"c".to_vec())]);
}

#[test]
fn a_byte_order_mark_is_left_out() {
    check("\u{feff}a\n b\nc\n", &["a\n b", "c"]);
    let text = "\u{feff}a\n\u{feff}b\n".as_bytes();
    let found = records_of(&framing(&EveryLine, SMALL), text);
    assert_eq!(found, [(3, b"a".to_vec()), (5, "\u{feff}b".as_bytes().to_vec())]);
}

#[test]
fn a_rewritten_block_is_known() {
    let text = b"one\ntwo\nthree\n".to_vec();
    let framing = framing(&EveryLine, SMALL);
    let block = Block::read(&framing, &text, 2..9, 14, Vec::new()).unwrap();
    assert_eq!(block.bytes, b"two\nthree\n");
    let (len, print) = (block.bytes.len() as u32, block.fingerprint());
    assert!(Block::read_again(&text, block.seam, len, print, Vec::new()).is_ok());
    let changed = b"one\ntwo\nthrex\n".to_vec();
    let again = Block::read_again(&changed, block.seam, len, print, Vec::new());
    assert!(matches!(again, Err(BlockError::Changed { offset: 4 })));
    let shorter = Block::read_again(&text[..9].to_vec(), block.seam, len, print, Vec::new());
    assert!(matches!(shorter, Err(BlockError::Changed { .. })));
}

/// Texts with all that matters: starts, continuations, headers, empty lines, long lines, CR LF.
fn texts() -> impl Strategy<Value = Vec<u8>> {
    let line = prop_oneof![
        4 => "[ab]{1,12}",
        6 => " [ab]{0,12}",
        2 => "[ab]{1,6}\\+",
        1 => "#[ab]{0,3}",
        2 => Just(String::new()),
        1 => "[ab ]{30,130}",
        1 => " [ab]{30,70}",
    ];
    let end = prop_oneof![5 => Just("\n"), 1 => Just("\r\n"), 1 => Just("\n\n\n")];
    let lines = prop::collection::vec((line, end), 0..60);
    (lines, any::<bool>()).prop_map(|(lines, ended)| {
        let mut text: Vec<u8> =
            lines.iter().flat_map(|(line, end)| [line.as_str(), end]).collect::<String>().into();
        if !ended {
            text.pop();
        }
        text
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn every_partition_gives_the_same_records(
        text in texts(),
        every in any::<bool>(),
        lines in 1u32..6,
        bytes in 8u64..60,
        line_bytes in 10u64..50,
        size in 1u64..200,
    ) {
        let rule: &dyn RecordRule = if every { &EveryLine } else { &Rule };
        let framing = framing(rule, Joining { lines, bytes, line_bytes });
        let whole = records_of(&framing, &text);
        let len = text.len() as u64;
        let blocks: Vec<Block> = (0..len.div_ceil(size))
            .map(|part| part * size..(part + 1) * size)
            .map(|part| Block::read(&framing, &text, part, len, Vec::new()).unwrap())
            .collect();
        let total: usize = blocks.iter().map(|block| block.bytes.len()).sum();
        prop_assert_eq!(total as u64, len);
        prop_assert_eq!(named(&framing, &blocks), whole);
    }

    #[test]
    fn reading_on_from_the_last_seam_gives_the_same_records(
        text in texts(),
        at in 0usize..2000,
    ) {
        let framing = framing(&Rule, SMALL);
        let whole = records_of(&framing, &text);
        let known = &text[..at.min(text.len())];
        let mut early = Vec::new();
        let last = cut(&framing, Seam::START, known, &mut early);
        let from = usize::try_from(last.offset).unwrap();
        let kept = Block { seam: Seam::START, bytes: text[..from].to_vec() };
        let rest = Block { seam: last, bytes: text[from..].to_vec() };
        prop_assert_eq!(named(&framing, &[kept, rest]), whole);
    }

    #[test]
    fn the_forward_reader_gives_the_same_records(text in texts(), size in 1u64..200) {
        let framing = framing(&Rule, SMALL);
        let mut blocks = Vec::new();
        let mut from = Seam::START;
        loop {
            let rest = &text[usize::try_from(from.offset).unwrap()..];
            let Some(seam) = seam_within(&framing, from, rest, from.offset + size) else {
                blocks.push(Block { seam: from, bytes: rest.to_vec() });
                break;
            };
            let bytes = rest[..usize::try_from(seam.offset - from.offset).unwrap()].to_vec();
            blocks.push(Block { seam: from, bytes });
            from = seam;
        }
        prop_assert_eq!(named(&framing, &blocks), records_of(&framing, &text));
    }
}
