//! Feeds over every packing, over damage, pipes and commands.

use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::*;
use crate::ingest::SourceArg;
use crate::ingest::discover::{Options, discover};
use crate::ingest::frame::{EveryLine, Framing, Indented, Joining, ReadAt, RecordRule, Seam};
use crate::ingest::limits::Limits;
use crate::ingest::member::{Member, Newline, Origin};
use crate::ingest::spool::Spool;

const WAIT: Duration = Duration::from_secs(20);
const NO_WAIT: Duration = Duration::from_millis(1);

fn framing(rule: &dyn RecordRule) -> Framing<'_> {
    Framing { rule, joining: Joining::default(), newline: Newline::Lf }
}

fn small_blocks() -> Limits {
    Limits { block: 1000, ..Limits::default() }
}

fn member(path: &Path) -> Member {
    let found = discover(&[SourceArg::Path(path.to_owned())], &Options::default());
    found.sets[0].members[0].clone()
}

fn text(lines: usize) -> Vec<u8> {
    (0..lines).flat_map(|line| format!("line {line}\n  more of {line}\n").into_bytes()).collect()
}

/// All that a feed gives, with the records' offsets.
fn drain(mut feed: Feed) -> (Vec<u8>, Vec<u64>, Feed) {
    let framing = framing(&Indented);
    let (mut bytes, mut starts) = (Vec::new(), Vec::new());
    loop {
        match feed.next(&framing, WAIT, Vec::new()).unwrap() {
            Step::Fed(fed) => {
                let from = fed.block.offset();
                bytes.truncate(usize::try_from(from).unwrap());
                starts.retain(|start| *start < from);
                let mut spans = Vec::new();
                fed.block.records(&framing, &mut spans);
                starts.extend(spans.iter().map(|span| from + u64::from(span.start)));
                bytes.extend_from_slice(&fed.block.bytes);
            }
            Step::Idle => panic!("nothing came"),
            Step::End => return (bytes, starts, feed),
        }
    }
}

fn packed(text: &[u8]) -> Vec<(&'static str, Vec<u8>)> {
    let halves = [&text[..text.len() / 2], &text[text.len() / 2..]];
    let each = |pack: &dyn Fn(&[u8]) -> Vec<u8>| halves.map(pack).concat();
    vec![
        ("plain", text.to_vec()),
        (
            "gz",
            each(&|half| {
                let mut to = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                to.write_all(half).unwrap();
                to.finish().unwrap()
            }),
        ),
        ("zst", each(&|half| zstd::encode_all(half, 1).unwrap())),
        (
            "bz2",
            each(&|half| {
                let mut to = bzip2::write::BzEncoder::new(Vec::new(), bzip2::Compression::fast());
                to.write_all(half).unwrap();
                to.finish().unwrap()
            }),
        ),
        (
            "xz",
            each(&|half| {
                let mut to = liblzma::write::XzEncoder::new(Vec::new(), 1);
                to.write_all(half).unwrap();
                to.finish().unwrap()
            }),
        ),
    ]
}

#[test]
fn every_packing_gives_the_same_text_and_records_also_in_several_members() {
    let folder = tempfile::tempdir().unwrap();
    let text = text(3000);
    let mut expected: Option<Vec<u64>> = None;
    for (name, bytes) in packed(&text) {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes).unwrap();
        let feed = Feed::open(&member(&path), &small_blocks(), false).unwrap();
        let (read, starts, feed) = drain(feed);
        assert!(read == text, "{name}");
        assert_eq!(starts.len(), 3000, "{name}");
        assert_eq!(feed.stored_read(), bytes.len() as u64, "{name}");
        assert_eq!(feed.damage(), None, "{name}");
        assert_eq!(expected.get_or_insert_with(|| starts.clone()), &starts);
    }
}

#[test]
fn what_comes_before_the_damage_is_read_and_the_damage_said() {
    let folder = tempfile::tempdir().unwrap();
    let text = text(20_000);
    for (name, bytes) in packed(&text).into_iter().skip(1) {
        let path = folder.path().join(name);
        std::fs::write(&path, &bytes[..bytes.len() * 3 / 4]).unwrap();
        let (read, _, feed) = drain(Feed::open(&member(&path), &Limits::default(), false).unwrap());
        assert!(text.starts_with(&read) && read.len() >= text.len() / 2, "{name}: {}", read.len());
        assert_eq!(feed.damage().unwrap().offset, read.len() as u64, "{name}");
    }
}

