//! A recorded body as safe HTML: JSON laid out for reading, with the places that findings point to marked.
//!
//! Only white space between tokens is changed. Duplicate members, the order of members and the way that numbers
//! and strings are written are evidence and stay as they came.

use serde::de::IgnoredAny;

use crate::text;

/// A body, ready to be placed in a `<pre>`.
pub(super) struct Drawn {
    pub(super) html: String,
    /// Whether something was left away to keep the page small.
    pub(super) cut: bool,
    /// Whether white space differs from what was sent.
    pub(super) laid_out: bool,
}

/// Draws at most `limit` characters of a body, marking the values that the JSON pointers in `marks` name.
pub(super) fn draw(body: &str, marks: &[&str], limit: usize) -> Drawn {
    let trimmed = body.trim_start();
    let is_container = trimmed.starts_with(['{', '[']) && serde_json::from_str::<IgnoredAny>(body).is_ok();
    let mut pen = Pen { html: String::new(), room: limit, cut: false };
    if is_container {
        Layout { pen: &mut pen, frames: Vec::new(), marks }.draw(trimmed);
    } else {
        pen.text(&text::block(body));
    }
    Drawn { cut: pen.cut, laid_out: is_container, html: pen.html }
}

/// Writes escaped text until its room is used up. Elements are written in full all the same, so that they are
/// always closed.
struct Pen {
    html: String,
    room: usize,
    cut: bool,
}

impl Pen {
    fn text(&mut self, text: &str) {
        for letter in text.chars() {
            if self.room == 0 {
                self.cut = true;
                return;
            }
            self.room -= 1;
            // Between tags quotes mean nothing, and JSON is full of them.
            match letter {
                '&' => self.html.push_str("&amp;"),
                '<' => self.html.push_str("&lt;"),
                '>' => self.html.push_str("&gt;"),
                other => self.html.push(other),
            }
        }
    }

    fn element(&mut self, tag: &str) {
        self.html.push_str(tag);
    }
}

struct Frame {
    /// The member being read, in an object; none where its name comes next.
    key: Option<String>,
    /// The element being read, in an array; none for an object.
    index: Option<usize>,
    marked: bool,
}

struct Layout<'a> {
    pen: &'a mut Pen,
    frames: Vec<Frame>,
    marks: &'a [&'a str],
}

impl Layout<'_> {
    /// Walks through text that is known to be one JSON object or array.
    fn draw(mut self, mut rest: &str) {
        while let Some(first) = rest.chars().next() {
            let token = token(rest, first);
            let after = rest.get(token.len()..).unwrap_or_default().trim_start();
            match first {
                '{' | '[' => self.open(token, after.starts_with(['}', ']'])),
                '}' | ']' => self.close(token),
                ',' => self.next(),
                ':' => self.pen.text(": "),
                _ => self.scalar(token),
            }
            if self.pen.cut {
                break;
            }
            rest = after;
        }
        for _ in self.frames.iter().filter(|frame| frame.marked) {
            self.pen.element("</mark>");
        }
    }

    fn open(&mut self, token: &str, empty: bool) {
        let marked = self.mark();
        self.pen.text(token);
        let index = (token == "[").then_some(0);
        self.frames.push(Frame { key: None, index, marked });
        if !empty {
            self.line();
        }
    }

    fn close(&mut self, token: &str) {
        let frame = self.frames.pop();
        let was_empty =
            frame.as_ref().is_some_and(|frame| frame.key.is_none() && frame.index.unwrap_or(0) == 0)
                && self.pen.html.ends_with(['{', '[']);
        if !was_empty {
            self.line();
        }
        self.pen.text(token);
        if frame.is_some_and(|frame| frame.marked) {
            self.pen.element("</mark>");
        }
    }

    fn next(&mut self) {
        self.pen.text(",");
        if let Some(frame) = self.frames.last_mut() {
            frame.key = None;
            frame.index = frame.index.map(|index| index + 1);
        }
        self.line();
    }

    fn scalar(&mut self, token: &str) {
        if let Some(frame) =
            self.frames.last_mut().filter(|frame| frame.index.is_none() && frame.key.is_none())
        {
            frame.key = Some(serde_json::from_str(token).unwrap_or_default());
            self.pen.element("<i>");
            self.pen.text(&text::line(token));
            self.pen.element("</i>");
            return;
        }
        let marked = self.mark();
        self.pen.text(&text::line(token));
        if marked {
            self.pen.element("</mark>");
        }
    }

    /// Opens a mark if the value that comes next is one that a finding points to.
    fn mark(&mut self) -> bool {
        // What a check looks at has the names of the standard; letter case carries no meaning in them (RFC 7643 §2.1).
        let marked = !self.marks.is_empty() && {
            let pointer = self.pointer();
            self.marks.iter().any(|mark| mark.eq_ignore_ascii_case(&pointer))
        };
        if marked {
            self.pen.element("<mark>");
        }
        marked
    }

    /// Where the value that comes next stands, as a JSON pointer.
    fn pointer(&self) -> String {
        let mut pointer = String::new();
        for frame in &self.frames {
            pointer.push('/');
            match (frame.index, &frame.key) {
                (Some(index), _) => pointer.push_str(&index.to_string()),
                (None, Some(key)) => pointer.push_str(&key.replace('~', "~0").replace('/', "~1")),
                (None, None) => {}
            }
        }
        pointer
    }

    fn line(&mut self) {
        self.pen.text("\n");
        for _ in 0..self.frames.len() {
            self.pen.text("  ");
        }
    }
}

