//! From the mail to the officer's computer.

use heard::{
    intake::files::scan::Scanner,
    labelling::labels::Act,
    web::{
        desk::{Desk, DeskError},
        views::FileStanding,
    },
};

use crate::{
    clamd::{self, Clamd, MARKER},
    council::{Council, complaint, file, now, suggestion, told},
    databases::Database,
    samples::*,
};

const OKAFOR: &str = "Amara Okafor <amara.okafor@mail.example>";

#[tokio::test]
async fn files_travel_the_whole_road_on_sqlite() {
    story(Database::sqlite().await).await;
}

#[tokio::test]
async fn files_travel_the_whole_road_on_postgres() {
    match Database::postgres().await {
        Some(database) => story(database).await,
        None => println!("skipped: HEARD_TEST_POSTGRES is not set"),
    }
}

async fn story(database: Database) {
    println!("on {}", database.kind);
    let mut council = Council::open(database).await;
    a_mail_with_files_is_kept_by_content(&council).await;
    an_officer_saves_a_file_and_nobody_else(&council).await;
    the_search_finds_words_in_files(&council).await;
    private_mail_that_is_forgotten_leaves_no_file(&council).await;
    a_folder_that_is_gone_stops_nothing_else(&council).await;
    a_file_that_is_gone_comes_back(&council).await;
    nothing_is_open_before_the_scanner_has_spoken(&mut council).await;
    council.close().await;
}

async fn a_mail_with_files_is_kept_by_content(council: &Council) {
    let inner = mail(
        "Head <head@school.example>",
        "school-1",
        "Exclusion",
        &[words("He stays at home."), attached("photo.jpg", "image/jpeg", &photo(2))],
    );
    let raw = mail(
        OKAFOR,
        "okafor-1",
        "School transport",
        &[
            words("I want to complain about the taxi. See the letters.\r\nbegin 644 note.txt\r\n#0V%T\r\n`\r\nend\r\n"),
            attached("letter.pdf", "application/pdf", &pdf("The panel met in Thornbury")),
            attached("copy of letter.pdf", "application/octet-stream", &pdf("The panel met in Thornbury")),
            attached("statement.docx", DOCX, &docx("Nobody fetched Kelechi on Wednesday")),
            attached("photo.jpg", "image/jpeg", &photo(1)),
            attached("invite.ics", "text/calendar", ICS.as_bytes()),
            attached("photo.jpg.exe", "image/jpeg", &program()),
            attached("../../run me.js", "text/plain", b"var a = 1;"),
            attached("large.bin", "application/octet-stream", &vec![1; 3_000_001]),
            format!(
                "Content-Type: message/rfc822\r\nContent-Disposition: attachment; filename=from school.eml\r\n\r\n{}",
                inner.replace("frontier", "inner")
            ),
        ],
    );
    assert_eq!(council.arrives("complaints", &raw).await.cases_opened, 1);
    let case = council.case_of("Okafor").await;
    assert!(case.messages[0].text.trim_end().ends_with("See the letters."), "{:?}", case.messages[0].text);
    assert_eq!(case.messages[0].attachments.len(), 10);
    assert!(
        case.messages[0].attachments.iter().all(|file| file.standing == FileStanding::Waiting && file.id.is_none())
    );
    assert!(council.on_disk().is_empty(), "nothing is kept before the message is settled");

    let counts = council.keep().await;
    assert_eq!((counts.files_kept, counts.files_refused), (8, 3), "{counts:?}");
    let case = council.case_of("Okafor").await;
    assert_eq!(
        told(&case),
        [
            "note.txt: Text, NotScanned",
            "letter.pdf: PDF document, NotScanned",
            "copy of letter.pdf: PDF document, NotScanned",
            "statement.docx: Word document, NotScanned",
            "photo.jpg: Photo or picture (JPEG), NotScanned",
            "invite.ics: Calendar entry, NotScanned",
            "photo.jpg.exe: Photo or picture (JPEG), Refused closed",
            "run me.js: Text, Refused closed",
            "large.bin: Another kind of file, Refused closed",
            "from school.eml: Email, NotScanned",
            "photo.jpg in from school.eml: Photo or picture (JPEG), NotScanned",
        ]
    );
    assert!(file(&case, "photo.jpg.exe").note.contains("it is a Windows program"));
    assert!(file(&case, "large.bin").note.contains("larger than 3 MB"));
    let shown = &file(&case, "invite.ics").shown;
    assert!(shown.contains("What: Review of the plan\nWhen: Friday 20 November 2026, 2:00pm"), "{shown}");
    let kept = council.on_disk();
    assert_eq!(kept.len(), 7, "the same content twice is one file: {:?}", kept.keys());
    assert!(kept.values().any(|bytes| *bytes == pdf("The panel met in Thornbury")));

    // The same letter again in another message: nothing new on the disk; and nothing is done twice.
    let again = mail(
        OKAFOR,
        "okafor-2",
        "Another thing",
        &[words("Also this."), attached("again.pdf", "application/pdf", &pdf("The panel met in Thornbury"))],
    );
    council.arrives("complaints", &again).await;
    assert_eq!(council.keep().await.files_kept, 1);
    assert_eq!(council.keep().await, Default::default());
    assert_eq!(council.on_disk().len(), 7);
    assert_eq!(council.database.number("SELECT count(*) FROM attachment").await, 12);
    assert_eq!(council.database.number("SELECT count(*) FROM kept_file").await, 7);
}

