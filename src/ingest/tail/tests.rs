//! Real files, written and rotated between steps; what is read must be what was written.

use std::fs::{self, OpenOptions};
use std::io::Write;

use proptest::prelude::*;

use super::*;
use crate::ingest::discover::{Options, discover};
use crate::ingest::frame::ReadAt;

/// A log that is followed, with a reader that keeps what each member gave.
struct Scene {
    folder: tempfile::TempDir,
    follower: Follower,
    texts: Vec<Text>,
    read: Vec<Vec<u8>>,
    gone: usize,
}

impl Scene {
    fn start(content: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.log");
        fs::write(&path, content).unwrap();
        let set = discover(&[SourceArg::Path(path)], &Options::default()).sets.remove(0);
        let files = Files::new(4);
        let text = Text::open(&set.members[0], &files).unwrap();
        let len = content.len() as u64;
        let follower = Follower::new(&set, Some((text.clone(), len)), &files).unwrap();
        Self { folder, follower, texts: vec![text], read: vec![content.into()], gone: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        let mut options = OpenOptions::new();
        let mut file = options.append(true).create(true).open(self.path(name)).unwrap();
        file.write_all(text.as_bytes()).unwrap();
    }

    fn rename(&self, from: &str, to: &str) {
        fs::rename(self.path(from), self.path(to)).unwrap();
    }

    /// Moves `a.log.1` to `a.log.2` and so on.
    fn shift(&self) {
        for number in (1..30).rev() {
            let from = format!("a.log.{number}");
            if self.path(&from).exists() {
                self.rename(&from, &format!("a.log.{}", number + 1));
            }
        }
    }

    fn copy_and_truncate(&self) {
        self.shift();
        fs::copy(self.path("a.log"), self.path("a.log.1")).unwrap();
        OpenOptions::new().write(true).truncate(true).open(self.path("a.log")).unwrap();
    }

    fn step(&mut self) {
        for change in self.follower.step() {
            match change {
                Change::Grew { member, len } => {
                    let from = self.read[member].len();
                    let mut more = vec![0; usize::try_from(len).unwrap() - from];
                    let count = self.texts[member].read_at(from as u64, &mut more).unwrap();
                    assert_eq!(count, more.len());
                    self.read[member].extend(more);
                }
                Change::Added { member, text, .. } => {
                    assert_eq!(member, self.texts.len());
                    self.texts.push(text);
                    self.read.push(Vec::new());
                }
                Change::Moved { member, to } => assert_eq!(self.texts[member].path(), to),
                Change::Gone { .. } => self.gone += 1,
            }
        }
    }

    fn check(&self, expected: &[&str]) {
        let read: Vec<_> =
            self.read.iter().map(|bytes| String::from_utf8_lossy(bytes).into_owned()).collect();
        assert_eq!(read, expected);
    }
}

#[test]
fn growth_is_seen_once() {
    let mut scene = Scene::start("one\n");
    scene.step();
    scene.write("a.log", "two\n");
    scene.step();
    scene.step();
    scene.check(&["one\ntwo\n"]);
}

#[test]
fn the_renamed_file_is_finished_before_the_new_one() {
    let mut scene = Scene::start("one\n");
    scene.rename("a.log", "a.log.1");
    scene.write("a.log.1", "late\n");
    scene.step();
    scene.check(&["one\nlate\n"]);
    scene.write("a.log.1", "later\n");
    scene.write("a.log", "new\n");
    scene.step();
    scene.write("a.log.1", "last\n");
    scene.write("a.log", "newer\n");
    scene.step();
    scene.check(&["one\nlate\nlater\nlast\n", "new\nnewer\n"]);
}

#[test]
fn a_deleted_file_is_read_to_its_end_and_waited_for() {
    let mut scene = Scene::start("one\n");
    scene.write("a.log", "two\n");
    fs::remove_file(scene.path("a.log")).unwrap();
    scene.step();
    scene.step();
    scene.write("a.log", "again\n");
    scene.step();
    scene.check(&["one\ntwo\n", "again\n"]);
}

#[test]
fn what_was_written_before_a_truncation_is_read_from_the_copy() {
    let mut scene = Scene::start("one\n");
    scene.write("a.log", "two\n");
    scene.copy_and_truncate();
    scene.write("a.log", "new\n");
    scene.step();
    scene.check(&["one\ntwo\n", "new\n"]);
    assert_eq!(scene.texts[0].path(), scene.path("a.log.1"));
    scene.write("a.log", "newer\n");
    scene.step();
    scene.check(&["one\ntwo\n", "new\nnewer\n"]);
}

#[test]
fn a_truncated_file_that_has_outgrown_itself_is_known_by_its_beginning() {
    let mut scene = Scene::start("one\n");
    scene.copy_and_truncate();
    scene.write("a.log", "quite another text, longer than before\n");
    scene.step();
    scene.check(&["one\n", "quite another text, longer than before\n"]);
}

#[test]
fn a_truncation_without_a_copy_is_a_loss_that_is_said() {
    let mut scene = Scene::start("one\ntwo\n");
    fs::write(scene.path("a.log"), "new\n").unwrap();
    scene.step();
    scene.check(&["one\ntwo\n", "new\n"]);
    assert_eq!(scene.gone, 1);
}

#[test]
fn a_reader_that_does_not_follow_finds_the_copy_too() {
    let scene = Scene::start("one\ntwo\n");
    let text = &scene.texts[0];
    assert!(!move_to_copy(text, 8));
    scene.copy_and_truncate();
    scene.write("a.log", "new\n");
    assert!(move_to_copy(text, 8));
    let mut buf = [0; 8];
    assert_eq!(text.read_at(0, &mut buf).unwrap(), 8);
    assert_eq!(&buf, b"one\ntwo\n");
}

#[test]
fn two_rotations_between_looks_lose_nothing() {
    let mut scene = Scene::start("one\n");
    scene.write("a.log", "end of one\n");
    scene.rename("a.log", "a.log.1");
    scene.write("a.log", "two\n");
    scene.rename("a.log.1", "a.log.2");
    scene.rename("a.log", "a.log.1");
    scene.write("a.log", "three\n");
    scene.step();
    scene.check(&["one\nend of one\n", "two\n", "three\n"]);
}

#[test]
fn packing_the_rotated_file_changes_nothing() {
    let mut scene = Scene::start("one\n");
    scene.rename("a.log", "a.log.1");
    scene.write("a.log", "two\n");
    scene.step();
    fs::write(scene.path("a.log.1.gz"), b"\x1f\x8b\x08\0\0\0\0\0").unwrap();
    fs::remove_file(scene.path("a.log.1")).unwrap();
    scene.write("a.log", "three\n");
    scene.step();
    scene.rename("a.log.1.gz", "a.log.2.gz");
    scene.rename("a.log", "a.log.1");
    scene.write("a.log", "four\n");
    scene.step();
    scene.check(&["one\n", "two\nthree\n", "four\n"]);
}

#[test]
fn an_emptied_file_that_was_empty_before_is_no_change() {
    let mut scene = Scene::start("");
    scene.step();
    scene.write("a.log", "one\n");
    scene.step();
    scene.check(&["one\n"]);
}

#[test]
fn a_packed_file_is_not_followed_but_what_takes_its_place_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.log");
    fs::write(&path, b"\x1f\x8b\x08\0\0\0\0\0").unwrap();
    let set = discover(&[SourceArg::Path(path.clone())], &Options::default()).sets.remove(0);
    let mut follower = Follower::new(&set, None, &Files::new(2)).unwrap();
    assert!(follower.step().is_empty());
    assert!(follower.refused.is_some());
    assert!(follower.step().is_empty());
    fs::rename(&path, folder.path().join("b")).unwrap();
    fs::write(&path, "text\n").unwrap();
    assert!(matches!(
        follower.step().as_slice(),
        [Change::Added { member: 1, .. }, Change::Grew { member: 1, len: 5 }]
    ));
}

