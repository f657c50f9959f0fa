//! The settings file: what a person wants unless the command line says otherwise.
//!
//! The compiled-in file is the documentation and the defaults; the user's is read over it. What is
//! wrong in the user's is a finding and keeps the default.

use super::finding::Finding;
use super::read::Reader;
use crate::time::Weekday;

/// The settings that are compiled in, with comments: the documentation of the format.
pub const DEFAULT: &str = include_str!("settings.toml");

/// What can be set.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Settings {
    /// The theme's name.
    pub theme: String,
    /// Whether to use ASCII only.
    pub ascii: bool,
    /// Zone of display; empty is the machine's.
    pub time_zone: String,
    /// Zone of stamps that name none; empty is the machine's.
    pub source_time_zone: String,
    /// Memory to stay under, as typed.
    pub memory: String,
    /// Folder of spooled input; empty is the usual one.
    pub spool_dir: String,
    /// Queries beyond Kibana.
    pub kql_plus: bool,
    /// Whether values may begin with a wildcard.
    pub leading_wildcards: bool,
    /// The first day of the week in time ranges.
    pub week_start: Option<Weekday>,
}

const KEYS: [&str; 9] = [
    "theme",
    "ascii",
    "time-zone",
    "source-time-zone",
    "memory",
    "spool-dir",
    "kql-plus",
    "leading-wildcards",
    "week-start",
];

impl Settings {
    /// The defaults with a user's file over them, given as its name and text.
    #[must_use]
    pub fn load(user: Option<(&str, &str)>) -> (Self, Vec<Finding>) {
        let mut settings = Self::default();
        // A test holds that the compiled-in file has every key and no finding.
        settings.read("settings.toml", DEFAULT);
        let findings = user.map_or_else(Vec::new, |(file, text)| settings.read(file, text));
        (settings, findings)
    }

    fn read(&mut self, file: &str, text: &str) -> Vec<Finding> {
        let mut reader = Reader::new(file, text);
        let mut table = reader.root();
        let texts = [
            ("theme", &mut self.theme),
            ("time-zone", &mut self.time_zone),
            ("source-time-zone", &mut self.source_time_zone),
            ("memory", &mut self.memory),
            ("spool-dir", &mut self.spool_dir),
        ];
        for (name, place) in texts {
            if let Some(text) = table.take(name).and_then(|value| reader.string(name, value)) {
                *place = text;
            }
        }
        let flags = [
            ("ascii", &mut self.ascii),
            ("kql-plus", &mut self.kql_plus),
            ("leading-wildcards", &mut self.leading_wildcards),
        ];
        for (name, place) in flags {
            if let Some(flag) = table.take(name).and_then(|value| reader.boolean(name, value)) {
                *place = flag;
            }
        }
        if let Some(value) = table.take("week-start") {
            self.week_start = reader.weekday("week-start", value).or(self.week_start);
        }
        reader.unknown(table, &KEYS);
        reader.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::{DEFAULT, KEYS, Settings};
    use crate::time::Weekday;

    #[test]
    fn the_shipped_file_names_every_setting_and_nothing_else() {
        assert_eq!(Settings::default().read("settings.toml", DEFAULT), []);
        for key in KEYS {
            assert!(DEFAULT.lines().any(|line| line.starts_with(&format!("{key} = "))), "{key}");
        }
        let (settings, _) = Settings::load(None);
        assert_eq!((settings.theme.as_str(), settings.memory.as_str()), ("dark", "128M"));
        assert!(settings.leading_wildcards);
    }

    #[test]
    fn a_users_file_goes_before_and_its_mistakes_are_told_with_their_line() {
        let text = "theme = \"nord\"\nmemry = \"1G\"\nascii = \"yes\"\nweek-start = \"Monday\"\n";
        let (settings, findings) = Settings::load(Some(("config.toml", text)));
        assert_eq!(settings.theme, "nord");
        assert!(!settings.ascii);
        assert_eq!(settings.week_start, Some(Weekday::Mon));
        let told: Vec<String> = findings.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:?}");
        let all = told.join("\n");
        let (settings, wrong) = Settings::load(Some(("c", "week-start = \"midweek\"\n")));
        assert_eq!((settings.week_start, wrong.len()), (Some(Weekday::Sun), 1));
        assert!(all.contains("memory") && all.contains('2') && all.contains('3'), "{all}");
    }
}
