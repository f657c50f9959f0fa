//! `peavey cluster test NAME|ADDRESS`: what is used and who said so, then each step.

use std::io::{IsTerminal, stdout};

use clap::Args;

use super::{memory, open, proof, read};
use crate::cli::cluster::ClusterOptions;
use crate::cli::cluster::connect::Target;
use crate::cli::doctor::Section;
use crate::cli::doctor::print::{Style, text};
use crate::doctor::Finding;
use crate::source::elastic::Address;

/// Arguments of `peavey cluster test`.
#[derive(Debug, Args)]
pub(super) struct TestArguments {
    /// A cluster's name (`peavey cluster list`), or an address, `https://HOST:9200/PATTERN`
    #[arg(value_name = "NAME|ADDRESS")]
    cluster: String,
    #[command(flatten)]
    options: ClusterOptions,
}

/// Runs the test.
///
/// # Errors
/// A text for the user about a wrong address, option or profile.
pub(super) fn test(arguments: &TestArguments) -> Result<bool, String> {
    let named = &arguments.cluster;
    let address = if Address::is_meant(named) { named.clone() } else { format!("es://{named}") };
    let mut target = read(&address, &arguments.options)?;
    let title = Address::parse(&address).map(|address| address.shown()).unwrap_or_default();
    Ok(prove(&title, &mut target))
}

/// Proves a target and prints how.
pub(super) fn prove(title: &str, target: &mut Target) -> bool {
    let mut findings: Vec<Finding> = memory::unsaid(&target.warnings)
        .into_iter()
        .map(|warning| Finding::warning("settings", warning.clone()))
        .collect();
    let is_good = proof::prove(target, &mut findings);
    let masks = target.connection.masks();
    // After the proof: what was asked for is a setting too.
    print!("{}", masks.mask(&settings(target)));
    let sections = [Section { title: title.trim_end_matches('/').to_owned(), findings }];
    let style = Style::of_terminal(stdout().is_terminal());
    print!("{}", masks.mask(&text(&sections, &style)));
    is_good
}

/// The settings, and who said so.
fn settings(target: &Target) -> String {
    let width = |of: &dyn Fn(&super::connect::Setting) -> usize| {
        target.settings.iter().map(of).max().unwrap_or(0).min(44)
    };
    let (names, values) = (width(&|one| one.name.len()), width(&|one| one.value.chars().count()));
    let mut lines = String::from("Settings, and where they came from\n");
    for one in &target.settings {
        let (value, origin) = (open::clean(&one.value), open::clean(&one.origin));
        let line = format!("  {:<names$}  {value:<values$}  {origin}\n", one.name);
        lines.push_str(&line);
    }
    lines.push('\n');
    lines
}
