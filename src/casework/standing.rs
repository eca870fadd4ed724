//! Where a case stands, for its family: in which stage it is, what happens next, by which day and by which rule, who deals with it,
//! what changed and why, what was answered and what was promised. The tracker's page, the chat and a letter say it in the same words.
//!
//! It holds what the family was told or may be told, and no more: no draft of an answer, no note of an officer, nobody's name but
//! that of whoever deals with it, nothing that says that anybody is worried about a child. No date is counted here: each is the
//! one that the case keeps.

use chrono::{DateTime, NaiveDate, Utc};

use super::{CaseworkError, Office, fold, written_to};
use crate::{
    clock::london_date,
    ids::Uuid,
    labelling::labels::Procedure,
    languages::{Catalogues, Language},
    procedure::{
        due_dates::short_rule,
        duties::Period,
        standing::{self, Answered, Change, Promise},
        state::State,
    },
    replies::letters::Ombudsman,
    store::{
        Tx,
        cases::{self, CaseRow},
        independence::is_barred,
        officers, retention,
    },
};

/// Where a case stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Standing {
    /// What people quote.
    pub reference: String,
    /// The reference of the case that was merged into this one and that they were told of.
    pub was: Option<String>,
    /// Number of the last event: it is another when anything changed.
    pub version: i64,
    /// Where it stands.
    pub state: State,
    /// At which stage.
    pub stage: u8,
    /// Which procedure it follows, or seems to.
    pub procedure: Procedure,
    /// An officer has said so.
    pub decided: bool,
    /// It is a complaint or a concern.
    pub dissatisfied: bool,
    /// When the council received the first message.
    pub received_on: NaiveDate,
    /// What happens next, the earliest first.
    pub next: Vec<Coming>,
    /// Who deals with it.
    pub handler: Handler,
    /// What changed, the oldest first.
    pub changes: Vec<Change>,
    /// The answers, the first first.
    pub answers: Vec<Answered>,
    /// What was promised.
    pub promises: Vec<Promise>,
    /// The next stage, if they may ask for it.
    pub next_stage: Option<u8>,
    /// The last day for that.
    pub ask_until: Option<NaiveDate>,
    /// The reference of the case that it was merged into, where they are a party to that too.
    pub other: Option<String>,
    /// Who looks into what the council does.
    pub ombudsman: Ombudsman,
    /// On which number whoever deals with it is called: their own where the council names one, else the team's.
    pub phone: String,
    /// The day on which this is said.
    pub today: NaiveDate,
}

/// What happens next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coming {
    /// What.
    pub what: Next,
    /// By when, or when.
    pub on: NaiveDate,
    /// By which rule, as officers read it too.
    pub rule: String,
    /// The rule's short name.
    pub duty: String,
    /// Its working days, where the sentence in another language can be made of them.
    pub days: Option<u16>,
}

/// What can happen next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// The council says which procedure it follows.
    Decide,
    /// The council answers.
    Answer,
    /// The council looks whether it can go on.
    LookAgain,
    /// The panel meets, at the latest.
    Panel,
    /// The panel meets on that day.
    PanelFixed,
    /// The panel reports.
    Report,
}

impl Next {
    /// The word in the catalogues of messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Decide => "decide",
            Self::Answer => "answer",
            Self::LookAgain => "look-again",
            Self::Panel => "panel",
            Self::PanelFixed => "panel-fixed",
            Self::Report => "report",
        }
    }
}

/// Who deals with a case, as its family may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handler {
    /// The case's own officer: name, and the role's word.
    Officer(String, &'static str),
    /// The officer whom the council names: name and role.
    Named(String, String),
    /// The team: whoever would be named is kept out of this case.
    Team(String),
}

/// A change in words, with the reasons that they got for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SaidChange {
    /// What changed, and when.
    pub words: String,
    /// Why: what an officer wrote to them.
    pub reasons: String,
}

/// Where a case stands, in sentences. What officers wrote stands apart from what the program says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Said {
    /// Where it stands now.
    pub now: Vec<String>,
    /// What happens next, and by which rule.
    pub next: Vec<String>,
    /// What changed.
    pub changes: Vec<SaidChange>,
    /// What was answered.
    pub answers: Vec<String>,
    /// How much of what was promised is done.
    pub promises: Vec<String>,
    /// Who deals with it.
    pub who: Vec<String>,
}