#[test]
fn utf16_is_read_as_utf8() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let text = "eins\r\nzw\u{f6}lf\r\n \u{1f332}\n";
    let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    std::fs::write(&path, bytes).unwrap();
    let (read, starts, _) = drain(Feed::open(&member(&path), &Limits::default(), false).unwrap());
    assert_eq!(String::from_utf8(read).unwrap(), text);
    assert_eq!(starts, [0, 6]);
}

#[test]
fn a_sample_is_looked_at_and_still_given() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let text = text(100);
    std::fs::write(&path, &text).unwrap();
    let mut feed = Feed::open(&member(&path), &small_blocks(), false).unwrap();
    assert_eq!(feed.sample(10, NO_WAIT).unwrap(), &text[..10]);
    assert_eq!(feed.sample(1 << 20, NO_WAIT).unwrap(), text);
    let spool = Spool::new(&Limits::default(), None);
    let (read, _, _) = drain(feed.spool_to(std::sync::Arc::clone(&spool)));
    assert!(read == text);
    let mut again = vec![0; text.len() + 1];
    assert_eq!(spool.read_at(0, &mut again).unwrap(), text.len());
    assert!(again[..text.len()] == text);
}

#[test]
fn a_damaged_or_lost_spool_reads_the_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let text = text(30_000);
    let path = folder.path().join("a.gz");
    std::fs::write(&path, &packed(&text)[1].1).unwrap();
    let member = member(&path);
    let limits = Limits { spool_memory: 0, spool_disk: 0, ..Limits::default() };
    let spool = Spool::new(&limits, reopen(&member));
    let feed = Feed::open(&member, &limits, false).unwrap();
    drain(feed.spool_to(std::sync::Arc::clone(&spool)));
    let mut some = vec![0; 1000];
    assert_eq!(spool.read_at(500_000, &mut some).unwrap(), 1000);
    assert!(some == text[500_000..501_000]);
}

fn fifo(folder: &Path) -> PathBuf {
    let path = folder.join("fifo");
    let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
    rustix::fs::mknodat(rustix::fs::CWD, &path, rustix::fs::FileType::Fifo, mode, 0).unwrap();
    path
}

fn next(feed: &mut Feed, wait: Duration) -> Option<(u64, String, u64)> {
    match feed.next(&framing(&Indented), wait, Vec::new()).unwrap() {
        Step::Fed(Fed { block, settled }) => {
            let text = String::from_utf8(block.bytes.clone()).unwrap();
            Some((block.offset(), text, settled.offset))
        }
        Step::Idle => None,
        Step::End => Some((u64::MAX, String::new(), 0)),
    }
}

#[test]
fn the_last_record_of_a_pipe_is_shown_at_once_and_grows_in_place() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let mut feed = Feed::open(&member(&path), &Limits::default(), true).unwrap();
    assert!(feed.is_live());
    let mut writer = File::options().write(true).open(&path).unwrap();
    writer.write_all(b"one line\ntwo\n  m").unwrap();
    assert_eq!(next(&mut feed, WAIT), Some((0, "one line\ntwo\n  m".into(), 9)));
    assert_eq!(next(&mut feed, NO_WAIT), None);
    writer.write_all(b"ore\n").unwrap();
    assert_eq!(next(&mut feed, WAIT), Some((9, "two\n  more\n".into(), 9)));
    writer.write_all(b"three").unwrap();
    // The beginning of a line is no certain beginning of a record.
    assert_eq!(next(&mut feed, WAIT), Some((9, "two\n  more\nthree".into(), 9)));
    drop(writer);
    assert_eq!(next(&mut feed, WAIT), Some((u64::MAX, String::new(), 0)));
}

#[test]
fn a_packed_pipe_is_unpacked() {
    let folder = tempfile::tempdir().unwrap();
    let path = fifo(folder.path());
    let feed = Feed::open(&member(&path), &Limits::default(), false).unwrap();
    let text = text(2000);
    let bytes = packed(&text)[1].1.clone();
    let writer = std::thread::spawn(move || {
        File::options().write(true).open(&path).unwrap().write_all(&bytes).unwrap();
    });
    let (read, starts, _) = drain(feed);
    writer.join().unwrap();
    assert!(read == text);
    assert_eq!(starts.len(), 2000);
}

fn command(script: &str) -> Member {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    std::fs::write(&path, "").unwrap();
    let arguments = vec!["-c".to_owned(), script.to_owned()];
    let origin = Origin::Command {
        program: "sh".into(),
        following: arguments.clone(),
        arguments,
        is_merged: false,
    };
    Member { origin, ..member(&path) }
}

