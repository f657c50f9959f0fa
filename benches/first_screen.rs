//! How soon the newest rows of a log are there, how long indexing it takes, and in how much memory.

mod support;

use std::time::Instant;

use peavey::query::{Answer, Clause, Direction, PageRequest, Part};
use peavey::source::local::{LocalSource, Options};

fn main() {
    let path = support::log();
    let began = Instant::now();
    let source = LocalSource::open(support::found(&[&path]), Options::default());
    let page = Part::Page(PageRequest {
        anchor: None,
        inclusive: false,
        direction: Direction::After,
        count: 50,
        fields: Vec::new(),
    });
    let updates = support::ask(&source, support::search(Clause::MatchAll), vec![page]);
    let opened = began.elapsed();
    for (at, (took, update)) in updates.iter().enumerate() {
        let Answer::Page(page) = &update.answer else { continue };
        let kind = if update.complete { "final" } else { "provisional" };
        support::tell(&format!("page {at}: {} rows, {kind}", page.hits.len()), *took);
    }
    support::tell("open to the final first page", opened);
    support::wait_complete(&source);
    support::tell("open to everything indexed (one core is left free)", began.elapsed());
    support::tell(&format!("peak memory {} MB", support::peak_memory()), began.elapsed());
}
