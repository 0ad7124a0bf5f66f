//! The little Markdown that the legend is written in: headings, paragraphs, lists, tables; code, strong and
//! emphasised text. Anything else would show as it is written.

use std::fmt::Write as _;

/// The text as HTML, its headings beginning at `<h{top}>`.
pub(crate) fn to_html(text: &str, top: usize) -> String {
    let mut html = String::new();
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        let hashes = block.chars().take_while(|letter| *letter == '#').count();
        // Writing to a string cannot fail.
        let _ = if hashes > 0 {
            let level = top + hashes - 1;
            writeln!(html, "<h{level}>{}</h{level}>", inline(block.trim_start_matches('#').trim()))
        } else if block.starts_with('|') {
            writeln!(html, "{}", table(block))
        } else if block.starts_with("- ") {
            let items =
                block.lines().map(|item| format!("<li>{}</li>", inline(item.trim_start_matches("- "))));
            writeln!(html, "<ul>{}</ul>", items.collect::<String>())
        } else {
            writeln!(html, "<p>{}</p>", inline(block))
        };
    }
    html
}

fn table(block: &str) -> String {
    let row = |line: &str, cell: &str| -> String {
        let cells = line.trim_matches('|').split('|');
        let cells: String = cells.map(|text| format!("<{cell}>{}</{cell}>", inline(text.trim()))).collect();
        format!("<tr>{cells}</tr>")
    };
    let mut lines = block.lines();
    let head = lines.next().map(|line| row(line, "th")).unwrap_or_default();
    let body: String = lines.skip(1).map(|line| row(line, "td")).collect();
    format!("<div class=\"scroll\"><table><thead>{head}</thead><tbody>{body}</tbody></table></div>")
}

/// Marks come in pairs; an odd one out stays as it is written.
fn inline(text: &str) -> String {
    let text = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    [("`", "code"), ("**", "strong"), ("*", "em")]
        .into_iter()
        .fold(text, |text, (mark, element)| paired(&text, mark, element))
}

fn paired(text: &str, mark: &str, element: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, inside, after)) = rest
        .split_once(mark)
        .and_then(|(before, opened)| opened.split_once(mark).map(|(inside, after)| (before, inside, after)))
    {
        let _ = write!(out, "{before}<{element}>{inside}</{element}>");
        rest = after;
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_subset_is_drawn() {
        let text = "# A `b`\n\ntwo **strong**\nlines *here* 2 * 3 < 7\n\n- one\n- two\n\n| h | i |\n|---|---|\n| `c` | d |\n";
        assert_eq!(
            to_html(text, 2),
            "<h2>A <code>b</code></h2>\n<p>two <strong>strong</strong>\nlines <em>here</em> 2 * 3 &lt; 7</p>\n\
             <ul><li>one</li><li>two</li></ul>\n<div class=\"scroll\"><table><thead><tr><th>h</th><th>i</th></tr>\
             </thead><tbody><tr><td><code>c</code></td><td>d</td></tr></tbody></table></div>\n"
        );
    }

    #[test]
    fn the_legend_keeps_to_the_subset() {
        for text in [include_str!("../../docs/verdicts.md"), include_str!("../../docs/words.md")] {
            let html = to_html(text, 2);
            for mark in ["`", "*", "|", "#", "](", "\n1."] {
                assert!(!html.contains(mark), "{mark} is left in the legend");
            }
        }
    }
}
