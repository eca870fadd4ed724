//! How far a complaint has come: what was asked for, appointed, received, held, answered and promised. A fold of its steps. Pure.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};

use super::{
    case::CaseFile,
    contributions::Contribution,
    due_dates::Suspension,
    event::{
        Appointee, Capacity, Complainant, Event, Format, Freeze, OmbudsmanDecision, PointOutcome, Points, Post,
        Recorded, RefusedBecause, Report, Route, Stage, Step, Taken,
    },
};
use crate::{clock::london_date, labelling::labels::Procedure};

/// That a stage was asked for.
#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// When that reached the council.
    pub on: NaiveDate,
    /// When they were told that we have it.
    pub acknowledged_at: DateTime<Utc>,
}

/// An answer that was given.
#[derive(Clone, Debug, PartialEq)]
pub struct StageAnswer {
    /// At which stage.
    pub stage: Stage,
    /// When.
    pub at: DateTime<Utc>,
    /// What was found on all points together.
    pub outcome: PointOutcome,
    /// What was found on each.
    pub points: Points,
    /// The address of whoever it is by, in lower case; empty where it is not known.
    pub author: String,
    /// The number of its event.
    pub seq: i64,
}

/// A panel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Panel {
    /// The day it meets.
    pub on: Option<NaiveDate>,
    /// When and where.
    pub place: String,
    /// When the papers went out.
    pub papers_on: Option<NaiveDate>,
    /// When it met.
    pub held_on: Option<NaiveDate>,
    /// When its report came.
    pub report_on: Option<NaiveDate>,
}

/// Where an action comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// The council promised it.
    Promised,
    /// The panel recommends it.
    Panel,
    /// The Ombudsman wants it.
    Ombudsman,
}

/// Something to be done, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Action {
    /// What.
    pub text: String,
    /// Who wants it.
    pub origin: Origin,
    /// What the council does with it; None: not said yet.
    pub taken: Option<Taken>,
    /// Why, where that is not all of it.
    pub reasons: String,
    /// Who does it.
    pub owner: String,
    /// By when.
    pub due: Option<NaiveDate>,
    /// When it was done, and what shows it.
    pub done: Option<(NaiveDate, String)>,
}

impl Action {
    /// Whether it is still to be done.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.done.is_none() && self.taken.is_some_and(|taken| taken != Taken::Rejected)
    }
}

/// A matter that the Ombudsman has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ombudsman {
    /// The Ombudsman's reference.
    pub reference: String,
    /// Since when.
    pub on: NaiveDate,
    /// By when the Ombudsman wants answers.
    pub enquiry_due: Option<NaiveDate>,
    /// What was decided, and when.
    pub decided: Option<(NaiveDate, OmbudsmanDecision)>,
}

/// By what right somebody complains, and what they may be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Complaining {
    /// By what right.
    pub capacity: Capacity,
    /// The child was asked.
    pub child_view_sought: bool,
    /// The child agrees.
    pub child_agrees: bool,
    /// They may be told what is in the child's records: not before somebody has said so.
    pub may_receive_child_data: bool,
}

/// How somebody wants to be written to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// In which print.
    pub format: Format,
    /// Language, if not English.
    pub language: String,
    /// Anything else.
    pub other: String,
}

/// That contact is restricted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Restriction {
    /// What is restricted.
    pub what: String,
    /// Until when.
    pub until: NaiveDate,
    /// When it is looked at again.
    pub look_on: NaiveDate,
}

/// That the clock stands still.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stop {
    /// Since when.
    pub from: NaiveDate,
    /// When it is looked at again.
    pub look_on: NaiveDate,
    /// For these points alone, and then the clock runs; empty: for all of it.
    pub points: Vec<u32>,
}

/// That a disputed decision is held, or is not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    /// Which decision.
    pub decision: String,
    /// Whether it is.
    pub state: Freeze,
    /// When it is looked at again.
    pub look_on: Option<NaiveDate>,
}

