//! The officers' pages.

pub mod access;
pub mod desk;
pub mod views;
