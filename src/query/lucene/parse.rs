//! From tokens to an AST, by Lucene's grammar.
//!
//! In: the text. Out: a [`Group`], or where the text stops making sense. Neighbouring bare words of
//! one field are one text, since they are analysed together.

use super::ast::{Clause, Conjunction, Group, Item, Modifier, RangeEnd};
use super::error_at;
use super::token::{Kind, Token, tokens};
use crate::diagnostic::Diagnostic;

/// How deep groups may nest.
const DEEPEST: usize = 200;

/// Parses a query string that is not blank.
///
/// # Errors
/// The first place that cannot be read.
pub fn parse(text: &str) -> Result<Group, Diagnostic> {
    let tokens = tokens(text)?;
    let mut parser = Parser { tokens, at: 0, depth: 0 };
    let group = parser.group(None)?;
    if parser.kind(0) != Kind::End {
        return Err(parser.unexpected("expected the end of the query"));
    }
    Ok(group)
}

struct Parser<'a> {
    tokens: Vec<Token<'a>>,
    at: usize,
    depth: usize,
}

impl<'a> Parser<'a> {
    fn token(&self, ahead: usize) -> &Token<'a> {
        let last = self.tokens.len() - 1;
        &self.tokens[(self.at + ahead).min(last)]
    }

    fn kind(&self, ahead: usize) -> Kind {
        self.token(ahead).kind
    }

    fn take(&mut self) -> Token<'a> {
        let token = self.token(0).clone();
        self.at += 1;
        token
    }

    fn take_if(&mut self, kind: Kind) -> bool {
        let is_next = self.kind(0) == kind;
        self.at += usize::from(is_next);
        is_next
    }

    fn unexpected(&self, reason: &str) -> Diagnostic {
        let token = self.token(0);
        error_at(reason, token.at..token.at + token.text.len())
    }

    /// Clauses up to a closing parenthesis or the end; at least one.
    fn group(&mut self, field: Option<&str>) -> Result<Group, Diagnostic> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(self.unexpected("groups are nested too deeply"));
        }
        let mut group = Group::default();
        loop {
            if self.is_several_words() {
                group.clauses.push(self.several_words(field)?);
            } else {
                group.clauses.push(self.clause(field, group.clauses.is_empty())?);
            }
            if matches!(self.kind(0), Kind::End | Kind::Close) {
                self.depth -= 1;
                return Ok(group);
            }
        }
    }

    /// Whether a bare word is followed by another that nothing else claims.
    fn is_several_words(&self) -> bool {
        let claims = |kind: Kind| {
            matches!(
                kind,
                Kind::Colon | Kind::Star | Kind::Fuzzy | Kind::Caret | Kind::And | Kind::Or
            )
        };
        self.kind(0) == Kind::Term && self.kind(1) == Kind::Term && !claims(self.kind(2))
    }

    fn several_words(&mut self, field: Option<&str>) -> Result<Clause, Diagnostic> {
        let mut text = unescape(&self.take())?;
        loop {
            let more = self.kind(0) == Kind::Term && {
                let after = self.kind(1);
                !matches!(
                    after,
                    Kind::Colon | Kind::Star | Kind::Fuzzy | Kind::Caret | Kind::And | Kind::Or
                )
            };
            if !more {
                break;
            }
            text.push(' ');
            text.push_str(&unescape(&self.take())?);
        }
        Ok(Clause {
            conjunction: Conjunction::None,
            modifier: Modifier::None,
            field: field.map(str::to_owned),
            item: Item::Text(text),
        })
    }

    fn clause(&mut self, field: Option<&str>, is_first: bool) -> Result<Clause, Diagnostic> {
        let conjunction = match self.kind(0) {
            Kind::And if !is_first => Conjunction::And,
            Kind::Or if !is_first => Conjunction::Or,
            _ => Conjunction::None,
        };
        self.at += usize::from(conjunction != Conjunction::None);
        let modifier = match self.kind(0) {
            Kind::Plus => Modifier::Required,
            Kind::Minus | Kind::Not => Modifier::Prohibited,
            _ => Modifier::None,
        };
        self.at += usize::from(modifier != Modifier::None);
        let mut field = field.map(str::to_owned);
        if self.kind(1) == Kind::Colon {
            match self.kind(0) {
                Kind::Term => field = Some(unescape(self.token(0))?),
                Kind::Star => field = Some("*".to_owned()),
                _ => return Err(self.unexpected("not the name of a field")),
            }
            self.at += 2;
        }
        let item = self.item(field.as_deref())?;
        Ok(Clause { conjunction, modifier, field, item })
    }

    fn item(&mut self, field: Option<&str>) -> Result<Item, Diagnostic> {
        let token = self.token(0).clone();
        let inner = token.text;
        let item = match token.kind {
            Kind::Open => {
                self.at += 1;
                let group = self.group(field)?;
                if !self.take_if(Kind::Close) {
                    return Err(self.unexpected("expected `)`"));
                }
                self.boost()?;
                return Ok(Item::Group(group));
            }
            Kind::RangeStart { inclusive } => {
                self.at += 1;
                return self.range(inclusive);
            }
            Kind::Quoted => Item::Quoted { text: unescape_quoted(&token)?, slop: 0 },
            Kind::Term => Item::Text(unescape(&token)?),
            Kind::BareOperator => Item::Text(inner[..1].to_owned()),
            Kind::Star | Kind::Wildcard => {
                unescape(&token)?;
                Item::Wildcard(inner.to_owned())
            }
            Kind::Prefix => {
                let stem = Token { text: &inner[..inner.len() - 1], ..token.clone() };
                Item::Prefix(unescape(&stem)?)
            }
            Kind::Regexp => Item::Regexp(inner[1..inner.len() - 1].to_owned()),
            Kind::End => return Err(self.unexpected("the query ends too early")),
            _ => return Err(self.unexpected("expected a word, a phrase or a group")),
        };
        self.at += 1;
        self.suffixes(item, &token)
    }

    /// `~1` and `^2`, in either order.
    fn suffixes(&mut self, item: Item, token: &Token<'a>) -> Result<Item, Diagnostic> {
        let boosted = self.boost()?;
        let mut fuzzy = None;
        if self.kind(0) == Kind::Fuzzy {
            fuzzy = Some(self.take());
            if !boosted {
                self.boost()?;
            }
        }
        let Some(fuzzy) = fuzzy else { return Ok(item) };
        let amount = &fuzzy.text[1..];
        Ok(match item {
            Item::Quoted { text, .. } => {
                let slop = amount.split('.').next().unwrap_or_default();
                Item::Quoted { text, slop: slop.parse().unwrap_or(0) }
            }
            // Patterns win over the mark.
            Item::Wildcard(_) | Item::Prefix(_) | Item::Regexp(_) => item,
            _ => {
                let edits = match amount.trim_end_matches('0').trim_end_matches('.') {
                    _ if amount.is_empty() => None,
                    "" => Some(0),
                    "1" => Some(1),
                    "2" => Some(2),
                    _ => {
                        let span = fuzzy.at..fuzzy.at + fuzzy.text.len();
                        return Err(error_at("the edits of a fuzzy word are 0, 1 or 2", span));
                    }
                };
                Item::Fuzzy { text: unescape(token)?, edits }
            }
        })
    }

    fn boost(&mut self) -> Result<bool, Diagnostic> {
        if !self.take_if(Kind::Caret) {
            return Ok(false);
        }
        if self.take_if(Kind::Number) {
            return Ok(true);
        }
        Err(self.unexpected("expected a number after `^`"))
    }

    fn range(&mut self, inclusive: bool) -> Result<Item, Diagnostic> {
        let lower = self.range_text()?;
        if !self.take_if(Kind::RangeTo) {
            return Err(self.unexpected("expected `TO`"));
        }
        let upper = self.range_text()?;
        let Kind::RangeEnd { inclusive: upper_inclusive } = self.kind(0) else {
            return Err(self.unexpected("expected `]` or `}`"));
        };
        self.at += 1;
        self.boost()?;
        Ok(Item::Range {
            lower: RangeEnd { text: lower, inclusive },
            upper: RangeEnd { text: upper, inclusive: upper_inclusive },
        })
    }

    fn range_text(&mut self) -> Result<Option<String>, Diagnostic> {
        let token = self.token(0).clone();
        let text = match token.kind {
            Kind::RangeText if token.text == "*" => None,
            Kind::RangeText | Kind::RangeTo => Some(unescape(&token)?),
            Kind::RangeQuoted => Some(unescape_quoted(&token)?),
            _ => return Err(self.unexpected("expected a value")),
        };
        self.at += 1;
        Ok(text)
    }
}

