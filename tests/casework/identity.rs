//! Whose complaint it is and who hears of it, from the message to the letters: on SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use crate::databases::Database;
use chrono::{DateTime, TimeDelta, Utc};
use futures::future::BoxFuture;
use heard::{
    casework::{Office, Whom},
    clock::Clock,
    config::Settings,
    desk::{StoreDesk, Wake, users},
    ids::CaseReference,
    intake::files::FileKeeper,
    labelling::{
        labels::{Act, Procedure, Suggestion, Theme},
        policy::Lines,
    },
    replies::courier::{Courier, Delivery, Outgoing},
    store::files::FileStore,
    web::{
        access::Role,
        desk::{Desk, DeskAction, DeskError},
        views::*,
    },
    workers::{Couriers, Engine, IngestCounts, Ingesting, ingest_one, send_due},
};
use tokio::sync::Notify;

const EXAMPLE: &str = include_str!("../../config/heard.example.toml");
const HEAD: &str = "Jo Head <jo.head@calderbeck.example>";
const COMPLAINTS: &str = "complaints";
const FORWARD: &str = "log-a-complaint";

/// Friday 20 November 2026, half past ten.
fn now() -> DateTime<Utc> {
    "2026-11-20T10:30:00Z".parse().unwrap()
}

/// Keeps what would be sent.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<Outgoing>>>);

impl Courier for Kept {
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Delivery> {
        self.0.lock().unwrap().push(message.clone());
        Box::pin(async { Delivery::Delivered })
    }
}

struct Council {
    database: Database,
    engine: Engine,
    desk: StoreDesk,
    bell: Officer,
    kept: Kept,
    /// Letters that were looked at already.
    seen: Mutex<usize>,
    arrivals: Mutex<i64>,
    _folder: tempfile::TempDir,
}

/// The example's council with a key of its own; its receiving server signs as `mx.calderbeck.example`.
fn settings(folder: &Path) -> Settings {
    let key = folder.join("key");
    std::fs::write(&key, "0123456789abcdef0123456789abcdef0123456789abcdef").unwrap();
    let text = regex::Regex::new(r#"\{ file = "[^"]*" \}"#)
        .unwrap()
        .replace_all(EXAMPLE, format!("{{ file = {key:?} }}"))
        .lines()
        .filter(|line| !line.starts_with("from_date"))
        .map(|line| format!("{line}\n"))
        .collect::<String>()
        .replace("# trusted_servers", "trusted_servers")
        .replace("staff_addresses = []", "staff_addresses = [\"lee.ward@trust.example\"]");
    Settings::parse(&text, Path::new("config/heard.example.toml")).unwrap()
}

impl Council {
    async fn open(database: Database) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let office = Arc::new(Office::open(&settings(folder.path())).unwrap());
        let (unread, outgoing, kept) = (Arc::new(Notify::new()), Arc::new(Notify::new()), Kept::default());
        let engine = Engine {
            store: database.store.clone(),
            office: office.clone(),
            classifier: None,
            lines: Lines::default(),
            verifier: None,
            couriers: Couriers { email: Arc::new(kept.clone()), chat: None },
            clock: Clock::fixed(now()),
            patience: Duration::from_secs(1),
            name: "test".into(),
            unread: unread.clone(),
            outgoing: outgoing.clone(),
            files: FileKeeper::new(
                FileStore::in_folder(&folder.path().join("files")).unwrap(),
                &settings(folder.path()).files,
                env!("CARGO_BIN_EXE_heard").into(),
            ),
        };
        let desk = StoreDesk::new(database.store.clone(), office, None, Wake { unread, outgoing });
        let email = "rowan.bell@calderbeck.example";
        let password = Some("a long enough password".to_owned().into());
        users::add(&database.store, email, "Rowan Bell", Role::Officer, password, now()).await.unwrap();
        let bell = desk.account(email).await.unwrap().unwrap().officer;
        let (seen, arrivals) = (Mutex::new(0), Mutex::new(0));
        Self { database, engine, desk, bell, kept, seen, arrivals, _folder: folder }
    }

    /// A message arrives and is settled, and what follows is sent: the letters that went out.
    async fn arrives(&self, mailbox: &str, raw: &str) -> Vec<Outgoing> {
        let minutes = {
            let mut arrivals = self.arrivals.lock().unwrap();
            *arrivals += 1;
            *arrivals
        };
        // Spread over the days before, so that no limit is reached.
        let at = now() - TimeDelta::days(20) + TimeDelta::minutes(90 * minutes);
        let message = Ingesting::mail(&self.engine, mailbox, raw.replace('\n', "\r\n").into_bytes(), at);
        let texts = message.prepared().map_or(0, |message| message.texts().count());
        let suggestions = vec![complaint(); texts];
        ingest_one(&self.engine, &message, &suggestions, &mut IngestCounts::default()).await.unwrap();
        self.letters().await
    }

    /// The letters that went out since the last look.
    async fn letters(&self) -> Vec<Outgoing> {
        while send_due(&self.engine).await.unwrap() > 0 {}
        let all = self.kept.0.lock().unwrap();
        let mut seen = self.seen.lock().unwrap();
        let fresh = all[*seen..].to_vec();
        *seen = all.len();
        fresh
    }

    async fn rows(&self) -> Vec<QueueRow> {
        let query = QueueQuery { filter: QueueFilter::All, order: QueueOrder::NewestFirst, page: 1, search: None };
        self.desk.queue(&query, &self.bell, now()).await.unwrap().rows
    }

    /// The newest case.
    async fn newest(&self) -> CaseView {
        let reference = self.rows().await[0].reference.clone();
        self.case(&reference).await
    }

    async fn row(&self, reference: &str) -> QueueRow {
        self.rows().await.into_iter().find(|row| row.reference == reference).unwrap()
    }

    async fn case(&self, reference: &str) -> CaseView {
        self.desk.case(reference.parse::<CaseReference>().unwrap(), &self.bell, now()).await.unwrap()
    }

    async fn act(&self, case: &CaseView, action: DeskAction) -> Result<Option<CaseReference>, DeskError> {
        let reference = case.reference.parse::<CaseReference>().unwrap();
        let version = self.case(&case.reference).await.version;
        self.desk.act(reference, &self.bell, version, action, now()).await.map(|done| done.go_on)
    }

    async fn cases(&self) -> usize {
        self.rows().await.len()
    }
}

