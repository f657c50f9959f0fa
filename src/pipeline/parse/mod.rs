//! Reads a Logstash configuration, the whole language.
//!
//! In: the text of a configuration. Out: a [`Config`] or where it stops making sense. The grammar
//! is Logstash's, choice for choice: the first alternative that fits is taken for good.

mod condition;
mod cursor;
mod literal;

use cursor::Cursor;

use super::ast::{Branch, Config, Section, SectionKind, Statement};
use crate::diagnostic::Diagnostic;

/// How quoted text is read (`config.support_escapes`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Escapes {
    /// As it stands, backslashes too.
    #[default]
    Raw,
    /// `\n`, `\t`, `\"` and their kin are processed.
    Processed,
}

impl Config {
    /// Reads a configuration whose strings are taken as they stand.
    ///
    /// # Errors
    /// The first place that does not fit the language.
    pub fn parse(text: &str) -> Result<Self, Vec<Diagnostic>> {
        Self::parse_with(text, Escapes::Raw)
    }

    /// Reads a configuration.
    ///
    /// # Errors
    /// The first place that does not fit the language.
    pub fn parse_with(text: &str, escapes: Escapes) -> Result<Self, Vec<Diagnostic>> {
        let mut cursor = Cursor::new(text, escapes);
        config(&mut cursor).map_err(|Failed| vec![cursor.into_diagnostic()])
    }
}

/// That the text does not fit here; the cursor knows the farthest place and what it wanted.
#[derive(Debug)]
pub(super) struct Failed;

type Parsed<T> = Result<T, Failed>;

fn config(cursor: &mut Cursor<'_>) -> Parsed<Config> {
    let mut config = Config::default();
    cursor.space();
    while !cursor.at_end() {
        config.sections.push(section(cursor)?);
        cursor.space();
    }
    Ok(config)
}

fn section(cursor: &mut Cursor<'_>) -> Parsed<Section> {
    let start = cursor.at();
    let kinds = [
        ("input", SectionKind::Input),
        ("filter", SectionKind::Filter),
        ("output", SectionKind::Output),
    ];
    let found = kinds.into_iter().find(|(word, _)| cursor.rest().starts_with(word));
    let Some((word, kind)) = found else { return cursor.expected("`input`, `filter` or `output`") };
    cursor.token(word)?;
    cursor.space();
    let body = block(cursor)?;
    Ok(Section { kind, body, span: start..cursor.at() })
}

fn block(cursor: &mut Cursor<'_>) -> Parsed<Vec<Statement>> {
    cursor.token("{")?;
    cursor.enter()?;
    cursor.space();
    let mut body = Vec::new();
    while !cursor.eat("}") {
        body.push(statement(cursor)?);
        cursor.space();
    }
    cursor.leave();
    Ok(body)
}

fn statement(cursor: &mut Cursor<'_>) -> Parsed<Statement> {
    let start = cursor.mark();
    if cursor.rest().starts_with("if") {
        if let Ok(branch) = branch(cursor) {
            return Ok(Statement::Branch(branch));
        }
        if cursor.is_fatal() {
            return Err(Failed);
        }
        cursor.reset(start);
    }
    literal::plugin(cursor).map(Statement::Plugin)
}

fn branch(cursor: &mut Cursor<'_>) -> Parsed<Branch> {
    let start = cursor.at();
    cursor.token("if")?;
    let span = start..cursor.at();
    let mut arms = vec![arm(cursor)?];
    let mut otherwise = Vec::new();
    loop {
        let before = cursor.mark();
        cursor.space();
        if !cursor.eat("else") {
            cursor.reset(before);
            break;
        }
        cursor.space();
        if cursor.eat("if") {
            arms.push(arm(cursor)?);
            continue;
        }
        otherwise = block(cursor)?;
        break;
    }
    Ok(Branch { arms, otherwise, span })
}

fn arm(cursor: &mut Cursor<'_>) -> Parsed<(super::ast::Condition, Vec<Statement>)> {
    cursor.space();
    let condition = condition::condition(cursor)?;
    cursor.space();
    Ok((condition, block(cursor)?))
}

#[cfg(test)]
mod tests;
