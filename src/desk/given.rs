//! The cases of those who are appointed in them: their list, and what they see of one.

use chrono::{DateTime, Utc};

use super::{Answer, StoreDesk, case, queue::word};
use crate::{
    ids::CaseReference,
    labelling::labels::Procedure,
    procedure::{
        documents::DocumentKind,
        event::{Post, Report},
    },
    store::{cases, independence},
    web::{
        account_views::{GivenCase, GivenRow},
        desk::DeskError,
        views::Officer,
    },
};

/// What whoever holds a post sees of a case besides its messages, points and papers, and what they hand in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sight {
    /// How to reach the family.
    contacts: bool,
    /// What managers said.
    contributions: bool,
}

impl Sight {
    /// Pure: those who look into it speak with the family and see what the service says; who decides sees what the service says; the
    /// panel has its papers.
    fn of(post: Post) -> Self {
        match post {
            Post::Responder | Post::Reviewer | Post::InvestigatingOfficer | Post::IndependentPerson => {
                Self { contacts: true, contributions: true }
            }
            Post::Adjudicator => Self { contacts: false, contributions: true },
            Post::PanelChair | Post::PanelMember => Self::default(),
        }
    }

    fn and(self, other: Self) -> Self {
        Self { contacts: self.contacts || other.contacts, contributions: self.contributions || other.contributions }
    }
}

/// What somebody in this post hands in.
fn hands_in(post: Post) -> DocumentKind {
    match post {
        Post::InvestigatingOfficer => DocumentKind::Report(Report::Investigation),
        Post::IndependentPerson => DocumentKind::Report(Report::Independent),
        _ => DocumentKind::Other,
    }
}

fn post(word: &str) -> Answer<Post> {
    let post = Post::ALL.into_iter().find(|post| post.as_str() == word);
    post.ok_or_else(|| DeskError::Unavailable(format!("somebody is appointed as \"{word}\", which is no post")))
}

impl StoreDesk {
    pub(super) async fn given_list(&self, officer: &Officer) -> Answer<Vec<GivenRow>> {
        let mut list: Vec<GivenRow> = Vec::new();
        for row in independence::given(&mut self.store.begin_read().await?, officer.id).await? {
            let post = post(&row.post)?.shown();
            match list.last_mut().filter(|last| last.reference == row.reference) {
                Some(last) => last.posts.push(post),
                None => list.push(GivenRow {
                    procedure: word::<Procedure>(&row.procedure)?.shown(),
                    reference: row.reference,
                    family: row.family,
                    received_at: row.received_at,
                    next_on: row.next_on,
                    posts: vec![post],
                }),
            }
        }
        Ok(list)
    }

    pub(super) async fn given_one(
        &self,
        reference: CaseReference,
        officer: &Officer,
        now: DateTime<Utc>,
    ) -> Answer<GivenCase> {
        let mut case = case::look(self, reference, officer, now).await?;
        let mut tx = self.store.begin_read().await?;
        let id = cases::by_reference(&mut tx, &reference.to_string()).await?.ok_or(DeskError::NotFound)?;
        let posts = independence::posts(&mut tx, id, officer.id).await?;
        let posts = posts.iter().map(|word| post(word)).collect::<Answer<Vec<Post>>>()?;
        let sight = posts.iter().map(|post| Sight::of(*post)).reduce(Sight::and).unwrap_or_default();
        let contacts = std::mem::take(&mut case.contacts);
        if !sight.contributions {
            case.contributions.clear();
        }
        // Nobody knows yet who wrote these.
        case.messages.retain(|message| !message.unverified);
        if !sight.contacts {
            for message in &mut case.messages {
                message.address.clear();
            }
        }
        let kinds: std::collections::BTreeSet<_> = posts.iter().map(|post| hands_in(*post)).collect();
        Ok(GivenCase {
            posts: posts.iter().map(|post| post.shown()).collect(),
            may_hand_in: kinds.into_iter().map(|kind| (kind.as_str(), kind.shown())).collect(),
            contacts: if sight.contacts { contacts } else { Vec::new() },
            case,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panel_sees_its_papers_and_who_looks_into_it_can_reach_the_family() {
        let sees = |post| (Sight::of(post).contacts, Sight::of(post).contributions);
        assert_eq!(
            Post::ALL.map(sees),
            [(true, true), (true, true), (true, true), (true, true), (false, true), (false, false), (false, false)]
        );
        let both = Sight::of(Post::PanelMember).and(Sight::of(Post::Adjudicator));
        assert_eq!(both, Sight { contacts: false, contributions: true });
    }

    #[test]
    fn each_report_comes_from_whose_it_is() {
        assert_eq!(hands_in(Post::InvestigatingOfficer), DocumentKind::Report(Report::Investigation));
        assert_eq!(hands_in(Post::IndependentPerson), DocumentKind::Report(Report::Independent));
        for post in [Post::Responder, Post::Reviewer, Post::Adjudicator, Post::PanelChair, Post::PanelMember] {
            assert_eq!(hands_in(post), DocumentKind::Other);
        }
    }
}
