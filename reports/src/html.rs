//! The run as one page: a single file without network or external asset, for people.

mod body;
mod chart;
mod check;
mod diff;
mod exchange;
mod figures;
mod history;
mod load;
mod page;
mod room;
mod script;
mod sections;
mod sync;
mod timeline;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, HtmlEscape, Value};
use record::Run;

use crate::Error;

/// The run as a self-contained HTML page, for screens and print, in dark and light.
///
/// The page needs no script: the one that it holds filters the checks. Its content security policy forbids the network and
/// every other script, so that nothing that a server sent can act even if it were not escaped, which it is. Each exchange is shown once, with the check that
/// sent it, and linked to from everywhere else. Long bodies are cut and say so; the run file holds them whole.
///
/// # Errors
/// [`Error::Page`] if the template cannot be filled.
pub fn render(run: &Run) -> Result<String, Error> {
    let mut templates = Environment::new();
    templates.set_syntax(
        SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build()?,
    );
    templates.add_filter("options", options);
    // Names end in .html: that is what turns escaping on.
    templates.add_template("exchange.html", include_str!("html/exchange.html"))?;
    templates.add_template("check.html", include_str!("html/check.html"))?;
    templates.add_template("sync.html", include_str!("html/sync.html"))?;
    templates.add_template("load.html", include_str!("html/load.html"))?;
    templates.add_template("overview.html", include_str!("html/overview.html"))?;
    templates.add_template("page.html", include_str!("html/page.html"))?;
    Ok(templates.get_template("page.html")?.render(Serde(page::Page::of(run)))?)
}

/// A text as markup in which no option of a command line is broken at its hyphens.
fn options(text: &str) -> Value {
    let mut out = String::with_capacity(text.len());
    for (position, word) in text.split(' ').enumerate() {
        if position > 0 {
            out.push(' ');
        }
        let lead = word.len() - word.trim_start_matches(['(', '`']).len();
        let (lead, option) = word.split_at(lead);
        let is_of_one = |letter: char| letter.is_ascii_lowercase() || matches!(letter, '-' | '0'..='9');
        let end = option.find(|letter| !is_of_one(letter)).unwrap_or(option.len());
        let (option, tail) = if option.starts_with("--") { option.split_at(end) } else { ("", option) };
        out.push_str(&HtmlEscape(lead).to_string());
        if !option.is_empty() {
            out.push_str(&format!("<span class=\"option\">{option}</span>"));
        }
        out.push_str(&HtmlEscape(tail).to_string());
    }
    Value::from_safe_string(out)
}

#[cfg(test)]
mod tests {
    use super::options;

    #[test]
    fn options_stay_whole_and_everything_else_is_escaped() {
        let told = options("2 were left out (--only-these), <b>--x --lag=2 `--token-env` a--b");
        assert_eq!(
            told.as_str(),
            Some(
                "2 were left out (<span class=\"option\">--only-these</span>), &lt;b&gt;--x <span class=\"option\">--lag</span>=2 \
                 `<span class=\"option\">--token-env</span>` a--b"
            )
        );
    }
}
