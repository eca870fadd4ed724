//! A statutory complaint from the acknowledgement to the answer at stage 3 and the Ombudsman, a corporate one to stage 2, and what
//! comes between: by the actions of officers, with a clock that is set, every letter as it goes out. On SQLite and (where
//! `HEARD_TEST_POSTGRES` names a server) on Postgres.

use crate::{
    council::{Council, at, mail, on_both, suggestion},
    databases::Database,
    outloud,
};
use chrono::{DateTime, NaiveDate, Utc};
use heard::{
    casework::Given,
    ids::CaseReference,
    labelling::labels::{Act, Procedure, Theme},
    procedure::{
        documents::DocumentKind,
        event::{
            Appointee, Capacity, Finding, Format, Freeze, OmbudsmanDecision, Point, PointOutcome, Points, Post,
            RefusedBecause, Report, Step, Taken, Works,
        },
    },
    replies::{courier::Outgoing, paper, render::Rendered, tracking::shown},
    web::{
        desk::{About, Desk, DeskAction, DeskError, NewDocument, StepLetter},
        views::CaseView,
    },
};
use letterpress::Print;

on_both! {
    a_statutory_complaint_goes_through_three_stages_to_the_ombudsman statutory_on_postgres;
    a_corporate_complaint_goes_through_two_stages corporate_on_postgres;
    what_waits_is_withdrawn_or_refused_is_told_with_reasons_and_goes_on_again waits_on_postgres;
    nobody_deals_with_two_stages_and_nothing_is_left_out independent_on_postgres;
    who_complains_and_how_they_want_to_be_written_to_is_kept people_on_postgres;
}

const NOOR: &str = "Noor Haddad <noor@mail.example>";

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// A case, and the time it is.
struct Story {
    council: Council,
    case: CaseReference,
    now: DateTime<Utc>,
}

impl Story {
    async fn begin(council: Council, procedure: Procedure) -> Self {
        let raw = mail(NOOR, "noor-1", "Nobody rings", "", "Nobody has rung me back since May about the plan.");
        let said = suggestion(Act::Complaint, 0.97, 0.02, procedure, Theme::Communication);
        council.arrives("complaints", &raw, "2026-11-16T09:00:00Z", &said).await;
        let case = council.reference("Noor").await;
        let mut story = Self { council, case, now: at("2026-11-16T10:00:00Z") };
        let nature = DeskAction::Reclassify { act: Act::Complaint, procedure, theme: Theme::Communication };
        story.does(nature).await.unwrap();
        story
    }

    fn on(&mut self, day: &str) {
        self.now = at(&format!("{day}T10:00:00Z"));
    }

    async fn case(&self) -> CaseView {
        self.council.desk.case(self.case, &self.council.bell, self.now).await.unwrap()
    }

    async fn does(&mut self, action: DeskAction) -> Result<(), DeskError> {
        let version = self.case().await.version;
        let who = &self.council.bell;
        self.council.desk.act(self.case, who, version, action, self.now).await.map(|_| ())
    }

    /// The complaints manager does it.
    async fn manager_does(&mut self, step: Step) -> Result<(), DeskError> {
        let version = self.case().await.version;
        let action = DeskAction::Step { step: Box::new(step), given: Given::Letter };
        self.council.desk.act(self.case, &self.council.morgan, version, action, self.now).await.map(|_| ())
    }

    /// A step that is for the file.
    async fn notes(&mut self, step: Step) {
        self.tries(step, Given::Nobody).await.unwrap();
    }

    /// A step that the family is told of by our letter.
    async fn tells(&mut self, step: Step) {
        // What is shown before is what goes out.
        let shown = self
            .council
            .desk
            .step_letter(self.case, &self.council.bell, (About::Step(&step), None), self.now)
            .await
            .unwrap();
        let StepLetter::Goes { letter, .. } = shown else { panic!("{shown:?}") };
        self.tries(step, Given::Letter).await.unwrap();
        let texts = "SELECT message ->> 'text' FROM outbox ORDER BY queued_at DESC, id DESC LIMIT 1";
        assert_eq!(self.council.database.texts(texts).await, [letter.text]);
    }

