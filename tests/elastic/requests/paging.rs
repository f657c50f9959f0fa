//! Rows.

use peavey::query::{Clause, Direction, SortOrder};

use super::open;
use crate::support::engine::Engine;
use crate::{number, search};

/// Forwards and backwards, ascending and descending: each record once, in order.
pub(super) fn pages_walk_the_whole_answer_both_ways_without_loss(engine: &Engine) {
    let name = engine.name;
    let asked = open(engine, "pages_walk_the_whole_answer_both_ways_without_loss", 523);
    for order in [SortOrder::Ascending, SortOrder::Descending] {
        let search = search(Clause::MatchAll, order);
        let (mut forward, mut anchor) = (Vec::new(), None);
        loop {
            let page = asked.page(&search, anchor, Direction::After, 50);
            assert_eq!(page.at_start, forward.is_empty(), "{name}");
            forward.extend(page.hits.iter().map(number));
            if page.at_end {
                break;
            }
            anchor = page.hits.last().map(|hit| hit.cursor.clone());
        }
        let mut sorted = forward.clone();
        sorted.sort_unstable();
        assert_eq!(sorted, (0..523).collect::<Vec<i64>>(), "{name}: each once");
        let seconds: Vec<i64> = forward.iter().map(|n| n / 5).collect();
        let in_order = match order {
            SortOrder::Ascending => seconds.is_sorted(),
            SortOrder::Descending => seconds.iter().rev().is_sorted(),
        };
        assert!(in_order, "{name}");
        let (mut backward, mut anchor) = (Vec::new(), None);
        loop {
            let page = asked.page(&search, anchor, Direction::Before, 50);
            backward.splice(0..0, page.hits.iter().map(number));
            if page.at_start {
                break;
            }
            anchor = page.hits.first().map(|hit| hit.cursor.clone());
        }
        assert_eq!(backward.len(), 523, "{name}");
    }
}

/// Sorted by a field that every fiftieth record lacks: those are last, and pages lose none.
pub(super) fn rows_without_a_value_are_last_either_way(engine: &Engine) {
    let name = engine.name;
    let asked = open(engine, "without_a_value", 230);
    for order in [SortOrder::Ascending, SortOrder::Descending] {
        let mut search = search(Clause::MatchAll, order);
        "service".clone_into(&mut search.sort.field);
        let (mut forward, mut anchor) = (Vec::new(), None);
        loop {
            let page = asked.page(&search, anchor, Direction::After, 40);
            forward.extend(page.hits.iter().map(|hit| {
                let service = hit.document.first("service");
                (service.and_then(|value| value.as_str().map(str::to_owned)), number(hit))
            }));
            if page.at_end {
                break;
            }
            anchor = page.hits.last().map(|hit| hit.cursor.clone());
        }
        let mut numbers: Vec<i64> = forward.iter().map(|row| row.1).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (0..230).collect::<Vec<i64>>(), "{name}: each once");
        let (with, without) = forward.split_at(225);
        assert!(without.iter().all(|row| row.0.is_none()), "{name}: {without:?}");
        let mut services: Vec<&str> = with.iter().filter_map(|row| row.0.as_deref()).collect();
        if order == SortOrder::Descending {
            services.reverse();
        }
        assert!(services.len() == 225 && services.is_sorted(), "{name}");
    }
}
