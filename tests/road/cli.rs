//! The commands as other programs call them: shapes of the output, exit statuses, and a second run that changes nothing.

use std::{path::Path, process::Output};

use crate::town::{HERE, heard, model, run_with};
use serde_json::Value;

const SAMPLE: &str = "tests/data/sample-inbox";

fn run(arguments: &[&str]) -> Output {
    heard().args(arguments).output().unwrap()
}

fn out(output: &Output) -> String {
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn keys(value: &Value) -> Vec<&str> {
    let mut keys: Vec<&str> = value.as_object().unwrap().keys().map(String::as_str).collect();
    keys.sort_unstable();
    keys
}

#[test]
fn parse_prints_one_document_of_the_fixed_shape() {
    let plain = out(&run(&["parse", &format!("{SAMPLE}/manager-fostering/2026-11-06-2059.eml"), "--json"]));
    let plain: Value = serde_json::from_str(&plain).unwrap();
    let shape = [
        "attachments",
        "authentication",
        "author",
        "automated",
        "date",
        "forwarded",
        "quoted_text",
        "references",
        "subject",
        "visible_text",
    ];
    assert_eq!(keys(&plain), shape);
    assert_eq!(plain["author"]["address"], "tracey.dunmore@quickmail.example");
    assert_eq!((&plain["forwarded"], &plain["automated"]), (&Value::Null, &Value::Null));
    assert!(plain["visible_text"].as_str().unwrap().contains("I bought them pyjamas that wont fit soon"));

    let forward = out(&run(&["parse", &format!("{SAMPLE}/forward-log-a-complaint/2026-11-06-0820.eml")]));
    let forward: Value = serde_json::from_str(&forward).unwrap();
    assert_eq!(keys(&forward), shape);
    assert_eq!(keys(&forward["forwarded"]), ["date", "from", "subject", "text", "to"]);
    assert_eq!(forward["author"]["address"], "ruth.pellow@calderbeck.example");
}

#[test]
fn due_answers_one_question_and_a_file_of_them() {
    let one = ["due", "--procedure", "statutory", "--clock", "stage1_response_due", "--from", "2026-11-23T09:15"];
    let said = out(&run(&one));
    assert!(said.starts_with("Monday 7 December 2026\n"), "{said}");
    let json = out(&run(&[&one[..], &["--json"]].concat()));
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(keys(&json), ["clock", "day0", "due", "procedure", "rule"]);
    assert_eq!(json["due"], "2026-12-07");

    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("clocks.csv");
    std::fs::write(
        &file,
        "procedure,event,start_datetime_local,param\n\
         statutory,stage1_response_due,2026-11-23T09:15+00:00,n=10\n\
         statutory,no_such_clock,2026-11-23T09:15+00:00,\n",
    )
    .unwrap();
    let output = run(&["due", "--batch", file.to_str().unwrap()]);
    assert_eq!(output.status.code(), Some(1));
    let rows = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<&str> = rows.lines().collect();
    assert_eq!(rows[0], "procedure,event,start_datetime_local,param,computed_date");
    assert_eq!(rows[1], "statutory,stage1_response_due,2026-11-23T09:15+00:00,n=10,2026-12-07");
    assert_eq!(rows.len(), 3);
    assert!(String::from_utf8(output.stderr).unwrap().contains("no_such_clock"));
}

#[test]
fn wrong_usage_ends_with_2_and_a_fault_with_1() {
    for wrong in [&["due"][..], &["no-such-command"], &["cases"], &["ingest"], &["doctor", "--colour"], &[]] {
        let output = run(wrong);
        assert_eq!(output.status.code(), Some(2), "{wrong:?}");
        assert!(output.stdout.is_empty() && !output.stderr.is_empty(), "{wrong:?}");
    }
    for (failing, remedy) in [
        (&["parse", "no-such.eml"][..], "Name a file that holds one message"),
        (&["due", "--procedure", "statutory", "--clock", "tea", "--from", "2026-11-23"], "use one of"),
        (&["serve", "--config", "no-such.toml"], "Copy config/heard.example.toml"),
        (&["ingest", "no-such-folder", "--database", "sqlite:///proc/heard/heard.db"], "check the folder"),
    ] {
        let output = run(failing);
        assert_eq!(output.status.code(), Some(1), "{failing:?}");
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains(remedy), "{failing:?}: {said}");
    }
}

