//! What one value of a field is asked: pure, cheap, made for millions of values.
//!
//! In: a scalar. Out: yes or no. Made by [`FieldTest::compile`] from an [`Operation`], which is
//! where Elasticsearch's refusals come from.

use std::ops::RangeInclusive;

use serde_json::Value as Json;

use super::literal::{self, text_of};
use super::operation::Operation;
use super::term::{Contains, TermTest};
use super::words::Words;
use super::{Literal, Moment, Target, refuse, typed};
use crate::diagnostic::Diagnostic;
use crate::event::{FieldType, MappedField, Value};
use crate::text::{Fuzzy, Regexp, Wildcard, analyze};

/// A compiled question to one value.
#[derive(Debug, Clone)]
pub struct FieldTest {
    field: MappedField,
    test: Test,
}

#[derive(Debug, Clone)]
enum Test {
    Exists,
    Whole(RangeInclusive<i64>),
    Wholes(Vec<i64>),
    Real(RangeInclusive<f64>),
    Reals(Vec<f64>),
    Instant(Vec<RangeInclusive<i128>>),
    Address(Vec<RangeInclusive<u128>>),
    Truth { yes: bool, no: bool },
    Keyword(TermTest),
    Text(Words),
    Contains(Contains),
}

impl FieldTest {
    /// Compiles what a field is asked.
    ///
    /// # Errors
    /// Where Elasticsearch would refuse the search.
    pub fn compile(
        target: &Target<'_>,
        operation: &Operation,
        moment: Moment,
    ) -> Result<Self, Diagnostic> {
        let test = match operation {
            Operation::Exists => Test::Exists,
            Operation::Contains(text) => Test::Contains(Contains::of(text)),
            _ => match target.field.kind {
                FieldType::Keyword => keyword(target, operation)?,
                FieldType::Text => text(target, operation)?,
                _ => scalar(target, operation, moment)?,
            },
        };
        Ok(Self { field: target.field.clone(), test })
    }

    /// The field's type.
    #[must_use]
    pub fn kind(&self) -> FieldType {
        self.field.kind
    }

    /// Whether any value will do.
    #[must_use]
    pub fn is_exists(&self) -> bool {
        matches!(self.test, Test::Exists)
    }

    /// Whether no value will do.
    #[must_use]
    pub fn is_never(&self) -> bool {
        match &self.test {
            Test::Whole(range) => range.is_empty(),
            Test::Text(Words::AnyOf(tokens)) => tokens.is_empty(),
            _ => false,
        }
    }

    /// For a field of whole numbers: the one range of values that answers.
    #[must_use]
    pub fn whole_range(&self) -> Option<RangeInclusive<i64>> {
        match &self.test {
            Test::Whole(range) => Some(range.clone()),
            _ => None,
        }
    }

    /// For a date field: the one range of milliseconds that answers.
    #[must_use]
    pub fn millis_range(&self) -> Option<RangeInclusive<i64>> {
        let Test::Instant(ranges) = &self.test else { return None };
        let [range] = ranges.as_slice() else { return None };
        let millis =
            |nanos: i128, end: i64| i64::try_from(nanos.div_euclid(1_000_000)).unwrap_or(end);
        let is_exact = self.field.kind == FieldType::Date;
        is_exact.then(|| millis(*range.start(), i64::MIN)..=millis(*range.end(), i64::MAX))
    }

    /// Whether a value answers. Arrays are not looked into: their elements are asked one by one.
    #[must_use]
    pub fn matches(&self, value: Value<'_>) -> bool {
        let kind = self.field.kind;
        match &self.test {
            Test::Exists => typed::fits(&self.field, value),
            Test::Whole(range) => {
                typed::whole(kind, value).is_some_and(|number| range.contains(&number))
            }
            Test::Wholes(wanted) => {
                typed::whole(kind, value).is_some_and(|number| wanted.contains(&number))
            }
            Test::Real(range) => typed::real(kind, value).is_some_and(|number| {
                range.start().total_cmp(&number).is_le() && number.total_cmp(range.end()).is_le()
            }),
            Test::Reals(wanted) => typed::real(kind, value)
                .is_some_and(|number| wanted.iter().any(|it| it.total_cmp(&number).is_eq())),
            Test::Instant(ranges) => self.instant(value).is_some_and(|nanos| any(ranges, &nanos)),
            Test::Address(ranges) => {
                typed::address(value).is_some_and(|address| any(ranges, &address))
            }
            Test::Truth { yes, no } => {
                typed::truth(value).is_some_and(|truth| if truth { *yes } else { *no })
            }
            Test::Keyword(test) => self.with_text(value, |text| {
                test.matches(text) && typed::is_short_enough(self.field.ignore_above, text)
            }),
            Test::Text(words) => self.with_text(value, |text| words.matches(text)),
            Test::Contains(contains) => self.with_text(value, |text| contains.matches(text)),
        }
    }

    #[expect(clippy::unused_self, reason = "reads as one of the tests beside it")]
    fn with_text(&self, value: Value<'_>, test: impl FnOnce(&[u8]) -> bool) -> bool {
        typed::with_text(value, test).unwrap_or(false)
    }

    /// Nanoseconds, cut to the field's resolution.
    fn instant(&self, value: Value<'_>) -> Option<i128> {
        if self.field.kind == FieldType::DateNanos {
            return typed::nanos(&self.field, value);
        }
        typed::millis(&self.field, value).map(|millis| i128::from(millis) * 1_000_000)
    }

    /// Texts of which every matching value, as it was written, contains at least one.
    #[must_use]
    pub fn literals(&self) -> Option<Vec<Literal<'_>>> {
        match &self.test {
            Test::Keyword(test) => test.literals(),
            Test::Text(words) => words.literals(),
            Test::Contains(contains) => Some(vec![contains.literal()?]),
            _ => None,
        }
    }
}

