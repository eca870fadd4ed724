//! An IMAP server of a few messages that fails where it is told to, for what a real server does only on a bad day.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// What goes wrong, once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The socket closes after so many messages of a FETCH of bodies.
    CloseAfter(usize),
    /// The socket closes in the middle of the message after so many.
    CutAfter(usize),
    /// `* BYE` after so many messages.
    ByeAfter(usize),
    /// Tagged `NO` after so many messages.
    NoAfter(usize),
    /// Tagged `OK` after so many messages.
    OkAfter(usize),
    /// Nothing more after so many messages.
    SilentAfter(usize),
    /// The message is expunged by somebody else just before the FETCH of bodies.
    ExpungedBefore(u32),
    /// The socket closes on SEARCH.
    CloseOnSearch,
    /// Something that is not IMAP, with a text in it, in answer to a FETCH of bodies.
    Garbage,
    /// The socket closes in IDLE.
    CloseInIdle,
}

/// What the server holds and how it behaves.
#[derive(Debug, Default)]
pub struct State {
    /// UID and message.
    pub messages: BTreeMap<u32, String>,
    /// Faults still to come, in this order.
    pub faults: Vec<Fault>,
    /// Messages that are listed, but never given whole.
    pub withheld: BTreeSet<u32>,
    /// Announces IDLE.
    pub idle: bool,
    /// Every command so far, without its tag.
    pub commands: Vec<String>,
}

/// The running server.
pub struct FaultyImap {
    pub port: u16,
    pub state: Arc<Mutex<State>>,
}

impl FaultyImap {
    /// Starts on a free port of 127.0.0.1, in the test's own runtime.
    pub async fn start(state: State) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let state = Arc::new(Mutex::new(state));
        let shared = Arc::clone(&state);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let state = Arc::clone(&shared);
                tokio::spawn(async move {
                    // An error means that the client has left.
                    let _ = serve(stream, &state).await;
                });
            }
        });
        Self { port, state }
    }
}

/// Takes the next fault out if it is the one that `fits`.
fn take(state: &Mutex<State>, fits: impl Fn(Fault) -> bool) -> Option<Fault> {
    let mut state = state.lock().unwrap();
    let next = state.faults.first().copied().filter(|fault| fits(*fault))?;
    state.faults.remove(0);
    Some(next)
}

async fn serve(stream: TcpStream, state: &Mutex<State>) -> std::io::Result<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"* OK ready\r\n").await?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Ok(());
        }
        let (tag, command) = line.trim_end().split_once(' ').unwrap_or((line.trim_end(), ""));
        state.lock().unwrap().commands.push(if command.is_empty() { tag.to_owned() } else { command.to_owned() });
        let words: Vec<&str> = command.split(' ').collect();
        let mut answer = String::new();
        match words.as_slice() {
            ["CAPABILITY"] => {
                let idle = if state.lock().unwrap().idle { " IDLE" } else { "" };
                answer = format!("* CAPABILITY IMAP4rev1{idle}\r\n");
            }
            ["EXAMINE", _] => {
                let count = state.lock().unwrap().messages.len();
                answer = format!("* {count} EXISTS\r\n* OK [UIDVALIDITY 7] ok\r\n");
            }
            ["UID", "SEARCH", "UID", set] => {
                if take(state, |fault| fault == Fault::CloseOnSearch).is_some() {
                    return Ok(());
                }
                let listed: String = listed(state, set).iter().map(|uid| format!(" {uid}")).collect();
                answer = format!("* SEARCH{listed}\r\n");
            }
            ["UID", "FETCH", set, ..] => {
                if !fetch(&mut stream, state, set, command, tag).await? {
                    return Ok(());
                }
                continue;
            }
            ["IDLE"] => {
                stream.write_all(b"+ idling\r\n").await?;
                if take(state, |fault| fault == Fault::CloseInIdle).is_some() {
                    return Ok(());
                }
                stream.read_line(&mut String::new()).await?;
            }
            _ => {}
        }
        stream.write_all(format!("{answer}{tag} OK done\r\n").as_bytes()).await?;
    }
}