/// How far a complaint has come.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Course {
    /// The stage that it is at.
    pub stage: Stage,
    /// When each later stage was asked for.
    pub asked: BTreeMap<Stage, Asked>,
    /// Who is appointed to what.
    pub people: Vec<(Post, Appointee)>,
    /// When what is complained of was agreed at stage 2.
    pub statement_on: Option<NaiveDate>,
    /// When each report of stage 2 came.
    pub reports: BTreeMap<Report, NaiveDate>,
    /// The panel.
    pub panel: Panel,
    /// The answers so far.
    pub answers: Vec<StageAnswer>,
    /// What is to be done, in the order in which it came up.
    pub actions: Vec<Action>,
    /// The contributions that managers were asked for, in that order.
    pub contributions: Vec<Contribution>,
    /// An advocate is being found.
    pub advocate: Option<Stop>,
    /// A court or the police deal with it.
    pub paused: Option<Stop>,
    /// When clocks stood still, at which stage.
    pub stops: Vec<(Stage, Suspension)>,
    /// When it was withdrawn.
    pub withdrawn_on: Option<NaiveDate>,
    /// Why it was not taken, and when.
    pub not_accepted: Option<(DateTime<Utc>, RefusedBecause)>,
    /// Which stage was refused, why, and when.
    pub refused: Option<(Stage, RefusedBecause, DateTime<Utc>)>,
    /// When the complaints procedure was offered.
    pub offered_at: Option<DateTime<Utc>>,
    /// Which procedure they were told of last, by a letter about just that.
    pub route_told: Option<Procedure>,
    /// The ways of the points as they were told of them then.
    pub routes_told: Vec<Route>,
    /// It is about something long ago, and taken all the same.
    pub taken_late: Option<NaiveDate>,
    /// Who complains.
    pub complaining: Option<Complaining>,
    /// Since when it is known that a child complains for themselves: it is taken first, and they are offered an advocate.
    pub child_since: Option<NaiveDate>,
    /// When they were offered an advocate, or one was being found.
    pub advocate_offered_on: Option<NaiveDate>,
    /// When authority was asked for.
    pub authority_asked_at: Option<DateTime<Utc>>,
    /// When it was given.
    pub authority_given_on: Option<NaiveDate>,
    /// How they want to be written to.
    pub needs: Needs,
    /// Contact is restricted.
    pub restriction: Option<Restriction>,
    /// A disputed decision.
    pub held: Option<Held>,
    /// They were told that they may go to the Ombudsman before a panel.
    pub referred_early: bool,
    /// They were told that the case is closed.
    pub closure_told: bool,
    /// They do not want to be asked how they are treated.
    pub no_check_in: bool,
    /// The Ombudsman has it.
    pub ombudsman: Option<Ombudsman>,
}

impl Course {
    /// Who is appointed to `post`.
    pub fn appointed(&self, post: Post) -> impl Iterator<Item = &Appointee> {
        self.people.iter().filter(move |(other, _)| *other == post).map(|(_, person)| person)
    }

    /// The answer that was given at `stage`.
    #[must_use]
    pub fn answer_at(&self, stage: Stage) -> Option<&StageAnswer> {
        self.answers.iter().find(|answer| answer.stage == stage)
    }

    /// The action with this number, from 1.
    #[must_use]
    pub fn action(&self, number: u32) -> Option<&Action> {
        self.actions.get(usize::try_from(number).ok()?.checked_sub(1)?)
    }

    /// The stops of the stage that it is at.
    pub fn stops_now(&self) -> impl Iterator<Item = Suspension> {
        self.stops.iter().filter(|(stage, _)| *stage == self.stage).map(|(_, stop)| *stop)
    }

    /// A child complains for themselves, as was said on `day`; or they do not.
    fn note_child(&mut self, is: bool, day: NaiveDate) {
        self.child_since = if is { self.child_since.or(Some(day)) } else { None };
    }

    /// The stop that ends the clock now, if it stands still.
    #[must_use]
    pub fn standing_still(&self) -> Option<&Stop> {
        self.paused.as_ref().filter(|stop| stop.points.is_empty()).or(self.advocate.as_ref())
    }
}

impl CaseFile {
    /// Whether it is a child's own complaint: said by what right they complain, or written down that the complainant is the child.
    /// Source: Children Act 1989 section 26(3) and 26A; that it is taken first is the project's own rule.
    #[must_use]
    pub fn is_childs_own(&self) -> bool {
        self.is_dissatisfaction() && self.course.child_since.is_some()
    }

    /// Whose complaint it is was written down, with what they are to the child. By what right they complain says more.
    pub(super) fn note_complainant(&mut self, recorded: &Recorded, person: &Complainant) {
        if self.course.complaining.is_none() {
            self.course.note_child(person.is_the_child(), london_date(recorded.at));
        }
    }

