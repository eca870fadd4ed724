//! The law: stages, clocks, people, independence, findings. Pure rules over plain values.

pub mod case;
pub mod decide;
pub mod due;
pub mod due_dates;
mod due_param;
pub mod duties;
pub mod event;
pub mod holidays;
pub mod independence;
pub mod safeguarding;
pub mod working_days;
