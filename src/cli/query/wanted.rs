//! Reads what `peavey query` was asked to count, sort and write: `FIELD:10`, `FIELD:desc`.

use crate::event::DataView;
use crate::query::aggregate::{LEVEL_FIELDS, STATUS_FIELDS};
use crate::query::{Breakdown, FacetRequest, Sort, SortOrder};

/// Facet values given where no number is named.
const FACET_VALUES: usize = 10;
/// Series of a breakdown by values.
const SERIES: usize = 10;

/// Reads `FIELD`, `FIELD:asc` or `FIELD:desc`.
pub(super) fn sort(text: &str, view: &DataView) -> Result<Sort, String> {
    let (field, order) = match text.rsplit_once(':') {
        Some((field, "asc")) => (field, SortOrder::Ascending),
        Some((field, "desc")) => (field, SortOrder::Descending),
        Some((_, other)) if view.field(text).is_none() => {
            return Err(format!("`{other}` is no order; write --sort FIELD:asc or FIELD:desc"));
        }
        _ => (text, SortOrder::Ascending),
    };
    Ok(Sort { field: known(field, view)?, order })
}

/// Reads `FIELD` or `FIELD:N`.
pub(super) fn facet(text: &str, view: &DataView) -> Result<FacetRequest, String> {
    let (field, size) = match text.rsplit_once(':') {
        Some((field, digits)) if view.field(text).is_none() => {
            let wrong = |_error| format!("`{digits}` in --facet {text} is no number");
            (field, digits.parse().map_err(wrong)?)
        }
        _ => (text, FACET_VALUES),
    };
    Ok(FacetRequest { field: known(field, view)?, size })
}

/// Reads `FIELD` or `FIELD:values`: classes where the field holds status codes or levels.
pub(super) fn breakdown(text: &str, view: &DataView) -> Result<Breakdown, String> {
    if let Some(field) = text.strip_suffix(":values") {
        return Ok(Breakdown::Values { field: known(field, view)?, top: SERIES });
    }
    let field = known(text, view)?;
    let base = field.strip_suffix(".keyword").unwrap_or(&field);
    if STATUS_FIELDS.contains(&base) {
        return Ok(Breakdown::StatusClass { field });
    }
    if LEVEL_FIELDS.contains(&base) {
        return Ok(Breakdown::Level { field });
    }
    Ok(Breakdown::Values { field, top: SERIES })
}

/// All fields that hold values of their own: no multi-fields, no objects, no computed names.
pub(super) fn own_fields(view: &DataView) -> Vec<String> {
    let has_values = |kind: &str| !matches!(kind, "nested" | "object" | "alias");
    let own = view
        .fields
        .iter()
        .filter(|field| field.parent().is_none() && has_values(&field.kind) && !field.scripted);
    own.map(|field| field.name.clone()).collect()
}

/// Whether a name is that of an object: the beginning of a field's name, up to a dot.
pub(super) fn is_object(name: &str, view: &DataView) -> bool {
    let is_inside =
        |field: &str| field.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'));
    view.fields.iter().any(|field| is_inside(&field.name))
}

/// A field's name, if the data view has it.
pub(super) fn known(field: &str, view: &DataView) -> Result<String, String> {
    if view.field(field).is_some() || view.fields.is_empty() {
        return Ok(field.to_owned());
    }
    let names = view.fields.iter().map(|field| field.name.as_str());
    let hint = match crate::diagnostic::nearest(field, names) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`peavey fields SOURCE` lists them".to_owned(),
    };
    Err(format!("there is no field `{field}`; {hint}"))
}

#[cfg(test)]
mod tests {
    use super::{breakdown, facet, is_object, known, sort};
    use crate::event::{DataView, ViewField};
    use crate::query::{Breakdown, SortOrder};

    fn view() -> DataView {
        let names = ["log.level", "response", "response.keyword", "url.path", "a:5"];
        let field = |name: &str| ViewField { name: name.to_owned(), ..ViewField::default() };
        DataView { fields: names.into_iter().map(field).collect(), ..DataView::default() }
    }

    #[test]
    fn a_facet_may_name_how_many_values() {
        let read = |text: &str| facet(text, &view()).map(|facet| (facet.field, facet.size));
        assert_eq!(read("url.path"), Ok(("url.path".to_owned(), 10)));
        assert_eq!(read("url.path:0"), Ok(("url.path".to_owned(), 0)));
        assert_eq!(read("a:5"), Ok(("a:5".to_owned(), 10)));
        assert!(read("url.path:x").is_err());
        assert!(read("url.pth:3").unwrap_err().contains("`url.path`"));
    }

    #[test]
    fn an_order_is_ascending_unless_it_says_so() {
        let read = |text: &str| sort(text, &view()).map(|sort| sort.order);
        assert_eq!(read("url.path"), Ok(SortOrder::Ascending));
        assert_eq!(read("url.path:desc"), Ok(SortOrder::Descending));
        assert!(read("url.path:down").is_err());
    }

    #[test]
    fn status_and_level_fields_are_counted_by_class() {
        let by = |text: &str| breakdown(text, &view()).unwrap();
        assert!(matches!(by("response.keyword"), Breakdown::StatusClass { .. }));
        assert!(matches!(by("log.level"), Breakdown::Level { .. }));
        assert!(matches!(by("log.level:values"), Breakdown::Values { .. }));
        assert!(matches!(by("url.path"), Breakdown::Values { .. }));
    }

    #[test]
    fn an_object_is_what_stands_before_a_dot() {
        assert!(is_object("url", &view()));
        assert!(!is_object("ur", &view()) && !is_object("url.path", &view()));
    }

    #[test]
    fn a_view_that_knows_no_fields_refuses_none() {
        assert!(known("anything", &DataView::default()).is_ok());
    }
}