fn complaint() -> Suggestion {
    Suggestion {
        model: "test-model".into(),
        act: Act::Complaint,
        act_scores: Act::ALL.iter().map(|act| if *act == Act::Complaint { 0.94 } else { 0.01 }).collect(),
        dissatisfied: 0.97,
        safeguarding: 0.03,
        procedure: Procedure::Corporate,
        theme: Theme::Delay,
        themes: vec![],
        child_author: 0.02,
        on_behalf: 0.02,
        danger: None,
        language: None,
        because: String::new(),
    }
}

fn mail(from: &str, to: &str, id: &str, subject: &str, more: &str, words: &str) -> String {
    format!(
        "From: {from}\nTo: {to}\nMessage-ID: <{id}>\nDate: Fri, 20 Nov 2026 08:00:00 +0000\nSubject: {subject}\n{more}\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n\n{words}\n"
    )
}

fn to_us(from: &str, id: &str, subject: &str, more: &str, words: &str) -> String {
    mail(from, "complaints@calderbeck.example", id, subject, more, words)
}

/// What our receiving server writes above a message.
fn received(result: &str) -> String {
    format!(
        "Authentication-Results: mx.calderbeck.example; {result}\n\
         Received: from out.example (out.example [192.0.2.9]) by mx.calderbeck.example with ESMTP; Fri, 20 Nov 2026 08:00:01 +0000\n"
    )
}

fn to<'a>(letters: &'a [Outgoing], address: &str) -> &'a Outgoing {
    let found: Vec<_> = letters.iter().filter(|letter| letter.to == address).collect();
    assert_eq!(found.len(), 1, "letters to {address}: {:?}", recipients(letters));
    found[0]
}

fn recipients(letters: &[Outgoing]) -> Vec<&str> {
    letters.iter().map(|letter| letter.to.as_str()).collect()
}

fn whom(name: &str, address: &str) -> Whom {
    let given = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    Whom { name: given(name), address: given(address), ..Whom::default() }
}

