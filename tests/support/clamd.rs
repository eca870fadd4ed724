//! A virus scanner of the test's own: clamd on loopback with one signature of ours, and no updates.
#![allow(dead_code, missing_docs, clippy::unwrap_used, clippy::panic)]

use std::{
    net::TcpListener,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

/// What the test's scanner finds.
pub const MARKER: &[u8] = b"HEARD-TEST-HARMFUL-MARKER";
/// What it calls it.
pub const NAME: &str = "Heard.Test.Marker.UNOFFICIAL";

/// A port that is free now.
pub fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

/// A running clamd; it ends with this value.
pub struct Clamd {
    process: Child,
    pub address: String,
    pub socket: String,
    _folder: tempfile::TempDir,
}

impl Clamd {
    /// Starts one on this port of 127.0.0.1. Files above a million bytes are too large for it.
    pub async fn start(port: u16) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = |name: &str| folder.path().join(name).display().to_string();
        std::fs::create_dir(path("db")).unwrap();
        let hex = data_encoding::HEXLOWER.encode(MARKER);
        std::fs::write(path("db/heard.ndb"), format!("Heard.Test.Marker:0:*:{hex}\n")).unwrap();
        let settings = format!(
            "DatabaseDirectory {}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nLocalSocket {}\nForeground yes\nStreamMaxLength 1M\n",
            path("db"),
            path("clamd.ctl")
        );
        std::fs::write(path("clamd.conf"), settings).unwrap();
        let program = ["/usr/sbin/clamd", "/usr/bin/clamd"].into_iter().find(|at| std::path::Path::new(at).exists());
        let program =
            program.expect("clamd is missing (Debian: apt-get install --no-install-recommends clamav-daemon)");
        let mut command = Command::new(program);
        command.arg(format!("--config-file={}", path("clamd.conf")));
        let log = std::fs::File::create(path("out")).unwrap();
        command.stdin(Stdio::null()).stdout(log.try_clone().unwrap()).stderr(log);
        let mut process = command.spawn().expect("clamd starts");
        let address = format!("127.0.0.1:{port}");
        let start = Instant::now();
        while !matches!(clamav_client::tokio::ping(clamav_client::tokio::Tcp { host_address: &address }).await, Ok(pong) if pong == clamav_client::PONG)
        {
            let ended = process.try_wait().unwrap();
            let said = std::fs::read_to_string(path("out")).unwrap_or_default();
            assert!(ended.is_none() && start.elapsed() < Duration::from_secs(60), "clamd does not answer: {said}");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { process, address, socket: path("clamd.ctl"), _folder: folder }
    }
}

impl Drop for Clamd {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}
