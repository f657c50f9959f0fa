//! The scanner and the automaton against the backtracking matcher, which is the measure.

use proptest::prelude::*;

use super::super::automaton::Automaton;
use super::super::backtrack::{Outcome, Program, Stack};
use super::super::expand::expand;
use super::super::parse::parse;
use super::super::{Ecs, Library};
use super::{Regions, Scanner, Verdict};

struct Both {
    automaton: Automaton,
    scanner: Scanner,
    program: Program,
    groups: usize,
}

impl Both {
    /// Compiles a pattern, keeping the groups whose number `keep` accepts.
    fn compile(ecs: Ecs, pattern: &str, keep: impl Fn(usize) -> bool) -> Option<Self> {
        let text = expand(pattern, &Library::builtin(ecs)).expect("it expands");
        let parsed = parse(&text, true).expect("it parses");
        let mut groups = 0;
        let numbers: Vec<_> = (0..parsed.names.len())
            .map(|group| {
                keep(group).then(|| {
                    groups += 1;
                    groups - 1
                })
            })
            .collect();
        let node = parsed.node.keep_groups(&numbers);
        let program = Program::compile(&node, groups).expect("it compiles");
        let automaton = Automaton::new(&node);
        (0..100).for_each(|_| automaton.missed());
        Some(Self { automaton, scanner: Scanner::compile(&node, groups)?, program, groups })
    }

    /// Asserts that a match of the scanner is the match; returns whether the scanner had one.
    #[track_caller]
    fn agree(&self, text: &[u8]) -> bool {
        let (mut regions, mut slots) = (Regions::default(), Vec::new());
        let (mut stack, mut expect) = (Stack::default(), Vec::new());
        let found = self.program.search(text, 0, &mut stack, &mut expect, u64::MAX);
        let excluded = self.automaton.excludes(text);
        assert!(!(excluded && found == Outcome::Match), "{:?}", String::from_utf8_lossy(text));
        if self.scanner.scan(text, &mut regions, &mut slots) == Verdict::Unsure {
            return false;
        }
        slots.truncate(self.groups * 2);
        expect.truncate(self.groups * 2);
        assert_eq!(found, Outcome::Match, "on {:?}", String::from_utf8_lossy(text));
        assert_eq!(slots, expect, "on {:?}", String::from_utf8_lossy(text));
        true
    }
}

const ACCESS: &[&str] = &[
    "1.2.3.4 - bob [24/Nov/2025:00:00:01 +0000] \"GET /a?b=c HTTP/1.1\" 200 34 \"-\" \"curl/8\"",
    "web-1.example.com - - [1/Jan/2025:23:59:59 -0800] \"POST /x HTTP/2.0\" 404 - \"http://a/\" \"M 5\"",
    "::1 - a@b.c [24/Nov/2025:00:00:01 +0000] \"-\" 400 0 \"-\" \"-\"",
    "fe80::1%eth0 - - [24/Nov/2025:00:00:01 +0000] \"GET / HTTP/1.0\" 200 1 \"-\" \"a \\\" b\"",
    "10.0.0.1 - - [24/Nov/2025:00:00:01 +0000] \"GET /a b c HTTP/1.1\" 200 34 \"\" \"é\"",
    "10.0.0.1 - - [24/Nov/2025:00:00:01 +0000] \"GET /short\" 200 34 \"-\" \"x\"",
];

const SYSLOG: &[&str] = &[
    "Mar  5 06:07:08 web-1 sshd[123]: Accepted key for bob",
    "Dec 31 23:59:59 10.0.0.7 CRON: (root) CMD (x)",
    "2024-03-05T06:07:08.123+01:00 host app[1]: m",
    "<34>1 2003-10-11T22:14:15.003Z host su - ID47 - text",
    "2024-03-05 06:07:08,090 - app.main - ERROR - Traceback: x",
    "INFO|app.views|2024-03-05 06:07:08,090|request done",
];