#[test]
fn logs_that_come_into_a_folder_are_found_and_rotated_ones_are_not() {
    let folder = tempfile::tempdir().unwrap();
    let arguments = [SourceArg::Path(folder.path().to_owned())];
    fs::write(folder.path().join("a.log"), "x\n").unwrap();
    let found = discover(&arguments, &Options::default());
    let known: Vec<Arc<str>> = found.sets.iter().map(|set| Arc::clone(&set.name)).collect();
    let missing = SourceArg::Path(folder.path().join("c.log"));
    let named = SourceArg::Path(folder.path().join("a.log"));
    let all = [arguments[0].clone(), missing.clone(), named];
    assert_eq!(may_appear(&all, &known), [arguments[0].clone(), missing]);
    assert!(appeared(&arguments, &known).is_empty());
    fs::rename(folder.path().join("a.log"), folder.path().join("a.log.1")).unwrap();
    assert!(appeared(&arguments, &known).is_empty(), "a rename is no new log");
    fs::write(folder.path().join("a.log"), "y\n").unwrap();
    fs::write(folder.path().join("b.log"), "x\n").unwrap();
    let names: Vec<_> =
        appeared(&arguments, &known).iter().map(|set| set.name.to_string()).collect();
    assert_eq!(names, [folder.path().join("b.log").display().to_string()]);
}

#[derive(Debug, Clone)]
enum Deed {
    Write(u8),
    Rotate,
    CopyTruncate,
    Step,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn nothing_is_lost_or_shown_twice(deeds in prop::collection::vec(
        prop_oneof![
            5 => (1u8..9).prop_map(Deed::Write),
            1 => Just(Deed::Rotate),
            1 => Just(Deed::CopyTruncate),
            4 => Just(Deed::Step),
        ],
        0..30,
    )) {
        let mut scene = Scene::start("start\n");
        let mut written = String::from("start\n");
        let mut has_truncated = false;
        for (idx, deed) in deeds.iter().enumerate() {
            match deed {
                Deed::Write(lines) => {
                    for line in 0..*lines {
                        let line = format!("{idx} {line} of the log\n");
                        scene.write("a.log", &line);
                        written.push_str(&line);
                    }
                }
                Deed::Rotate => {
                    scene.shift();
                    scene.rename("a.log", "a.log.1");
                    scene.write("a.log", "");
                }
                // A copy is kept until the next one: looking in between is all that is needed.
                Deed::CopyTruncate => {
                    if !has_truncated && fs::metadata(scene.path("a.log")).unwrap().len() > 0 {
                        scene.step();
                        scene.copy_and_truncate();
                        has_truncated = true;
                    }
                }
                Deed::Step => {
                    scene.step();
                    has_truncated = false;
                }
            }
        }
        scene.step();
        let read = scene.read.concat();
        prop_assert_eq!(String::from_utf8(read).unwrap(), written);
        prop_assert_eq!(scene.gone, 0);
    }
}
