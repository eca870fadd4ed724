//! S/MIME as openssl makes it, and what the case says of a message that cannot be read.

use std::{path::Path, process::Command};

use heard::intake::containers::Sealed;

use crate::{
    council::{Council, file, told},
    databases::Database,
    samples::*,
};

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl").args(arguments.split_whitespace()).current_dir(folder).output();
    let output = output.expect("openssl is missing (Debian: apt-get install openssl)");
    assert!(output.status.success(), "openssl {arguments}: {}", String::from_utf8_lossy(&output.stderr));
}

/// `mail` signed or encrypted, under the header of the family.
fn bundled(folder: &Path, arguments: &str) -> String {
    openssl(folder, arguments);
    let outer = std::fs::read_to_string(folder.join("outer")).unwrap().replace("\r\n", "\n").replace('\n', "\r\n");
    let id = arguments.replace(' ', "");
    format!("From: Ama Boateng <ama@mail.example>\r\nMessage-ID: <{id}@mail.example>\r\nSubject: Transport\r\n{outer}")
}

fn key(folder: &Path) {
    openssl(folder, "req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=Ama -keyout key -out cert");
    let inner = mail(
        "Ama <spoofed@elsewhere.example>",
        "inner",
        "inner",
        &[words("The taxi never came."), attached("plan.pdf", "application/pdf", &pdf("The Thistledown plan"))],
    );
    let from = inner.find("MIME-Version").unwrap();
    std::fs::write(folder.join("inner"), &inner[from..]).unwrap();
}

#[tokio::test]
async fn signed_mail_is_read_and_encrypted_mail_says_that_it_cannot_be() {
    let folder = tempfile::tempdir().unwrap();
    key(folder.path());
    let council = Council::open(Database::sqlite().await).await;
    for form in [
        "smime -sign -nodetach -in inner -out outer -signer cert -inkey key",
        "cms -sign -nodetach -stream -in inner -out outer -signer cert -inkey key",
        "cms -sign -nodetach -keyid -in inner -out outer -signer cert -inkey key",
        "smime -sign -in inner -out outer -signer cert -inkey key",
    ] {
        let raw = bundled(folder.path(), form);
        council.arrives("complaints", &raw).await;
        council.keep().await;
        let reference = council.found("boateng").await.remove(0);
        let case = council.case(&reference).await;
        let message = case.messages.last().unwrap();
        assert_eq!((message.text.trim(), &message.sealed), ("The taxi never came.", &None), "{form}");
        assert_eq!(message.address, "ama@mail.example", "{form}: who wrote it stands outside");
        let plan = message.attachments.iter().find(|file| file.name == "plan.pdf").unwrap_or_else(|| panic!("{form}"));
        assert_eq!(council.download(&reference, plan.id).await.body, pdf("The Thistledown plan"), "{form}");
        let detached = !form.contains("-nodetach");
        let signature = message.attachments.iter().find(|file| file.name == "smime.p7s");
        assert_eq!(signature.map(|file| file.kind.as_str()), detached.then_some("Electronic signature"), "{form}");
    }
    assert!(!council.found("thistledown").await.is_empty());

    let raw = bundled(folder.path(), "cms -encrypt -aes256 -stream -in inner -out outer cert")
        .replace("Ama Boateng", "Gareth Pugh")
        .replace("ama@", "g.pugh@");
    assert_eq!(council.arrives("complaints", &raw).await.cases_opened, 1, "whoever encrypts is heard as well");
    council.keep().await;
    let case = council.case_of("Pugh").await;
    let said = case.messages[0].sealed.as_deref().unwrap();
    assert!(said.starts_with("Encrypted: it cannot be read here. Ask the family to send it again"), "{said}");
    assert_eq!(told(&case), ["smime.p7m: Signed or encrypted message (S/MIME), NotScanned"]);
    assert!(council.get("/?show=all", true).await.text().contains("Encrypted"), "the queue says so too");
    let page = council.get(&format!("/cases/{}", case.reference), true).await.text();
    assert!(page.contains("Encrypted: it cannot be read here") && !page.contains("No words of their own"), "{page}");
    assert!(council.download(&case.reference, file(&case, "smime.p7m").id).await.status.is_success());
    council.close().await;
}

#[test]
fn a_reading_of_before_has_no_seal_and_a_new_one_names_it() {
    let reading: heard::intake::reading::Reading =
        serde_json::from_value(serde_json::json!({ "author": null, "date": null, "subject": "", "visible_text": "", "quoted_text": "",
            "forwarded": null, "automated": null, "no_answer": [], "message_id": null, "in_reply_to": [], "references": [],
            "recipients": [], "reply_to": null, "attachments": [], "authentication": null, "content_hash": "" }))
        .unwrap();
    assert_eq!(reading.sealed, None);
    assert_eq!(serde_json::to_value(Some(Sealed::Smime)).unwrap(), "smime");
}
