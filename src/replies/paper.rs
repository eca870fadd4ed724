//! A letter on paper: its HTML, or its text where it has none, as the blocks that [`letterpress`] typesets. So one wording
//! serves mail and paper, and what a council changes in `config/letters/` changes both.

use std::cell::RefCell;

use chrono::NaiveDate;
use html5ever::{
    Attribute,
    buffer_queue::BufferQueue,
    tendril::StrTendril,
    tokenizer::{
        Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
        states::{Rawtext, Rcdata, ScriptData},
    },
};
use letterpress::{Block, Letter, Run};

use super::render::Rendered;

/// Elements without an end.
const VOID: &[&str] =
    &["area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"];

/// Elements whose words run on in a line. All others begin a new one.
const INLINE: &[&str] = &[
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "label", "mark", "q", "s", "samp", "small", "span", "strong", "sub", "sup", "time", "tt", "u", "var",
];

/// The letter as it is typeset, for `council` on `date`.
#[must_use]
pub fn letter(rendered: &Rendered, council: &str, reference: &str, date: NaiveDate) -> Letter {
    let blocks = match &rendered.html {
        Some(html) => from_html(html),
        None => from_text(&rendered.text),
    };
    let title = match rendered.subject.trim() {
        "" => format!("About your message to us, {reference}"),
        subject => subject.to_owned(),
    };
    Letter { title, council: council.to_owned(), reference: reference.to_owned(), date, blocks }
}

/// A plain text: paragraphs between empty lines, lines that begin with a dash as a list, a line in capitals as a heading.
#[must_use]
pub fn from_text(text: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    for paragraph in lines.split(|line| line.is_empty()).filter(|lines| !lines.is_empty()) {
        if let [line] = paragraph
            && is_heading(line)
        {
            blocks.push(Block::Heading { level: 2, runs: vec![Run::plain(line)] });
            continue;
        }
        let dash = |line: &str| line.strip_prefix("- ").or_else(|| line.strip_prefix("• ")).map(str::to_owned);
        for part in paragraph.chunk_by(|one, next| dash(one).is_some() == dash(next).is_some()) {
            let items: Vec<String> = part.iter().filter_map(|line| dash(line)).collect();
            blocks.push(if items.is_empty() {
                Block::Paragraph(vec![Run::plain(&part.join("\n"))])
            } else {
                let item = |item: &String| vec![Block::Paragraph(vec![Run::plain(item)])];
                Block::List { from: None, items: items.iter().map(item).collect() }
            });
        }
    }
    blocks
}

fn is_heading(line: &str) -> bool {
    line.chars().filter(|c| c.is_alphabetic()).count() > 3 && !line.chars().any(|c| c.is_lowercase() || c.is_numeric())
}

/// The words of an HTML letter. What is not shown in mail is not on paper; of a table, cell after cell is a paragraph.
#[must_use]
pub fn from_html(html: &str) -> Vec<Block> {
    let tokenizer = Tokenizer::new(Composer::default(), TokenizerOpts::default());
    let input = BufferQueue::default();
    input.push_back(StrTendril::from(html));
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.state.into_inner().done()
}

#[derive(Default)]
struct Composer {
    state: RefCell<State>,
}

/// A list that is open, and whether an item of it is.
#[derive(Default)]
struct OpenList {
    from: Option<u32>,
    items: Vec<Vec<Block>>,
    in_item: bool,
}

/// An element whose style holds until its end.
struct Style {
    name: String,
    bold: bool,
    link: Option<String>,
}

#[derive(Default)]
struct State {
    /// Blocks of the letter itself, then those of each open item.
    blocks: Vec<Vec<Block>>,
    lists: Vec<OpenList>,
    styles: Vec<Style>,
    runs: Vec<Run>,
    heading: Option<u8>,
    /// What is not shown: the element's name, and how many of that name are open in it.
    unseen: Option<(String, usize)>,
}

