//! JSON as people read it: indented by two, what is short in one line.
//!
//! Works on the text, so that numbers stay as they are written and a text that was cut in the
//! middle is shown as far as it goes.

/// What is no longer stays in one line.
const ONE_LINE: usize = 60;
/// Lines are meant to be no longer than this.
const WIDTH: usize = 74;

/// Indents JSON. What is no JSON stays as it is.
#[must_use]
pub fn indented(text: &str) -> String {
    if !text.trim_start().starts_with(['{', '[']) {
        return text.to_owned();
    }
    let mut writer = Writer { out: String::with_capacity(text.len() * 2), depth: 0 };
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let used = match c {
            '"' => writer.copy(string(rest)),
            '{' | '[' => match one_line(rest, writer.room()) {
                Some((line, used)) => {
                    writer.out.push_str(&line);
                    used
                }
                None => writer.open(c),
            },
            '}' | ']' => writer.close(c),
            ',' => writer.comma(),
            ':' => {
                writer.out.push_str(": ");
                1
            }
            c if c.is_whitespace() => c.len_utf8(),
            c => {
                writer.out.push(c);
                c.len_utf8()
            }
        };
        rest = rest.get(used..).unwrap_or_default();
    }
    writer.out
}

struct Writer {
    out: String,
    depth: usize,
}

impl Writer {
    fn copy(&mut self, text: &str) -> usize {
        self.out.push_str(text);
        text.len()
    }

    /// How long what stays in one line may be, here.
    fn room(&self) -> usize {
        let column = self.out.len() - self.out.rfind('\n').map_or(0, |at| at + 1);
        WIDTH.saturating_sub(column).clamp(12, ONE_LINE)
    }

    fn line(&mut self) {
        self.out.push('\n');
        // What nests deeper than people read is not moved further to the right.
        self.out.push_str(&"  ".repeat(self.depth.min(60)));
    }

    fn open(&mut self, c: char) -> usize {
        self.out.push(c);
        self.depth += 1;
        self.line();
        1
    }

    fn close(&mut self, c: char) -> usize {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.out.push(c);
        1
    }

    fn comma(&mut self) -> usize {
        self.out.push(',');
        self.line();
        1
    }
}

/// The string that a text begins with, quotes included; all of it if it does not end.
fn string(text: &str) -> &str {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return &text[..=at],
            _ => {}
        }
    }
    text
}

/// The object or array that a text begins with in one line, and the bytes that it takes of the
/// text; nothing if it is too long or does not end.
fn one_line(text: &str, room: usize) -> Option<(String, usize)> {
    let (mut line, mut depth, mut at) = (String::new(), 0usize, 0);
    while let Some(c) = text.get(at..)?.chars().next() {
        match c {
            '"' => {
                let quoted = string(text.get(at..)?);
                line.push_str(quoted);
                at += quoted.len();
                if line.len() > room {
                    return None;
                }
                continue;
            }
            '{' | '[' => {
                depth += 1;
                line.push(c);
                if c == '{' {
                    line.push(' ');
                }
            }
            '}' | ']' => {
                depth = depth.checked_sub(1)?;
                if line.ends_with("{ ") {
                    line.pop();
                } else if c == '}' {
                    line.push(' ');
                }
                line.push(c);
            }
            ',' => line.push_str(", "),
            ':' => line.push_str(": "),
            c if c.is_whitespace() => {}
            c => line.push(c),
        }
        at += c.len_utf8();
        if line.len() > room {
            return None;
        }
        if depth == 0 {
            return Some((line, at));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::indented;

    #[test]
    fn short_things_stay_in_one_line_and_numbers_as_they_are() {
        let text = r#"{"query":{"match_all":{}},"size":12345678901234567890123,"sort":[{"@timestamp":{"order":"desc","unmapped_type":"date","missing":"_last"}}],"a":[]}"#;
        let expected = r#"{
  "query": { "match_all": {} },
  "size": 12345678901234567890123,
  "sort": [
    {
      "@timestamp": {
        "order": "desc",
        "unmapped_type": "date",
        "missing": "_last"
      }
    }
  ],
  "a": []
}"#;
        assert_eq!(indented(text), expected);
    }

    #[test]
    fn what_was_cut_is_shown_as_far_as_it_goes_and_pages_as_they_are() {
        let cut = r#"{"took":3,"hits":{"hits":[{"_source":{"message":"a \"quoted\" long message that does not en"#;
        let shown = indented(cut);
        assert!(shown.starts_with("{\n  \"took\": 3,\n  \"hits\": {\n"), "{shown}");
        assert!(shown.ends_with("that does not en"), "{shown}");
        assert_eq!(indented("<html> {a}"), "<html> {a}");
    }

    proptest! {
        #[test]
        fn indenting_changes_no_meaning(text in r#"[\[\]{}:,"\\a1 é]{0,60}"#) {
            let shown = indented(&text);
            let before = serde_json::from_str::<Value>(&text).ok();
            if before.is_some() {
                prop_assert_eq!(serde_json::from_str::<Value>(&shown).ok(), before);
            }
        }

        #[test]
        fn valid_json_keeps_its_meaning(keys in prop::collection::vec("[a-z\"\\\\é{]{0,30}", 0..8)) {
            let value = serde_json::json!({ "a": keys, "b": {"c": [1, 2.5, null, {"d": keys.len()}]} });
            let shown = indented(&value.to_string());
            prop_assert_eq!(serde_json::from_str::<Value>(&shown).unwrap(), value);
        }
    }
}
