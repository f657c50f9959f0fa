//! What was appended is read back, wherever it is kept.

use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

fn text(len: usize) -> Vec<u8> {
    (0..len).map(|at| (at as u32).wrapping_mul(2_654_435_761).to_be_bytes()[at % 3]).collect()
}

fn limits(memory: u64, disk: u64, folder: Option<&std::path::Path>) -> Limits {
    Limits {
        spool_memory: memory,
        spool_disk: disk,
        spool_dir: folder.map(std::path::Path::to_owned),
        spool_reserve: 0,
        ..Limits::default()
    }
}

fn check(spool: &Spool, text: &[u8]) {
    for (offset, len) in [(0, 10), (CHUNK - 3, 9), (text.len() - 5, 100), (7, text.len())] {
        let mut buf = vec![0; len];
        let count = spool.read_at(offset as u64, &mut buf).unwrap();
        let end = text.len().min(offset + len);
        assert_eq!(&buf[..count], &text[offset..end], "at {offset}");
    }
}

fn fill(spool: &Spool, text: &[u8]) {
    for part in text.chunks(100_003) {
        spool.append(part);
    }
    assert_eq!(spool.len(), text.len() as u64);
}

#[test]
fn memory_keeps_what_fits() {
    let text = text(3 * CHUNK + 11);
    let spool = Spool::new(&limits(1 << 30, 0, None), None);
    fill(&spool, &text);
    check(&spool, &text);
    assert!(spool.lost().is_none());
}

#[test]
fn the_rest_goes_to_a_file_without_a_name() {
    let folder = tempfile::tempdir().unwrap();
    let text = text(5 * CHUNK + 11);
    let spool = Spool::new(&limits(300_000, 1 << 30, Some(folder.path())), None);
    fill(&spool, &text);
    check(&spool, &text);
    assert!(spool.memory() <= 300_000 + 2 * CHUNK as u64);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
}

#[test]
fn what_is_not_kept_is_read_again_from_its_file() {
    let text = Arc::new(text(6 * CHUNK + 11));
    let opened = Arc::new(AtomicUsize::new(0));
    let reopen: Reopen = {
        let (text, opened) = (Arc::clone(&text), Arc::clone(&opened));
        Box::new(move || {
            opened.fetch_add(1, Ordering::Relaxed);
            Ok(Box::new(io::Cursor::new(text.to_vec())))
        })
    };
    let spool = Spool::new(&limits(300_000, 0, None), Some(reopen));
    fill(&spool, &text);
    assert!(spool.lost().is_some());
    check(&spool, &text);
    assert!(opened.load(Ordering::Relaxed) >= 1);
}

#[test]
fn a_pipe_that_could_not_be_kept_says_so() {
    let text = text(4 * CHUNK);
    let folder = std::path::Path::new("/no/such/folder");
    let spool = Spool::new(&limits(0, 1 << 30, Some(folder)), None);
    fill(&spool, &text);
    let (at, why) = spool.lost().unwrap();
    assert_eq!(at, 0);
    assert!(why.contains("No such file"), "{why}");
    assert!(spool.read_at(0, &mut [0; 4]).is_err());
}

#[test]
fn the_reserve_of_free_space_is_left() {
    let folder = tempfile::tempdir().unwrap();
    let limits = Limits { spool_reserve: u64::MAX / 2, ..limits(0, 1 << 30, Some(folder.path())) };
    let spool = Spool::new(&limits, None);
    fill(&spool, &text(2 * CHUNK));
    assert!(spool.lost().unwrap().1.contains("free space"));
}

#[test]
fn all_spools_share_one_limit_and_give_back_what_they_took() {
    let folder = tempfile::tempdir().unwrap();
    let limits = limits(300_000, 1 << 30, Some(folder.path()));
    let text = text(3 * CHUNK);
    let spools: Vec<_> = (0..3).map(|_| Spool::new(&limits.clone(), None)).collect();
    for spool in &spools {
        fill(spool, &text);
        check(spool, &text);
    }
    assert!(limits.spooled.memory.taken() <= 300_000);
    assert!(limits.spooled.disk.taken() > 0);
    drop(spools);
    assert_eq!(limits.spooled.memory.taken() + limits.spooled.disk.taken(), 0);
}
