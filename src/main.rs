//! Heard: complaints intake and casework for children's services in England.

use std::process::ExitCode;

fn main() -> ExitCode {
    heard::cli::run()
}
