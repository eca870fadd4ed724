//! From an officer's decision to another model in use, and back: on both databases, with the real encoder. What needs it
//! is skipped where `models/encoder` has not been fetched.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    council::{self, Council, mail, on_both, suggestion},
    databases::Database,
};
use heard::{
    clock::Clock,
    config::Labelling,
    labelling::{
        classifier::Classifier,
        labels::{Act, Procedure, Theme},
        learn::decided::LeftOut,
        live::Live,
        local::LocalClassifier,
        rows::cut_quoted_tail,
        train::{TrainOptions, train},
        tuned::reader::BASE_FILE,
    },
    store::{Store, learning as models},
    web::{
        desk::DeskAction,
        views::{QueueFilter, QueueOrder},
    },
    workers::{
        Engine, IngestCounts, Ingesting, ingest_one,
        learn::{LearnError, Learning, Shelf, Verdict, read_examples},
    },
};

const COMPLAINTS: &str = "complaints";

on_both! {
    what_officers_decide_is_read_out_of_the_database what_officers_decide_is_read_out_of_the_database_on_postgres;
    good_decisions_are_learnt_and_every_program_takes_the_model_up good_decisions_are_learnt_and_every_program_takes_the_model_up_on_postgres;
    poisoned_decisions_are_refused_in_words poisoned_decisions_are_refused_in_words_on_postgres;
    one_program_learns_a_night_and_only_when_enough_is_new one_program_learns_a_night_and_only_when_enough_is_new_on_postgres;
}

fn shipped_models() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("models")
}

/// The first short messages of one labelled inbox: what takes time is encoding their words.
fn lines(council: &str, count: usize) -> Vec<serde_json::Value> {
    let all = fs::read_to_string(shipped_models().join(format!("data/{council}.jsonl"))).unwrap();
    let all = all.lines().map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap());
    all.filter(|line| (60..=420).contains(&line["text"].as_str().unwrap().len())).take(count).collect()
}

fn write(path: &Path, lines: &[serde_json::Value]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, lines.iter().map(|line| format!("{line}\n")).collect::<String>()).unwrap();
}

/// A small model, its data, and a program that can learn. None where there is no encoder.
struct School {
    settings: Labelling,
    shelf: Shelf,
    folder: tempfile::TempDir,
}

/// What the shipped model of a test was taught.
#[derive(Clone, Copy, PartialEq)]
enum Taught {
    /// The base data.
    Right,
    /// The opposite: whatever is fitted to the base data afterwards is better.
    Backwards,
}

/// `line` with what is dissatisfaction and what is not changed about.
fn backwards(mut line: serde_json::Value) -> serde_json::Value {
    let dissatisfied = line["gold"]["dissatisfied"].as_bool().unwrap();
    line["gold"]["dissatisfied"] = (!dissatisfied).into();
    line["gold"]["act"] = if dissatisfied { "routine" } else { "complaint" }.into();
    line
}

