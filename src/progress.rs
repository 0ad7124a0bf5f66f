use record::{Event, Sink, VerdictKind};
use reports::terminal::{self, Style};

use crate::console;

/// Tells on standard error how far a run is: one line that changes, or a line for each check.
pub(crate) struct Progress {
    style: Style,
    verbose: bool,
    planned: usize,
    done: usize,
}

impl Progress {
    pub(crate) fn new(style: Style, verbose: bool) -> Self {
        Self { style, verbose, planned: 0, done: 0 }
    }
}

impl Sink for Progress {
    fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Planned { checks } => self.planned = *checks,
            Event::Finished { result } => {
                self.done += 1;
                console::live("");
                let worth_a_line = self.verbose || result.verdict.kind() == VerdictKind::Error;
                if let Some(line) = terminal::progress(event, self.style).filter(|_| worth_a_line) {
                    console::info(&line);
                }
                console::live(&format!("{}/{} {}", self.done, self.planned, result.id));
            }
            _ => {}
        }
        if self.done == self.planned {
            console::live("");
        }
    }
}
