//! Whether there is a SCIM server at all.

use std::sync::Arc;

use client::{Client, Clock, Connect, Recorder, Target};
use record::Redactor;

use crate::discovery::discover;
use crate::runner::RunError;
use crate::session::runtime;

/// Asks a target whether it is a SCIM server that takes the credential, as every run of checks does first: that nobody is
/// there, or somebody else, is no verdict about what a server does. It only reads.
///
/// # Errors
///
/// [`RunError::Unusable`] says what is wrong with the address, the credential or whatever answers.
pub fn reach(target: &Target, connect: &dyn Connect, clock: Arc<dyn Clock>) -> Result<(), RunError> {
    let redactor = Redactor::default();
    let runtime = runtime().map_err(RunError::Mishap)?;
    let client = Client::new(target.clone(), connect, Recorder::new(redactor.clone()), clock);
    let client = client.map_err(|error| RunError::Mishap(error.to_string()))?.ignoring_case();
    let service = runtime.block_on(discover(&client));
    service.map(drop).map_err(|unusable| RunError::Unusable(unusable.scrubbed(&redactor)))
}
