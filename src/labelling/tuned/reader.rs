//! The taught encoder behind a handle that can be shared.
//!
//! The net is not `Send`, so it lives on one thread of its own; questions and answers go over channels.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use sha2::{Digest, Sha256};
use tch::Device;
use tokio::sync::oneshot;

use super::{
    file::Tuned,
    net::{MOST_TOKENS, Net},
};
use crate::labelling::{
    classifier::LabellingError,
    e5::{E5File, Tokeniser},
    heads::Scores,
};

/// The file of the published encoder, in its folder.
pub const BASE_FILE: &str = "e5-small-enpt-q4.bin";
/// Texts in one forward pass.
const BATCH_TEXTS: usize = 32;
/// Tokens in one forward pass, padding counted.
const BATCH_TOKENS: usize = 4_096;
/// Tokens by which, beside a quarter, the longest text of a pass may be longer than the shortest.
const PADDING: usize = 8;
/// What the encoder reads is at most [`MOST_TOKENS`]; what comes after these characters can only be cut off again.
const TEXT_CHARS: usize = 4_000;
/// What the published encoder was taught to expect before every text.
const PREFIX: &str = "query: ";
const REMEDY: &str = "run `make models`, or check [labelling] encoder in the configuration";

type Answer = Result<Vec<Scores>, LabellingError>;

enum Reply {
    Task(oneshot::Sender<Answer>),
    Thread(mpsc::SyncSender<Answer>),
}

struct Question {
    texts: Vec<String>,
    reply: Reply,
}

/// Where the encoder's two parts lie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncoderFiles {
    /// Folder of the published encoder.
    pub base: PathBuf,
    /// What teaching changed in it.
    pub tuned: PathBuf,
}

/// A handle on the encoder's thread. The thread ends when the last handle is dropped.
#[derive(Clone, Debug)]
pub struct Reader {
    questions: mpsc::Sender<Question>,
    name: String,
}

impl Reader {
    /// Loads the encoder (under a second) and starts its thread, which computes with `threads` threads (1 to 16).
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file and the remedy.
    pub fn start(files: &EncoderFiles, threads: usize) -> Result<Self, LabellingError> {
        let (questions, inbox) = mpsc::channel::<Question>();
        let (ready, loaded) = mpsc::sync_channel(1);
        let files = files.clone();
        let threads = i32::try_from(threads.clamp(1, 16)).unwrap_or(1);
        thread::Builder::new()
            .name("encoder".into())
            .spawn(move || {
                tch::set_num_threads(threads);
                match catch_unwind(AssertUnwindSafe(|| load(&files))) {
                    Ok(Ok((net, tokeniser, name))) => {
                        let _ = ready.send(Ok(name));
                        serve(&net, &tokeniser, &inbox);
                    }
                    Ok(Err(error)) => drop(ready.send(Err(error))),
                    Err(_) => drop(ready.send(Err(not_loaded(&files.base, "it is not what it should be")))),
                }
            })
            .map_err(|e| LabellingError::NotLoaded(format!("no thread for the encoder: {e}")))?;
        let name = loaded
            .recv()
            .map_err(|_| LabellingError::NotLoaded("the encoder's thread ended at its start".into()))??;
        Ok(Self { questions, name })
    }

    /// Which encoder it is: `e5-small-` and eight hex digits of what it was taught.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The scores of `texts`, in their order. Dropping the future leaves the thread at work for the others.
    ///
    /// # Errors
    /// [`LabellingError::Failed`] if the net fails on these texts or its thread has ended.
    pub async fn read(&self, texts: Vec<String>) -> Answer {
        if texts.is_empty() {
            return Ok(Vec::new());
        }
        let (reply, answer) = oneshot::channel();
        self.ask(Question { texts, reply: Reply::Task(reply) })?;
        answer.await.map_err(|_| ended())?
    }

    /// As [`Self::read`], waiting on the calling thread: for commands, not for async tasks.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn read_and_wait(&self, texts: Vec<String>) -> Answer {
        let (reply, answer) = mpsc::sync_channel(1);
        self.ask(Question { texts, reply: Reply::Thread(reply) })?;
        answer.recv().map_err(|_| ended())?
    }

    fn ask(&self, question: Question) -> Result<(), LabellingError> {
        self.questions.send(question).map_err(|_| ended())
    }
}

/// Reads the published encoder in `folder`, and gives the SHA-256 (hex) of its file.
///
/// # Errors
/// [`LabellingError::NotLoaded`], naming the file and the remedy.
pub fn read_base(folder: &Path) -> Result<(E5File, String), LabellingError> {
    let path = folder.join(BASE_FILE);
    let bytes = fs::read(&path).map_err(|e| not_loaded(&path, &e.to_string()))?;
    let sha256 = data_encoding::HEXLOWER.encode(&Sha256::digest(&bytes));
    Ok((E5File::from_bytes(bytes).map_err(|e| not_loaded(&path, &e.to_string()))?, sha256))
}

