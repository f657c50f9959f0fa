//! Actions: each goes to the panel that it concerns.

use super::Out;
use super::motion::Motion;
use crate::app::action::Action;
use crate::app::effect::Effect;
use crate::app::state::{App, InspectTab, Layer, Pane};

impl App {
    /// Runs an action; `count` was typed before its key.
    pub(super) fn act(&mut self, action: Action, count: Option<usize>, out: &mut Out) {
        if let Some(motion) = Motion::of(action, count.unwrap_or(1)) {
            self.on_motion(motion, out);
            return;
        }
        match action {
            Action::Left | Action::Right => self.move_sideways(action, count.unwrap_or(1), out),
            Action::Back => self.back(out),
            Action::Close => self.close(out),
            Action::Quit => self.quit(out),
            Action::Cancel => self.on_cancel(out),
            Action::Suspend => out.push(Effect::Suspend),
            Action::Redraw => out.push(Effect::Redraw),
            Action::Help => self.open_help(),
            Action::Palette => self.open_palette(),
            Action::Undo => self.undo(out),
            Action::Redo => self.redo(out),
            Action::Refresh => self.search_again(out),
            Action::RefreshInterval => self.cycle_refresh(out),
            Action::Inspect => Self::open_inspect(out),
            Action::Notices => self.open_notices(),
            Action::Themes => self.open_themes(),
            Action::DataViews => self.list_sources(out),
            Action::ChooseTimeField => self.open_time_fields(out),
            Action::Submit => self.submit(out),
            Action::Accept => self.accept_suggestion(out),
            Action::AcceptFix => self.accept_fix(out),
            Action::Complete => self.complete(out),
            Action::ToggleLanguage => self.toggle_language(out),
            _ => self.act_on_panes(action, out),
        }
    }

    fn act_on_panes(&mut self, action: Action, out: &mut Out) {
        match action {
            Action::FocusTable => self.go_to(Pane::Table),
            Action::FocusFields => self.go_to(Pane::Fields),
            Action::FocusHistogram => self.go_to(Pane::Histogram),
            Action::FocusPills => self.go_to(Pane::Pills),
            Action::NextPane => self.step(true),
            Action::PreviousPane => self.step(false),
            Action::ToggleFields => self.toggle_fields(),
            Action::ToggleHistogram => self.toggle_histogram(),
            Action::EditQuery => {
                self.edit_query();
                self.suggest(out);
            }
            Action::ClearQuery => {
                self.edit_query();
                self.query.prompt.set("");
                self.on_query_edited(out);
            }
            Action::OpenTime => self.open_time(out),
            Action::GoToTime => self.ask_for_time(),
            Action::ZoomIn => self.zoom_in(out),
            Action::ZoomOut => self.zoom_out(out),
            Action::ShiftEarlier => self.shift(-1, out),
            Action::ShiftLater => self.shift(1, out),
            Action::AllTime => self.all_time(out),
            Action::SelectSpan => self.select_span(),
            Action::NextSeries => self.step_series(1),
            Action::PreviousSeries => self.step_series(-1),
            Action::ChooseBreakdown => self.open_breakdowns(),
            Action::ChooseInterval => self.open_intervals(),
            Action::FilterFor => self.filter_here(false, out),
            Action::FilterOut => self.filter_here(true, out),
            Action::FilterExists => self.filter_exists_here(out),
            _ => self.act_on_filters(action, out),
        }
    }

    fn act_on_filters(&mut self, action: Action, out: &mut Out) {
        match action {
            Action::AddFilter => self.add_filter(),
            Action::EditFilter => self.edit_filter(),
            Action::DisableFilter => self.disable_filter(out),
            Action::NegateFilter => self.negate_filter(out),
            Action::PinFilter => self.pin_filter(out),
            Action::DeleteFilter => self.delete_filter(out),
            Action::ToggleFilters => self.toggle_filters(out),
            Action::ClearFilters => self.clear_filters(out),
            Action::FilterUnmatched => self.filter_unmatched(out),
            Action::Open => self.open_here(out),
            Action::NextDocument => self.step_document(1, out),
            Action::PreviousDocument => self.step_document(-1, out),
            Action::NextTab | Action::PreviousTab if self.focus.top() == Some(Layer::Inspect) => {
                self.step_inspect_tab(action == Action::NextTab);
            }
            Action::NextTab => self.step_tab(true),
            Action::PreviousTab => self.step_tab(false),
            Action::Fold => self.fold(out),
            Action::PinField => self.pin_field(),
            Action::Surroundings => self.open_surroundings(out),
            Action::Find => self.open_find(true),
            Action::FindBackward => self.open_find(false),
            Action::FindNext => self.find_again(true, out),
            Action::FindPrevious => self.find_again(false, out),
            Action::FindAsFilter => self.find_as_filter(out),
            _ => self.act_on_table(action, out),
        }
    }

