//! The law: stages, clocks, people, independence, findings. Pure rules over plain values.

pub mod bank_holidays;
pub mod case;
pub mod clocks;
pub mod contributions;
pub mod course;
pub mod decide;
pub mod documents;
pub mod due;
pub mod due_dates;
mod due_param;
pub mod duties;
pub mod event;
pub mod holidays;
pub mod independence;
#[cfg(test)]
mod invariants;
pub mod options;
pub mod recount;
pub mod reminders;
pub mod retention;
pub mod safeguarding;
pub mod staff_faults;
pub mod standing;
pub mod state;
pub mod working_days;