impl School {
    fn open(taught: Taught) -> Option<Self> {
        let encoder = shipped_models().join("encoder");
        if !encoder.join(BASE_FILE).exists() {
            println!("skipped: models/encoder is not there; `make models` fetches it");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        write(&at("base/brindlecombe.jsonl"), &lines("brindlecombe", 120));
        write(&at("regression/zealbury.jsonl"), &lines("../regression/zealbury", 20));
        let settings = Labelling {
            encoder,
            tuned: shipped_models().join("tuned.safetensors"),
            unseen: shipped_models().join("unseen.safetensors"),
            heads: at("heads.safetensors"),
            base: at("base"),
            regression: at("regression"),
            learn_from: 12,
            ..Labelling::default()
        };
        let mut lesson = lines("brindlecombe", 120);
        if taught == Taught::Backwards {
            lesson = lesson.into_iter().map(backwards).collect();
        }
        write(&at("lesson.jsonl"), &lesson);
        train(&TrainOptions {
            inputs: vec![at("lesson.jsonl")],
            out: settings.heads.clone(),
            encoder: settings.encoder_files(),
            unseen: settings.unseen.clone(),
            threads: 1,
            strip: cut_quoted_tail,
        })
        .unwrap();
        let shelf = Shelf { shipped: settings.heads.clone(), learnt: at("learnt") };
        Some(Self { settings, shelf, folder })
    }

    /// A program of the council, just started, with a classifier of its own.
    async fn program(&self, council: &Council, store: &Store, name: &str) -> (Learning, Arc<Live>) {
        let settings = self.settings.clone();
        let start = move || LocalClassifier::start(&settings.encoder_files(), &settings.heads, 1).unwrap();
        let live = Arc::new(Live::new(tokio::task::spawn_blocking(start).await.unwrap()));
        let learning = Learning {
            store: store.clone(),
            office: council.engine.office.clone(),
            shelf: self.shelf.clone(),
            settings: self.settings.clone(),
            clock: Clock::fixed(council::now()),
            name: name.to_owned(),
            live: Some(live.clone()),
        };
        (learning, live)
    }
}

/// Puts a labelled line before an officer, as a message of its own family, and has it decided. `right`: as it is labelled.
async fn decide(council: &Council, line: &serde_json::Value, number: usize, right: bool) {
    let text = line["text"].as_str().unwrap();
    let words = |name: &str| line["gold"][name].as_str().map(str::to_owned);
    let act: Act = words("act").unwrap().parse().unwrap();
    let shown = suggestion(Act::Concern, 0.5, 0.01, Procedure::Corporate, Theme::Communication);
    let from = format!("Parent {number} <parent{number}@family.example>");
    let raw = mail(&from, &format!("m{number}"), line["subject"].as_str().unwrap_or_default(), "", text);
    council.arrives(COMPLAINTS, &raw, "2026-11-20T09:00:00Z", &shown).await;
    let reference = council.reference(&format!("Parent {number}")).await;
    let version = council.case(reference).await.version;
    let is = if right { act.is_dissatisfaction() } else { !act.is_dissatisfaction() };
    let action = if is {
        let procedure = words("procedure").filter(|word| word != "none").unwrap_or_else(|| "corporate".into());
        DeskAction::Reclassify {
            act: if act.is_dissatisfaction() { act } else { Act::Complaint },
            procedure: procedure.parse().unwrap(),
            theme: words("theme").unwrap_or_else(|| "delay".into()).parse().unwrap(),
        }
    } else {
        let act = if act.is_dissatisfaction() { Act::Routine } else { act };
        DeskAction::NotAComplaint { act, reason: "it is not".into() }
    };
    council.act(reference, version, action).await.unwrap();
}

/// What a person wrote to the council from outside, of the inbox that the decisions are made of.
fn written_by_families(count: usize) -> Vec<serde_json::Value> {
    let outside = |line: &serde_json::Value| {
        let from = line["from_addr"].as_str().unwrap_or_default();
        let human = !["no-reply", "noreply", "alerts"].iter().any(|word| from.contains(word));
        let act = line["gold"]["act"].as_str().unwrap();
        human && from.ends_with("@example.com") && !["automated", "staff-internal"].contains(&act)
    };
    let found: Vec<_> = lines("dunmere", 180).into_iter().filter(outside).take(count).collect();
    assert_eq!(found.len(), count, "the inbox has too few messages by families");
    found
}

async fn decisions(council: &Council, count: usize, right: bool) {
    for (number, line) in written_by_families(count).iter().enumerate() {
        decide(council, line, number + 100, right).await;
    }
}

mod stories {
    use super::*;

