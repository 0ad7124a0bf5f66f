//! The whole catalogue against this server, in process: one trial for each check.

use std::error::Error;
use std::process::ExitCode;

use harness::libtest::{self, Secret, Subject, Target};

fn main() -> Result<ExitCode, Box<dyn Error>> {
    let base = "http://localhost/scim/v2";
    let app = own_server::app(base, "open sesame");
    let target = Target::new(base)?.bearer(Secret::new("open sesame".to_owned()));
    Ok(libtest::main(suites::all(), Subject::router(target, app)))
}
