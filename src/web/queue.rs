//! "Cases to look at": the queue with its filters and its search.

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use serde::{Deserialize, Serialize};

use super::{
    WebState,
    access::Ask,
    case::colleagues,
    errors::WebError,
    session::Signed,
    views::{QueueColumn, QueueCounts, QueueFilter, QueueOrder, QueuePage, QueueQuery},
};
use crate::ids::{CaseReference, NotAReference, Uuid};

mod bulk;
mod views;

use bulk::Outcome;
pub(super) use bulk::act;
pub(super) use views::{act as act_on_view, back as back_to_queue, save as save_view};

/// Longer searches are cut.
const SEARCH_CHARS: usize = 100;

#[derive(Debug, Default, Deserialize)]
pub(super) struct Wanted {
    show: Option<String>,
    order: Option<String>,
    q: Option<String>,
    page: Option<String>,
    /// What was just done to several cases, and to how many.
    done: Option<String>,
    cases: Option<String>,
}

impl Wanted {
    /// The address of the same list, without what was done.
    fn address(&self) -> String {
        let mut address = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in [("show", &self.show), ("order", &self.order), ("q", &self.q), ("page", &self.page)] {
            if let Some(value) = value {
                address.append_pair(name, value);
            }
        }
        match address.finish() {
            none if none.is_empty() => "/".to_owned(),
            pairs => format!("/?{pairs}"),
        }
    }

    /// An address typed wrongly shows the queue as it opens, not an error.
    fn query(&self) -> QueueQuery {
        let search: String = self.q.as_deref().unwrap_or_default().trim().chars().take(SEARCH_CHARS).collect();
        let wanted = self.show.as_deref().unwrap_or_default();
        let filter = QueueFilter::ALL.into_iter().find(|filter| filter.as_str() == wanted);
        QueueQuery {
            // Whoever searches wants to find it wherever it stands, if they say nothing else.
            filter: filter.unwrap_or(if search.is_empty() { QueueFilter::default() } else { QueueFilter::All }),
            order: order(self.order.as_deref().unwrap_or_default()),
            search: Some(search).filter(|search| !search.is_empty()),
            page: self.page.as_deref().and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
        }
    }
}

/// The order in the address: `newest`, or a column, with `-down` where it goes down.
fn order(word: &str) -> QueueOrder {
    let (name, up) = word.strip_suffix("-down").map_or((word, true), |name| (name, false));
    match QueueColumn::ALL.into_iter().find(|column| column.as_str() == name) {
        Some(column) => QueueOrder::By { column, up },
        None if word == "newest" => QueueOrder::NewestFirst,
        None => QueueOrder::DueFirst,
    }
}

#[derive(Debug, Serialize)]
struct FilterLink {
    word: &'static str,
    shown: &'static str,
    count: u64,
    current: bool,
}

#[derive(Debug, Serialize)]
struct PageLink {
    number: u64,
    current: bool,
    ellipsis: bool,
}

#[derive(Debug, Serialize)]
struct Shown {
    queue: QueuePage,
    filters: Vec<FilterLink>,
    filter: &'static str,
    filter_shown: &'static str,
    /// The word for the address; empty for what is due first, or was found best.
    order: String,
    search: Option<String>,
    /// What is wrong with the reference searched for.
    search_fault: Option<String>,
    page: u64,
    pages: Vec<PageLink>,
    last_page: u64,
    first_row: u64,
    last_row: u64,
    /// Where the form of the list goes.
    address: String,
    outcome: Outcome,
    /// Officers a manager may give cases to.
    colleagues: Vec<(Uuid, String)>,
}

/// How many cases `filter` finds.
pub(super) fn count_of(counts: &QueueCounts, filter: QueueFilter) -> u64 {
    match filter {
        QueueFilter::ToConfirm => counts.to_confirm,
        QueueFilter::Mine => counts.mine,
        QueueFilter::Unassigned => counts.unassigned,
        QueueFilter::Overdue => counts.overdue,
        QueueFilter::DueSoon => counts.due_soon,
        QueueFilter::Safeguarding => counts.safeguarding,
        QueueFilter::UnreadAlert => counts.unread_alert,
        QueueFilter::NewMessage => counts.new_message,
        QueueFilter::Possible => counts.possible,
        QueueFilter::All => counts.all,
    }
}

/// First, last, and the neighbours of the current page; an ellipsis where pages are left out.
fn page_links(current: u64, last: u64) -> Vec<PageLink> {
    let mut links = Vec::new();
    let mut before = 0;
    for number in 1..=last {
        if number == 1 || number == last || number.abs_diff(current) <= 1 {
            if number > before + 1 {
                links.push(PageLink { number: 0, current: false, ellipsis: true });
            }
            links.push(PageLink { number, current: number == current, ellipsis: false });
            before = number;
        }
    }
    links
}

