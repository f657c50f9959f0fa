//! Findings as lines of at most the terminal's width, and as JSON.

use std::fmt::Write as _;

use serde_json::json;

use super::Section;
use crate::cli::open::clean;
use crate::doctor::{Finding, Grade};
use crate::theme::Charset;
use crate::ui::text;

/// How lines are written.
pub(in crate::cli) struct Style {
    /// Columns.
    pub(super) width: usize,
    /// Whether grades have colours.
    pub(super) color: bool,
    /// Whether characters outside ASCII are shown.
    pub(super) unicode: bool,
}

impl Style {
    /// As the terminal is, or plain for what is no terminal.
    pub(in crate::cli) fn of_terminal(is_terminal: bool) -> Self {
        let variable = |name: &str| std::env::var(name).ok();
        let is_dumb = variable("TERM").is_none_or(|term| term == "dumb");
        let no_color = variable("NO_COLOR").is_some_and(|value| !value.is_empty());
        let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok().filter(|_| is_terminal);
        let columns = size.map(|size| usize::from(size.ws_col)).filter(|columns| *columns > 0);
        Self {
            width: columns.unwrap_or(80).clamp(40, 120),
            color: is_terminal && !no_color && !is_dumb,
            unicode: Charset::detect(variable) == Charset::Unicode,
        }
    }

    fn painted(&self, grade: Grade, text: &str) -> String {
        let code = match grade {
            Grade::Skipped => "2",
            Grade::Ok => "32",
            Grade::Warning => "33",
            Grade::Problem => "1;31",
        };
        if self.color { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    fn bold(&self, text: &str) -> String {
        if self.color { format!("\x1b[1m{text}\x1b[0m") } else { text.to_owned() }
    }
}

/// Columns before what was seen: two, the grade, one, the check, one.
const INDENT: usize = 2 + 7 + 1 + 14 + 1;

/// All sections as text.
pub(in crate::cli) fn text(sections: &[Section], style: &Style) -> String {
    let mut out = String::new();
    for section in sections {
        out.push_str(&style.bold(&clean(&section.title)));
        out.push('\n');
        for finding in &section.findings {
            write(&mut out, finding, style);
        }
        out.push('\n');
    }
    out.push_str(&summary(sections));
    out.push('\n');
    out
}

/// Writing to a string cannot fail.
fn write(out: &mut String, finding: &Finding, style: &Style) {
    let grade = style.painted(finding.grade, &format!("{:<7}", finding.grade.name()));
    let room = style.width - INDENT;
    let blank = " ".repeat(INDENT);
    let mut lines = wrapped(&clean(&finding.seen), room).into_iter();
    let first = lines.next().unwrap_or_default();
    let head = format!("  {grade} {:<14} {first}", finding.check);
    out.push_str(head.trim_end());
    out.push('\n');
    for line in lines {
        let _ = writeln!(out, "{blank}{line}");
    }
    for detail in &finding.details {
        for (at, line) in wrapped(&clean(detail), room - 2).into_iter().enumerate() {
            let margin = if at == 0 { "" } else { "  " };
            let _ = writeln!(out, "{blank}{margin}{line}");
        }
    }
    if let Some(advice) = &finding.advice {
        let arrow = if style.unicode { "→" } else { ">" };
        for (at, line) in wrapped(&clean(advice), room - 2).into_iter().enumerate() {
            let margin = if at == 0 { arrow } else { " " };
            let _ = writeln!(out, "{blank}{margin} {line}");
        }
    }
    if let Some(command) = &finding.command {
        // Whole, so that it can be copied.
        let _ = writeln!(out, "      {}", clean(command));
    }
}

/// Lines of at most `width` columns, broken at spaces; a longer word stays whole, so that commands
/// can be copied.
fn wrapped(line: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    let mut current = String::new();
    let mut used = 0;
    for word in line.split(' ') {
        let wide = text::width(word, usize::MAX);
        if !current.is_empty() && used + 1 + wide > width {
            lines.push(std::mem::take(&mut current));
            used = 0;
        }
        if !current.is_empty() {
            current.push(' ');
            used += 1;
        }
        current.push_str(word);
        used += wide;
    }
    lines.push(current);
    lines
}

fn counted(sections: &[Section], grade: Grade) -> usize {
    let findings = sections.iter().flat_map(|section| &section.findings);
    findings.filter(|finding| finding.grade == grade).count()
}

/// `1 problem, 2 warnings, 9 ok, 3 skipped`.
fn summary(sections: &[Section]) -> String {
    let mut parts = Vec::new();
    for (grade, one, several) in [
        (Grade::Problem, "problem", "problems"),
        (Grade::Warning, "warning", "warnings"),
        (Grade::Ok, "ok", "ok"),
        (Grade::Skipped, "skipped", "skipped"),
    ] {
        match counted(sections, grade) {
            0 => {}
            1 => parts.push(format!("1 {one}")),
            number => parts.push(format!("{number} {several}")),
        }
    }
    parts.join(", ")
}

/// All sections as JSON.
pub(super) fn json(sections: &[Section]) -> String {
    let finding = |finding: &Finding| {
        json!({"check": finding.check, "grade": finding.grade.name(), "seen": finding.seen,
            "details": finding.details, "advice": finding.advice, "command": finding.command})
    };
    let worst = sections.iter().flat_map(|section| &section.findings).map(|finding| finding.grade);
    let grade = worst.max().unwrap_or(Grade::Ok).max(Grade::Ok).name();
    let sections = sections.iter().map(|section| {
        let findings: Vec<_> = section.findings.iter().map(finding).collect();
        json!({"subject": section.title, "findings": findings})
    });
    let all = json!({"grade": grade, "subjects": sections.collect::<Vec<_>>()});
    format!("{all:#}\n")
}

#[cfg(test)]
mod tests {
    use super::{Style, text, wrapped};
    use crate::cli::doctor::Section;
    use crate::doctor::Finding;

    #[test]
    fn findings_stand_in_columns_and_lines_stay_in_the_width() {
        let findings = vec![
            Finding::ok("health", "green, 1 node"),
            Finding::warning(
                "newest record",
                "nothing since Nov 24, 2025 @ 14:02:11: is Filebeat sending?",
            )
            .detail(["logs-django-pt: 3 h ago".to_owned(), "evil\u{1b}[31m".to_owned()])
            .advise("look at Filebeat's log and at Logstash with peavey doctor --logstash HOST")
            .run("GET /_data_stream"),
        ];
        let sections = [Section { title: "es:9200/logs-*".to_owned(), findings }];
        let shown = text(&sections, &Style { width: 80, color: false, unicode: true });
        insta::assert_snapshot!(shown, @r"
        es:9200/logs-*
          ok      health         green, 1 node
          warning newest record  nothing since Nov 24, 2025 @ 14:02:11: is Filebeat
                                 sending?
                                 logs-django-pt: 3 h ago
                                 evil
                                 → look at Filebeat's log and at Logstash with peavey
                                   doctor --logstash HOST
              GET /_data_stream

        1 warning, 1 ok
        ");
        assert!(shown.lines().all(|line| line.chars().count() <= 80));
        let colored = text(&sections, &Style { width: 80, color: true, unicode: false });
        assert!(colored.contains("\u{1b}[33mwarning\u{1b}[0m") && !colored.contains("\u{1b}[31m"));
    }

    #[test]
    fn a_long_word_stays_whole() {
        assert_eq!(wrapped("PUT /a-very-long-name x", 8), ["PUT", "/a-very-long-name", "x"]);
        assert_eq!(wrapped("", 8), [""]);
    }
}
