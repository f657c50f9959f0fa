//! Groups of options that several commands share.

use std::path::PathBuf;

use clap::Args;

use super::cluster::ClusterOptions;

/// What is asked: query, pills from a saved query, and the time range.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Question")]
pub struct QuestionOptions {
    /// The query (KQL), where it is not the first argument
    #[arg(short, long, value_name = "KQL")]
    pub query: Option<String>,
    /// The query is a Lucene query string
    #[arg(long)]
    pub lucene: bool,
    /// Open or run a saved query by name (`peavey queries` lists them)
    #[arg(long, value_name = "NAME")]
    pub saved: Option<String>,
    /// First instant: `-15m`, `now-1d/d`, `end-15m` (before the newest record), `2025-11-24T10:00`
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub from: Option<String>,
    /// Last instant, likewise
    #[arg(long, value_name = "TIME", allow_hyphen_values = true)]
    pub to: Option<String>,
    /// Zone for display, buckets, rounding and ranges [default: the machine's]
    #[arg(long, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Queries beyond Kibana: `field: /regex/`, CIDR, sizes and durations
    #[arg(long)]
    pub kql_plus: bool,
    /// A further folder of saved queries
    #[arg(long, value_name = "DIR")]
    pub queries: Option<PathBuf>,
}

/// How sources are read.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Sources")]
pub struct SourceOptions {
    /// Follow: growth, rotation, files that appear later
    #[arg(short, long)]
    pub follow: bool,
    /// Zone of time stamps that name none [default: the machine's]
    #[arg(long, value_name = "ZONE")]
    pub source_tz: Option<String>,
    /// Types of fields of JSON documents: an Elasticsearch mapping
    #[arg(long, value_name = "FILE")]
    pub mapping: Option<PathBuf>,
    /// The field that holds the time of JSON or CSV documents, or of a cluster's (default:
    /// `@timestamp`, else the only date); `-` goes without
    #[arg(long, value_name = "FIELD")]
    pub time_field: Option<String>,
    /// How that time is written, as strftime has it (`%m/%d/%Y`)
    #[arg(long, value_name = "FORMAT")]
    pub time_format: Option<String>,
    /// Set a field on every record, e.g. `service=web`; can be repeated
    #[arg(long = "set", value_name = "FIELD=VALUE")]
    pub set: Vec<String>,
    /// Memory to stay under, e.g. `100M` [default: 128M]
    #[arg(long, value_name = "SIZE")]
    pub memory: Option<String>,
    /// Threads to work with [default: all cores; on the screen, all but one]
    #[arg(long, value_name = "N")]
    pub threads: Option<usize>,
    /// Where input that cannot be read twice is kept [default: $TMPDIR, else /var/tmp]
    #[arg(long, value_name = "DIR")]
    pub spool_dir: Option<PathBuf>,
    /// How a cluster is reached.
    #[command(flatten)]
    pub cluster: ClusterOptions,
}

/// How the screen looks.
#[derive(Debug, Clone, Default, Args)]
#[command(next_help_heading = "Screen")]
pub(super) struct ScreenOptions {
    /// Force the log format (`peavey formats` lists them)
    #[arg(long, alias = "input-format", value_name = "NAME")]
    pub format: Option<String>,
    /// A theme by name or file: dark, light, high-contrast, monochrome, nord ...
    #[arg(long, value_name = "NAME")]
    pub theme: Option<String>,
    /// Use nothing outside ASCII
    #[arg(long)]
    pub ascii: bool,
    /// Columns to show, e.g. `service.name,message`
    #[arg(long, value_name = "FIELDS", value_delimiter = ',')]
    pub columns: Vec<String>,
}

/// A size as people write it: `100M`, `1.5G`, `64KiB`, plain bytes. Powers of 1,024.
///
/// # Errors
/// If it is no number with one of the suffixes k, M, G, T (with `B` or `iB` or nothing).
pub(super) fn parse_size(text: &str) -> Result<u64, String> {
    let wrong = || format!("`{text}` is no size; write for example 100M or 2G");
    let text = text.trim();
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(text.len());
    let number: f64 = text[..digits].parse().ok().ok_or_else(wrong)?;
    let factor = match text[digits..]
        .trim()
        .to_ascii_lowercase()
        .trim_end_matches("ib")
        .trim_end_matches('b')
    {
        "" => 1.0,
        "k" => 1024.0,
        "m" => 1024.0 * 1024.0,
        "g" => 1024.0 * 1024.0 * 1024.0,
        "t" => 1024.0 * 1024.0 * 1024.0 * 1024.0,
        _ => return Err(wrong()),
    };
    Ok((number * factor) as u64)
}

/// The halves of `FIELD=VALUE`.
///
/// # Errors
/// If there is no `=` or no field before it.
pub(super) fn parse_assignment(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((field, value)) if !field.trim().is_empty() => {
            Ok((field.trim().to_owned(), value.to_owned()))
        }
        _ => Err(format!("`{text}` is no assignment; write --set FIELD=VALUE")),
    }
}

#[cfg(test)]
mod tests {
    use super::{parse_assignment, parse_size};

    #[test]
    fn sizes_are_read_as_people_write_them() {
        for (text, bytes) in [
            ("100M", 104_857_600),
            ("1.5k", 1536),
            ("2GiB", 2_147_483_648),
            ("7", 7),
            ("3 mb", 3_145_728),
        ] {
            assert_eq!(parse_size(text), Ok(bytes), "{text}");
        }
        for text in ["", "M", "10 parsecs", "-1M", "1..2k"] {
            assert!(parse_size(text).is_err(), "{text}");
        }
    }

    #[test]
    fn an_assignment_keeps_equals_signs_of_its_value() {
        assert_eq!(parse_assignment("a.b=c=d"), Ok(("a.b".to_owned(), "c=d".to_owned())));
        assert!(parse_assignment("=x").is_err());
        assert!(parse_assignment("service").is_err());
    }
}
