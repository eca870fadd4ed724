//! Letters in the language that somebody reads, with the English below: from the page that they wrote on, from what they wrote, from
//! what an officer wrote down, from their chat. On SQLite and (where `HEARD_TEST_POSTGRES` names a server) on Postgres.

use axum::http::StatusCode;
use chrono::TimeDelta;
use heard::{
    casework::{Given, check_ins},
    desk::tell_us::FormDesk,
    ids::CaseReference,
    intake::prepare::ChatMessage,
    labelling::labels::{Act, Procedure, Theme},
    languages::Language,
    procedure::event::{Format, Step},
    replies::courier::Outgoing,
    web::{
        desk::{About, Desk as _, DeskAction, StepLetter},
        families::TellUs as _,
    },
    workers::{IngestCounts, Ingesting, ask_how_we_did, ingest_one, send_due},
};

use crate::{
    council::{Council, at, mail, now, on_both, said, suggestion, upheld},
    databases::Database,
    visitor::Visitor,
};

on_both! {
    whoever_writes_on_a_polish_page_is_written_to_in_polish polish_page_on_postgres;
    whoever_writes_in_welsh_is_answered_in_it_where_it_is_offered welsh_mail_on_postgres;
    what_an_officer_wrote_down_of_a_language_counts noted_on_postgres;
    the_language_of_a_chat_goes_with_its_person chat_language_on_postgres;
}

const DRAFT: &str = "Tego tłumaczenia nikt jeszcze nie sprawdził.";

async fn act(council: &Council, case: CaseReference, action: DeskAction, when: &str) {
    let version = council.desk.peek(case, &council.bell, at(when)).await.unwrap().version;
    council.desk.act(case, &council.bell, version, action, at(when)).await.unwrap();
}

async fn letter(council: &Council, kind: &str) -> Outgoing {
    council.letters(kind).await.into_iter().next().unwrap_or_else(|| panic!("no {kind}"))
}

async fn answered(council: &Council, case: CaseReference, given: Given) {
    let points = upheld("No taxi.", "The firm did not come.", "Its log.");
    act(council, case, points, "2026-11-23T11:00:00Z").await;
    act(council, case, DeskAction::Answer { given }, "2026-11-23T11:00:00Z").await;
    act(council, case, DeskAction::Close { reason: "Done.".into() }, "2026-11-23T12:00:00Z").await;
}

async fn writes(council: &Council, from: &str, id: &str, words: &str) -> CaseReference {
    let raw = mail(from, id, "Skarga", "", words);
    let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Statutory, Theme::Transport);
    assert_eq!(council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said).await.cases_opened, 1, "{id}");
    council.newest().await
}

/// What the case's page says of how they are reached.
async fn reads(council: &Council, case: CaseReference) -> Option<String> {
    let contacts = council.case(case).await.contacts;
    contacts.into_iter().find(|(what, _)| what == "Reads").map(|(_, said)| said)
}

mod stories {
    use super::*;

    pub async fn whoever_writes_on_a_polish_page_is_written_to_in_polish(council: Council) {
        let council = council.offering(&[Language::English, Language::Polish]);
        let mut ola = Visitor::new(&heard::web::router(council.web(now())));
        ola.cookies.insert("heard-reading".into(), "pl.usual".into());
        let made = FormDesk::new(council.engine.clone()).stamp(now() - TimeDelta::minutes(1));
        let fields = [
            ("kind", "wrong"),
            ("words", "The taxi for Kuba did not come for three days."),
            ("whom", "child"),
            ("name", "Ola Nowak"),
            ("email", "ola@mail.example"),
            ("answer", "email"),
            ("made", &made),
        ];
        let page = ola.sends("/tell-us", &fields, &[]).await;
        assert_eq!(page.status, StatusCode::OK, "{}", page.body);
        let case = council.newest().await;
        let receipt = letter(&council, "acknowledgement").await;
        assert_eq!(receipt.subject, format!("Otrzymaliśmy Twoją skargę – {case}"));
        for words in [
            "Dzień dobry, Ola Nowak.",
            "Twoja skarga dotarła do nas przez formularz na naszej stronie internetowej.",
            "Odpowiemy Ci najpóźniej: piątek, 4 grudnia 2026.",
            "dni roboczych",
            "Na ten e-mail możesz odpowiedzieć w każdej chwili.",
            "/reading?language=pl&to=/track/link-of-",
            DRAFT,
            "TO SAMO PO ANGIELSKU\n\nDear Ola Nowak,",
            "We received your complaint by the form on our website on",
            "We will answer you by Friday 4 December 2026.",
        ] {
            assert!(receipt.text.contains(words), "no {words} in {}", receipt.text);
        }
        let html = receipt.html.unwrap();
        assert!(html.contains("<div lang=\"pl\"") && html.contains("Dear Ola Nowak,"), "{html}");
        assert_eq!(reads(&council, case).await.as_deref(), Some("Polish, with the English below it"));

        // The link of the Polish half opens the page in Polish for whoever never chose a language there.
        while send_due(&council.engine).await.unwrap() > 0 {}
        let sent = std::fs::read_dir(council.folder.path().join("out")).unwrap().next().unwrap().unwrap().path();
        let raw = std::fs::read(sent).unwrap();
        let text = mail_parser::MessageParser::default().parse(&raw).unwrap().body_text(0).unwrap().into_owned();
        let pattern = regex::Regex::new("/reading\\?language=pl&to=/track/[a-z2-7]{32}\\b").unwrap();
        let mut other = Visitor::new(&heard::web::router(council.web(now())));
        let page = other.get(pattern.find(&text).unwrap().as_str()).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER);
        assert!(page.place.starts_with("/track/") && text.contains(&page.place), "{}", page.place);
        let page = other.get(&page.place).await;
        assert!(page.body.contains("lang=\"pl\""), "{}", page.body);

