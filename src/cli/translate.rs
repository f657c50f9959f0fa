//! `peavey translate`: the Elasticsearch query that a KQL query means.
//!
//! In: a query, and perhaps the fields of a data view. Out: query DSL as Kibana would send it, plain,
//! indented, or as a `curl` command to paste. Asks no cluster.

use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::Args;
use serde_json::{Value as Json, json};

use crate::diagnostic::Diagnostic;
use crate::event::DataView;
use crate::query::{QueryConfig, build, dsl, kql, lower};
use crate::ui::text::clean;

/// Arguments of `peavey translate`.
#[derive(Debug, Args)]
pub struct TranslateArguments {
    /// The query
    #[arg(value_name = "KQL", allow_hyphen_values = true)]
    query: String,
    /// Fields and their types: a data view as JSON, as Kibana's API gives it
    #[arg(long, value_name = "FILE")]
    data_view: Option<PathBuf>,
    /// The query is a Lucene query string
    #[arg(long)]
    lucene: bool,
    /// The zone of dates without one
    #[arg(long, value_name = "ZONE")]
    tz: Option<String>,
    /// Allow `field: /regex/`, sizes and durations
    #[arg(long)]
    kql_plus: bool,
    /// Indent the JSON
    #[arg(long)]
    pretty: bool,
    /// Write a command that searches this index
    #[arg(long, value_name = "INDEX")]
    curl: Option<String>,
}

/// Prints the translation.
#[must_use]
pub fn run(arguments: &TranslateArguments) -> ExitCode {
    match translate(arguments) {
        Ok(text) => {
            // A closed pipe has had enough.
            let _ = writeln!(io::stdout(), "{text}");
            ExitCode::SUCCESS
        }
        Err(error) => {
            let message = format!("{error:#}");
            let lines: Vec<String> = message.lines().map(|line| clean(line, false)).collect();
            let _ = writeln!(io::stderr(), "peavey: {}", lines.join("\n"));
            ExitCode::from(2)
        }
    }
}

fn translate(arguments: &TranslateArguments) -> anyhow::Result<String> {
    let view = arguments.data_view.as_deref().map(read_view).transpose()?;
    let config = QueryConfig {
        date_format_tz: arguments.tz.clone(),
        kql_plus: arguments.kql_plus,
        ..QueryConfig::default()
    };
    let query = dsl_of(arguments, view.as_ref(), &config)?;
    let Some(index) = &arguments.curl else { return Ok(written(&query, arguments.pretty)) };
    let body = written(&json!({"query": query}), arguments.pretty);
    let index = index.replace('\'', "%27");
    Ok(format!(
        "curl -sS -H 'Content-Type: application/json' \\\n  \
         \"${{ELASTICSEARCH_URL:-http://localhost:9200}}\"'/{index}/_search?pretty' \\\n  -d '{}'",
        body.replace('\'', r"'\''")
    ))
}

fn dsl_of(
    arguments: &TranslateArguments,
    view: Option<&DataView>,
    config: &QueryConfig,
) -> anyhow::Result<Json> {
    if arguments.lucene {
        return Ok(dsl::to_json(&build::lucene(&Json::from(arguments.query.as_str()), config)));
    }
    let options = kql::Options { leading_wildcards: true, plus: config.kql_plus };
    let ast = match kql::parse_with(&arguments.query, options) {
        Ok(ast) => ast,
        Err(error) => bail!("{error}{}", advice(&error.to_diagnostic())),
    };
    match lower::kql(&ast, view, config) {
        Ok(clause) => Ok(dsl::to_json(&clause)),
        Err(error) => {
            let message = error.to_string();
            bail!("{message}{}", advice(&Diagnostic::from(error)))
        }
    }
}

/// The hint and the proposal of a diagnostic, a line each.
fn advice(diagnostic: &Diagnostic) -> String {
    let hint = diagnostic.hint.as_ref().map(|hint| format!("\nhint: {hint}"));
    let proposal = diagnostic.replacement.as_ref().map(|text| format!("\ntry:  {text}"));
    hint.into_iter().chain(proposal).collect()
}

fn written(json: &Json, pretty: bool) -> String {
    let text =
        if pretty { serde_json::to_string_pretty(json) } else { serde_json::to_string(json) };
    // Values without maps of odd keys are always written.
    text.unwrap_or_default()
}

/// Reads a data view: `{"fields": [..]}`, or the answer of Kibana's API, whose fields are an object.
fn read_view(path: &Path) -> anyhow::Result<DataView> {
    let name = path.display();
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {name}"))?;
    let json: Json = serde_json::from_str(&text).with_context(|| format!("{name} is no JSON"))?;
    let mut view = json.get("data_view").unwrap_or(&json).clone();
    if let Some(Json::Object(fields)) = view.get("fields") {
        let fields: Vec<Json> = fields.values().cloned().collect();
        view["fields"] = Json::from(fields);
    }
    if view.get("fields").is_none_or(|fields| !fields.is_array()) {
        bail!("{name} is no data view: it has no list of fields");
    }
    serde_json::from_value(view).with_context(|| format!("{name} is no data view"))
}
