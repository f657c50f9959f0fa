//! `peavey demo [parcel-tracking|weblogs]`: unpacks the shipped sample and opens it.
//!
//! The logs are compiled in, compressed. They are unpacked into the cache folder (or a temporary
//! one) once, so that a demo is explored exactly as any folder of logs is.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::Args;
use flate2::read::GzDecoder;

use super::options::ScreenOptions;
use super::{QuestionOptions, SourceOptions, exit, explore, fail, open};

/// Arguments of `peavey demo`.
#[derive(Debug, Args)]
pub(super) struct DemoArguments {
    /// The sample
    #[arg(value_enum, default_value_t)]
    sample: Sample,
    /// Only unpack it, and print its folder
    #[arg(long)]
    unpack: bool,
    #[command(flatten)]
    question: QuestionOptions,
    #[command(flatten)]
    source: SourceOptions,
    #[command(flatten)]
    screen: ScreenOptions,
}

/// Runs the command.
#[must_use]
pub(super) fn run(arguments: &DemoArguments) -> ExitCode {
    let cache = open::paths().map(|paths| paths.cache);
    let folder = match arguments.sample.unpack(cache.as_deref()) {
        Ok(folder) => folder,
        Err(message) => return fail(&message),
    };
    if arguments.unpack {
        println!("{}", folder.display());
        return ExitCode::from(exit::MATCHED);
    }
    explore::open(&explore::Wanted {
        sources: vec![folder.display().to_string()],
        question: &arguments.question,
        source: &arguments.source,
        screen: &arguments.screen,
        relative_to_end: true,
    })
}

/// A shipped sample.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum Sample {
    /// One day of the six services of a parcel tracking application, with an incident in it
    #[default]
    ParcelTracking,
    /// Three days of web logs, with the fields of Kibana's sample data
    Weblogs,
}

/// One file of a sample.
struct Packed {
    /// Path below the sample's folder.
    name: &'static str,
    /// Its text, compressed with gzip.
    bytes: &'static [u8],
}

macro_rules! packed {
    ($folder:literal, $($name:literal),+) => {
        &[$(Packed {
            name: $name,
            bytes: include_bytes!(concat!("../../samples/", $folder, "/", $name, ".gz")),
        }),+]
    };
}

const PARCEL_TRACKING: &[Packed] = packed!(
    "parcel-tracking",
    "nginx/access.log",
    "nginx/error.log",
    "django.log",
    "celery.log",
    "celerybeat.log",
    "flower.log",
    "react.log"
);
const WEBLOGS: &[Packed] = packed!("weblogs", "weblogs.ndjson");

impl Sample {
    fn files(self) -> &'static [Packed] {
        match self {
            Self::ParcelTracking => PARCEL_TRACKING,
            Self::Weblogs => WEBLOGS,
        }
    }

    /// The name as typed, which is also the folder's.
    #[must_use]
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::ParcelTracking => "parcel-tracking",
            Self::Weblogs => "weblogs",
        }
    }

    /// Unpacks the sample below `cache` (or a temporary folder) and returns its folder.
    ///
    /// # Errors
    /// A text for the user if no folder can be written.
    pub(super) fn unpack(self, cache: Option<&Path>) -> Result<PathBuf, String> {
        let temporary = std::env::temp_dir().join("peavey");
        let places = cache.into_iter().chain([temporary.as_path()]);
        let mut reason = String::new();
        for place in places {
            let folder = place.join("demo").join(self.name());
            match self.unpack_into(&folder) {
                Ok(()) => return Ok(folder),
                Err(error) => reason = format!("{}: {error}", folder.display()),
            }
        }
        Err(format!(
            "cannot unpack the sample into {reason}; set TMPDIR to a folder that can be written"
        ))
    }

    fn unpack_into(self, folder: &Path) -> std::io::Result<()> {
        for file in self.files() {
            let mut text = Vec::new();
            GzDecoder::new(file.bytes).read_to_end(&mut text)?;
            let path = folder.join(file.name);
            if fs::read(&path).is_ok_and(|there| there == text) {
                continue;
            }
            if let Some(parent) = path.parent() {
                fs::create_dir_all(parent)?;
            }
            fs::write(&path, text)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::Sample;

    #[test]
    fn samples_unpack_whole_and_again() {
        let cache = tempfile::tempdir().unwrap();
        for sample in [Sample::ParcelTracking, Sample::Weblogs] {
            let folder = sample.unpack(Some(cache.path())).unwrap();
            assert_eq!(sample.unpack(Some(cache.path())), Ok(folder.clone()));
            for file in sample.files() {
                let text = fs::read_to_string(folder.join(file.name)).unwrap();
                assert!(text.lines().count() > 50, "{}", file.name);
            }
        }
    }

    #[test]
    fn a_sample_says_where_it_cannot_be_written() {
        // A file stands where the folder should be, for the cache; the temporary folder takes over.
        let cache = tempfile::NamedTempFile::new().unwrap();
        let folder = Sample::Weblogs.unpack(Some(cache.path())).unwrap();
        assert!(folder.starts_with(std::env::temp_dir()));
    }
}