    fn act_on_table(&mut self, action: Action, out: &mut Out) {
        use crate::query::Level;
        match action {
            Action::NextError => self.step_level(Level::Error, true, out),
            Action::PreviousError => self.step_level(Level::Error, false, out),
            Action::NextWarning => self.step_level(Level::Warning, true, out),
            Action::PreviousWarning => self.step_level(Level::Warning, false, out),
            Action::ToggleFollow => self.toggle_follow(out),
            Action::ToggleColumn => self.toggle_column_here(out),
            Action::ChooseColumns => self.open_columns(),
            Action::ClearColumns => self.clear_columns(out),
            Action::MoveColumnLeft => self.move_column(-1),
            Action::MoveColumnRight => self.move_column(1),
            Action::NextColumn => self.step_column(1),
            Action::PreviousColumn => self.step_column(-1),
            Action::ReverseSort => self.reverse_sort(out),
            Action::SortByColumn => self.sort_by_column(out),
            Action::ToggleWrap => self.toggle_wrap(),
            Action::SearchFields => self.search_fields(),
            Action::Breakdown => self.break_down_here(out),
            Action::MoreValues => self.more_values(out),
            Action::NextCall => self.step_call(1),
            Action::PreviousCall => self.step_call(-1),
            Action::CopyConsole => self.copy_call(Some(InspectTab::Request), out),
            Action::CopyCurl => self.copy_call(Some(InspectTab::Curl), out),
            Action::CopyShown => self.copy_call(None, out),
            Action::CopyValue => self.copy_value(out),
            Action::CopyRecord => self.copy_record(out),
            Action::CopyJson => self.copy_json(out),
            Action::CopyQuery => self.copy_query(out),
            Action::SavedQueries => out.push(Effect::ListSaved),
            Action::SaveQuery => self.ask_save_name(),
            Action::DeleteSaved => self.condemn_saved(),
            Action::WriteRows => self.ask_file(),
            _ => {}
        }
    }

    /// Applies what is on top.
    fn submit(&mut self, out: &mut Out) {
        match self.focus.top() {
            Some(Layer::Query) => self.submit_query(out),
            Some(Layer::FieldSearch) => {
                self.focus.close(Layer::FieldSearch);
                self.open_here(out);
            }
            Some(Layer::Find) => self.submit_find(out),
            Some(Layer::DocumentSearch) => self.focus.close(Layer::DocumentSearch),
            Some(Layer::Time) => self.submit_time(out),
            Some(Layer::Pill) => self.submit_pill(out),
            Some(Layer::Picker) => self.submit_picker(out),
            Some(Layer::Ask) => self.submit_ask(out),
            _ => {}
        }
    }

    /// Opens what is under the cursor.
    fn open_here(&mut self, out: &mut Out) {
        match (self.focus.top(), self.focus.pane) {
            (Some(Layer::Surroundings), _) | (None, Pane::Table) => self.open_document(out),
            (None, Pane::Fields) => self.open_field(out),
            (None, Pane::Histogram) => self.zoom_in(out),
            (None, Pane::Pills) => self.edit_filter(),
            _ => {}
        }
    }

    /// Left and right: bars, pills, options, or the text of long rows.
    fn move_sideways(&mut self, action: Action, count: usize, out: &mut Out) {
        let step = if action == Action::Right { 1 } else { -1 };
        let steps = step * isize::try_from(count).unwrap_or(1);
        match self.focus.top() {
            Some(Layer::Time) => self.turn_time(action == Action::Right),
            Some(Layer::Pill) => self.turn_pill(action == Action::Right),
            Some(_) => {}
            None => match self.focus.pane {
                Pane::Histogram => self.move_bars(Motion::Lines(steps)),
                Pane::Pills => {
                    let last = self.asked.question.filters.len().saturating_sub(1);
                    self.pill = self.pill.saturating_add_signed(steps).min(last);
                }
                Pane::Table => {
                    let by = steps * 8;
                    self.table.shifted = self.table.shifted.saturating_add_signed(by).min(100_000);
                }
                Pane::Fields => {
                    let open = self.is_field_open();
                    if open != (step > 0) {
                        self.open_field(out);
                    }
                }
            },
        }
    }

    /// Puts the cursor into a pane, showing it if it was hidden.
    pub(super) fn go_to(&mut self, pane: Pane) {
        match pane {
            Pane::Fields => self.fields.open = true,
            Pane::Histogram => self.histogram.hidden = false,
            Pane::Pills if self.asked.question.filters.is_empty() => return,
            Pane::Pills | Pane::Table => {}
        }
        self.focus.pane = pane;
    }

    /// The next pane that there is, or the one before; in a box, its next part.
    fn step(&mut self, forward: bool) {
        match self.focus.top() {
            Some(Layer::Time) => return self.step_time(forward),
            Some(Layer::Pill) => return self.step_pill(forward),
            _ => {}
        }
        let mut panes = vec![Pane::Table, Pane::Fields];
        if !self.histogram.hidden {
            panes.push(Pane::Histogram);
        }
        if !self.asked.question.filters.is_empty() {
            panes.push(Pane::Pills);
        }
        let here = panes.iter().position(|pane| *pane == self.focus.pane).unwrap_or(0);
        let step = if forward { 1 } else { panes.len() - 1 };
        self.go_to(panes[(here + step) % panes.len()]);
    }
}
