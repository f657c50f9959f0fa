//! Tells a query from sources among free arguments: `peavey query [KQL] [SOURCE]...`.
//!
//! The first free argument is the query unless it is an existing path, a glob that matches a file,
//! `-`, or begins with a scheme. `-q` and `--` settle it. Nothing is opened here.

use std::path::Path;

use crate::diagnostic::nearest;
use crate::ingest::SourceArg;

/// What the free arguments are.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Arguments {
    /// The query, if one was given.
    pub query: Option<String>,
    /// The sources as written.
    pub sources: Vec<String>,
}

/// Schemes of clusters; those of local sources `ingest` knows.
const SCHEMES: [&str; 3] = ["es:", "http:", "https:"];

/// Sorts free arguments into query and sources. `named` is what `-q` said.
///
/// # Errors
/// A lone word that looks like a path that does not exist, with the nearest name there is.
pub(super) fn sort(free: &[String], named: Option<&str>) -> Result<Arguments, String> {
    if let Some(query) = named {
        return Ok(Arguments { query: Some(query.to_owned()), sources: free.to_vec() });
    }
    let Some((first, rest)) = free.split_first() else {
        return Ok(Arguments::default());
    };
    if is_source(first) {
        return Ok(Arguments { query: None, sources: free.to_vec() });
    }
    if looks_like_path(first) {
        return Err(missing(first));
    }
    Ok(Arguments { query: Some(first.clone()), sources: rest.to_vec() })
}

/// Whether an argument names something that can be opened now.
#[must_use]
pub(super) fn is_source(text: &str) -> bool {
    // A lone star is the query for everything, even where files lie about that it would match.
    if text == "*" {
        return false;
    }
    SCHEMES.iter().any(|scheme| text.starts_with(scheme)) || SourceArg::is_source(text)
}

/// A word with a slash and nothing of a query in it, or one that ends as log files do.
fn looks_like_path(text: &str) -> bool {
    let of_a_query = |c: char| c.is_whitespace() || "\"<>(){}".contains(c);
    if text.contains(of_a_query) || text.contains(':') {
        return false;
    }
    let endings =
        [".log", ".gz", ".json", ".ndjson", ".txt", ".csv", ".zst", ".bz2", ".xz", ".out", ".err"];
    text.starts_with(['/', '~'])
        || text.starts_with("./")
        || text.starts_with("../")
        || text.contains('/')
        || endings.iter().any(|ending| text.ends_with(ending))
}

/// The sentence about a path that does not exist.
fn missing(text: &str) -> String {
    let mut message = format!("there is no file `{text}`");
    if let Some(near) = nearest_path(text) {
        message.push_str("; did you mean `");
        message.push_str(&near);
        message.push_str("`?");
    }
    message.push_str("\nif it is a query, give it with -q");
    message
}

/// The name in the same folder that is nearest to a missing one.
#[must_use]
pub(super) fn nearest_path(text: &str) -> Option<String> {
    let path = Path::new(text);
    let folder = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let names: Vec<String> = std::fs::read_dir(folder.unwrap_or(Path::new(".")))
        .ok()?
        .filter_map(|entry| Some(entry.ok()?.file_name().to_string_lossy().into_owned()))
        .collect();
    let wanted = path.file_name()?.to_string_lossy().into_owned();
    let found = nearest(&wanted, names.iter().map(String::as_str))?.to_owned();
    Some(match folder {
        Some(folder) => folder.join(found).to_string_lossy().into_owned(),
        None => found,
    })
}

#[cfg(test)]
mod tests {
    use super::{Arguments, sort};

    fn check(free: &[&str], named: Option<&str>, query: Option<&str>, sources: &[&str]) {
        let free: Vec<String> = free.iter().map(|text| (*text).to_owned()).collect();
        let expected = Arguments {
            query: query.map(str::to_owned),
            sources: sources.iter().map(|text| (*text).to_owned()).collect(),
        };
        assert_eq!(sort(&free, named), Ok(expected), "{free:?}");
    }

    #[test]
    fn the_first_argument_is_a_query_unless_it_exists() {
        check(&["status >= 500", "Cargo.toml"], None, Some("status >= 500"), &["Cargo.toml"]);
        check(&["Cargo.toml", "src"], None, None, &["Cargo.toml", "src"]);
        check(&["timeout"], None, Some("timeout"), &[]);
        check(&["*", "Cargo.toml"], None, Some("*"), &["Cargo.toml"]);
        check(&[], None, None, &[]);
    }

    #[test]
    fn schemes_globs_and_the_pipe_are_sources() {
        check(&["journal:"], None, None, &["journal:"]);
        check(&["-"], None, None, &["-"]);
        check(&["Cargo.*"], None, None, &["Cargo.*"]);
        check(&["es://prod/logs-*"], None, None, &["es://prod/logs-*"]);
        check(&["host: *elastic*"], None, Some("host: *elastic*"), &[]);
    }

    #[test]
    fn a_named_query_makes_every_free_argument_a_source() {
        check(&["a", "b"], Some("x: 1"), Some("x: 1"), &["a", "b"]);
    }

    #[test]
    fn a_missing_path_is_an_error_with_the_nearest_name() {
        let error = sort(&["./Cargo.tmol".to_owned()], None).unwrap_err();
        assert!(error.contains("./Cargo.toml"), "{error}");
        assert!(sort(&["acces.log".to_owned()], None).is_err());
    }
}