/// The token at the start of the text.
fn token(text: &str, first: char) -> &str {
    let length = match first {
        '"' => {
            let mut escaped = false;
            let end = text.char_indices().skip(1).find(|(_, letter)| {
                let ends = *letter == '"' && !escaped;
                escaped = *letter == '\\' && !escaped;
                ends
            });
            end.map_or(text.len(), |(at, _)| at + 1)
        }
        '{' | '}' | '[' | ']' | ',' | ':' => 1,
        _ => text
            .find(|letter: char| letter.is_whitespace() || matches!(letter, ',' | '}' | ']' | ':'))
            .unwrap_or(text.len())
            .max(first.len_utf8()),
    };
    text.get(..length).unwrap_or(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_is_laid_out_and_nothing_else_changes() {
        let drawn = draw(r#" {"a":1.0,"a":[ ],"b":{},"c":[{"d":"\u0041<b>"},true]} "#, &[], 1_000);
        let expected = "{\n  <i>\"a\"</i>: 1.0,\n  <i>\"a\"</i>: [],\n  <i>\"b\"</i>: {},\n  <i>\"c\"</i>: [\n    {\n      \
                        <i>\"d\"</i>: \"\\u0041&lt;b&gt;\"\n    },\n    true\n  ]\n}";
        assert_eq!(drawn.html, expected);
        assert!(drawn.laid_out && !drawn.cut);
    }

    #[test]
    fn pointers_are_marked_wherever_they_lead() {
        let marked = |pointer| draw(r#"{"a/b":[1,{"c":"x"}],"~":{}}"#, &[pointer], 1_000).html;
        assert!(marked("/a~1b/0").contains("<mark>1</mark>"));
        assert!(marked("/a~1b/1/c").contains("<mark>\"x\"</mark>"));
        assert!(marked("/~0").contains("<mark>{}</mark>"));
        assert!(marked("").starts_with("<mark>{") && marked("").ends_with("}</mark>"));
        assert!(!marked("/none").contains("<mark>"));
        assert!(marked("/A~1B/1/C").contains("<mark>\"x\"</mark>"), "names are the same in any letter case");
    }

    #[test]
    fn what_is_no_json_stays_as_it_is() {
        let drawn = draw("{\"a\":1,}\n<p>\u{1b}[0m", &[""], 1_000);
        assert_eq!(drawn.html, "{\"a\":1,}\n&lt;p&gt;\\u{1b}[0m");
        assert!(!drawn.laid_out);
    }

    #[test]
    fn a_cut_leaves_no_element_open() {
        for limit in 0..40 {
            let drawn = draw(r#"{"name":{"familyName":["<King>"]}}"#, &["/name"], limit);
            for (open, close) in [("<mark>", "</mark>"), ("<i>", "</i>")] {
                assert_eq!(
                    drawn.html.matches(open).count(),
                    drawn.html.matches(close).count(),
                    "{}",
                    drawn.html
                );
            }
            assert!(drawn.cut);
        }
    }
}
