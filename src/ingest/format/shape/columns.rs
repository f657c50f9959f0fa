//! What the columns of separated values are: CSV by its header, W3C and Zeek by their `#Fields`.

use super::csv;

/// The columns of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ColumnsShape {
    /// Between values.
    pub separator: u8,
    /// Field names, one a column.
    pub names: Vec<String>,
    /// The header line, for CSV.
    pub header: Option<Vec<u8>>,
    /// The value that stands for none.
    pub absent: &'static [u8],
}

impl ColumnsShape {
    /// Reads a CSV header: at least two names, none empty, all different, none a number.
    #[must_use]
    pub fn csv_header(line: &[u8]) -> Option<Self> {
        let line = line.strip_prefix(b"\xef\xbb\xbf").unwrap_or(line);
        let text = std::str::from_utf8(line).ok()?;
        let separator = [b',', b'\t', b';', b'|']
            .into_iter()
            .max_by_key(|separator| memchr::memchr_iter(*separator, line).count())?;
        let mut names: Vec<String> = Vec::new();
        for cell in csv::cells(text.as_bytes(), separator) {
            let name = String::from_utf8(csv::text(text.as_bytes(), cell)).ok()?.trim().to_owned();
            let worded = name.chars().any(char::is_alphabetic) && name.len() <= 60;
            let begins = name.starts_with(|letter: char| {
                letter.is_alphabetic() || matches!(letter, '_' | '@' | '#')
            });
            if !worded
                || !begins
                || name.contains(['=', '{', '}', '/', '<'])
                || names.contains(&name)
            {
                return None;
            }
            names.push(name);
        }
        (names.len() >= 2).then(|| Self {
            separator,
            names,
            header: Some(line.to_vec()),
            absent: b"",
        })
    }

    /// Reads a `#Fields:` (W3C) or `#fields` (Zeek) line.
    #[must_use]
    pub fn directive(line: &[u8]) -> Option<Self> {
        let text = std::str::from_utf8(line).ok()?;
        let (separator, names): (u8, Vec<String>) =
            if let Some(rest) = text.strip_prefix("#Fields:") {
                let tabbed = rest.trim_start().contains('\t');
                let names = rest.split_ascii_whitespace().map(w3c_name).collect();
                (if tabbed { b'\t' } else { b' ' }, names)
            } else {
                let rest = text.strip_prefix("#fields\t")?;
                (b'\t', rest.split('\t').map(zeek_name).collect())
            };
        (names.len() >= 2).then_some(Self { separator, names, header: None, absent: b"-" })
    }
}

/// The ECS name of a W3C column.
fn w3c_name(column: &str) -> String {
    match column {
        "date" => "@metadata.date",
        "time" => "@metadata.time",
        "c-ip" => "source.address",
        "c-port" => "source.port",
        "cs-method" => "http.request.method",
        "cs-uri-stem" => "url.path",
        "cs-uri-query" => "url.query",
        "cs-uri" => "url.original",
        "sc-status" => "http.response.status_code",
        "sc-bytes" => "http.response.body.bytes",
        "cs-bytes" => "http.request.body.bytes",
        "time-taken" => "iis.access.time_taken",
        "sc-substatus" => "iis.access.sub_status",
        "sc-win32-status" => "iis.access.win32_status",
        "s-sitename" => "iis.access.site_name",
        "s-computername" => "host.hostname",
        "s-ip" => "destination.address",
        "s-port" => "destination.port",
        "cs-username" => "user.name",
        "cs-version" => "http.version",
        "cs-host" | "cs(Host)" => "url.domain",
        "cs(User-Agent)" => "user_agent.original",
        "cs(Referer)" => "http.request.referrer",
        "cs(Cookie)" => "iis.access.cookie",
        other => {
            let plain = |letter: char| {
                if letter.is_ascii_alphanumeric() { letter.to_ascii_lowercase() } else { '_' }
            };
            return format!(
                "w3c.{}",
                other.chars().map(plain).collect::<String>().trim_matches('_')
            );
        }
    }
    .to_owned()
}

/// The ECS name of a Zeek column, for those that everything has.
fn zeek_name(column: &str) -> String {
    match column {
        "ts" => "ts",
        "id.orig_h" => "source.address",
        "id.orig_p" => "source.port",
        "id.resp_h" => "destination.address",
        "id.resp_p" => "destination.port",
        "method" => "http.request.method",
        "uri" => "url.original",
        "status_code" => "http.response.status_code",
        "user_agent" => "user_agent.original",
        "referrer" => "http.request.referrer",
        other => return format!("zeek.{other}"),
    }
    .to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn header(line: &str) -> Option<String> {
        let shape = ColumnsShape::csv_header(line.as_bytes())?;
        Some(format!("{} {}", shape.separator as char, shape.names.join("|")))
    }

    #[test]
    fn csv_headers() {
        assert_eq!(
            header("Invoice Date,Payee,\"Amount, USD\"").as_deref(),
            Some(", Invoice Date|Payee|Amount, USD")
        );
        assert_eq!(header("a;b,c;d").as_deref(), Some("; a|b,c|d"));
        for line in [
            "one",
            "a,a",
            "a,,b",
            "2024-05-02,b",
            "hello, level=info, x",
            "INFO|a.b|2024-05-02",
            "{\"a\":1,\"b\":2}",
        ] {
            assert_eq!(header(line), None, "{line}");
        }
    }

    #[test]
    fn directives() {
        let names = |line: &str| {
            ColumnsShape::directive(line.as_bytes()).map(|shape| shape.names.join(" "))
        };
        assert_eq!(
            names("#Fields: date time c-ip cs(User-Agent) sc-status x-odd(Thing)").as_deref(),
            Some(
                "@metadata.date @metadata.time source.address user_agent.original http.response.status_code w3c.x_odd_thing"
            )
        );
        assert_eq!(names("#fields\tts\tuid").as_deref(), Some("ts zeek.uid"));
        assert_eq!(names("#Version: 1.0"), None);
    }
}