    async fn tries(&mut self, step: Step, given: Given) -> Result<(), DeskError> {
        self.does(DeskAction::Step { step: Box::new(step), given }).await
    }

    async fn refuses(&mut self, step: Step, given: Given, says: &str) {
        let answer = self.tries(step, given).await;
        let Err(DeskError::Refused(why)) = answer else { panic!("{answer:?}") };
        // A refusal is shown as a sentence.
        assert!(why.to_lowercase().contains(&says.to_lowercase()), "{why}");
    }

    async fn appoints(&mut self, post: Post, name: &str, works: Works) {
        self.notes(Step::Appointed { post, person: person(name, works) }).await;
    }

    async fn answers(&mut self, outcome: PointOutcome) {
        let mut found = found(outcome);
        if let DeskAction::SetPoints(points) = &mut found {
            points.with_independent = self.case().await.course.stage == 3;
        }
        if !matches!(&found, DeskAction::SetPoints(points) if **points == self.case().await.answer.points) {
            self.does(found).await.unwrap();
        }
        self.does(DeskAction::Answer { given: Given::Letter }).await.unwrap();
    }

    /// Both reports of stage 2 are added to the documents of the case.
    async fn adds_reports(&self) {
        for report in [Report::Investigation, Report::Independent] {
            let (kind, bytes) = (DocumentKind::Report(report), format!("%PDF-1.7 {report:?}").into_bytes().into());
            let document = NewDocument { kind, name: String::new(), file_name: "report.pdf".into(), bytes };
            self.council.desk.add_document(self.case, &self.council.bell, document, self.now).await.unwrap();
        }
    }

    /// The date that lists show.
    async fn due(&self) -> String {
        let texts = "SELECT due_duty || ' ' || CAST(due_on AS TEXT) FROM case_file";
        self.council.database.texts(texts).await.remove(0)
    }

    /// The stage and the duty as other programs see them.
    async fn exported(&self) -> (u8, String) {
        let mut tx = self.council.database.store.begin_read().await.unwrap();
        let case = heard::reports::export::cases(&mut tx).await.unwrap().remove(0);
        (case.stage, case.due.rule)
    }

    /// Every letter to the family, printed: the checker finds nothing in any of them.
    async fn are_accessible_on_paper(&self) {
        const LETTERS: &str =
            "SELECT CAST(message AS TEXT) FROM outbox WHERE recipient = 'noor@mail.example' ORDER BY queued_at, id";
        let folder = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (number, message) in (1..).zip(self.council.database.texts(LETTERS).await) {
            let sent: Outgoing = serde_json::from_str(&message).unwrap();
            let letter = Rendered { subject: sent.subject, text: sent.text, html: sent.html };
            let letter = paper::letter(&letter, "Calderbeck Council", &self.case.to_string(), day("2026-11-23"));
            let file = folder.path().join(format!("{number}.pdf"));
            std::fs::write(&file, letterpress::typeset(&letter, Print::Normal).unwrap()).unwrap();
            files.push(file);
        }
        assert!(files.len() > 2, "{}", files.len());
        outloud::passes(folder.path(), &files);
    }

    /// Every letter to the family, in the order in which it went out.
    async fn letters(&self) -> String {
        const LETTERS: &str =
            "SELECT kind || ', ' || substr(CAST(queued_at AS TEXT), 1, 10) || '|' || (message ->> 'subject') || '|'
          || (message ->> 'text') FROM outbox WHERE recipient = 'noor@mail.example' ORDER BY queued_at, id";
        let letters = self.council.database.texts(LETTERS).await;
        letters.iter().map(|letter| shown(letter).replacen('|', "\n", 2)).collect::<Vec<_>>().join("\n=====\n\n")
    }
}

fn person(name: &str, works: Works) -> Appointee {
    let inside = works != Works::Outside;
    let email =
        if inside { format!("{}@calderbeck.example", name.to_lowercase().replace(' ', ".")) } else { String::new() };
    Appointee { name: name.into(), email, works, unconnected: !inside, reason: String::new() }
}

