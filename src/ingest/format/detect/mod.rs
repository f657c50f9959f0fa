//! Recognising a file's format from samples of its head, middle and tail.
//!
//! First the wrapper around lines, then the formats inside: the one that fits most lines is the
//! main format; of the lines that it does not fit, the next, up to four.

mod candidate;
mod choose;
mod explanation;
mod lines;
mod times;

use std::sync::Arc;

pub use explanation::{Candidate as ExplainedCandidate, Explanation};

use self::candidate::{Candidate, candidates};
use self::lines::Lines;
use super::builtin::Joining;
use super::file_format::{FileFormat, FormatPart, Shape};
use super::options::{DetectOptions, Samples};
use super::rule::FileRule;
use super::wrapper::Wrapper;
use crate::diagnostic::Diagnostic;

/// The formats that have no configuration: name, name for people, example.
pub(super) fn shapes() -> &'static [(&'static str, &'static str, &'static str)] {
    candidate::SHAPES
}

/// The most formats that one file has.
const MOST_PARTS: usize = 4;

/// Recognises the format of a file from samples of it. `path` names services and is otherwise not
/// looked at. Text that fits nothing is plain text, so every file has a format.
///
/// # Errors
/// Options that cannot be used: an unknown format, a bad time format.
pub fn detect(
    path: &str,
    samples: &Samples<'_>,
    options: &DetectOptions,
) -> Result<Arc<FileFormat>, Diagnostic> {
    let raw = lines::collect(samples);
    let wrapper = find_wrapper(&raw);
    let lines = Lines::new(&raw, wrapper);
    let forced = options.format.as_deref().map(candidate::by_name).transpose()?;
    let mut explanation = Explanation::new(lines.texts.len(), wrapper);
    let mut remaining: Vec<&[u8]> = lines.records().collect();
    let total = remaining.len();
    let mut chosen: Vec<(Candidate, FormatPart)> = Vec::new();
    let mut pool = match forced {
        Some(wanted) => candidate::forced(&wanted, &lines)?,
        None => candidates(&lines, &remaining),
    };
    explanation.tried = pool
        .iter()
        .map(|candidate| ExplainedCandidate {
            name: candidate.name().to_owned(),
            title: candidate.title().to_owned(),
            fits: candidate.count(&remaining),
            of: total,
        })
        .collect();
    while chosen.len() < MOST_PARTS {
        let best = pool
            .iter()
            .enumerate()
            .map(|(index, candidate)| (candidate.count(&remaining), index))
            .filter(|(count, _)| options.format.is_some() || is_enough(*count, chosen.len(), total))
            .max_by_key(|(count, index)| {
                (count * pool[*index].weight(), std::cmp::Reverse(*index))
            });
        let Some((count, index)) = best else { break };
        let candidate = pool.remove(index);
        let taken: Vec<&[u8]> =
            remaining.iter().copied().filter(|line| candidate.fits(line)).collect();
        remaining.retain(|line| !candidate.fits(line));
        let part = candidate.part(path, count, &taken, options)?;
        chosen.push((candidate, part));
        if options.format.is_some() {
            break;
        }
        if pool.iter().all(|candidate| !candidate.is_stamped()) {
            pool.extend(candidate::stamped(&remaining));
        }
    }
    if chosen.is_empty() {
        let plain = candidate::plain(&remaining);
        let part = plain.part(path, remaining.len(), &remaining, options)?;
        chosen.push((plain, part));
    }
    let outer = wrapper.map_or(&[][..], Wrapper::fields);
    for (_, part) in &mut chosen {
        part.complete(outer);
    }
    let rule = rule(&chosen, wrapper, &lines);
    explanation.chosen = chosen.iter().map(|(_, part)| (part.title.clone(), part.lines)).collect();
    explanation.unmatched = remaining.len();
    let mut file = Arc::new(FileFormat {
        parts: chosen.into_iter().map(|(_, part)| part).collect(),
        wrapper,
        rule: Arc::new(rule),
        zone: options.zone,
        status: None,
        level: None,
        explanation,
    });
    let (status, level) = choose::fields(&file, &raw);
    if let Some(file) = Arc::get_mut(&mut file) {
        file.status = status;
        file.level = level;
    }
    Ok(file)
}

/// Whether a format that fits `count` of the lines is one of the file's formats.
fn is_enough(count: usize, already: usize, total: usize) -> bool {
    if already == 0 {
        count * 10 >= total.max(1) || count >= 20
    } else {
        count >= 2 && count * 100 >= total
    }
}

/// The wrapper that four of five lines have.
fn find_wrapper(raw: &[&[u8]]) -> Option<Wrapper> {
    let lines: Vec<&[u8]> = raw.iter().copied().filter(|line| !line.is_empty()).take(200).collect();
    Wrapper::ALL.into_iter().find(|wrapper| {
        let peeled = lines.iter().filter(|line| wrapper.inner(line).1.is_some()).count();
        peeled > 0 && peeled * 5 >= lines.len() * 4
    })
}

fn rule(chosen: &[(Candidate, FormatPart)], wrapper: Option<Wrapper>, lines: &Lines) -> FileRule {
    let main = &chosen[0].0;
    let document = matches!(chosen[0].1.shape, Shape::Json);
    let strict = main.joining() == Joining::Starts
        || (document && chosen.iter().any(|(candidate, _)| candidate.joining() == Joining::Starts));
    let header = chosen.iter().find_map(|(_, part)| match &part.shape {
        Shape::Columns(columns) => columns.header.clone(),
        _ => None,
    });
    FileRule {
        wrapper,
        joining: if strict { Joining::Starts } else { Joining::Lines },
        starts: chosen.iter().map(|(candidate, _)| candidate.start()).collect(),
        header,
        directives: lines.directives,
    }
}
