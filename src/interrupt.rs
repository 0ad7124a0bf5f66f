//! Ctrl-C and SIGTERM.

use std::io;

use tokio::runtime::Runtime;

use crate::failure::Failure;

/// The signals to stop. None is lost that comes after this was made, whether or not somebody waits for it yet.
pub(crate) struct Signals {
    runtime: Runtime,
    sources: Sources,
}

impl Signals {
    pub(crate) fn new() -> Result<Self, Failure> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let runtime = runtime.map_err(|error| Failure::mishap(format!("no runtime: {error}")))?;
        let guard = runtime.enter();
        let sources =
            Sources::new().map_err(|error| Failure::mishap(format!("cannot wait for Ctrl-C: {error}")))?;
        drop(guard);
        Ok(Self { runtime, sources })
    }

    /// Waits for the next one.
    pub(crate) fn wait(&mut self) {
        self.runtime.block_on(self.sources.next());
    }

    /// Calls `heard` with 1 at the first one, with 2 at the second, and so on.
    pub(crate) fn watch(mut self, heard: impl Fn(u32) + Send + 'static) {
        std::thread::spawn(move || {
            for count in 1.. {
                self.wait();
                heard(count);
            }
        });
    }
}

#[cfg(unix)]
struct Sources {
    interrupt: tokio::signal::unix::Signal,
    terminate: tokio::signal::unix::Signal,
}

#[cfg(unix)]
impl Sources {
    fn new() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        Ok(Self { interrupt: signal(SignalKind::interrupt())?, terminate: signal(SignalKind::terminate())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

#[cfg(windows)]
struct Sources(tokio::signal::windows::CtrlC);

#[cfg(windows)]
impl Sources {
    fn new() -> io::Result<Self> {
        tokio::signal::windows::ctrl_c().map(Self)
    }

    async fn next(&mut self) {
        self.0.recv().await;
    }
}
