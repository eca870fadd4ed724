//! A large message: kept as a file, read by its outline, and its files streamed out of it as they went in.

use heard::{
    intake::folder::read_tree,
    labelling::labels::Act,
    workers::{IngestCounts, Ingesting, ingest_one},
};

use crate::{
    council::{Council, file, now, suggestion, told},
    databases::Database,
    samples::*,
};

/// A photograph of `size` bytes, which no encoder makes smaller.
fn large_photo(size: usize, seed: u32) -> Vec<u8> {
    let mut bytes = photo(0);
    let mut state = seed;
    while bytes.len() < size {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        bytes.extend(state.to_be_bytes());
    }
    bytes
}

fn large_program() -> Vec<u8> {
    let mut bytes = program();
    bytes.resize(200_000, 0);
    bytes
}

fn large_message() -> String {
    let inner = mail(
        "Head <head@school.example>",
        "school-9",
        "Exclusion",
        &[words("He stays at home."), attached("hall.jpg", "image/jpeg", &large_photo(400_000, 2))],
    );
    mail(
        "Amara Okafor <amara.okafor@mail.example>",
        "okafor-9",
        "School transport",
        &[
            words("I want to complain about the taxi."),
            attached("door.jpg", "image/jpeg", &large_photo(1_500_000, 1)),
            attached("letter.pdf", "application/pdf", &pdf("The panel met in Thornbury")),
            attached("photo.jpg.exe", "image/jpeg", &large_program()),
            attached("large.bin", "application/octet-stream", &vec![1; 3_000_001]),
            format!(
                "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=from school.eml\r\n\r\n{}",
                inner.replace("frontier", "inner")
            ),
            words("That is all of them."),
        ],
    )
}

async fn story(database: Database) {
    let council = Council::open(database).await;
    let tree = council.folder.path().join("tree");
    std::fs::create_dir_all(tree.join("complaints")).unwrap();
    let raw = large_message();
    std::fs::write(tree.join("complaints/large.eml"), &raw).unwrap();
    let mut counts = IngestCounts::default();
    for message in read_tree(&tree).unwrap().messages {
        let message = Ingesting::file(&council.engine, message, now()).unwrap();
        ingest_one(&council.engine, &message, &[suggestion(Act::Complaint, 0.97)], &mut counts).await.unwrap();
    }
    assert_eq!(counts.cases_opened, 1, "{counts:?}");
    let kept = council.on_disk();
    assert_eq!(kept.len(), 1, "the message itself");
    assert!(kept.values().all(|bytes| *bytes == raw.as_bytes()));
    let case = council.case_of("Okafor").await;
    let text = &case.messages[0].text;
    assert!(text.contains("about the taxi") && text.contains("That is all of them"), "{text}");

    let counts = council.keep().await;
    assert_eq!((counts.files_kept, counts.files_refused), (4, 2), "{counts:?}");
    let case = council.case_of("Okafor").await;
    assert_eq!(
        told(&case),
        [
            "door.jpg: Photo or picture (JPEG), NotScanned",
            "letter.pdf: PDF document, NotScanned",
            "photo.jpg.exe: Photo or picture (JPEG), Refused closed",
            "large.bin: Another kind of file, Refused closed",
            "from school.eml: Email, NotScanned",
            "hall.jpg in from school.eml: Photo or picture (JPEG), NotScanned",
        ]
    );
    assert!(file(&case, "photo.jpg.exe").note.contains("it is a Windows program"));
    assert!(file(&case, "large.bin").note.contains("larger than 3 MB"));
    let kept = council.on_disk();
    for whole in [large_photo(1_500_000, 1), large_photo(400_000, 2), pdf("The panel met in Thornbury")] {
        assert!(kept.values().any(|bytes| *bytes == whole), "a file of {} bytes is not as it went in", whole.len());
    }
    let answer = council.download(&case.reference, file(&case, "door.jpg").id).await;
    assert_eq!(answer.body, large_photo(1_500_000, 1));
    assert_eq!(council.found("Thornbury").await.len(), 1);
    assert_eq!(council.keep().await, Default::default());
    council.close().await;
}

#[tokio::test]
async fn the_files_of_a_large_message_come_out_as_they_went_in_on_sqlite() {
    story(Database::sqlite().await).await;
}

#[tokio::test]
async fn the_files_of_a_large_message_come_out_as_they_went_in_on_postgres() {
    match Database::postgres().await {
        Some(database) => story(database).await,
        None => println!("skipped: HEARD_TEST_POSTGRES is not set"),
    }
}
