//! Columns hold what was put in and answer what they are asked.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::{Column, ColumnBuilder};
use crate::event::Value;
use crate::store::DocSet;

#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Owned {
    Bool(bool),
    Int(i64),
    Float(u64),
    Text(Vec<u8>),
}

impl Owned {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Bool(value) => Value::Bool(*value),
            Self::Int(value) => Value::Int(*value),
            Self::Float(value) => Value::Float(f64::from_bits(*value)),
            Self::Text(text) => Value::Text(text),
        }
    }

    fn of(value: Value<'_>) -> Self {
        match value {
            Value::Bool(value) => Self::Bool(value),
            Value::Int(value) => Self::Int(value),
            Value::Float(value) => Self::Float(value.to_bits()),
            Value::Text(text) => Self::Text(text.to_vec()),
            other => panic!("{other:?} is no value of a column"),
        }
    }
}

fn any_value() -> impl Strategy<Value = Owned> {
    prop_oneof![
        any::<bool>().prop_map(Owned::Bool),
        prop_oneof![-3i64..5, 1020i64..1030, any::<i64>()].prop_map(Owned::Int),
        prop_oneof![Just(f64::NAN.to_bits()), any::<u64>()].prop_map(Owned::Float),
        "[ab]{0,3}".prop_map(|text| Owned::Text(text.into_bytes())),
    ]
}

fn build(records: &[Vec<Owned>]) -> Column {
    let mut builder = ColumnBuilder::default();
    for values in records {
        builder.begin();
        for value in values {
            builder.push(value.value());
        }
    }
    builder.finish()
}

proptest! {
    #[test]
    fn a_column_counts_each_value_of_a_record_once(
        records in prop::collection::vec(prop::collection::vec(any_value(), 0..4), 0..200),
    ) {
        let column = build(&records);
        prop_assert_eq!(column.len() as usize, records.len());
        let docs = DocSet::of(column.len(), |doc| doc % 3 != 0);
        let mut expected: BTreeMap<Owned, u32> = BTreeMap::new();
        let mut missing = 0;
        for (doc, values) in records.iter().enumerate() {
            if doc % 3 == 0 {
                continue;
            }
            missing += u32::from(values.is_empty());
            for value in values.iter().collect::<BTreeSet<_>>() {
                *expected.entry(value.clone()).or_default() += 1;
            }
        }
        let counts = column.count(&docs);
        prop_assert_eq!(counts[0], missing);
        let found: BTreeMap<Owned, u32> = (1..counts.len())
            .filter(|code| counts[*code] > 0)
            .map(|code| (Owned::of(column.value(code as u32).unwrap()), counts[code]))
            .collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn a_test_on_values_finds_the_records_that_hold_one(
        records in prop::collection::vec(prop::collection::vec(any_value(), 0..4), 0..200),
        wanted in any_value(),
    ) {
        let column = build(&records);
        let found = column.matching(|value| Owned::of(value) == wanted).to_vec();
        let expected: Vec<u32> = (0..records.len())
            .filter(|doc| records[*doc].contains(&wanted))
            .map(|doc| doc as u32)
            .collect();
        prop_assert_eq!(found, expected);
    }
}

#[test]
fn many_different_values_stay_apart() {
    let records: Vec<Vec<Owned>> =
        (0..70_000).map(|at| vec![Owned::Text(format!("value {at}").into_bytes())]).collect();
    let column = build(&records);
    assert_eq!(column.distinct(), 70_000);
    assert_eq!(column.value(column.first_code(66_000)), Some(Value::Text(b"value 66000")));
}
