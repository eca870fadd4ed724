//! How fast mail is read, in figures: `reading FOLDER…` reads every message in the folders again and again on one core;
//! `reading --one FILE` reads one message from its file and says how much memory that took.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a measuring program may stop at a fault")]

use std::{fs, path::PathBuf, time::Instant};

use heard::intake::{
    outline::{Limits, outline},
    parse::{ReadContext, read, read_outline},
};

/// Rounds over all messages; the fastest counts.
const ROUNDS: usize = 5;

fn main() {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    if arguments.first().is_some_and(|first| first == "--one") {
        one(&PathBuf::from(arguments.remove(1)));
    } else {
        all(&arguments);
    }
}

fn all(folders: &[String]) {
    let mut messages = Vec::new();
    for folder in folders {
        let mut files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "eml"));
        files.sort();
        messages.extend(files.iter().map(|file| fs::read(file).unwrap()));
    }
    let bytes: usize = messages.iter().map(Vec::len).sum();
    let context = ReadContext::default();
    let mut best = f64::MAX;
    let mut letters = 0;
    for _ in 0..ROUNDS {
        let start = Instant::now();
        letters =
            messages.iter().filter_map(|raw| read(raw, &context).ok()).map(|found| found.visible_text.len()).sum();
        best = best.min(start.elapsed().as_secs_f64());
    }
    println!("{}", figures("Heard", messages.len(), bytes, best, letters));
}

fn figures(who: &str, n: usize, bytes: usize, seconds: f64, letters: usize) -> String {
    #[allow(clippy::cast_precision_loss, reason = "figures for people")]
    let (per_second, megabytes) = (n as f64 / seconds, bytes as f64 / 1e6 / seconds);
    format!(
        "{who}: {n} messages, {per_second:.0} messages/s, {megabytes:.1} MB/s on one core ({letters} bytes of text found)"
    )
}

fn one(file: &PathBuf) {
    let size = fs::metadata(file).unwrap().len();
    let at_rest = peak_kb();
    let start = Instant::now();
    let outline = outline(fs::File::open(file).unwrap(), Limits::default()).unwrap();
    let reading = read_outline(&outline, &ReadContext::default()).expect("it can be read");
    let took = start.elapsed().as_secs_f64();
    let peak = peak_kb();
    println!(
        "Heard: {} MB in {took:.2} s, peak memory {} kB above the {at_rest} kB of the program at rest (sender {}, {} files, \
         {} bytes of text)",
        size / 1_000_000,
        peak.saturating_sub(at_rest),
        reading.author.map(|author| author.address).unwrap_or_default(),
        reading.attachments.len(),
        reading.visible_text.len()
    );
}

/// The most memory this program has held so far, in kB. Most of it at rest is libtorch's, which reading does not use.
fn peak_kb() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap_or_default();
    line.trim().trim_end_matches(" kB").parse().unwrap_or(0)
}