fn any<T: PartialOrd>(ranges: &[RangeInclusive<T>], value: &T) -> bool {
    ranges.iter().any(|range| range.contains(value))
}

fn texts(values: &[Json]) -> Vec<String> {
    values.iter().map(text_of).collect()
}

/// The tests that a term can be given whatever the field; `None` for `match` and phrases.
fn term(operation: &Operation) -> Result<Option<TermTest>, Diagnostic> {
    Ok(Some(match operation {
        Operation::Terms { values, ignore_case } => match values.as_slice() {
            [one] => TermTest::equals(&text_of(one), *ignore_case),
            _ => TermTest::among(&texts(values)),
        },
        Operation::Range(range) => TermTest::between(range),
        Operation::Wildcard { pattern, ignore_case } => {
            TermTest::Wildcard(Wildcard::compile(pattern, *ignore_case))
        }
        Operation::Prefix { value, ignore_case } => TermTest::prefix(value, *ignore_case),
        Operation::Regexp { pattern, ignore_case } => {
            let regexp = Regexp::compile(pattern, *ignore_case)
                .map_err(|error| Diagnostic::error(error.to_string()))?;
            TermTest::Regexp(Box::new(regexp))
        }
        Operation::Fuzzy { term, edits: 0 } => TermTest::equals(term, false),
        Operation::Fuzzy { term, edits } => TermTest::Fuzzy(Fuzzy::of(term, *edits)),
        _ => return Ok(None),
    }))
}

fn keyword(target: &Target<'_>, operation: &Operation) -> Result<Test, Diagnostic> {
    if let Some(test) = term(operation)? {
        return Ok(Test::Keyword(test));
    }
    match operation {
        Operation::Match(value) | Operation::Phrase { value, .. } => {
            Ok(Test::Keyword(TermTest::equals(&text_of(value), false)))
        }
        _ => Err(refuse::unsupported(target)),
    }
}

fn text(target: &Target<'_>, operation: &Operation) -> Result<Test, Diagnostic> {
    if let Some(test) = term(operation)? {
        return Ok(Test::Text(Words::any(test)));
    }
    match operation {
        Operation::Match(value) => Ok(Test::Text(Words::any_of(&analyze::tokens(&text_of(value))))),
        Operation::Phrase { value, slop } => {
            Ok(Test::Text(Words::phrase(&analyze::tokens(&text_of(value)), *slop)))
        }
        _ => Err(refuse::unsupported(target)),
    }
}

/// Numbers, dates, addresses, booleans.
fn scalar(target: &Target<'_>, operation: &Operation, moment: Moment) -> Result<Test, Diagnostic> {
    let values = match operation {
        Operation::Match(value) | Operation::Phrase { value, .. } => std::slice::from_ref(value),
        Operation::Terms { values, .. } => values,
        Operation::Range(range) => return between(target, range, moment),
        Operation::Wildcard { pattern, .. } => return Err(refuse::pattern(target, pattern)),
        Operation::Prefix { value, .. } => {
            return Err(refuse::pattern(target, &format!("{value}*")));
        }
        Operation::Regexp { pattern, .. } => {
            return Err(refuse::pattern(target, &format!("/{pattern}/")));
        }
        Operation::Fuzzy { term, .. } => {
            return Err(refuse::pattern(target, &format!("{term}~")));
        }
        Operation::Exists | Operation::Contains(_) => return Err(refuse::unsupported(target)),
    };
    Ok(match target.field.kind {
        FieldType::Long | FieldType::Integer | FieldType::Short | FieldType::Byte => {
            let ranges = collect(values, |value| literal::equal_whole(target, value))?;
            match ranges.as_slice() {
                [one] => Test::Whole(one.clone()),
                _ => Test::Wholes(ranges.into_iter().flatten().collect()),
            }
        }
        FieldType::Double | FieldType::Float => {
            Test::Reals(collect(values, |value| literal::equal_real(target, value))?)
        }
        FieldType::Date | FieldType::DateNanos => {
            Test::Instant(collect(values, |value| literal::equal_date(target, value, moment))?)
        }
        FieldType::Ip => {
            Test::Address(collect(values, |value| literal::equal_address(target, value))?)
        }
        FieldType::Boolean => {
            let truths = collect(values, |value| literal::equal_truth(target, value))?;
            Test::Truth { yes: truths.contains(&true), no: truths.contains(&false) }
        }
        _ => return Err(refuse::unsupported(target)),
    })
}

fn collect<T>(
    values: &[Json],
    read: impl Fn(&Json) -> Result<T, Diagnostic>,
) -> Result<Vec<T>, Diagnostic> {
    values.iter().map(read).collect()
}

fn between(
    target: &Target<'_>,
    range: &super::operation::Range,
    moment: Moment,
) -> Result<Test, Diagnostic> {
    Ok(match target.field.kind {
        FieldType::Long | FieldType::Integer | FieldType::Short | FieldType::Byte => {
            Test::Whole(literal::range_whole(target, range)?)
        }
        FieldType::Double | FieldType::Float => Test::Real(literal::range_real(target, range)?),
        FieldType::Date | FieldType::DateNanos => {
            Test::Instant(vec![literal::range_date(target, range, moment)?])
        }
        FieldType::Ip => Test::Address(vec![literal::range_address(target, range)?]),
        FieldType::Boolean => {
            let (no, yes) = literal::range_truth(target, range)?;
            Test::Truth { yes, no }
        }
        _ => return Err(refuse::unsupported(target)),
    })
}
