//! `heard users`: officers' accounts.

use std::io::Write;

use clap::Subcommand;
use secrecy::{ExposeSecret, SecretString};

use super::Failure;
use crate::{app::database_url, clock::Clock, config::Settings, desk::users, store::Store, web::access::Role};

/// What can be done with accounts.
#[derive(Subcommand, Debug)]
pub(super) enum UsersCommand {
    /// Add an account; a password is made and printed once.
    Add {
        /// Address; the account's name.
        email: String,
        /// Name shown to colleagues.
        #[arg(long)]
        name: String,
        /// What they may do.
        #[arg(long, value_enum, default_value = "officer")]
        role: Position,
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

/// What an account may do.
#[derive(clap::ValueEnum, Clone, Copy, Debug)]
pub(super) enum Position {
    /// Works cases.
    #[value(name = "officer")]
    Officer,
    /// Co-ordinates all handling.
    #[value(name = "complaints_manager")]
    ComplaintsManager,
    /// Owns a manager's mailbox with the account's address: says whether it may be checked, and sees no case.
    #[value(name = "mailbox_owner")]
    MailboxOwner,
}

impl From<Position> for Role {
    fn from(position: Position) -> Self {
        match position {
            Position::Officer => Self::Officer,
            Position::ComplaintsManager => Self::ComplaintsManager,
            Position::MailboxOwner => Self::MailboxOwner,
        }
    }
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
            let added = users::add(&store, &email, &name, role.into(), None, now).await?;
            say_password(&mut out, &email, added.made)?;
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
        UsersCommand::Disable { email } => users::disable(&store, &email, now).await?,
        UsersCommand::Enable { email } => users::enable(&store, &email, now).await?,
        UsersCommand::Password { email } => {
            let made = users::password(&store, &email, None, now).await?;
            say_password(&mut out, &email, made)?;
        }
    }
    store.close().await;
    Ok(())
}

/// The one time a made password is shown.
fn say_password(out: &mut impl Write, email: &str, made: Option<SecretString>) -> std::io::Result<()> {
    match made {
        Some(made) => writeln!(out, "{email} signs in with the password {}", made.expose_secret()),
        None => writeln!(out, "{email} can sign in"),
    }
}
