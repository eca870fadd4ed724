//! What the writer typed now, apart from what their mail program put around it.
//!
//! To lose a word of the writer is worse than to leave a quotation in, so every rule asks for more than one sign, and
//! signatures that hold a telephone number stay. Nothing is thrown away: both halves are kept.

mod attribution;
mod foot;
mod marker;
#[cfg(test)]
pub(super) mod tests;

pub use attribution::{Attribution, attribution, is_verb, joined, lines_of};
pub use marker::{Marker, is_forward_word, marker, marker_at_depth};

use super::header_block::unquoted;

/// A text in its two halves.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Split {
    /// What the writer typed.
    pub visible: String,
    /// What stands there from earlier messages, and what a mail program added: device footers, disclaimers.
    pub quoted: String,
}

/// Divides `text` (lines ending in `\n`). When nothing would be visible, all is: a writer who answered inside or below an
/// unmarked quotation must be heard.
#[must_use]
pub fn split(text: &str) -> Split {
    let lines = lines_of(text);
    let mut hidden = Hidden(vec![false; lines.len()]);
    hidden.quotations(&lines);
    foot::hide(&lines, &mut hidden.0);
    let half = |wanted: bool| {
        let mut half = String::new();
        for (line, _) in lines.iter().zip(&hidden.0).filter(|(_, hidden)| **hidden == wanted) {
            half.push_str(line);
            half.push('\n');
        }
        half
    };
    let (visible, quoted) = (half(false), half(true));
    if visible.trim().is_empty() && !quoted.trim().is_empty() && !only_attributions(&lines) {
        return Split { visible: tidy(text), quoted: String::new() };
    }
    Split { visible: tidy(&visible), quoted: tidy(&quoted) }
}

/// Blank lines at both ends go, and more than two in a row become two.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut blanks = 0;
    for line in text.lines() {
        let line = line.trim_end();
        blanks = if line.is_empty() { blanks + 1 } else { 0 };
        if blanks <= 2 {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

/// Which lines are not the writer's.
struct Hidden(Vec<bool>);

impl Hidden {
    fn hide(&mut self, from: usize, to: usize) {
        for line in self.0.iter_mut().take(to).skip(from) {
            *line = true;
        }
    }

    fn quotations(&mut self, lines: &[&str]) {
        let mut at = leading_quotation(lines);
        let mut seen = at > 0;
        // An attribution on top with nothing marked below: somewhere below is the answer, and nobody can tell where.
        let mut answer_below = false;
        let lonely = is_lonely_quote(lines);
        while let Some(line) = lines.get(at) {
            let found = attribution(lines, at);
            if let Some(found) = found.filter(|found| answer_below || found.quotes_follow || !seen) {
                answer_below |= !found.quotes_follow && found.sure;
                if found.quotes_follow || answer_below {
                    self.hide(at, found.end);
                    at = found.end;
                    if !answer_below {
                        at = self.bars(lines, at);
                    }
                    continue;
                }
            }
            let cut = !answer_below && (found.is_some_and(|found| found.sure) || marker(lines, at).is_some());
            if cut {
                self.hide(self.above_cut(lines, at), lines.len());
                return;
            }
            let quoted = !answer_below && !lonely && is_quote(lines, at);
            seen |= !quoted && !line.trim().is_empty();
            if quoted {
                self.hide(at, at + 1);
            }
            at += 1;
        }
    }

    /// Lines that begin with `|` are quotation right below an attribution, and only there.
    fn bars(&mut self, lines: &[&str], mut at: usize) -> usize {
        let first = at;
        while lines.get(at).is_some_and(|line| line.trim().is_empty()) {
            at += 1;
        }
        let start = at;
        while lines.get(at).is_some_and(|line| line.trim_start().starts_with('|')) {
            at += 1;
        }
        if at < start + 2 {
            return first;
        }
        self.hide(first, at);
        at
    }

    /// Rules and blank lines right above where the text is cut belong to what is cut.
    fn above_cut(&self, lines: &[&str], cut: usize) -> usize {
        let mut start = cut;
        while let Some(line) = start.checked_sub(1).and_then(|above| lines.get(above)) {
            if !line.trim().is_empty() && !marker::is_rule(line) {
                break;
            }
            start -= 1;
        }
        start
    }
}

/// Where the quotation ends that a text begins with, if nobody is named for it and words follow: the writer put it there
/// to answer it. 0 when there is none.
fn leading_quotation(lines: &[&str]) -> usize {
    let Some(first) = lines.iter().position(|line| !line.trim().is_empty()) else { return 0 };
    let quoted = |at: usize| lines.get(at).is_some_and(|line| line.trim_start().starts_with('>'));
    if !quoted(first) {
        return 0;
    }
    let mut end = first;
    while quoted(end) || lines.get(end).is_some_and(|line| line.trim().is_empty() && quoted(end + 1)) {
        end += 1;
    }
    let bare: Vec<&str> = lines.iter().take(end.min(first + 8)).skip(first).map(|line| unquoted(line).1).collect();
    let is_named = (0..bare.len().min(3)).any(|at| attribution(&bare, at).is_some() || marker(&bare, at).is_some());
    let answered = lines.iter().skip(end).any(|line| !line.trim().is_empty());
    if is_named || !answered { 0 } else { end }
}

/// The only line with `>` in a text without an attribution: a pointer or an ornament, not a quotation.
fn is_lonely_quote(lines: &[&str]) -> bool {
    let marked = |line: &&&str| line.trim_start().starts_with('>');
    let mut all = lines.iter().enumerate().filter(|(_, line)| marked(line));
    match (all.next(), all.next()) {
        (Some((at, line)), None) => {
            unquoted(line).1.trim_end().ends_with('<')
                || !(at.saturating_sub(25)..at).any(|above| attribution(lines, above).is_some())
        }
        _ => false,
    }
}

/// A line that a mail program quoted: `>` at its beginning. ">:(" alone is not one, unless a neighbour is. A link that a
/// mail program broke out of a quotation is one too.
fn is_quote(lines: &[&str], at: usize) -> bool {
    let after_sign = |at: usize| lines.get(at).and_then(|line| line.trim_start().strip_prefix('>'));
    let neighbours = || (after_sign(at + 1).is_some(), at.checked_sub(1).is_some_and(|b| after_sign(b).is_some()));
    let Some(rest) = after_sign(at) else {
        let line = lines.get(at).map_or("", |line| line.trim());
        let link = line.trim_end_matches(['>', ' ']).trim_matches(['(', ')', '<', '[', ']']);
        return (link.starts_with("http://") || link.starts_with("https://"))
            && !link.contains(char::is_whitespace)
            && line.ends_with('>')
            && neighbours() == (true, true);
    };
    rest.is_empty()
        || rest.starts_with([' ', '>', '\t', '\u{a0}'])
        || rest.chars().next().is_some_and(char::is_alphanumeric)
        || neighbours().0
        || neighbours().1
}

/// Nothing but "somebody wrote", again and again: nobody said anything.
fn only_attributions(lines: &[&str]) -> bool {
    let bare: Vec<&str> = lines.iter().map(|line| unquoted(line).1).collect();
    let mut at = 0;
    while let Some(line) = bare.get(at) {
        at = match attribution(&bare, at) {
            Some(found) => found.end,
            None if line.trim().is_empty() => at + 1,
            None => return false,
        };
    }
    true
}
