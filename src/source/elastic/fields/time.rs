//! The time field of a data view: the one that was named, `@timestamp`, or the only date there is.

use crate::event::{DataView, ViewField};
use crate::source::elastic::Error;

/// What stands for "no time field" where one can be named.
pub const NONE: &str = "-";

/// Dates that are named in a sentence, at most.
const NAMED: usize = 8;

/// The time field that was found, or those that one has to be chosen from.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Choice {
    /// The time field; `None` is no obstacle.
    pub field: Option<String>,
    /// Dates to choose from, where nothing says which; the likeliest first.
    pub candidates: Vec<String>,
}

/// Finds the time field of a view; `named` is the user's wish.
///
/// # Errors
/// If the named field does not exist or holds no dates: says which do.
pub fn choose(view: &DataView, named: Option<&str>) -> Result<Choice, Error> {
    match named {
        Some(NONE) => return Ok(Choice::default()),
        Some(name) => return own(view, name),
        None => {}
    }
    let dates = dates(view);
    Ok(match dates.as_slice() {
        names if names.contains(&"@timestamp") => found("@timestamp"),
        [] => Choice::default(),
        [only] => found(only),
        several => Choice {
            field: None,
            candidates: several.iter().map(|name| (*name).to_owned()).collect(),
        },
    })
}

fn found(name: &str) -> Choice {
    Choice { field: Some(name.to_owned()), candidates: Vec::new() }
}

fn own(view: &DataView, name: &str) -> Result<Choice, Error> {
    let wrong = match view.field(name) {
        Some(field) if field.kind == "date" => return Ok(found(name)),
        Some(field) if field.kind == "conflict" => {
            format!(
                "`{name}` has different types in the indices of `{}`: {}",
                view.title,
                types(field)
            )
        }
        Some(field) => {
            format!("`{name}` is no date field of `{}` but {}", view.title, types(field))
        }
        None => format!("`{name}` is no field of `{}`", view.title),
    };
    let mut dates = dates(view);
    let hint = match (crate::diagnostic::nearest(name, dates.iter().copied()), dates.len()) {
        (_, 0) => format!("it has no date field at all; --time-field {NONE} asks without time"),
        (Some(near), _) => format!("did you mean `{near}`?"),
        (None, 1) => format!("its date field is `{}`", dates[0]),
        (None, count) => {
            dates.truncate(NAMED);
            let more = if count > NAMED { " ..." } else { "" };
            format!("its date fields are {}{more}", dates.join(", "))
        }
    };
    Err(Error::Settings(format!("{wrong}; {hint}")))
}

fn types(field: &ViewField) -> String {
    field.es_types.join(", ")
}

/// Names of the dates that can be the time field, the likeliest first.
fn dates(view: &DataView) -> Vec<&str> {
    let is_time = |field: &&ViewField| {
        field.kind == "date" && field.nested_path().is_none() && field.parent().is_none()
    };
    let mut names: Vec<&str> =
        view.fields.iter().filter(is_time).map(|field| field.name.as_str()).collect();
    // Times of a process or a user are rarely those of the record.
    names.sort_by_key(|name| (name.matches('.').count(), !name.contains("time")));
    names
}

#[cfg(test)]
mod tests {
    use super::{Choice, NONE, choose};
    use crate::event::{DataView, ViewField};

    fn view(fields: &[(&str, &str)]) -> DataView {
        let field = |(name, kind): &(&str, &str)| ViewField {
            name: (*name).to_owned(),
            kind: (*kind).to_owned(),
            es_types: kind.split('+').map(str::to_owned).collect(),
            ..ViewField::default()
        };
        let fields = fields.iter().map(field).collect();
        DataView { title: "logs".to_owned(), fields, ..DataView::default() }
    }

    fn check(fields: &[(&str, &str)], named: Option<&str>, expected: Option<&str>) {
        let choice = choose(&view(fields), named).unwrap();
        assert_eq!(choice.field.as_deref(), expected, "{fields:?} {named:?}");
        assert_eq!(choice.candidates, Vec::<String>::new());
    }

    #[test]
    fn the_time_field_is_the_named_one_else_timestamp_else_the_only_date() {
        let both = [("@timestamp", "date"), ("seen", "date"), ("n", "number")];
        check(&both, None, Some("@timestamp"));
        check(&both, Some("seen"), Some("seen"));
        check(&both, Some(NONE), None);
        check(&both[1..], None, Some("seen"));
        check(&both[2..], None, None);
        check(&[("@timestamp", "string"), ("seen", "date")], None, Some("seen"));
    }

    #[test]
    fn among_several_dates_the_likeliest_is_offered_first() {
        let fields = [("born", "date"), ("a.time", "date"), ("logtime", "date")];
        let candidates = ["logtime", "born", "a.time"].map(str::to_owned).to_vec();
        assert_eq!(choose(&view(&fields), None), Ok(Choice { field: None, candidates }));
    }

    #[test]
    fn a_wrong_time_field_is_refused_with_those_that_there_are() {
        let fields = [("seen", "date"), ("born", "date"), ("n", "number"), ("t", "conflict")];
        let said = |name| choose(&view(&fields), Some(name)).unwrap_err().to_string();
        assert_eq!(said("sen"), "`sen` is no field of `logs`; did you mean `seen`?");
        assert_eq!(
            said("n"),
            "`n` is no date field of `logs` but number; its date fields are seen, born"
        );
        assert!(said("t").contains("different types"), "{}", said("t"));
        let none = choose(&view(&fields[2..]), Some("x")).unwrap_err().to_string();
        assert!(none.contains("no date field at all; --time-field -"), "{none}");
    }
}
