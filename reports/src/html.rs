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
mod script;
mod sections;
mod sync;
mod timeline;

use minijinja::Environment;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
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
    // Names end in .html: that is what turns escaping on.
    templates.add_template("exchange.html", include_str!("html/exchange.html"))?;
    templates.add_template("check.html", include_str!("html/check.html"))?;
    templates.add_template("sync.html", include_str!("html/sync.html"))?;
    templates.add_template("load.html", include_str!("html/load.html"))?;
    templates.add_template("overview.html", include_str!("html/overview.html"))?;
    templates.add_template("page.html", include_str!("html/page.html"))?;
    Ok(templates.get_template("page.html")?.render(Serde(page::Page::of(run)))?)
}