#[test]
fn classify_answers_each_line_in_order_and_names_a_bad_one() {
    if model().is_none() {
        return;
    }
    let mut command = heard();
    command.arg("classify");
    let lines = "{\"id\":\"a\",\"text\":\"I want to complain. Nobody has rung me back for six weeks and I am furious.\"}\n\
                 {\"id\":\"b\",\"subject\":\"Lunch\",\"text\":\"Shall we have lunch on Friday?\"}\n";
    let output = run_with(command, lines);
    let answers: Vec<Value> = out(&output).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(answers.iter().map(|answer| &answer["id"]).collect::<Vec<_>>(), ["a", "b"]);
    for answer in &answers {
        assert_eq!(keys(answer), ["act", "because", "dissatisfied", "id", "procedure", "safeguarding", "theme"]);
        for probability in ["dissatisfied", "safeguarding"] {
            assert!((0.0..=1.0).contains(&answer[probability].as_f64().unwrap()), "{answer}");
        }
    }
    assert!(answers[0]["dissatisfied"].as_f64() > answers[1]["dissatisfied"].as_f64(), "{answers:?}");

    let mut command = heard();
    command.arg("classify");
    let output = run_with(command, "{\"id\":\"a\",\"text\":\"Hello\"}\nno json\n");
    assert_eq!(output.status.code(), Some(1));
    assert_eq!(String::from_utf8(output.stdout).unwrap().lines().count(), 1);
    assert!(String::from_utf8(output.stderr).unwrap().contains("line 2"));
}

fn export(database: &str) -> String {
    out(&run(&["cases", "export", "--json", "--database", database]))
}

/// Reads `folder` in; the counts.
fn ingest(folder: &Path, database: &str) -> Value {
    let folder = folder.to_str().unwrap();
    let arguments = ["ingest", folder, "--staff-domain", "calderbeck.example", "--database", database, "--json"];
    serde_json::from_str(&out(&run(&arguments))).unwrap()
}

#[test]
fn ingesting_the_sample_inbox_twice_is_the_same_as_once_and_the_export_has_the_fixed_keys() {
    if model().is_none() {
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let database = format!("sqlite://{}", dir.path().join("heard.db").display());
    let inbox = Path::new(HERE).join(SAMPLE);
    let first = ingest(&inbox, &database);
    assert_eq!(first["messages"], 94, "{first}");
    let sum: u64 = ["cases_opened", "joined", "delivered_before", "filed", "forgotten", "quarantined"]
        .iter()
        .map(|what| first[what].as_u64().unwrap())
        .sum();
    assert_eq!(sum, 94, "{first}");
    for seconds in ["read_s", "label_s", "settle_s"] {
        assert!(first[seconds].is_number(), "{first}");
    }
    let once = export(&database);
    let cases: Vec<Value> = once.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(cases.len() as u64, first["cases_opened"].as_u64().unwrap());
    for case in &cases {
        let expected = [
            "act",
            "complainant",
            "due",
            "joint",
            "joint_suggested",
            "messages",
            "procedure",
            "received_at",
            "reference",
            "safeguarding",
            "stage",
            "status",
            "theme",
        ];
        assert_eq!(keys(case), expected);
        assert_eq!(keys(&case["due"]), ["answer_by", "decide_by", "rule"]);
        if !case["complainant"].is_null() {
            assert_eq!(keys(&case["complainant"]), ["addr", "name"]);
        }
        let messages = case["messages"].as_array().unwrap();
        assert_eq!(messages.iter().filter(|message| message["relation"] == "new").count(), 1, "{case}");
        assert!(messages.iter().all(|message| keys(message) == ["message_id", "relation", "source"]));
    }
    let second = ingest(&inbox, &database);
    assert_eq!(second["messages"], 94, "{second}");
    for what in ["cases_opened", "joined", "filed"] {
        assert_eq!(second[what], 0, "{what}: {second}");
    }
    assert_eq!(export(&database), once);
    println!("first {first}\nsecond {second}");
}