async fn story(council: Council) {
    println!("on {}", council.database.kind);
    a_sure_forward_tells_the_family_and_the_manager(&council).await;
    a_forward_without_an_address_waits_for_an_officer(&council).await;
    a_phone_note_is_completed_and_then_acknowledged(&council).await;
    what_a_manager_redirects_is_the_familys_own(&council).await;
    a_forged_manager_hears_nothing_and_nobody_else_does(&council).await;
    a_forged_party_joins_nothing_and_hears_nothing(&council).await;
    a_stranger_with_a_token_is_recognised_or_has_a_case_of_their_own(&council).await;
    a_bare_reference_is_a_hint_for_strangers_and_enough_for_the_family(&council).await;
    web_forms_in_three_shapes(&council).await;
    who_speaks_for_a_family_is_answered_in_their_place(&council).await;
    reply_to_elsewhere_waits_for_a_look(&council).await;
    a_wrong_address_is_corrected_and_told_once_more(&council).await;
    several_families_at_once_are_kept_apart(&council).await;
    council.database.drop().await;
}

#[tokio::test]
async fn whose_complaint_it_is_on_sqlite() {
    story(Council::open(Database::sqlite().await).await).await;
}

#[tokio::test]
async fn whose_complaint_it_is_on_postgres() {
    match Database::postgres().await {
        Some(database) => story(Council::open(database).await).await,
        None => println!("skipped: HEARD_TEST_POSTGRES is not set"),
    }
}

fn passed_on(original: &str) -> String {
    format!(
        "Please log.\n\nJo\n\n________________________________\n{original}\nSent: 19 November 2026 18:02\nTo: Jo Head\n\
         Subject: No taxi\n\nThe taxi has not come for three weeks and nobody answers me."
    )
}

async fn a_sure_forward_tells_the_family_and_the_manager(council: &Council) {
    for (manager, name, family) in
        [(HEAD, "Ann Bell", "ann@mail.example"), ("Lee Ward <lee.ward@trust.example>", "Bo Ferrier", "bo@mail.example")]
    {
        let forward = passed_on(&format!("From: {name} <{family}>"));
        let raw = to_us(
            manager,
            &format!("fw-{family}"),
            "FW: No taxi",
            &received("dmarc=pass header.from=calderbeck.example"),
            &forward,
        );
        let letters = council.arrives(FORWARD, &raw.replace("header.from=calderbeck.example", "")).await;
        let case = council.newest().await;
        let address = manager.split(['<', '>']).nth(1).unwrap();
        let (hers, receipt) = (to(&letters, family), to(&letters, address));
        assert_eq!(letters.len(), 2);
        assert!(hers.text.contains(&case.reference) && receipt.text.contains(&case.reference));
        for word in ["Jo Head", "Lee Ward", address, "No taxi", "fw-"] {
            let ids = format!("{:?} {:?}", hers.in_reply_to, hers.references);
            assert!(!hers.text.contains(word) && !hers.subject.contains(word) && !ids.contains(word), "{word}");
        }
        assert_eq!((case.family.as_deref(), case.people.unsure), (Some(name), None));
        assert!(!council.row(&case.reference).await.to_complete);
    }
}

async fn a_forward_without_an_address_waits_for_an_officer(council: &Council) {
    let raw = to_us(HEAD, "fw-nameonly@calderbeck.example", "FW: No taxi", "", &passed_on("From: Cora Dunn"));
    let letters = council.arrives(FORWARD, &raw).await;
    assert_eq!(recipients(&letters), ["jo.head@calderbeck.example"], "the manager always hears");
    let case = council.newest().await;
    assert!(letters[0].text.contains(&case.reference));
    assert_eq!((case.family.as_deref(), case.people.name.as_str()), (Some("Cora Dunn"), "Cora Dunn"));
    assert!(case.people.unsure.as_ref().unwrap().contains("without an address"), "{:?}", case.people);
    assert!(matches!(&case.acknowledgement, Acknowledgement::Held { written: false, .. }));
    assert!(council.row(&case.reference).await.to_complete);
    // Confirming what it is says nothing about who it is.
    council.act(&case, DeskAction::Confirm).await.unwrap();
    assert!(council.letters().await.is_empty());
    // Her address is typed, and she hears.
    council.act(&case, DeskAction::SetComplainant(whom("Cora Dunn", "cora@mail.example"))).await.unwrap();
    let letters = council.letters().await;
    let hers = to(&letters, "cora@mail.example");
    assert!(hers.text.contains(&case.reference) && hers.in_reply_to.is_empty(), "{:?}", hers.in_reply_to);
    let after = council.case(&case.reference).await;
    assert_eq!((after.people.unsure, after.contacts), (None, vec![("Email".into(), "cora@mail.example".into())]));
    assert!(!council.row(&case.reference).await.to_complete);
    assert_eq!(after.undo.unwrap().what, "Complainant: Cora Dunn");
    // Taken back, it is as it was; what was sent was sent.
    council.act(&case, DeskAction::Undo).await.unwrap();
    let undone = council.case(&case.reference).await;
    assert!(undone.people.unsure.is_some() && undone.contacts.is_empty());
    assert_eq!(undone.family.as_deref(), Some("Cora Dunn"));
    // Said again, she does not hear twice.
    council.act(&case, DeskAction::SetComplainant(whom("Cora Dunn", "cora@mail.example"))).await.unwrap();
    assert_eq!(recipients(&council.letters().await), ["cora@mail.example"; 0]);
}

