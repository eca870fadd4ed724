//! What officers' decisions teach, read out of the database each time it is needed.

use std::collections::BTreeMap;

use crate::{
    casework::Office,
    intake::prepare::to_label,
    labelling::{
        learn::{
            Correction,
            decided::{LeftOut, decided},
        },
        rows::Labelled,
    },
    store::{Stored, Tx, cases, learning},
};

/// Cases that are looked at: fitting takes memory for the square of the number of messages.
const MOST: i64 = 2_000;
/// What stands for the council in the rows of decisions.
const OFFICERS: &str = "officers";

/// Decisions that teach something, and how many do not.
#[derive(Clone, Debug, Default)]
pub struct Examples {
    /// In the order they were made.
    pub corrections: Vec<Correction>,
    /// How many decided cases teach nothing, by the reason.
    pub left_out: BTreeMap<LeftOut, usize>,
}

/// Reads the decisions of officers on the newest cases.
///
/// # Errors
/// The database's.
pub async fn read(tx: &mut Tx, office: &Office) -> Stored<Examples> {
    let mut examples = Examples::default();
    for case in learning::decided_cases(tx, MOST).await? {
        let message = to_label(office, &case.mailbox, case.channel == "chat", &case.reading);
        let found = if case.suggestion.language.is_some() {
            Err(LeftOut::Language)
        } else if message.text.trim().is_empty() {
            Err(LeftOut::NoWords)
        } else {
            decided(&cases::history(tx, case.case_id).await?, case.representation_id)
        };
        match found {
            Ok(decision) => {
                let row = Labelled {
                    id: case.reference,
                    message,
                    labels: decision.labels,
                    council: OFFICERS.to_owned(),
                    family: format!("{OFFICERS} {}", case.first_reference),
                    weight: 1.0,
                    ..Labelled::default()
                };
                let suggested = case.suggestion.dissatisfied;
                examples.corrections.push(Correction { row, suggested, decided_at: decision.at });
            }
            Err(why) => *examples.left_out.entry(why).or_default() += 1,
        }
    }
    examples.corrections.sort_by(|a, b| (a.decided_at, &a.row.id).cmp(&(b.decided_at, &b.row.id)));
    Ok(examples)
}
