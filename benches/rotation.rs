//! Twelve rotated files, ten of them packed: the newest rows, and the statuses of all.
//!
//! `PEAVEY_BENCH_MB` is the size of each file (8 unless told; 256 makes 3 GB).

mod support;

use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::time::Instant;

use peavey::query::{Answer, Clause, Direction, FacetRequest, PageRequest, Part};
use peavey::source::local::scan::Opened;
use peavey::source::local::{LocalSource, Options};

fn main() {
    let megabytes: u64 =
        std::env::var("PEAVEY_BENCH_MB").ok().and_then(|text| text.parse().ok()).unwrap_or(8);
    let folder = std::env::temp_dir().join(format!("peavey-bench-rotation-{megabytes}"));
    let files = make(&folder, megabytes << 20);
    let began = Instant::now();
    let lines = count_lines(&files);
    let wc = began.elapsed();
    support::tell(&format!("unpack and count {lines} lines, two threads"), wc);

    let began = Instant::now();
    let source = LocalSource::open(support::found(&[&folder]), Options::default());
    let page = Part::Page(PageRequest {
        anchor: None,
        inclusive: false,
        direction: Direction::After,
        count: 50,
        fields: Vec::new(),
    });
    let updates = support::ask(&source, support::search(Clause::MatchAll), vec![page]);
    let first = updates.first().map(|(took, _)| *took).unwrap_or_default();
    support::tell("first rows", first);
    support::tell("newest rows, final", began.elapsed());
    drop(source);

    let began = Instant::now();
    let opened = Opened::open(&support::found(&[&folder]), Options::default());
    let field = "http.response.status_code".to_owned();
    let parts = [Part::Facet(FacetRequest { field, size: 0 })];
    let counted =
        opened.aggregate(&support::search(Clause::MatchAll), &parts).expect("it is no error");
    let took = began.elapsed();
    let Answer::Facet(facet) = &counted.answers[0] else { return };
    assert_eq!(facet.hits, lines);
    let ratio = took.as_secs_f64() / wc.as_secs_f64();
    support::tell(&format!("status facet of all ({ratio:.2} x counting lines)"), took);
    support::tell(&format!("peak memory {} MB; all", support::peak_memory()), began.elapsed());
}

/// Makes `access.log`, `access.log.1` and ten packed ones, unless they are there.
fn make(folder: &Path, size: u64) -> Vec<PathBuf> {
    std::fs::create_dir_all(folder).expect("the folder can be made");
    let mut files = Vec::new();
    for age in 0..12 {
        let name = match age {
            0 => "access.log".to_owned(),
            1 => "access.log.1".to_owned(),
            _ => format!("access.log.{age}.gz"),
        };
        let path = folder.join(name);
        if !path.exists() {
            let plain = folder.join("plain.tmp");
            // Each file goes on where the older one ended.
            support::write_access_log(&plain, size, (11 - age) * size / 150);
            if age < 2 {
                std::fs::rename(&plain, &path).expect("it was made");
            } else {
                pack(&plain, &path);
            }
        }
        files.push(path);
    }
    files
}

fn pack(plain: &Path, packed: &Path) {
    let text = std::fs::read(plain).expect("it was made");
    let file = std::fs::File::create(packed).expect("the folder can be written to");
    let mut encoder = flate2::write::GzEncoder::new(file, flate2::Compression::new(6));
    encoder.write_all(&text).expect("the disk has room");
    encoder.finish().expect("the disk has room");
    std::fs::remove_file(plain).expect("it was made");
}

/// What `zcat -f ... | wc -l` does, by two threads.
fn count_lines(files: &[PathBuf]) -> u64 {
    let next = std::sync::atomic::AtomicUsize::new(0);
    let total = std::sync::atomic::AtomicU64::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                let mut buffer = vec![0; 256 << 10];
                loop {
                    let at = next.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
                    let Some(path) = files.get(files.len().wrapping_sub(at + 1)) else { return };
                    let file = std::fs::File::open(path).expect("it was made");
                    let is_packed = path.extension().is_some_and(|extension| extension == "gz");
                    let mut text: Box<dyn std::io::Read> = if is_packed {
                        Box::new(flate2::read::MultiGzDecoder::new(file))
                    } else {
                        Box::new(file)
                    };
                    loop {
                        let count = text.read(&mut buffer).expect("it can be read");
                        if count == 0 {
                            break;
                        }
                        let lines = memchr::memchr_iter(b'\n', &buffer[..count]).count();
                        total.fetch_add(lines as u64, std::sync::atomic::Ordering::Relaxed);
                    }
                }
            });
        }
    });
    total.into_inner()
}
