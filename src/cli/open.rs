//! From arguments to something that can be asked: sources found, question and range read.

use std::io::IsTerminal;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use super::cluster::{self, ClusterSource};
use super::options::{QuestionOptions, SourceOptions, parse_assignment, parse_size};
use super::several;
use crate::app::SavedView;
use crate::app::state::{Asked, BreakdownChoice};
use crate::config::saved::Library;
use crate::config::{Paths, Settings};
use crate::diagnostic::Diagnostic;
use crate::event::Mapping;
use crate::ingest::format::DetectOptions;
use crate::ingest::{self, Discovered, SourceArg};
use crate::query::{Language, QueryConfig, Question};
use crate::source::Source;
use crate::source::local::{self, LocalSource};
use crate::time::{TimeSpec, Zone};

/// What a command was told about its sources.
pub(super) struct Opening<'a> {
    /// Sources as written.
    pub(super) sources: &'a [String],
    /// How sources are read.
    pub(super) source: &'a SourceOptions,
    /// A forced log format.
    pub(super) format: Option<&'a str>,
}

/// Opens sources for the screen.
///
/// # Errors
/// A text for the user: nothing that can be read, or a wrong option.
pub(super) fn source(opening: &Opening<'_>) -> Result<Arc<dyn Source>, String> {
    if several::is_meant(opening.sources) {
        return Ok(several::open(opening, true)?.source);
    }
    if cluster::is_meant(opening.sources) {
        return Ok(Arc::new(ClusterSource::open(opening)?));
    }
    Ok(files(opening)?)
}

/// Opens files, pipes and the like.
///
/// # Errors
/// A text for the user: nothing that can be read, or a wrong option.
pub(super) fn files(opening: &Opening<'_>) -> Result<Arc<LocalSource>, String> {
    let options = local_options(opening)?;
    let found = discover(opening.sources, options.follow)?;
    Ok(LocalSource::open(found, options))
}

/// The settings, read once; what is wrong in the file is said on standard error.
pub(super) fn settings() -> &'static Settings {
    static SETTINGS: OnceLock<Settings> = OnceLock::new();
    SETTINGS.get_or_init(|| {
        let file = paths().map(|paths| paths.settings());
        let text = file.as_ref().and_then(|file| std::fs::read_to_string(file).ok());
        let name = file.map(|file| file.display().to_string()).unwrap_or_default();
        let (settings, findings) = Settings::load(text.as_deref().map(|text| (&*name, text)));
        for finding in findings {
            eprintln!("peavey: {}", clean(&finding.to_string()));
        }
        settings
    })
}

/// The zone of display: that named, else the setting's, else the machine's.
///
/// # Errors
/// If there is no such zone.
pub(super) fn display_zone(named: Option<&str>) -> Result<Zone, String> {
    zone(named, &settings().time_zone)
}

/// The zone named, else the setting's, else the machine's.
fn zone(named: Option<&str>, setting: &str) -> Result<Zone, String> {
    let set = Some(setting).filter(|setting| !setting.is_empty());
    let Some(name) = named.or(set) else { return Ok(Zone::local()) };
    let wrong = || {
        format!("there is no time zone `{name}`; write for example Europe/Berlin, UTC or +02:00")
    };
    Zone::parse(name).ok_or_else(wrong)
}

/// How the local engine reads its sources.
///
/// # Errors
/// A text for the user about the wrong option.
pub(super) fn local_options(opening: &Opening<'_>) -> Result<local::Options, String> {
    let source = opening.source;
    let set = source.set.iter().map(|text| parse_assignment(text)).collect::<Result<_, _>>()?;
    let mapping = source.mapping.as_deref().map(read_mapping).transpose()?;
    let mut options = local::Options {
        memory: parse_size(source.memory.as_deref().unwrap_or(&settings().memory))?,
        threads: source.threads.unwrap_or(0),
        follow: source.follow,
        detect: DetectOptions {
            format: opening.format.map(str::to_owned),
            set,
            set_by_path: Vec::new(),
            // Records of files have a time or none; there is nothing to choose.
            time_field: source.time_field.clone().filter(|field| field != "-"),
            time_format: source.time_format.clone(),
            mapping: mapping.map(Arc::new),
            zone: zone(source.source_tz.as_deref(), &settings().source_time_zone)?,
        },
        ..local::Options::default()
    };
    let set = Some(&settings().spool_dir).filter(|folder| !folder.is_empty()).map(PathBuf::from);
    if let Some(folder) = source.spool_dir.as_ref().or(set.as_ref()) {
        if !folder.is_dir() {
            return Err(format!("--spool-dir: {} is no folder", folder.display()));
        }
        options.limits.spool_dir = Some(folder.clone());
    }
    Ok(options)
}

