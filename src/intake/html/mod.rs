//! HTML as plain lines: quotes with `> `, no links, no scripts, no styles.

use std::sync::LazyLock;

use html2text::render::{TaggedLine, TextDecorator};
use regex::Regex;

use super::body::{cut, guarded};

mod quotes;
#[cfg(test)]
mod tests;

/// Longer HTML goes to the simple converter, which is linear (bytes).
const LONGEST_FINE: usize = 768 * 1024;
/// So is deeper HTML: html2text takes time in the square of the depth.
const DEEPEST_FINE: usize = 150;
/// Longer HTML is cut (bytes).
const LONGEST: usize = 8 * 1024 * 1024;
/// Nothing is wrapped that people wrote as one line.
const WIDTH: usize = 20_000;

/// The words of an HTML part: what a mail program quoted with `> `.
#[must_use]
pub fn to_text(html: &str) -> String {
    let html = cut(html, LONGEST);
    if html.len() <= LONGEST_FINE && depth(html) <= DEEPEST_FINE {
        let fine = guarded(|| {
            let config = html2text::config::with_decorator(Plain)
                .raw_mode(true)
                .no_table_borders()
                .link_footnotes(false)
                .allow_width_overflow();
            let dom = config.parse_html(html.as_bytes()).ok()?;
            quotes::mark(&dom);
            config.render_to_string(config.dom_to_render_tree(&dom).ok()?, WIDTH).ok()
        });
        if let Some(text) = fine.flatten().filter(|text| !text.trim().is_empty()) {
            return tidy(&text);
        }
    }
    guarded(|| mail_parser::decoders::html::html_to_text(&without_unseen(html))).unwrap_or_default()
}

/// Scripts, styles and comments are no words; the simple converter must not see them. What is opened and never closed is
/// looked for once, not once from each place where it is opened.
fn without_unseen(html: &str) -> String {
    static UNSEEN: LazyLock<Vec<(Option<Regex>, Regex)>> = LazyLock::new(|| {
        [
            (r"-->", r"(?is)<!--.*?-->"),
            ("", r"(?is)<script\b.*?(?:</script\s*>|\z)"),
            ("", r"(?is)<style\b.*?(?:</style\s*>|\z)"),
            (r"(?i)</title\s*>", r"(?is)<title\b.*?</title\s*>"),
        ]
        .iter()
        .filter_map(|(end, pattern)| {
            let end = if end.is_empty() { None } else { Some(Regex::new(end).ok()?) };
            Some((end, Regex::new(pattern).ok()?))
        })
        .collect()
    });
    UNSEEN.iter().fold(html.to_owned(), |html, (end, pattern)| {
        let closed = end.as_ref().map_or(html.len(), |end| end.find_iter(&html).last().map_or(0, |last| last.end()));
        let (before, behind) = html.split_at(closed);
        match pattern.replace_all(before, " ") {
            std::borrow::Cow::Borrowed(_) => html,
            std::borrow::Cow::Owned(shorter) => shorter + behind,
        }
    })
}

/// How deep the elements nest, at most; elements that are often left open are not counted.
fn depth(html: &str) -> usize {
    static TAG: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new(r"<(/?)([A-Za-z][A-Za-z0-9]*)[^>]*?(/?)>").ok());
    let Some(tag) = TAG.as_ref() else { return usize::MAX };
    let (mut now, mut most) = (0_usize, 0);
    for found in tag.captures_iter(html) {
        let group = |n: usize| found.get(n).map_or("", |m| m.as_str());
        let name = group(2).to_ascii_lowercase();
        if matches!(name.as_str(), "br" | "img" | "hr" | "meta" | "link" | "input" | "p" | "li" | "td" | "tr" | "th")
            || group(3) == "/"
        {
            continue;
        }
        if group(1) == "/" {
            now = now.saturating_sub(1);
        } else {
            now += 1;
            most = most.max(now);
        }
    }
    most
}

/// A rule is drawn as wide as the page: made short. Blank lines in a row become one.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks = 0;
    for line in text.lines() {
        let line = line.trim_end();
        let rule = line.chars().count() > 40 && line.trim_start_matches(['>', ' ']).chars().all(|c| c == '─');
        blanks = if line.is_empty() { blanks + 1 } else { 0 };
        if blanks < 2 {
            out.push_str(if rule { "________________________________" } else { line });
            out.push('\n');
        }
    }
    out
}

/// Words only, with `> ` before quotes.
#[derive(Clone, Debug)]
struct Plain;

impl TextDecorator for Plain {
    type Annotation = ();

    fn decorate_link_start(&mut self, _url: &str) -> (String, ()) {
        Default::default()
    }
    fn decorate_link_end(&mut self) -> String {
        String::new()
    }
    fn decorate_em_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_em_end(&self) -> String {
        String::new()
    }
    fn decorate_strong_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_strong_end(&self) -> String {
        String::new()
    }
    fn decorate_strikeout_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_strikeout_end(&self) -> String {
        String::new()
    }
    fn decorate_code_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_code_end(&self) -> String {
        String::new()
    }
    fn decorate_preformat_first(&self) {}
    fn decorate_preformat_cont(&self) {}
    fn decorate_image(&mut self, _src: &str, title: &str) -> (String, ()) {
        // Emoji come as little images; logos are no words.
        (if title.chars().count() <= 3 { title.to_owned() } else { String::new() }, ())
    }
    fn header_prefix(&self, _level: usize) -> String {
        String::new()
    }
    fn quote_prefix(&self) -> String {
        "> ".to_owned()
    }
    fn unordered_item_prefix(&self) -> String {
        "* ".to_owned()
    }
    fn ordered_item_prefix(&self, number: i64) -> String {
        format!("{number}. ")
    }
    fn decorate_superscript_start(&self) -> (String, ()) {
        Default::default()
    }
    fn decorate_superscript_end(&self) -> String {
        String::new()
    }
    fn make_subblock_decorator(&self) -> Self {
        Self
    }
    fn finalise(&mut self, _urls: Vec<String>) -> Vec<TaggedLine<()>> {
        Vec::new()
    }
}