fn found(outcome: PointOutcome) -> DeskAction {
    let finding = Finding {
        outcome,
        reasons: "Four calls are in the log, and none was returned.".into(),
        evidence: "The telephone log of the team.".into(),
        remedy: "A named worker rings every Friday.".into(),
        learning: "A manager looks at open calls each morning.".into(),
    };
    let point = Point { text: "Nobody rings back.".into(), finding: Some(finding), ..Point::default() };
    let opening = "I am sorry that nobody rang you.".to_owned();
    DeskAction::SetPoints(Box::new(Points { opening, points: vec![point], ..Points::default() }))
}

fn asks(on: &str) -> Step {
    Step::NextStageAsked { on: day(on), how: "By email: I do not accept this.".into(), because: String::new() }
}

mod stories {
    use super::*;

    pub async fn a_statutory_complaint_goes_through_three_stages_to_the_ombudsman(council: Council) {
        let mut story = Story::begin(council, Procedure::Statutory).await;
        assert_eq!(story.due().await, "S1-10 2026-11-30");
        story.tells(Step::RouteTold { reasons: "It is about the plan for a child in need.".into() }).await;
        story.on("2026-11-27");
        let reason = "Two people are away until 1 December.".to_owned();
        story.does(DeskAction::Extend { reason, given: Given::Letter }).await.unwrap();
        assert_eq!(story.due().await, "S1-20 2026-12-14");
        story.on("2026-12-11");
        story.appoints(Post::Responder, "Martin Lesk", Works::ChildrensServices).await;
        story.answers(PointOutcome::PartlyUpheld).await;
        assert_eq!(story.due().await, "S2-REQ-20 2027-01-13");

        // Stage 2.
        story.on("2027-01-06");
        story.refuses(asks("2026-12-10"), Given::Letter, "before they had the answer").await;
        story.tells(asks("2027-01-05")).await;
        assert_eq!(story.due().await, "S2-25 2027-02-09");
        let shown = story.case().await;
        assert_eq!((shown.course.state, shown.course.stage), ("at stage 2", 2));
        assert!(shown.answer.points.points[0].finding.is_none(), "stage 2 looks at it anew");
        assert_eq!(
            shown.course.earlier[0].points.points[0].finding.as_ref().unwrap().outcome,
            PointOutcome::PartlyUpheld
        );
        story.refuses(Step::StatementAgreed { on: day("2027-01-06") }, Given::Letter, "an investigating officer").await;
        story.appoints(Post::InvestigatingOfficer, "Ines Calloway", Works::Council).await;
        story.appoints(Post::IndependentPerson, "Tunde Afolabi", Works::Outside).await;
        story.on("2027-01-12");
        story.tells(Step::StatementAgreed { on: day("2027-01-12") }).await;
        // Both starts are shown; the earlier one counts.
        let dues: Vec<String> =
            story.case().await.dues.iter().map(|due| format!("{} {}", due.source, due.on)).collect();
        assert!(
            dues.contains(&"S2-25 2027-02-09".to_owned()) && dues.contains(&"S2-25 2027-02-16".to_owned()),
            "{dues:?}"
        );
        story.on("2027-02-08");
        let reason = "One of the people we must hear is in hospital.".to_owned();
        story.does(DeskAction::Extend { reason, given: Given::Letter }).await.unwrap();
        assert_eq!(story.due().await, "S2-65 2027-04-08");
        story.on("2027-03-22");
        for report in [Report::Investigation, Report::Independent] {
            story.notes(Step::ReportCame { report, on: day("2027-03-22") }).await;
        }
        story.does(found(PointOutcome::NotUpheld)).await.unwrap();
        let lacking = story.case().await.answer.lacking.join(" ");
        assert!(lacking.contains("Appoint an adjudicating officer first"), "{lacking}");
        story.appoints(Post::Adjudicator, "Nikhil Rao", Works::ChildrensServices).await;
        // The letter says that they get both reports, so it does not go without them.
        let letter = DeskAction::Answer { given: Given::Letter };
        let answer = story.does(letter).await;
        assert!(matches!(&answer, Err(DeskError::Refused(why)) if why.contains("both reports")), "{answer:?}");
        story.adds_reports().await;
        story.answers(PointOutcome::NotUpheld).await;
        let with: Vec<_> = story.case().await.papers.into_iter().flat_map(|letter| letter.with).collect();
        let names: Vec<_> = with.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["Investigation report.pdf", "Independent person’s report.pdf"]);
        assert_eq!(story.due().await, "S3-REQ-20 2027-04-21");

