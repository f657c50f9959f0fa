//! Folders, globs and names on a real file system.

use std::fs;
use std::io::Write;
use std::os::unix::fs::symlink;
use std::path::Path;

use super::*;

fn folder(files: &[(&str, &[u8])]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, bytes) in files {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

fn found(path: &Path) -> Discovered {
    discover(&[SourceArg::Path(path.to_owned())], &Options::default())
}

fn names(found: &Discovered, root: &Path) -> Vec<Vec<String>> {
    let relative = |member: &Member| {
        let path = member.path().unwrap().strip_prefix(root).unwrap();
        path.to_str().unwrap().to_owned()
    };
    found.sets.iter().map(|set| set.members.iter().map(relative).collect()).collect()
}

fn gzip(text: &[u8]) -> Vec<u8> {
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(text).unwrap();
    packer.finish().unwrap()
}

#[test]
fn rotated_files_are_one_set_oldest_first() {
    let packed = gzip(b"x\n");
    let root = folder(&[
        ("access.log", b"x\n"),
        ("access.log.1", b"x\n"),
        ("access.log.2.gz", &packed),
        ("access.log.10.gz", &packed),
        ("access.log.1.gz", &packed),
        ("error.log", b"x\n"),
        ("deep/er/app.log", b"x\n"),
    ]);
    let found = found(root.path());
    assert_eq!(
        names(&found, root.path()),
        [
            vec!["access.log.10.gz", "access.log.2.gz", "access.log.1", "access.log"],
            vec!["error.log"],
            vec!["deep/er/app.log"],
        ]
    );
    assert!(found.sets[0].name.ends_with("/access.log") && found.sets[0].can_grow);
    assert_eq!(found.summary().unwrap().0, "1 file skipped: 1 packed twins of a file");
}

#[test]
fn a_folder_leaves_out_what_is_no_log() {
    let root = folder(&[
        ("app.log", b"hello\n"),
        ("wtmp", &[7, 0, 0, 0, 1, 0, 0, 0, b'a', 0, 0, 0]),
        ("system.journal", b"LPKSHHRH\0\0"),
        ("sub/prog", b"\x7fELF\x02\x01\x01"),
    ]);
    let outside = folder(&[("secret", b"x\n")]);
    symlink(outside.path().join("secret"), root.path().join("link")).unwrap();
    symlink(root.path(), root.path().join("sub/loop")).unwrap();
    symlink(root.path().join("app.log"), root.path().join("same.log")).unwrap();
    rustix::fs::mknodat(
        rustix::fs::CWD,
        root.path().join("fifo"),
        rustix::fs::FileType::Fifo,
        rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR,
        0,
    )
    .unwrap();
    std::os::unix::net::UnixListener::bind(root.path().join("socket")).unwrap();
    let found = found(root.path());
    assert_eq!(names(&found, root.path()), [["app.log"]]);
    let (summary, details) = found.summary().unwrap();
    assert_eq!(
        summary,
        "6 files skipped: 2 binary, 2 not a regular file, 1 journal files \
         (`journal:` reads them), 1 links that leave the folder"
    );
    assert_eq!(details.len(), 6);
}

#[test]
fn lastlog_is_left_out() {
    let root = folder(&[("a.log", b"x\n")]);
    fs::File::create(root.path().join("lastlog")).unwrap().set_len(1 << 30).unwrap();
    let found = found(root.path());
    assert_eq!(names(&found, root.path()), [["a.log"]]);
}

#[test]
fn a_folder_without_logs_says_so() {
    let root = folder(&[("prog", b"\x7fELF\x02\x01\x01")]);
    let found = found(root.path());
    assert!(found.sets.is_empty());
    let problem = found.problems[0].to_string();
    assert!(problem.starts_with("there are no logs in /"), "{problem}");
    assert!(problem.ends_with("(1 file skipped: 1 binary)"), "{problem}");
}

#[test]
fn packing_encoding_and_line_ends_are_told() {
    let utf16: Vec<u8> = "one\r\ntwo\r\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let root = folder(&[
        ("a", b"x\ry\rz"),
        ("b.log", &utf16),
        ("c", &gzip(&utf16)),
        ("d", &gzip(b"x\n")[..12]),
        ("e", b""),
    ]);
    let found = found(root.path());
    let told: Vec<_> = found
        .sets
        .iter()
        .map(|set| &set.members[0])
        .map(|one| (one.compression, one.encoding, one.newline, one.is_seekable()))
        .collect();
    assert_eq!(
        told,
        [
            (Compression::None, Encoding::Utf8, Newline::Cr, true),
            (Compression::None, Encoding::Utf16Le, Newline::Lf, false),
            (Compression::Gzip, Encoding::Utf16Le, Newline::Lf, false),
            (Compression::Gzip, Encoding::Utf8, Newline::Lf, false),
            (Compression::None, Encoding::Utf8, Newline::Lf, true),
        ]
    );
}

