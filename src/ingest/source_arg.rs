//! What a person named as a source.

use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;

/// One source of the command line, not yet looked for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SourceArg {
    /// A file or a folder.
    Path(PathBuf),
    /// A pattern with `*`, `?` or `[..]` that names no existing file.
    Glob(String),
    /// Standard input.
    Stdin,
    /// The journal, of one unit or whole.
    Journal {
        /// The unit; `None` is the whole journal.
        unit: Option<String>,
    },
    /// A container's output.
    Docker {
        /// Name or id of the container.
        name: String,
    },
}

impl SourceArg {
    /// Reads an argument: `-`, `journal:`, `journal:UNIT`, `docker:NAME`, `file:PATH`, a glob or a
    /// path. Looks at the file system only to prefer an existing file over a glob.
    ///
    /// # Errors
    /// If something is missing in it, or if it names what is no local log.
    pub fn parse(argument: &str) -> Result<Self, Diagnostic> {
        if argument == "-" {
            return Ok(Self::Stdin);
        }
        if let Some(unit) = argument.strip_prefix("journal:") {
            let unit = Some(unit).filter(|unit| !unit.is_empty()).map(str::to_owned);
            return Ok(Self::Journal { unit });
        }
        if let Some(name) = argument.strip_prefix("docker:") {
            if name.is_empty() {
                let wrong = Diagnostic::error("docker: needs the name of a container");
                return Err(wrong.hint("`docker ps` lists them"));
            }
            return Ok(Self::Docker { name: name.to_owned() });
        }
        let path = match argument.strip_prefix("file:") {
            Some(rest) => rest.strip_prefix("//").unwrap_or(rest),
            None => argument,
        };
        if path.is_empty() {
            return Err(Diagnostic::error("a source has no name"));
        }
        if path.contains(['*', '?', '[']) && !Path::new(path).exists() {
            return Ok(Self::Glob(path.to_owned()));
        }
        Ok(Self::Path(PathBuf::from(path)))
    }

    /// Whether an argument names a source for sure: a scheme of ours, `-`, an existing path, or a
    /// glob that matches a file. For commands whose first argument may be a query as well.
    #[must_use]
    pub fn is_source(argument: &str) -> bool {
        const SCHEMES: [&str; 3] = ["journal:", "docker:", "file:"];
        if argument == "-" || SCHEMES.iter().any(|scheme| argument.starts_with(scheme)) {
            return true;
        }
        match Self::parse(argument) {
            Ok(Self::Path(path)) => path.exists(),
            Ok(Self::Glob(pattern)) => matches_a_file(&pattern),
            _ => false,
        }
    }
}

fn matches_a_file(pattern: &str) -> bool {
    glob::glob(pattern).is_ok_and(|mut paths| paths.any(|path| path.is_ok()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_read_by_their_scheme() {
        let check = |argument: &str, expected: SourceArg| {
            assert_eq!(SourceArg::parse(argument), Ok(expected), "{argument}");
        };
        check("-", SourceArg::Stdin);
        check("journal:", SourceArg::Journal { unit: None });
        check("journal:ssh.service", SourceArg::Journal { unit: Some("ssh.service".into()) });
        check("docker:web", SourceArg::Docker { name: "web".into() });
        check("/no/such/*.log", SourceArg::Glob("/no/such/*.log".into()));
        check("file:/no/such.log", SourceArg::Path("/no/such.log".into()));
        check("file:///no/such.log", SourceArg::Path("/no/such.log".into()));
        check("no/such.log", SourceArg::Path("no/such.log".into()));
    }

    #[test]
    fn an_existing_file_is_a_path_whatever_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a[1]?.log");
        std::fs::write(&path, "x").unwrap();
        let argument = path.to_str().unwrap();
        assert_eq!(SourceArg::parse(argument), Ok(SourceArg::Path(path.clone())));
        assert!(SourceArg::is_source(argument));
    }

    #[test]
    fn an_argument_that_names_nothing_is_refused() {
        assert!(SourceArg::parse("").is_err());
        assert!(SourceArg::parse("docker:").unwrap_err().to_string().contains("docker ps"));
    }

    #[test]
    fn a_query_is_no_source() {
        for argument in ["status: 404", "error", "url.path: /a*", "response: 5??"] {
            assert!(!SourceArg::is_source(argument), "{argument}");
        }
    }
}
