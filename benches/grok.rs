//! How fast lines are taken apart: MB/s of one thread, for access and syslog lines.
//!
//! `cargo bench --bench grok`

use std::collections::BTreeSet;
use std::hint::black_box;
use std::time::{Duration, Instant};

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use peavey::event::Event;
use peavey::pipeline::{Config, Options, Pipeline, RunContext, Scratch, Wanted};

const ACCESS: &str = r#"filter {
  grok { match => { "message" => "%{COMBINEDAPACHELOG}" } }
  date { match => ["timestamp", "dd/MMM/yyyy:HH:mm:ss Z"] remove_field => ["timestamp"] }
}"#;

const SYSLOG: &str = r#"filter {
  grok { match => { "message" => "^%{SYSLOGBASE} %{GREEDYDATA:message}" } overwrite => ["message"] }
  date { match => ["timestamp", "MMM  d HH:mm:ss", "MMM dd HH:mm:ss"] remove_field => ["timestamp"] }
}"#;

/// Numbers without a clock or a seed: the same lines each time.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

fn access_lines() -> Vec<String> {
    let agents = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Safari/537.36",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_1 like Mac OS X) AppleWebKit/605.1.15 Version/17.1 Mobile/15E148",
        "curl/8.4.0",
    ];
    let mut n = Numbers(7);
    (0..20_000)
        .map(|idx| {
            let status = [200, 200, 200, 304, 404, 500][n.below(6) as usize];
            let referrer = if n.below(2) == 0 { "-" } else { "https://shop.example.com/cart" };
            format!(
                "{}.{}.{}.{} - - [24/Nov/2025:{:02}:{:02}:{:02} +0000] \"GET /api/v1/items/{}?page={} HTTP/1.1\" {status} {} \"{referrer}\" \"{}\"",
                n.below(256), n.below(256), n.below(256), n.below(256),
                idx / 3600 % 24, idx / 60 % 60, idx % 60,
                n.below(100_000), n.below(50), n.below(90_000),
                agents[n.below(3) as usize],
            )
        })
        .collect()
}

fn syslog_lines() -> Vec<String> {
    let mut n = Numbers(9);
    (0..20_000)
        .map(|idx| {
            format!(
                "Mar {:>2} {:02}:{:02}:{:02} web-{} sshd[{}]: Accepted publickey for user{} from 10.0.0.{} port {}",
                1 + idx / 10_000, idx / 3600 % 24, idx / 60 % 60, idx % 60,
                n.below(9), 1 + n.below(30_000), n.below(100), n.below(256), n.below(60_000),
            )
        })
        .collect()
}

/// Runs `work` so many times; the time that this thread was on a processor, since others may be
/// busy too.
fn timed(times: u64, mut work: impl FnMut()) -> Duration {
    let (start, wall) = (on_processor(), Instant::now());
    (0..times).for_each(|_| work());
    match (start, on_processor()) {
        (Some(start), Some(end)) => Duration::from_nanos(end - start),
        _ => wall.elapsed(),
    }
}

/// Nanoseconds of this thread, where Linux tells.
fn on_processor() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    text.split_whitespace().next()?.parse().ok()
}

fn measure(criterion: &mut Criterion, name: &str, config: &str, lines: &[String]) {
    let config = Config::parse(config).expect("it is a configuration");
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Bytes(lines.iter().map(|line| line.len() as u64 + 1).sum()));
    for wanted in
        ["all", "http.response.status_code", "@timestamp", "process.name", "user_agent.original"]
    {
        let fields = match wanted {
            "all" => Wanted::All,
            name => Wanted::Fields(BTreeSet::from([name.to_owned()])),
        };
        let options = Options { wanted: fields, ..Options::default() };
        let pipeline = Pipeline::compile(&config, &options).expect("it compiles");
        if pipeline.is_empty() {
            continue;
        }
        let mut event = Event::new(pipeline.layout().clone());
        let (mut scratch, ctx) =
            (Scratch::default(), RunContext { base_year: 2025, ..RunContext::default() });
        group.bench_function(wanted, |bencher| {
            bencher.iter_custom(|times| {
                timed(times, || {
                    for line in lines {
                        pipeline.begin(line.as_bytes(), &mut event);
                        let outcome = pipeline.run(&ctx, &mut scratch, line.as_bytes(), &mut event);
                        assert!(!black_box(outcome).failed, "{line}");
                    }
                })
            });
        });
    }
    group.finish();
}

fn benches(criterion: &mut Criterion) {
    measure(criterion, "access", ACCESS, &access_lines());
    measure(criterion, "syslog", SYSLOG, &syslog_lines());
}

criterion_group! {
    name = all;
    config = Criterion::default().sample_size(10).warm_up_time(Duration::from_millis(500))
        .measurement_time(Duration::from_secs(2));
    targets = benches
}
criterion_main!(all);