async fn a_phone_note_is_completed_and_then_acknowledged(council: &Council) {
    let note = "Log please: Mrs Adeleke rang, very upset about the escort. 01632 960 224, dee@mail.example. She says nobody told her.";
    let letters = council.arrives(FORWARD, &to_us(HEAD, "note-1@calderbeck.example", "phone call", "", note)).await;
    assert_eq!(recipients(&letters), ["jo.head@calderbeck.example"]);
    let case = council.newest().await;
    assert_eq!((case.family.as_deref(), case.contacts.len()), (None, 0), "what the note says is only offered");
    let people = &case.people;
    assert_eq!(
        (people.name.as_str(), people.phone.as_str(), people.email.as_str(), people.recorded_by.as_str()),
        ("Mrs Adeleke", "01632 960 224", "dee@mail.example", "Jo Head")
    );
    let release = council.act(&case, DeskAction::SetComplainant(Whom::default())).await;
    assert!(matches!(&release, Err(DeskError::Refused(why)) if why.contains("Enter a name")), "{release:?}");
    // By telephone alone nothing can be sent, and it stands as a complaint of hers.
    let by_phone = Whom {
        phone: Some("01632 960 224".into()),
        relationship: Some("mother".into()),
        recorded_by: Some("Jo Head".into()),
        ..whom("Dee Adeleke", "")
    };
    council.act(&case, DeskAction::SetComplainant(by_phone.clone())).await.unwrap();
    assert!(council.letters().await.is_empty());
    let known = council.case(&case.reference).await;
    assert_eq!(
        (known.family.as_deref(), known.people.unsure.as_ref(), known.people.relationship.as_str()),
        (Some("Dee Adeleke"), None, "mother")
    );
    assert!(matches!(&known.acknowledgement, Acknowledgement::ByHand { why } if why.contains("no address")));
    assert_eq!(known.contacts, [("Telephone".to_owned(), "01632 960 224".to_owned())]);
    assert_eq!(council.rows().await.iter().filter(|row| row.family.as_deref() == Some("Dee Adeleke")).count(), 1);
    let by_mail = Whom { address: Some("Dee@mail.example".into()), ..by_phone };
    council.act(&case, DeskAction::SetComplainant(by_mail)).await.unwrap();
    let letters = council.letters().await;
    assert!(to(&letters, "dee@mail.example").text.contains("Dee Adeleke"));
    // She answers, and it joins: she is a party now.
    let reply = letters[0].reply_to.clone().unwrap();
    council
        .arrives(
            COMPLAINTS,
            &mail("Dee <dee@mail.example>", &reply, "dee-2@mail.example", "Re: your letter", "", "Thank you."),
        )
        .await;
    let joined = council.case(&case.reference).await;
    assert_eq!(joined.messages.len(), 2);
    assert!(!joined.messages[1].unverified, "{}", joined.messages[1].relation);
    // The manager writes about it again: it joins, and the manager hears.
    let letters = council
        .arrives(
            FORWARD,
            &to_us(
                HEAD,
                "note-2@calderbeck.example",
                &format!("Re: {}", case.reference),
                "",
                "She rang again, still no answer.",
            ),
        )
        .await;
    assert_eq!(recipients(&letters), ["jo.head@calderbeck.example"]);
    assert!(letters[0].text.contains("already open"), "{}", letters[0].text);
    assert_eq!(council.case(&case.reference).await.messages.len(), 3);
}