impl Said {
    /// The same in paragraphs, for a letter and a chat.
    #[must_use]
    pub fn paragraphs(self) -> Vec<String> {
        let changes = self.changes.into_iter().map(|change| change.words).collect();
        let parts = [self.now, changes, self.next, [self.answers, self.promises].concat(), self.who];
        parts.into_iter().filter(|part| !part.is_empty()).map(|part| part.join("\n")).collect()
    }
}

/// Reads where a case stands.
///
/// # Errors
///
/// [`CaseworkError::NotFound`] where there is no such case, or everything that says whose it was is gone.
pub async fn standing(office: &Office, tx: &mut Tx, case: Uuid, now: DateTime<Utc>) -> Result<Standing, CaseworkError> {
    let row = cases::get(tx, case).await?.ok_or(CaseworkError::NotFound)?;
    if retention::is_anonymised(tx, case).await? {
        return Err(CaseworkError::NotFound);
    }
    let history = cases::history(tx, case).await?;
    let file = fold(&history, case)?;
    let state = State::of(&file);
    let council = office.letters.council();
    let asked = standing::next_stage(&file);
    let (handler, phone) = handler(office, tx, &row, file.officer).await?;
    Ok(Standing {
        reference: row.reference.clone(),
        was: None,
        version: row.version,
        state,
        stage: file.course.stage.number(),
        procedure: file.nature.procedure,
        decided: !matches!(state, State::ToConfirm),
        dissatisfied: file.is_dissatisfaction(),
        received_on: london_date(file.received_at),
        next: coming(office, &row, state, file.course.panel.on),
        handler,
        changes: standing::changes(&history),
        answers: standing::answers(&file),
        promises: standing::promises(&file),
        next_stage: asked,
        ask_until: asked.map(|_| row.due_on),
        other: match &file.merged_into {
            Some((other, reference)) => {
                let theirs = match written_to(tx, &row).await?.address {
                    Some(address) => cases::is_participant(tx, *other, &address).await?,
                    None => false,
                };
                theirs.then(|| reference.clone())
            }
            None => None,
        },
        ombudsman: council.ombudsman.clone(),
        phone,
        today: london_date(now),
    })
}

/// The working days of a duty's rule. A rule that says more than its duty, e.g. that its clock stood still, is said as it is.
fn working_days(office: &Office, duty: &str, rule: &str) -> Option<u16> {
    office.duties.by_id(duty).and_then(|duty| match duty.period {
        Period::WorkingDays(n) if !rule.contains("stood still") => Some(n.get()),
        _ => None,
    })
}

/// What happens next, by the dates that the case keeps.
fn coming(office: &Office, row: &CaseRow, state: State, panel: Option<NaiveDate>) -> Vec<Coming> {
    let days = working_days(office, &row.due_duty, &row.due_rule);
    let kept = |what, on| Coming { what, on, rule: row.due_rule.clone(), duty: row.due_duty.clone(), days };
    let answer = kept(Next::Answer, row.due_on);
    match state {
        State::ToConfirm => {
            let duty = &office.duties.decision;
            let mut rule = format!("{} {}.", duty.period, duty.starts.shown());
            if let Some(first) = rule.get_mut(..1) {
                first.make_ascii_uppercase();
            }
            let days = match duty.period {
                Period::WorkingDays(n) => Some(n.get()),
                _ => None,
            };
            let decide = Coming { what: Next::Decide, on: row.decide_by, rule, duty: duty.id.clone(), days };
            vec![decide, answer]
        }
        State::Concern | State::Undecided | State::Stage1 | State::Stage2 | State::PanelReported => vec![answer],
        State::AdvocateWanted | State::Paused => vec![kept(Next::LookAgain, row.due_on)],
        State::Stage3 => vec![panel.map_or(kept(Next::Panel, row.due_on), |day| kept(Next::PanelFixed, day))],
        State::PanelHeld => vec![kept(Next::Report, row.due_on)],
        State::NoComplaint
        | State::Stage1Answered
        | State::Stage2Answered
        | State::Stage3Answered
        | State::Withdrawn
        | State::NotAccepted
        | State::Closed
        | State::Dismissed
        | State::Merged => Vec::new(),
    }
}

