//! Pure renderers of a run: a [`record::Run`] in, text out. No file, no clock, no terminal is asked for
//! anything, so that a run file on disk is enough to draw any report again.
//!
//! Everything that a server sent is hostile here: each renderer makes it harmless in its own medium before it
//! is shown (terminal escapes, markup, characters that XML cannot hold).
//!
//! ```
//! use record::Run;
//! use reports::terminal::{self, Style};
//!
//! let run = Run::fixture();
//! let report = terminal::render(&run, Style { color: false, width: 100 });
//! assert!(report.ends_with(&format!("{}\n", reports::sentence(&run))));
//!
//! let file = reports::json::render(&run)?;
//! assert_eq!(reports::json::parse(&file)?, run);
//! # Ok::<(), reports::Error>(())
//! ```

pub mod curl;
pub mod har;
pub mod html;
pub mod json;
pub mod junit;
pub mod sarif;
pub mod summary;
pub mod terminal;

mod digest;
mod error;
mod headline;
mod markdown;
mod text;

pub use digest::asked;
pub use error::Error;
pub use headline::sentence;
pub use text::duration;