    /// The answer at the stage that the case is at was given.
    pub(super) fn note_answer(&mut self, recorded: &Recorded, outcome: PointOutcome, author: &str) {
        self.answered = Some((recorded.at, outcome));
        self.course.answers.push(StageAnswer {
            stage: self.course.stage,
            at: recorded.at,
            outcome,
            points: self.points.clone(),
            author: author.to_owned(),
            seq: recorded.seq,
        });
    }

    /// Whether the family was told what came of it, at any stage: what that rests on stays as it was.
    #[must_use]
    pub fn was_told_outcome(&self) -> bool {
        let course = &self.course;
        !course.answers.is_empty() || course.withdrawn_on.is_some() || course.not_accepted.is_some()
    }

    /// When nothing more is due to the family at this stage: it has its answer, took the complaint back, or was told that it is
    /// not taken.
    #[must_use]
    pub fn settled_at(&self) -> Option<DateTime<Utc>> {
        let withdrawn = self.course.withdrawn_on.and_then(|day| day.and_hms_opt(12, 0, 0)).map(|noon| noon.and_utc());
        let not_accepted = self.course.not_accepted.map(|(at, _)| at);
        self.answered.map(|(at, _)| at).or(withdrawn).or(not_accepted)
    }

    pub(super) fn note_step(&mut self, recorded: &Recorded, step: &Step) {
        let at = recorded.at;
        let course = &mut self.course;
        match step {
            // It stands in the history, and changes nothing.
            Step::Noted { .. } | Step::WrittenTo { .. } => {}
            Step::Offered => course.offered_at = Some(at),
            Step::Standing { capacity, child_view_sought, child_agrees, may_receive_child_data } => {
                course.complaining = Some(Complaining {
                    capacity: *capacity,
                    child_view_sought: *child_view_sought,
                    child_agrees: *child_agrees,
                    may_receive_child_data: *may_receive_child_data,
                });
                course.note_child(*capacity == Capacity::Child, london_date(at));
            }
            Step::AuthorityAsked => course.authority_asked_at = Some(at),
            Step::AuthorityGiven { on, .. } => course.authority_given_on = Some(*on),
            Step::Needs { format, language, other } => {
                course.needs = Needs { format: *format, language: language.clone(), other: other.clone() };
            }
            Step::Restricted { what, until, look_on, .. } => {
                course.restriction = Some(Restriction { what: what.clone(), until: *until, look_on: *look_on });
            }
            Step::RestrictionEnded { .. } => course.restriction = None,
            Step::RouteTold { .. } => {
                course.route_told = Some(self.nature.procedure);
                course.routes_told = self.points.routes();
            }
            Step::TakenLate { happened_on, .. } => course.taken_late = Some(*happened_on),
            Step::NotAccepted { why, .. } => course.not_accepted = Some((at, *why)),
            Step::AdvocateOffered { on, .. } => course.advocate_offered_on = Some(*on),
            Step::AdvocateWanted { on, look_on } => {
                course.advocate_offered_on.get_or_insert(*on);
                course.advocate = Some(Stop { from: *on, look_on: *look_on, points: Vec::new() });
            }
            Step::AdvocateSettled { on, .. } => {
                if let Some(stop) = course.advocate.take() {
                    course.stops.push((course.stage, Suspension { from: stop.from, resumed: *on }));
                }
            }
            Step::Paused { points, look_on, .. } => {
                course.paused = Some(Stop { from: london_date(at), look_on: *look_on, points: points.clone() });
            }
            Step::Resumed { on, .. } => {
                // What was withdrawn or not taken goes on too; the days between do not count.
                let withdrawn = course.withdrawn_on.take();
                let not_accepted = course.not_accepted.take().map(|(at, _)| london_date(at));
                let paused = course.paused.take().filter(|stop| stop.points.is_empty()).map(|stop| stop.from);
                let from = [paused, withdrawn, not_accepted].into_iter().flatten().min();
                if let Some(from) = from {
                    course.stops.push((course.stage, Suspension { from, resumed: *on }));
                }
            }
            Step::NextStageAsked { on, .. } => {
                let Some(next) = course.stage.next() else { return };
                course.asked.insert(next, Asked { on: *on, acknowledged_at: at });
                course.stage = next;
                course.refused = None;
                course.advocate = None;
                self.answered = None;
                self.extended = None;
                self.points.opening.clear();
                // Stage 2 looks at everything anew; a panel tests what stage 2 found.
                if next == Stage::Two {
                    for point in &mut self.points.points {
                        point.finding = None;
                    }
                }
            }
            Step::NextStageRefused { why, .. } => {
                if let Some(next) = course.stage.next() {
                    course.refused = Some((next, *why, at));
                }
            }
            Step::Appointed { post, person } => {
                if *post != Post::PanelMember {
                    course.people.retain(|(other, _)| other != post);
                }
                course.people.push((*post, person.clone()));
            }
            Step::Released { post, name } => {
                course.people.retain(|(other, person)| (other, &person.name) != (post, name));
            }
            Step::StatementAgreed { on } => course.statement_on = Some(*on),
            Step::ReportCame { report, on } => {
                course.reports.insert(*report, *on);
            }
            Step::PanelFixed { on, place } => {
                course.panel = Panel { on: Some(*on), place: place.clone(), ..Panel::default() };
            }
            Step::PapersSent { on, .. } => course.panel.papers_on = Some(*on),
            Step::PanelHeld { on } => course.panel.held_on = Some(*on),
            Step::PanelReported { on, recommendations } => {
                course.panel.report_on = Some(*on);
                course.actions.extend(actions(recommendations, Origin::Panel, None));
            }
            Step::RecommendationTaken { action, taken, reasons, owner, due } => {
                if let Some(action) = nth(&mut course.actions, *action) {
                    action.taken = Some(*taken);
                    action.reasons.clone_from(reasons);
                    action.owner.clone_from(owner);
                    action.due = *due;
                }
            }
            Step::ActionAdded { text, owner, due } => course.actions.push(Action {
                text: text.clone(),
                origin: Origin::Promised,
                taken: Some(Taken::Accepted),
                reasons: String::new(),
                owner: owner.clone(),
                due: Some(*due),
                done: None,
            }),
            Step::ActionDone { action, on, evidence } => {
                if let Some(action) = nth(&mut course.actions, *action) {
                    action.done = Some((*on, evidence.clone()));
                }
            }
            Step::ContributionAsked { .. } | Step::ContributionWithdrawn { .. } => self.note_contribution(step, at),
            Step::Withdrawn { on, .. } => course.withdrawn_on = Some(*on),
            Step::ClosureTold => course.closure_told = true,
            Step::AccessTold => {}
            Step::NoCheckIn => course.no_check_in = true,
            Step::Freeze { decision, state, look_on, .. } => {
                course.held = Some(Held { decision: decision.clone(), state: *state, look_on: *look_on });
            }
            Step::EarlyReferral { .. } => course.referred_early = true,
            Step::ToOmbudsman { reference, on, enquiry_due } => {
                course.ombudsman =
                    Some(Ombudsman { reference: reference.clone(), on: *on, enquiry_due: *enquiry_due, decided: None });
            }
            Step::OmbudsmanDecided { on, decision, remedies, due } => {
                if let Some(ombudsman) = &mut course.ombudsman {
                    ombudsman.decided = Some((*on, *decision));
                }
                let wanted = actions(remedies, Origin::Ombudsman, *due);
                course.actions.extend(wanted.map(|action| Action { taken: Some(Taken::Accepted), ..action }));
            }
        }
    }
}

/// What was typed one a line.
#[must_use]
pub fn lines(text: &str) -> Vec<String> {
    text.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect()
}

/// One action a line.
fn actions(lines: &str, origin: Origin, due: Option<NaiveDate>) -> impl Iterator<Item = Action> {
    self::lines(lines).into_iter().map(move |text| Action {
        text,
        origin,
        taken: None,
        reasons: String::new(),
        owner: String::new(),
        due,
        done: None,
    })
}

/// The action with this number, from 1.
fn nth(actions: &mut [Action], number: u32) -> Option<&mut Action> {
    let place = usize::try_from(number).ok()?.checked_sub(1)?;
    actions.get_mut(place)
}

/// Whether `event` tells the family something: then it is not taken back.
#[must_use]
pub fn tells_them(event: &Event) -> bool {
    match event {
        Event::Answered { .. } | Event::Extended { .. } => true,
        Event::Step { outbox, how, .. } => outbox.is_some() || !how.is_empty(),
        _ => false,
    }
}
