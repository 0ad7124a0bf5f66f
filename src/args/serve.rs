use clap::Args;

#[derive(Debug, Args)]
pub(crate) struct ServeOptions {
    /// Where to listen
    #[arg(long, value_name = "ADDRESS", default_value = reports::curl::SERVED_AT)]
    pub(crate) listen: String,
    /// The scheme, host and port that stand in every address handed out, such as `https://scim.example`; without it what
    /// each client says that it talks to
    #[arg(long, value_name = "URL")]
    pub(crate) public_url: Option<String>,
    /// The profile to play: a name, or a profile file (.toml)
    #[arg(long, value_name = "NAME|FILE", default_value = "rfc")]
    pub(crate) profile: String,
    /// The environment variable that holds the bearer token to accept; without it one is made up and shown once
    #[arg(long, value_name = "VAR")]
    pub(crate) token_env: Option<String>,
    /// The environment variable that holds the credential of the application's administrators, who get an API at
    /// /admin/api; without it there is none
    #[arg(long, value_name = "VAR")]
    pub(crate) admin_token_env: Option<String>,
    /// Start with a deliberate defect (see `scimproof faults`); may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) fault: Vec<String>,
    /// Start as a correct server of another kind (see `scimproof faults --variants`); may be repeated
    #[arg(long, value_name = "NAME")]
    pub(crate) variant: Vec<String>,
    /// Start as a hostile server (see `scimproof faults --hostile`), which becomes good, and hostile again, whenever a line comes
    /// on standard input
    #[arg(long, value_name = "KIND")]
    pub(crate) hostile: Option<String>,
    /// End when standard input does, as it does when whoever started this is gone
    #[arg(long, hide = true)]
    pub(crate) until_stdin_closes: bool,
}