/// Who deals with it, and on which number: its officer, else the one whom the council names, if they are not kept out of it.
async fn handler(
    office: &Office,
    tx: &mut Tx,
    row: &CaseRow,
    officer: Option<Uuid>,
) -> Result<(Handler, String), CaseworkError> {
    let council = office.letters.council();
    let named = &council.named_officer;
    let team = || council.complaints_phone.clone();
    let own = |email: &str| match email.eq_ignore_ascii_case(&named.email) && !named.phone.is_empty() {
        true => named.phone.clone(),
        false => team(),
    };
    if let Some(id) = officer
        && let Some(account) = officers::by_id(tx, id).await?.filter(|account| account.active)
        && !is_barred(tx, row.id, &account.email).await?
    {
        let role = if account.role == "complaints_manager" { "complaints-manager" } else { "officer" };
        return Ok((Handler::Officer(account.name, role), own(&account.email)));
    }
    if is_barred(tx, row.id, &named.email.to_lowercase()).await? {
        return Ok((Handler::Team(council.service.clone()), team()));
    }
    Ok((Handler::Named(named.name.clone(), named.role.clone()), own(&named.email)))
}

impl Standing {
    /// Who deals with it, and on which number they are called.
    #[must_use]
    pub fn who(&self) -> (String, String) {
        let (Handler::Officer(name, _) | Handler::Named(name, _) | Handler::Team(name)) = &self.handler;
        (name.clone(), self.phone.clone())
    }

    /// The same with each rule in its short words, without the day it is counted from and who says so.
    #[must_use]
    pub fn with_short_rules(mut self) -> Self {
        for coming in &mut self.next {
            // What is said after it, that its clock stood still, is said all the same.
            if let Some((rule, rest)) = coming.rule.split_once(").") {
                coming.rule = format!("{}{rest}", short_rule(rule));
            }
        }
        self
    }

    /// Where it stands in a list of sentences. Nothing in it was written by the family, and nothing by an officer.
    #[must_use]
    pub fn words(&self, catalogues: &Catalogues, language: Language) -> Vec<String> {
        let Said { now, next, changes, answers, promises, who } = self.said(catalogues, language);
        let changes = changes.into_iter().map(|change| change.words);
        now.into_iter().chain(changes).chain(answers).chain(promises).chain(next).chain(who).collect()
    }

    /// The same, part by part.
    #[must_use]
    pub fn said(&self, catalogues: &Catalogues, language: Language) -> Said {
        let say = |key: &str, values: &[(&str, &str)]| catalogues.say(language, key, values);
        let day = |day: NaiveDate| catalogues.date(language, day);
        Said {
            now: self.now_in_words(&say, &day),
            next: self.next_in_words(language, &say, &day),
            changes: self.changes_in_words(&say, &day),
            answers: self.answers_in_words(&say, &day),
            promises: self.promises_in_words(&say),
            who: self.who_in_words(&say),
        }
    }

    fn now_in_words(&self, say: &Say<'_>, day: &Day<'_>) -> Vec<String> {
        let mut now = vec![
            say("standing-reference", &[("reference", &self.reference)]),
            say("standing-received", &[("date", &day(self.received_on))]),
        ];
        now.extend(self.was.as_ref().map(|was| say("standing-was", &[("reference", was)])));
        if self.state == State::Merged {
            now.push(match &self.other {
                Some(other) => say("standing-merged-into", &[("reference", other)]),
                None => say("standing-state-merged", &[]),
            });
            return now;
        }
        now.push(say(&format!("standing-state-{}", word(self.state)), &[]));
        let runs = !matches!(self.state, State::Closed | State::Withdrawn | State::NotAccepted | State::Dismissed);
        let procedure = match self.procedure {
            Procedure::Statutory => "statutory",
            Procedure::Corporate => "corporate",
            Procedure::Unclear | Procedure::None => return now,
        };
        if runs && self.dissatisfied && self.state != State::Concern {
            let perhaps = if self.decided { "" } else { "-perhaps" };
            now.push(say(&format!("standing-procedure-{procedure}{perhaps}"), &[]));
        }
        now
    }

    fn next_in_words(&self, language: Language, say: &Say<'_>, day: &Day<'_>) -> Vec<String> {
        let mut next = Vec::new();
        for coming in &self.next {
            let late = if coming.on < self.today { "-late" } else { "" };
            let key = format!("standing-next-{}{late}", coming.what.as_str());
            next.push(say(&key, &[("date", &day(coming.on))]));
            next.push(rule(coming, language, say));
        }
        if let (Some(stage), Some(until)) = (self.next_stage, self.ask_until) {
            let late = if until < self.today { "-late" } else { "" };
            let values = [("stage", &*stage.to_string()), ("date", &day(until))];
            next.push(say(&format!("standing-next-ask{late}"), &values));
        }
        if matches!(
            self.state,
            State::Stage1Answered | State::Stage2Answered | State::Stage3Answered | State::NotAccepted | State::Closed
        ) && self.dissatisfied
        {
            let last =
                if self.next_stage.is_none() { "standing-next-ombudsman" } else { "standing-ombudsman-any-time" };
            next.push(say(last, &[("name", &self.ombudsman.name), ("phone", &self.ombudsman.phone)]));
        }
        next
    }