impl TokenSink for Composer {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) if state.unseen.is_none() => state.words(&text),
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                match tag.kind {
                    TagKind::StartTag => state.start(&name, &tag),
                    TagKind::EndTag => state.end(&name),
                }
                if tag.kind == TagKind::StartTag {
                    match name.as_str() {
                        "script" => return TokenSinkResult::RawData(ScriptData),
                        "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                            return TokenSinkResult::RawData(Rawtext);
                        }
                        "title" | "textarea" => return TokenSinkResult::RawData(Rcdata),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

impl State {
    fn words(&mut self, text: &str) {
        let style = |of: fn(&Style) -> bool| self.styles.iter().any(of);
        let bold = style(|style| style.bold);
        let link = self.styles.iter().rev().find_map(|style| style.link.clone());
        // A line break of the source is a space; one on the paper is a `br`.
        let text = text.replace(['\n', '\r', '\t', '\u{c}'], " ");
        match self.runs.last_mut().filter(|run| run.bold == bold && run.link == link) {
            Some(run) => run.text.push_str(&text),
            None => self.runs.push(Run { text, bold, link }),
        }
    }

    fn start(&mut self, name: &str, tag: &Tag) {
        if let Some((unseen, open)) = &mut self.unseen {
            *open += usize::from(unseen == name);
            return;
        }
        let is_void = VOID.contains(&name);
        if is_unseen(name, &tag.attrs) {
            if !is_void {
                self.unseen = Some((name.to_owned(), 1));
            }
            return;
        }
        match name {
            "br" => return self.line_break(),
            "img" => return self.words(&attribute(&tag.attrs, "alt").unwrap_or_default()),
            _ if is_void && name != "hr" => return,
            _ => {}
        }
        if !INLINE.contains(&name) {
            self.flush();
        }
        if matches!(name, "td" | "th" | "tr") {
            // A cell may end without a word of it.
            self.styles.retain(|style| style.name != "th");
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => {
                self.heading = name.get(1..).and_then(|level| level.parse().ok());
            }
            "ul" | "ol" => {
                let from = (name == "ol")
                    .then(|| attribute(&tag.attrs, "start").and_then(|from| from.parse().ok()).unwrap_or(1));
                self.lists.push(OpenList { from, ..OpenList::default() });
            }
            "li" => self.start_item(),
            "a" | "b" | "strong" | "th" => {
                let link = if name == "a" { attribute(&tag.attrs, "href") } else { None };
                self.styles.push(Style { name: name.to_owned(), bold: name != "a", link });
            }
            _ => {}
        }
    }

    fn end(&mut self, name: &str) {
        if let Some((unseen, open)) = &mut self.unseen {
            *open -= usize::from(unseen == name);
            if *open == 0 {
                self.unseen = None;
            }
            return;
        }
        match name {
            "br" => return self.line_break(),
            _ if VOID.contains(&name) => return,
            _ => {}
        }
        if !INLINE.contains(&name) {
            self.flush();
        }
        match name {
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading = None,
            "ul" | "ol" => self.end_list(),
            "li" => self.end_item(),
            _ => {
                if let Some(at) = self.styles.iter().rposition(|style| style.name == name) {
                    self.styles.remove(at);
                }
            }
        }
    }

    fn line_break(&mut self) {
        self.words("");
        if let Some(run) = self.runs.last_mut() {
            run.text.push('\n');
        }
    }

    /// What was said since the last block is one.
    fn flush(&mut self) {
        let mut runs = collapse(std::mem::take(&mut self.runs));
        if runs.iter().all(|run| run.text.trim().is_empty()) {
            return;
        }
        let block = match self.heading {
            Some(level) if self.lists.is_empty() => Block::Heading { level, runs },
            // A heading in a list would stand in no order with the others.
            heading => {
                runs.iter_mut().for_each(|run| run.bold |= heading.is_some());
                Block::Paragraph(runs)
            }
        };
        self.put(block);
    }

    /// Into the item that is open, or into the letter.
    fn put(&mut self, block: Block) {
        match self.blocks.last_mut() {
            Some(blocks) => blocks.push(block),
            None => self.blocks.push(vec![block]),
        }
    }

    fn start_item(&mut self) {
        self.end_item();
        if self.blocks.is_empty() {
            self.blocks.push(Vec::new());
        }
        // Without a list around it, it is a paragraph.
        if let Some(list) = self.lists.last_mut() {
            list.in_item = true;
            self.blocks.push(Vec::new());
        }
    }

    fn end_item(&mut self) {
        if let Some(list) = self.lists.last_mut().filter(|list| list.in_item) {
            list.in_item = false;
            list.items.extend(self.blocks.pop());
        }
    }

    fn end_list(&mut self) {
        self.end_item();
        if let Some(OpenList { from, items, .. }) = self.lists.pop() {
            self.put(Block::List { from, items });
        }
    }

    fn done(mut self) -> Vec<Block> {
        self.flush();
        while !self.lists.is_empty() {
            self.end_list();
        }
        self.blocks.into_iter().flatten().collect()
    }
}

/// White space as a browser shows it: one space between words, none around a line break.
fn collapse(runs: Vec<Run>) -> Vec<Run> {
    let mut before = '\n';
    let mut ready: Vec<Run> = Vec::new();
    for run in runs {
        let mut text = String::with_capacity(run.text.len());
        for c in run.text.chars() {
            match c {
                ' ' if before == ' ' || before == '\n' => continue,
                '\n' if before == ' ' => {
                    let last =
                        if text.is_empty() { ready.last_mut().map(|run| &mut run.text) } else { Some(&mut text) };
                    last.map(String::pop);
                    text.push('\n');
                }
                c => text.push(c),
            }
            before = c;
        }
        ready.push(Run { text, ..run });
    }
    ready.retain(|run| !run.text.is_empty());
    ready
}

fn attribute(attributes: &[Attribute], name: &str) -> Option<String> {
    attributes.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| attribute.value.to_string())
}

