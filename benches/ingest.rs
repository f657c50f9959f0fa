//! How fast text is cut into records, and packed text unpacked.
//!
//! `cargo bench --bench ingest`: throughput of framing with and without joining, of fingerprints,
//! and of gzip through a feed, on lines made here.

use std::hint::black_box;
use std::io::Write;
use std::time::Duration;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peavey::ingest::discover::{Options, discover};
use peavey::ingest::frame::{
    Block, EveryLine, Framing, Indented, Joining, RecordRule, Seam, fingerprint,
};
use peavey::ingest::input::{Feed, Step};
use peavey::ingest::{Limits, Newline, SourceArg};

/// Web server lines of about 200 bytes, `size` bytes in all.
fn access_log(size: usize) -> Vec<u8> {
    let mut text = Vec::with_capacity(size + 400);
    let mut number = 7_u64;
    while text.len() < size {
        number = number.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        let (a, b, c) = (number >> 56, number >> 48 & 255, number >> 33 & 0xffff);
        let _ = writeln!(
            text,
            "10.{a}.{b}.7 - - [24/Nov/2025:10:{:02}:{:02} +0000] \"GET /api/v1/parcels/{c} \
             HTTP/1.1\" 200 {c} \"https://example.org/track?id={c}\" \"Mozilla/5.0 (X11; Linux \
             x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{b}.0 Safari/537.36\"",
            a % 60,
            b % 60,
        );
    }
    text
}

fn framing(rule: &dyn RecordRule) -> Framing<'_> {
    Framing { rule, joining: Joining::default(), newline: Newline::Lf }
}

fn cutting(criterion: &mut Criterion) {
    let text = access_log(4 << 20);
    let mut group = criterion.benchmark_group("frame");
    group.throughput(Throughput::Bytes(text.len() as u64));
    let rules: [(&str, &dyn RecordRule); 2] = [("every line", &EveryLine), ("joined", &Indented)];
    let block = Block { seam: Seam::START, bytes: text };
    let mut records = Vec::new();
    for (name, rule) in rules {
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                records.clear();
                block.records(&framing(rule), &mut records);
                black_box(records.len())
            });
        });
    }
    group.bench_function("fingerprint", |bencher| {
        bencher.iter(|| black_box(fingerprint(&block.bytes)));
    });
    group.bench_function("read and cut", |bencher| {
        let framing = framing(&EveryLine);
        let len = block.bytes.len() as u64;
        let mut memory = Vec::new();
        bencher.iter(|| {
            let nominal = 1000..len - 1000;
            let buffer = std::mem::take(&mut memory);
            let Ok(part) = Block::read(&framing, &block.bytes, nominal, len, buffer) else {
                return;
            };
            records.clear();
            part.records(&framing, &mut records);
            memory = part.bytes;
        });
    });
    group.finish();
}

fn feeding(criterion: &mut Criterion) {
    let text = access_log(64 << 20);
    let folder = tempfile::tempdir().expect("a folder can be made");
    let path = folder.path().join("access.log.gz");
    let file = std::fs::File::create(&path).expect("a file can be made");
    let mut packer = flate2::write::GzEncoder::new(file, flate2::Compression::default());
    packer.write_all(&text).and_then(|()| packer.try_finish()).expect("it can be written");
    let found = discover(&[SourceArg::Path(path)], &Options::default());
    let member = &found.sets[0].members[0];
    let mut group = criterion.benchmark_group("feed");
    group.throughput(Throughput::Bytes(text.len() as u64));
    group.sample_size(10).measurement_time(Duration::from_secs(5));
    group.bench_function("gzip", |bencher| {
        bencher.iter(|| {
            let mut feed = Feed::open(member, &Limits::default(), false).expect("it opens");
            let (mut buffer, mut records) = (Vec::new(), Vec::new());
            let framing = framing(&EveryLine);
            while let Ok(Step::Fed(fed)) = feed.next(&framing, Duration::ZERO, buffer) {
                records.clear();
                fed.block.records(&framing, &mut records);
                buffer = fed.block.bytes;
            }
        });
    });
    group.finish();
}

criterion_group!(benches, cutting, feeding);
criterion_main!(benches);
