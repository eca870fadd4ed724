//! Heard: complaints intake and casework for children's services in England.
//!
//! One message follows the modules in alphabetical order: [`intake`] stores and reads it, [`labelling`] suggests what it
//! is, [`matching`] finds its case, [`procedure`] holds the law, [`replies`] writes back, [`reports`] counts, [`store`]
//! keeps, [`web`] shows, and [`workers`] make it happen. `docs/ARCHITECTURE.md` follows one email through them.

pub mod alerts;
pub mod app;
pub mod casework;
pub mod cli;
pub mod clock;
pub mod config;
pub mod desk;
pub mod elusion;
pub mod http;
pub mod ids;
pub mod intake;
pub mod labelling;
pub mod languages;
pub mod matching;
pub mod oauth;
pub mod procedure;
pub mod replies;
pub mod reports;
pub mod sealed;
pub mod search;
pub mod store;
pub mod tls;
pub mod web;
pub mod workers;
