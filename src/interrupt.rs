//! Ctrl-C and SIGTERM.

use crate::failure::Failure;

/// Calls `heard` with 1 at the first signal to stop, with 2 at the second, and so on.
pub(crate) fn watch(heard: impl Fn(u32) + Send + 'static) -> Result<(), Failure> {
    let runtime = runtime()?;
    std::thread::spawn(move || {
        runtime.block_on(async {
            let mut count = 0;
            while stop_signal().await.is_ok() {
                count += 1;
                heard(count);
            }
        });
    });
    Ok(())
}

/// Waits for one signal to stop.
pub(crate) fn wait() -> Result<(), Failure> {
    runtime()?
        .block_on(stop_signal())
        .map_err(|error| Failure::mishap(format!("cannot wait for Ctrl-C: {error}")))
}

fn runtime() -> Result<tokio::runtime::Runtime, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.map_err(|error| Failure::mishap(format!("no runtime: {error}")))
}

#[cfg(unix)]
async fn stop_signal() -> std::io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        outcome = tokio::signal::ctrl_c() => outcome,
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn stop_signal() -> std::io::Result<()> {
    tokio::signal::ctrl_c().await
}
