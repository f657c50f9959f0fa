//! A search against one format: what to test, which columns to have.
//!
//! The clause is split where all of its pieces must hold, since each piece has its own cached
//! record set: one more pill does not evaluate the others again. A piece on a few keyword, number
//! or date fields is evaluated on columns, which later facets can use; any other record by record.

use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::event::{FieldType, MappedField, Mapping, Value};
use crate::ingest::format::FileFormat;
use crate::query::Clause;
use crate::query::evaluate::{Moment, compile};
use crate::store::{ClauseId, Column, DocSet, FieldId, Interner};

use super::tree::Tree;

/// The field of a record's time.
pub(super) const TIME: &str = "@timestamp";

/// Most columns that are built for the sake of one piece.
const MOST_FIELDS: usize = 4;

/// Numbers for fields and clauses, for the life of a source.
#[derive(Debug, Default)]
pub(super) struct Names {
    pub fields: Interner<Arc<str>>,
    pub clauses: Interner<String>,
}

impl Names {
    pub(super) fn field(&self, name: &Arc<str>) -> FieldId {
        FieldId(self.fields.number(Arc::clone(name)))
    }
}

/// A search as it applies to files of one format.
#[derive(Debug)]
pub(super) struct Plan {
    /// All of these must hold.
    pub conjuncts: Vec<Conjunct>,
    /// The columns that are counted or sorted by, in the order asked for.
    pub columns: Vec<Wanted>,
}

/// A piece of the clause.
#[derive(Debug)]
pub(super) struct Conjunct {
    /// By which its record sets are cached.
    pub id: ClauseId,
    /// The document fields that it reads; tests number them.
    pub fields: Vec<Arc<str>>,
    /// Its tree for each part of the format.
    pub trees: Vec<Tree>,
    /// Whether it is evaluated on columns.
    pub by_columns: bool,
}

/// A column to count or sort by.
#[derive(Debug, Clone)]
pub(super) struct Wanted {
    pub name: Arc<str>,
    /// Its type; `None` where the format has no such field.
    pub field: Option<MappedField>,
}

impl Plan {
    /// Plans a clause and columns for a format.
    ///
    /// # Errors
    /// What Elasticsearch would refuse, for every part of the format.
    pub(super) fn of(
        clause: &Clause,
        columns: &[Arc<str>],
        format: &FileFormat,
        moment: Moment,
        names: &Names,
    ) -> Result<Self, Diagnostic> {
        let mut pieces = Vec::new();
        split(clause, &mut pieces);
        let mut conjuncts: Vec<Conjunct> = Vec::new();
        for piece in &pieces {
            let conjunct = Conjunct::of(piece, format, moment, names)?;
            if conjuncts.iter().all(|known| known.id != conjunct.id) {
                conjuncts.push(conjunct);
            }
        }
        let columns = columns.iter().map(|name| wanted(name, format)).collect();
        Ok(Self { conjuncts, columns })
    }
}

/// The column of a field; its type is that in the first part that has it.
fn wanted(name: &Arc<str>, format: &FileFormat) -> Wanted {
    let field = format.parts().iter().find_map(|part| resolved(&part.mapping, name).cloned());
    let field = field.or_else(|| (&**name == TIME).then(|| MappedField::of(FieldType::Date)));
    Wanted { name: Arc::clone(name), field }
}

/// The field of a name, or the one that it is an alias of.
fn resolved<'a>(mapping: &'a Mapping, name: &str) -> Option<&'a MappedField> {
    let field = mapping.get(name)?;
    field.alias_of.as_deref().map_or(Some(field), |target| mapping.get(target))
}

impl Conjunct {
    fn of(
        clause: &Clause,
        format: &FileFormat,
        moment: Moment,
        names: &Names,
    ) -> Result<Self, Diagnostic> {
        let mut fields: Vec<Arc<str>> = Vec::new();
        let mut number = |name: &str| {
            fields.iter().position(|field| **field == *name).unwrap_or_else(|| {
                fields.push(name.into());
                fields.len() - 1
            })
        };
        let compiled: Vec<_> = format
            .parts()
            .iter()
            .map(|part| compile(clause, &part.mapping, moment))
            .map(|matcher| matcher.map(|matcher| Tree::of(&matcher, &mut number)))
            .collect();
        // A part that refuses is a failed shard; a format of which all parts do has no answer.
        let trees = if compiled.iter().all(Result::is_err) {
            compiled.into_iter().collect::<Result<Vec<_>, _>>()?
        } else {
            compiled.into_iter().map(|tree| tree.unwrap_or(Tree::None)).collect()
        };
        let has_columns = |part: &Mapping| fields.iter().all(|field| has_column(part, field));
        let is_small = fields.len() <= MOST_FIELDS
            && format.parts().iter().all(|part| has_columns(&part.mapping));
        let by_columns = (is_small || fields.iter().any(|field| **field == *TIME))
            && !trees.iter().any(Tree::needs_document);
        let id = ClauseId(names.clauses.number(name_of(clause, moment)));
        Ok(Self { id, fields, trees, by_columns })
    }
}

impl Conjunct {
    /// The records of `len` that match, by the columns of its fields and the column of parts.
    pub(super) fn docs(
        &self,
        len: u32,
        columns: &[Option<Arc<Column>>],
        parts: Option<&Column>,
    ) -> DocSet {
        let evaluate = |tree: &Tree| {
            tree.docs(len, &mut |test| match columns.get(test.field) {
                Some(Some(column)) => column.matching(|value| test.holds.matches(value)),
                _ => DocSet::none(len),
            })
        };
        let [tree] = &self.trees[..] else {
            let mut docs = DocSet::none(len);
            let Some(parts) = parts else { return docs };
            for (part, tree) in self.trees.iter().enumerate() {
                let of_part = parts.matching(|value| value == Value::Int(part as i64));
                docs = docs.or(&evaluate(tree).and(&of_part));
            }
            return docs;
        };
        evaluate(tree)
    }

    /// Whether it asks for the time, which is not known until all records of a block were read;
    /// but for documents, the only ones with nested objects: they hold theirs themselves.
    pub(super) fn reads_time(&self) -> bool {
        self.fields.iter().any(|field| **field == *TIME)
            && !self.trees.iter().any(Tree::needs_document)
    }
}

/// A clause with date math means something else at each moment.
fn name_of(clause: &Clause, moment: Moment) -> String {
    let text = format!("{clause:?} {:?}", moment.zone);
    if text.contains("now") { format!("{text} {:?}", moment.now) } else { text }
}

fn has_column(mapping: &Mapping, field: &str) -> bool {
    field == TIME
        || mapping.get(field).is_none_or(|field| {
            !matches!(
                field.kind,
                FieldType::Text
                    | FieldType::GeoPoint
                    | FieldType::Nested
                    | FieldType::Object
                    | FieldType::Other
            )
        }) && !matches!(field, "event.original" | "log.offset")
}

/// The pieces of a clause that must all hold.
fn split(clause: &Clause, pieces: &mut Vec<Clause>) {
    match clause {
        Clause::MatchAll => {}
        Clause::Bool { must, filter, should, must_not, .. }
        | Clause::Combined { must, filter, should, must_not }
            if should.is_empty() =>
        {
            must.iter().chain(filter).for_each(|inner| split(inner, pieces));
            pieces.extend(must_not.iter().cloned().map(Clause::negate));
        }
        _ => pieces.push(clause.clone()),
    }
}
