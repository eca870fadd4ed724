//! Invented cases of an invented council, as they stand on Friday 20 November 2026 at half past ten.

use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc, Weekday};
use heard::{
    ids::{CaseReference, Uuid},
    labelling::labels::{Act, Procedure, Suggestion, Theme},
    web::{
        joint_views::{JointCase, JointComplaint, JointOfCase, Joints, SuggestedJoint},
        people::People,
        safeguarding::{AlertsUnread, ProtectionView},
        views::*,
    },
};

pub fn now() -> DateTime<Utc> {
    at("2026-11-20T10:30:00Z")
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Working days from today to `day` (weekends only; these weeks have no holiday).
pub fn days(day: NaiveDate) -> i64 {
    let today = now().date_naive();
    let (from, to, sign) = if day < today { (day, today, -1) } else { (today, day, 1) };
    let between = from.iter_days().skip(1).take_while(|day| *day <= to);
    sign * between.filter(|day| !matches!(day.weekday(), Weekday::Sat | Weekday::Sun)).count() as i64
}

fn due(what: &str, on: &str, done_at: Option<&str>, rule: &str, source: &str) -> Due {
    let on = on.parse().unwrap();
    Due {
        what: what.into(),
        on,
        working_days_left: days(on),
        done_at: done_at.map(at),
        rule: rule.into(),
        source: source.into(),
    }
}

fn suggestion(act: Act, sure: f64, safeguarding: f64, procedure: Procedure, theme: Theme, because: &str) -> Suggestion {
    let rest = (1.0 - sure) / 6.0;
    Suggestion {
        model: "e5-small-0a1b2c3d+heads-3f2a9c41".into(),
        act,
        act_scores: Act::ALL.iter().map(|other| if *other == act { sure } else { rest }).collect(),
        dissatisfied: (sure + 0.04).min(0.997),
        safeguarding,
        procedure,
        theme,
        themes: vec![],
        child_author: 0.02,
        on_behalf: 0.02,
        danger: None,
        language: None,
        because: because.into(),
    }
}

fn message(author: &str, address: &str, received: &str, subject: &str, text: &str, found_in: &str) -> MessageView {
    MessageView {
        author: (!author.is_empty()).then(|| author.to_owned()),
        address: address.into(),
        received_at: at(received),
        subject: subject.into(),
        text: text.into(),
        quoted: String::new(),
        forwarded: None,
        attachments: Vec::new(),
        found_in: vec![found_in.into()],
        relation: "Opened this case".into(),
        unverified: false,
        automatic: String::new(),
        sealed: None,
        in_part: None,
        id: Uuid::from_u128(600),
        doubt: String::new(),
    }
}

/// A file; with the number 0 it cannot be opened.
fn file(number: u128, name: &str, kind: &str, size: u64, standing: FileStanding, note: &str) -> AttachmentView {
    AttachmentView {
        id: (number > 0).then(|| Uuid::from_u128(number)),
        name: name.into(),
        inside: None,
        kind: kind.into(),
        size,
        standing,
        note: note.into(),
        shown: String::new(),
    }
}

fn opened(received: DateTime<Utc>, how: &str) -> Vec<HistoryEntry> {
    let entry = |title: &str, seconds, detail: &str| HistoryEntry {
        title: title.into(),
        by: "Heard".into(),
        at: received + TimeDelta::seconds(seconds),
        detail: detail.into(),
    };
    vec![
        entry("Acknowledgement sent", 9, "With the reference, the date of the answer and who to ask."),
        entry("Case opened", 4, how),
        entry("Message received", 0, ""),
    ]
}

#[allow(clippy::too_many_arguments)]
fn case(
    number: u32,
    family: &str,
    message: MessageView,
    suggestion: Suggestion,
    dues: Vec<Due>,
    acknowledgement: Acknowledgement,
) -> CaseView {
    CaseView {
        reference: CaseReference { year: 2026, number }.to_string(),
        anonymised_at: None,
        version: 3,
        family: Some(family.into()).filter(|name: &String| !name.is_empty()),
        people: People { name: family.into(), email: message.address.clone(), ..People::default() },
        sorting: Sorting::default(),
        joint: JointOfCase::default(),
        subjects: vec![],
        answer: AnswerView { may_write: true, ..AnswerView::default() },
        course: CourseView { state: "at stage 1", stage: 1, ..CourseView::default() },
        contacts: vec![("Email".into(), message.address.clone())],
        status: CaseStatus::ToConfirm,
        act: suggestion.act,
        procedure: suggestion.procedure,
        theme: suggestion.theme,
        childs_own: false,
        safeguarding: suggestion.safeguarding > 0.5,
        protection: ProtectionView {
            unread_since: Some(message.received_at).filter(|_| suggestion.safeguarding > 0.5),
            alerted: true,
            ..ProtectionView::default()
        },
        received_at: message.received_at,
        found_in: message.found_in[0].clone(),
        assigned_to: None,
        history: opened(message.received_at, "From the first message. Nobody with this address has an open case."),
        messages: vec![message],
        suggestion: Some(suggestion),
        matched_because: "nobody with this address or name has an open case.".into(),
        dues,
        acknowledgement,
        promises: Vec::new(),
        documents: DocumentsView::default(),
        contributions: vec![],
        papers: vec![],
        undo: None,
        looked: vec![],
    }
}

fn statutory(acknowledge: &str, acknowledged: Option<&str>, answer: &str) -> Vec<Due> {
    vec![
        due("Acknowledge", acknowledge, acknowledged, "3 working days from receipt", "Haverwick's own standard"),
        due("Answer at stage 1", answer, None, "10 working days from receipt", "SI 2006/1738, regulation 14(1)"),
    ]
}

fn corporate(acknowledge: &str, acknowledged: Option<&str>, answer: &str) -> Vec<Due> {
    vec![
        due(
            "Acknowledge",
            acknowledge,
            acknowledged,
            "5 working days from receipt",
            "Ombudsman's Complaint Handling Code, 5.1",
        ),
        due(
            "Answer at stage 1",
            answer,
            None,
            "10 working days from the acknowledgement",
            "Ombudsman's Complaint Handling Code, 5.2",
        ),
    ]
}

fn sent(to: &str, when: &str) -> Acknowledgement {
    Acknowledgement::Sent { to: to.into(), at: at(when), note: String::new() }
}

pub fn all() -> Vec<CaseView> {
    let mut cases = vec![
        rich_case(),
        safeguarding_case(),
        forwarded_case(),
        chat_case(),
        corrected_case(),
        by_hand_case(),
        phone_note_case(),
    ];
    let names = "Adeyemi Blackwood Castellanos Dunmore Eriksen Farouk Garside Hallworth Iqbal Jessop Kowalczyk \
                 Lockhart Mbeki Nightingale O'Rourke Pemberton Qureshi Ravenscroft Szymanska Thackeray Usman \
                 Vasquez Whitlock Yarrow";
    let topics = [
        ("School transport still not arranged", Act::Complaint, Procedure::Corporate, Theme::Transport),
        ("EHCP draft six weeks late", Act::Complaint, Procedure::Corporate, Theme::Delay),
        ("No reply to three calls", Act::Concern, Procedure::Statutory, Theme::Communication),
        ("Social worker's report about us is wrong", Act::Complaint, Procedure::Statutory, Theme::QualityOfAssessment),
        ("Family time cancelled again", Act::Complaint, Procedure::Statutory, Theme::ContactAndFamilyTime),
        ("Short breaks money not paid", Act::Concern, Procedure::Unclear, Theme::Finance),
    ];
    let mailboxes = ["Complaints", "SEND complaints", "Head of safeguarding's inbox", "Complaints"];
    for (index, name) in names.split_whitespace().enumerate() {
        let number = 43 + index as u32;
        let (subject, act, procedure, theme) = topics[index % topics.len()];
        let received = now() - TimeDelta::hours(7 + 19 * index as i64);
        let ends = |days: i64| (received + TimeDelta::days(days)).date_naive().to_string();
        let address = format!("{}@mail.example", name.to_lowercase().replace('\'', ""));
        let mut text = message(
            &format!("J. {name}"),
            &address,
            &received.to_rfc3339(),
            subject,
            "Please can somebody tell me what is happening. I have been waiting and nobody gets back to me.",
            mailboxes[index % mailboxes.len()],
        );
        text.found_in = vec![mailboxes[index % mailboxes.len()].into()];
        // One that is kept for a look, although most messages like it are no dissatisfaction.
        let sure = if name == "Dunmore" { 0.17 } else { 0.62 + 0.014 * index as f64 };
        let because = "I have been waiting and nobody gets back to me.";
        let suggestion = suggestion(act, sure, 0.02, procedure, theme, because);
        let dues = if procedure == Procedure::Corporate {
            corporate(&ends(7), None, &ends(21))
        } else {
            statutory(&ends(5), None, &ends(14))
        };
        let mut view = case(number, name, text, suggestion, dues, sent(&address, &received.to_rfc3339()));
        view.dues[0].done_at = (index % 5 != 4).then_some(received);
        if index % 3 == 1 {
            view.status = CaseStatus::Open;
            view.undo = Some(Undo { what: "Confirmed as a complaint".into(), by: None });
        }
        if index % 4 == 1 {
            let (id, name) = if index % 8 == 1 { (1, "Rowan Bell") } else { (2, "Sam Morgan") };
            view.assigned_to = Some(OfficerName { id: Uuid::from_u128(id), name: name.into() });
        }
        cases.push(view);
    }
    let mut hidden = cases[0].clone();
    hidden.reference = CaseReference { year: 2026, number: 900 }.to_string();
    hidden.family = Some("Excluded".into());
    cases.push(hidden);
    cases
}

/// With a reply that quotes, an attachment, and the same message in two inboxes.
fn rich_case() -> CaseView {
    let because = "I have rung six times and nobody has ever called me back.";
    let mut first = message(
        "Amara Okafor",
        "amara.okafor@mail.example",
        "2026-11-18T19:42:00Z",
        "Kelechi's plan – STILL nothing",
        "Hello,\n\nI am writing about my son Kelechi, who is 9. The assessment was finished on 2 September and we were \
         told the plan would be with us in two weeks. It is now the middle of November.\n\nI have rung six times and \
         nobody has\never called me back. The last person I spoke to said Mrs Tolland was on leave and that nobody \
         else could look at it. He is out of school and I have had to stop working.\n\nI want to make a formal \
         complaint. I want somebody to tell me when the plan will come.\n\nAmara Okafor\n01632 960 483",
        "Complaints",
    );
    first.found_in.push("Assistant director's inbox".into());
    first.attachments = vec![
        file(91, "letter 2 September.pdf", "PDF document", 184_220, FileStanding::Clean, ""),
        file(
            92,
            "IMG_2291.jpeg",
            "Photo or picture (JPEG)",
            2_410_000,
            FileStanding::NotScanned,
            "No virus scanner has looked at it.",
        ),
        file(
            0,
            "read me.js",
            "Text",
            812,
            FileStanding::Refused,
            "Not kept: files that end in .js can run on the computer that opens them.",
        ),
        file(
            0,
            "holiday.zip",
            "ZIP archive",
            91_000,
            FileStanding::Infected,
            "The virus scanner found Eicar-Test. It cannot be opened.",
        ),
        AttachmentView {
            shown: "An invitation\nWhat: Review of the plan\nWhen: Friday 20 November 2026, 2:00pm to 3:30pm".into(),
            inside: Some("winmail.dat".into()),
            ..file(93, "invite.ics", "Calendar entry", 1_024, FileStanding::Clean, "")
        },
    ];
    let mut reply = message(
        "Amara Okafor",
        "amara.okafor@mail.example",
        "2026-11-19T08:05:00Z",
        "Re: We have your complaint",
        "Thank you for answering so fast. I forgot to say: school have offered two mornings a week but only if the \
         plan is in place. <b>Please</b> tell whoever gets this.",
        "Complaints",
    );
    reply.relation = "Reply to our acknowledgement".into();
    reply.quoted = "On Wed, 18 Nov 2026 at 19:43, Haverwick Council wrote:\n> Dear Amara Okafor,\n> We have your \
                    complaint and have given it the reference above."
        .into();
    let suggestion =
        suggestion(Act::Complaint, 0.93, 0.06, Procedure::Corporate, Theme::ProvisionNotDelivered, because);
    let mut view = case(
        42,
        "Okafor",
        first,
        suggestion,
        corporate("2026-11-25", Some("2026-11-18T19:43:00Z"), "2026-12-02"),
        sent("amara.okafor@mail.example", "2026-11-18T19:43:00Z"),
    );
    let looked = |name: &str, role, gone, last: &str, times| Looked {
        name: name.into(),
        role,
        gone,
        first_at: at("2026-11-19T08:30:00Z"),
        last_at: at(last),
        times,
    };
    view.looked = vec![
        looked("Rowan Bell", "Complaints officer", false, "2026-11-20T10:30:00Z", 4),
        looked("Jo Penrose", "Complaints manager", true, "2026-11-19T08:30:00Z", 1),
    ];
    let mut stranger = message(
        "Lee Marsh",
        "lee.marsh@elsewhere.example",
        "2026-11-20T09:40:00Z",
        "Re: We have your complaint",
        "Hi, I am helping Amara with this. What has happened so far?",
        "Complaints",
    );
    stranger.relation = "To verify".into();
    stranger.unverified = true;
    let mut sealed = message(
        "Amara Okafor",
        "amara.okafor@mail.example",
        "2026-11-20T10:02:00Z",
        "For your eyes only",
        "",
        "Complaints",
    );
    sealed.relation = "Joined this case: it comes from the same family".into();
    sealed.sealed =
        Some("Encrypted: it cannot be read here. Ask the family to send it again without encryption.".into());
    stranger.id = Uuid::from_u128(601);
    stranger.doubt = "Points at this case, but its sender is no party to it.".into();
    let document = |number, name: &str, kind, standing, note: &str| DocumentView {
        id: Uuid::from_u128(number),
        kind,
        name: name.into(),
        is: "PDF document",
        size: 412_000,
        standing,
        open: standing == FileStanding::Clean,
        note: note.into(),
        at: at("2026-11-19T11:00:00Z"),
        by: "Rowan Bell".into(),
    };
    view.documents = DocumentsView {
        list: vec![
            document(701, "Investigation report.pdf", "Investigation report", FileStanding::Clean, ""),
            document(702, "Plan.pdf", "Other document", FileStanding::Closed, "It waits for the virus scanner."),
        ],
        may_add: true,
        largest_mb: 50,
        most: 50,
        kinds: vec![("investigation", "Investigation report"), ("other", "Other document")],
    };
    view.contacts.push(("Telephone, in the message".into(), "01632 960 483".into()));
    view.messages.extend([reply, stranger, sealed]);
    view.history.insert(
        0,
        HistoryEntry {
            title: "Reply joined this case".into(),
            by: "Heard".into(),
            at: at("2026-11-19T08:05:03Z"),
            detail: "It answers our acknowledgement and comes from the same address.".into(),
        },
    );
    view
}

fn safeguarding_case() -> CaseView {
    let text = message(
        "",
        "d.wrenfield@mail.example",
        "2026-11-20T09:14:00Z",
        "please read today",
        "I told the duty worker on Tuesday that her dad has been round the house again at night and that the girls \
         are scared to sleep. Nobody has come. I don't know what I am supposed to do if you won't listen.",
        "Head of safeguarding's inbox",
    );
    let suggestion =
        suggestion(Act::Concern, 0.71, 0.91, Procedure::Statutory, Theme::Communication, "Nobody has come.");
    let why = "It was found in a manager's inbox and Heard is not sure enough. It goes out when you confirm the case.";
    let mut view = case(
        41,
        "",
        text,
        suggestion,
        statutory("2026-11-25", None, "2026-12-04"),
        Acknowledgement::Held { why: why.into(), written: false },
    );
    view.history.remove(0);
    view.protection.next_at = Some(view.received_at + TimeDelta::minutes(30));
    view.protection.proposed_by = vec!["Dominic Okafor".into()];
    view
}

fn forwarded_case() -> CaseView {
    let mut text = message(
        "Priya Nair (team manager)",
        "priya.nair@haverwick.example",
        "2026-11-12T15:20:00Z",
        "Fwd: Contact on Saturdays",
        "One for you I think.",
        "Log a complaint",
    );
    text.forwarded = Some(ForwardedView {
        from: "Tomasz Zielinski <t.zielinski@mail.example>".into(),
        to: "Priya Nair".into(),
        date: "Thu 12 Nov 2026 11:02".into(),
        subject: "Contact on Saturdays".into(),
        text: "Three Saturdays now the contact was cancelled with one hour's notice. My daughter waits at the window. \
               I am not happy with how this is being handled and I want it looked into."
            .into(),
    });
    text.relation = "Passed on by a manager; opened this case".into();
    let because = "I am not happy with how this is being handled and I want it looked into.";
    let suggestion = suggestion(Act::Complaint, 0.88, 0.04, Procedure::Statutory, Theme::ContactAndFamilyTime, because);
    let mut view = case(
        38,
        "Zielinski",
        text,
        suggestion,
        statutory("2026-11-17", None, "2026-11-26"),
        Acknowledgement::CameBack {
            to: "t.zielinski@mail.example".into(),
            at: at("2026-11-12T15:20:09Z"),
            reported_at: at("2026-11-12T15:22:40Z"),
            why: "Nobody has this address.".into(),
            advice:
                "Look at the address for a slip of the keys. Ring them or write another way: they do not know that \
                     we have heard them. If you learn the right address, send it there."
                    .into(),
        },
    );
    view.history.remove(0);
    let mut report = message(
        "Mail Delivery System",
        "mailer-daemon@relay.example",
        "2026-11-12T15:22:40Z",
        "Undelivered Mail Returned to Sender",
        "I'm sorry to have to inform you that your message could not be delivered.",
        "Complaints",
    );
    report.relation = "Joined this case as a machine's message".into();
    report.automatic = "A mail system's report. What says so: a delivery report (RFC 3464).".into();
    view.messages.push(report);
    view.contacts = vec![("Email".into(), "t.zielinski@mail.example".into())];
    view
}

fn chat_case() -> CaseView {
    let text = message(
        "Shay",
        "Telegram chat",
        "2026-11-20T08:51:00Z",
        "",
        "hi is this where u complain. my PA keeps changing every month and no one asks me. im 17",
        "Telegram",
    );
    let because = "my PA keeps changing every month and no one asks me.";
    let suggestion = suggestion(Act::Complaint, 0.79, 0.11, Procedure::Statutory, Theme::Decision, because);
    let mut view = case(
        40,
        "Shay",
        text,
        suggestion,
        statutory("2026-11-25", Some("2026-11-20T08:51:05Z"), "2026-12-04"),
        sent("Telegram chat", "2026-11-20T08:51:05Z"),
    );
    view.contacts = vec![("Chat".into(), "Telegram".into())];
    view.childs_own = true;
    view
}

/// Whose complaint asks not to be answered by a machine.
fn by_hand_case() -> CaseView {
    let text = message(
        "Ivy Moss",
        "ivy.moss@firm.example",
        "2026-11-18T10:02:00Z",
        "Complaint for my client",
        "I act for the family and enclose their complaint about the review of the plan.",
        "Complaints",
    );
    let because = "I act for the family and enclose their complaint about the review of the plan.";
    let suggestion = suggestion(Act::Complaint, 0.93, 0.02, Procedure::Corporate, Theme::Decision, because);
    let why = "The message must not be answered by machine: X-Auto-Response-Suppress asks for no answer.";
    let dues = corporate("2026-11-25", None, "2026-12-02");
    let mut view = case(36, "Ivy Moss", text, suggestion, dues, Acknowledgement::ByHand { why: why.into() });
    view.history.remove(0);
    view.status = CaseStatus::Open;
    view.assigned_to = Some(OfficerName { id: Uuid::from_u128(2), name: "Sam Morgan".into() });
    view
}

/// Already decided by another officer, so that this officer may not undo it.
fn corrected_case() -> CaseView {
    let text = message(
        "Grace Hollins",
        "grace.hollins@mail.example",
        "2026-11-09T13:00:00Z",
        "Thank you",
        "Just to say that Dami has been brilliant with us this year. Not one complaint!",
        "Complaints",
    );
    let suggestion = suggestion(Act::Complaint, 0.55, 0.01, Procedure::None, Theme::Other, "Not one complaint!");
    let why = "It is not a complaint.";
    let mut view = case(37, "Hollins", text, suggestion, Vec::new(), Acknowledgement::NotNeeded { why: why.into() });
    view.act = Act::Compliment;
    view.status = CaseStatus::NotAComplaint;
    let by = OfficerName { id: Uuid::from_u128(2), name: "Sam Morgan".into() };
    view.undo = Some(Undo { what: "Not a complaint: compliment".into(), by: Some(by) });
    view.history.insert(
        0,
        HistoryEntry {
            title: "Not a complaint: compliment".into(),
            by: "Sam Morgan".into(),
            at: at("2026-11-09T13:31:00Z"),
            detail: "She is thanking a worker. Copied to the service manager.".into(),
        },
    );
    view
}

/// A manager's note of a call: whose complaint it is must be filled in.
fn phone_note_case() -> CaseView {
    let text = message(
        "Priya Nair (team manager)",
        "priya.nair@haverwick.example",
        "2026-11-20T09:55:00Z",
        "Log please",
        "Mrs Adeleke rang at half nine, very upset: the escort for the school taxi has changed three times since \
         September and nobody told her. She has no email. 01632 960 224.",
        "Log a complaint",
    );
    let because = "nobody told her.";
    let suggestion = suggestion(Act::Complaint, 0.81, 0.02, Procedure::Corporate, Theme::Transport, because);
    let why = "A member of staff wrote it: whose complaint it is has to be filled in.";
    let held = Acknowledgement::Held { why: why.into(), written: false };
    let mut view = case(35, "", text, suggestion, corporate("2026-11-27", None, "2026-12-11"), held);
    view.people = People {
        unsure: Some(why.into()),
        name: "Mrs Adeleke".into(),
        phone: "01632 960 224".into(),
        recorded_by: "Priya Nair (team manager)".into(),
        ..People::default()
    };
    view.sorting.may_belong = Some(OtherCase {
        reference: CaseReference { year: 2026, number: 42 }.to_string(),
        why: "It quotes that reference, but its sender is nobody in that case. They were told nothing about it.".into(),
        family: Some("Tunde Adeleke".into()),
        received_at: at("2026-11-19T07:52:00Z"),
        subject: "Taxi again".into(),
        text: "Third escort since September and nobody rang us before. He would not get in this morning.".into(),
        somebody_else: true,
        open: true,
    });
    view.contacts = Vec::new();
    view.history.remove(0);
    view
}

/// One suggestion and one joint complaint.
pub fn joints() -> Joints {
    let case = |number, family: &str, day, about: &str, because: &str, joint: Option<&str>| JointCase {
        reference: CaseReference { year: 2026, number }.to_string(),
        family: Some(family.to_owned()).filter(|family| !family.is_empty()),
        received_at: at(&format!("2026-11-{day}T08:10:00Z")),
        about: about.into(),
        because: because.into(),
        theme: Theme::Transport,
        status: CaseStatus::ToConfirm,
        joint: joint.map(str::to_owned),
    };
    Joints {
        suggestions: vec![SuggestedJoint {
            id: Uuid::from_u128(77),
            title: "Transport: S9, Brightway".into(),
            why: "3 families, 16 November to 18 November, all mainly about transport; they name S9, Brightway.".into(),
            joint: None,
            cases: vec![
                case(21, "Harrak", 16, "School bus", "The S9 did not come on Monday.", None),
                case(22, "", 17, "bus again", "no s9 again this morning", None),
                case(24, "Tregar", 18, "Complaint", "Brightway do not answer the telephone.", None),
            ],
        }],
        joints: vec![JointComplaint {
            reference: "JNT-26-0001".into(),
            title: "Placement: Larch House closing".into(),
            made_at: at("2026-11-12T14:00:00Z"),
            cases: vec![
                case(11, "Pemberton", 10, "Larch House", "", Some("JNT-26-0001")),
                case(12, "Mirza", 11, "the closure", "", Some("JNT-26-0001")),
            ],
        }],
    }
}

pub fn health(now: DateTime<Utc>) -> HealthView {
    let working = |name: &str, kind: &str, minutes| MailboxHealth {
        name: name.into(),
        kind: kind.into(),
        last_success_at: Some(now - TimeDelta::minutes(minutes)),
        waiting: 0,
        error: None,
        error_since: None,
        advice: String::new(),
        seen: Seen::default(),
    };
    HealthView {
        safeguarding: AlertsUnread {
            unread: 1,
            oldest: Some(now - TimeDelta::minutes(12)),
            at_once: 2,
            levels: 1,
        },
        mailboxes: vec![
            MailboxHealth {
                seen: Seen {
                    all: 412,
                    in_cases: 371,
                    filed: 36,
                    set_aside: 2,
                    unread: 1,
                    unreadable: 2,
                    oldest_unread: Some(now - TimeDelta::minutes(2)),
                    last_came_at: Some(now - TimeDelta::minutes(2)),
                    last_stored_at: Some(now - TimeDelta::minutes(1)),
                    ..Seen::default()
                },
                ..working("Complaints", "Complaints mailbox", 0)
            },
            working("SEND complaints", "Complaints mailbox", 1),
            MailboxHealth {
                seen: Seen { all: 4220, in_cases: 9, forgotten: 4211, ..Seen::default() },
                ..working("Assistant director's inbox", "Manager's mailbox, read only", 1)
            },
            MailboxHealth {
                waiting: 14,
                error_since: Some(now - TimeDelta::minutes(190)),
                error: Some("imap.haverwick.example refused the sign-in of head.safeguarding: password expired".into()),
                advice: "Set a new password for this account, put it in the settings, and run heard doctor.".into(),
                ..working("Head of safeguarding's inbox", "Manager's mailbox, read only", 190)
            },
            MailboxHealth { last_success_at: None, ..working("Telegram", "Chat", 0) },
        ],
        tokens: vec![
            TokenHealth {
                name: "exchange".into(),
                used_by: "Complaints, SEND complaints, sending".into(),
                refreshed_at: Some(now - TimeDelta::minutes(12)),
                ends_at: Some(now + TimeDelta::minutes(48)),
                error: None,
                error_since: None,
                advice: String::new(),
            },
            TokenHealth {
                name: "gmail".into(),
                used_by: "Head of safeguarding's inbox".into(),
                refreshed_at: Some(now - TimeDelta::minutes(190)),
                ends_at: Some(now - TimeDelta::minutes(130)),
                error: Some(
                    "No sign-in token: the refresh token has expired or was withdrawn (oauth2.googleapis.com: invalid_grant)."
                        .into(),
                ),
                error_since: Some(now - TimeDelta::minutes(130)),
                advice: "Sign in to the mailbox again, and put the new refresh token into its file.".into(),
            },
        ],
        alerts: AlertsHealth {
            channels: vec!["Telegram".into(), "Webhook".into()],
            open: vec![OpenAlert {
                what: "Sign-in with \"gmail\" has not worked".into(),
                since: now - TimeDelta::minutes(130),
                told_at: Some(now - TimeDelta::minutes(128)),
            }],
        },
        unread: 1,
        forgotten: 4_211,
        outbox: OutboxHealth {
            last_error: Some("smtp.haverwick.example does not answer: the connection timed out.".into()),
            advice:
                "Check the mail server's name and port in [sending], and that a firewall lets this machine through."
                    .into(),
            waiting: 2,
            oldest_waiting_at: Some(now - TimeDelta::minutes(3)),
            held: 1,
            failed: 1,
            bounced: 1,
            stopped: false,
        },
        quarantined: 2,
        model: "e5-small-0a1b2c3d+heads-3f2a9c41".into(),
        model_error: None,
        calendar: CalendarHealth {
            known_until: chrono::NaiveDate::from_ymd_opt(2030, 12, 31).unwrap(),
            runs_out: false,
            given: 0,
        },
        files: FilesHealth {
            waiting: 1,
            failed: 1,
            scanner: true,
            not_scanned: 3,
            infected: 2,
            faults: vec![
                "The virus scanner at 127.0.0.1:3310 does not answer (connection refused). Remedy: start clamd there, or correct \
                 [files] clamd; files stay closed until they are scanned"
                    .into(),
            ],
        },
    }
}
