//! The sentence encoder (rust-bert on libtorch) behind a handle that can be shared.
//!
//! The model is not `Send`, so it lives on one thread of its own; questions and answers go over channels.

use std::{
    fs,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use rust_bert::{
    pipelines::{
        common::ModelType,
        sentence_embeddings::{SentenceEmbeddingsConfig, SentenceEmbeddingsModel},
    },
    resources::{LocalResource, ResourceProvider},
};
use tokio::sync::oneshot;

use super::classifier::LabellingError;

/// Numbers in one embedding of all-MiniLM-L6-v2.
pub const DIMENSIONS: usize = 384;
/// Texts in one forward pass.
const BATCH_TEXTS: usize = 32;
/// Characters in one forward pass, padding counted.
const BATCH_CHARS: usize = 12_000;
/// The model reads 256 word pieces; what comes after these characters can only be cut off again.
const TEXT_CHARS: usize = 4_000;
const WEIGHTS: &str = "model.safetensors";
const REMEDY: &str = "run `make models`, or check [labelling] encoder in the configuration";

/// One vector of [`DIMENSIONS`] numbers and length 1.
pub type Embedding = Vec<f32>;
type Answer = Result<Vec<Embedding>, LabellingError>;

enum Reply {
    Task(oneshot::Sender<Answer>),
    Thread(mpsc::SyncSender<Answer>),
}

struct Question {
    texts: Vec<String>,
    reply: Reply,
}

/// A handle on the encoder's thread. The thread ends when the last handle is dropped.
#[derive(Clone, Debug)]
pub struct SentenceEncoder {
    questions: mpsc::Sender<Question>,
}

impl SentenceEncoder {
    /// Loads the model from `folder` (about 0.3 s) and starts its thread, which computes with `threads` threads
    /// (1 to 16).
    ///
    /// # Errors
    /// [`LabellingError::NotLoaded`], naming the file and the remedy.
    pub fn start(folder: &Path, threads: usize) -> Result<Self, LabellingError> {
        check_files(folder)?;
        let (questions, inbox) = mpsc::channel::<Question>();
        let (ready, loaded) = mpsc::sync_channel(1);
        let folder = folder.to_path_buf();
        let threads = i32::try_from(threads.clamp(1, 16)).unwrap_or(1);
        thread::Builder::new()
            .name("encoder".into())
            .spawn(move || {
                tch::set_num_threads(threads);
                match load(&folder) {
                    Ok(model) => {
                        let _ = ready.send(Ok(()));
                        serve(&model, &inbox);
                    }
                    Err(error) => {
                        let _ = ready.send(Err(error));
                    }
                }
            })
            .map_err(|e| LabellingError::NotLoaded(format!("no thread for the encoder: {e}")))?;
        loaded.recv().map_err(|_| LabellingError::NotLoaded("the encoder's thread ended at its start".into()))??;
        Ok(Self { questions })
    }

    /// The embeddings of `texts`, in their order. Dropping the future leaves the thread at work for the others.
    ///
    /// # Errors
    /// [`LabellingError::Failed`] if the model fails on these texts or its thread has ended.
    pub async fn embed(&self, texts: Vec<String>) -> Answer {
        let (reply, answer) = oneshot::channel();
        self.ask(Question { texts, reply: Reply::Task(reply) })?;
        answer.await.map_err(|_| ended())?
    }

    /// As [`Self::embed`], waiting on the calling thread: for commands, not for async tasks.
    ///
    /// # Errors
    /// As [`Self::embed`].
    pub fn embed_and_wait(&self, texts: Vec<String>) -> Answer {
        let (reply, answer) = mpsc::sync_channel(1);
        self.ask(Question { texts, reply: Reply::Thread(reply) })?;
        answer.recv().map_err(|_| ended())?
    }

    fn ask(&self, question: Question) -> Result<(), LabellingError> {
        self.questions.send(question).map_err(|_| ended())
    }
}

fn ended() -> LabellingError {
    LabellingError::Failed("the encoder's thread has ended; restart the program".into())
}

/// Each file the encoder is made of, so that a missing or empty one is named before the library meets it (it would
/// panic).
fn check_files(folder: &Path) -> Result<(), LabellingError> {
    let json =
        ["modules.json", "config.json", "1_Pooling/config.json", "sentence_bert_config.json", "tokenizer_config.json"];
    for name in json {
        let path = folder.join(name);
        let text = fs::read_to_string(&path).map_err(|e| not_loaded(&path, &e.to_string()))?;
        serde_json::from_str::<serde_json::Value>(&text).map_err(|e| not_loaded(&path, &e.to_string()))?;
    }
    for name in ["vocab.txt", WEIGHTS] {
        let path = folder.join(name);
        let size = fs::metadata(&path).map_err(|e| not_loaded(&path, &e.to_string()))?.len();
        if size == 0 {
            return Err(not_loaded(&path, "the file is empty"));
        }
    }
    Ok(())
}

fn not_loaded(path: &Path, why: &str) -> LabellingError {
    LabellingError::NotLoaded(format!("{}: {why}; {REMEDY}", path.display()))
}

fn load(folder: &Path) -> Result<SentenceEmbeddingsModel, LabellingError> {
    let resource = |name: &str| -> Box<dyn ResourceProvider + Send> {
        Box::new(LocalResource { local_path: PathBuf::from(folder).join(name) })
    };
    let config = SentenceEmbeddingsConfig {
        modules_config_resource: resource("modules.json"),
        transformer_type: ModelType::Bert,
        transformer_config_resource: resource("config.json"),
        // `SentenceEmbeddingsBuilder::local` insists on rust_model.ot; tch reads safetensors by the name's ending.
        transformer_weights_resource: resource(WEIGHTS),
        pooling_config_resource: resource("1_Pooling/config.json"),
        dense_config_resource: None,
        dense_weights_resource: None,
        sentence_bert_config_resource: resource("sentence_bert_config.json"),
        tokenizer_config_resource: resource("tokenizer_config.json"),
        tokenizer_vocab_resource: resource("vocab.txt"),
        tokenizer_merges_resource: None,
        device: tch::Device::Cpu,
        kind: None,
    };
    match catch_unwind(AssertUnwindSafe(|| SentenceEmbeddingsModel::new(config))) {
        Ok(Ok(model)) => match model.get_embedding_dim() {
            Ok(size) if usize::try_from(size) == Ok(DIMENSIONS) => Ok(model),
            _ => Err(not_loaded(&folder.join("1_Pooling/config.json"), "not the encoder all-MiniLM-L6-v2")),
        },
        Ok(Err(error)) => {
            let why = error.to_string();
            Err(not_loaded(&folder.join(WEIGHTS), why.lines().next().unwrap_or("cannot be read")))
        }
        Err(_) => Err(not_loaded(folder, "one of the encoder's files is not what it should be")),
    }
}

fn serve(model: &SentenceEmbeddingsModel, inbox: &mpsc::Receiver<Question>) {
    while let Ok(question) = inbox.recv() {
        let given_up = || matches!(&question.reply, Reply::Task(reply) if reply.is_closed());
        let answer = embed_all(model, &question.texts, given_up);
        // Nobody may be waiting any more; that is no fault of the next question.
        match question.reply {
            Reply::Task(reply) => drop(reply.send(answer)),
            Reply::Thread(reply) => drop(reply.send(answer)),
        }
    }
}

/// Embeds in batches of texts of like length, so that little is spent on padding.
fn embed_all(model: &SentenceEmbeddingsModel, texts: &[String], given_up: impl Fn() -> bool) -> Answer {
    let mut pieces: Vec<(usize, usize, &str)> = texts.iter().enumerate().map(|(at, text)| piece(at, text)).collect();
    pieces.sort_by_key(|(_, length, _)| *length);
    let mut embeddings = vec![Embedding::new(); texts.len()];
    let mut rest = pieces.as_slice();
    while !rest.is_empty() && !given_up() {
        let size = rest
            .iter()
            .zip(1..=BATCH_TEXTS)
            .take_while(|((_, length, _), count)| *count == 1 || length * count <= BATCH_CHARS)
            .count();
        let (batch, later) = rest.split_at(size);
        let batch_texts: Vec<&str> = batch.iter().map(|(_, _, text)| *text).collect();
        // What the panic says may quote the text, so it goes no further than here.
        let vectors = catch_unwind(AssertUnwindSafe(|| model.encode(&batch_texts)))
            .map_err(|_| LabellingError::Failed("the encoder broke off on this text".into()))?
            .map_err(|e| LabellingError::Failed(e.to_string()))?;
        for ((at, _, _), vector) in batch.iter().zip(vectors) {
            if vector.len() != DIMENSIONS || vector.iter().any(|v| !v.is_finite()) {
                return Err(LabellingError::Failed("the encoder gave no usable numbers".into()));
            }
            if let Some(place) = embeddings.get_mut(*at) {
                *place = vector;
            }
        }
        rest = later;
    }
    Ok(embeddings)
}

/// The index of a text, its length in characters, and the part of it that the model can see.
fn piece(at: usize, text: &str) -> (usize, usize, &str) {
    match text.char_indices().nth(TEXT_CHARS) {
        Some((end, _)) => (at, TEXT_CHARS, text.get(..end).unwrap_or(text)),
        None => (at, text.chars().count(), text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_folder_is_named_with_its_remedy() {
        let error = SentenceEncoder::start(Path::new("no/such/folder"), 1).unwrap_err();
        let LabellingError::NotLoaded(why) = error else { panic!("{error}") };
        assert!(why.contains("no/such/folder/modules.json"), "{why}");
        assert!(why.contains("make models") && why.contains("[labelling] encoder"), "{why}");
    }

    #[test]
    fn a_file_that_is_no_json_is_named() {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("modules.json"), "[]").unwrap();
        fs::write(folder.path().join("config.json"), "{").unwrap();
        let why = SentenceEncoder::start(folder.path(), 1).unwrap_err().to_string();
        assert!(why.contains("config.json") && why.contains("make models"), "{why}");
    }
}
