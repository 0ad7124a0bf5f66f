//! What the pages in `docs/interop` are made of: a stored run of each server, and what is written beside it by hand.

mod page;
mod redact;
mod row;

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

pub(crate) use page::{entry, render, triaged};
pub(crate) use redact::Redactor;
pub(crate) use row::{Row, kept, parse, table};

use super::Report;

/// A server by others, with a page of its own.
#[derive(Debug)]
pub(crate) struct Peer {
    /// Its page is `NAME.md`, and its stored runs are in the folder `NAME`.
    pub(crate) name: &'static str,
    /// Where its SCIM endpoint is, on the server.
    pub(crate) path: &'static str,
    /// The runs that its page is made of.
    pub(crate) runs: &'static [Stored],
    /// Whether each check that is blocked or not offered has an entry too. Where there are too many, they are counted alone.
    pub(crate) explains_unjudged: bool,
}

/// A run of `scimproof check`, pruned of all that differs from run to run.
#[derive(Debug)]
pub(crate) struct Stored {
    /// Its file.
    pub(crate) file: &'static str,
    /// What the headings of its part of the page end with.
    pub(crate) part: &'static str,
    /// Whether the server wants a token.
    pub(crate) with_token: bool,
}

const WITH_A_TOKEN: Stored = Stored { file: "run.tsv", part: "", with_token: true };

pub(crate) const SCIM2_SERVER: Peer = Peer {
    name: "scim2-server",
    path: "/v2",
    runs: &[
        WITH_A_TOKEN,
        Stored { file: "run-without-a-token.tsv", part: ", without a token", with_token: false },
    ],
    explains_unjudged: true,
};
pub(crate) const SCIMMY: Peer =
    Peer { name: "scimmy", path: "/scim/v2", runs: &[WITH_A_TOKEN], explains_unjudged: true };
pub(crate) const DJANGO_SCIM2: Peer =
    Peer { name: "django-scim2", path: "/scim/v2", runs: &[WITH_A_TOKEN], explains_unjudged: false };

/// All of them.
pub(crate) const PEERS: [&Peer; 3] = [&SCIM2_SERVER, &SCIMMY, &DJANGO_SCIM2];

/// What makes one run send what the other sent: the checks one after the other, and names and values that follow from these.
pub(crate) const REPEATABLE: [&str; 6] = ["--jobs", "1", "--run-id", "interop", "--seed", "1"];

/// Pages are blessed by tests that run at the same time.
static BLESSING: Mutex<()> = Mutex::new(());

impl Peer {
    /// Its page, as it stands there.
    pub(crate) fn page(&self) -> String {
        std::fs::read_to_string(self.page_file()).expect("the page is there")
    }

    /// Its page, with the parts that are made of its stored runs made anew.
    pub(crate) fn rendered(&self) -> String {
        let runs: Vec<_> = self.runs.iter().map(|run| (run.part, self.rows(run))).collect();
        render(&self.page(), &runs)
    }

    /// A stored run.
    pub(crate) fn rows(&self, run: &Stored) -> Vec<Row> {
        parse(&std::fs::read_to_string(self.run_file(run)).expect("a stored run"))
    }

    /// The command that repeats a run, with the port that the page uses.
    pub(crate) fn command(&self, run: &Stored) -> String {
        let token = if run.with_token { " --token-env TOKEN" } else { "" };
        format!("scimproof check http://127.0.0.1:8080{}{token} {}", self.path, REPEATABLE.join(" "))
    }

    /// Makes the page anew where that is asked for, and fails where it is not what its stored runs make of it.
    #[track_caller]
    pub(crate) fn holds_to_its_runs(&self) {
        let _alone = BLESSING.lock().unwrap_or_else(PoisonError::into_inner);
        let rendered = self.rendered();
        if blesses() {
            // Other tests read it meanwhile.
            let new = self.page_file().with_extension("new");
            std::fs::write(&new, &rendered).expect("a file");
            std::fs::rename(new, self.page_file()).expect("a file");
        }
        let page = self.page();
        differ_not(&format!("docs/interop/{}.md", self.name), &page, &rendered, "interop");
    }

    /// Stores a run where that is asked for, and fails where it is not the stored one.
    #[track_caller]
    pub(crate) fn comes_to(&self, run: &Stored, report: &Report) {
        let now = table(&kept(&report.run));
        let path = self.run_file(run);
        if blesses() {
            std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
            std::fs::write(&path, &now).expect("a file");
            if self.runs.iter().all(|run| self.run_file(run).exists()) {
                self.holds_to_its_runs();
            }
        }
        let stored = std::fs::read_to_string(&path).unwrap_or_default();
        differ_not(&format!("docs/interop/{}/{}", self.name, run.file), &stored, &now, "peers");
    }

    /// Fails unless the page has an entry for each check that there is something to say about, and for no other.
    #[track_caller]
    pub(crate) fn is_triaged(&self, run: &Stored) {
        let (page, rows) = (self.page(), self.rows(run));
        let ended = |kinds: &[&str]| -> BTreeSet<String> {
            let ended = rows.iter().filter(|row| kinds.contains(&row.verdict.as_str()));
            ended.map(|row| row.check.clone()).collect()
        };
        let holds = |heading: &str, found: &BTreeSet<String>| {
            let entries = triaged(&page, &format!("{heading}{}", run.part));
            assert_eq!(found, &entries, "## {heading}{} of {}.md", run.part, self.name);
        };
        holds("Failures and warnings", &ended(&["fail", "warn"]));
        let (passed, unjudged) = (ended(&["pass"]), ended(&["blocked", "not-supported", "error"]));
        if self.explains_unjudged {
            holds("Not judged", &unjudged);
            let checks = rows.iter().map(|row| &row.check).collect::<BTreeSet<_>>().len();
            assert!(unjudged.len() * 10 <= checks, "{} of {checks} not judged", unjudged.len());
        }
        holds("Readings", &ended(&["note"]).intersection(&passed).cloned().collect());
        assert_eq!(ended(&["error"]), BTreeSet::new(), "mishaps with {}", self.name);
    }

    fn page_file(&self) -> PathBuf {
        folder().join(format!("{}.md", self.name))
    }

    fn run_file(&self, run: &Stored) -> PathBuf {
        folder().join(self.name).join(run.file)
    }
}

/// Where the pages are.
pub(crate) fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/interop")
}

#[expect(clippy::disallowed_methods, reason = "a page is blessed by its environment")]
fn blesses() -> bool {
    std::env::var_os("SCIMPROOF_BLESS").is_some()
}

/// Fails, with the lines that differ, unless two texts are the same.
#[track_caller]
fn differ_not(file: &str, stored: &str, now: &str, test: &str) {
    let only = |of: &str, not_of: &str| {
        let others: BTreeSet<&str> = not_of.lines().collect();
        of.lines().filter(|line| !others.contains(line)).collect::<Vec<_>>().join("\n    ")
    };
    assert!(
        stored == now,
        "{file} is not current; where that is meant, run SCIMPROOF_BLESS=1 cargo test --test {test} and review\n  - {}\n  + {}",
        only(stored, now),
        only(now, stored)
    );
}
