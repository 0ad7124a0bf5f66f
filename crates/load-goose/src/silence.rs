//! What keeps goose from speaking and from ending the process: neither is a library's business.

use log::{LevelFilter, Log, Metadata, Record};

/// Takes every line and keeps none.
struct Silence;

impl Log for Silence {
    fn enabled(&self, _metadata: &Metadata<'_>) -> bool {
        false
    }

    fn log(&self, _record: &Record<'_>) {}

    fn flush(&self) {}
}

/// Goose installs a logger that prints unless there is one already.
pub(crate) fn hold_tongue() {
    if log::set_logger(&Silence).is_ok() {
        log::set_max_level(LevelFilter::Off);
    }
}

/// Keeps goose from taking Ctrl-C for itself: its own handler would end the process at the second one, with everything that
/// was created still there.
///
/// A program that handles Ctrl-C must call this first, before it installs its own handler; that one is then called as ever.
/// Without one, Ctrl-C does nothing any more: the program stops loads by their [`Cancel`](load::Cancel).
pub fn claim_interrupts() {
    // Goose uses the same crate, which gives a signal away only once. If it was given away before, all is well too.
    let _ = ctrlc::set_handler(|| {});
}
