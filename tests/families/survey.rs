//! The questions after the end: who is asked, once; a link that is answered once and tells nobody anything; counts that are nobody's; and
//! the free line that becomes a case to confirm, kept from whoever is kept out of the first. On SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres; once in a real browser.

use std::{collections::BTreeMap, sync::Arc};

use axum::http::StatusCode;
use chrono::NaiveDate;
use futures::future::BoxFuture;
use heard::{
    casework::{Given, Office},
    ids::CaseReference,
    intake::{own_form, prepare::ChatMessage},
    labelling::{
        classifier::{Classifier, LabellingError, Unlabelled},
        labels::{Act, Suggestion, Theme},
    },
    procedure::event::{Group, Member, Standing, Step},
    store::survey,
    web::{
        access::Role,
        desk::{Desk as _, DeskAction, DeskError},
        views::{CaseStatus, Officer, QueueFilter, QueueQuery},
    },
    workers::{Engine, IngestCounts, Ingesting, ask_how_we_did, ingest_one, send_due},
};
use sha2::Digest;

use crate::{
    chromium::browse,
    council::{Council, about, at, mail, on_both, said, upheld},
    databases::Database,
    visitor::{Page, Visitor},
};

on_both! {
    a_family_is_asked_once_and_only_when_it_is_time asked_once_on_postgres;
    whoever_must_not_be_asked_is_not not_asked_on_postgres;
    everybody_who_complains_is_asked_for_themselves together_on_postgres;
    a_link_is_answered_once_and_its_answers_are_nobodys answered_once_on_postgres;
    whatever_opens_nothing_is_answered_the_same the_same_on_postgres;
    the_free_line_is_a_case_to_confirm_and_nobody_is_written_to free_line_on_postgres;
    whoever_is_kept_out_of_the_first_is_kept_out_of_what_is_written kept_out_on_postgres;
    in_a_chat_it_goes_and_comes_by_the_chat chat_on_postgres;
    figures_are_told_from_five_on_and_when_the_month_is_over figures_on_postgres;
    the_page_is_whole_on_a_telephone_and_without_scripts browser_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";
/// Closed on Friday 20 November; ten working days later is Friday 4 December.
const CLOSED: &str = "2026-11-20T12:00:00Z";
const EVE: &str = "2026-12-03T12:00:00Z";
const DAY: &str = "2026-12-04T09:00:00Z";
const ALL: [(&str, &str); 5] = [("easy", "1"), ("known", "2"), ("heard", "5"), ("dealt", "none"), ("again", "3")];

async fn act(council: &Council, case: CaseReference, action: DeskAction, when: &str) {
    let version = council.desk.peek(case, &council.morgan, at(when)).await.unwrap().version;
    let what = format!("{action:?}");
    council
        .desk
        .act(case, &council.morgan, version, action, at(when))
        .await
        .unwrap_or_else(|why| panic!("{what}: {why}"));
}

async fn complains(council: &Council, from: &str, words: &str) -> CaseReference {
    let id = from.split(' ').next().unwrap();
    let raw = mail(from, id, "A complaint", "", words);
    council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said(Theme::Transport)).await;
    let case = council.newest().await;
    act(council, case, DeskAction::Confirm, "2026-11-16T10:00:00Z").await;
    case
}

async fn answered(council: &Council, case: CaseReference, given: Given) {
    let points = upheld("No taxi.", "The firm did not come.", "Its log.");
    act(council, case, points, "2026-11-20T11:00:00Z").await;
    act(council, case, DeskAction::Answer { given }, "2026-11-20T11:00:00Z").await;
}

async fn closed(council: &Council, case: CaseReference, when: &str) {
    act(council, case, DeskAction::Close { reason: "Done.".into() }, when).await;
}

/// A case of theirs that was answered and closed.
async fn over(council: &Council, from: &str) -> CaseReference {
    let words = format!("The taxi to Hollow Bank has not come for three days, and {from} waits.");
    let case = complains(council, from, &words).await;
    answered(council, case, Given::Letter).await;
    closed(council, case, CLOSED).await;
    case
}

async fn asked(council: &Council, when: &str) -> usize {
    ask_how_we_did(&council.engine, at(when)).await.unwrap()
}

async fn who_was_asked(council: &Council) -> Vec<String> {
    council.database.texts("SELECT recipient FROM outbox WHERE kind = 'survey' ORDER BY recipient").await
}