/// Its tokeniser.
///
/// # Errors
/// [`LabellingError::NotLoaded`].
pub fn tokeniser(base: &E5File) -> Result<Tokeniser, LabellingError> {
    Tokeniser::new(base).map_err(|e| LabellingError::NotLoaded(format!("the encoder's word pieces: {e}; {REMEDY}")))
}

/// The tokens of `text` as the encoder is shown it.
///
/// # Errors
/// [`LabellingError::Failed`].
pub fn tokens(tokeniser: &Tokeniser, text: &str) -> Result<Vec<u32>, LabellingError> {
    let end = text.char_indices().nth(TEXT_CHARS).map_or(text.len(), |(end, _)| end);
    let shown = format!("{PREFIX}{}", text.get(..end).unwrap_or(text));
    // What the error says may quote the text, so it goes no further than here.
    tokeniser.ids(&shown, MOST_TOKENS).map_err(|_| LabellingError::Failed("a text cannot be taken apart".into()))
}

fn ended() -> LabellingError {
    LabellingError::Failed("the encoder's thread has ended; restart the program".into())
}

fn not_loaded(path: &Path, why: &str) -> LabellingError {
    LabellingError::NotLoaded(format!("{}: {why}; {REMEDY}", path.display()))
}

fn load(files: &EncoderFiles) -> Result<(Net, Tokeniser, String), LabellingError> {
    let (base, sha256) = read_base(&files.base)?;
    let tuned = Tuned::load(&files.tuned)?;
    if tuned.details.base_sha256 != sha256 {
        return Err(not_loaded(&files.base.join(BASE_FILE), "not the encoder that was taught"));
    }
    let mut net = Net::new(&base, Device::Cpu)?;
    net.change(tuned.changes.into_iter())?;
    net.vars.freeze();
    Ok((net, tokeniser(&base)?, tuned.name))
}

fn serve(net: &Net, tokeniser: &Tokeniser, inbox: &mpsc::Receiver<Question>) {
    while let Ok(question) = inbox.recv() {
        let given_up = || matches!(&question.reply, Reply::Task(reply) if reply.is_closed());
        // What a panic says may quote the text, so it goes no further than here.
        let answer = catch_unwind(AssertUnwindSafe(|| {
            let ids = question.texts.iter().map(|text| tokens(tokeniser, text)).collect::<Result<Vec<_>, _>>()?;
            score_all(net, &ids, given_up)
        }))
        .unwrap_or_else(|_| Err(LabellingError::Failed("the encoder broke off on this text".into())));
        // Nobody may be waiting any more; that is no fault of the next question.
        match question.reply {
            Reply::Task(reply) => drop(reply.send(answer)),
            Reply::Thread(reply) => drop(reply.send(answer)),
        }
    }
}

/// Scores in batches of texts of like length, so that little is spent on padding.
pub(super) fn score_all(net: &Net, texts: &[Vec<u32>], given_up: impl Fn() -> bool) -> Answer {
    let mut order: Vec<(usize, &Vec<u32>)> = texts.iter().enumerate().collect();
    order.sort_by_key(|(_, ids)| ids.len());
    let mut answers: Vec<Option<Scores>> = vec![None; texts.len()];
    let mut rest = order.as_slice();
    while !rest.is_empty() && !given_up() {
        let longest = rest.first().map_or(0, |(_, ids)| ids.len() + ids.len() / 4 + PADDING);
        let size = rest
            .iter()
            .zip(1..=BATCH_TEXTS)
            .take_while(|((_, ids), count)| *count == 1 || ids.len() <= longest && ids.len() * count <= BATCH_TOKENS)
            .count();
        let (batch, later) = rest.split_at(size);
        let ids: Vec<&[u32]> = batch.iter().map(|(_, ids)| ids.as_slice()).collect();
        let scores =
            net.scores(&ids).ok_or_else(|| LabellingError::Failed("the encoder gave no usable numbers".into()))?;
        for ((at, _), scores) in batch.iter().zip(scores) {
            if let Some(place) = answers.get_mut(*at) {
                *place = Some(scores);
            }
        }
        rest = later;
    }
    answers.into_iter().collect::<Option<Vec<_>>>().ok_or_else(|| LabellingError::Failed("given up".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_file_is_named_with_its_remedy() {
        let files = EncoderFiles { base: "no/such/folder".into(), tuned: "no/such/file".into() };
        let error = Reader::start(&files, 1).unwrap_err();
        let LabellingError::NotLoaded(why) = error else { panic!("{error}") };
        assert!(why.contains("no/such/folder") && why.contains("make models"), "{why}");
        assert!(why.contains("[labelling] encoder"), "{why}");
    }
}
