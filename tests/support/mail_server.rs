//! A real Dovecot and a real Postfix on 127.0.0.1, for one test or shared by those of one process.
#![allow(dead_code, reason = "each test program uses its own part of this")]

use std::{
    fs,
    io::{BufRead as _, BufReader, Read as _},
    net::{TcpListener, TcpStream},
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicU16, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use chrono::{DateTime, Utc};
use futures::TryStreamExt as _;
use heard::{
    intake::imap::{ImapAuth, ImapSettings},
    tls::Security,
};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Tokio1Executor, address::Envelope};

/// Longest time that anything here is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// Users with a mailbox; [`MailServer::own_user`] gives more. The password of `x@…` is `pw-x`.
pub const USERS: [&str; 6] = [
    "complaints@council.example",
    "manager1@council.example",
    "manager2@council.example",
    "log-a-complaint@council.example",
    "mum@family.example",
    "dad@family.example",
];
/// How many more users there are, for tests that share a server.
const OWN_USERS: usize = 60;
/// Postfix answers 550 to this recipient.
pub const REFUSED: &str = "refused@family.example";
/// Postfix answers 450 to this recipient.
pub const BUSY: &str = "busy@family.example";

/// A message as it lies in a mailbox.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    pub uid: u32,
    pub flags: Vec<String>,
    pub raw: Vec<u8>,
}

impl Stored {
    /// The message as text, lines ending in `\n`.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.raw).replace("\r\n", "\n")
    }
}

/// The running servers. Dropping it stops them, and so does the end of the process.
#[derive(Debug)]
pub struct MailServer {
    dir: PathBuf,
    /// IMAP, plain at first, with STARTTLS.
    pub imap: u16,
    /// IMAP in TLS: on 127.0.0.1 (`localhost`) with a good certificate, on 127.0.0.2 with an expired one.
    pub imaps: u16,
    /// LMTP.
    pub lmtp: u16,
    /// SMTP with STARTTLS and AUTH; delivers also without.
    pub smtp: u16,
    script: Child,
    given: AtomicUsize,
    own_dir: Option<tempfile::TempDir>,
}

impl MailServer {
    /// How Heard signs in to the mailbox of `user`, one of those with a password, over TLS.
    pub fn imap_settings(&self, user: &str) -> ImapSettings {
        ImapSettings {
            host: "localhost".into(),
            port: self.imaps,
            security: Security::Tls,
            user: user.into(),
            auth: ImapAuth::Password(password(user).into()),
            folder: "INBOX".into(),
            extra_ca: Some(self.ca()),
            timeout: Duration::from_secs(10),
            poll: Duration::from_secs(1),
        }
    }

    /// Starts both servers with all their files in `dir` and waits until they answer.
    pub fn start(dir: &Path) -> Self {
        for (program, package) in
            [("dovecot", "dovecot-imapd dovecot-lmtpd"), ("postfix", "postfix"), ("openssl", "openssl")]
        {
            let found =
                ["/usr/sbin", "/usr/bin", "/sbin", "/bin"].iter().any(|at| Path::new(at).join(program).exists());
            assert!(
                found,
                "the tests with a mail server need {program}: apt-get install --no-install-recommends {package}"
            );
        }
        let mut last = String::new();
        for attempt in 0..3 {
            // Another process may take one of the ports between finding and using it.
            match Self::try_start(&dir.join(format!("try{attempt}"))) {
                Ok(server) => return server,
                Err(why) => last = why,
            }
        }
        panic!("the mail server does not start (it needs root): {last}");
    }

    /// One server for all tests of this process that run at the same time. Tests that use it must use mailboxes of their
    /// own, by [`MailServer::own_user`].
    pub fn shared() -> Arc<Self> {
        static SHARED: Mutex<Weak<MailServer>> = Mutex::new(Weak::new());
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(running) = shared.upgrade() {
            return running;
        }
        let dir = tempfile::Builder::new().prefix("heard-mail-").tempdir().unwrap();
        let mut server = Self::start(dir.path());
        server.own_dir = Some(dir);
        let server = Arc::new(server);
        *shared = Arc::downgrade(&server);
        server
    }

