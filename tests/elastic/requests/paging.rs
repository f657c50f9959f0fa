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
