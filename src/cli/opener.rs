//! Opens sources for the screen, again and again: other logs, another data view of the same
//! cluster, another time field. Knows what is open.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::cluster::{self, Views};
use super::open::{self, Opening};
use super::{SourceOptions, places};
use crate::app::state::{Offered, SourceRow};
use crate::shell;
use crate::source::Source;
use crate::source::elastic::Address;

/// Most recent sources that are kept.
const RECENT: usize = 20;

/// See the module.
pub(super) struct Opener {
    source: SourceOptions,
    format: Option<String>,
    /// Sources as written: those that are open.
    open: Mutex<Vec<String>>,
}

impl Opener {
    /// Nothing is open yet.
    pub(super) fn new(source: &SourceOptions, format: Option<&str>) -> Self {
        Self {
            source: source.clone(),
            format: format.map(str::to_owned),
            open: Mutex::new(Vec::new()),
        }
    }

    /// Opens sources with the time field of the command line.
    ///
    /// # Errors
    /// A text for the user.
    pub(super) fn open_first(&self, sources: &[String]) -> Result<Arc<dyn Source>, String> {
        self.open_with(sources, self.source.time_field.clone())
    }

    /// What is listed where a cluster was named without a data view; `None` where all are named.
    ///
    /// # Errors
    /// A text for the user: a wrong address, or a cluster that does not answer.
    pub(super) fn to_pick_from(&self, sources: &[String]) -> Result<Option<Offered>, String> {
        let [text] = sources else { return Ok(None) };
        if !Address::is_meant(text) || !cluster::lacks_view(text) {
            return Ok(None);
        }
        *self.current() = sources.to_vec();
        let mut first = None;
        let views = Views::reach(text, &self.source.cluster)?;
        let listed = views.list(&mut |rows| {
            first = Some(offered(&views, rows));
            false
        });
        match listed {
            Ok(()) => Ok(first),
            // Who may not list can still type a pattern.
            Err(wrong) if wrong.may_type => Ok(Some(offered(&views, Vec::new()))),
            Err(wrong) => Err(wrong.reason),
        }
    }

    fn current(&self) -> std::sync::MutexGuard<'_, Vec<String>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open_with(
        &self,
        sources: &[String],
        time_field: Option<String>,
    ) -> Result<Arc<dyn Source>, String> {
        let source = SourceOptions { time_field, ..self.source.clone() };
        let opening = Opening { sources, source: &source, format: self.format.as_deref() };
        let opened = open::source(&opening)?;
        remember(sources);
        *self.current() = sources.to_vec();
        Ok(opened)
    }

    /// The cluster among what is open: its place, and its address as written.
    fn cluster(&self) -> Option<(usize, String)> {
        let sources = self.current();
        let at = sources.iter().position(|text| Address::is_meant(text))?;
        Some((at, sources.get(at)?.clone()))
    }
}

impl shell::Opener for Opener {
    fn open(&self, sources: Vec<String>) -> anyhow::Result<Arc<dyn Source>> {
        self.open_with(&sources, None).map_err(anyhow::Error::msg)
    }

    fn open_view(&self, pattern: &str) -> anyhow::Result<Arc<dyn Source>> {
        let Some((at, address)) = self.cluster() else { anyhow::bail!("no cluster is open") };
        let mut sources = self.current().clone();
        if let Some(place) = sources.get_mut(at) {
            *place = Address::with_pattern(&address, pattern);
        }
        self.open_with(&sources, None).map_err(anyhow::Error::msg)
    }

    fn use_time_field(&self, field: &str) -> anyhow::Result<Arc<dyn Source>> {
        let sources = self.current().clone();
        if sources.iter().any(|source| source == "-") {
            anyhow::bail!(
                "standard input cannot be read twice; start Peavey with --time-field {field}"
            );
        }
        self.open_with(&sources, Some(field.to_owned())).map_err(anyhow::Error::msg)
    }

    fn list(&self, tell: &mut dyn FnMut(Offered) -> bool) -> anyhow::Result<()> {
        let Some((_, address)) = self.cluster() else {
            tell(machine());
            return Ok(());
        };
        let views = Views::reach(&address, &self.source.cluster).map_err(anyhow::Error::msg)?;
        let listed = views.list(&mut |rows| tell(offered(&views, rows)));
        listed.map_err(|wrong| {
            if wrong.may_type {
                tell(offered(&views, Vec::new()));
            }
            anyhow::Error::msg(wrong.reason)
        })
    }
}

fn offered(views: &Views, rows: Vec<cluster::ViewRow>) -> Offered {
    let row =
        |row: cluster::ViewRow| SourceRow { label: row.name, detail: row.detail, args: Vec::new() };
    Offered { rows: rows.into_iter().map(row).collect(), cluster: Some(views.cluster().to_owned()) }
}

/// The logs of this machine and what was opened before.
pub(super) fn machine() -> Offered {
    let recent = open::paths().map(|paths| paths.recent());
    let recent = recent.and_then(|file| std::fs::read_to_string(file).ok()).unwrap_or_default();
    let recent: Vec<String> = recent.lines().map(str::to_owned).collect();
    let places = places::list(Path::new("/var/log"), &recent, SystemTime::now());
    let rows = places.into_iter().map(|place| SourceRow {
        label: place.label,
        detail: place.detail,
        args: vec![place.argument],
    });
    let kept = cluster::profiles().map(|profiles| profiles.names()).unwrap_or_default();
    let kept = kept.into_iter().map(|name| format!("es://{name}"));
    let clusters = kept.filter(|address| !recent.contains(address)).map(|address| SourceRow {
        label: address.clone(),
        detail: "a cluster".to_owned(),
        args: vec![address],
    });
    Offered { rows: clusters.chain(rows).collect(), cluster: None }
}

/// Notes sources for the list; that it cannot be noted stops nobody.
fn remember(sources: &[String]) {
    let Some(file) = open::paths().map(|paths| paths.recent()) else { return };
    let Some(folder) = file.parent() else { return };
    let old = std::fs::read_to_string(&file).unwrap_or_default();
    let mut lines: Vec<String> = Vec::new();
    for source in sources.iter().filter(|source| *source != "-" && !source.contains('\n')) {
        if let Some(address) = cluster::address_to_keep(source) {
            lines.push(address);
            continue;
        }
        let absolute = std::fs::canonicalize(source);
        lines.push(absolute.map_or_else(|_gone| source.clone(), |path| path.display().to_string()));
    }
    lines.extend(old.lines().map(str::to_owned));
    let mut seen = std::collections::HashSet::new();
    lines.retain(|line| seen.insert(line.clone()));
    lines.truncate(RECENT);
    let written = std::fs::create_dir_all(folder)
        .and_then(|()| std::fs::write(&file, lines.join("\n") + "\n"));
    if let Err(error) = written {
        tracing::debug!("recent sources are not kept: {error}");
    }
}
