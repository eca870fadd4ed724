//! Quotations in HTML: which blocks a mail program quoted, and which the writer indented themselves.
//!
//! Works on the parsed tree. What is a quotation stays a `blockquote` and is shown with `> `; what is not becomes a `div`.
//! Above the header that some programs write without any mark, a rule is drawn.

use std::rc::Rc;

use html2text::{Element, Handle, RcDom};

use crate::intake::{
    header_block,
    strip::{self, attribution},
};

/// More blocks than any real message has are left as they are.
const MOST_BLOCKS: usize = 2_000;
/// So much of the text before and in a block is looked at (characters).
const GLANCE: usize = 240;

/// Elements that hold no words.
const UNSEEN: &[&str] = &["script", "style", "title", "template", "noscript", "head"];

/// Ids, classes and other names of blocks that begin with a header without a mark.
const HEADED: &[(&str, &str)] = &[
    ("id", "divRplyFwdMsg"),
    ("id", "OLK_SRC_BODY_SECTION"),
    ("id", "mail-editor-reference-message-container"),
    ("id", "ms-outlook-mobile-body-separator-line"),
    ("class", "ms-outlook-mobile-reference-message"),
    ("data-marker", "__HEADERS__"),
    ("name", "messageReplySection"),
    ("name", "quote"),
    ("id", "isForwardContent"),
    ("id", "isReplyContent"),
];

/// Classes of lines such as "On … somebody wrote:".
const ATTRIBUTIONS: &[(&str, &str)] =
    &[("class", "moz-cite-prefix"), ("class", "gmail_attr"), ("id", "reply-intro"), ("class", "email-attribution")];

/// Classes of quotations that are not blockquotes, or have nothing else to be known by.
const QUOTES: &[&str] = &[
    "yahoo_quoted",
    "protonmail_quote",
    "tutanota_quote",
    "mailru-blockquote",
    "iwcQuote",
    "front-blockquote",
    "freshdesk_quote",
    "replyQuote",
    "email_quote",
    "quoted-text",
    "cite",
    "quote",
    "crm-quote",
];

/// A line across the page, as mail programs write it in plain text.
const RULE: &str = "<div>________________________________</div>";

/// A quotation of one line could be taken for an ornament of the writer's: it gets a second.
const BLANK: &str = "<div>&nbsp;</div>";

/// An element that matters, found on the walk through the tree.
struct Found {
    node: Handle,
    /// What stands before it in the text, its end.
    before: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A blockquote inside no other; whether it lies in a block that Gmail calls a quotation.
    Blockquote { in_gmail_quote: bool },
    /// A block that begins with a header.
    Headed,
    /// "On … wrote:".
    Attribution,
    /// A quotation that is no blockquote.
    Quote,
    /// A link to an address.
    Address,
    /// A line across the page.
    Rule,
}

/// Marks the quotations of a parsed page.
pub(super) fn mark(dom: &RcDom) {
    let Walk { found, words_outside, .. } = Walk::of(&dom.document);
    if found.len() > MOST_BLOCKS {
        return;
    }
    let last = found.iter().rposition(|one| matches!(one.kind, Kind::Blockquote { .. }));
    let any_cited = found.iter().any(is_cited);
    for (n, one) in found.iter().enumerate() {
        match one.kind {
            Kind::Blockquote { .. } => {
                // Indented by hand: unless it is the last thing quoted, with words of the writer around it.
                let by_hand = has(&one.node, "class", "gmail_quote") || any_cited || last != Some(n) || !words_outside;
                if is_cited(one) || !by_hand {
                    append(&one.node, BLANK);
                } else {
                    replace(&one.node, "<div></div>");
                }
            }
            Kind::Headed if is_header(&beginning(&one.node)) => insert_before(&one.node, RULE),
            Kind::Attribution | Kind::Quote if !is_forward(&beginning(&one.node)) => {
                append(&one.node, BLANK);
                replace(&one.node, "<blockquote></blockquote>");
            }
            Kind::Address => name_address(&one.node),
            Kind::Rule => replace(&one.node, RULE),
            _ => {}
        }
    }
}

/// The walk through a page, in the order of its text.
#[derive(Default)]
struct Walk {
    found: Vec<Found>,
    /// Words stand outside all blockquotes.
    words_outside: bool,
    /// The end of the text so far.
    tail: String,
}

