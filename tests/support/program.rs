use std::io::{BufRead as _, BufReader, Read, Write as _};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::time::Duration;

use super::PATIENCE;

/// The program under test. What it says must not depend on the terminal that the tests were started in.
pub(crate) fn scimproof() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_scimproof"));
    for variable in ["COLUMNS", "CLICOLOR", "CLICOLOR_FORCE", "NO_COLOR"] {
        command.env_remove(variable);
    }
    command
}

/// `scimproof` with its memory bounded by the system: allocating more ends it with a signal.
pub(crate) fn bounded(mib: u32) -> Command {
    let mut command = Command::new("sh");
    let program = env!("CARGO_BIN_EXE_scimproof");
    command.args(["-c", &format!("ulimit -d {} && exec \"$0\" \"$@\"", mib * 1024), program]);
    command
}

/// The signals that ask a program to stop: all but a hang-up where this very test was started so as to outlive its terminal, since
/// then so is every program that it starts.
pub(crate) fn stop_signals() -> Vec<&'static str> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).unwrap_or_default();
    ["INT", "TERM", "HUP"].into_iter().filter(|signal| *signal != "HUP" || ignored & 1 == 0).collect()
}

/// Runs a command to its end.
pub(crate) fn run(command: &mut Command) -> Ended {
    Running::start(command).wait(PATIENCE)
}

/// A command that has ended.
#[derive(Debug)]
pub(crate) struct Ended {
    /// The exit code; none if a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Fails unless a sweep removed everything that carries a name. A request may carry none, malformed JSON for one;
    /// what that may have created is told, and its journal stays.
    #[track_caller]
    pub(crate) fn swept_what_has_a_name(self) -> Self {
        let nameless = self.stdout.matches("\n  a create of unknown name on ").count();
        assert_eq!(self.stdout.matches("\n  ").count(), nameless, "{}", self.stdout);
        self.exits(i32::from(nameless > 0))
    }

    /// Fails, with everything that was said, unless the exit code is this one. A panic is never the right end.
    #[track_caller]
    pub(crate) fn exits(self, code: i32) -> Self {
        let told = format!("--- stdout\n{}\n--- stderr\n{}", self.stdout, self.stderr);
        assert_eq!(self.code, Some(code), "exit code\n{told}");
        assert!(!told.contains("panicked at") && !told.contains("RUST_BACKTRACE"), "a panic\n{told}");
        self
    }

    /// Fails unless standard output holds all of these.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stdout.contains(text), "stdout lacks {text:?}:\n{}", self.stdout);
        }
        self
    }

    /// Fails unless standard error holds all of these.
    #[track_caller]
    pub(crate) fn complains(self, texts: &[&str]) -> Self {
        for text in texts {
            assert!(self.stderr.contains(text), "stderr lacks {text:?}:\n{}", self.stderr);
        }
        self
    }
}

/// A command that is running; killed when it is dropped.
pub(crate) struct Running {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: Pipe,
    stderr: Pipe,
}

/// What comes out of a pipe.
struct Pipe {
    lines: Receiver<String>,
    all: Receiver<Vec<u8>>,
}

impl Pipe {
    /// Waits for its next line.
    fn line(&self) -> String {
        self.lines.recv_timeout(PATIENCE).expect("it says something")
    }
}

impl Running {
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::hearing(command, Stdio::null())
    }

    /// The same, with a standard input that [`Self::say`] writes to.
    pub(crate) fn listening(command: &mut Command) -> Self {
        Self::hearing(command, Stdio::piped())
    }

    fn hearing(command: &mut Command, stdin: Stdio) -> Self {
        let command = command.stdin(stdin).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().expect("the command starts");
        let stdout = drain(child.stdout.take().expect("a pipe"));
        let stderr = drain(child.stderr.take().expect("a pipe"));
        let stdin = child.stdin.take();
        Self { child, stdin, stdout, stderr }
    }

    /// Writes a line to its standard input.
    pub(crate) fn say(&mut self, line: &str) {
        let stdin = self.stdin.as_mut().expect("it listens");
        writeln!(stdin, "{line}").expect("it reads");
    }

    /// Waits for a line on standard output that holds this.
    pub(crate) fn wait_for(&self, text: &str) {
        while !self.stdout.line().contains(text) {}
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// Waits for the first line on standard error.
    pub(crate) fn first_complaint(&self) -> String {
        self.stderr.line()
    }

    /// Waits for the next line on standard output.
    pub(crate) fn next_line(&self) -> String {
        self.stdout.line()
    }

    /// Ends it with SIGKILL and waits until it is gone.
    pub(crate) fn kill(&mut self) {
        self.child.kill().expect("it can be killed");
        self.child.wait().expect("it can be waited for");
    }

    /// Sends it a signal, by the name that `kill` knows.
    pub(crate) fn signal(&self, name: &str) {
        self.signals(&[name]);
    }

    /// Sends it signals, one right behind the other.
    pub(crate) fn signals(&self, names: &[&str]) {
        let lines = names.iter().map(|name| format!("kill -{name} {}", self.child.id()));
        let line = lines.collect::<Vec<_>>().join(" && ");
        assert!(Command::new("sh").args(["-c", &line]).status().expect("a shell").success(), "{line}");
    }

    /// Asks it to stop once more, as often as it takes to be heard: so soon after the first time it is taken for the same wish. Waits
    /// for its end.
    pub(crate) fn stop_again(self, limit: Duration) -> Ended {
        let between = Duration::from_millis(100);
        let mut stdout = Err(RecvTimeoutError::Timeout);
        let mut left = limit;
        while stdout.is_err() && !left.is_zero() {
            self.signal("INT");
            stdout = self.stdout.all.recv_timeout(between);
            left = left.saturating_sub(between);
        }
        self.ended(stdout, limit)
    }

    /// Waits for its end; fails, and kills it, if that takes too long.
    pub(crate) fn wait(self, limit: Duration) -> Ended {
        let stdout = self.stdout.all.recv_timeout(limit);
        self.ended(stdout, limit)
    }

    fn ended(mut self, stdout: Result<Vec<u8>, RecvTimeoutError>, limit: Duration) -> Ended {
        let stderr = self.stderr.all.recv_timeout(limit);
        if stdout.is_err() || stderr.is_err() {
            self.kill();
            let rest = |pipe: &Pipe| text(pipe.all.recv_timeout(PATIENCE).unwrap_or_default());
            panic!("not at its end after {limit:?}\n{}\n{}", rest(&self.stdout), rest(&self.stderr));
        }
        let code = self.child.wait().expect("it can be waited for").code();
        Ended { code, stdout: text(stdout.unwrap_or_default()), stderr: text(stderr.unwrap_or_default()) }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads a pipe to its end, so that it never fills.
fn drain(pipe: impl Read + Send + 'static) -> Pipe {
    let (tell_line, lines) = mpsc::channel();
    let (tell_all, all) = mpsc::channel();
    std::thread::spawn(move || {
        let mut pipe = BufReader::new(pipe);
        let mut bytes = Vec::new();
        // Whatever could not be read before the pipe broke was not said; nobody need listen either.
        while let Ok(read) = pipe.read_until(b'\n', &mut bytes) {
            let line = bytes.get(bytes.len() - read..).unwrap_or_default().to_vec();
            let _ = tell_line.send(text(line));
            if read == 0 {
                break;
            }
        }
        let _ = tell_all.send(bytes);
    });
    Pipe { lines, all }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}
