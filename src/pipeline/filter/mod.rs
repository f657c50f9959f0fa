//! The filter plugins, a file for each, and what all of them can do.

mod common;
mod date;
mod drop;
mod grok;
mod mutate;

use std::collections::BTreeMap;

pub(super) use common::Common;

use super::ast::Plugin;
use super::plan::{Live, Plan, Step};
use super::settings::Settings;
use super::state::State;
use super::{Ecs, Options};
use crate::diagnostic::Diagnostic;

/// How a filter went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ran {
    /// It did what it is for; what is common to all filters happens now.
    Matched,
    /// It had nothing to do or failed.
    Passed,
}

/// A filter that is bound to slots.
pub(super) trait Filter: std::fmt::Debug + Send + Sync {
    /// Does its work on an event.
    fn run(&self, state: &mut State<'_>) -> Ran;
}

/// What filters are made with, besides their options.
pub(super) struct Setup<'a> {
    pub(super) ecs: Ecs,
    pub(super) options: &'a Options,
    pub(super) environment: &'a BTreeMap<String, String>,
}

/// The plugins that Logstash has and Peavey does not run yet.
const KNOWN: [&str; 12] = [
    "dissect",
    "kv",
    "json",
    "csv",
    "useragent",
    "geoip",
    "clone",
    "split",
    "ruby",
    "translate",
    "fingerprint",
    "urldecode",
];

/// Makes a step of a plugin.
pub(super) fn plan(plugin: &Plugin, setup: &Setup<'_>) -> Result<Step, Vec<Diagnostic>> {
    let mut settings = Settings::of(plugin, setup.environment);
    let common = Common::take(&mut settings);
    let plan: Option<Box<dyn Plan>> = match plugin.name.as_str() {
        "grok" => grok::plan(&mut settings, setup),
        "date" => date::plan(&mut settings, setup),
        "mutate" => mutate::plan(&mut settings),
        "drop" => drop::plan(&mut settings),
        name => {
            let known = KNOWN.contains(&name);
            let reason = if known { "is not supported yet" } else { "is unknown" };
            return Err(vec![
                Diagnostic::error(format!("filter `{name}` {reason}")).at(plugin.span.clone()),
            ]);
        }
    };
    settings.finish()?;
    match plan {
        Some(plan) => Ok(Step::Filter { plan, common, live: Live::All }),
        None => Err(vec![
            Diagnostic::error(format!("filter `{}` cannot be used", plugin.name))
                .at(plugin.span.clone()),
        ]),
    }
}
