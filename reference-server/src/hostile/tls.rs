//! Servers whose TLS is none, breaks off, or shows a certificate that nobody should trust.

use std::net::TcpStream;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, DnType, IsCa, KeyPair, date_time_ymd};
use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

use super::visit::{HEAD, Line};
use super::{Kind, Strikes, unusable};

const NO_CONNECTION: &str = "cannot connect";

/// A certificate that a server shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Certificate {
    /// As it should be, for who trusts its authority.
    Good,
    /// Signed by nobody but itself.
    SelfSigned,
    /// For a host of another name.
    OfAnotherHost,
    /// Out of date.
    Expired,
}

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "speaks-plain-on-https",
        "speaks HTTP without TLS where its address begins with https",
        Strikes::OnConnecting,
        unusable("is http or https right?"),
        "",
        |visit| visit.say_and_hang("HTTP/1.1 400 Bad Request\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"),
    )
    .at_https(None),
    Kind::new(
        "speaks-tls-on-http",
        "answers with an alert of TLS where its address begins with http",
        Strikes::Always,
        unusable("not HTTP"),
        "",
        |visit| visit.say_and_hang_up([0x15, 3, 3, 0, 2, 2, 70]),
    ),
    Kind::new(
        "handshake-says-nothing",
        "takes a TLS handshake and says nothing",
        Strikes::OnConnecting,
        unusable("no complete answer within 1s"),
        "--timeout 1",
        |visit| visit.say_and_hang(""),
    )
    .at_https(None),
    Kind::new(
        "handshake-breaks-off",
        "breaks a TLS handshake off with half a record",
        Strikes::OnConnecting,
        unusable(NO_CONNECTION),
        "",
        |visit| visit.say_and_hang_up([0x16, 3, 3, 0, 122, 2, 0, 0]),
    )
    .at_https(None),
    Kind::new(
        "certificate-signs-itself",
        "shows a certificate that is signed by nobody but itself",
        Strikes::Always,
        unusable("UnknownIssuer"),
        "",
        |visit| visit.say_and_hang(""),
    )
    .at_https(Some(Certificate::SelfSigned)),
    Kind::new(
        "certificate-of-another-host",
        "shows a certificate of a trusted authority for another host",
        Strikes::Always,
        unusable("not valid for name"),
        "",
        |visit| visit.say_and_hang(""),
    )
    .at_https(Some(Certificate::OfAnotherHost)),
    Kind::new(
        "certificate-has-expired",
        "shows a certificate of a trusted authority that expired in 2020",
        Strikes::Always,
        unusable("expired"),
        "",
        |visit| visit.say_and_hang(""),
    )
    .at_https(Some(Certificate::Expired)),
    Kind::new(
        "cuts-tls-off",
        "ends a body of no announced length by ending the connection, without the word of TLS that this is the end",
        Strikes::Always,
        unusable("closed before the answer was complete"),
        "",
        |visit| visit.say_and_hang_up(format!("{HEAD}\r\n{{\"schemas\":[]}}")),
    )
    .at_https(Some(Certificate::Good)),
];

/// What a server needs for TLS, and what whoever is to trust it has to know.
pub(super) struct Sealed {
    pub(super) config: Arc<ServerConfig>,
    /// The certificate of the authority, as PEM.
    pub(super) authority: String,
}

/// Why there is no certificate.
type Trouble = Box<dyn std::error::Error + Send + Sync>;

impl Certificate {
    /// Makes a key and this certificate for it, both for one server alone.
    pub(super) fn make(self) -> Result<Sealed, Trouble> {
        let mut authority = CertificateParams::new(Vec::new())?;
        authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(authority, KeyPair::generate()?)?;
        let host = if self == Self::OfAnotherHost { "another.example" } else { "127.0.0.1" };
        let mut shown = CertificateParams::new(vec![host.to_owned()])?;
        if self == Self::Expired {
            shown.not_before = date_time_ymd(2019, 1, 1);
            shown.not_after = date_time_ymd(2020, 1, 1);
        }
        if self == Self::SelfSigned {
            // Under the name of a trusted authority it would be a forgery.
            shown.distinguished_name.push(DnType::CommonName, "itself");
        }
        let key = KeyPair::generate()?;
        let shown = match self {
            Self::SelfSigned => shown.self_signed(&key)?,
            Self::Good | Self::OfAnotherHost | Self::Expired => shown.signed_by(&key, &authority)?,
        };
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(
                vec![shown.der().clone()],
                PrivatePkcs8KeyDer::from(key.serialize_der()).into(),
            )?;
        Ok(Sealed { config: Arc::new(config), authority: authority.pem() })
    }
}

impl Line for StreamOwned<ServerConnection, TcpStream> {
    fn tcp(&self) -> &TcpStream {
        &self.sock
    }
}