    fn changes_in_words(&self, say: &Say<'_>, day: &Day<'_>) -> Vec<SaidChange> {
        let said = self.changes.iter().map(|change| SaidChange {
            words: say(
                &format!("standing-change-{}", change.what.as_str()),
                &[("date", &day(change.on)), ("stage", &change.stage.to_string())],
            ),
            reasons: change.reasons.clone(),
        });
        said.collect()
    }

    fn answers_in_words(&self, say: &Say<'_>, day: &Day<'_>) -> Vec<String> {
        let said = self.answers.iter().map(|answer| {
            let outcome = say(&format!("standing-outcome-{}", answer.outcome.as_str()), &[]);
            let values = [("stage", &*answer.stage.to_string()), ("date", &day(answer.on)), ("outcome", &outcome)];
            say("standing-answer", &values)
        });
        said.collect()
    }

    fn promises_in_words(&self, say: &Say<'_>) -> Vec<String> {
        let all = self.promises.iter().filter(|one| !one.rejected).count();
        if all == 0 {
            return Vec::new();
        }
        let done = self.promises.iter().filter(|one| one.done_on.is_some()).count();
        vec![say("standing-promises", &[("all", &all.to_string()), ("done", &done.to_string())])]
    }

    fn who_in_words(&self, say: &Say<'_>) -> Vec<String> {
        vec![match &self.handler {
            Handler::Officer(name, role) => {
                let role = say(&format!("standing-role-{role}"), &[]);
                say("standing-who", &[("name", name), ("role", &role), ("phone", &self.phone)])
            }
            Handler::Named(name, role) => {
                say("standing-who", &[("name", name), ("role", role), ("phone", &self.phone)])
            }
            Handler::Team(team) => say("standing-who-team", &[("name", team), ("phone", &self.phone)]),
        }]
    }
}

type Say<'a> = dyn Fn(&str, &[(&str, &str)]) -> String + 'a;
type Day<'a> = dyn Fn(NaiveDate) -> String + 'a;

/// By which rule. In English as officers read it; in another language as its catalogue has it, if it has.
fn rule(coming: &Coming, language: Language, say: &Say<'_>) -> String {
    in_words((&coming.duty, &coming.rule), coming.days, language, say)
}

/// The rule of a duty, `rule` in English, as [`Standing::words`] has it.
pub(super) fn rule_of(office: &Office, duty: &str, rule: &str, language: Language) -> String {
    let say = |key: &str, values: &[(&str, &str)]| office.catalogues.say(language, key, values);
    in_words((duty, rule), working_days(office, duty, rule), language, &say)
}

fn in_words((duty, rule): (&str, &str), days: Option<u16>, language: Language, say: &Say<'_>) -> String {
    let key = rule_key(duty);
    match days.filter(|_| language != Language::English) {
        Some(days) => {
            let said = say(&key, &[("days", &days.to_string())]);
            if said == key { rule.to_owned() } else { said }
        }
        None => rule.to_owned(),
    }
}

/// The message that says a rule: `C1-10+10` is `standing-rule-c1-10-and-10`.
fn rule_key(duty: &str) -> String {
    format!("standing-rule-{}", duty.to_lowercase().replace('+', "-and-"))
}

/// The state's word in the catalogues.
fn word(state: State) -> &'static str {
    match state {
        State::ToConfirm => "to-confirm",
        State::NoComplaint | State::Dismissed => "no-complaint",
        State::Concern => "concern",
        State::Undecided => "undecided",
        State::Stage1 => "stage1",
        State::AdvocateWanted => "advocate-wanted",
        State::Stage1Answered => "stage1-answered",
        State::Stage2 => "stage2",
        State::Stage2Answered => "stage2-answered",
        State::Stage3 => "stage3",
        State::PanelHeld => "panel-held",
        State::PanelReported => "panel-reported",
        State::Stage3Answered => "stage3-answered",
        State::Paused => "paused",
        State::Withdrawn => "withdrawn",
        State::NotAccepted => "not-accepted",
        State::Closed => "closed",
        State::Merged => "merged",
    }
}

#[cfg(test)]
mod tests;