/// Whether a mail program shows nothing of it.
fn is_unseen(name: &str, attributes: &[Attribute]) -> bool {
    let style = || attribute(attributes, "style").unwrap_or_default().to_ascii_lowercase().replace(' ', "");
    matches!(
        name,
        "script" | "style" | "title" | "template" | "textarea" | "select" | "iframe" | "xmp" | "noembed" | "noframes"
    ) || attribute(attributes, "hidden").is_some()
        || ["display:none", "visibility:hidden", "mso-hide:all"].iter().any(|hidden| style().contains(hidden))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(blocks: &[Block]) -> String {
        let line = |runs: &[Run]| {
            let shown = |run: &Run| {
                let text = if run.bold { format!("**{}**", run.text) } else { run.text.clone() };
                run.link.as_ref().map_or(text.clone(), |link| format!("[{text}]({link})"))
            };
            runs.iter().map(shown).collect::<String>().replace('\n', "|")
        };
        let one = |block: &Block| match block {
            Block::Heading { level, runs } => format!("h{level} {}", line(runs)),
            Block::Paragraph(runs) => line(runs),
            Block::List { from, items } => {
                let items: Vec<_> = items.iter().map(|item| shown(item).replace('\n', "; ")).collect();
                format!("{}{{{}}}", from.map_or("-".into(), |from| from.to_string()), items.join(" / "))
            }
        };
        blocks.iter().map(one).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn words_of_a_letter_are_read_as_a_mail_program_shows_them() {
        for (html, wanted) in [
            (
                "<head><title>T</title><style>p > a{}</style></head><body><h1>A\n  <b>b</b></h1><p>One <a href='https://x.example'>two</a>, &lt;i&gt;<br>\n three &amp;c.</p>",
                "h1 A **b**\nOne [two](https://x.example), <i>|three &c.",
            ),
            (
                "<div style='display: none'>preview<div>of it</div></div><ul><li>a<li><p>b</p><ol start=3><li>c</li></ol></ul>d",
                "-{a / b; 3{c}}\nd",
            ),
            ("<p>a<p>b</p><table><tr><th>Who<td>When</table><script>x<y</script>", "a\nb\n**Who**\nWhen"),
            ("<h2>a<div>b</div></h2>c<ul><li><h3>d</h3></ul>", "h2 a\nh2 b\nc\n-{**d**}"),
            ("<b>a</p>b</b> <i>c</i><li>d<ul><li>e", "**a**\n**b** c\nd\n-{e}"),
            ("", ""),
        ] {
            assert_eq!(shown(&from_html(html)), wanted, "{html}");
        }
    }

    #[test]
    fn a_text_has_paragraphs_headings_and_lists() {
        let text = "Dear Jo,\n\nCall:\n- 999\n- 101\nor write\n\n\nWHO TO ASK\n\nHRD-26-00042-X\n";
        assert_eq!(shown(&from_text(text)), "Dear Jo,\nCall:\n-{999 / 101}\nor write\nh2 WHO TO ASK\nHRD-26-00042-X");
    }

    proptest! {
        #[test]
        fn no_words_of_a_text_are_lost_and_no_html_stops_it(text in "\\PC{0,200}", html in "(<[a-z/ ]{1,5}>|[a-z ]{1,3}){0,40}") {
            let escaped = minijinja::HtmlEscape(&text).to_string();
            let read = from_html(&format!("<p>{escaped}</p>"));
            let bare = |text: &str| text.split([' ', '\n', '\t', '\r']).collect::<String>();
            let said: String = read.iter().map(|block| match block {
                Block::Paragraph(runs) => runs.iter().map(|run| run.text.clone()).collect(),
                _ => String::new(),
            }).collect();
            if !text.trim().is_empty() {
                prop_assert_eq!(bare(&said), bare(&text));
            }
            let _ = from_html(&html);
        }
    }
}