        // A letter of an officer's says in Polish what it is and what day counts; its own words stay.
        let decided =
            DeskAction::Reclassify { act: Act::Complaint, procedure: Procedure::Statutory, theme: Theme::Transport };
        act(&council, case, decided, "2026-11-23T10:00:00Z").await;
        let noon = at("2026-11-23T12:00:00Z");
        let about = (About::Extension("The firm is slow."), Some("Nothing."));
        let looked_at = council.desk.step_letter(case, &council.bell, about, noon).await.unwrap();
        let StepLetter::Goes { letter: longer, own, fault } = looked_at else { panic!("{looked_at:?}") };
        assert!(longer.text.starts_with("Ten list dotyczy sprawy") && longer.text.ends_with(&own), "{}", longer.text);
        assert!(own.starts_with("Dear Ola Nowak,") && fault.is_some(), "what an officer changes is the English");
        answered(&council, case, Given::Letter).await;
        let answer = letter(&council, "answer").await;
        let lead = format!("Ten list dotyczy sprawy {case}. Jest po angielsku.");
        assert!(answer.text.starts_with(&lead), "{}", answer.text);
        assert!(
            answer.text.contains("To nasza odpowiedź na etapie 1.") && answer.text.contains("The firm did not come.")
        );
        assert!(answer.html.unwrap().contains("<div lang=\"pl\""));

