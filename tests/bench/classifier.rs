//! How fast messages are labelled, in figures, as JSON lines. `classifier MODELS TEXTS SECONDS` labels our own messages, cut
//! or joined to 20, 100 and 300 words and as they are, for at most SECONDS a figure, and writes to TEXTS what it gave the
//! encoder; `classifier MODELS` only loads the classifier and says how long that took.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a measuring program may stop at a fault")]

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use futures::executor::block_on;
use heard::labelling::{
    classifier::{Classifier, Unlabelled},
    danger::danger_words,
    heads::Heads,
    local::LocalClassifier,
    prepared::Prepared,
    rows::{Labelled, cut_quoted_tail, read_rows},
    tuned::reader::{EncoderFiles, Reader},
};
use serde_json::json;

const WHO: &str = "Heard";
/// Threads of the encoder.
const THREADS: usize = 2;
/// Messages of each length: four whole batches.
const MESSAGES: usize = 128;
/// Messages labelled together, as `heard classify` does.
const TOGETHER: usize = 32;
/// Texts of each length whose scores are written down, so that another program can show that it runs the same encoder.
const SCORED: usize = 3;

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match arguments.as_slice() {
        [models] => load(Path::new(models)),
        [models, texts, seconds] => {
            measure(Path::new(models), Path::new(texts), Duration::from_secs(seconds.parse().expect("whole seconds")));
        }
        _ => panic!("usage: classifier MODELS [TEXTS SECONDS]"),
    }
}

fn encoder(models: &Path) -> EncoderFiles {
    EncoderFiles { base: models.join("encoder"), tuned: models.join("tuned.safetensors") }
}

fn load(models: &Path) {
    let start = Instant::now();
    let classifier = LocalClassifier::start(&encoder(models), &models.join("heads.safetensors"), THREADS).unwrap();
    println!("{}", json!({"who": WHO, "load_s": start.elapsed().as_secs_f64()}));
    drop(classifier);
}

fn measure(models: &Path, texts: &Path, most: Duration) {
    let heads = models.join("heads.safetensors");
    let reader = Reader::start(&encoder(models), THREADS).unwrap();
    let quick = LocalClassifier::with(reader.clone(), Heads::load(&heads).unwrap()).unwrap();
    let thorough = quick.clone().thorough();
    let loaded_mb = memory_mb("VmRSS:");
    let heads = Heads::load(&heads).unwrap();
    let mut file = fs::File::create(texts).unwrap();
    for (words, messages) in lengths(models) {
        let prepared: Vec<Prepared> = messages.iter().map(Prepared::new).collect();
        let whole: Vec<String> = prepared.iter().filter_map(|message| message.texts().next()).collect();
        let mut scores = reader.read_and_wait(whole.iter().take(SCORED).cloned().collect()).unwrap().into_iter();
        for text in &whole {
            let scores = scores.next().map(Vec::from);
            writeln!(file, "{}", json!({"words": words, "text": text, "scores": scores})).unwrap();
        }
        let settled = |message: &&Prepared| {
            danger_words(&message.whole).is_none() && heads.settles(&heads.raw(message), message.context)
        };
        let settled = prepared.iter().filter(settled).count();
        let readings: usize = prepared.iter().map(Prepared::count).sum();
        println!(
            "{}",
            json!({"who": WHO, "words": words, "texts": messages.len(), "settled": share(settled, messages.len()),
                   "readings": share(readings, messages.len())})
        );
        let say = |way: &str, work: &dyn Fn(Vec<Unlabelled>)| figures(words, way, most, &messages, work);
        say("fast path, with its sentence", &|batch| drop(block_on(quick.label(batch)).unwrap()));
        say("fast path", &|batch| drop(block_on(quick.judge(&batch)).unwrap()));
        say("thorough, with its sentence", &|batch| drop(block_on(thorough.label(batch)).unwrap()));
        say("thorough", &|batch| drop(block_on(thorough.judge(&batch)).unwrap()));
        figures(words, "encoder alone", most, &whole, &|batch| drop(reader.read_and_wait(batch).unwrap()));
    }
    println!(
        "{}",
        json!({"who": WHO, "loaded_mb": loaded_mb, "after_mb": memory_mb("VmRSS:"), "peak_mb": memory_mb("VmHWM:")})
    );
}

/// Prints how many of `items` are worked off in a second in batches, and how long one takes by itself. Where a whole batch
/// would take longer than `most`, batches are smaller.
fn figures<T: Clone>(words: &str, way: &str, most: Duration, items: &[T], work: &dyn Fn(Vec<T>)) {
    let timed = |together: usize| {
        let start = Instant::now();
        let mut times = Vec::new();
        for batch in items.chunks(together).take_while(|_| start.elapsed() < most) {
            let batch = batch.to_vec();
            let start = Instant::now();
            work(batch);
            times.push(start.elapsed().as_secs_f64());
        }
        times
    };
    let mut alone = timed(1);
    alone.sort_by(f64::total_cmp);
    let at = |percent: usize| alone.get((alone.len() * percent / 100).min(alone.len() - 1)).unwrap() * 1000.0;
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a few texts")]
    let together = ((most.as_secs_f64() * 1000.0 / at(50)) as usize).clamp(1, TOGETHER);
    let batches = timed(together);
    let done = items.len().min(batches.len() * together);
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    let per_second = done as f64 / batches.iter().sum::<f64>();
    println!(
        "{}",
        json!({"who": WHO, "words": words, "way": way, "per_s": per_second, "batched": done, "together": together, "median_ms": at(50),
               "p95_ms": at(95), "alone": alone.len()})
    );
}

/// Messages of each length, always the same ones.
fn lengths(models: &Path) -> Vec<(&'static str, Vec<Unlabelled>)> {
    let taught = rows(&models.join("data"));
    let of = |words| spread(&taught).map(|at| cut(&taught, at, words)).collect();
    // As they are: those the heads have not learnt from, since they settle more of what they know.
    let unseen = rows(&models.join("regression"));
    let whole = spread(&unseen).filter_map(|at| unseen.get(at)).map(|row| row.message.clone()).collect();
    vec![("20", of(20)), ("100", of(100)), ("300", of(300)), ("as they are", whole)]
}

fn rows(folder: &Path) -> Vec<Labelled> {
    let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    read_rows(&files, cut_quoted_tail).unwrap().0
}

/// [`MESSAGES`] places, the same distance apart.
fn spread(rows: &[Labelled]) -> impl Iterator<Item = usize> {
    let rows = rows.len();
    (0..MESSAGES).map(move |n| n * rows / MESSAGES)
}

/// The first `words` words from the message at `at` on, the next messages' after its own where it is too short. No subject.
fn cut(rows: &[Labelled], at: usize, words: usize) -> Unlabelled {
    let mut text = String::new();
    for row in rows.iter().cycle().skip(at) {
        text.push_str(&row.message.text);
        if let Some(last) = text.split_whitespace().nth(words - 1) {
            // Both are of one string: how far the last word's end lies from its start.
            let end = last.as_ptr() as usize + last.len() - text.as_ptr() as usize;
            text.truncate(end);
            break;
        }
        text.push_str("\n\n");
    }
    Unlabelled {
        subject: String::new(),
        text,
        context: rows.get(at).map(|row| row.message.context).unwrap_or_default(),
    }
}

fn share(some: usize, all: usize) -> f64 {
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    let share = some as f64 / all as f64;
    share
}

/// What this process holds (`VmRSS:`) or has held at most (`VmHWM:`), in MB.
fn memory_mb(line: &str) -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|found| found.strip_prefix(line)).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse::<u64>().unwrap_or(0) / 1024
}
