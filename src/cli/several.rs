//! Files and clusters together, or several clusters: each is opened on its own, and all are read as
//! one. A cluster that does not answer leaves the others alive; the screen goes on trying it.

use std::sync::Arc;
use std::time::Duration;

use super::SourceOptions;
use super::cluster::{self, ClusterSource};
use super::open::{self, Opening};
use crate::source::Source;
use crate::source::elastic::{Address, Cluster};
use crate::source::local::LocalSource;
use crate::source::merged::{LateSource, MergedSource, Named};

/// How often a cluster that does not answer is tried again.
const AGAIN: Duration = Duration::from_secs(10);

/// What is opened on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Group {
    /// All files together.
    Files(Vec<String>),
    /// A cluster.
    Cluster(String),
}

/// Whether sources are to be read as one of several.
pub(super) fn is_meant(sources: &[String]) -> bool {
    groups(sources).len() > 1
}

/// Several sources as one, and its files.
pub(super) struct Several {
    /// All of them.
    pub(super) source: Arc<MergedSource>,
    /// The files among them.
    pub(super) files: Option<Arc<LocalSource>>,
}

/// Opens several sources as one. `goes_on`: a cluster that does not answer now is tried again.
///
/// # Errors
/// A text for the user: a wrong address or option, files that cannot be read, or that no source at
/// all can be opened.
pub(super) fn open(opening: &Opening<'_>, goes_on: bool) -> Result<Several, String> {
    let groups = groups(opening.sources);
    let names = names(&groups);
    let has_files = groups.iter().any(|group| matches!(group, Group::Files(_)));
    let options = cluster_options(opening.source, has_files);
    let mut members = Vec::new();
    let mut files = None;
    let mut failures = Vec::new();
    for (group, name) in groups.iter().zip(names) {
        match group {
            Group::Files(sources) => {
                let opening = Opening { sources, ..*opening };
                let local = open::files(&opening)?;
                members.push(Named { name, source: Arc::clone(&local) as Arc<dyn Source> });
                files = Some(local);
            }
            Group::Cluster(text) => {
                let connect = connector(text.clone(), options.clone());
                // What is wrong with the address itself does not get better by waiting.
                let target = cluster::reach(text, &options.cluster)?;
                let source: Arc<dyn Source> = match connect() {
                    Ok(source) => source,
                    Err(reason) if target.pattern.is_none() => return Err(reason),
                    Err(reason) => {
                        failures.push(format!("{name}: {reason}"));
                        let again = goes_on.then_some(AGAIN);
                        LateSource::start(&name, &reason, again, connect)
                    }
                };
                members.push(Named { name, source });
            }
        }
    }
    if failures.len() == members.len() {
        return Err(failures.join("\n"));
    }
    let source =
        MergedSource::new(members).map_err(|error| format!("no thread can be started: {error}"))?;
    Ok(Several { source, files })
}

/// Opens a cluster, again and again.
fn connector(
    text: String,
    options: SourceOptions,
) -> impl Fn() -> Result<Arc<dyn Source>, String> + Send + 'static {
    move || {
        let sources = [text.clone()];
        let opening = Opening { sources: &sources, source: &options, format: None };
        Ok(Arc::new(ClusterSource::open(&opening)?))
    }
}

/// The options of clusters; those of files are for the files.
fn cluster_options(source: &SourceOptions, has_files: bool) -> SourceOptions {
    if !has_files {
        return source.clone();
    }
    SourceOptions {
        source_tz: None,
        mapping: None,
        time_field: None,
        time_format: None,
        set: Vec::new(),
        ..source.clone()
    }
}

/// Each cluster on its own, all files together where the first of them stands.
fn groups(sources: &[String]) -> Vec<Group> {
    let mut groups: Vec<Group> = Vec::new();
    for text in sources {
        if Address::is_meant(text) {
            groups.push(Group::Cluster(text.clone()));
            continue;
        }
        let files = groups.iter_mut().find_map(|group| match group {
            Group::Files(files) => Some(files),
            Group::Cluster(_) => None,
        });
        match files {
            Some(files) => files.push(text.clone()),
            None => groups.push(Group::Files(vec![text.clone()])),
        }
    }
    groups
}

/// A name for each: the file's, the profile's or the host's; with the data view where a cluster is
/// named twice.
fn names(groups: &[Group]) -> Vec<String> {
    let mut names: Vec<String> = groups.iter().map(|group| name(group, false)).collect();
    for at in 0..names.len() {
        let is_same = |other: &usize| {
            *other != at && name(&groups[*other], false) == name(&groups[at], false)
        };
        if (0..names.len()).any(|other| is_same(&other)) {
            names[at] = name(&groups[at], true);
        }
    }
    for at in 1..names.len() {
        let (before, rest) = names.split_at_mut(at);
        let same = before.iter().filter(|name| **name == rest[0]).count();
        if same > 0 {
            rest[0] = format!("{} ({})", rest[0], same + 1);
        }
    }
    names
}

fn name(group: &Group, with_view: bool) -> String {
    let text = match group {
        Group::Cluster(text) => text,
        Group::Files(files) => {
            return match files.as_slice() {
                [one] if one != "-" => {
                    let path = one.trim_end_matches('/');
                    path.rsplit('/').next().unwrap_or(path).to_owned()
                }
                [_] => "stdin".to_owned(),
                _ => "files".to_owned(),
            };
        }
    };
    let Ok(address) = Address::parse(text) else { return text.clone() };
    let cluster = match &address.cluster {
        Cluster::Profile(name) => name.clone(),
        Cluster::Environment => "environment".to_owned(),
        Cluster::Url { origin, .. } => {
            let place = origin.split_once("://").map_or(origin.as_str(), |(_, place)| place);
            place.strip_suffix(":9200").unwrap_or(place).to_owned()
        }
    };
    match address.pattern {
        Some(pattern) if with_view => format!("{cluster}/{pattern}"),
        _ => cluster,
    }
}

#[cfg(test)]
mod tests {
    use super::{Group, groups, is_meant, names};

    fn of(sources: &[&str]) -> Vec<String> {
        sources.iter().map(|text| (*text).to_owned()).collect()
    }

    #[test]
    fn all_files_are_one_source_and_each_cluster_is_one() {
        let found = groups(&of(&["a.log", "es://prod/logs", "b.log", "https://h/x"]));
        let cluster = |text: &str| Group::Cluster(text.to_owned());
        let files = Group::Files(of(&["a.log", "b.log"]));
        assert_eq!(found, [files, cluster("es://prod/logs"), cluster("https://h/x")]);
        assert!(!is_meant(&of(&["a.log", "b.log"])));
        assert!(!is_meant(&of(&["es://prod/logs"])));
        assert!(is_meant(&of(&["es://prod/logs", "es://prod/metrics"])));
    }

    #[test]
    fn every_source_has_a_name_of_its_own() {
        let check = |sources: &[&str], expected: &[&str]| {
            assert_eq!(names(&groups(&of(sources))), expected, "{sources:?}");
        };
        check(&["/var/log/a.log", "es://prod/logs-*"], &["a.log", "prod"]);
        check(&["es://prod/a", "es://prod/b"], &["prod/a", "prod/b"]);
        check(&["es://prod/a", "es://prod/a"], &["prod/a", "prod/a (2)"]);
        check(&["https://h:9200/a", "http://h:9201/a", "-"], &["h", "h:9201", "stdin"]);
        check(&["x.log", "y.log", "es://p/a"], &["files", "p"]);
    }
}
