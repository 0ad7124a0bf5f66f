use std::process::Command;

use super::{Ended, Message, PATIENCE, Running, TOKEN, TOKEN_VARIABLE, scimproof};

/// A server in a process of its own; killed when it is dropped.
pub(crate) struct Served {
    running: Running,
    /// Its base URL.
    pub(crate) url: String,
    pub(crate) token: String,
}

impl Served {
    /// `scimproof serve` on a free port.
    pub(crate) fn start(options: &[&str]) -> Self {
        Self::start_with_token(TOKEN, options)
    }

    /// The same with another token.
    pub(crate) fn start_with_token(token: &str, options: &[&str]) -> Self {
        let mut command = scimproof();
        command.args(["serve", "--listen", "127.0.0.1:0", "--token-env", TOKEN_VARIABLE]).args(options);
        Self::told_by(Running::start(command.env(TOKEN_VARIABLE, token)), token)
    }

    /// A hostile server on a free port; [`Self::recover`] makes it good.
    pub(crate) fn hostile(kind: &str) -> Self {
        let mut command = scimproof();
        command.args(["serve", "--listen", "127.0.0.1:0", "--token-env", TOKEN_VARIABLE, "--hostile", kind]);
        Self::told_by(Running::listening(command.env(TOKEN_VARIABLE, TOKEN)), TOKEN)
    }

    fn told_by(running: Running, token: &str) -> Self {
        let line = running.next_line();
        let url = line.trim_end().rsplit(' ').next().expect("a URL").to_owned();
        Self { running, url, token: token.to_owned() }
    }

    /// Makes a hostile server good.
    pub(crate) fn recover(&mut self) {
        self.running.say("");
        self.running.wait_for("it is good now");
    }

    pub(crate) fn is_https(&self) -> bool {
        self.url.starts_with("https://")
    }

    /// The certificate of the authority that a server with TLS shows when it starts; empty where it has none.
    pub(crate) fn authority(&self) -> String {
        let lines = std::iter::repeat_with(|| self.running.next_line());
        let said: String = lines.take_while(|line| !line.contains("Ctrl-C")).collect();
        let (begin, end) = ("-----BEGIN CERTIFICATE-----", "-----END CERTIFICATE-----\n");
        let pem = said.find(begin).zip(said.find(end)).map(|(from, to)| &said[from..to + end.len()]);
        pem.unwrap_or_default().to_owned()
    }

    /// Kills it at once.
    pub(crate) fn kill(&mut self) {
        self.running.kill();
    }

    /// Asks it to end, and gives all that it said.
    pub(crate) fn ended(self) -> Ended {
        self.running.signal("TERM");
        self.running.wait(PATIENCE)
    }

    /// Its host and port.
    pub(crate) fn address(&self) -> &str {
        let rest = self.url.strip_prefix("http://").expect("a plain URL");
        rest.split('/').next().expect("a host")
    }

    /// How many resources an endpoint lists.
    pub(crate) fn total(&self, endpoint: &str) -> u64 {
        let answer = Message::get(&format!("{}{endpoint}", self.url), &self.token).expect("an answer");
        answer.json()["totalResults"].as_u64().unwrap_or_else(|| panic!("no list: {answer:?}"))
    }

    /// Fails if any user or group is there.
    #[track_caller]
    pub(crate) fn assert_empty(&self) {
        assert_eq!((self.total("/Users"), self.total("/Groups")), (0, 0), "users and groups left behind");
    }

    /// The same of users alone: not every application has groups.
    #[track_caller]
    pub(crate) fn assert_empty_of_users(&self) {
        assert_eq!(self.total("/Users"), 0, "users left behind");
    }

    /// `scimproof check` against this server, or against a URL in front of it.
    pub(crate) fn check(&self, url: &str) -> Command {
        let mut command = scimproof();
        command.args(["check", url, "--token-env", TOKEN_VARIABLE]).env(TOKEN_VARIABLE, &self.token);
        command
    }
}
