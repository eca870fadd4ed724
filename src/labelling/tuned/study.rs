//! Teaches the encoder that is shipped, and others that are kept from some of the messages, to know what an encoder says of
//! messages it has not seen. Each of these is a part of its own, so that the work can be spread over machines and taken up
//! where it was left.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
};

use tch::Device;

use super::{
    file::{Tuned, TunedDetails},
    net::Net,
    reader::{read_base, score_all, tokeniser, tokens},
    tune::{Lesson, TuneOptions, tune},
    unseen::{BY_COUNCIL, BY_FAMILY, BY_FAMILY_UNTOLD, Unseen, key},
};
use crate::labelling::{
    classifier::Unlabelled,
    cross::{SHARES, chance, with_share},
    fit::Targets,
    kept,
    local::{raw_of, split},
    prepared::Prepared,
    rows::{Labelled, OwnWords, read_rows},
    train::{FOLDS, TrainError, deal},
};

/// The part that is shipped: taught everything.
const WHOLE: &str = "whole";
/// What a part's name begins with: whose messages it is kept from.
const FAMILIES: &str = "families-";
const APART: &str = "apart";

/// What to teach, and where to put it.
#[derive(Clone, Debug)]
pub struct StudyOptions {
    /// Labelled JSON lines, see [`crate::labelling::rows`].
    pub inputs: Vec<PathBuf>,
    /// Folder where each part is put when it is done; parts that are there already are not done again.
    pub folder: PathBuf,
    /// Only this part, and nothing put together.
    pub part: Option<String>,
    /// Councils, by the names of their files, that one more encoder is to be kept from, from all of them at once.
    pub apart: Vec<String>,
    /// Also with a quarter, a half and three quarters of the messages.
    pub curve: bool,
    /// Folder of the published encoder.
    pub base: PathBuf,
    /// The file of the taught encoder.
    pub tuned: PathBuf,
    /// The file of what was said of unseen messages.
    pub unseen: PathBuf,
    /// Threads, where there is no graphics processor.
    pub threads: usize,
    /// Leaves of a body what its author wrote now.
    pub strip: fn(&str) -> OwnWords,
}

/// Teaches what is missing and, unless only one part was asked for, puts all parts together. On a processor with two cores
/// a part takes an hour, or two without bfloat16; on a large graphics processor, if libtorch is built for one, about half a
/// minute. `heed` hears what is being done.
///
/// # Errors
/// [`TrainError`].
pub fn study(options: &StudyOptions, heed: &mut dyn FnMut(String)) -> Result<(), TrainError> {
    let (rows, sha256) = read_rows(&options.inputs, options.strip)?;
    let parts = parts(options);
    let wanted: Vec<&String> =
        match &options.part {
            Some(part) => vec![parts.iter().find(|known| *known == part).ok_or_else(|| {
                TrainError::Fit(format!("there is no part {part}; the parts are {}", parts.join(", ")))
            })?],
            None => parts.iter().collect(),
        };
    let file = |part: &str| options.folder.join(format!("{}.safetensors", part.replace(' ', "-")));
    let missing: Vec<&&String> = wanted.iter().filter(|part| !file(part).exists()).collect();
    if !missing.is_empty() {
        tch::set_num_threads(i32::try_from(options.threads.clamp(1, 64)).unwrap_or(1));
        let classroom = Classroom::new(options, &rows, sha256)?;
        for part in missing {
            heed(format!("{part}: {} messages, {:?}", rows.len(), classroom.device));
            let bytes = catch_unwind(AssertUnwindSafe(|| classroom.part(part, heed)))
                .unwrap_or_else(|_| Err(TrainError::Fit("libtorch stopped; is there enough memory?".into())))?;
            write(&file(part), &bytes)?;
        }
    }
    if options.part.is_some() {
        return Ok(());
    }
    let mut unseen = Unseen::default();
    for part in parts.iter().filter(|part| *part != WHOLE) {
        unseen.merge(Unseen::load(&file(part))?);
    }
    write(&options.unseen, &unseen.to_bytes().map_err(|e| TrainError::Fit(e.to_string()))?)?;
    let path = file(WHOLE);
    let whole = fs::read(&path).map_err(|source| TrainError::Write { path, source })?;
    write(&options.tuned, &whole)
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), TrainError> {
    kept::write(path, bytes).map_err(|source| TrainError::Write { path: path.to_owned(), source })
}

/// The names of all parts: the whole, each fifth of the families, what is kept from whole councils, and each fifth with less
/// to learn from.
fn parts(options: &StudyOptions) -> Vec<String> {
    let mut parts = vec![WHOLE.to_owned()];
    parts.extend((0..FOLDS).map(|fold| format!("{FAMILIES}{fold}")));
    parts.extend((!options.apart.is_empty()).then(|| APART.to_owned()));
    if options.curve {
        let folds = || (0..FOLDS).map(|fold| format!("{FAMILIES}{fold}"));
        parts.extend(SHARES.iter().flat_map(|share| folds().map(|part| with_share(&part, *share))));
    }
    parts
}

/// Everything that teaching needs, loaded once.
struct Classroom<'r> {
    rows: &'r [Labelled],
    apart: &'r [String],
    dealt: Vec<usize>,
    prepared: Vec<Prepared>,
    untold: Vec<Prepared>,
    lessons: Vec<Lesson>,
    base: crate::labelling::e5::E5File,
    tokeniser: crate::labelling::e5::Tokeniser,
    details: TunedDetails,
    device: Device,
}

