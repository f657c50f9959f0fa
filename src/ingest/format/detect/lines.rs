//! The sample lines.

use crate::ingest::format::options::Samples;
use crate::ingest::format::shape::columns::ColumnsShape;
use crate::ingest::format::wrapper::Wrapper;
use crate::ingest::format::{ansi, shape::json};

const HEAD: usize = 256;
const ELSEWHERE: usize = 128;

/// Whole lines of the samples, without their ends.
pub(super) fn collect<'a>(samples: &Samples<'a>) -> Vec<&'a [u8]> {
    let mut lines = take(samples.head, HEAD, false);
    lines.extend(take(samples.middle, ELSEWHERE, true));
    lines.extend(take(samples.tail, ELSEWHERE, true));
    lines
}

fn take(bytes: &[u8], most: usize, partial: bool) -> Vec<&[u8]> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let ended = bytes.last() == Some(&b'\n');
    let mut lines: Vec<&[u8]> = bytes.split(|byte| *byte == b'\n').collect();
    if ended || lines.len() > 2 {
        // Nothing after the last line end, or a line that may be cut.
        lines.pop();
    }
    let skip = usize::from(partial && lines.len() > 1);
    let lines = lines.into_iter().skip(skip).map(|line| line.strip_suffix(b"\r").unwrap_or(line));
    lines.take(most).collect()
}

/// Sample lines out of their wrapper, without colours.
pub(super) struct Lines {
    /// All lines that are not empty.
    pub(super) texts: Vec<Vec<u8>>,
    /// The distinct `#Fields` lines, the most used first.
    pub(super) columns: Vec<ColumnsShape>,
    /// Lines that begin with `#` are directives.
    pub(super) directives: bool,
    /// Documents that span lines, joined.
    pub(super) pretty: bool,
}

impl Lines {
    pub(super) fn new(raw: &[&[u8]], wrapper: Option<Wrapper>) -> Self {
        let mut texts: Vec<Vec<u8>> = raw
            .iter()
            .map(|line| {
                if let Some(wrapper) = wrapper {
                    return wrapper.inner(line).0;
                }
                let mut text = Vec::with_capacity(line.len());
                ansi::strip(line, &mut text);
                text
            })
            .filter(|text| !text.is_empty())
            .collect();
        let mut columns: Vec<ColumnsShape> = Vec::new();
        for text in texts.iter().filter(|text| text[0] == b'#') {
            if let Some(shape) =
                ColumnsShape::directive(text).filter(|shape| !columns.contains(shape))
            {
                columns.push(shape);
            }
        }
        let joined = pretty_documents(&texts);
        let pretty = joined.is_some();
        if let Some(joined) = joined {
            texts = joined;
        }
        Self { directives: !columns.is_empty(), columns, texts, pretty }
    }

    /// The lines that may begin records.
    pub(super) fn records(&self) -> impl Iterator<Item = &[u8]> {
        let directives = self.directives;
        self.texts
            .iter()
            .map(|text| &text[..])
            .filter(move |text| !(matches!(text[0], b' ' | b'\t') || directives && text[0] == b'#'))
    }
}

/// The documents of a file that has some on several lines, from `{` at the start of a line on;
/// `None` if lines are documents, or the joined lines are none either.
fn pretty_documents(texts: &[Vec<u8>]) -> Option<Vec<Vec<u8>>> {
    let opens = |text: &&Vec<u8>| text[0] == b'{';
    if !opens(&texts.first()?)
        || texts.iter().filter(opens).all(|text| json::document(text).is_some())
    {
        return None;
    }
    let mut documents: Vec<Vec<u8>> = Vec::new();
    for text in texts {
        if text[0] == b'{' || documents.is_empty() {
            documents.push(Vec::new());
        }
        if let Some(document) = documents.last_mut() {
            document.extend_from_slice(text);
            document.push(b'\n');
        }
    }
    let all = documents.len();
    documents.retain(|document| json::document(document).is_some());
    // The last of each sample may be cut.
    (!documents.is_empty() && documents.len() * 5 + 15 >= all * 4).then_some(documents)
}