fn read_mapping(path: &Path) -> Result<Mapping, String> {
    let shown = path.display();
    let text =
        std::fs::read_to_string(path).map_err(|error| format!("cannot read {shown}: {error}"))?;
    let json =
        serde_json::from_str(&text).map_err(|error| format!("{shown} is no JSON: {error}"))?;
    Mapping::from_json(&json).map_err(|wrong| format!("{shown} is no mapping: {wrong}"))
}

/// Finds the files of sources as written, and says on standard error what is wrong with some. Where
/// they are followed, those that do not exist yet are waited for.
///
/// # Errors
/// A text for the user where nothing can be read.
pub(super) fn discover(sources: &[String], follow: bool) -> Result<Discovered, String> {
    let wanted: Result<Vec<SourceArg>, _> =
        sources.iter().map(|text| SourceArg::parse(text)).collect();
    let wanted = wanted.map_err(|wrong| explain("", &wrong))?;
    let found = ingest::discover(&wanted, &ingest::discover::Options::default());
    let awaited =
        if follow { ingest::tail::may_appear(&wanted, &found.names()) } else { Vec::new() };
    if found.sets.is_empty() && awaited.is_empty() {
        let mut said: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
        if let Some((summary, _)) = found.summary() {
            said.push(format!("nothing to read: {summary}"));
        }
        if said.is_empty() {
            said.push("nothing to read".to_owned());
        }
        return Err(said.join("\n"));
    }
    for wrong in &found.problems {
        eprintln!("peavey: {}", clean(&wrong.to_string()));
    }
    if found.sets.is_empty() {
        eprintln!("peavey: waiting for logs to appear");
    }
    Ok(found)
}

/// The saved queries in sight; what is wrong in their files is said on standard error.
pub(super) fn library(named: Option<&Path>) -> Library {
    let here = std::env::current_dir().unwrap_or_else(|_gone| PathBuf::from("/"));
    let named: Vec<PathBuf> = named.into_iter().map(Path::to_owned).collect();
    let (library, findings) = Library::load(paths().as_ref(), &here, &named);
    for finding in findings {
        eprintln!("peavey: {}", clean(&finding.to_string()));
    }
    library
}

/// Query, pills, range and columns: those of the saved query that was named, or none, changed by
/// what was given beside it.
///
/// # Errors
/// If there is no such saved query.
pub(super) fn saved_view(
    options: &QuestionOptions,
    query: Option<&str>,
) -> Result<SavedView, String> {
    let mut view = match &options.saved {
        None => SavedView {
            asked: Asked { question: Question::default(), span: TimeSpec::default() },
            columns: Vec::new(),
            sort: None,
            breakdown: BreakdownChoice::Auto,
        },
        Some(name) => {
            let library = library(options.queries.as_deref());
            SavedView::from(&library.find(name).map_err(|wrong| wrong.to_string())?.query)
        }
    };
    let question = &mut view.asked.question;
    if let Some(text) = query {
        text.clone_into(&mut question.text);
        question.language = Language::Kql;
    }
    if options.lucene {
        question.language = Language::Lucene;
    }
    if options.from.is_some() || options.to.is_some() {
        view.asked.span = TimeSpec { from: options.from.clone(), to: options.to.clone() };
    }
    Ok(view)
}

/// How queries are lowered; dates without a zone are of the zone of display, as in Kibana.
pub(super) fn config(options: &QuestionOptions, zone: Zone) -> QueryConfig {
    QueryConfig {
        date_format_tz: Some(zone.to_string()),
        kql_plus: options.kql_plus || settings().kql_plus,
        allow_leading_wildcards: settings().leading_wildcards,
        ..QueryConfig::default()
    }
}

/// A finding about a text, with the text and a caret where there is a place.
pub(super) fn explain(text: &str, wrong: &Diagnostic) -> String {
    let mut message = wrong.message.clone();
    if let Some(before) = wrong.span.as_ref().and_then(|span| text.get(..span.start)) {
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        let line = text[line_start..].lines().next().unwrap_or_default();
        let column = crate::ui::text::width(&before[line_start..], usize::MAX);
        message.push_str("\n  ");
        message.push_str(line);
        message.push_str("\n  ");
        message.extend(std::iter::repeat_n(' ', column));
        message.push('^');
    }
    if let Some(hint) = &wrong.hint {
        message.push_str("\nhint: ");
        message.push_str(hint);
    }
    if let Some(better) = &wrong.replacement {
        message.push_str("\ntry:  ");
        message.push_str(better);
    }
    message
}

/// Whether the program can show a screen at all.
pub(super) fn has_terminal() -> bool {
    std::io::stdout().is_terminal()
}

/// The user's folders, if there is a home.
pub(super) fn paths() -> Option<Paths> {
    Paths::of_user()
}

/// Text that may come from a log, made harmless for a terminal.
pub(super) fn clean(text: &str) -> String {
    crate::ui::text::clean(text, false)
}
