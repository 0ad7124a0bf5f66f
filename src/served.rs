//! The bundled server in a process of its own: under load its work must not be taken for the generator's.

use std::io::{BufRead as _, BufReader};
use std::process::{Child, Command, Stdio};

use client::{Socket, Target};
use record::Secret;

use crate::failure::Failure;
use crate::invocation::Terms;
use crate::random;
use crate::reached::Reached;

/// How the child learns its token; other users of the machine do not see its environment.
const TOKEN_VARIABLE: &str = "SCIMPROOF_SERVED_TOKEN";

/// A child that serves. It ends when this is dropped, or when this process ends, however it does.
pub(crate) struct Served {
    child: Child,
    pub(crate) target: Target,
}

impl Served {
    /// Starts `scimproof serve` on a free port and waits until it says where it is.
    pub(crate) fn start(profile: &str, terms: Terms) -> Result<Self, Failure> {
        let token: String = (0..4).map(|_| format!("{:016x}", random::number())).collect();
        let program = std::env::current_exe()
            .map_err(|error| Failure::mishap(format!("cannot find this program itself: {error}")))?;
        let mut command = Command::new(program);
        // Ctrl-C is for this process: the server has to be there while what was created is being removed.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        let mut child = command
            .args(["serve", "--listen", "127.0.0.1:0", "--profile", profile, "--token-env", TOKEN_VARIABLE])
            .arg("--until-stdin-closes")
            .env(TOKEN_VARIABLE, &token)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(|error| Failure::mishap(format!("cannot start the bundled server: {error}")))?;
        let mut line = String::new();
        if let Some(stdout) = child.stdout.take() {
            let mut stdout = BufReader::new(stdout);
            let _ = stdout.read_line(&mut line);
            // What else it says is read and thrown away, so that it never waits for somebody to listen.
            std::thread::spawn(move || std::io::copy(&mut stdout, &mut std::io::sink()));
        }
        let url = line.trim_end().rsplit(' ').next().unwrap_or_default();
        match Target::new(url) {
            Ok(target) => {
                let target = terms.with(target.bearer(Secret::new(token)));
                Ok(Self { child, target })
            }
            Err(_) => {
                let _ = child.kill();
                let _ = child.wait();
                Err(Failure::mishap("the bundled server did not start; try `scimproof serve`"))
            }
        }
    }
}

impl Served {
    /// It and the way to it.
    pub(crate) fn reached(&self) -> Reached {
        Reached { target: self.target.clone(), socket: Socket::default(), credential: None }
    }

    /// The process that serves.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