async fn an_officer_saves_a_file_and_nobody_else(council: &Council) {
    let case = council.found("Thornbury").await.pop().unwrap();
    let case = council.case(&case).await;
    let looks = "SELECT count(*) FROM audit WHERE what LIKE 'opened a file: %' AND case_id IS NOT NULL AND officer_id IS NOT NULL";
    assert_eq!(council.database.number(looks).await, 0);
    let id = file(&case, "statement.docx").id;
    let path = format!("/cases/{}/files/{}", case.reference, id.unwrap());
    assert!(council.get(&format!("/cases/{}", case.reference), true).await.text().contains(&path));
    let stranger = council.get(&path, false).await;
    assert_eq!((stranger.status.as_u16(), stranger.body.len()), (303, 0));
    assert_eq!(council.database.number(looks).await, 0);

    let answer = council.download(&case.reference, id).await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.body, docx("Nobody fetched Kelechi on Wednesday"));
    for (name, value) in [
        ("content-type", DOCX),
        ("content-disposition", "attachment; filename=\"statement.docx\"; filename*=UTF-8''statement.docx"),
        ("content-security-policy", "default-src 'none'; sandbox"),
        ("x-content-type-options", "nosniff"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(answer.header(name), value, "{name}");
    }
    assert_eq!(answer.header("content-length"), answer.body.len().to_string());
    assert_eq!(council.database.number(looks).await, 1);
    // An email could be laid out by a browser: it is handed over as mere bytes.
    let mail = council.download(&case.reference, file(&case, "from school.eml").id).await;
    assert_eq!(mail.header("content-type"), "application/octet-stream");
    assert!(mail.text().contains("He stays at home."));

    // Only under the case it belongs to.
    let other = council.found("Okafor").await.into_iter().find(|other| *other != case.reference).unwrap();
    assert_eq!(council.download(&other, id).await.status, 404);
    assert_eq!(council.download(&case.reference, Some(heard::ids::Uuid::nil())).await.status, 404);
}

async fn the_search_finds_words_in_files(council: &Council) {
    let reference = council.found("fetched kelechi").await;
    assert_eq!(reference.len(), 1);
    for words in ["THORNBURY", "panel  met in", "stays at home", "statement.docx", "Review of the plan", "head@school"]
    {
        assert!(council.found(words).await.contains(&reference[0]), "{words}");
    }
    assert_eq!(council.found("Thornbury").await.len(), 2, "the other message has the letter too");
    for nothing in ["\"Thornbury panel\"", "%_%", "var a = 1"] {
        assert!(council.found(nothing).await.is_empty(), "{nothing}");
    }
}

async fn private_mail_that_is_forgotten_leaves_no_file(council: &Council) {
    let before = council.on_disk();
    let lunch = mail(
        "A Friend <friend@mail.example>",
        "lunch-1",
        "Lunch",
        &[words("Lunch?"), attached("menu.pdf", "application/pdf", &pdf("Quokkaburger"))],
    );
    let forgotten = council.arrives_as("manager-send", &lunch, &suggestion(Act::Routine, 0.02)).await;
    assert_eq!(forgotten.forgotten, 1);
    assert_eq!(council.keep().await, Default::default());
    assert_eq!(council.on_disk(), before);
    assert!(council.found("Quokkaburger").await.is_empty());
    // What is a complaint is kept with its files.
    let angry = mail(
        "Tomasz Zielinski <t.z@mail.example>",
        "angry-1",
        "Not good enough",
        &[words("I complain formally."), attached("log.txt", "text/plain", b"They never came to Marigold House.")],
    );
    assert_eq!(council.arrives_as("manager-send", &angry, &complaint()).await.cases_opened, 1);
    assert_eq!(council.keep().await.files_kept, 1);
    assert_eq!(council.found("marigold house").await.len(), 1);
}

async fn a_folder_that_is_gone_stops_nothing_else(council: &Council) {
    let (files, aside) = (council.folder.path().join("files"), council.folder.path().join("aside"));
    std::fs::rename(&files, &aside).unwrap();
    std::fs::write(&files, "in the way").unwrap();
    let raw = mail(
        "B Usman <usman@mail.example>",
        "usman-1",
        "Taxi",
        &[words("It was late."), attached("a.txt", "text/plain", b"a")],
    );
    assert_eq!(council.arrives("complaints", &raw).await.cases_opened, 1);
    let said = heard::workers::keep_all(&council.engine).await.unwrap_err().to_string();
    assert!(said.contains("Remedy"), "{said}");
    let health = council.desk().health(now()).await.unwrap();
    assert_eq!((health.files.waiting, health.files.faults.len()), (1, 1), "{:?}", health.files);
    assert_eq!(told(&council.case_of("Usman").await), ["a.txt: Text, Waiting closed"]);
    for _ in 0..9 {
        heard::workers::keep_all(&council.engine).await.unwrap_err();
    }
    std::fs::remove_file(&files).unwrap();
    std::fs::rename(&aside, &files).unwrap();
    assert_eq!(council.keep().await.files_kept, 1, "a fault of the disk is no death of the program");
    let health = council.desk().health(now()).await.unwrap();
    assert_eq!((health.files.waiting, health.files.faults.len()), (0, 0));
}