    fn try_start(dir: &Path) -> Result<Self, String> {
        fs::create_dir_all(dir).unwrap();
        let dir = dir.canonicalize().unwrap();
        // Dovecot's and Postfix's own users must be able to reach what belongs to them.
        for parent in [dir.parent().unwrap(), &dir] {
            fs::set_permissions(parent, fs::Permissions::from_mode(0o755)).unwrap();
        }
        let users = USERS.map(str::to_owned).into_iter().chain((0..OWN_USERS).map(own_user));
        fs::write(dir.join("users"), users.map(|user| user_line(&dir, &user)).collect::<String>()).unwrap();
        let [imap, imaps, lmtp, smtp] = [(); 4].map(|()| free_port());
        let mut script = Command::new("/bin/sh")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/support/mail_server.sh"))
            .arg(&dir)
            .args([imap, imaps, lmtp, smtp].map(|port| port.to_string()))
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?;
        let mut said = String::new();
        BufReader::new(script.stdout.take().unwrap()).read_line(&mut said).unwrap();
        let server = Self { dir, imap, imaps, lmtp, smtp, script, given: AtomicUsize::new(0), own_dir: None };
        let ready = said.trim() == "started"
            && answers(imap, "* OK")
            && answers(lmtp, "220")
            && answers(smtp, "220")
            && TcpStream::connect(("127.0.0.2", imaps)).is_ok();
        if ready { Ok(server) } else { Err(server.logs()) }
    }

    /// Everything the servers wrote to their logs.
    pub fn logs(&self) -> String {
        ["openssl.out", "dovecot.out", "dovecot.log", "postfix.out", "postfix/maillog"]
            .map(|name| fs::read_to_string(self.dir.join(name)).unwrap_or_default())
            .concat()
    }

    /// The certificate of the authority that signed the servers' certificates, as a PEM file.
    pub fn ca(&self) -> PathBuf {
        self.dir.join("tls/ca.pem")
    }

    /// Where the public keys lie of those whose tokens sign in, by key id.
    pub fn token_keys(&self) -> PathBuf {
        self.dir.join("tokens/default/RS256")
    }

    /// A user with an empty mailbox whom no other test has been given.
    pub fn own_user(&self) -> String {
        let number = self.given.fetch_add(1, Ordering::Relaxed);
        assert!(number < OWN_USERS, "more users are needed: raise OWN_USERS");
        own_user(number)
    }