async fn what_a_manager_redirects_is_the_familys_own(council: &Council) {
    let more = "Resent-From: Jo Head <jo.head@calderbeck.example>\nResent-To: log-a-complaint@calderbeck.example\n";
    let raw = mail(
        "Eve Moss <eve@mail.example>",
        "jo.head@calderbeck.example",
        "eve-1@mail.example",
        "No taxi",
        more,
        "The taxi never came and I am very unhappy.",
    );
    let letters = council.arrives(FORWARD, &raw).await;
    assert_eq!(letters.len(), 2, "{:?}", recipients(&letters));
    assert!(to(&letters, "eve@mail.example").text.contains("Eve Moss"));
    assert!(to(&letters, "jo.head@calderbeck.example").text.contains("Dear Jo Head"));
}

async fn a_forged_manager_hears_nothing_and_nobody_else_does(council: &Council) {
    let forged = received("dmarc=fail header.from=calderbeck.example");
    for (id, words) in
        [("forged-1", passed_on("From: Victim <victim@mail.example>")), ("forged-2", "mum rang, very upset".into())]
    {
        let letters =
            council.arrives(FORWARD, &to_us(HEAD, &format!("{id}@x.example"), "FW: No taxi", &forged, &words)).await;
        assert!(letters.is_empty(), "{:?}", recipients(&letters));
        let case = council.newest().await;
        assert!(case.people.unsure.unwrap().contains("may be forged"));
    }
}

/// A family that has a case; its reference and the letter they got.
async fn family(council: &Council, name: &str) -> (CaseView, Outgoing) {
    let address = format!("{}@mail.example", name.to_lowercase());
    let words = format!(
        "I am {name} and I complain: nobody has rung me back about my daughter's plan in five weeks, and that is not good enough."
    );
    let raw = to_us(&format!("{name} <{address}>"), &format!("{name}-1@mail.example"), "The plan", "", &words);
    let letters = council.arrives(COMPLAINTS, &raw).await;
    let hers = to(&letters, &address).clone();
    (council.newest().await, hers)
}

async fn a_forged_party_joins_nothing_and_hears_nothing(council: &Council) {
    let (case, letter) = family(council, "Farah").await;
    let cases = council.cases().await;
    let forged = format!(
        "{}In-Reply-To: <{}>\n",
        received("spf=fail smtp.mailfrom=evil.example; dmarc=fail header.from=mail.example"),
        letter.message_id
    );
    let raw = to_us(
        "Farah <farah@mail.example>",
        "forged-3@evil.example",
        "Re: The plan",
        &forged,
        "Please send all papers to my new address.",
    );
    assert!(council.arrives(COMPLAINTS, &raw).await.is_empty());
    assert_eq!(council.cases().await, cases);
    let shown = council.case(&case.reference).await;
    let message = &shown.messages[1];
    assert!(message.unverified && message.doubt.contains("does not come from the address it names"), "{message:?}");
    assert!(council.row(&case.reference).await.to_verify);
    // Not hers: a case of its own, which is still answered to nobody.
    let own = council.act(&case, DeskAction::Move { messages: vec![message.id], to: None }).await.unwrap().unwrap();
    assert!(council.letters().await.is_empty());
    let own = council.case(&own.to_string()).await;
    assert!(own.people.unsure.as_ref().unwrap().contains("may be forged"));
    assert_eq!(own.messages.len(), 1);
    let left = council.case(&case.reference).await;
    assert_eq!(left.messages.len(), 1, "nothing of it is left in her case");
    assert!(left.history[0].title.contains(&own.reference), "{}", left.history[0].title);
    assert!(!council.row(&case.reference).await.to_verify);
    // The same words once more, honestly this time, join her case.
    let honest = format!("{}In-Reply-To: <{}>\n", received("dmarc=pass header.from=mail.example"), letter.message_id);
    let raw =
        to_us("Farah <farah@mail.example>", "farah-9@mail.example", "Re: The plan", &honest, "I want to see the plan.");
    assert!(council.arrives(COMPLAINTS, &raw).await.is_empty());
    assert!(!council.case(&case.reference).await.messages[1].unverified);
}

