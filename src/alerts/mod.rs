//! Telling somebody, on another channel than mail, that families' messages are not read or not answered: a mail system
//! that is broken cannot say so by mail. What holds ([`conditions`]), what is due to be said ([`due`]) and how it reads
//! ([`words`]) are pure; [`channels`] carry it out. No message holds a person's name or address.

pub mod channels;
pub mod conditions;
pub mod due;
mod trouble;
pub mod words;

pub use trouble::Trouble;
