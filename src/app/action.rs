//! The catalogue of actions: everything that a key or the palette can do, by name.

/// Defines [`Action`] and its catalogue from one table of names and titles.
macro_rules! actions {
    ($($variant:ident $name:literal $title:literal;)*) => {
        /// A command from a key or from the palette. Which panel it concerns is decided by focus.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action {
            $(#[doc = $title] $variant,)*
        }

        impl Action {
            /// Every action, in the order of the catalogue.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// Its name in the keymap and in the palette.
            #[must_use]
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it does, in a few words.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$variant => $title,)* }
            }
        }
    };
}

actions! {
    Down "down" "Move down";
    Up "up" "Move up";
    Left "left" "Move left";
    Right "right" "Move right";
    PageDown "page-down" "A page down";
    PageUp "page-up" "A page up";
    HalfPageDown "half-page-down" "Half a page down";
    HalfPageUp "half-page-up" "Half a page up";
    Top "top" "To the first";
    Bottom "bottom" "To the last";
    Back "back" "Close what is on top; on the main screen, quit";
    Close "close" "Close what is on top, or stop what is running";
    Quit "quit" "Quit Peavey";
    Cancel "cancel" "Stop what is running; then close, then quit";
    Suspend "suspend" "Suspend Peavey (fg brings it back)";
    Redraw "redraw" "Draw the screen anew";
    Help "help" "Keys that work here";
    Palette "palette" "All actions by name";
    Undo "undo" "Undo the last change of query, filters or time";
    Redo "redo" "Redo what was undone";
    Refresh "refresh" "Ask again";
    RefreshInterval "refresh-interval" "Ask again every few seconds, or stop it";
    Inspect "inspect" "Show the requests behind the answer";
    NextCall "next-call" "Next request";
    PreviousCall "previous-call" "Previous request";
    Notices "notices" "Show what was left out, and warnings";
    DataViews "data-views" "Open another data view, or other logs";
    ChooseTimeField "choose-time-field" "Choose the time field";
    Themes "themes" "Choose a theme";
    FocusTable "focus-table" "Go to the documents";
    FocusFields "focus-fields" "Go to the field list";
    FocusHistogram "focus-histogram" "Go to the histogram";
    FocusPills "focus-pills" "Go to the filters";
    NextPane "next-pane" "To the next pane";
    PreviousPane "previous-pane" "To the previous pane";
    ToggleFields "toggle-fields" "Show or hide the field list";
    ToggleHistogram "toggle-histogram" "Show or hide the histogram";
    EditQuery "edit-query" "Edit the query";
    ClearQuery "clear-query" "Edit a new query";
    Submit "submit" "Apply";
    Accept "accept" "Accept the suggestion";
    AcceptFix "accept-fix" "Accept the query that the error proposes";
    Complete "complete" "Offer suggestions again";
    ToggleLanguage "toggle-language" "Switch between KQL and Lucene";
    OpenTime "open-time" "Choose the time range";
    GoToTime "go-to-time" "Go to the record nearest to a time";
    ZoomIn "zoom-in" "Zoom into the selected span, else to half of the range";
    ZoomOut "zoom-out" "Zoom out to twice the range";
    ShiftEarlier "shift-earlier" "Move the time range half its length earlier";
    ShiftLater "shift-later" "Move the time range half its length later";
    AllTime "all-time" "Open the time range";
    SelectSpan "select-span" "Select a span of the histogram";
    NextSeries "next-series" "Next class of the legend";
    PreviousSeries "previous-series" "Previous class of the legend";
    ChooseBreakdown "choose-breakdown" "Choose what the histogram is stacked by";
    ChooseInterval "choose-interval" "Choose the width of the bars";
    FilterFor "filter-for" "Filter for the value";
    FilterOut "filter-out" "Filter the value out";
    FilterExists "filter-exists" "Filter for records that have the field";
    AddFilter "add-filter" "Add a filter";
    EditFilter "edit-filter" "Edit the filter";
    DisableFilter "disable-filter" "Switch the filter off or on";
    NegateFilter "negate-filter" "Turn the filter round";
    PinFilter "pin-filter" "Pin the filter, so that it survives opening a saved query";
    DeleteFilter "delete-filter" "Delete the filter";
    ToggleFilters "toggle-filters" "Switch all filters off or on";
    ClearFilters "clear-filters" "Delete all filters that are not pinned";
    FilterUnmatched "filter-unmatched" "Filter for records that do not fit their format";
    Open "open" "Open";
    NextDocument "next-document" "Next document";
    PreviousDocument "previous-document" "Previous document";
    NextTab "next-tab" "Next tab";
    PreviousTab "previous-tab" "Previous tab";
    Fold "fold" "Fold or unfold";
    PinField "pin-field" "Keep the field at the top of documents";
    Surroundings "surroundings" "Records around this one in its file";
    Find "find" "Find a regular expression";
    FindBackward "find-backward" "Find backwards";
    FindNext "find-next" "Next match";
    FindPrevious "find-previous" "Previous match";
    FindAsFilter "find-as-filter" "Turn what is typed into a filter";
    NextError "next-error" "Next error in the rows";
    PreviousError "previous-error" "Previous error in the rows";
    NextWarning "next-warning" "Next warning or error in the rows";
    PreviousWarning "previous-warning" "Previous warning or error in the rows";
    ToggleFollow "toggle-follow" "Follow the end of the log";
    ToggleColumn "toggle-column" "Add the field as a column, or take it away";
    ChooseColumns "choose-columns" "Choose columns";
    ClearColumns "clear-columns" "Take all columns away (show the summary)";
    MoveColumnLeft "move-column-left" "Move the column left";
    MoveColumnRight "move-column-right" "Move the column right";
    NextColumn "next-column" "Next column";
    PreviousColumn "previous-column" "Previous column";
    ReverseSort "reverse-sort" "Turn the order of time round";
    SortByColumn "sort-by-column" "Sort by the column";
    ToggleWrap "toggle-wrap" "Wrap long rows, or cut them";
    SearchFields "search-fields" "Search the field list";
    Breakdown "breakdown" "Stack the histogram by the field";
    MoreValues "more-values" "Show more values";
    CopyValue "copy-value" "Copy the value";
    CopyRecord "copy-record" "Copy the record as it was written";
    CopyJson "copy-json" "Copy the document as JSON";
    CopyQuery "copy-query" "Copy the query";
    CopyConsole "copy-console" "Copy the request for Kibana's console";
    CopyCurl "copy-curl" "Copy the request as a curl command";
    CopyShown "copy-shown" "Copy what is shown";
    SavedQueries "saved-queries" "Open a saved query";
    SaveQuery "save-query" "Save the query, filters, columns and time";
    DeleteSaved "delete-saved" "Delete the saved query";
    WriteRows "write-rows" "Write the rows that are held to a file";
}

impl Action {
    /// The action of that name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::Action;
    use crate::config::Keymap;

    #[test]
    fn the_compiled_in_keymap_knows_its_actions_and_places() {
        let names: Vec<&str> = Action::ALL.iter().map(|action| action.name()).collect();
        let (_, findings) = Keymap::load(None, &names);
        assert_eq!(findings, []);
    }

    #[test]
    fn names_are_unique_and_found_again() {
        for action in Action::ALL {
            assert_eq!(Action::named(action.name()), Some(*action));
        }
    }
}
