//! How a run ends that something comes in the way of: a disk that is full, a signal, a limit.

mod support;

use std::fs::File;
use std::process::Command;

use support::{Ended, Served, TOKEN, TOKEN_VARIABLE, run, scimproof};

/// Runs a command whose standard output is a disk without any room: `/dev/full` is there on Linux.
#[cfg(target_os = "linux")]
fn unheard(command: &mut Command) -> Ended {
    let full = File::create("/dev/full").expect("it is there");
    let output = command.stdout(full).output().expect("it ends");
    let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
    Ended { code: output.status.code(), stdout: String::new(), stderr }
}

#[test]
#[cfg(target_os = "linux")]
fn what_cannot_be_written_is_told() {
    for arguments in [&["faults"][..], &["check", "--list"], &["explain", "delete.answers-204"]] {
        let ended = unheard(scimproof().args(arguments)).exits(4);
        assert_eq!(ended.complains(&["cannot write to standard output"]).stderr.lines().count(), 1);
    }
}

/// A mishap goes before a failure, and the failure is told all the same.
#[test]
#[cfg(target_os = "linux")]
fn a_failure_that_nobody_could_read_is_told_apart() {
    let served = Served::start(&["--fault", "delete-answers-200"]);
    let dir = tempfile::tempdir().expect("a directory");
    let mut command = scimproof();
    command.args(["check", &served.url, "--token-env", TOKEN_VARIABLE, "--only", "delete"]);
    command.arg("--out").arg(dir.path()).env(TOKEN_VARIABLE, TOKEN);
    let ended = unheard(&mut command).exits(4);
    ended.complains(&["cannot write to standard output", "what is lost would have ended with exit code 1"]);
    assert!(dir.path().join("run.json").exists(), "the reports are written all the same");
    run(&mut command).exits(1);
    // Wrong usage goes before a mishap, and what went well only is a mishap.
    unheard(command.args(["--only", "nothing"])).exits(2);
}