async fn a_stranger_with_a_token_is_recognised_or_has_a_case_of_their_own(council: &Council) {
    let (case, letter) = family(council, "Gwen").await;
    let reply_to = letter.reply_to.clone().unwrap();
    let from = |n: u8, words: &str| {
        let id = format!("partner-{n}@other.example");
        mail("Hari <hari@other.example>", &reply_to, &id, "Re: your letter", "", words)
    };
    assert!(council.arrives(COMPLAINTS, &from(1, "I am Gwen's partner. What has happened?")).await.is_empty());
    let message = council.case(&case.reference).await.messages[1].clone();
    assert!(message.unverified);
    assert!(council.row(&case.reference).await.to_verify);
    council.act(&case, DeskAction::AcceptSender { message: message.id }).await.unwrap();
    assert!(council.letters().await.is_empty(), "recognising somebody sends nothing");
    let shown = council.case(&case.reference).await;
    assert!(
        !shown.messages[1].unverified && shown.messages[1].relation.contains("recognised"),
        "{}",
        shown.messages[1].relation
    );
    let twice = council.act(&case, DeskAction::AcceptSender { message: message.id }).await;
    assert!(matches!(twice, Err(DeskError::Refused(_))), "{twice:?}");
    council.arrives(COMPLAINTS, &from(2, "Thank you for reading it.")).await;
    assert!(!council.case(&case.reference).await.messages[2].unverified, "a party now");
    // Taken back, the door is shut again.
    council.act(&case, DeskAction::Undo).await.unwrap();
    let shown = council.case(&case.reference).await;
    assert!(shown.messages[1].unverified && shown.messages[1].doubt.contains("no party"), "{:?}", shown.messages[1]);
    council.arrives(COMPLAINTS, &from(3, "And another thing.")).await;
    let third = council.case(&case.reference).await.messages[3].clone();
    assert!(third.unverified);
    // A case of their own: they hear of that one, as anybody who writes to us.
    let own = council.act(&case, DeskAction::Move { messages: vec![third.id], to: None }).await.unwrap().unwrap();
    let letters = council.letters().await;
    let theirs = to(&letters, "hari@other.example");
    assert!(theirs.text.contains(&own.to_string()));
    for hers in [&case.reference, "Gwen", "gwen@mail.example"] {
        assert!(!theirs.text.contains(hers) && !format!("{theirs:?}").contains(hers), "{hers}");
    }
}

async fn a_bare_reference_is_a_hint_for_strangers_and_enough_for_the_family(council: &Council) {
    let (case, _) = family(council, "Ida").await;
    let quoting = |from: &str, id: &str| {
        to_us(from, id, &format!("About {}", case.reference.to_lowercase()), "", "What was decided? Send me the file.")
    };
    let letters = council.arrives(COMPLAINTS, &quoting("Nosy <nosy@other.example>", "nosy-1@other.example")).await;
    let own = council.newest().await;
    assert_eq!(own.sorting.may_belong.as_ref().map(|other| &other.reference), Some(&case.reference));
    let theirs = to(&letters, "nosy@other.example");
    assert!(theirs.text.contains(&own.reference) && !format!("{theirs:?}").contains(&case.reference), "{theirs:?}");
    assert_eq!(council.case(&case.reference).await.messages.len(), 1);
    assert!(council.arrives(COMPLAINTS, &quoting("Ida <ida@mail.example>", "ida-2@mail.example")).await.is_empty());
    assert_eq!(council.case(&case.reference).await.messages.len(), 2);
    // Forged, it is a case to look at, with the hint, and nobody hears.
    let forged = quoting("Ida <ida@mail.example>", "ida-3@evil.example").replacen(
        "From:",
        &format!("{}From:", received("dmarc=fail header.from=mail.example")),
        1,
    );
    assert!(council.arrives(COMPLAINTS, &forged).await.is_empty());
    let forged = council.newest().await;
    assert_eq!(forged.sorting.may_belong.as_ref().map(|other| &other.reference), Some(&case.reference));
    assert_eq!(council.case(&case.reference).await.messages.len(), 2);
}