/// Sends what waits. Of the letters that go, the paths of the links to the questions, by address.
async fn links(council: &Council) -> BTreeMap<String, String> {
    while send_due(&council.engine).await.unwrap() > 0 {}
    council.database.run("UPDATE outbox SET run_at = (SELECT min(run_at) FROM outbox) WHERE state = 'waiting'").await;
    while send_due(&council.engine).await.unwrap() > 0 {}
    let pattern = regex::Regex::new("/survey/[a-z2-7]{32}\\b").unwrap();
    let mut links = BTreeMap::new();
    for entry in std::fs::read_dir(council.folder.path().join("out")).unwrap() {
        let raw = std::fs::read(entry.unwrap().path()).unwrap();
        let Some(message) = mail_parser::MessageParser::default().parse(&raw) else { continue };
        let Some(to) = message.to().and_then(|to| to.first()).and_then(|to| to.address()) else { continue };
        let text = message.body_text(0).unwrap();
        if let Some(found) = pattern.find(&text) {
            let code = found.as_str().rsplit('/').next().unwrap();
            assert!(message.body_html(0).unwrap().contains(code), "{text}");
            links.insert(to.to_owned(), found.as_str().to_owned());
        }
    }
    links
}

/// The link that Noor got on the day.
async fn noors_link(council: &Council) -> String {
    assert_eq!(asked(council, DAY).await, 1);
    links(council).await.remove("noor@mail.example").unwrap()
}

fn visitor(council: &Council, when: &str) -> Visitor {
    Visitor::new(&heard::web::router(council.web(at(when))))
}

fn no_link() -> String {
    format!("/survey/{}", "a2".repeat(16))
}

async fn tallies(council: &Council) -> Vec<String> {
    council.database.texts("SELECT what || ' ' || answer || ' ' || n FROM survey_tally ORDER BY what, answer").await
}

/// Signed in as somebody.
async fn signed_in(council: &Council, officer: &Officer, when: &str) -> Visitor {
    let cookie = heard::ids::Uuid::now_v7().to_string();
    let token: [u8; 32] = sha2::Sha256::digest(cookie.as_bytes()).into();
    council.desk.open_session(token, officer.id, at(when)).await.unwrap();
    let mut visitor = visitor(council, when);
    visitor.cookies.insert("heard".into(), cookie);
    visitor
}

/// Says the same of everything.
struct Says(Suggestion);

impl Classifier for Says {
    fn label(&self, messages: Vec<Unlabelled>) -> BoxFuture<'_, Result<Vec<Suggestion>, LabellingError>> {
        let all = messages.iter().map(|_| self.0.clone()).collect();
        Box::pin(async move { Ok(all) })
    }

    fn model(&self) -> String {
        "test-model".into()
    }
}

/// The same council with this classifier.
fn with_classifier(council: Council, suggestion: Suggestion) -> Council {
    let engine = Engine { classifier: Some(Arc::new(Says(suggestion))), ..council.engine.clone() };
    Council { engine, ..council }
}

/// The ways to another language come back to the address that was asked for: it aside, both are the same.
fn same(one: &Page, other: &Page) {
    let code = regex::Regex::new("[a-z2-7]{32}").unwrap();
    let bare = |page: &Page| (page.status, page.place.clone(), code.replace_all(&page.body, "CODE").into_owned());
    assert_eq!(bare(one), bare(other));
}

mod stories {
    use super::*;

    pub async fn a_family_is_asked_once_and_only_when_it_is_time(council: Council) {
        let noor = over(&council, NOOR).await;
        let mut settings = council.settings.clone();
        settings.families.survey_working_days = 0;
        let never = Engine { office: Arc::new(Office::open(&settings).unwrap()), ..council.engine.clone() };
        assert_eq!(ask_how_we_did(&never, at(DAY)).await.unwrap(), 0, "switched off");
        assert_eq!(asked(&council, EVE).await, 0, "a day too early");
        assert_eq!(council.database.number("SELECT count(*) FROM survey_decided").await, 0);
        // Two programs at the same moment, and again after a restart.
        let (one, other) = tokio::join!(asked(&council, DAY), asked(&council, DAY));
        assert_eq!((one + other, asked(&council, DAY).await), (1, 0));
        assert_eq!(who_was_asked(&council).await, ["noor@mail.example"]);
        // The letter in the database holds a place; the one that goes holds the link. On paper it leads to no answer.
        let stored =
            council.database.texts("SELECT CAST(message AS TEXT) FROM outbox WHERE kind = 'survey'").await.remove(0);
        assert!(stored.contains("survey-of-") && stored.contains("until Monday 1 February 2027"), "{stored}");
        let link = links(&council).await.remove("noor@mail.example").unwrap();
        let code = link.strip_prefix("/survey/").unwrap();
        let kept = council.database.texts("SELECT code_hash FROM survey_invitation").await;
        assert_eq!(kept, [data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(code.as_bytes()))]);
        assert!(!council.database.texts("SELECT CAST(message AS TEXT) FROM outbox").await.concat().contains(code));
        // Opened and closed again, it is asked about no more.
        act(&council, noor, DeskAction::Reopen { reason: "More came.".into() }, "2026-12-07T09:00:00Z").await;
        closed(&council, noor, "2026-12-08T09:00:00Z").await;
        assert_eq!(asked(&council, "2026-12-22T09:00:00Z").await, 0);

