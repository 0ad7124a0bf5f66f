use anstyle::{AnsiColor, Style};
use record::VerdictKind;

/// Puts colours on text, or leaves it alone.
#[derive(Clone, Copy)]
pub(super) struct Paint {
    color: bool,
}

impl Paint {
    pub(super) const fn new(color: bool) -> Self {
        Self { color }
    }

    pub(super) fn verdict(self, kind: VerdictKind, text: &str) -> String {
        let color = match kind {
            VerdictKind::Pass => AnsiColor::Green,
            VerdictKind::Warn => AnsiColor::Yellow,
            VerdictKind::Fail => AnsiColor::Red,
            VerdictKind::Waived | VerdictKind::NotSupported => return self.dim(text),
            VerdictKind::Blocked => AnsiColor::Blue,
            VerdictKind::Error => AnsiColor::Magenta,
        };
        let style = color.on_default();
        self.with(if kind == VerdictKind::Pass { style } else { style.bold() }, text)
    }

    pub(super) fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    pub(super) fn dim(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.color { format!("{style}{text}{style:#}") } else { text.to_owned() }
    }
}
