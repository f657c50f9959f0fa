//! Opening the screen: settings and options become the first state, the terminal is taken, the
//! loop runs, the terminal is given back.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, bail};
use ratatui::Terminal;

use super::latency::Latency;
use super::outside::{Opener, Outside};
use super::runtime::Runtime;
use super::terminal::{self, Surface};
use super::{input, log};
use crate::app::state::{BreakdownChoice, Offered, QueryConfig};
use crate::app::{Action, App, SavedView};
use crate::config::{Finding, Keymap, Paths};
use crate::query::{Interval, Sort, SortOrder};
use crate::source::Source;
use crate::theme::{Charset, ColorDepth};
use crate::time::{Millis, Weekday, Zone};

/// What the screen opens with.
pub struct StartOptions {
    /// What is explored; without it a list of [`StartOptions::picker`] is shown first.
    pub source: Option<Arc<dyn Source>>,
    /// Sources to pick from.
    pub picker: Offered,
    /// Opens what was picked.
    pub opener: Option<Arc<dyn Opener>>,
    /// Query, pills, time, columns, order, breakdown.
    pub view: SavedView,
    /// The width of bars; `None` is automatic.
    pub interval: Option<Interval>,
    /// Whether to follow from the start.
    pub follow: bool,
    /// The zone of every time shown.
    pub zone: Zone,
    /// Whether relative times count from the newest record instead of the clock.
    pub now_is_end: bool,
    /// The theme's name; `None` is the setting's.
    pub theme: Option<String>,
    /// Whether to use ASCII only; `None` looks at the locale and the terminal.
    pub ascii: Option<bool>,
    /// How queries are read.
    pub query_config: QueryConfig,
    /// The first day of the week in time ranges, if one is set.
    pub week_start: Option<Weekday>,
    /// Further folders of saved queries.
    pub queries: Vec<PathBuf>,
    /// Folders of this user.
    pub paths: Option<Paths>,
}

impl StartOptions {
    /// Everything of a source, newest first.
    #[must_use]
    pub fn new(zone: Zone) -> Self {
        let view = SavedView {
            asked: crate::app::state::Asked::default(),
            columns: Vec::new(),
            sort: None,
            breakdown: BreakdownChoice::Auto,
        };
        Self {
            source: None,
            picker: Offered::default(),
            opener: None,
            view,
            interval: None,
            follow: false,
            zone,
            now_is_end: false,
            theme: None,
            ascii: None,
            query_config: QueryConfig::default(),
            week_start: None,
            queries: Vec::new(),
            paths: Paths::of_user(),
        }
    }
}

/// Opens the screen and stays until it is left; the exit status.
///
/// # Errors
/// There is no terminal that can show it, or it cannot be written to.
pub fn run(options: StartOptions) -> anyhow::Result<ExitCode> {
    let env = |name: &str| std::env::var(name).ok();
    if env("TERM").is_none_or(|term| term.is_empty() || term == "dumb") {
        bail!("this terminal cannot show the screen (TERM=dumb); use `peavey query` instead");
    }
    let async_runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    if let Some(paths) = &options.paths {
        log::start(&paths.log());
    }
    let latency = env("PEAVEY_LATENCY").map(|file| Latency::into_file(file.into()));
    let outside = Outside {
        paths: options.paths.clone(),
        queries: options.queries.clone(),
        opener: options.opener.clone(),
        depth: ColorDepth::detect(env),
        charset: match options.ascii {
            Some(true) => Charset::Ascii,
            Some(false) => Charset::Unicode,
            None => Charset::detect(env),
        },
        panics: env("PEAVEY_PANIC").is_some_and(|when| when == "draw"),
        input_maker: match latency.clone() {
            Some(latency) => Box::new(move || latency.measure(input::stream())),
            None => Box::new(input::stream),
        },
        latency: latency.clone(),
    };
    let status = async_runtime.block_on(async {
        let (app, findings) = prepare(&options, &outside);
        terminal::install_panic_hook();
        let backend = terminal::backend().context("there is no terminal")?;
        let mut screen = Terminal::new(backend)?;
        screen.backend_mut().enter().context("the terminal cannot be taken")?;
        let inputs = (outside.input_maker)();
        let mut runtime = Runtime::new(app, screen, inputs, outside, Box::new(wall_clock));
        runtime.listen_to_signals();
        runtime.begin(options.source, options.picker, options.follow, &findings);
        let result = runtime.run().await;
        runtime.terminal.backend_mut().leave();
        result
    });
    terminal::restore();
    if let Some(latency) = latency {
        latency.report().context("the times of keys cannot be written")?;
    }
    // Workers that are still reading must not hold up the shell prompt.
    async_runtime.shutdown_background();
    Ok(ExitCode::from(status?))
}

/// The first state, from options and settings, and what is wrong with the settings.
#[must_use]
pub fn prepare(options: &StartOptions, outside: &Outside) -> (App, Vec<Finding>) {
    let actions: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
    let file = options.paths.as_ref().map(Paths::keymap);
    let text = file.as_ref().and_then(|file| fs::read_to_string(file).ok());
    let name = file.map(|file| file.display().to_string()).unwrap_or_default();
    let user = text.as_deref().map(|text| (name.as_str(), text));
    let (keymap, findings) = Keymap::load(user, &actions);
    let mut app = App::new(Arc::new(keymap), options.zone);
    app.query_config = options.query_config.clone();
    app.week_start = options.week_start;
    app.themes = outside.theme_names();
    app.theme = options.theme.clone().unwrap_or_default();
    app.query.history = outside.history();
    app.histogram.interval = options.interval;
    app.table.sort = options
        .view
        .sort
        .clone()
        .unwrap_or(Sort { field: String::new(), order: SortOrder::Descending });
    app.open_first(options.view.clone(), options.now_is_end);
    (app, findings)
}

impl<B: Surface> Runtime<B>
where
    B::Error: std::error::Error + Send + Sync + 'static,
{
    /// Puts the source in place, or the list of sources; follows if that is wanted, and tells what
    /// is wrong with the settings.
    pub fn begin(
        &mut self,
        source: Option<Arc<dyn Source>>,
        picker: Offered,
        follow: bool,
        findings: &[Finding],
    ) {
        match source {
            Some(source) => self.use_source(source),
            None => {
                for effect in self.app.pick_source(picker) {
                    if let Err(error) = self.perform(effect) {
                        tracing::error!(%error, "the list is not complete");
                    }
                }
            }
        }
        if follow {
            self.dispatch(crate::app::Message::FollowWanted);
        }
        if let Some(finding) = findings.first() {
            let more = findings.len() - 1;
            let more = if more > 0 { format!(" (and {more} more)") } else { String::new() };
            let text = format!("{finding}{more}");
            self.dispatch(crate::app::Message::Done(crate::app::Outcome::Failed(text)));
        }
    }
}

fn wall_clock() -> Millis {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    Millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}
