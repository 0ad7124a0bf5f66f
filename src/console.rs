//! The terminal. Escapes are stripped where nobody would see colours; a closed pipe ends the output quietly.

use std::io::{ErrorKind, IsTerminal as _, Write as _};
use std::sync::atomic::{AtomicBool, Ordering};

use reports::terminal::Style;

/// Width where no terminal tells one.
const WIDTH_DEFAULT: usize = 100;
/// Wider lines are hard to read.
const WIDTH_MAX: usize = 120;

/// Whether something that was to be written to standard output is lost.
static LOST: AtomicBool = AtomicBool::new(false);

/// Writes to standard output. A reader that has gone away (`| head`) is no error; a full disk is, and is told at the end.
pub(crate) fn out(text: &str) {
    say(&mut anstream::stdout(), text);
}

/// Writes a document to standard output, every character as it is.
pub(crate) fn document(text: &str) {
    say(&mut std::io::stdout(), text);
}

fn say(stdout: &mut impl std::io::Write, text: &str) {
    let written = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush());
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
        && !LOST.swap(true, Ordering::Relaxed)
    {
        self::error(&format!("cannot write to standard output: {error}"));
    }
}

/// Whether everything that was said on standard output can have been heard.
pub(crate) fn was_heard() -> bool {
    !LOST.load(Ordering::Relaxed)
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