impl<'r> Classroom<'r> {
    fn new(options: &'r StudyOptions, rows: &'r [Labelled], training_sha256: String) -> Result<Self, TrainError> {
        if let Some(council) = options.apart.iter().find(|name| !rows.iter().any(|row| row.council == **name)) {
            return Err(TrainError::Fit(format!("no message is of {council}; a council is called as its file is")));
        }
        let (base, base_sha256) = read_base(&options.base)?;
        let tokeniser = tokeniser(&base)?;
        let untold = |row: &Labelled| {
            let Unlabelled { subject, text, .. } = row.message.clone();
            Prepared::new(&Unlabelled { subject, text, ..Unlabelled::default() })
        };
        let prepared: Vec<Prepared> = rows.iter().map(|row| Prepared::new(&row.message)).collect();
        let untold: Vec<Prepared> = rows.iter().map(untold).collect();
        let whole = |message: &Prepared| tokens(&tokeniser, &message.texts().next().unwrap_or_default());
        let mut lessons = Vec::with_capacity(rows.len());
        for (told, plain) in prepared.iter().zip(&untold) {
            lessons.push(Lesson { told: whole(told)?, plain: whole(plain)? });
        }
        Ok(Self {
            rows,
            apart: &options.apart,
            dealt: deal(rows, FOLDS),
            prepared,
            untold,
            lessons,
            base,
            tokeniser,
            details: TunedDetails { base_sha256, training_sha256, messages: rows.len() },
            device: Device::cuda_if_available(),
        })
    }

    /// The bytes of one part's file.
    fn part(&self, part: &str, heed: &mut dyn FnMut(String)) -> Result<Vec<u8>, TrainError> {
        if part == WHOLE {
            let net = self.teach(|_, _| true, part, heed)?;
            return Tuned::of(&net, &self.base, self.details.clone())
                .to_bytes()
                .map_err(|e| TrainError::Fit(e.to_string()));
        }
        let (of, share) = match part.split_once(' ') {
            Some((of, share)) => (of, share.parse::<f64>().unwrap_or(100.0) / 100.0),
            None => (part, 1.0),
        };
        let fold = of.trim_start_matches(FAMILIES).parse().unwrap_or(FOLDS);
        let left_out = |at: usize, row: &Labelled| match of {
            APART => self.apart.contains(&row.council),
            _ => self.dealt.get(at) == Some(&fold),
        };
        let net = self.teach(|at, row| !left_out(at, row) && chance(row) < share, part, heed)?;
        let mut unseen = Unseen::default();
        let chosen: Vec<usize> =
            self.rows.iter().enumerate().filter(|(at, row)| left_out(*at, row)).map(|(at, _)| at).collect();
        if of == APART {
            self.judge(&net, &self.prepared, &chosen, BY_COUNCIL, &mut unseen)?;
        } else if share < 1.0 {
            self.judge(&net, &self.prepared, &chosen, &with_share(BY_FAMILY, share), &mut unseen)?;
        } else {
            self.judge(&net, &self.prepared, &chosen, BY_FAMILY, &mut unseen)?;
            self.judge(&net, &self.untold, &chosen, BY_FAMILY_UNTOLD, &mut unseen)?;
        }
        unseen.to_bytes().map_err(|e| TrainError::Fit(e.to_string()))
    }

    fn teach(
        &self,
        may_see: impl Fn(usize, &Labelled) -> bool,
        part: &str,
        heed: &mut dyn FnMut(String),
    ) -> Result<Net, TrainError> {
        let seen = || self.rows.iter().enumerate().filter(|(at, row)| may_see(*at, row));
        let lessons: Vec<Lesson> = seen().filter_map(|(at, _)| self.lessons.get(at).cloned()).collect();
        let targets = Targets::new(seen().map(|(_, row)| (&row.labels, row.weight)));
        let heed = |epoch, loss| heed(format!("{part}: {} messages, round {epoch}, loss {loss:.4}", lessons.len()));
        Ok(tune(&self.base, &lessons, &targets, &TuneOptions::default(), self.device, heed)?)
    }

    /// Puts down what `net` says of the messages `chosen`.
    fn judge(
        &self,
        net: &Net,
        prepared: &[Prepared],
        chosen: &[usize],
        way: &str,
        unseen: &mut Unseen,
    ) -> Result<(), TrainError> {
        let messages = || chosen.iter().filter_map(|at| prepared.get(*at));
        let ids = messages()
            .flat_map(|message| message.texts().collect::<Vec<_>>())
            .map(|text| tokens(&self.tokeniser, &text))
            .collect::<Result<Vec<_>, _>>()?;
        let scores = score_all(net, &ids, || false)?;
        for (at, (_, own)) in chosen.iter().zip(split(messages(), &scores)) {
            if let Some(row) = self.rows.get(*at) {
                unseen.put(way, key(row), raw_of(own));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::labelling::rows::cut_quoted_tail;

    #[test]
    fn a_council_that_no_file_is_called_after_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let input = folder.path().join("here.jsonl");
        fs::write(&input, r#"{"id":"a","text":"No bus.","act":"complaint","dissatisfied":true}"#).unwrap();
        let path = |name: &str| folder.path().join(name);
        let options = StudyOptions {
            inputs: vec![input],
            folder: path("parts"),
            part: Some(APART.into()),
            apart: vec!["here".into(), "nowhere".into()],
            curve: false,
            base: path("base"),
            tuned: path("tuned"),
            unseen: path("unseen"),
            threads: 1,
            strip: cut_quoted_tail,
        };
        let error = study(&options, &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains("nowhere") && error.contains("as its file is"), "{error}");
    }
}
