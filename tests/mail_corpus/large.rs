//! Large messages on the road: the case is raised by the beginning, the rest comes after it, and what is beyond a limit is a
//! case all the same.

use std::fs;

use sqlx::Row;

use super::road::Road;

/// A message of several megabytes with words before and after its file.
fn large(subject: &str) -> String {
    let file = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0NTY3\r\n".repeat(80_000);
    format!(
        "Received: from mx by mx; Fri, 20 Nov 2026 08:00:00 +0000\r\nFrom: Ann Bell <ann@mail.example>\r\n\
         To: complaints@calderbeck.example\r\nSubject: {subject}\r\nMessage-ID: <{subject}@mail.example>\r\n\
         Date: Fri, 20 Nov 2026 08:00:00 +0000\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n\
         --b\r\n\r\nNobody came again.\r\n--b\r\nContent-Type: image/jpeg; name=house.jpg\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{file}--b\r\n\r\nThis is how the house looks.\r\n--b--\r\n"
    )
}

#[tokio::test]
async fn a_large_message_is_a_case_at_once_and_is_completed_when_its_rest_has_come() {
    let road = Road::open().await;
    let raw = large("photographs");
    fs::write(road.inbox().join("1.eml"), &raw).unwrap();
    road.step().await;
    let [begun] = &road.deliveries().await[..] else { panic!("not one delivery") };
    assert!(begun.raw.len() < raw.len());
    let reading = begun.reading.as_ref().unwrap();
    assert_eq!(reading.visible_text, "Nobody came again.");
    assert_eq!(road.number("SELECT count(*) FROM case_file").await, 1);
    assert_eq!(road.number("SELECT count(*) FROM outbox WHERE kind = 'acknowledgement'").await, 1);
    assert_eq!(road.number("SELECT count(*) FROM delivery WHERE rest = 'wanted'").await, 1);
    // As after a kill: whoever comes next fetches the rest. The same message in another place changes nothing more.
    fs::write(road.inbox().join("2.eml"), format!("X-Another-Way: yes\r\n{raw}")).unwrap();
    road.run().await;
    let deliveries = road.deliveries().await;
    assert_eq!(deliveries.len(), 2);
    assert!(deliveries[0].raw == raw.as_bytes(), "kept whole, as it came");
    let reading = deliveries[0].reading.as_ref().unwrap();
    assert_eq!(reading.visible_text, "Nobody came again.\nThis is how the house looks.");
    assert_eq!((reading.attachments[0].filename.as_str(), reading.attachments[0].size), ("house.jpg", 60 * 80_000));
    assert!(deliveries.iter().all(|one| one.state == "read" && one.reading.as_ref().unwrap().beyond.is_empty()));
    assert_eq!(road.number("SELECT count(*) FROM representation").await, 1);
    assert_eq!(road.number("SELECT count(*) FROM case_file").await, 1);
    assert_eq!(road.number("SELECT count(*) FROM outbox WHERE kind = 'acknowledgement'").await, 1);
    assert!(road.number("SELECT max(length(raw)) FROM delivery").await <= 1024 * 1024, "the rest is not in the row");
}

#[tokio::test]
async fn a_large_message_that_is_taken_away_before_its_rest_came_is_shown_to_an_officer() {
    let road = Road::open().await;
    fs::write(road.inbox().join("1.eml"), large("photographs")).unwrap();
    road.step().await;
    fs::remove_file(road.inbox().join("1.eml")).unwrap();
    road.run().await;
    let [left] = &road.deliveries().await[..] else { panic!("not one delivery") };
    assert_eq!(left.state, "quarantined");
    assert!(left.why.as_ref().unwrap().contains("removed from the mailbox"), "{left:?}");
    assert_eq!(left.reading.as_ref().unwrap().visible_text, "Nobody came again.");
    assert_eq!(road.number("SELECT count(*) FROM case_file").await, 1);
}

#[tokio::test]
async fn what_is_beyond_a_limit_is_a_case_that_is_acknowledged_and_stands_before_an_officer() {
    let road = Road::open().await;
    let deep: String =
        (0..400).map(|n| format!("Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n")).collect();
    let raw = format!("From: Ann Bell <ann@mail.example>\r\nSubject: deep\r\n{deep}\r\nwords");
    road.arrives(raw.into_bytes(), "2026-11-20T08:00:00Z".parse().unwrap()).await;
    let [one] = &road.deliveries().await[..] else { panic!("not one delivery") };
    assert_eq!(one.state, "quarantined");
    assert!(one.why.as_ref().unwrap().contains("too deep to be read to the end: its beginning is shown"), "{one:?}");
    assert_eq!(one.reading.as_ref().unwrap().subject, "deep");
    let letters = road.rows("SELECT recipient, state FROM outbox WHERE kind = 'acknowledgement'").await;
    assert_eq!(letters.len(), 1);
    assert_eq!(letters[0].get::<String, _>(0), "ann@mail.example");
}
