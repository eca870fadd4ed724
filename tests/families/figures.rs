//! Compliments are counted by what they are, and nowhere as dissatisfaction.

use heard::{
    labelling::labels::{Act, Theme},
    web::{
        figures::Figures as _,
        views::{QueueFilter, QueueOrder},
    },
};

use crate::{
    council::{Council, about, at, mail, on_both},
    databases::Database,
};

on_both! {
    compliments_are_counted_as_what_they_are compliments_on_postgres;
}

mod stories {
    use super::*;

    pub async fn compliments_are_counted_as_what_they_are(council: Council) {
        for (act, n, words) in [
            (Act::Compliment, 6, "Thank you for all that you did for us this year, with the best wishes of number"),
            (Act::Complaint, 5, "The taxi did not come again this week, and nobody rang. It is time number"),
        ] {
            for number in 0..n {
                let (name, id) =
                    (format!("Writer {act} {number} <{act}{number}@mail.example>"), format!("{act}-{number}"));
                let raw = mail(&name, &id, "A message", "", &format!("{words} {number}."));
                let said = about(Theme::Communication, act);
                let counts = council.arrives("complaints", &raw, "2026-11-20T09:00:00Z", &said).await;
                assert_eq!(counts.cases_opened, 1, "{id}");
            }
        }
        let (from, until) = (at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z"));
        let tables = council.desk.figures(from, until).await.unwrap();
        let received = tables.iter().find(|table| table.title == "What was received").unwrap();
        let of = |act: Act| received.rows.iter().find(|(what, _)| what == act.shown()).and_then(|(_, n)| *n);
        assert_eq!((of(Act::Compliment), of(Act::Complaint)), (Some(6), Some(5)), "{received:?}");
        for table in tables.iter().filter(|table| table.title != "What was received") {
            let all: u64 = table.rows.iter().filter_map(|(_, n)| *n).sum();
            assert_eq!(all, 5, "no compliment is among {}", table.title);
        }
        // The list of cases counts both.
        let page = council.queue(QueueFilter::All, "", QueueOrder::DueFirst, 1).await;
        assert_eq!(page.total, 11);
        council.database.drop().await;
    }
}