fn unescape_quoted(token: &Token<'_>) -> Result<String, Diagnostic> {
    let inner = &token.text[1..token.text.len() - 1];
    unescape(&Token { text: inner, at: token.at + 1, ..token.clone() })
}

/// The text without its escapes: a backslash makes the next character plain, `\u0041` is a letter.
fn unescape(token: &Token<'_>) -> Result<String, Diagnostic> {
    let mut units: Vec<u16> = Vec::with_capacity(token.text.len());
    let mut characters = token.text.chars();
    let mut buffer = [0; 2];
    while let Some(character) = characters.next() {
        if character != '\\' {
            units.extend_from_slice(character.encode_utf16(&mut buffer));
            continue;
        }
        let span = token.at..token.at + token.text.len();
        match characters.next() {
            None => return Err(error_at("a backslash needs a character after it", span)),
            Some('u') => {
                let digits = characters.as_str().get(..4);
                let unit = digits.and_then(|digits| u16::from_str_radix(digits, 16).ok());
                let unit =
                    unit.ok_or_else(|| error_at("`\\u` needs four hexadecimal digits", span))?;
                units.push(unit);
                characters = characters.as_str()[4..].chars();
            }
            Some(escaped) => units.extend_from_slice(escaped.encode_utf16(&mut buffer)),
        }
    }
    Ok(String::from_utf16_lossy(&units))
}
