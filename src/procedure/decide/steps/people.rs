//! Who may be appointed to what.
//!
//! Sources: SI 2006/1738 regulations 2 (independent person), 17 (investigation), 19 (panel); LGSCO Complaint Handling Code 5.4
//! (conflicts of interest) and its stage 2 (somebody else than at stage 1). That an investigating officer is from outside children's
//! services is the stricter of the rules that councils publish; a reason may be written down.

use super::{Refusal, Setting, refuse};
use crate::procedure::{
    case::CaseFile,
    event::{Appointee, Post, Stage, StepKind, Works},
    independence::{Bar, barred},
};

const KIND: StepKind = StepKind::Appointed;

/// Whether `person` may be appointed to `post`.
pub(super) fn may_be_appointed(
    case: &CaseFile,
    post: Post,
    person: &Appointee,
    setting: &Setting<'_>,
) -> Result<(), Refusal> {
    if person.name.trim().is_empty() {
        return refuse("enter their name: the family gets it", KIND);
    }
    if case.nature.procedure == crate::labelling::labels::Procedure::Statutory {
        if post == Post::Reviewer {
            return refuse("stage 2 of the statutory procedure has an investigating officer, not a reviewer", KIND);
        }
    } else if !matches!(post, Post::Responder | Post::Reviewer) {
        return refuse("the corporate procedure has no such post", KIND);
    }
    no_conflict(case, (&person.email, &person.name), setting)?;
    if post.is_independent() {
        let known = setting.directory.by_email(&person.email).is_some();
        if person.works != Works::Outside || known {
            return refuse("they must not work for the council", KIND);
        }
        if !person.unconnected {
            return refuse(
                "they must have said that they are neither member nor officer of the council, nor the spouse or civil partner of one",
                KIND,
            );
        }
    }
    if post.stage() > Stage::One {
        let answered = case
            .course
            .answer_at(Stage::One)
            .is_some_and(|first| !first.author.is_empty() && first.author.eq_ignore_ascii_case(person.email.trim()));
        if answered || case.course.appointed(Post::Responder).any(|other| other.is(person)) {
            return refuse("they answered at stage 1: stage 2 and 3 are for somebody else", KIND);
        }
    }
    if post == Post::InvestigatingOfficer && person.works == Works::ChildrensServices && person.reason.trim().is_empty()
    {
        return refuse("they work in children’s services: choose somebody from elsewhere, or write down why not", KIND);
    }
    if matches!(post, Post::Adjudicator | Post::Reviewer) && person.works == Works::Outside {
        return refuse("the council decides itself: choose somebody who works for it", KIND);
    }
    let others = case.course.people.iter().filter(|(other, _)| *other != post || post == Post::PanelMember);
    // One person does one thing, so that each looks at what the other did.
    if let Some((other, _)) = others.into_iter().find(|(_, one)| one.is(person)) {
        return refuse(format!("they have another part in this case: {}", other.shown().to_lowercase()), KIND);
    }
    if post == Post::PanelMember && case.course.appointed(Post::PanelMember).count() >= 2 {
        return refuse("the panel has three: its chair and two members. Release one first", KIND);
    }
    Ok(())
}

/// Whether somebody may be asked for a contribution: whoever it is about answers to whoever investigates, not to a letter of ours.
pub(super) fn may_contribute(case: &CaseFile, who: (&str, &str), setting: &Setting<'_>) -> Result<(), Refusal> {
    if who.0.trim().is_empty() {
        return refuse("enter their name or their work address", StepKind::ContributionAsked);
    }
    no_conflict(case, who, setting)
}

/// Whether the case is about whoever has this address and name, or about somebody they manage.
fn no_conflict(case: &CaseFile, (email, name): (&str, &str), setting: &Setting<'_>) -> Result<(), Refusal> {
    let named =
        case.subjects.values().any(|subject| subject.standing.bars() && subject.name.eq_ignore_ascii_case(name.trim()));
    match barred(case, setting.directory).get(&email.trim().to_lowercase()) {
        Some(Bar::LineManager) => Err(Refusal::ManagesSubject),
        Some(Bar::Subject) => Err(Refusal::IsSubject),
        None if named => Err(Refusal::IsSubject),
        None => Ok(()),
    }
}

/// Somebody must be in `post` by now.
pub(super) fn must_be_appointed(case: &CaseFile, post: Post) -> Result<(), Refusal> {
    if case.course.appointed(post).next().is_some() {
        return Ok(());
    }
    let who = match post {
        Post::Responder => "somebody who looks into it",
        Post::Reviewer => "somebody who looks at it anew",
        Post::InvestigatingOfficer => "an investigating officer",
        Post::IndependentPerson => "an independent person",
        Post::Adjudicator => "an adjudicating officer",
        Post::PanelChair => "a chair of the panel",
        Post::PanelMember => "a member of the panel",
    };
    refuse(format!("appoint {who} first"), KIND)
}

/// Three independent people, one of whom chairs.
pub(super) fn panel_is_complete(case: &CaseFile) -> Result<(), Refusal> {
    must_be_appointed(case, Post::PanelChair)?;
    if case.course.appointed(Post::PanelMember).count() < 2 {
        return refuse("the panel has three: appoint two members beside the chair", KIND);
    }
    Ok(())
}