        // Stage 3.
        assert_eq!(story.exported().await, (2, "S3-REQ-20".to_owned()));
        story.on("2027-04-12");
        story.tells(asks("2027-04-09")).await;
        assert_eq!(story.due().await, "S3-PANEL-30 2027-05-24");
        let early = Step::PanelFixed { on: day("2027-05-19"), place: "At 10am in the Town Hall, room 4.".into() };
        story.refuses(early.clone(), Given::Letter, "a chair of the panel").await;
        story.appoints(Post::PanelChair, "Cora Whitlock", Works::Outside).await;
        story.appoints(Post::PanelMember, "Ben Achterberg", Works::Outside).await;
        story.appoints(Post::PanelMember, "Dee Okonjo", Works::Outside).await;
        let too_soon = Step::PanelFixed { on: day("2027-04-20"), place: "x".into() };
        story.refuses(too_soon, Given::Letter, "S3-PAPERS-10").await;
        story.tells(early).await;
        story.on("2027-05-04");
        story.refuses(Step::PanelHeld { on: day("2027-05-04") }, Given::Nobody, "before the day that was fixed").await;
        let papers = "The complaint and the letters\nThe report of stage 2\nThe independent person’s report".to_owned();
        story.tells(Step::PapersSent { on: day("2027-05-04"), papers }).await;
        story.on("2027-05-19");
        story.notes(Step::PanelHeld { on: day("2027-05-19") }).await;
        assert_eq!(story.due().await, "S3-REPORT-5 2027-05-26");
        story.on("2027-05-25");
        let recommendations = "Say sorry in person.\nPay for the lost days.".to_owned();
        story.notes(Step::PanelReported { on: day("2027-05-25"), recommendations }).await;
        assert_eq!(story.due().await, "S3-RESP-15 2027-06-16");
        let lacking = story.case().await.answer.lacking.join(" ");
        assert!(lacking.contains("recommendation 1") && lacking.contains("recommendation 2"), "{lacking}");
        assert!(lacking.contains("together with the independent person of stage 2"), "{lacking}");
        let take = |action, taken, reasons: &str| Step::RecommendationTaken {
            action,
            taken,
            reasons: reasons.into(),
            owner: "Nikhil Rao".into(),
            due: Some(day("2027-06-30")),
        };
        story.notes(take(1, Taken::Accepted, "")).await;
        story.refuses(take(2, Taken::Rejected, " "), Given::Nobody, "the reasons for not doing all of it").await;
        story.notes(take(2, Taken::Rejected, "The days were made up for in May.")).await;
        story.on("2027-06-14");
        story.answers(PointOutcome::PartlyUpheld).await;
        let answer = story.case().await.answer.given.unwrap();
        assert_eq!(answer.ask_by, None, "there is no fourth stage");
        story.refuses(asks("2027-06-14"), Given::Letter, "not now: the case is answered at stage 3").await;

