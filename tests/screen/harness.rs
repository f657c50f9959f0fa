//! Keys in, screen out: the true loop over a screen in memory, a fake source and a clock that
//! stands still.

use std::sync::Arc;
use std::time::Duration;

use futures_util::StreamExt as _;
use peavey::app::{App, Message};
use peavey::config::Key;
use peavey::event::Document;
use peavey::shell::{Input, Outside, Runtime, StartOptions, prepare};
use peavey::time::{Millis, Zone};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use serde_json::json;
use tokio::sync::mpsc;

use super::fake::{Fake, Record};

/// 2025-11-24T15:00:00Z: what the clock says.
pub(crate) const NOW: Millis = Millis(1_763_996_400_000);

/// A running screen.
pub(crate) struct Harness {
    /// The loop.
    pub(crate) runtime: Box<Runtime<TestBackend>>,
    /// The source that it explores.
    pub(crate) fake: Fake,
    keys: mpsc::UnboundedSender<Input>,
}

impl Harness {
    /// A screen of that size over the web log of [`web_log`].
    pub(crate) async fn new(width: u16, height: u16) -> Self {
        Self::over(web_log(), width, height, |_| {}).await
    }

    /// A screen over a source, with other options.
    pub(crate) async fn over(
        fake: Fake,
        width: u16,
        height: u16,
        change: impl FnOnce(&mut StartOptions),
    ) -> Self {
        let mut harness = Self::begin(fake, width, height, change);
        harness.idle().await;
        harness
    }

    fn begin(fake: Fake, width: u16, height: u16, change: impl FnOnce(&mut StartOptions)) -> Self {
        let mut options = StartOptions::new(Zone::UTC);
        options.paths = None;
        options.source = Some(Arc::new(fake.clone()));
        change(&mut options);
        let outside = Outside { opener: options.opener.clone(), ..Outside::none() };
        let (app, findings) = prepare(&options, &outside);
        let terminal = Terminal::new(TestBackend::new(width, height)).expect("a screen in memory");
        let (keys, mut received) = mpsc::unbounded_channel();
        let inputs = futures_util::stream::poll_fn(move |ctx| received.poll_recv(ctx)).boxed();
        let mut runtime = Runtime::new(app, terminal, inputs, outside, Box::new(|| NOW));
        runtime.begin(options.source, options.picker, options.follow, &findings);
        Self { runtime: Box::new(runtime), fake, keys }
    }

    /// Presses keys (`ilog.level: error<Enter>`), each after all before it has settled.
    pub(crate) async fn keys(&mut self, keys: &str) -> &mut Self {
        for key in Key::sequence(keys).expect("known keys") {
            self.keys.send(Input::Message(Message::KeyPressed(key))).expect("the loop listens");
            self.idle().await;
        }
        self
    }

    /// Pastes a text.
    pub(crate) async fn paste(&mut self, text: &str) -> &mut Self {
        let pasted = Message::Pasted(text.to_owned());
        self.keys.send(Input::Message(pasted)).expect("the loop listens");
        self.idle().await;
        self
    }

    /// Gives the screen another size.
    pub(crate) async fn resize(&mut self, width: u16, height: u16) -> &mut Self {
        self.runtime.terminal.backend_mut().resize(width, height);
        self.keys.send(Input::Resized).expect("the loop listens");
        self.idle().await;
        self
    }

    /// Lets time pass: timers run out.
    pub(crate) async fn pass(&mut self, millis: u64) -> &mut Self {
        self.idle().await;
        tokio::time::advance(Duration::from_millis(millis)).await;
        self.idle().await;
        self
    }

    /// Waits until nothing is left to do but for time to pass.
    pub(crate) async fn idle(&mut self) -> &mut Self {
        self.runtime.settle().await.expect("the screen in memory cannot fail");
        self
    }

    /// The state.
    pub(crate) fn app(&self) -> &App {
        &self.runtime.app
    }

    /// The screen as text, without spaces at the ends of lines.
    pub(crate) fn screen(&self) -> String {
        let buffer = self.runtime.terminal.backend().buffer();
        let width = usize::from(buffer.area.width);
        let line = |cells: &[ratatui::buffer::Cell]| {
            let text: String = cells.iter().map(ratatui::buffer::Cell::symbol).collect();
            text.trim_end().to_owned()
        };
        let lines: Vec<String> = buffer.content.chunks(width).map(line).collect();
        lines.join("\n")
    }
}

/// A web log of 600 records over ten hours with a burst of 502 in it.
pub(crate) fn web_log() -> Fake {
    let records = (0..600).map(|at| web_record(at, 60_000)).collect();
    Fake::new("access.log", records, &FIELDS)
}

/// Record number `at`, `step` milliseconds after the one before.
pub(crate) fn web_record(at: i64, step: i64) -> Record {
    let start = 1_763_960_400_000; // 2025-11-24T05:00:00Z
    let time = Millis(start + at * step);
    let burst = (400..430).contains(&at);
    let status = match at % 20 {
        _ if burst && at % 2 == 0 => 502,
        3 => 404,
        7 => 301,
        _ => 200,
    };
    let level = if status >= 500 { "ERROR" } else { "INFO" };
    let path = ["/", "/api/v1/parcels", "/static/app.js", "/login"][(at % 4) as usize];
    let message = if status == 502 { "upstream timed out" } else { "served" };
    let raw = format!("{time} 10.0.0.{} \"GET {path}\" {status} {message} #{at}", at % 7);
    let source = json!({
        "@timestamp": time.to_string(),
        "http": { "response": { "status_code": status }, "request": { "method": "GET" } },
        "url": { "path": path },
        "source": { "ip": format!("10.0.0.{}", at % 7) },
        "log": { "level": level, "file": { "path": "/var/log/access.log" }, "offset": at * 80 },
        "message": message,
        "event": { "original": raw },
    });
    let serde_json::Value::Object(source) = source else { unreachable!("an object was written") };
    Record { time, document: Arc::new(Document { source }), raw: raw.into_bytes().into() }
}

/// The fields of the web log.
pub(crate) const FIELDS: [(&str, &str); 11] = [
    ("@timestamp", "date"),
    ("http.response.status_code", "long"),
    ("http.request.method", "keyword"),
    ("url.path", "keyword"),
    ("source.ip", "ip"),
    ("log.level", "keyword"),
    ("log.file.path", "keyword"),
    ("log.offset", "long"),
    ("message", "text"),
    ("event.original", "text"),
    ("tags", "keyword"),
];