    pub async fn what_officers_decide_is_read_out_of_the_database(council: Council) {
        let concern = suggestion(Act::Concern, 0.62, 0.01, Procedure::Corporate, Theme::Delay);
        let write = async |who: &str, id: &str, words: &str| {
            let from = format!("{who} <{}@family.example>", who.to_lowercase());
            let raw = mail(&from, id, "The bus", "", words);
            council.arrives(COMPLAINTS, &raw, "2026-11-20T09:00:00Z", &concern).await;
        };
        let act = async |who: &str, action: DeskAction| {
            let reference = council.reference(who).await;
            let version = council.case(reference).await.version;
            council.act(reference, version, action).await.unwrap();
        };
        write("Amber", "a", "The bus left without my son again.\n\nOn 3 May, Jo wrote:\n> we are sorry").await;
        write("Bryn", "b", "When does term begin?").await;
        write("Cleo", "c", "Nobody rings me back about the plan.").await;
        write("Dara", "d", "Thank you for the lovely escort.").await;
        write("Ewan", "e", "Just a line.").await;
        // Decided, decided again, taken back, and decided after more had come.
        act("Amber", DeskAction::Confirm).await;
        act("Bryn", DeskAction::Confirm).await;
        act("Bryn", DeskAction::NotAComplaint { act: Act::Enquiry, reason: "asks".into() }).await;
        act("Cleo", DeskAction::Confirm).await;
        act("Cleo", DeskAction::Undo).await;
        let more = mail(
            "Dara <dara@family.example>",
            "d2",
            "Re: The bus",
            "In-Reply-To: <d@mail.example>\r\n",
            "And it is late!",
        );
        council.arrives(COMPLAINTS, &more, "2026-11-20T09:30:00Z", &concern).await;
        act("Dara", DeskAction::Confirm).await;

        let mut tx = council.engine.store.begin_read().await.unwrap();
        let found = read_examples(&mut tx, &council.engine.office).await.unwrap();
        drop(tx);
        let told: Vec<_> = found
            .corrections
            .iter()
            .map(|one| (one.row.message.text.as_str(), one.row.labels.act, one.row.labels.dissatisfied, one.suggested))
            .collect();
        assert_eq!(
            told,
            [
                ("The bus left without my son again.", Some(Act::Concern), Some(true), 0.62),
                ("When does term begin?", Some(Act::Enquiry), Some(false), 0.62),
            ],
            "what is quoted is not what the classifier saw"
        );
        let labels = &found.corrections[0].row.labels;
        assert_eq!((labels.procedure, labels.theme), (Some(Procedure::Corporate), Some(Theme::Delay)));
        assert_eq!((labels.safeguarding, found.corrections[1].row.labels.theme), (None, None));
        assert_eq!(found.left_out.get(&LeftOut::Together), Some(&1));
        assert_ne!(found.corrections[0].row.family, found.corrections[1].row.family);
        council.database.drop().await;
    }