        // What was promised is done, and the Ombudsman decides.
        story.on("2027-06-28");
        let evidence = "Nikhil Rao met you on 25 June.".to_owned();
        story.tells(Step::ActionDone { action: 1, on: day("2027-06-25"), evidence }).await;
        story.does(DeskAction::Close { reason: "All stages are done.".into() }).await.unwrap();
        story.tells(Step::ClosureTold).await;
        story.on("2027-09-01");
        let reference = "27 000 000".to_owned();
        story.notes(Step::ToOmbudsman { reference, on: day("2027-08-30"), enquiry_due: Some(day("2027-09-20")) }).await;
        assert!(story.case().await.course.notes.iter().any(|note| note.contains("27 000 000")));
        story.on("2027-11-15");
        let decision = Step::OmbudsmanDecided {
            on: day("2027-11-12"),
            decision: OmbudsmanDecision::Upheld,
            remedies: "Pay £250 for the lost days.".into(),
            due: Some(day("2027-12-10")),
        };
        story.notes(decision).await;
        let actions = story.case().await.course.actions;
        assert_eq!((actions.len(), actions[2].from, actions[2].open), (3, "Wanted by the Ombudsman", true));
        let due = story.case().await.dues.iter().any(|due| due.on == day("2027-12-10") && due.done_at.is_none());
        assert!(due, "a closed case keeps the dates of what was promised");
        story.notes(Step::ActionDone { action: 3, on: day("2027-11-15"), evidence: "Paid.".into() }).await;
        story.are_accessible_on_paper().await;
        let letters = story.letters().await;
        insta::allow_duplicates! { insta::assert_snapshot!("the_letters_of_a_statutory_complaint", letters) };
        let history: Vec<String> =
            story.case().await.history.iter().rev().map(|one| format!("{}: {}", one.title, one.detail)).collect();
        insta::allow_duplicates! { insta::assert_snapshot!("the_history_of_a_statutory_complaint", history.join("\n")) };
    }

    pub async fn a_corporate_complaint_goes_through_two_stages(council: Council) {
        let mut story = Story::begin(council, Procedure::Corporate).await;
        assert_eq!(story.due().await, "C1-10 2026-11-30");
        story.on("2026-11-24");
        story.refuses(asks("2026-11-24"), Given::Letter, "there is no answer at stage 1 yet").await;
        story.answers(PointOutcome::NotUpheld).await;
        assert_eq!(story.due().await, "C2-REQ-20 2026-12-22");
        // Late: taken with a reason, or refused by a complaints manager; never by itself.
        story.on("2027-01-11");
        story.refuses(asks("2027-01-11"), Given::Letter, "it was asked for late").await;
        let why = Step::NextStageRefused { why: RefusedBecause::TooLate, reasons: "It is late.".into() };
        story.refuses(why, Given::Letter, "only a complaints manager").await;
        let because = "She was in hospital.".to_owned();
        let late = Step::NextStageAsked { on: day("2027-01-11"), how: "By telephone.".into(), because };
        story.tells(late).await;
        assert_eq!(story.due().await, "C2-20 2027-02-08");
        // Somebody else than at stage 1: Rowan Bell gave that answer.
        let bell = Step::Appointed { post: Post::Reviewer, person: person("Rowan Bell", Works::Council) };
        story.refuses(bell, Given::Nobody, "they answered at stage 1").await;
        let io = Step::Appointed { post: Post::InvestigatingOfficer, person: person("Ines", Works::Council) };
        story.refuses(io, Given::Nobody, "no such post").await;
        story.appoints(Post::Reviewer, "Ines Calloway", Works::Council).await;
        story.tells(Step::StatementAgreed { on: day("2027-01-11") }).await;
        story.on("2027-02-05");
        story.answers(PointOutcome::Upheld).await;
        story.refuses(asks("2027-02-05"), Given::Letter, "no stage after this one").await;
        story.does(DeskAction::Close { reason: "The last stage is done.".into() }).await.unwrap();
        story.refuses(asks("2027-02-05"), Given::Letter, "the case is closed").await;
        story.are_accessible_on_paper().await;
        let letters = story.letters().await;
        insta::allow_duplicates! { insta::assert_snapshot!("the_letters_of_a_corporate_complaint", letters) };
    }

    pub async fn what_waits_is_withdrawn_or_refused_is_told_with_reasons_and_goes_on_again(council: Council) {
        let mut story = Story::begin(council, Procedure::Statutory).await;
        story.on("2026-11-18");
        story.tells(Step::AdvocateWanted { on: day("2026-11-18"), look_on: day("2026-12-02") }).await;
        assert_eq!(story.due().await, "LOOK-AGAIN 2026-12-02");
        story.on("2026-11-25");
        let how = "Ms Ito of Calderbeck Voices speaks for you.".to_owned();
        story.tells(Step::AdvocateSettled { on: day("2026-11-25"), how }).await;
        // 17 and 18 November are used; eight are left.
        assert_eq!(story.due().await, "S1-10 2026-12-07");
        let reasons = "The family court decides about the plan on 15 December.".to_owned();
        story.tells(Step::Paused { points: vec![], reasons: reasons.clone(), look_on: day("2026-12-16") }).await;
        assert_eq!(story.due().await, "LOOK-AGAIN 2026-12-16");
        assert_eq!(story.case().await.course.state, "waiting for a court or the police");
        let answer = story.does(found(PointOutcome::Upheld)).await;
        assert!(matches!(answer, Err(DeskError::Refused(_))), "{answer:?}");
        story.on("2026-12-16");
        assert!(story.case().await.course.prompts.iter().any(|one| one.contains("look whether it can go on")));
        story.tells(Step::Resumed { on: day("2026-12-16"), reasons: "The court has decided.".into() }).await;
        assert_eq!(story.due().await, "S1-10 2026-12-30");

        story.tells(Step::Withdrawn { on: day("2026-12-16"), how: "By telephone.".into() }).await;
        assert_eq!(story.case().await.course.state, "withdrawn");
        let nature = DeskAction::NotAComplaint { act: Act::Enquiry, reason: "x".into() };
        assert!(matches!(story.does(nature).await, Err(DeskError::Refused(_))), "what was told stays");
        story.on("2026-12-21");
        story.tells(Step::Resumed { on: day("2026-12-21"), reasons: "You want it to go on.".into() }).await;
        assert_eq!(story.due().await, "S1-10 2027-01-05", "the three days do not count");

        let refused = Step::NotAccepted { why: RefusedBecause::DecidedBefore, reasons: "See HRD-25-00007.".into() };
        story.refuses(refused.clone(), Given::Letter, "only a complaints manager").await;
        story.manager_does(refused).await.unwrap();
        assert_eq!(story.case().await.course.state, "not accepted");
        story.does(DeskAction::Close { reason: "Not accepted.".into() }).await.unwrap();
        story.are_accessible_on_paper().await;
        let letters = story.letters().await;
        insta::allow_duplicates! { insta::assert_snapshot!("the_letters_of_a_complaint_that_waits", letters) };
    }

    pub async fn nobody_deals_with_two_stages_and_nothing_is_left_out(council: Council) {
        let mut story = Story::begin(council, Procedure::Statutory).await;
        story.on("2026-11-20");
        // Time is not over, so leaving stage 1 out wants a reason; the clock of stage 2 is the request's.
        story.refuses(asks("2026-11-20"), Given::Letter, "that both agree to leave it out").await;
        let because = "Both agree.".to_owned();
        story.tells(Step::NextStageAsked { on: day("2026-11-20"), how: "On the telephone.".into(), because }).await;
        assert_eq!(story.due().await, "S2-25 2026-12-29");
        // Somebody whom the case is about is appointed to nothing, and told so with the rule.
        let about = DeskAction::SetSubject { who: "ruth.pellow@calderbeck.example".into(), is: true };
        story.does(about).await.unwrap();
        for works in [Works::Council, Works::ChildrensServices] {
            let ruth = Step::Appointed { post: Post::Adjudicator, person: person("Ruth Pellow", works) };
            story.refuses(ruth, Given::Nobody, "LGSCO Complaint Handling Code 5.4").await;
        }
        let of_ours = Appointee { unconnected: true, ..person("Ines Calloway", Works::Council) };
        let step = Step::Appointed { post: Post::IndependentPerson, person: of_ours };
        story.refuses(step, Given::Nobody, "they must not work for the council").await;
        story.appoints(Post::IndependentPerson, "Tunde Afolabi", Works::Outside).await;
        let again = Step::Appointed { post: Post::Adjudicator, person: person("Tunde Afolabi", Works::Council) };
        story.refuses(again, Given::Nobody, "they have another part").await;
        // A step for the file is taken back in one step; what was told is not.
        story.does(DeskAction::Undo).await.unwrap();
        assert!(story.case().await.course.people.is_empty());

        // The Ombudsman before a panel: all four, a plan, and a complaints manager.
        story.appoints(Post::InvestigatingOfficer, "Ines Calloway", Works::Council).await;
        story.appoints(Post::IndependentPerson, "Tunde Afolabi", Works::Outside).await;
        // Her line manager neither, as long as nobody has written down why.
        let manager =
            Step::Appointed { post: Post::Adjudicator, person: person("Nikhil Rao", Works::ChildrensServices) };
        story.refuses(manager, Given::Nobody, "line manager of somebody the case is about").await;
        story.appoints(Post::Adjudicator, "Helen Marsh", Works::ChildrensServices).await;
        story.on("2026-12-14");
        for report in [Report::Investigation, Report::Independent] {
            story.notes(Step::ReportCame { report, on: day("2026-12-14") }).await;
        }
        // Given another way, no letter promises anything.
        story.does(found(PointOutcome::Upheld)).await.unwrap();
        story.does(DeskAction::Answer { given: Given::Otherwise("By post, with both reports.".into()) }).await.unwrap();
        let refer = |agreed| Step::EarlyReferral { thorough: true, upheld: true, planned: true, agreed };
        let answer = story.manager_does(refer(true)).await;
        assert!(matches!(&answer, Err(DeskError::Refused(why)) if why.contains("a plan")), "{answer:?}");
        let promised =
            |text: &str| Step::ActionAdded { text: text.into(), owner: "Nikhil Rao".into(), due: day("2027-01-29") };
        story.notes(promised("A named worker rings every Friday.")).await;
        let answer = story.manager_does(refer(false)).await;
        assert!(matches!(&answer, Err(DeskError::Refused(why)) if why.contains("all four")), "{answer:?}");
        story.manager_does(refer(true)).await.unwrap();
        story.are_accessible_on_paper().await;
        let letters = story.letters().await;
        let (_, last) = letters.rsplit_once("=====").unwrap();
        insta::allow_duplicates! { insta::assert_snapshot!("sent_to_the_ombudsman_before_a_panel", last) };
    }

    pub async fn who_complains_and_how_they_want_to_be_written_to_is_kept(council: Council) {
        let mut story = Story::begin(council, Procedure::Statutory).await;
        let standing = |capacity| Step::Standing {
            capacity,
            child_view_sought: false,
            child_agrees: false,
            may_receive_child_data: false,
        };
        story.notes(standing(Capacity::Advocate)).await;
        let course = story.case().await.course;
        assert!(course.notes.iter().any(|note| note.contains("may not be told what is in the child’s records")));
        assert!(course.prompts.iter().any(|prompt| prompt.contains("no authority is recorded. Time runs on")));
        let due = story.due().await;
        story.tells(Step::AuthorityAsked).await;
        assert_eq!(story.due().await, due, "asking stops no clock");
        story.on("2026-11-18");
        story.notes(Step::AuthorityGiven { on: day("2026-11-18"), how: "A signed form.".into() }).await;
        assert!(story.case().await.course.prompts.is_empty());
        let needs = Step::Needs { format: Format::LargePrint, language: "Polish".into(), other: String::new() };
        story.notes(needs).await;
        let freeze = Step::Freeze {
            decision: "The end of the placement on 1 December.".into(),
            state: Freeze::Granted,
            reasons: "The complaint is about just that.".into(),
            look_on: Some(day("2026-12-15")),
        };
        story.notes(freeze).await;
        let restrict = Step::Restricted {
            what: "One email a week.".into(),
            reasons: "Forty emails came in one night.".into(),
            until: day("2027-02-26"),
            look_on: day("2027-01-15"),
        };
        story.refuses(restrict.clone(), Given::Letter, "only a complaints manager").await;
        story.manager_does(restrict).await.unwrap();
        let notes = story.case().await.course.notes.join("\n");
        insta::allow_duplicates! { insta::assert_snapshot!("what_whoever_writes_to_them_must_know", notes) };
        // Restricted or not, what they write is taken in and joins the case.
        let raw =
            mail(NOOR, "noor-2", "Re: Nobody rings", "In-Reply-To: <noor-1@mail.example>\r\n", "Still nobody rings.");
        let said = suggestion(Act::Complaint, 0.97, 0.02, Procedure::Statutory, Theme::Communication);
        let counts = story.council.arrives("complaints", &raw, "2026-11-19T09:30:00Z", &said).await;
        assert_eq!(counts.joined, 1);
        // A child's own complaint is statutory, whatever it is about.
        story.notes(standing(Capacity::Child)).await;
        let corporate = DeskAction::Reclassify {
            act: Act::Complaint,
            procedure: Procedure::Corporate,
            theme: Theme::Communication,
        };
        let answer = story.does(corporate).await;
        assert!(matches!(&answer, Err(DeskError::Refused(why)) if why.contains("always statutory")), "{answer:?}");
        assert!(story.case().await.course.prompts.iter().any(|prompt| prompt.contains("take it first")));
    }
}
