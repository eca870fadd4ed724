//! The words that mail programs write before a header's value, in many languages.

use std::{collections::HashMap, sync::LazyLock};

use regex::Regex;

use super::Field;

/// Lower case, between bars.
const LABELS: &[(Field, &str)] = &[
    (
        Field::From,
        "from|von|de|da|van|från|fra|od|от|від|від кого|от кого|lähettäjä|feladó|kimden|gönderen|saatja|\
         de la|mittente|nadawca|šalje|remetente|expéditeur|avsändare|afzender|absender|oddi wrth|差出人|送信元|送信者|\
         发件人|寄件者|寄件人|보낸사람|보낸 사람|odesílatel|odosielateľ|pošiljatelj|pošiljatelj|από|от кого|подател|шаље|\
         nuo|siuntėjas|sūtītājs|מאת|من|المرسل|از|từ|người gửi|จาก|dari|pengirim|frá|remitente|nork|od koho",
    ),
    (
        Field::Date,
        "date|sent|sent on|datum|gesendet|gesendet am|verzonden|data|enviado|enviado el|enviado em|enviada em|enviada|enviat|\
         enviada el|inviato|inviato il|dato|sendt|skickat|wysłano|wysłane|fecha|lähetetty|päivämäärä|päiväys|pvm|elküldve|dátum|\
         gönderilen|gönderildi|gönderme tarihi|tarih|дата|відправлено|отправлено|надіслано|dată|trimis|\
         envoyé|envoyé le|date d'envoi|kuupäev|saadetud|odesláno|odoslané|poslano|poslato|dyddiad|anfonwyd|日付|送信日|\
         送信日時|日時|日期|发送时间|发送日期|寄件日期|傳送時間|傳送日期|时间|날짜|보낸 날짜|message du|date du message|\
         στάλθηκε|ημερομηνία|изпратено|датум|nosūtīts|datums|išsiųsta|נשלח|תאריך|التاريخ|تم الإرسال|تاريخ|đã gửi|gửi|ngày|\
         ส่ง|วันที่|dikirim|tanggal|dagsetning|sent at|received|empfangen|reçu le",
    ),
    (
        Field::To,
        "to|an|para|a|à|aan|til|till|do|komu|кому|vastaanottaja|címzett|kime|alıcı|către|pour|per a|\
         destinataire|destinataires|destinatario|prima|primatelj|adresat|adressaat|kellele|saaja|at|宛先|送信先|收件人|收件者|\
         받는사람|받는 사람|pre|za|προς|до|за|kam|אל|إلى|الى|به|đến|tới|ถึง|kepada|empfänger|recipient|recipients|\
         ontvanger|mottagare|modtager|mottaker|primalac|gavėjas",
    ),
    (
        Field::Cc,
        "cc|c.c.|kopie|kopia|copia|cópia|копия|копія|kopio|másolat|másolatot kap|bilgi|dw|kopi|kópia|\
         copie|copie à|kk|kopie (cc)|kopija|抄送|副本|koopia|udw|bcc|cci|cco|copia a|参照|참조|κοιν|κοιν.|копие|עותק|نسخة|\
         สำเนา|tembusan|afrit|kopijuoti|со копија|kopya",
    ),
    (
        Field::Subject,
        "subject|tema|betreff|oggetto|asunto|assunto|objet|sujet|onderwerp|ämne|emne|temat|тема|aihe|tárgy|\
         konu|predmet|předmět|subiect|naslov|zadeva|teema|pwnc|件名|主题|主旨|標題|제목|vec|titre|titel|θέμα|относно|предмет|\
         temats|tēma|נושא|الموضوع|موضوع|chủ đề|tiêu đề|เรื่อง|หัวเรื่อง|perihal|subjek|efni|assumpte|gaia",
    ),
    (
        Field::Other,
        "reply-to|reply to|importance|attachments|attachment|sensitivity|priority|odpověď|risposta|responder a|\
         rispondi a|répondre à|antwort an|antwort|antwoord aan|vastausosoite|svar til|svara till|\
         odpowiedź do|yanıt|yanıtla|organization|organisation|відповісти|reply|message-id|in-reply-to|resposta|\
         responder para|svar|vastaus|odpověď na|odpoveď|válasz|odgovori na|répondre|списку|responde a|\
         rukovoditelj|categories|x-mailer|mime-version|content-type|user-agent|references|resent-from|\
         réf|wichtigkeit|priorität|importancia|importance haute|prioridad|allegati|allegato|anlagen|anhänge|pièces jointes|\
         adjuntos|anexos|bijlagen|bilagor|vedhæftede filer|vedlegg|liitteet|załączniki|přílohy|prílohy|mellékletek|ekler|\
         вложения|вкладення|附件|添付ファイル|첨부 파일|flag status|follow up flag|sender|on behalf of|list-id|return-path|delivered-to",
    ),
];

/// What a label stands for.
pub(super) fn field_of(label: &str) -> Option<Field> {
    static FIELDS: LazyLock<HashMap<&'static str, Field>> = LazyLock::new(|| {
        let mut fields = HashMap::new();
        for (field, words) in LABELS {
            for word in words.split('|').map(str::trim) {
                fields.entry(word).or_insert(*field);
            }
        }
        fields
    });
    let label =
        label.trim_matches(|c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}')).to_lowercase();
    FIELDS.get(label.as_str()).copied()
}

/// Where in a line that holds several fields each of them begins.
pub(super) static IN_A_RUN: LazyLock<Option<Regex>> = LazyLock::new(|| {
    let mut words: Vec<String> =
        LABELS.iter().flat_map(|(_, words)| words.split('|')).map(|word| regex::escape(word.trim())).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words.dedup();
    Regex::new(&format!(r"(?i)({})\s?:\s", words.join("|"))).ok()
});