        // After the end.
        assert_eq!(ask_how_we_did(&council.engine, at("2026-12-08T09:00:00Z")).await.unwrap(), 1);
        let asks = letter(&council, "survey").await;
        assert_eq!(asks.subject, format!("Jak nam poszło? – {case}"));
        assert!(asks.text.contains("/reading?language=pl&to=/survey/survey-of-"), "{}", asks.text);
        assert!(asks.text.contains("Odpowiedź na ten e-mail trafi do osób") && asks.text.contains("How did we do?"));
    }

    pub async fn whoever_writes_in_welsh_is_answered_in_it_where_it_is_offered(council: Council) {
        let words = "Bore da, nid yw'r tacsi wedi dod ers tridiau ac mae fy merch yn colli'r ysgol bob dydd.\r\n\
                     Does neb yn ateb y ffôn. Rwy'n flin iawn am hyn ac rwyf am gael ateb.";
        let welsh = "Rhian Prys <rhian@mail.example>";
        // Not offered: in English alone.
        let case = writes(&council, welsh, "rhian-1", words).await;
        let receipt = letter(&council, "acknowledgement").await;
        assert_eq!(receipt.subject, format!("We have received your complaint – {case}"));
        assert!(!receipt.text.contains("Saesneg"));
        assert_eq!(reads(&council, case).await, None);
        let council = council.offering(&[Language::English, Language::Welsh]);
        let case = writes(&council, "Gwen Rees <gwen@mail.example>", "gwen-1", words).await;
        let receipt = letter(&council, "acknowledgement").await;
        assert_eq!(receipt.subject, format!("Rydym wedi cael eich cwyn – {case}"));
        assert!(receipt.text.contains("YR UN PETH YN SAESNEG") && receipt.text.contains("Dear Gwen Rees,"));
        assert_eq!(reads(&council, case).await.as_deref(), Some("Welsh, with the English below it"));
        // Whoever writes in English is answered in English, whatever is offered.
        let english = "The taxi has not come for three days, and my son misses his school every morning.";
        writes(&council, "Noor Haddad <noor@mail.example>", "noor-1", english).await;
        let receipt = letter(&council, "acknowledgement").await;
        assert!(receipt.text.starts_with("Dear Noor Haddad,"), "{}", receipt.text);
    }

    pub async fn what_an_officer_wrote_down_of_a_language_counts(council: Council) {
        let council = council.offering(&[Language::English, Language::EasyRead, Language::Welsh]);
        let words = "The taxi has not come for three days, and my son misses his school every morning.";
        let case = writes(&council, "Noor Haddad <noor@mail.example>", "noor-1", words).await;
        act(&council, case, DeskAction::Confirm, "2026-11-23T10:00:00Z").await;
        let needs = |format, language: &str| DeskAction::Step {
            step: Box::new(Step::Needs { format, language: language.into(), other: String::new() }),
            given: Given::Nobody,
        };
        act(&council, case, needs(Format::Normal, "Welsh, please"), "2026-11-23T10:00:00Z").await;
        assert_eq!(reads(&council, case).await.as_deref(), Some("Welsh, with the English below it"));
        answered(&council, case, Given::Letter).await;
        let answer = letter(&council, "answer").await;
        assert!(answer.text.starts_with(&format!("Mae’r llythyr hwn am {case}.")), "{}", answer.text);
        // What is asked 30 days after.
        let later = at("2026-12-24T09:00:00Z");
        assert_eq!(check_ins(&council.engine.office, &council.database.store, later).await.unwrap(), 1);
        let asks = letter(&council, "check-in").await;
        assert!(asks.text.contains("YR UN PETH YN SAESNEG\n\nDear Noor Haddad,"), "{}", asks.text);
        // Easy words go with the print for them.
        let case =
            writes(&council, "Tess Moor <tess@mail.example>", "tess-1", "Nobody rings me back about my plan.").await;
        act(&council, case, DeskAction::Confirm, "2026-11-23T10:00:00Z").await;
        act(&council, case, needs(Format::EasyRead, ""), "2026-11-23T10:00:00Z").await;
        assert_eq!(reads(&council, case).await.as_deref(), Some("Easy words, with the English below it"));
        // A language that is not offered changes no letter.
        act(&council, case, needs(Format::Normal, "Polish"), "2026-11-23T10:00:00Z").await;
        assert_eq!(reads(&council, case).await, None);
    }

    pub async fn the_language_of_a_chat_goes_with_its_person(council: Council) {
        let council = council.offering(&[Language::English, Language::Polish]);
        let message = ChatMessage {
            id: "tg:71:1".into(),
            address: "telegram:71".into(),
            from_name: Some("Ola".into()),
            date: at("2026-11-20T09:00:00Z"),
            text: "Nobody rings me back about the taxi.".into(),
            attachments: Vec::new(),
            no_answer: Vec::new(),
            silent: false,
            changes: None,
        };
        let message = Ingesting::chat(&council.engine, message);
        let said = [said(Theme::Transport)];
        ingest_one(&council.engine, &message, &said, &mut IngestCounts::default()).await.unwrap();
        let case = council.newest().await;
        council
            .database
            .run("INSERT INTO chat_state (chat, language, asked, updated_at) SELECT 'telegram:71', 'pl', '', min(opened_at) FROM case_file")
            .await;
        act(&council, case, DeskAction::Confirm, "2026-11-23T10:00:00Z").await;
        assert_eq!(reads(&council, case).await.as_deref(), Some("Polish, with the English below it"));
        answered(&council, case, Given::Otherwise("By post.".into())).await;
        assert_eq!(ask_how_we_did(&council.engine, at("2026-12-08T09:00:00Z")).await.unwrap(), 1);
        // A chat has no room for both.
        let asks = letter(&council, "survey").await;
        assert!(
            asks.text.contains("Mamy pięć krótkich pytań") && !asks.text.contains("How did we do"),
            "{}",
            asks.text
        );
        assert!(asks.text.contains("To, co napiszesz na tym czacie, trafi") && asks.text.chars().count() < 1_300);
        let later = at("2026-12-24T09:00:00Z");
        assert_eq!(check_ins(&council.engine.office, &council.database.store, later).await.unwrap(), 1);
        let asks = letter(&council, "check-in").await;
        assert!(asks.text.contains("Jeśli nie chcesz, żebyśmy pytali jeszcze raz"), "{}", asks.text);
        assert!(!asks.text.contains("We ask everybody"));
    }
}