impl Walk {
    fn of(document: &Handle) -> Self {
        let mut walk = Self::default();
        // A node, and whether it lies in a blockquote and in Gmail's block; None ends a block of text.
        let mut open: Vec<Option<(Handle, bool, bool)>> = vec![Some((document.clone(), false, false))];
        while let Some(next) = open.pop() {
            let Some((node, in_quote, in_gmail)) = next else {
                walk.tail.push('\n');
                continue;
            };
            let name = node.element_name().unwrap_or_default();
            if UNSEEN.contains(&name.as_str()) {
                node.children.borrow_mut().clear();
                continue;
            }
            let (mut in_quote, mut in_gmail) = (in_quote, in_gmail);
            if name.is_empty() {
                walk.text(&node, in_quote);
            } else {
                in_quote |= walk.element(&node, &name, in_quote, in_gmail);
                in_gmail |= name == "div" && has(&node, "class", "gmail_quote");
                if !matches!(name.as_str(), "b" | "i" | "u" | "a" | "span" | "font" | "strong" | "em") {
                    walk.tail.push('\n');
                    open.push(None);
                }
            }
            let children: Vec<Handle> = node.children.borrow().iter().cloned().collect();
            open.extend(children.into_iter().rev().map(|child| Some((child, in_quote, in_gmail))));
        }
        walk
    }

    fn text(&mut self, node: &Handle, in_quote: bool) {
        let text = text_of(node);
        self.words_outside |= !in_quote && text.chars().any(char::is_alphanumeric);
        self.tail.push_str(&text.split_whitespace().collect::<Vec<_>>().join(" "));
        self.tail.push(' ');
        if self.tail.len() > 8 * GLANCE {
            let at = self.tail.char_indices().rev().nth(GLANCE).map_or(0, |(at, _)| at);
            self.tail.drain(..at);
        }
    }

    /// Notes an element that matters; true when it is a quotation with text that is nobody's here.
    fn element(&mut self, node: &Handle, name: &str, in_quote: bool, in_gmail_quote: bool) -> bool {
        let kind = match name {
            "blockquote" if !in_quote => Kind::Blockquote { in_gmail_quote },
            "hr" => Kind::Rule,
            "a" if attribute(node, "href").is_some_and(|href| href.starts_with("mailto:")) => Kind::Address,
            "p" | "div" | "span" | "table" | "td" if !in_quote => {
                let style = attribute(node, "style").unwrap_or_default().to_ascii_lowercase();
                if ATTRIBUTIONS.iter().any(|(key, value)| has(node, key, value)) {
                    Kind::Attribution
                } else if QUOTES.iter().any(|class| has(node, "class", class)) {
                    Kind::Quote
                } else if HEADED.iter().any(|(key, value)| has(node, key, value))
                    || (style.contains("border-top") && style.contains("solid"))
                {
                    Kind::Headed
                } else {
                    return false;
                }
            }
            _ => return false,
        };
        let before = self.tail.get(self.tail.char_indices().rev().nth(GLANCE).map_or(0, |(at, _)| at)..);
        self.found.push(Found { node: node.clone(), before: before.unwrap_or_default().to_owned(), kind });
        matches!(kind, Kind::Blockquote { .. } | Kind::Attribution | Kind::Quote)
    }
}

/// A mail program made this blockquote.
fn is_cited(one: &Found) -> bool {
    let Kind::Blockquote { in_gmail_quote } = one.kind else { return false };
    let node = &one.node;
    let style = attribute(node, "style").unwrap_or_default().to_ascii_lowercase();
    // Gmail's button for quotations makes the same block as its replies, but without anybody named above.
    let by_style = !has(node, "class", "gmail_quote") && style.contains("border-left");
    in_gmail_quote
        || by_style
        || attribute(node, "type").is_some_and(|kind| kind.eq_ignore_ascii_case("cite"))
        || attribute(node, "cite").is_some()
        || QUOTES.iter().any(|class| has(node, "class", class))
        || ends_in_attribution(&one.before)
        || begins_with_attribution(&beginning(node))
}

/// The last lines of `text` say who wrote what follows.
fn ends_in_attribution(text: &str) -> bool {
    let mut lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let end = lines.len();
    lines.push("> ");
    lines.push("> quoted");
    (end.saturating_sub(4)..end).any(|at| attribution(&lines, at).is_some_and(|found| found.end == end))
}

fn begins_with_attribution(text: &str) -> bool {
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    attribution(&lines, 0).is_some() || strip::marker(&lines, 0).is_some()
}

/// "---------- Forwarded message": what is passed on is no quotation.
fn is_forward(beginning: &str) -> bool {
    let first = beginning.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default();
    (first.starts_with("--") || first.ends_with(':')) && strip::is_forward_word(first)
}