#[test]
fn members_that_end_before_the_wanted_time_are_left_out() {
    let root = folder(&[("a.log", b"x\n"), ("a.log.1", b"x\n"), ("a.log.2", b"x\n")]);
    let set_time = |name: &str, seconds: u64| {
        let file = fs::File::options().append(true).open(root.path().join(name)).unwrap();
        let at = std::time::UNIX_EPOCH + std::time::Duration::from_secs(seconds);
        file.set_modified(at).unwrap();
    };
    set_time("a.log.2", 1000);
    set_time("a.log.1", 2000);
    set_time("a.log", 1500);
    let check = |from: i64, expected: &[&str], older: usize| {
        let options = Options { from: Some(Millis(from)) };
        let found = discover(&[SourceArg::Path(root.path().to_owned())], &options);
        assert_eq!(names(&found, root.path()), [expected], "{from}");
        assert_eq!(found.sets[0].older, older);
    };
    check(500_000, &["a.log.2", "a.log.1", "a.log"], 0);
    check(1_200_000, &["a.log.1", "a.log"], 1);
    check(9_000_000, &["a.log"], 2);
}

#[test]
fn named_sources_that_cannot_be_read_are_problems() {
    let root = folder(&[("access.log", b"x\n"), ("prog", b"\x7fELF\x02\x01\x01")]);
    let check = |argument: SourceArg, expected: &str| {
        let found = discover(&[argument], &Options::default());
        assert!(found.sets.is_empty());
        let problem = found.problems[0].to_string();
        assert_eq!(problem.replace(root.path().to_str().unwrap(), "ROOT"), expected);
    };
    let path = |name: &str| SourceArg::Path(root.path().join(name));
    check(path("acess.log"), "ROOT/acess.log does not exist (did you mean ROOT/access.log?)");
    check(path("prog"), "ROOT/prog is no text");
    check(path("no/such/file"), "ROOT/no/such/file does not exist");
    check(SourceArg::Path("/dev/null".into()), "/dev/null is no regular file");
    check(
        SourceArg::Glob(format!("{}/*.nothing", root.path().display())),
        "no file matches ROOT/*.nothing",
    );
    if !Path::new("/var/log/syslog").exists() {
        check(
            SourceArg::Path("/var/log/syslog".into()),
            "/var/log/syslog does not exist (`journal:` reads the system's journal)",
        );
    }
}

#[test]
fn a_file_that_is_named_twice_is_read_once() {
    let root = folder(&[("a.log", b"x\n")]);
    let pattern = format!("{}/*", root.path().display());
    let arguments = [SourceArg::Path(root.path().join("a.log")), SourceArg::Glob(pattern)];
    let found = discover(&arguments, &Options::default());
    assert_eq!(names(&found, root.path()), [["a.log"]]);
}

#[test]
fn commands_are_argument_vectors() {
    let check = |argument: &str, name: &str, words: &str, follows: &str| {
        let found = discover(&[SourceArg::parse(argument).unwrap()], &Options::default());
        let member = &found.sets[0].members[0];
        let Origin::Command { program, arguments, following, .. } = &member.origin else {
            panic!("{member:?}");
        };
        assert_eq!(format!("{program} {}", arguments.join(" ")), words);
        assert_eq!(format!("{program} {}", following.join(" ")), follows);
        assert_eq!(&*member.name, name);
        assert!(found.sets[0].can_grow && member.is_live());
    };
    check(
        "journal:ssh",
        "journal:ssh",
        "journalctl --output=json --no-pager --unit=ssh",
        "journalctl --output=json --no-pager --unit=ssh --no-tail --follow",
    );
    check(
        "docker:--privileged",
        "docker:--privileged",
        "docker logs --timestamps -- --privileged",
        "docker logs --timestamps --follow -- --privileged",
    );
}

#[test]
fn every_file_of_the_corpora_opens() {
    let shared = std::env::var("PEAVEY_SHARED").unwrap_or_else(|_| "../shared".to_owned());
    let corpora = Path::new(&shared).join("corpora");
    if !corpora.is_dir() {
        println!("skipped: {} is not here", corpora.display());
        return;
    }
    for path in folder::walk(&corpora, &mut Vec::new()) {
        let found = found(&path);
        assert_eq!(found.problems, [], "{}", path.display());
        assert_eq!(found.sets.len(), 1, "{}", path.display());
    }
}
