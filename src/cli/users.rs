//! `heard users`: officers' accounts.

use std::io::Write;

use clap::Subcommand;

use super::Failure;
use crate::{app::database_url, clock::Clock, config::Settings, desk::users, store::Store};

/// What can be done with accounts.
#[derive(Subcommand, Debug)]
pub(super) enum UsersCommand {
    /// Add an account; a password is made and printed once unless one stands on standard input.
    Add {
        /// Address; the account's name.
        email: String,
        /// Name shown to colleagues.
        #[arg(long)]
        name: String,
        /// officer or `complaints_manager`.
        #[arg(long, default_value = "officer")]
        role: String,
    },
    /// List the accounts.
    List,
    /// Shut an account and end its sessions.
    Disable {
        /// Address.
        email: String,
    },
    /// Open an account again.
    Enable {
        /// Address.
        email: String,
    },
    /// Make a new password, print it once, and end the account's sessions.
    Password {
        /// Address.
        email: String,
    },
}

pub(super) async fn run(
    settings: Settings,
    database: Option<&str>,
    command: UsersCommand,
    json: bool,
) -> Result<(), Failure> {
    let store = Store::open(&database_url(&settings, database)?).await?;
    let now = Clock::system().now();
    let mut out = std::io::stdout().lock();
    match command {
        UsersCommand::Add { email, name, role } => {
            let password = users::add(&store, &email, &name, &role, None, now).await?;
            writeln!(out, "{email} may sign in as {role}, with the password {}", password.unwrap_or_default())?;
        }
        UsersCommand::List => {
            let all = users::list(&store).await?;
            if json {
                writeln!(out, "{}", serde_json::to_string_pretty(&all)?)?;
            } else {
                for user in all {
                    writeln!(
                        out,
                        "{:<40} {:<20} {:<30} {}",
                        user.email,
                        user.role,
                        user.name,
                        if user.active { "" } else { "disabled" }
                    )?;
                }
            }
        }
        UsersCommand::Disable { email } => users::disable(&store, &email).await?,
        UsersCommand::Enable { email } => users::enable(&store, &email).await?,
        UsersCommand::Password { email } => {
            let password = users::password(&store, &email, now).await?;
            writeln!(out, "{email} signs in with the password {password} from now on")?;
        }
    }
    store.close().await;
    Ok(())
}
