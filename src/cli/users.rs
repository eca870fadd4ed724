//! `heard users`: officers' accounts.

use std::io::Write;

use clap::{
    Subcommand,
    builder::{PossibleValuesParser, TypedValueParser},
};
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
        #[arg(long, default_value = "officer", value_parser = a_role())]
        role: Role,
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
    /// Change what an account is for, and end its sessions.
    Role {
        /// Address.
        email: String,
        /// What they may do from now on.
        #[arg(value_parser = a_role())]
        role: Role,
    },
    /// Take a lost second factor off an account, and end its sessions: they set up another.
    ForgetSecondFactor {
        /// Address.
        email: String,
    },
}

/// Reads a role, and lists all of them in the help.
fn a_role() -> impl TypedValueParser<Value = Role> {
    PossibleValuesParser::new(Role::ALL.map(Role::as_str)).try_map(|word| word.parse::<Role>())
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
            let added = users::add(&store, &email, &name, role, None, now).await?;
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
        UsersCommand::Role { email, role } => users::set_role(&store, &email, role, None, now).await?,
        UsersCommand::ForgetSecondFactor { email } => users::forget_second_factor(&store, &email, None, now).await?,
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