    pub async fn good_decisions_are_learnt_and_every_program_takes_the_model_up(council: Council) {
        let Some(school) = School::open(Taught::Backwards) else { return };
        let store = council.engine.store.clone();
        let (here, live) = school.program(&council, &store, "here").await;
        let (there, other) = school.program(&council, &store, "there").await;
        let shipped = live.shipped();

        decisions(&council, 6, true).await;
        match here.learn(false).await {
            Err(LearnError::TooFew { found: 6, least: 12 }) => {}
            other => panic!("{other:?}"),
        }
        for (number, line) in written_by_families(24).iter().enumerate().skip(6) {
            decide(&council, line, number + 100, true).await;
        }
        // A trial keeps nothing.
        let trial = here.learn(true).await.unwrap();
        assert_eq!(trial.verdict, Verdict::WouldBeMadeLive, "{trial}");
        assert_eq!((live.model(), here.models().await.unwrap().0.len()), (shipped.clone(), 1));

        let outcome = here.learn(false).await.unwrap();
        assert_eq!(outcome.verdict, Verdict::MadeLive, "{outcome}");
        assert_eq!(
            (&outcome.model, &outcome.before),
            (&trial.model, &shipped),
            "the same decisions give the same model"
        );
        assert_eq!(outcome.corrections + outcome.held_out, 24);
        assert!(outcome.held_out > 0 && outcome.base_messages == lines("brindlecombe", 120).len());
        assert_eq!(live.model(), outcome.model, "the program that learnt uses it at once");
        assert_ne!(
            live.lines(),
            LocalClassifier::start(&school.settings.encoder_files(), &school.settings.heads, 1).unwrap().lines()
        );

        // The other program finds it in the database, and its suggestions bear the name.
        assert_eq!(other.model(), shipped);
        assert_eq!(there.take_up_live().await.unwrap(), Some(outcome.model.clone()));
        assert_eq!(there.take_up_live().await.unwrap(), None);
        let engine = Engine { classifier: Some(other.clone() as Arc<dyn Classifier>), ..council.engine.clone() };
        assert_eq!(engine.lines(), live.lines().unwrap());
        let raw = mail("Nell <nell@family.example>", "n", "Plan", "", "The plan is late and nobody answers me.");
        let message = Ingesting::mail(&engine, COMPLAINTS, raw.into_bytes(), council::now());
        let suggested = engine
            .classifier
            .as_ref()
            .unwrap()
            .label(message.prepared().unwrap().texts().cloned().collect())
            .await
            .unwrap();
        ingest_one(&engine, &message, &suggested, &mut IngestCounts::default()).await.unwrap();
        let by_model =
            council.database.number("SELECT count(*) FROM suggestion s JOIN model m ON m.name = s.model").await;
        assert_eq!(by_model, 1);

        // Nothing of a message went anywhere: names and figures in the table, weights in one file.
        let words = written_by_families(1)[0]["text"]
            .as_str()
            .unwrap()
            .split_whitespace()
            .take(6)
            .collect::<Vec<_>>()
            .join(" ");
        let kept = serde_json::to_string(&here.models().await.unwrap()).unwrap();
        let file = fs::read_dir(&school.shelf.learnt).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>();
        assert_eq!(file.len(), 1);
        assert!(!kept.contains(&words) && !String::from_utf8_lossy(&fs::read(&file[0]).unwrap()).contains(&words));

        // Learning the same again changes nothing.
        assert_eq!(here.learn(false).await.unwrap().verdict, Verdict::Same);

        // Back, with who and why, and the other program follows.
        let back = here.roll_back(None, "Sam Morgan", "it takes thanks for complaints").await.unwrap();
        assert_eq!((&back.from, &back.to), (&outcome.model, &shipped));
        assert_eq!(live.model(), shipped);
        assert_eq!(there.take_up_live().await.unwrap(), Some(shipped.clone()));
        let listed = here.models().await.unwrap();
        assert!(listed.0[0].in_use && !listed.0[1].in_use);
        let (_, by, why) = listed.0[1].rolled_back.clone().unwrap();
        assert_eq!((by.as_str(), why.as_str()), ("Sam Morgan", "it takes thanks for complaints"));
        assert!(listed.to_string().contains("rolled back 2026-11-20"), "{listed}");
        assert!(matches!(here.roll_back(None, "x", "y").await, Err(LearnError::NothingToRollBack)));
        assert!(matches!(here.roll_back(Some("none"), "x", "y").await, Err(LearnError::NoSuchModel(_))));
        // What was taken out of use does not come back by itself, only by name.
        let again = here.learn(false).await.unwrap();
        assert_eq!(again.verdict, Verdict::Refused, "{again}");
        assert!(again.reasons[0].contains("Sam Morgan took out of use"), "{:?}", again.reasons);
        here.roll_back(Some(&outcome.model), "Sam Morgan", "it was right").await.unwrap();
        assert_eq!(live.model(), outcome.model);

        // A program without the file stays with what it has, and says what to bring.
        let elsewhere = Shelf { learnt: school.folder.path().join("elsewhere"), ..school.shelf.clone() };
        let error = Learning { shelf: elsewhere, ..there.clone() }.take_up_live().await.unwrap_err().to_string();
        assert!(error.contains(&outcome.model) && error.contains("[labelling] learnt"), "{error}");
        assert_eq!(other.model(), shipped);
        council.database.drop().await;
    }

