//! The terminal. Escapes are stripped where nobody would see colours; a closed pipe ends the output quietly.

use std::io::{IsTerminal as _, Write as _};

use reports::terminal::Style;

/// Width where no terminal tells one.
const WIDTH_DEFAULT: usize = 100;
/// Wider lines are hard to read.
const WIDTH_MAX: usize = 120;

/// Writes to standard output.
pub(crate) fn out(text: &str) {
    // A reader that has gone away (`| head`) is no error.
    let _ = anstream::stdout().write_all(text.as_bytes());
}

/// Writes a line about the run itself, apart from its results.
pub(crate) fn info(text: &str) {
    let _ = writeln!(anstream::stderr(), "{text}");
}

/// Writes why the program ends.
pub(crate) fn error(text: &str) {
    let style = anstyle::AnsiColor::Red.on_default().bold();
    let _ = writeln!(anstream::stderr(), "{style}error{style:#}: {text}");
}

/// Shows the one line that tells how far a run is, where somebody watches; an empty one takes it away.
pub(crate) fn live(text: &str) {
    let mut stderr = std::io::stderr();
    if stderr.is_terminal() {
        let _ = write!(stderr, "\r\x1b[K{text}");
        let _ = stderr.flush();
    }
}

/// How a report may look here. Colours are always written: they are stripped where they would not show.
pub(crate) fn style() -> Style {
    let width = terminal_size::terminal_size().map_or(WIDTH_DEFAULT, |(width, _)| usize::from(width.0));
    Style { color: true, width: width.min(WIDTH_MAX) }
}