async fn a_file_that_is_gone_comes_back(council: &Council) {
    let case = council.case_of("Usman").await;
    let hash = "ca978112ca1bbdcafac231b39a23dc4da786eff8147c4e72b9807785afee48bb";
    let path = council.folder.path().join("files/ca/97").join(hash);
    std::fs::remove_file(&path).unwrap();
    let answer = council.download(&case.reference, file(&case, "a.txt").id).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("try once more in a minute"), "{}", answer.text());
    council.keep().await;
    assert_eq!(council.download(&case.reference, file(&case, "a.txt").id).await.body, "a");
}

async fn nothing_is_open_before_the_scanner_has_spoken(council: &mut Council) {
    let port = clamd::free_port();
    council.engine.files.scanner = Some(Scanner::at(&format!("127.0.0.1:{port}")));
    let harmful = [b"words before ".as_slice(), MARKER, b" and after"].concat();
    let raw = mail(
        "C Lind <lind@mail.example>",
        "lind-1",
        "Nobody came",
        &[
            words("I complain."),
            attached("good.txt", "text/plain", b"The Foxglove report"),
            attached("bad.txt", "text/plain", &harmful),
            attached("big.txt", "text/plain", "Nasturtium ".repeat(200_000).as_bytes()),
        ],
    );
    council.arrives("complaints", &raw).await;
    council.keep().await;
    let closed = ["good.txt: Text, Closed closed", "bad.txt: Text, Closed closed", "big.txt: Text, Closed closed"];
    let case = council.case_of("Lind").await;
    assert_eq!(told(&case), closed);
    let health = council.desk().health(now()).await.unwrap();
    assert!(health.files.faults[0].contains("does not answer") && health.files.not_scanned >= 3, "{:?}", health.files);
    assert!(council.found("foxglove").await.is_empty(), "what is closed is not read");
    let good = council.database.number("SELECT count(*) FROM attachment WHERE filename = 'good.txt'").await;
    assert_eq!(good, 1);
    // Also who knows its address gets nothing.
    let id = open_anyway(council, &case.reference, "good.txt").await;
    let answer = council.download(&case.reference, Some(id)).await;
    assert_eq!(answer.status, 403);
    assert!(answer.text().contains("waits for the virus scanner") && !answer.text().contains("Foxglove"));

    let clamd = Clamd::start(port).await;
    council.keep().await;
    let case = council.case_of("Lind").await;
    let [good, bad, big] = &case.messages[0].attachments[..] else { panic!("{:?}", told(&case)) };
    assert_eq!(
        (good.standing, bad.standing, big.standing),
        (FileStanding::Clean, FileStanding::Infected, FileStanding::Closed)
    );
    assert!(bad.note.contains(clamd::NAME) && bad.id.is_none(), "{}", bad.note);
    assert!(big.note.contains("Last try") && big.note.contains("StreamMaxLength"), "{}", big.note);
    assert_eq!(council.download(&case.reference, good.id).await.body, "The Foxglove report");
    assert_eq!(council.found("foxglove").await.len(), 1);
    assert!(council.found("words before").await.is_empty() && council.found("nasturtium").await.is_empty());
    let id = open_anyway(council, &case.reference, "bad.txt").await;
    let refused = council.desk().file(case.reference.parse().unwrap(), id, &council.bell, now()).await.err().unwrap();
    assert!(matches!(&refused, DeskError::Refused(why) if why.contains(clamd::NAME)), "{refused:?}");
    // Everything from before was scanned as well, by its content; and the socket does as well as the port.
    assert_eq!(council.desk().health(now()).await.unwrap().files.not_scanned, 1);
    council.engine.files.scanner = Some(Scanner::at(&clamd.socket));
    assert!(Scanner::at(&clamd.socket).version().await.unwrap().starts_with("ClamAV "));
    let more = mail(
        "C Lind <lind@mail.example>",
        "lind-2",
        "Again",
        &[words("Again."), attached("more.txt", "text/plain", &[&harmful[..], b"!"].concat())],
    );
    council.arrives("complaints", &more).await;
    council.keep().await;
    assert_eq!(council.database.number("SELECT count(*) FROM kept_file WHERE scan = 'infected'").await, 2);
}

/// The key of a file that the page does not offer.
async fn open_anyway(council: &Council, reference: &str, name: &str) -> heard::ids::Uuid {
    let mut tx = council.engine.store.begin_read().await.unwrap();
    let case = heard::store::cases::by_reference(&mut tx, reference).await.unwrap().unwrap();
    let files = heard::store::attachments::of_case(&mut tx, case).await.unwrap();
    files.into_iter().find(|file| file.filename == name).unwrap().id
}
