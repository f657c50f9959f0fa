//! Breaking a text into lines between words, for sentences and indented lines.

use super::width;

/// The text as lines of at most `most` cells, broken between words where there are any. Later
/// lines of an indented one are indented further. At most `rows` lines: the last holds the rest.
#[must_use]
pub fn words(text: &str, most: usize, rows: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for whole in text.lines() {
        break_line(whole, most.max(1), rows, &mut lines);
    }
    lines
}

fn break_line(whole: &str, most: usize, rows: usize, lines: &mut Vec<String>) {
    let indent = whole.len() - whole.trim_start_matches(' ').len();
    let deeper = if indent == 0 { 0 } else { (indent + 2).min(most.saturating_sub(8)) };
    let mut rest = whole;
    let mut lead = String::new();
    loop {
        let room = most.saturating_sub(lead.len()).max(1);
        if lines.len() + 1 >= rows || width(rest, room + 1) <= room {
            if lines.len() < rows {
                lines.push(format!("{lead}{rest}"));
            }
            return;
        }
        let end = end_of_line(rest, room, if lead.is_empty() { indent } else { 0 });
        let (line, after) = rest.split_at(end);
        lines.push(format!("{lead}{line}"));
        rest = after.trim_start_matches(' ');
        lead = " ".repeat(deeper);
        if rest.is_empty() {
            return;
        }
    }
}

/// Where the line ends that fills `room` cells: after the last word that fits, else in the middle
/// of the word; at least one character on.
fn end_of_line(text: &str, room: usize, indent: usize) -> usize {
    let first = text.chars().next().map_or(0, char::len_utf8);
    let mut end = first;
    let mut space = None;
    for (at, c) in text.char_indices() {
        let after = at + c.len_utf8();
        if width(&text[..after], room + 1) > room {
            break;
        }
        end = after.max(first);
        if c == ' ' && at > indent {
            space = Some(at);
        }
    }
    let breaks_at_space = text[end..].starts_with(' ');
    if breaks_at_space { end } else { space.unwrap_or(end) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{super::width, words};

    #[test]
    fn lines_break_between_words() {
        let said = "2 of 6 shards did not answer; ask again";
        assert_eq!(words(said, 20, 9), ["2 of 6 shards did", "not answer; ask", "again"]);
        assert_eq!(words(said, 20, 2), ["2 of 6 shards did", "not answer; ask again"]);
        assert_eq!(words("abcdefghij", 4, 9), ["abcd", "efgh", "ij"]);
        assert_eq!(words("  \"a\": \"b c d e f\"", 12, 9), ["  \"a\": \"b c", "    d e f\""]);
        assert_eq!(words("漢字漢字", 3, 9), ["漢", "字", "漢", "字"]);
        assert_eq!(words("", 5, 9), Vec::<String>::new());
    }

    proptest! {
        #[test]
        fn lines_fit_and_hold_everything(text in "[a-z 漢é]{0,80}", most in 2usize..30) {
            let lines = words(&text, most, usize::MAX);
            for line in &lines {
                prop_assert!(width(line, 99) <= most.max(2), "{line:?}");
            }
            let letters = |text: &str| text.chars().filter(|c| *c != ' ').collect::<String>();
            prop_assert_eq!(letters(&lines.concat()), letters(&text));
        }
    }
}
