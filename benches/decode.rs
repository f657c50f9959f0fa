//! How fast records become the values that are wanted, on one thread: formats by wanted fields.

use std::hint::black_box;
use std::sync::Arc;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peavey::ingest::format::{DetectOptions, FileFormat, RecordMeta, Samples, detect};

const LINES: usize = 20_000;

fn access(index: usize) -> String {
    let path =
        ["/cart", "/static/app.js", "/api/v1/parcels/PT19/track", "/search?q=blue+shirt&page=2"]
            [index % 4];
    let status = [200, 200, 304, 404, 502][index % 5];
    format!(
        "203.0.{}.{} - - [24/Nov/2025:10:{:02}:{:02} +0000] \"GET {path} HTTP/1.1\" {status} {} \"https://shop.example.org/\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/119.0.0.0 Safari/537.36\"",
        index % 256,
        index / 7 % 256,
        index / 60 % 60,
        index % 60,
        index * 37 % 90_000
    )
}

fn syslog(index: usize) -> String {
    format!(
        "Nov 24 10:{:02}:{:02} web{} sshd[{}]: Accepted publickey for ada from 203.0.113.{} port {} ssh2",
        index / 60 % 60,
        index % 60,
        index % 4,
        index % 30_000 + 1,
        index % 256,
        index % 60_000
    )
}

fn document(index: usize) -> String {
    format!(
        r#"{{"@timestamp":"2025-11-24T10:{:02}:{:02}.{:03}Z","log":{{"level":"info","logger":"shop.cart"}},"message":"cart {index} was \"checked out\"","http":{{"request":{{"method":"POST"}},"response":{{"status_code":201}}}},"labels":{{"region":"eu-west-1","tier":["web","edge"]}}}}"#,
        index / 60 % 60,
        index % 60,
        index % 1000
    )
}

fn pairs(index: usize) -> String {
    format!(
        "ts=2025-11-24T10:{:02}:{:02}.606Z caller=http.go:194 level=debug traceID=54680f2e6c3a09c4 orgID={} msg=\"POST /push.v1.PusherService/Push (200) 33.5ms\"",
        index / 60 % 60,
        index % 60,
        index % 2000
    )
}

fn open(lines: &[String]) -> Arc<FileFormat> {
    let head = lines[..200].join("\n");
    let samples = Samples { head: head.as_bytes(), ..Samples::default() };
    detect("access.log", &samples, &DetectOptions::default()).expect("no options")
}

fn measure(criterion: &mut Criterion, name: &str, line: fn(usize) -> String, wanted: &[&[&str]]) {
    let lines: Vec<String> = (0..LINES).map(line).collect();
    let bytes: usize = lines.iter().map(|line| line.len() + 1).sum();
    let mut group = criterion.benchmark_group(name);
    group.sample_size(10).throughput(Throughput::Bytes(bytes as u64));
    let format = open(&lines);
    for names in wanted {
        let mut decoder = format.decoder(names);
        group.bench_function(names.join("+"), |bench| {
            bench.iter(|| {
                let mut found = 0;
                for (index, line) in lines.iter().enumerate() {
                    let meta = RecordMeta {
                        path: "access.log",
                        offset: index as u64,
                        base_year: 2025,
                        inherited: None,
                    };
                    let decoded = decoder.decode(black_box(line.as_bytes()), &meta);
                    found += usize::from(decoded.matched);
                    for at in 0..names.len() {
                        found += usize::from(decoded.value(at).is_some());
                    }
                }
                assert!(found >= LINES);
                found
            });
        });
    }
    group.bench_function("detect", |bench| bench.iter(|| open(black_box(&lines))));
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    let status: &[&str] = &["http.response.status_code"];
    let time: &[&str] = &["@timestamp"];
    let most: &[&str] = &[
        "@timestamp",
        "source.ip",
        "http.request.method",
        "url.path",
        "http.response.status_code",
        "user_agent.original",
    ];
    measure(criterion, "access", access, &[status, time, most]);
    measure(criterion, "syslog", syslog, &[time, &["process.name"], &["message"]]);
    measure(criterion, "json", document, &[status, time, &["log.level", "message", "labels.tier"]]);
    measure(criterion, "logfmt", pairs, &[time, &["level"]]);
}

criterion_group!(decode, benches);
criterion_main!(decode);
