//! Draws the state of the program; decides nothing and changes nothing.
//!
//! In: [`App`] and a [`Theme`]. Out: a frame, and the sizes that update needs. Only what is visible
//! is made. [`text`] is the only way from a log's text to the screen.

pub mod canvas;
pub mod number;
pub mod panel;
pub mod series;
pub mod stamp;
#[cfg(test)]
mod tests;
pub mod text;
pub mod widget;

use ratatui::Frame;

use self::canvas::Canvas;
use crate::app::App;
use crate::app::state::Geometry;
use crate::theme::Theme;

/// Draws the whole screen and puts the terminal's cursor where text is typed.
pub fn draw(app: &App, theme: &Theme, frame: &mut Frame<'_>) -> Geometry {
    let area = frame.area();
    let mut canvas = Canvas {
        buf: frame.buffer_mut(),
        theme,
        cursor: None,
        geometry: Geometry { width: area.width, height: area.height, ..Geometry::default() },
    };
    panel::screen::draw(&mut canvas, app, area);
    let (cursor, geometry) = (canvas.cursor, canvas.geometry);
    if let Some(cursor) = cursor {
        frame.set_cursor_position(cursor);
    }
    geometry
}
