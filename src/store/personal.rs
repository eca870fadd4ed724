//! What of the database says who somebody is, table by table, and what becomes of it when a case is anonymised. A test fails when a
//! table or a column is there that this list does not have.

/// What becomes of the rows of a table that belong to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rows {
    /// They stay, without the columns that are emptied.
    Stay,
    /// They go.
    Go,
}

/// A table.
#[derive(Clone, Copy, Debug)]
pub struct Table {
    /// Its name.
    pub name: &'static str,
    /// What becomes of its rows.
    pub rows: Rows,
    /// Columns that stay as they are: keys, dates, figures, words that only one of a few can stand for, and what is said of staff
    /// who work with Heard. Of rows that go, all.
    pub kept: &'static str,
    /// Columns that are emptied.
    pub emptied: &'static str,
}

const fn stays(name: &'static str, kept: &'static str, emptied: &'static str) -> Table {
    Table { name, rows: Rows::Stay, kept, emptied }
}

const fn goes(name: &'static str, columns: &'static str) -> Table {
    Table { name, rows: Rows::Go, kept: columns, emptied: "" }
}

/// Every table.
pub const TABLES: &[Table] = &[
    // Of the case itself.
    stays(
        "case_file",
        "id reference status act procedure theme safeguarding channel mailbox received_at due_on due_duty due_rule decide_by officer_id \
         acknowledgement version opened_at updated_at told_at merged_into answered_at closed_at check_ins stage alert_unread_since \
         alert_told_at alert_level calendar_version childs_own retention anonymised_at news",
        "complainant_id passed_on_by answered_id unsure may_belong next_on next_what",
    ),
    stays("case_event", "case_id seq at officer_id", "body"),
    stays("case_message", "case_id representation_id relation added_at", "why"),
    goes("case_name", "name case_id"),
    goes("case_participant", "case_id contact_id role"),
    goes("case_barred", "case_id email why"),
    // Written anew from what is left.
    stays("case_words", "id case_id part", "people subjects words"),
    stays("case_words_due", "case_id backlog", ""),
    goes("case_appointed", "case_id email post"),
    goes("case_document", "id case_id kind name sha256 added_at added_by"),
    goes(
        "contribution",
        "id case_id number token_hash email name question points due asked_at asked_by answer answered_at withdrawn_at ends_at",
    ),
    goes(
        "track_link",
        "id case_id code_hash address channel made_at opened_at revoked_at revoked_by asked_at tries asked_first_at asked_times",
    ),
    goes("track_session", "token_hash link_id created_at seen_at"),
    goes("track_request", "id case_id link_id kind asked_at representation_id"),
    goes("change_proposal", "id case_id action we_did made_at decided_at decided_by how"),
    goes("survey_invitation", "id case_id code_hash address made_at ends_at used"),
    stays("survey_decided", "case_id decided_at", ""),
    // When the family was written to is a figure. What was written to somebody before there was a case goes with that person.
    stays(
        "outbox",
        "id case_id kind channel state queued_at run_at locked_until locked_by attempts settled_at dropped_at delivery delivery_at \
         ended_how again",
        "dedupe_key recipient message why delivery_code delivery_fault delivery_why ended_why message_id mailbox domain held_by",
    ),
    goes("thread_id", "message_id case_id"),
    goes("thread_awaited", "message_id case_id"),
    // Who looked, and when: keys and kinds of things, no words of anybody's.
    stays("audit", "id at officer_id what case_id", ""),
    // Of its messages.
    stays(
        "representation",
        "id channel mailbox received_at automated state stored_at files_state files_attempts files_after",
        "content_key words_key message_id author_name author_address passed_on_by subject visible_text quoted_text reading why \
         automated_because",
    ),
    stays(
        "delivery",
        "id mailbox uid_validity uid arrived_at cut_from state representation_id attempts stored_at raw_size",
        "raw why raw_file rest",
    ),
    goes("suggestion", "representation_id model body made_at"),
    goes("matter_pair", "one other same decided_at"),
    goes("attachment", "id representation_id number filename inside said_type size state why sha256"),
    goes(
        "kept_file",
        "sha256 size media_type kept_at scan scan_says scanned_at scan_attempts scan_after words_state words shown",
    ),
    // Only names of bytes on their way out.
    stays("file_to_remove", "sha256 since", ""),
    // Of people whom no other case needs.
    goes("contact", "id name created_at phone person_id reads"),
    goes("contact_address", "address contact_id unreachable_at"),
    goes("chat_state", "chat language asking asking_since asked stopped_at later confirmed_at updated_at"),
    goes("chat_code", "chat address code_hash tries made_at sent since"),
    goes("do_not_reply", "mailbox marked_at"),
    // Of several cases together: titles go with the last case, suggestions with the first.
    stays("joint", "id reference made_at officer_id", "title"),
    stays("joint_case", "case_id joint_id", ""),
    goes("joint_suggestion", "id title why made_at state decided_at officer_id"),
    goes("joint_suggestion_case", "suggestion_id case_id"),
    stays("joint_counter", "year last", ""),
    // Of nobody's case.
    stays("cursor", "mailbox uid_validity last_uid moved_at", ""),
    stays("mailbox_health", "mailbox kind last_success_at waiting error error_since failures trouble", ""),
    stays("sending_health", "channel last_success_at trouble trouble_since", ""),
    stays("officer", "id email name role password_hash active created_at issuer subject", ""),
    stays("second_factor", "officer_id sealed begun_at since last_step", ""),
    stays("half_signed_in", "token_hash officer_id ends_at", ""),
    // Counts alone: whose an answer is stands nowhere.
    stays("survey_tally", "month what answer n", ""),
    stays("said_done", "id you_said we_did on_day shown by_officer changed_at", ""),
    stays("saved_view", "id officer_id name filter sorted saved_at", ""),
    stays("session", "token_hash officer_id created_at seen_at ends_at", ""),
    stays("forgotten", "mailbox keyed_hash", ""),
    stays("forgotten_count", "mailbox on_day n", ""),
    stays("reference_counter", "year last", ""),
    stays(
        "token_source",
        "name seed sealed locked_by locked_until refreshed_at ends_at fault code error error_since failures",
        "",
    ),
    stays("alert", "about title since told_at locked_by locked_until attempts", ""),
    stays(
        "model",
        "id name file made_at state shipped base_messages corrections held_out figures reason live_at ended_at rolled_back_at \
         rolled_back_by rolled_back_why",
        "",
    ),
    stays("turn", "name locked_by locked_until last_on", ""),
    stays(
        "mailbox_check",
        "id mailbox from_on to_on wanted asked_by asked_at state consent_by consent_how consent_on consent_at recorded_by ended_by \
         ended_at uid_validity last_rank left_alone counted found drawn shown answered judged missed cases",
        "",
    ),
    stays("holiday_version", "number made_at made_by what body", ""),
];