async fn web_forms_in_three_shapes(council: &Council) {
    let answers = |name: &str, address: &str| {
        format!(
            "Submission 4711\n\nYour name: {name}\nEmail: {address}\nWhich service is it about? Fostering\nWhat happened?\nNobody came, and I am unhappy about it.\nWhat would put it right?\nA visit."
        )
    };
    // Listed, the person in Reply-To.
    let more = "Reply-To: kim@mail.example\nAuto-Submitted: auto-generated\n";
    let raw = to_us(
        "Forms <forms@calderbeck.example>",
        "form-1@calderbeck.example",
        "New submission",
        more,
        &answers("Kim Lee", "kim@mail.example"),
    );
    let letters = council.arrives(COMPLAINTS, &raw).await;
    assert!(
        to(&letters, "kim@mail.example").text.contains("Kim Lee"),
        "and to nobody else: {:?}",
        recipients(&letters)
    );
    assert_eq!(letters.len(), 1);
    // Listed, the person in a table alone.
    let row = |a: &str, b: &str| format!("<tr><td>{a}</td><td>{b}</td></tr>");
    let table = [
        row("Full name", "Lou Roe"),
        row("Email address", "lou@mail.example"),
        row("Details of complaint", "Nobody came."),
    ]
    .concat();
    let raw = to_us(
        "forms@calderbeck.example",
        "form-2@calderbeck.example",
        "New submission",
        "",
        &format!("<table>{table}</table>"),
    )
    .replace("text/plain", "text/html");
    let letters = council.arrives(COMPLAINTS, &raw).await;
    assert!(to(&letters, "lou@mail.example").text.contains("Lou Roe"));
    // Not listed: seen, and looked at first.
    let more = "Reply-To: moe@mail.example\nAuto-Submitted: auto-generated\n";
    let raw = to_us(
        "noreply@eforms.calderbeck.example",
        "form-3@calderbeck.example",
        "New submission",
        more,
        &answers("Moe Fry", "moe@mail.example"),
    );
    assert!(council.arrives(COMPLAINTS, &raw).await.is_empty());
    let case = council.newest().await;
    assert_eq!((case.family.as_deref(), case.people.email.as_str()), (Some("Moe Fry"), "moe@mail.example"));
    assert!(case.people.unsure.as_ref().unwrap().contains("not on the list"));
    council.act(&case, DeskAction::SetComplainant(whom("Moe Fry", "moe@mail.example"))).await.unwrap();
    to(&council.letters().await, "moe@mail.example");
    // Listed and forged: nobody hears.
    let forged = format!("{}Reply-To: victim@mail.example\n", received("dmarc=fail header.from=calderbeck.example"));
    let raw = to_us(
        "forms@calderbeck.example",
        "form-4@evil.example",
        "New submission",
        &forged,
        &answers("Vic", "victim@mail.example"),
    );
    assert!(council.arrives(COMPLAINTS, &raw).await.is_empty());
}

async fn who_speaks_for_a_family_is_answered_in_their_place(council: &Council) {
    let words = "This lady stopped me at the shop and has now written. Could you see what can be done?\n\n---------- Forwarded message ---------\n\
                 From: Nia Okon <nia@mail.example>\nDate: Tue, 17 Nov 2026 at 14:02\nSubject: please help\nTo: <pat@ward.example>\n\nThe contact centre moved and I miss every second visit.";
    let raw = to_us("Cllr Pat Stone <pat@ward.example>", "pat-1@ward.example", "Fwd: please help", "", words);
    let letters = council.arrives(COMPLAINTS, &raw).await;
    assert_eq!(recipients(&letters), ["pat@ward.example"], "nobody is written to because somebody names them");
    let case = council.newest().await;
    assert_eq!((case.family.as_deref(), case.people.through_representative), (Some("Nia Okon"), true));
    assert_eq!(case.people.representative.as_deref(), Some("Cllr Pat Stone, pat@ward.example"));
    // Being named is no way in; the councillor answers, and that joins.
    let reply = letters[0].reply_to.clone().unwrap();
    council.arrives(COMPLAINTS, &mail("nia@mail.example", &reply, "nia-1@mail.example", "Re: x", "", "Hello?")).await;
    council
        .arrives(COMPLAINTS, &mail("pat@ward.example", &reply, "pat-2@ward.example", "Re: x", "", "Thank you."))
        .await;
    let shown = council.case(&case.reference).await;
    assert_eq!(shown.messages.iter().map(|message| message.unverified).collect::<Vec<_>>(), [false, true, false]);
    // An officer speaks with her: she is to be written to herself.
    council.act(&case, DeskAction::SetComplainant(whom("Nia Okon", "nia@mail.example"))).await.unwrap();
    let letters = council.letters().await;
    assert_eq!(recipients(&letters), ["nia@mail.example"]);
    let shown = council.case(&case.reference).await;
    assert!(!shown.people.through_representative && shown.people.representative.is_some());
    assert!(matches!(&shown.acknowledgement, Acknowledgement::Sent { to, .. } if to == "nia@mail.example"));
}