/// UIDs of `set` that exist; `*` is the highest.
fn listed(state: &Mutex<State>, set: &str) -> Vec<u32> {
    let state = state.lock().unwrap();
    let Some(highest) = state.messages.keys().max().copied() else { return Vec::new() };
    let number = |text: &str| if text == "*" { highest } else { text.parse().unwrap() };
    let mut found = BTreeSet::new();
    for run in set.split(',') {
        let (one, two) = run.split_once(':').unwrap_or((run, run));
        let (one, two) = (number(one), number(two));
        found.extend(state.messages.range(one.min(two)..=one.max(two)).map(|(uid, _)| *uid));
    }
    found.into_iter().collect()
}

/// Answers one FETCH; false if the connection is to be closed.
async fn fetch(
    stream: &mut BufReader<TcpStream>,
    state: &Mutex<State>,
    set: &str,
    command: &str,
    tag: &str,
) -> std::io::Result<bool> {
    if !command.contains("BODY") {
        let sizes: String = listed(state, set)
            .iter()
            .map(|uid| {
                let size = state.lock().unwrap().messages[uid].len();
                format!("* {uid} FETCH (UID {uid} RFC822.SIZE {size})\r\n")
            })
            .collect();
        stream.write_all(format!("{sizes}{tag} OK done\r\n").as_bytes()).await?;
        return Ok(true);
    }
    let fault = take(state, |fault| !matches!(fault, Fault::CloseOnSearch | Fault::CloseInIdle));
    if let Some(Fault::ExpungedBefore(uid)) = fault {
        state.lock().unwrap().messages.remove(&uid);
    }
    if fault == Some(Fault::Garbage) {
        stream.write_all(b"* 1 FETCH Subject: giraffe\r\n").await?;
        return Ok(false);
    }
    let headers_only = command.contains("[HEADER]");
    let stop = match fault {
        Some(
            Fault::CloseAfter(n)
            | Fault::CutAfter(n)
            | Fault::ByeAfter(n)
            | Fault::NoAfter(n)
            | Fault::OkAfter(n)
            | Fault::SilentAfter(n),
        ) => Some(n),
        _ => None,
    };
    for (count, uid) in listed(state, set).into_iter().enumerate() {
        let whole = state.lock().unwrap().messages[&uid].clone();
        let withheld = state.lock().unwrap().withheld.contains(&uid) && !headers_only;
        if withheld {
            continue;
        }
        let (section, text) = match whole.split_once("\r\n\r\n") {
            Some((headers, _)) if headers_only => ("HEADER", format!("{headers}\r\n\r\n")),
            _ => ("", whole),
        };
        let mut one = format!(
            "* {uid} FETCH (UID {uid} INTERNALDATE \" 2-Nov-2026 09:00:00 +0000\" BODY[{section}] {{{}}}\r\n{text})\r\n",
            text.len()
        );
        if stop == Some(count) {
            match fault {
                Some(Fault::CutAfter(_)) => {
                    one.truncate(one.len() / 2);
                    stream.write_all(one.as_bytes()).await?;
                    return Ok(false);
                }
                Some(Fault::CloseAfter(_)) => return Ok(false),
                Some(Fault::ByeAfter(_)) => {
                    stream.write_all(b"* BYE for a while\r\n").await?;
                    return Ok(false);
                }
                Some(Fault::SilentAfter(_)) => {
                    stream.read_line(&mut String::new()).await?;
                    return Ok(false);
                }
                Some(Fault::NoAfter(_)) => {
                    stream.write_all(format!("{tag} NO some are missing\r\n").as_bytes()).await?;
                    return Ok(true);
                }
                _ => break,
            }
        }
        stream.write_all(one.as_bytes()).await?;
    }
    stream.write_all(format!("{tag} OK done\r\n").as_bytes()).await?;
    Ok(true)
}
