//! Outgoing mail as files in a folder: the embedded default, where no mail server is configured.

use std::{
    fs::{self, File},
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use futures::future::BoxFuture;
use sha2::{Digest, Sha256};

use super::{
    courier::{Courier, Delivery, Outgoing},
    mime::{self, ReturnPath},
};
use crate::{alerts::Trouble, clock::Clock, intake::channel::is_chat};

/// Longest file name before `.eml`, bytes.
const LONGEST_STEM: usize = 180;

/// Writes each message as `<message id>.eml`. The same id is the same file, so that a retry leaves one message.
#[derive(Clone, Debug)]
pub struct FolderCourier {
    dir: PathBuf,
    clock: Clock,
}

impl FolderCourier {
    /// A courier into `dir`, which is made when first needed.
    #[must_use]
    pub fn new(dir: impl Into<PathBuf>, clock: Clock) -> Self {
        Self { dir: dir.into(), clock }
    }

    /// Tries whether files can be written.
    ///
    /// # Errors
    ///
    /// What the system said, with the folder's name.
    pub fn probe(&self) -> Result<(), String> {
        let name = format!(".probe-{}", std::process::id());
        put(&self.dir, &name, b"")
            .and_then(|()| fs::remove_file(self.dir.join(&name)))
            .map_err(|error| format!("cannot write into the folder {}: {error}", self.dir.display()))
    }
}

impl FolderCourier {
    async fn write(&self, name: String, bytes: Vec<u8>) -> Delivery {
        let dir = self.dir.clone();
        match tokio::task::spawn_blocking(move || put(&dir, &name, &bytes)).await {
            Ok(Ok(())) => Delivery::Delivered,
            Ok(Err(error)) => {
                let words = format!("cannot write into the folder {}: {error}", self.dir.display());
                Delivery::Unavailable(Trouble::Folder, words)
            }
            Err(_) => Delivery::TryLater("writing was interrupted".to_owned()),
        }
    }
}

impl Courier for FolderCourier {
    fn send<'a>(&'a self, message: &'a Outgoing) -> BoxFuture<'a, Delivery> {
        Box::pin(async move {
            if is_chat(&message.to) {
                // Where no chat service is configured, what would be said there lies beside the mail.
                let bytes = format!("To: {}\n\n{}\n", message.to, message.text).into_bytes();
                let name = file_name(&message.message_id).replace(".eml", ".txt");
                return self.write(name, bytes).await;
            }
            let bytes = match mime::build(message, self.clock.now(), &ReturnPath::Empty) {
                Ok(built) => built.formatted(),
                Err(error) => return Delivery::Refused(error.to_string()),
            };
            self.write(file_name(&message.message_id), bytes).await
        })
    }
}

/// Writes `bytes` under another name first and syncs them, so that a file with the final name is always complete.
fn put(dir: &Path, name: &str, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(dir)?;
    let unfinished = dir.join(format!(".{name}.{}.tmp", uuid::Uuid::new_v4().simple()));
    let written = File::create_new(&unfinished).and_then(|mut file| {
        file.write_all(bytes)?;
        file.sync_all()
    });
    let done = written
        .and_then(|()| fs::rename(&unfinished, dir.join(name)))
        .and_then(|()| File::open(dir).and_then(|folder| folder.sync_all()));
    if done.is_err() {
        let _ = fs::remove_file(&unfinished);
    }
    done
}

/// A file name for `message_id`; a part of its hash keeps ids apart that differ only in what a file name cannot hold.
fn file_name(message_id: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '+' | '@');
    let stem: String = message_id.chars().map(|c| if plain(c) { c } else { '_' }).take(LONGEST_STEM).collect();
    let stem = if stem.is_empty() || stem.starts_with('.') { format!("_{stem}") } else { stem };
    if stem == message_id {
        return format!("{stem}.eml");
    }
    let digest = Sha256::digest(message_id.as_bytes());
    format!("{stem}-{}.eml", data_encoding::HEXLOWER.encode(digest.get(..6).unwrap_or(&digest)))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::replies::mime::tests::{acknowledgement, when};

    fn names(dir: &Path) -> Vec<String> {
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }

    #[tokio::test]
    async fn sending_the_same_message_twice_leaves_one_complete_file() {
        let dir = tempfile::tempdir().unwrap();
        let out = dir.path().join("outbox");
        let courier = FolderCourier::new(&out, Clock::fixed(when()));
        let message = acknowledgement();
        for _ in 0..2 {
            assert_eq!(courier.send(&message).await, Delivery::Delivered);
        }
        assert_eq!(names(&out), ["ack.hrd-26-00412.k7q2mz4r@council.example.eml"]);
        let written = fs::read(out.join(&names(&out)[0])).unwrap();
        assert_eq!(written, mime::build(&message, when(), &ReturnPath::Empty).unwrap().formatted());
    }

    #[tokio::test]
    async fn a_folder_that_cannot_be_written_is_tried_later_and_named_by_the_probe() {
        let dir = tempfile::tempdir().unwrap();
        let file = dir.path().join("file");
        fs::write(&file, "in the way").unwrap();
        let courier = FolderCourier::new(&file, Clock::fixed(when()));
        assert!(matches!(courier.send(&acknowledgement()).await, Delivery::Unavailable(..)));
        assert!(courier.probe().unwrap_err().contains(&file.display().to_string()));
    }

    #[tokio::test]
    async fn what_would_be_said_in_a_chat_is_a_text_file() {
        let dir = tempfile::tempdir().unwrap();
        let courier = FolderCourier::new(dir.path(), Clock::fixed(when()));
        let message = Outgoing { to: "telegram:1".into(), ..acknowledgement() };
        assert_eq!(courier.send(&message).await, Delivery::Delivered);
        assert_eq!(names(dir.path()), ["ack.hrd-26-00412.k7q2mz4r@council.example.txt"]);
        assert!(fs::read_to_string(dir.path().join(&names(dir.path())[0])).unwrap().starts_with("To: telegram:1\n\n"));
    }

    proptest! {
        #[test]
        fn a_file_name_stays_in_the_folder_and_tells_ids_apart(one in any::<String>(), two in any::<String>()) {
            let name = file_name(&one);
            prop_assert!(!name.contains('/') && !name.contains('\0') && !name.starts_with('.') && name.len() < 255);
            prop_assert_eq!(one == two, name == file_name(&two));
        }
    }
}