async fn reply_to_elsewhere_waits_for_a_look(council: &Council) {
    let more = "Reply-To: private@elsewhere.example\n";
    let raw = to_us(
        "Oona <oona@mail.example>",
        "oona-1@mail.example",
        "The plan",
        more,
        "I am unhappy: nobody rings me back.",
    );
    assert!(council.arrives(COMPLAINTS, &raw).await.is_empty());
    let case = council.newest().await;
    assert!(case.people.unsure.unwrap().contains("private@elsewhere.example"));
}

async fn several_families_at_once_are_kept_apart(council: &Council) {
    let attached = |from: &str, id: &str, words: &str| {
        format!(
            "--b\nContent-Type: message/rfc822\n\nFrom: {from}\nTo: jo.head@calderbeck.example\nSubject: Taxi\nMessage-ID: <{id}>\n\n{words}\n"
        )
    };
    let body = format!(
        "--b\nContent-Type: text/plain\n\nTwo for the log.\n{}{}--b--",
        attached("Quin <quin@mail.example>", "quin-1@mail.example", "Quincestrasse is never served."),
        attached("Rae <rae@mail.example>", "rae-1@mail.example", "Raspberry Road neither.")
    );
    let raw = to_us(HEAD, "two@calderbeck.example", "Two", "", &body)
        .replace("Content-Type: text/plain; charset=utf-8\n\n--b", "Content-Type: multipart/mixed; boundary=b\n\n--b");
    let before = council.cases().await;
    let letters = council.arrives(FORWARD, &raw).await;
    assert_eq!(
        recipients(&letters),
        ["jo.head@calderbeck.example"; 2],
        "a receipt for each, and no family before a look"
    );
    assert_eq!(council.cases().await, before + 2);
    for (name, words, other) in [("Quin", "Quincestrasse", "Raspberry"), ("Rae", "Raspberry", "Quincestrasse")] {
        let row = council.rows().await.into_iter().find(|row| row.family.as_deref() == Some(name)).unwrap();
        let case = council.case(&row.reference).await;
        let shown = format!("{:?}", case.messages);
        assert!(shown.contains(words) && !shown.contains(other), "{shown}");
        let address = format!("{}@mail.example", name.to_lowercase());
        council.act(&case, DeskAction::SetComplainant(whom(name, &address))).await.unwrap();
        let letters = council.letters().await;
        let theirs = to(&letters, &address);
        assert!(
            theirs.in_reply_to[0].starts_with(&name.to_lowercase()) && !format!("{theirs:?}").contains("two@"),
            "{theirs:?}"
        );
    }
    // The same forward again opens nothing and is told to nobody.
    assert!(council.arrives(FORWARD, &raw).await.is_empty());
    assert_eq!(council.cases().await, before + 2);
}

async fn a_wrong_address_is_corrected_and_told_once_more(council: &Council) {
    let forward = passed_on("From: Pia Marsh <pia.wrong@mail.example>");
    let letters =
        council.arrives(FORWARD, &to_us(HEAD, "fw-pia@calderbeck.example", "FW: No taxi", "", &forward)).await;
    let first = to(&letters, "pia.wrong@mail.example").clone();
    let case = council.newest().await;
    council.act(&case, DeskAction::SetComplainant(whom("Pia Marsh", "pia@mail.example"))).await.unwrap();
    let letters = council.letters().await;
    assert_eq!(recipients(&letters), ["pia@mail.example"]);
    assert_ne!(letters[0].message_id, first.message_id);
    let shown = council.case(&case.reference).await;
    assert!(matches!(&shown.acknowledgement, Acknowledgement::Sent { to, .. } if to == "pia@mail.example"));
    assert_eq!(council.rows().await.iter().filter(|row| row.reference == case.reference).count(), 1);
    // Whoever got the first letter is nobody in the case.
    let reply = first.reply_to.unwrap();
    council
        .arrives(
            COMPLAINTS,
            &mail("pia.wrong@mail.example", &reply, "wrong-1@mail.example", "Re: x", "", "Who is this?"),
        )
        .await;
    assert!(council.case(&case.reference).await.messages[1].unverified);
}