    pub async fn poisoned_decisions_are_refused_in_words(council: Council) {
        let Some(school) = School::open(Taught::Right) else { return };
        let (here, live) = school.program(&council, &council.engine.store, "here").await;
        decisions(&council, 24, false).await;
        let outcome = here.learn(false).await.unwrap();
        assert_eq!(outcome.verdict, Verdict::Refused, "{outcome}");
        let said = outcome.reasons.join("\n");
        assert!(said.contains("on the regression set"), "{said}");
        assert!(outcome.to_string().contains("refused"), "{outcome}");
        assert_eq!((live.model(), outcome.before.clone()), (live.shipped(), live.shipped()));
        assert!(!school.shelf.learnt.exists(), "the weights of a refused model are not kept");
        let listed = here.models().await.unwrap();
        assert_eq!((listed.0[1].state.as_str(), listed.0[0].in_use), ("refused", true));
        assert_eq!(listed.0[1].reason.as_deref(), Some(outcome.reasons.join("; ").as_str()));
        council.database.drop().await;
    }

    pub async fn one_program_learns_a_night_and_only_when_enough_is_new(council: Council) {
        let Some(school) = School::open(Taught::Right) else { return };
        let store = council.engine.store.clone();
        let (here, _) = school.program(&council, &store, "here").await;
        let (there, _) = school.program(&council, &store, "there").await;
        let night = |day: &str| day.parse().unwrap();
        decisions(&council, 5, true).await;
        assert!(here.learn_tonight(night("2026-11-20")).await.unwrap().is_none(), "too few are new");
        for (number, line) in written_by_families(14).iter().enumerate().skip(5) {
            decide(&council, line, number + 100, true).await;
        }
        assert!(there.learn_tonight(night("2026-11-20")).await.unwrap().is_none(), "the night was another program's");
        // Both at once: one of them learns.
        let (first, second) =
            tokio::join!(here.learn_tonight(night("2026-11-21")), there.learn_tonight(night("2026-11-21")));
        let learnt: Vec<_> = [first.unwrap(), second.unwrap()].into_iter().flatten().collect();
        assert_eq!(learnt.len(), 1);
        let mut tx = store.begin_read().await.unwrap();
        assert_eq!(models::models(&mut tx).await.unwrap().len(), 1);
        drop(tx);
        // All decisions are older than that.
        assert!(here.learn_tonight(night("2026-11-22")).await.unwrap().is_none());
        // The turn was given back each time, and while another program has it nobody learns.
        let mut tx = store.begin().await.unwrap();
        let until = council::now() + chrono::TimeDelta::hours(1);
        assert!(models::take_turn(&mut tx, "learning", "somebody", until, None, council::now()).await.unwrap());
        tx.commit().await.unwrap();
        assert!(matches!(here.learn(false).await, Err(LearnError::Busy)));
        council.database.drop().await;
    }
}

#[tokio::test]
async fn what_is_missing_is_named_with_its_remedy() {
    let Some(school) = School::open(Taught::Right) else { return };
    let council = Council::open(Database::sqlite().await).await;
    let (here, _) = school.program(&council, &council.engine.store, "here").await;
    decisions(&council, 14, true).await;
    let without = |change: fn(&mut Labelling)| {
        let mut settings = school.settings.clone();
        change(&mut settings);
        Learning { settings, ..here.clone() }
    };
    let base = without(|s| s.base = "no/such/folder".into()).learn(false).await.unwrap_err().to_string();
    assert!(base.contains("no/such/folder") && base.contains("[labelling] base"), "{base}");
    let regression = without(|s| s.regression = "no/such/set".into()).learn(true).await.unwrap_err().to_string();
    assert!(regression.contains("[labelling] regression"), "{regression}");
    let encoder = without(|s| s.encoder = "no/encoder".into()).learn(true).await.unwrap_err().to_string();
    assert!(encoder.contains("no/encoder"), "{encoder}");
    // None of them keeps the turn.
    let page = council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await;
    assert_eq!(page.total, 14);
    assert_eq!(council.database.number("SELECT count(*) FROM turn WHERE locked_by IS NOT NULL").await, 0);
}
