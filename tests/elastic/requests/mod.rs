//! The request suite: what every engine has to answer alike, on all engines that the JDK of this
//! machine runs, one after the other. No more than one of the older ones is alive at a time.

mod capabilities;
mod counts;
mod limits;
mod near;
mod paging;
mod views;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::Instant;

use crate::support::engine::{Engine, every, names};
use crate::{Asked, MAPPING, documents};

/// What is asked, and the function that asks it of a node and judges the answers.
type Case = (&'static str, fn(&Engine));

/// The suite. A case has to make indices of its own.
const SUITE: [Case; 15] = [
    ("table", capabilities::each_column_of_the_table_is_true),
    ("clock change", counts::bars_follow_a_clock_change),
    ("order", paging::rows_without_a_value_are_last_either_way),
    ("pages", paging::pages_walk_the_whole_answer_both_ways_without_loss),
    ("counts", counts::total_histogram_and_facets_are_exact),
    ("near", near::neighbours_are_of_the_same_file_and_find_walks_the_hits),
    ("two types", limits::a_field_of_two_types_is_told),
    ("not indexed", limits::a_field_that_is_not_indexed_is_told),
    ("window", limits::a_small_window_is_told),
    ("script", limits::a_failing_script_is_told),
    ("types", views::every_type_of_field_is_read_and_used),
    ("conflicts", views::a_field_of_many_types_is_marked_and_used),
    ("patterns", views::patterns_match_what_they_should),
    ("time fields", views::the_time_field_is_found_or_left_out),
    ("not kept", views::what_is_not_kept_or_not_indexed_is_said),
];

/// An index of the usual records, opened.
fn open(engine: &Engine, index: &str, count: usize) -> Asked {
    Asked::on(engine, &index.replace('_', "-"), MAPPING, &documents(count))
}

#[test]
fn every_engine_passes_the_request_suite() {
    let test = "every_engine_passes_the_request_suite";
    let mut failed = Vec::new();
    for &name in every() {
        let begun = Instant::now();
        let own;
        let engine = if names().contains(&name) {
            let Some(shared) = Engine::shared(name, test) else { continue };
            shared
        } else {
            own = Engine::start(name, test);
            let Some(engine) = &own else { continue };
            engine
        };
        for (what, case) in SUITE {
            if catch_unwind(AssertUnwindSafe(|| case(engine))).is_err() {
                failed.push(format!("{name}: {what}"));
            }
        }
        println!("{name}: {} ms", begun.elapsed().as_millis());
    }
    assert!(failed.is_empty(), "{failed:?}; what is wrong is said above");
}
