//! One file looked at: who it is, how it is packed and encoded, whether it is text.

use std::fs::File;
use std::io::{self, Read};
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::Path;

use super::rotation::rotated_name;
use super::skipped::Why;
use super::sniff::{HEAD, compression_of, encoding_of, gzip_time, identify, is_binary, newline_of};
use crate::ingest::input::{is_tar, open_regular, unpacked};
use crate::ingest::member::{Compression, Encoding, Member, Origin};
use crate::time::Millis;

/// How much of the text is looked at.
const SAMPLE: usize = 8 << 10;

/// Looks at a file. One that was `is_named` may be reached by a link.
pub fn probe(path: &Path, is_named: bool) -> Result<Member, Why> {
    if !is_named && path.extension().is_some_and(|extension| extension == "journal") {
        return Err(Why::Journal);
    }
    let file = open_regular(path, is_named).map_err(|error| reason(&error))?;
    let metadata = file.metadata().map_err(|error| reason(&error))?;
    let mut head = vec![0; SAMPLE];
    let count = file.read_at(&mut head, 0).map_err(|error| reason(&error))?;
    head.truncate(count);
    if head.starts_with(b"LPKSHHRH") {
        return Err(Why::Journal);
    }
    let compression = compression_of(&head);
    let text = match compression {
        Compression::None => head.clone(),
        packed => sample(&file, packed).unwrap_or_default(),
    };
    let encoding = encoding_of(&text);
    let is_archive = is_tar(&text);
    if !is_archive
        && encoding == Encoding::Utf8
        && (is_binary(&text) || is_sparse(&metadata, &text))
    {
        return Err(Why::Binary);
    }
    let name = std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let named = path.file_name().and_then(|name| name.to_str()).map(rotated_name);
    let ended = named.and_then(|named| named.ended()).or_else(|| gzip_time(&head));
    Ok(Member {
        origin: Origin::File(name.clone()),
        name: name.to_string_lossy().into(),
        identity: identify(&file).map_err(|error| reason(&error))?,
        compression,
        is_archive,
        encoding: if is_archive { Encoding::Utf8 } else { encoding },
        newline: newline_of(&text[..text.len().min(SAMPLE)]),
        size: metadata.len(),
        modified: modified(&metadata),
        ended,
    })
}

fn modified(metadata: &std::fs::Metadata) -> Option<Millis> {
    let since = metadata.modified().ok()?.duration_since(std::time::UNIX_EPOCH).ok()?;
    Some(Millis(i64::try_from(since.as_millis()).ok()?))
}

/// The beginning of the unpacked text; empty if it is damaged from the start.
fn sample(file: &File, compression: Compression) -> io::Result<Vec<u8>> {
    let mut text = Vec::new();
    let reader = unpacked(file.try_clone()?, compression)?;
    reader.take(SAMPLE as u64).read_to_end(&mut text)?;
    Ok(text)
}

/// Files such as lastlog: large, mostly holes, nothing in the beginning.
fn is_sparse(metadata: &std::fs::Metadata, head: &[u8]) -> bool {
    let is_hollow = metadata.len() > 1 << 20 && metadata.blocks() * 512 < metadata.len() / 16;
    is_hollow && head.iter().take(HEAD).all(|byte| *byte == 0)
}

fn reason(error: &io::Error) -> Why {
    match error.kind() {
        io::ErrorKind::PermissionDenied => Why::Permission,
        io::ErrorKind::InvalidInput => Why::NotRegular,
        _ => match error.raw_os_error() {
            // A socket cannot be opened at all.
            Some(code) if code == rustix::io::Errno::NXIO.raw_os_error() => Why::NotRegular,
            _ => Why::Unreadable(error.to_string()),
        },
    }
}