        // Opened again before it was asked about, its time begins with the next end.
        let tess = over(&council, "Tess Moor <tess@mail.example>").await;
        act(&council, tess, DeskAction::Reopen { reason: "More came.".into() }, "2026-12-02T09:00:00Z").await;
        assert_eq!(asked(&council, DAY).await, 0);
        closed(&council, tess, "2026-12-07T12:00:00Z").await;
        assert_eq!(asked(&council, "2026-12-18T09:00:00Z").await, 0);
        assert_eq!(asked(&council, "2026-12-21T09:00:00Z").await, 1);

        // Long after its time nobody is asked: the questions were switched on, or the program stood still.
        over(&council, "Ida Lund <ida@mail.example>").await;
        assert_eq!(asked(&council, "2026-12-25T09:00:00Z").await, 0);
        assert_eq!(who_was_asked(&council).await, ["noor@mail.example", "tess@mail.example"]);
    }

    pub async fn whoever_must_not_be_asked_is_not(council: Council) {
        let council = with_classifier(council, said(Theme::Transport));
        over(&council, NOOR).await;
        for name in ["bounced", "failed", "gone", "marked", "barred", "party", "staff"] {
            over(&council, &format!("{name} <{name}@mail.example>")).await;
        }
        let run = |sql| council.database.run(sql);
        run("UPDATE outbox SET state = 'sent', delivery = 'said-bounced' WHERE recipient = 'bounced@mail.example' AND kind = 'acknowledgement'").await;
        run("UPDATE outbox SET state = 'failed' WHERE recipient = 'failed@mail.example' AND kind = 'acknowledgement'")
            .await;
        run("UPDATE contact_address SET unreachable_at = (SELECT min(opened_at) FROM case_file) WHERE address = 'gone@mail.example'").await;
        run(
            "INSERT INTO do_not_reply (mailbox, marked_at) SELECT 'marked@mail.example', min(opened_at) FROM case_file",
        )
        .await;
        run("INSERT INTO case_barred (case_id, email, why) SELECT p.case_id, a.address, 'subject' FROM case_participant p JOIN contact_address a ON a.contact_id = p.contact_id WHERE a.address = 'barred@mail.example'").await;
        run("UPDATE case_participant SET role = 'named' WHERE contact_id IN (SELECT contact_id FROM contact_address WHERE address = 'party@mail.example')").await;
        run("UPDATE contact_address SET address = 'staff@calderbeck.example' WHERE address = 'staff@mail.example'")
            .await;

        // They do not want to be asked.
        let case = over(&council, "No More <nomore@mail.example>").await;
        let step = DeskAction::Step { step: Box::new(Step::NoCheckIn), given: Given::Nobody };
        act(&council, case, step, "2026-11-23T09:00:00Z").await;
        // They took it back.
        let case =
            complains(&council, "Will Drew <will@mail.example>", "The lift at the school is broken since May.").await;
        let step = Box::new(Step::Withdrawn { on: "2026-11-18".parse().unwrap(), how: "By phone.".into() });
        act(&council, case, DeskAction::Step { step, given: Given::Letter }, "2026-11-18T09:00:00Z").await;
        closed(&council, case, CLOSED).await;
        // It was no complaint.
        let raw =
            mail("Kim Kind <kim@mail.example>", "kim", "Thanks", "", "Thank you for the new taxi firm, it is lovely.");
        council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &about(Theme::Transport, Act::Compliment)).await;
        let case = council.newest().await;
        act(&council, case, DeskAction::NotAComplaint { act: Act::Compliment, reason: "Thanks.".into() }, CLOSED).await;
        // It went into another.
        let first =
            complains(&council, "Dee Two <dee@mail.example>", "Nobody rings back about the short breaks.").await;
        let second =
            complains(&council, "Cy Two <cy@mail.example>", "No one calls back about the short breaks grant.").await;
        act(&council, second, DeskAction::Merge { with: first }, "2026-11-17T09:00:00Z").await;
        // They want no answer, or to be called.
        for answer in [own_form::Answer::None, own_form::Answer::Phone] {
            let form = own_form::Submission {
                words: format!("The bus pass was refused, and I wait by {answer:?}."),
                email: format!("{answer:?}@mail.example").to_lowercase(),
                phone: "01632 960 000".into(),
                answer,
                ..own_form::Submission::default()
            };
            council.for_families().tell_us.unwrap().take(form, Vec::new(), None).await.unwrap();
            let case = council.newest().await;
            act(&council, case, DeskAction::Confirm, "2026-11-20T10:40:00Z").await;
            answered(&council, case, Given::Otherwise("By phone.".into())).await;
            closed(&council, case, CLOSED).await;
        }
        let open = council
            .database
            .number("SELECT count(*) FROM case_file WHERE status = 'closed' AND merged_into IS NULL")
            .await;
        assert_eq!(open, 12, "they are over");
        assert_eq!(asked(&council, DAY).await, 1);
        assert_eq!(who_was_asked(&council).await, ["noor@mail.example"]);
        // It is decided, and not looked at again.
        assert_eq!(council.database.number("SELECT count(*) FROM survey_decided").await, open);
    }

    pub async fn everybody_who_complains_is_asked_for_themselves(council: Council) {
        let case = complains(&council, NOOR, "The taxi to Hollow Bank has not come for three days.").await;
        let member = |name: &str, address: Option<&str>| Member {
            name: Some(name.into()),
            address: address.map(str::to_owned),
            contact: None,
        };
        let members = vec![member("Tess Moor", Some("tess@mail.example")), member("Nobody", None)];
        let group = Group { name: "Hollow Bank parents".into(), members };
        act(&council, case, DeskAction::SetGroup(Some(group)), "2026-11-17T09:00:00Z").await;
        answered(&council, case, Given::Letter).await;
        closed(&council, case, CLOSED).await;
        assert_eq!(asked(&council, DAY).await, 2);
        let links = links(&council).await;
        assert_eq!(links.keys().collect::<Vec<_>>(), ["noor@mail.example", "tess@mail.example"]);
        assert_ne!(links["noor@mail.example"], links["tess@mail.example"]);
        let mut tess = visitor(&council, DAY);
        assert_eq!(tess.post(&links["tess@mail.example"], &ALL).await.status, StatusCode::SEE_OTHER);
        // What one answers takes nothing from the other.
        assert_eq!(tess.get(&links["noor@mail.example"]).await.status, StatusCode::OK);
    }

    pub async fn a_link_is_answered_once_and_its_answers_are_nobodys(council: Council) {
        let case = over(&council, NOOR).await;
        let link = noors_link(&council).await;
        let mut noor = visitor(&council, DAY);
        let page = noor.get(&link).await;
        assert_eq!(page.status, StatusCode::OK);
        for shown in ["How did we do?", "I was listened to", "I would rather not say", "call 999", "Exit this page"] {
            assert!(page.body.contains(shown), "{shown}: {}", page.body);
        }
        assert_eq!(page.body.matches("<fieldset").count(), 5);
        assert!(!page.body.contains("required") && !page.body.contains("checked"), "{}", page.body);
        // Nothing of the case: whoever is sent the link on learns nothing.
        for secret in [case.to_string().as_str(), "HRD-", "Haddad", "Noor", "noor@", "taxi", "Hollow", "Rowan", "Sam"] {
            assert!(!page.body.contains(secret), "{secret}: {}", page.body);
        }
        // Nothing said, or too much, uses nothing up, and what was chosen stays.
        let nothing = noor.post(&link, &[("line", " \r\n "), ("easy", "7"), ("invited", "1")]).await;
        assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(nothing.body.contains("You have not answered anything yet"), "{}", nothing.body);
        let long = "é".repeat(2_001);
        let page = noor.post(&link, &[("easy", "4"), ("line", &long)]).await;
        assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(page.body.contains("2,000 characters or fewer") && page.body.contains(&long), "{}", page.body);
        assert_eq!(page.body.matches(" checked").count(), 1);
        assert_eq!(tallies(&council).await, ["invited  1"]);
        // Answered, once, also when it is sent twice at the same moment.
        let mut twice = visitor(&council, DAY);
        let (one, other) = tokio::join!(noor.post(&link, &ALL), twice.post(&link, &ALL));
        let (good, late) = if one.status == StatusCode::SEE_OTHER { (one, other) } else { (other, one) };
        assert_eq!((good.status, good.place.as_str()), (StatusCode::SEE_OTHER, "/survey/thanks"));
        let unknown = noor.get(&no_link()).await;
        same(&late, &unknown);
        let page = noor.get("/survey/thanks").await;
        assert!(page.status == StatusCode::OK && page.body.contains("We have your answers"), "{}", page.body);
        let counted = ["again 3 1", "answered  1", "dealt none 1", "easy 1 1", "heard 5 1", "invited  1", "known 2 1"];
        assert_eq!(tallies(&council).await, counted);
        same(&noor.get(&link).await, &unknown);
        same(&noor.post(&link, &ALL).await, &unknown);
        assert_eq!(tallies(&council).await, counted);
        // An empty line is nothing: there is no case of it, nor anything on the first.
        assert_eq!(council.database.number("SELECT count(*) FROM case_file").await, 1);
        let events = council.database.number("SELECT count(*) FROM case_event").await;
        let shown = council.desk.case(case, &council.bell, at(DAY)).await.unwrap();
        assert_eq!(
            (shown.messages.len(), council.database.number("SELECT count(*) FROM case_event").await),
            (1, events)
        );
        assert!(council.database.texts("SELECT what FROM audit").await.iter().all(|what| !what.contains("survey")));
        // When the case is anonymised, nothing is left that says who was asked; the counts stay.
        let mut tx = council.database.store.begin().await.unwrap();
        let key = heard::store::cases::by_reference(&mut tx, &case.to_string()).await.unwrap().unwrap();
        assert_eq!(survey::gone(&mut tx, key).await.unwrap(), 1);
        tx.commit().await.unwrap();
        assert_eq!(tallies(&council).await, counted);
    }

    pub async fn whatever_opens_nothing_is_answered_the_same(council: Council) {
        over(&council, NOOR).await;
        let link = noors_link(&council).await;
        let asks = |link: String, when: &'static str| {
            let council = &council;
            async move {
                let mut stranger = visitor(council, when);
                let mut said = Vec::new();
                for page in [
                    stranger.get(&link).await,
                    stranger.post(&link, &ALL).await,
                    stranger.post(&link, &[]).await,
                    stranger.post(&link, &[("line", "x")]).await,
                ] {
                    said.push((page.status, page.place, page.body));
                }
                said
            }
        };
        let unknown = asks(no_link(), DAY).await;
        assert!(unknown.iter().all(|one| *one == unknown[0]) && unknown[0].0 == StatusCode::NOT_FOUND, "{unknown:?}");
        let way_back = regex::Regex::new("to=[^\"]*\"").unwrap();
        for odd in ["/survey", "/survey/x", "/survey/%22%3E%3Cscript%3E", "/survey/..%2f..", "/survey/%FF"] {
            let page = visitor(&council, DAY).get(odd).await;
            // The ways to another language come back to where somebody is.
            let bare = |body: &str| way_back.replace_all(body, "\"").into_owned();
            assert_eq!((page.status, bare(&page.body)), (unknown[0].0, bare(&unknown[0].2)), "{odd}");
        }
        let bare = |all: Vec<(StatusCode, String, String)>| -> Vec<_> {
            let code = regex::Regex::new("[a-z2-7]{32}").unwrap();
            all.into_iter()
                .map(|(status, place, body)| (status, place, code.replace_all(&body, "C").into_owned()))
                .collect()
        };
        let unknown = bare(unknown);
        // It is over after sixty days.
        assert_eq!(bare(asks(link.clone(), "2027-02-02T09:00:01Z").await), unknown, "over");
        assert_eq!(visitor(&council, "2027-02-02T08:59:00Z").get(&link).await.status, StatusCode::OK);
        council.database.run("UPDATE case_file SET anonymised_at = opened_at").await;
        assert_eq!(bare(asks(link.clone(), DAY).await), unknown, "an anonymised case");
        council.database.run("UPDATE case_file SET anonymised_at = NULL").await;
        council.database.run("INSERT INTO case_barred (case_id, email, why) SELECT case_id, address, 'subject' FROM survey_invitation").await;
        assert_eq!(bare(asks(link.clone(), DAY).await), unknown, "somebody whom the case is about");
        council.database.run("DELETE FROM case_barred").await;
        assert_eq!(visitor(&council, DAY).post(&link, &ALL).await.status, StatusCode::SEE_OTHER);
        assert_eq!(bare(asks(link.clone(), DAY).await), unknown, "used");
        assert_eq!(council.database.number("SELECT n FROM survey_tally WHERE what = 'answered'").await, 1);
        // Guessing is limited, by address and by link.
        let mut guesser = visitor(&council, DAY);
        let mut said = Vec::new();
        for n in 0..31 {
            said.push(guesser.get(&format!("/survey/{}{}", "b".repeat(30), ["aa", "ab", "ac"][n % 3])).await.status);
        }
        assert_eq!((said[29], said[30]), (StatusCode::NOT_FOUND, StatusCode::TOO_MANY_REQUESTS));
    }

    pub async fn the_free_line_is_a_case_to_confirm_and_nobody_is_written_to(council: Council) {
        let council = with_classifier(council, about(Theme::Delay, Act::Concern));
        let first = over(&council, NOOR).await;
        let link = noors_link(&council).await;
        let letters = council.database.number("SELECT count(*) FROM outbox").await;
        let words = "Since I complained, the driver <b>does not</b> speak to my son.";
        let mut noor = visitor(&council, DAY);
        let page = noor.post(&link, &[("easy", "1"), ("line", words)]).await;
        assert_eq!((page.status, page.place.as_str()), (StatusCode::SEE_OTHER, "/survey/thanks"));
        let new = council.newest().await;
        assert_ne!(new, first);
        let shown = council.desk.case(new, &council.bell, at(DAY)).await.unwrap();
        assert_eq!((shown.status, shown.messages.len()), (CaseStatus::ToConfirm, 1));
        assert!(shown.messages[0].text.starts_with(words), "{}", shown.messages[0].text);
        let may =
            council.database.texts("SELECT c.reference FROM case_file n JOIN case_file c ON c.id = n.may_belong").await;
        assert_eq!(may, [first.to_string()], "an officer is told which case it may belong to");
        let found = council
            .database
            .texts(
                "SELECT mailbox || ' ' || channel || ' ' || act || ' ' || theme FROM case_file ORDER BY reference DESC",
            )
            .await;
        assert_eq!(found[0], "survey form concern delay", "labelled like any other");
        assert_eq!(council.database.number("SELECT count(*) FROM suggestion").await, 2);
        // Not a word of it on the first, and none of its ticks anywhere.
        let old = council.desk.case(first, &council.bell, at(DAY)).await.unwrap();
        assert_eq!(old.messages.len(), 1);
        assert!(
            !council.database.texts("SELECT visible_text FROM representation ORDER BY received_at DESC").await[0]
                .contains("easy")
        );
        // Nobody is written to before an officer has confirmed it, and then to where the letter went.
        assert_eq!(council.database.number("SELECT count(*) FROM outbox").await, letters);
        act(&council, new, DeskAction::Confirm, DAY).await;
        let letter = council.database.texts("SELECT recipient || ' ' || CAST(message AS TEXT) FROM outbox WHERE kind = 'acknowledgement' ORDER BY queued_at DESC").await.remove(0);
        assert!(
            letter.starts_with("noor@mail.example ") && letter.contains("with your answers to our questions"),
            "{letter}"
        );
        // Kept as it came.
        assert_eq!(
            council.database.number("SELECT count(*) FROM delivery WHERE mailbox = 'survey' AND state = 'read'").await,
            1
        );

        // Danger is raised at once, whatever the classifier says.
        over(&council, "Tess Moor <tess@mail.example>").await;
        assert_eq!(asked(&council, DAY).await, 1);
        let link = links(&council).await.remove("tess@mail.example").unwrap();
        noor.post(&link, &[("line", "Her ex hit my son again last night.")]).await;
        assert_eq!(council.database.number("SELECT count(*) FROM case_file WHERE safeguarding").await, 1);
        assert_eq!(council.database.number("SELECT count(DISTINCT case_id) FROM outbox WHERE kind = 'alert'").await, 1);
        // Their ticks were none, and are counted as none.
        assert_eq!(tallies(&council).await, ["answered  2", "easy 1 1", "invited  2"]);
    }

    pub async fn whoever_is_kept_out_of_the_first_is_kept_out_of_what_is_written(council: Council) {
        let first = over(&council, NOOR).await;
        let subject = DeskAction::SetSubject { who: council.bell.email.clone(), is: true };
        act(&council, first, subject, "2026-11-23T09:00:00Z").await;
        let link = noors_link(&council).await;
        visitor(&council, DAY).post(&link, &[("line", "It has become worse since then, every week.")]).await;
        let new = council.newest().await;
        assert_ne!(new, first);
        // Whom the first is about neither sees it nor finds it.
        let barred = council.desk.case(new, &council.bell, at(DAY)).await;
        assert!(matches!(barred, Err(DeskError::NotFound)), "{barred:?}");
        let query = QueueQuery { filter: QueueFilter::All, page: 1, ..QueueQuery::default() };
        assert!(council.desk.queue(&query, &council.bell, at(DAY)).await.unwrap().rows.is_empty());
        let mut bell = signed_in(&council, &council.bell, DAY).await;
        for path in ["/", "/?q=worse", "/?q=Haddad", "/letters", "/joint", "/filed", "/quarantine", "/figures"] {
            let page = bell.get(path).await;
            assert!(page.status == StatusCode::OK && !page.body.contains(&new.to_string()), "{path}: {}", page.status);
            assert!(!page.body.contains("Haddad") || path.contains("Haddad"), "{path}");
        }
        assert_eq!(bell.get(&format!("/cases/{new}")).await.status, StatusCode::NOT_FOUND);
        // The manager does, reads why, and may say that it is not about them.
        let shown = council.desk.case(new, &council.morgan, at(DAY)).await.unwrap();
        let (name, standing) = (shown.subjects[0].name.as_str(), shown.subjects[0].standing);
        assert_eq!((shown.subjects.len(), name, standing), (1, "Rowan Bell", Standing::Proposed));
        assert_eq!(shown.subjects[0].because, "It may belong to a case that may be about them.");
        let cleared = DeskAction::SetSubject { who: council.bell.email.clone(), is: false };
        act(&council, new, cleared, DAY).await;
        assert!(council.desk.case(new, &council.bell, at(DAY)).await.is_ok());
        let old = council.desk.case(first, &council.bell, at(DAY)).await;
        assert!(matches!(old, Err(DeskError::NotFound)), "{old:?}");
    }

    pub async fn in_a_chat_it_goes_and_comes_by_the_chat(council: Council) {
        let message = |chat: u32| ChatMessage {
            id: format!("tg:{chat}:1"),
            address: format!("telegram:{chat}"),
            from_name: Some(format!("Shay{chat}")),
            date: at("2026-11-16T09:00:00Z"),
            text: format!("My PA keeps changing every month, and I am number {chat}."),
            attachments: Vec::new(),
            no_answer: Vec::new(),
            silent: false,
            changes: None,
        };
        for chat in [71, 72] {
            let message = Ingesting::chat(&council.engine, message(chat));
            ingest_one(&council.engine, &message, &[said(Theme::Delay)], &mut IngestCounts::default()).await.unwrap();
            let case = council.newest().await;
            act(&council, case, DeskAction::Confirm, "2026-11-16T10:00:00Z").await;
            answered(&council, case, Given::Otherwise("By post.".into())).await;
            closed(&council, case, CLOSED).await;
        }
        // One of them stopped messages.
        council.database.run("DELETE FROM chat_state WHERE chat = 'telegram:72'").await;
        council
            .database
            .run("INSERT INTO chat_state (chat, asked, stopped_at, updated_at) SELECT 'telegram:72', '', min(opened_at), min(opened_at) FROM case_file")
            .await;
        assert_eq!(asked(&council, DAY).await, 1);
        let sent =
            "SELECT channel || ' ' || recipient || ' ' || (message ->> 'subject') FROM outbox WHERE kind = 'survey'";
        assert_eq!(council.database.texts(sent).await, ["chat telegram:71 "]);
        let text =
            council.database.texts("SELECT message ->> 'text' FROM outbox WHERE kind = 'survey'").await.remove(0);
        assert!(text.chars().count() <= 1_200 && text.contains("What you write in this chat goes to"), "{text}");
        // The link is made when it goes.
        let id = council.database.texts("SELECT code_hash FROM survey_invitation").await.remove(0);
        let place = regex::Regex::new("survey-of-([0-9a-f]{32})").unwrap().captures(&text).unwrap()[1].to_owned();
        let code = council.engine.office.keys.survey_codes(place.parse().unwrap()).next().unwrap();
        assert_eq!(data_encoding::HEXLOWER.encode(&sha2::Sha256::digest(code.as_bytes())), id);
        let mut shay = visitor(&council, DAY);
        let page = shay.post(&format!("/survey/{code}"), &[("line", "The new PA left as well.")]).await;
        assert_eq!(page.status, StatusCode::SEE_OTHER, "{}", page.body);
        let new = council.newest().await;
        let letters =
            "SELECT channel || ' ' || recipient FROM outbox WHERE kind = 'acknowledgement' ORDER BY queued_at DESC";
        act(&council, new, DeskAction::Confirm, DAY).await;
        assert_eq!(council.database.texts(letters).await[0], "chat telegram:71");
        let shown = council.desk.case(new, &council.bell, at(DAY)).await.unwrap();
        assert!(shown.messages[0].text.starts_with("The new PA left as well."));
    }

    pub async fn figures_are_told_from_five_on_and_when_the_month_is_over(council: Council) {
        over(&council, NOOR).await;
        let link = noors_link(&council).await;
        visitor(&council, DAY).post(&link, &ALL).await;
        let month: NaiveDate = "2026-12-01".parse().unwrap();
        let count = |what: &'static str, answer: &'static str, n: usize| {
            let store = council.database.store.clone();
            async move {
                let mut tx = store.begin().await.unwrap();
                for _ in 0..n {
                    survey::count(&mut tx, month, what, answer).await.unwrap();
                }
                tx.commit().await.unwrap();
            }
        };
        count("answered", "", 3).await;
        count("easy", "2", 3).await;
        let reader = council.account("Lee Hobday", Role::ReportReader).await;
        let page = async |who: &Officer, when: &str, query: &str| {
            signed_in(&council, who, when).await.get(&format!("/figures/survey{query}")).await
        };
        let told = page(&reader, "2027-01-04T09:00:00Z", "").await;
        assert_eq!(told.status, StatusCode::OK);
        assert!(
            told.body.contains("There are too few answers to be told") && !told.body.contains("<table"),
            "{}",
            told.body
        );
        assert!(told.body.contains("fewer than five asked, fewer than five answered"), "{}", told.body);
        count("answered", "", 1).await;
        count("easy", "5", 1).await;
        count("invited", "", 8).await;
        // Of the month that goes on, nothing: nobody can tell an answer from what has changed since yesterday.
        let told = page(&council.morgan, "2026-12-31T09:00:00Z", "").await;
        assert!(!told.body.contains("<table") && told.body.contains("fewer than five answered"), "{}", told.body);
        let told = page(&council.morgan, "2027-01-04T09:00:00Z", "").await;
        assert!(told.body.contains("9 asked, 5 answered"), "{}", told.body);
        assert_eq!(told.body.matches("<table").count(), 1, "the others have too few answers: {}", told.body);
        let table = told.between("It was easy to tell you</caption>", "</table>");
        let numbers: Vec<&str> =
            table.split("numeric\">").skip(2).map(|rest| rest.split('<').next().unwrap()).collect();
        assert_eq!(numbers, ["1", "3", "0", "0", "1", "0"]);
        for name in ["Noor", "taxi", "HRD-", "Hollow"] {
            assert!(!told.body.contains(name), "{name}");
        }
        // Another year, and none that there is.
        let told = page(&reader, "2027-01-04T09:00:00Z", "?year=2025").await;
        assert!(told.body.contains("1 April 2025 to") && !told.body.contains("<table"), "{}", told.body);
        assert!(page(&reader, "2027-01-04T09:00:00Z", "?year=1").await.body.contains("9 asked"));
        let told = page(&reader, "2027-04-02T09:00:00Z", "").await;
        assert!(told.body.contains("No month of this year is over yet"), "{}", told.body);
        // Whoever works cases reads no answers, nor does anybody else.
        assert_eq!(page(&council.bell, "2027-01-04T09:00:00Z", "").await.status, StatusCode::FORBIDDEN);
        assert!(!signed_in(&council, &council.bell, DAY).await.get("/figures").await.body.contains("/figures/survey"));
        assert!(signed_in(&council, &reader, DAY).await.get("/figures").await.body.contains("/figures/survey"));
    }

    pub async fn the_page_is_whole_on_a_telephone_and_without_scripts(council: Council) {
        over(&council, NOOR).await;
        over(&council, "Tess Moor <tess@mail.example>").await;
        assert_eq!(asked(&council, DAY).await, 2);
        let links = links(&council).await;
        let (noor, tess) = (&links["noor@mail.example"], &links["tess@mail.example"]);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let pages =
            heard::web::router(council.web(at(DAY))).into_make_service_with_connect_info::<std::net::SocketAddr>();
        tokio::spawn(async move { axum::serve(listener, pages).await.unwrap() });
        let mut browser = browse(address, "Calderbeck Council").await;
        browser.open(noor).await;
        let wider = "return document.documentElement.scrollWidth - document.documentElement.clientWidth";
        for language in ["en", "easy", "cy", "pl"] {
            for print in ["usual", "large"] {
                browser.open(&format!("/reading?language={language}&print={print}&to={noor}")).await;
                browser.zoomed(320).await;
                browser.check(&format!("survey-{language}-{print}")).await;
                assert_eq!(browser.browser.execute(wider, vec![]).await.unwrap(), 0, "{language} {print}");
                browser.zoomed(0).await;
            }
        }
        browser.open(&format!("/reading?language=en&print=usual&to={noor}")).await;
        browser.press("main form button[type=submit]").await;
        assert!(browser.text(".govuk-error-summary").await.contains("You have not answered anything yet"));
        browser.zoomed(320).await;
        browser.check("survey-nothing").await;
        browser.zoomed(0).await;
        browser.click("#heard-2").await;
        browser.press("main form button[type=submit]").await;
        assert_eq!(browser.heading().await, "Thank you");
        browser.check("survey-thanks").await;
        browser.open(noor).await;
        assert_eq!(browser.heading().await, "This link cannot be used");
        browser.check("survey-none").await;
        // By keyboard and links alone.
        browser.scripts(false).await;
        browser.open(tess).await;
        assert_eq!(browser.count(".js-enabled").await, 0, "no script ran");
        browser.click("#easy-6").await;
        browser.fill("#line", "It goes on.").await;
        browser.click("main form button[type=submit]").await;
        browser.until("h1", "Thank you").await;
        browser.scripts(true).await;
        assert_eq!(council.database.number("SELECT count(*) FROM case_file WHERE mailbox = 'survey'").await, 1);
        // What complaints managers read of it.
        let mut tx = council.database.store.begin().await.unwrap();
        for (what, answer) in [("invited", ""), ("answered", ""), ("easy", "1")].repeat(7) {
            survey::count(&mut tx, "2026-11-01".parse().unwrap(), what, answer).await.unwrap();
        }
        tx.commit().await.unwrap();
        browser.sign_in("sam.morgan@calderbeck.example", "a long enough password").await;
        browser.open("/figures").await;
        browser.follow("What families say after the end").await;
        assert_eq!(browser.count("table").await, 1);
        browser.zoomed(320).await;
        browser.check("survey-figures").await;
        assert_eq!(browser.browser.execute(wider, vec![]).await.unwrap(), 0, "figures");
        browser.zoomed(0).await;
        println!("{} pages without a fault: {}", browser.pages_checked.len(), browser.pages_checked.join(", "));
        browser.browser.clone().close().await.unwrap();
    }
}