/// Labels and an address or a moment, as above a message.
fn is_header(beginning: &str) -> bool {
    let labelled = beginning.lines().filter(|line| header_block::labelled(line).is_some()).count();
    labelled >= 2 || (beginning.matches(':').count() >= 3 && beginning.contains('@'))
}

/// Shows the address behind a link that says only a name.
fn name_address(link: &Handle) {
    let href = attribute(link, "href").unwrap_or_default();
    let address = href.trim_start_matches("mailto:").split('?').next().unwrap_or_default().trim().to_owned();
    let is_plain = address.contains('@') && address.chars().all(|c| c.is_ascii_alphanumeric() || "@.+-_'".contains(c));
    if is_plain && !beginning(link).contains('@') {
        append(link, &format!("<span> &lt;{address}&gt;</span>"));
    }
}

/// The value of an attribute.
fn attribute(node: &Handle, key: &str) -> Option<String> {
    let Element { attrs, .. } = &node.data else { return None };
    attrs.borrow().iter().find(|attribute| &*attribute.name.local == key).map(|attribute| attribute.value.to_string())
}

/// Whether one word of an attribute is `word`, alone or with what a provider puts before or after it.
fn has(node: &Handle, key: &str, word: &str) -> bool {
    attribute(node, key).is_some_and(|value| {
        value.split_whitespace().any(|one| {
            one == word
                || (key != "class" && one.ends_with(word))
                || one
                    .strip_suffix(word)
                    .is_some_and(|b| b.ends_with("yiv") || b.starts_with("ydp") || b.ends_with("x_"))
        })
    })
}

/// The text of a text node; empty for other leaves.
fn text_of(node: &Handle) -> String {
    let mut bytes = Vec::new();
    if !node.children.borrow().is_empty() || node.serialize(&mut bytes).is_err() {
        return String::new();
    }
    let text = String::from_utf8_lossy(&bytes);
    if text.starts_with('<') {
        return String::new();
    }
    text.replace("&nbsp;", " ").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
}

/// The first lines of text in a block.
fn beginning(block: &Handle) -> String {
    let mut text = String::new();
    let mut open: Vec<Handle> = vec![block.clone()];
    while let Some(node) = open.pop().filter(|_| text.len() < 2 * GLANCE) {
        match node.element_name() {
            None => text.push_str(&text_of(&node).replace(['\n', '\r', '\t'], " ")),
            Some(name) if matches!(name.as_str(), "b" | "i" | "u" | "a" | "span" | "font" | "strong" | "em") => {}
            Some(_) => text.push('\n'),
        }
        let children: Vec<Handle> = node.children.borrow().iter().cloned().collect();
        open.extend(children.into_iter().rev());
    }
    text
}

/// A node made from `html`.
fn made(html: &str) -> Option<Handle> {
    let dom = html2text::config::plain_no_decorate().parse_html(html.as_bytes()).ok()?;
    let mut open = vec![dom.document.clone()];
    while let Some(node) = open.pop() {
        let is_frame = node.element_name().is_none_or(|name| matches!(name.as_str(), "html" | "head" | "body"));
        if !is_frame {
            let parent = node.get_parent()?;
            parent.children.borrow_mut().retain(|child| !Rc::ptr_eq(child, &node));
            node.parent.set(None);
            return Some(node);
        }
        open.extend(node.children.borrow().iter().cloned());
    }
    None
}

fn append(node: &Handle, html: &str) {
    if let Some(new) = made(html) {
        new.parent.set(Some(Rc::downgrade(node)));
        node.children.borrow_mut().push(new);
    }
}

/// Puts the children of `node` into a new element in its place.
fn replace(node: &Handle, html: &str) {
    let (Some(parent), Some(new)) = (node.get_parent(), made(html)) else { return };
    let mut siblings = parent.children.borrow_mut();
    let Some(place) = siblings.iter_mut().find(|child| Rc::ptr_eq(child, node)) else { return };
    let children = std::mem::take(&mut *node.children.borrow_mut());
    for child in &children {
        child.parent.set(Some(Rc::downgrade(&new)));
    }
    new.children.borrow_mut().extend(children);
    new.parent.set(Some(Rc::downgrade(&parent)));
    *place = new;
}

fn insert_before(node: &Handle, html: &str) {
    let (Some(parent), Some(new)) = (node.get_parent(), made(html)) else { return };
    let mut siblings = parent.children.borrow_mut();
    if let Some(at) = siblings.iter().position(|child| Rc::ptr_eq(child, node)) {
        new.parent.set(Some(Rc::downgrade(&parent)));
        siblings.insert(at, new);
    }
}
