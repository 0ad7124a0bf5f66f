//! The page's one script, and the word that lets browsers run it and no other.

/// It filters the checks; the page tells everything without it.
pub(super) const SCRIPT: &str = include_str!("page.js");

/// Its SHA-256 in base64. The content security policy of the page allows the script by it, so that nothing which a server
/// sent could run, even if it came through as markup. A test of the program holds it to the script.
pub(super) const SHA256: &str = "wcCp6vV2v9tjtygQMEjXMddj8lQ6b22sBGuReUig6mE=";

/// The content security policy of the page: its own style and script, and no network.
pub(super) fn policy() -> String {
    format!(
        "default-src 'none'; script-src 'sha256-{SHA256}'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; \
         form-action 'none'"
    )
}