#[test]
fn a_command_is_read_to_its_end_and_its_failure_said() {
    let feed = Feed::open(&command("echo one; echo ' more'"), &Limits::default(), false).unwrap();
    assert_eq!(drain(feed).0, b"one\n more\n");
    let failing = command("echo one; echo it broke >&2; exit 1");
    let mut feed = Feed::open(&failing, &Limits::default(), false).unwrap();
    let framing = framing(&EveryLine);
    let Ok(Step::Fed(fed)) = feed.next(&framing, WAIT, Vec::new()) else { panic!("no text") };
    assert_eq!(fed.block.bytes, b"one\n");
    let said = feed.next(&framing, WAIT, Vec::new()).unwrap_err();
    assert_eq!(said.to_string(), "sh failed: it broke");
    assert_eq!(feed.next(&framing, WAIT, Vec::new()).unwrap(), Step::End);
}

#[test]
fn a_command_that_says_nothing_but_fails_is_a_failure() {
    let mut feed = Feed::open(&command("exit 4"), &Limits::default(), false).unwrap();
    let said = feed.next(&framing(&EveryLine), WAIT, Vec::new()).unwrap_err();
    assert_eq!(said.to_string(), "sh ended with exit status: 4");
}

#[test]
fn a_text_is_found_under_its_new_name() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    std::fs::write(&path, "old text\n").unwrap();
    let files = Files::new(1);
    let text = Text::open(&member(&path), &files).unwrap();
    std::fs::rename(&path, folder.path().join("a.log.1")).unwrap();
    std::fs::write(&path, "new text\n").unwrap();
    let read = |text: &Text| {
        let mut buf = [0; 100];
        let count = text.read_at(4, &mut buf)?;
        std::io::Result::Ok(String::from_utf8_lossy(&buf[..count]).into_owned())
    };
    assert_eq!(read(&text).unwrap(), "text\n");
    assert_eq!(text.path(), folder.path().join("a.log.1"));
    let newer = Text::open(&member(&path), &files).unwrap();
    assert_eq!(newer.len().unwrap(), 9);
    text.pin().unwrap();
    std::fs::remove_file(folder.path().join("a.log.1")).unwrap();
    assert_eq!(newer.len().unwrap(), 9);
    assert_eq!(read(&text).unwrap(), "text\n");
    text.unpin();
    assert_eq!(newer.len().unwrap(), 9); // Takes the only descriptor.
    let gone = read(&text).unwrap_err();
    assert_eq!(gone.kind(), std::io::ErrorKind::NotFound);
}

#[test]
fn more_files_than_descriptors_can_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let files = Files::new(3);
    let texts: Vec<Text> = (0..40)
        .map(|idx| {
            let path = folder.path().join(format!("{idx}.txt"));
            std::fs::write(&path, format!("text {idx}")).unwrap();
            Text::open(&member(&path), &files).unwrap()
        })
        .collect();
    for round in 0..2 {
        for (idx, text) in texts.iter().enumerate() {
            let mut buf = [0; 20];
            let count = text.read_at(0, &mut buf).unwrap();
            assert_eq!(&buf[..count], format!("text {idx}").as_bytes(), "{round}");
        }
    }
}

#[test]
fn a_corpus_of_odd_files_is_read_to_its_end() {
    let shared = std::env::var("PEAVEY_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let nasty = Path::new(&shared).join("corpora/nasty");
    if !nasty.is_dir() {
        println!("skipped: {} is not here", nasty.display());
        return;
    }
    for entry in std::fs::read_dir(&nasty).unwrap() {
        let path = entry.unwrap().path();
        let member = member(&path);
        let feed = Feed::open(&member, &small_blocks(), false).unwrap();
        let (read, starts, feed) = drain(feed);
        assert_eq!(feed.damage(), None, "{}", path.display());
        assert!(starts.is_sorted() && starts.last().is_none_or(|last| *last < read.len() as u64));
        let is_as_stored = member.is_seekable();
        if is_as_stored {
            let mut stored = Vec::new();
            File::open(&path).unwrap().read_to_end(&mut stored).unwrap();
            assert!(stored == read, "{}", path.display());
            let text = Text::open(&member, &Files::new(1)).unwrap();
            let framing = Framing { newline: member.newline, ..framing(&Indented) };
            let len = text.len().unwrap();
            let forward = crate::ingest::Block::read_on(&text, Seam::START, len, Vec::new());
            let mut spans = Vec::new();
            forward.unwrap().records(&framing, &mut spans);
            assert_eq!(spans.len(), starts.len(), "{}", path.display());
        }
    }
}