    /// Runs `doveadm` on the running Dovecot and returns what it printed.
    pub fn doveadm(&self, arguments: &[&str]) -> String {
        let output =
            Command::new("/usr/bin/doveadm").arg("-c").arg(self.dir.join("dovecot.conf")).args(arguments).output();
        let output = output.unwrap();
        assert!(output.status.success(), "doveadm {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Has Dovecot cut all connections of `user`; returns when it has.
    pub async fn kick(&self, user: &str) {
        self.doveadm(&["kick", user]);
        let start = Instant::now();
        while self.doveadm(&["who", "-1", user]).contains(user) {
            assert!(start.elapsed() < PATIENCE, "{user} is still connected");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Has Dovecot cut all connections of `user`, who may come back at once. False if there are none.
    pub fn cut(&self, user: &str) -> bool {
        let conf = self.dir.join("dovecot.conf");
        let kicked = Command::new("/usr/bin/doveadm").arg("-c").arg(conf).args(["kick", user]).output().unwrap();
        kicked.status.success()
    }

    /// Hands a message to Postfix; returns when Postfix has taken it.
    pub async fn deliver(&self, from: &str, to: &str, raw: &str) {
        let envelope = Envelope::new(Some(from.parse().unwrap()), vec![to.parse().unwrap()]).unwrap();
        AsyncSmtpTransport::<Tokio1Executor>::builder_dangerous("127.0.0.1")
            .port(self.smtp)
            .build()
            .send_raw(&envelope, crlf(raw).as_bytes())
            .await
            .unwrap();
    }

    /// Puts messages into the INBOX of `user` as received at the given times, by IMAP.
    pub async fn append(&self, user: &str, messages: &[(String, DateTime<Utc>)]) {
        let mut session = self.session(user).await;
        for (raw, at) in messages {
            let at = format!("\"{}\"", at.format("%d-%b-%Y %H:%M:%S +0000"));
            session.append("INBOX", None, Some(&at), crlf(raw)).await.unwrap();
        }
        session.logout().await.unwrap();
    }

    /// What lies in the INBOX of `user`, looked at without changing it.
    pub async fn messages(&self, user: &str) -> Vec<Stored> {
        let mut session = self.session(user).await;
        let exists = session.examine("INBOX").await.unwrap().exists;
        let mut found = Vec::new();
        if exists > 0 {
            let fetched: Vec<_> =
                session.uid_fetch("1:*", "(UID FLAGS BODY.PEEK[])").await.unwrap().try_collect().await.unwrap();
            assert_eq!(fetched.len(), usize::try_from(exists).unwrap());
            found.extend(fetched.iter().map(|one| Stored {
                uid: one.uid.unwrap(),
                flags: one.flags().map(|flag| format!("{flag:?}")).collect(),
                raw: one.body().unwrap().to_vec(),
            }));
        }
        session.logout().await.unwrap();
        found
    }

    /// The messages of `user` as soon as there are at least `count`.
    pub async fn await_messages(&self, user: &str, count: usize) -> Vec<Stored> {
        let start = Instant::now();
        loop {
            let found = self.messages(user).await;
            if found.len() >= count {
                return found;
            }
            assert!(start.elapsed() < PATIENCE, "{} of {count} messages for {user}\n{}", found.len(), self.logs());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    async fn session(&self, user: &str) -> async_imap::Session<tokio::net::TcpStream> {
        let stream = tokio::net::TcpStream::connect(("127.0.0.1", self.imap)).await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut client = async_imap::Client::new(stream);
        client.read_response().await.unwrap().unwrap();
        client.login(user, password(user)).await.map_err(|(error, _)| error).unwrap()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        drop(self.script.stdin.take());
        let _ = self.script.wait();
    }
}

/// The password of `user`.
pub fn password(user: &str) -> String {
    format!("pw-{}", user.split('@').next().unwrap())
}

fn own_user(number: usize) -> String {
    format!("box{number}@council.example")
}

fn user_line(dir: &Path, user: &str) -> String {
    format!("{user}:{{PLAIN}}{}:nobody:nogroup::{}/mail/{user}\n", password(user), dir.display())
}

/// `text` with every line ending in CRLF.
pub fn crlf(text: &str) -> String {
    text.replace("\r\n", "\n").replace('\n', "\r\n")
}

/// A port nobody listens on, below those the system gives to outgoing connections.
pub fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let spread = u16::try_from(std::process::id() % 1100).unwrap() * 10;
    for _ in 0..2000 {
        let port = 20_000 + (spread + NEXT.fetch_add(1, Ordering::Relaxed)) % 12_000;
        if ["127.0.0.1", "127.0.0.2"].iter().all(|at| TcpListener::bind((*at, port)).is_ok()) {
            return port;
        }
    }
    panic!("no free port");
}

/// Waits until the server on `port` greets with `greeting`.
fn answers(port: u16, greeting: &str) -> bool {
    let start = Instant::now();
    while start.elapsed() < PATIENCE {
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            stream.set_read_timeout(Some(PATIENCE)).unwrap();
            let mut heard = vec![0; greeting.len()];
            if stream.read_exact(&mut heard).is_ok() {
                return heard == greeting.as_bytes();
            }
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    false
}
