//! The law: stages, clocks, people, independence, findings. Pure rules over plain values.

/// A case as its events made it.
pub mod case;
/// The one door.
pub mod decide;
/// The history.
pub mod event;
