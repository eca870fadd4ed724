//! Reports: what other programs and people may take out.

pub mod export;
pub mod figures;
pub mod spreadsheet;
pub mod survey;