pub(super) async fn show(
    State(state): State<WebState>,
    signed: Signed,
    Query(wanted): Query<Wanted>,
) -> Result<Response, WebError> {
    let first = signed.0.role.first_page();
    if first != "/" {
        return Ok(Redirect::to(first).into_response());
    }
    signed.must(Ask::ReadCases)?;
    let query = wanted.query();
    let now = state.clock.now();
    let reference = query.search.as_deref().map(str::parse::<CaseReference>);
    if let Some(Ok(reference)) = reference
        && state.desk.peek(reference, &signed.0, now).await.is_ok()
    {
        return Ok(Redirect::to(&format!("/cases/{reference}")).into_response());
    }
    let done = wanted
        .done
        .clone()
        .filter(|done| ["confirm", "assign", "view-saved", "view-renamed", "view-deleted"].contains(&done.as_str()));
    let outcome = Outcome {
        done: done.unwrap_or_default(),
        cases: wanted.cases.as_deref().and_then(|cases| cases.parse().ok()).unwrap_or_default(),
        ..Outcome::default()
    };
    Ok(page(&state, &signed, wanted, outcome).await?.into_response())
}

/// The list, with what became of several cases.
async fn page(state: &WebState, signed: &Signed, wanted: Wanted, outcome: Outcome) -> Result<Html<String>, WebError> {
    let mut query = wanted.query();
    let now = state.clock.now();
    let search_fault = match query.search.as_deref().map(str::parse::<CaseReference>) {
        Some(Err(fault @ NotAReference::CheckLetter)) => Some(fault.to_string()),
        _ => None,
    };

    let mut queue = state.desk.queue(&query, &signed.0, now).await?;
    let last_page = queue.total.div_ceil(queue.per_page.max(1)).max(1);
    if u64::from(query.page) > last_page {
        // Cases were dealt with meanwhile and the page is gone.
        query.page = u32::try_from(last_page).unwrap_or(1);
        queue = state.desk.queue(&query, &signed.0, now).await?;
    }
    let page = u64::from(query.page);
    let first_row = (page - 1) * queue.per_page + 1;
    let shown = Shown {
        filters: QueueFilter::ALL
            .into_iter()
            .map(|filter| FilterLink {
                word: filter.as_str(),
                shown: filter.shown(),
                count: count_of(&queue.counts, filter),
                current: filter == query.filter,
            })
            .collect(),
        filter: query.filter.as_str(),
        filter_shown: query.filter.shown(),
        order: query.order.word(),
        search: query.search,
        search_fault,
        page,
        pages: page_links(page, last_page),
        last_page,
        first_row,
        address: wanted.address(),
        outcome,
        colleagues: colleagues(state, signed).await?,
        last_row: first_row - 1 + u64::try_from(queue.rows.len()).unwrap_or(0),
        queue,
    };
    Ok(state.page_for("queue.html", signed, "/", &shown).await?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_typed_wrongly_shows_the_queue_as_it_opens() {
        let odd = Wanted {
            show: Some("x".into()),
            page: Some("-4".into()),
            order: Some("?".into()),
            q: Some(" ".into()),
            ..Wanted::default()
        };
        assert_eq!(odd.query(), QueueQuery { page: 1, ..QueueQuery::default() });
    }

    #[test]
    fn a_search_looks_through_every_case() {
        let wanted = Wanted { q: Some(" Okafor ".into()), ..Wanted::default() };
        assert_eq!(wanted.query().filter, QueueFilter::All);
        assert_eq!(wanted.query().search.as_deref(), Some("Okafor"));
        let mine = Wanted { show: Some("mine".into()), ..wanted };
        assert_eq!(mine.query().filter, QueueFilter::Mine, "unless it says otherwise");
    }

    #[test]
    fn every_order_stands_in_the_address_and_is_read_from_it() {
        let columns =
            QueueColumn::ALL.into_iter().flat_map(|column| [true, false].map(|up| QueueOrder::By { column, up }));
        for wanted in [QueueOrder::DueFirst, QueueOrder::NewestFirst].into_iter().chain(columns) {
            assert_eq!(order(&wanted.word()), wanted);
        }
    }

    #[test]
    fn page_links_leave_out_the_middle() {
        let words = |current, last| {
            let links = page_links(current, last);
            let word = |link: &PageLink| match (link.ellipsis, link.current) {
                (true, _) => "…".to_owned(),
                (_, true) => format!("[{}]", link.number),
                _ => link.number.to_string(),
            };
            links.iter().map(word).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(words(1, 1), "[1]");
        assert_eq!(words(1, 3), "[1] 2 3");
        assert_eq!(words(5, 9), "1 … 4 [5] 6 … 9");
    }
}