const PATTERNS: &[&str] = &[
    "%{COMBINEDAPACHELOG}",
    "%{COMMONAPACHELOG}",
    "^%{IPORHOST:a} %{USER:b} %{NOTSPACE:c} \\[%{HTTPDATE:t}\\] \"%{DATA:r}\" %{INT:s} (?:%{INT:n}|-)(?: %{GREEDYDATA:rest})?$",
    "^(?<t>%{MONTH} +%{MONTHDAY} %{TIME}) %{IPORHOST:h} (?<p>[^ \\[:]+)(?:\\[(?<i>\\d+)\\])?: %{GREEDYDATA:m}",
    "%{SYSLOGBASE} %{GREEDYDATA:m}",
    "%{SYSLOGLINE}",
    "%{SYSLOG5424LINE}",
    "^%{TIMESTAMP_ISO8601:t} - %{DATA:l} - %{LOGLEVEL:v} - %{GREEDYDATA:m}$",
    "^%{LOGLEVEL:l}\\|(?<n>[^|]*)\\|(?<t>[^|]*)\\|%{GREEDYDATA:m}\\z",
    "%{TIMESTAMP_ISO8601:t} %{WORD:a}.*?(?<q>%{QS})?",
    "(?<a>\\S+) (?<b>.*) (?<c>\\w+)",
    "^(?<a>[a-z0-9.]+?)(?<b>[0-9]+)?( (?<c>-))*",
    // As the built-in formats have them.
    "^%{NOTSPACE:[source][address]} (?:-|%{NOTSPACE:[apache][access][user][identity]}) (?:-|%{NOTSPACE:[user][name]}) \\[%{HTTPDATE:[@metadata][stamp]}\\] \"(?:%{WORD:[http][request][method]} %{NOTSPACE:[url][original]}(?: HTTP/%{NUMBER:[http][version]})?|%{DATA:[http][request][line]})\" (?:-|%{INT:[http][response][status_code]:int}) (?:-|%{INT:[http][response][body][bytes]:int}) \"(?:-|%{DATA:[http][request][referrer]})\" \"(?:-|%{DATA:[user_agent][original]})\"(?: %{GREEDYDATA:[@metadata][extra]})?$",
    "(?m)\\A(?:<%{INT:[log][syslog][priority]:int}>)?%{SYSLOGTIMESTAMP:[@metadata][stamp]} %{NOTSPACE:[host][hostname]} (?<[process][name]>[^\\s\\[:]+)(?:\\[%{INT:[process][pid]:int}\\])?: ?%{GREEDYDATA:message}",
    "(?m)\\A%{TIMESTAMP_ISO8601:[@metadata][stamp]} (?:—|-) (?<[log][logger]>[^\\s]+) (?:—|-) %{WORD:[log][level]} (?:—|-) (?:(?<[log][origin][function]>[\\w<>]+):%{INT:[log][origin][file][line]:int} (?:—|-) )?%{GREEDYDATA:message}",
    "(?m)\\A%{WORD:log_level}\\|(?<logger_name>[^|\\n]*)\\|%{TIMESTAMP_ISO8601:[@metadata][stamp]}\\|%{GREEDYDATA:log_message}",
];

/// Each pattern in both sets, with all captures, with none, and with every third.
fn all() -> Vec<(String, Both)> {
    let mut all = Vec::new();
    for pattern in PATTERNS {
        for ecs in [Ecs::Disabled, Ecs::V1] {
            for (name, keep) in [("all", 1), ("none", usize::MAX), ("some", 3)] {
                if let Some(both) = Both::compile(ecs, pattern, |group| (group + 1) % keep == 0) {
                    all.push((format!("{pattern} {ecs:?} {name}"), both));
                }
            }
        }
    }
    all
}

#[test]
fn what_the_scanner_finds_is_what_the_measure_finds() {
    for (_, both) in all() {
        for line in ACCESS.iter().chain(SYSLOG) {
            both.agree(line.as_bytes());
        }
    }
}

#[test]
fn the_scanner_gets_through_lines_of_the_expected_shape() {
    for (pattern, line) in [
        ("%{COMBINEDAPACHELOG}", ACCESS[0]),
        ("%{COMBINEDAPACHELOG}", ACCESS[1]),
        ("%{COMMONAPACHELOG}", ACCESS[0]),
        (PATTERNS[2], ACCESS[0]),
        (PATTERNS[3], SYSLOG[0]),
        ("%{SYSLOGBASE} %{GREEDYDATA:m}", SYSLOG[0]),
        (PATTERNS[7], SYSLOG[4]),
        (PATTERNS[8], SYSLOG[5]),
        (PATTERNS[12], ACCESS[0]),
        (PATTERNS[12], ACCESS[1]),
        (PATTERNS[13], SYSLOG[0]),
        (PATTERNS[15], SYSLOG[5]),
    ] {
        for ecs in [Ecs::Disabled, Ecs::V1] {
            for keep in [1, usize::MAX, 3] {
                let both = Both::compile(ecs, pattern, |group| (group + 1) % keep == 0);
                let both = both.unwrap_or_else(|| panic!("no scanner for {pattern} {ecs:?}"));
                assert!(both.agree(line.as_bytes()), "{pattern} {ecs:?} {keep} on {line}");
            }
        }
    }
}

/// A line of the samples with bytes changed, left out, doubled and put in.
fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let lines: Vec<&'static str> = ACCESS.iter().chain(SYSLOG).copied().collect();
    let change = (any::<prop::sample::Index>(), 0..4_u8, prop::sample::select(INSERTS));
    (prop::sample::select(lines), prop::collection::vec(change, 0..5)).prop_map(
        |(line, changes)| {
            let mut text = line.as_bytes().to_vec();
            for (index, kind, insert) in changes {
                let at = index.index(text.len() + 1);
                match kind {
                    0 => text.insert(at, insert),
                    1 if at < text.len() => text[at] = insert,
                    2 if at < text.len() => drop(text.remove(at)),
                    _ => {
                        let part: Vec<u8> = text[at..].iter().take(5).copied().collect();
                        text.splice(at..at, part);
                    }
                }
            }
            text
        },
    )
}

const INSERTS: &[u8] = b" \"-[]./:%0159aZ_\\+|<>@\n\t\xc3\xa4\xff'";

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]
    #[test]
    fn changed_lines_agree_too(texts in prop::collection::vec(mutated(), 8)) {
        thread_local! {
            static ALL: Vec<(String, Both)> = all();
        }
        ALL.with(|all| {
            for text in &texts {
                for (_, both) in all {
                    both.agree(text);
                }
            }
        });
    }
}
