//! How large things are on the screen: what drawing tells update.

/// Sizes of the panels as they were last drawn. `ui::draw` returns it, and the shell hands it to
/// update when it has changed. Zero where a panel is not on the screen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Geometry {
    /// Columns of the whole screen.
    pub width: u16,
    /// Rows of the whole screen.
    pub height: u16,
    /// Bars that the histogram has room for: what an automatic interval is fitted to.
    pub histogram_columns: u16,
    /// Lines that the table has room for, without its header.
    pub table_rows: u16,
    /// Records drawn whole from [`Table::top`](super::Table::top) on; fewer than `table_rows` when
    /// rows are wrapped.
    pub table_hits: u16,
    /// Lines of the field list.
    pub field_rows: u16,
    /// Lines of the open document's list.
    pub document_rows: u16,
    /// Lines of the list that is on top (picker, help, requests, notices).
    pub list_rows: u16,
    /// Lines of the text that is on top, as many as it takes in that width.
    pub list_lines: u16,
    /// Whether the field list stands beside the table; else it is a drawer over it.
    pub fields_beside: bool,
}
