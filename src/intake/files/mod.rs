//! Files that come with messages: taken out of the stored message, judged, kept by their content, scanned, and read for
//! the search.

pub mod kinds;
pub mod parts;
