use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use engine::Rules;
use profiles::{MadeBy, Profile};
use record::Secret;

use crate::admin::Gate;
use crate::app::App;
use crate::application::{AllSettings, Application};
use crate::clock::{Clock, SystemClock};
use crate::faults::{self, Bend, Piece, Replicate, Seam, Station};
use crate::hostile::{self, Kind};
use crate::ids::{Ids, random_token};
use crate::profile::compile;
use crate::server::ReferenceServer;
use crate::service::{Service, Upstream};
use crate::start_error::StartError;
use crate::store::{MemoryStore, Store, TenantId};
use crate::tokens::{OtherToken, Terms, Tokens};
use crate::variants;

/// How long a server that is shut down waits for requests under way.
const DRAIN: Duration = Duration::from_secs(5);
/// How long a client may take to send the head of a request.
const HEADER_READ: Duration = Duration::from_secs(10);

/// The tenant of the first token.
pub(crate) const FIRST: TenantId = TenantId(1);

/// What a server is started with. Everything has a default.
#[must_use]
pub struct Builder {
    profile: Played,
    tokens: Vec<Secret>,
    others: Vec<(OtherToken, Secret)>,
    pub(crate) admin: Option<Secret>,
    faults: Vec<String>,
    variants: Vec<String>,
    hostile: Option<String>,
    upstream: Option<Arc<dyn Upstream>>,
    pub(crate) listen: String,
    pub(crate) public: Option<String>,
    clock: Arc<dyn Clock>,
    seed: Option<u64>,
    pub(crate) drain: Duration,
    pub(crate) header_read: Duration,
}

/// The profile that is played: one that comes with the program, or one that somebody read.
enum Played {
    Named(String),
    Given(Box<Profile>),
}

impl Played {
    fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::Given(profile) => &profile.name,
        }
    }
}

impl Default for Builder {
    fn default() -> Self {
        Self {
            profile: Played::Named(profiles::DEFAULT.to_owned()),
            tokens: Vec::new(),
            others: Vec::new(),
            admin: None,
            faults: Vec::new(),
            variants: Vec::new(),
            hostile: None,
            upstream: None,
            listen: "127.0.0.1:0".to_owned(),
            public: None,
            clock: Arc::new(SystemClock),
            seed: None,
            drain: DRAIN,
            header_read: HEADER_READ,
        }
    }
}

impl Builder {
    /// The profile to play, by name; the standard alone unless said otherwise.
    pub fn profile(mut self, name: impl Into<String>) -> Self {
        self.profile = Played::Named(name.into());
        self
    }

    /// The profile to play, as it was read from a file.
    pub fn plays(mut self, profile: Profile) -> Self {
        self.profile = Played::Given(Box::new(profile));
        self
    }

    /// Lets the bearer of a token in. Every further token opens a tenant of its own. Without any, one is made
    /// up.
    pub fn token(mut self, token: Secret) -> Self {
        self.tokens.push(token);
        self
    }

    /// Knows a token that opens less than the first one.
    pub fn other_token(mut self, kind: OtherToken, token: Secret) -> Self {
        self.others.push((kind, token));
        self
    }

    /// Serves the admin API at `/admin/api`, for the first tenant and for whoever bears this credential. On a socket
    /// that is possible only where no other machine can connect.
    ///
    /// Where the profile's switch makes the token and none was given, provisioning is switched off at first, and
    /// [`ReferenceServer::token`] opens nothing until an administrator switches it on.
    pub fn admin(mut self, credential: Secret) -> Self {
        self.admin = Some(credential);
        self
    }

    /// Adds a fault, by name. Of several, the first stands nearest to the client.
    pub fn fault(mut self, name: impl Into<String>) -> Self {
        self.faults.push(name.into());
        self
    }

    /// Makes it a correct server of another kind, by the name of the variant. Of several, the first stands nearest to
    /// the client; all of them stand before the faults.
    pub fn variant(mut self, name: impl Into<String>) -> Self {
        self.variants.push(name.into());
        self
    }

    /// Makes it hostile on its socket, by the name of the [kind](crate::hostile); in process there is nothing to be hostile on.
    pub fn hostile(mut self, name: impl Into<String>) -> Self {
        self.hostile = Some(name.into());
        self
    }

    /// Lets somebody else answer, and only bends what passes, by faults and variants on the wire.
    pub fn before(mut self, upstream: Arc<dyn Upstream>) -> Self {
        self.upstream = Some(upstream);
        self
    }

    /// Where to listen, as address and port; port 0 takes a free one. `127.0.0.1:0` unless said otherwise.
    pub fn listen(mut self, address: impl Into<String>) -> Self {
        self.listen = address.into();
        self
    }

    /// Scheme, host and port that stand in every address that the server hands out, such as `https://scim.example`; unless
    /// it is said, they are what a client says that it talks to.
    pub fn public_url(mut self, url: impl Into<String>) -> Self {
        self.public = Some(url.into());
        self
    }

    /// Where the time comes from; the machine unless said otherwise.
    pub fn clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Makes ids follow from a seed. A token that is made up never does.
    pub fn seed(mut self, seed: u64) -> Self {
        self.seed = Some(seed);
        self
    }

    /// How long [`ReferenceServer::shutdown`] waits for requests under way; 5 s unless said otherwise.
    pub fn drain_deadline(mut self, drain: Duration) -> Self {
        self.drain = drain;
        self
    }

    /// How long a client may take to send the head of a request; 10 s unless said otherwise.
    pub fn header_read_timeout(mut self, header_read: Duration) -> Self {
        self.header_read = header_read;
        self
    }

    /// The server in process, without a socket.
    ///
    /// # Errors
    /// When there is no such profile, fault or variant.
    pub fn service(self) -> Result<Service, StartError> {
        self.build("localhost")
    }

    /// The server on a socket, on a thread of its own.
    ///
    /// # Errors
    /// When there is no such profile, fault or variant, or the address cannot be listened on.
    pub fn start(self) -> Result<ReferenceServer, StartError> {
        ReferenceServer::start(&self)
    }

    /// The way in which it is hostile, if it is.
    pub(crate) fn kind(&self) -> Result<Option<&'static Kind>, StartError> {
        let find = |name: &String| hostile::find(name).ok_or_else(|| StartError::unknown_kind(name));
        self.hostile.as_ref().map(find).transpose()
    }

    /// Puts the server together; `authority` stands in addresses where a request names no host.
    pub(crate) fn build(&self, authority: &str) -> Result<Service, StartError> {
        let profile = match &self.profile {
            Played::Named(name) => profiles::find(name)?,
            Played::Given(profile) => profile.as_ref().clone(),
        };
        let (mut published, plan) = compile(&profile)?;
        let mut parts = Parts::default();
        for name in &self.variants {
            let variant = variants::find(name).ok_or_else(|| StartError::unknown_variant(name))?;
            for bend in variant.bends() {
                self.fits(name, *bend)?;
                parts.bend(*bend, &mut published);
            }
        }
        let mut rules = published.clone();
        for name in &self.faults {
            let fault = faults::find(name).ok_or_else(|| StartError::unknown_fault(name))?;
            let has_groups = profile.types.is_empty() || profile.types.contains_key("Group");
            if faults::is_about_groups(fault) && !has_groups {
                let (fault, profile) = (name.clone(), profile.name.clone());
                return Err(StartError::Unseen { fault, profile });
            }
            self.fits(name, fault.bend())?;
            parts.bend(fault.bend(), &mut rules);
        }
        let Parts { store, stations, replicate, pieces } = parts;
        let (store, replica) = match replicate {
            Some(replicate) => replicate(store, Arc::clone(&self.clock)),
            None => (Arc::clone(&store), store),
        };
        let token = self.tokens.first().cloned().unwrap_or_else(random_token);
        let tokens = Tokens::new(profile.tokens.clone());
        let switch =
            self.admin.is_some() && self.tokens.is_empty() && profile.tokens.made_by == MadeBy::Switch;
        if switch {
            tokens.foresee(token.clone());
        } else {
            let rest = self.tokens.get(1..).unwrap_or_default();
            for (token, tenant) in std::iter::once(&token).chain(rest).zip(FIRST.0..) {
                tokens.admit(token, TenantId(tenant), Terms::default(), self.clock.unix_ms());
            }
        }
        for (kind, token) in &self.others {
            let (tenant, terms) = kind.terms(self.clock.unix_ms());
            tokens.admit(token, tenant, terms, self.clock.unix_ms());
        }
        let app = App {
            profile,
            rules,
            published,
            store,
            application: Application { plan, settings: AllSettings::new(!switch), ..Application::default() },
            replica,
            tokens,
            gate: self.gate()?,
            clock: Arc::clone(&self.clock),
            ids: Ids::new(self.seed),
            stations,
            upstream: self.upstream.clone(),
            pieces,
            authority: authority.to_owned(),
            public: self.public.as_deref().map(origin).transpose()?,
        };
        Ok(Service { app: Arc::new(app), token })
    }

    /// Refuses what nobody could see, since somebody else answers.
    fn fits(&self, name: &str, bend: Bend) -> Result<(), StartError> {
        let unseen = self.upstream.is_some() && bend.seam() != Seam::Wire;
        if unseen { Err(StartError::Within { name: name.to_owned() }) } else { Ok(()) }
    }

    fn gate(&self) -> Result<Option<Gate>, StartError> {
        let Some(credential) = &self.admin else { return Ok(None) };
        if self.tokens.iter().any(|token| token.expose() == credential.expose()) {
            return Err(StartError::SharedCredential);
        }
        Ok(Some(Gate::new(credential, FIRST)))
    }
}

/// Scheme, host and port of an address that has nothing else.
fn origin(url: &str) -> Result<String, StartError> {
    let plain = url.trim_end_matches('/');
    let uri: Option<http::Uri> = plain.parse().ok();
    let whole = uri.and_then(|uri| Some(format!("{}://{}", uri.scheme_str()?, uri.authority()?)));
    let fits = |whole: &String| {
        whole.eq_ignore_ascii_case(plain)
            && (whole.starts_with("http://") || whole.starts_with("https://"))
            && !whole.contains('@')
    };
    whole.filter(fits).ok_or_else(|| StartError::NoOrigin { url: url.to_owned() })
}

/// What faults and variants can bend, beside the rules.
struct Parts {
    store: Arc<dyn Store>,
    stations: Vec<Station>,
    replicate: Option<Replicate>,
    pieces: Vec<fn(Piece) -> Piece>,
}

impl Default for Parts {
    fn default() -> Self {
        let store = Arc::new(MemoryStore::default());
        Self { store, stations: Vec::new(), replicate: None, pieces: Vec::new() }
    }
}

impl Parts {
    fn bend(&mut self, bend: Bend, rules: &mut Rules) {
        match bend {
            Bend::Wire(wire) => self.stations.push(Station::Wire(wire)),
            Bend::Gate(make) => self.stations.push(Station::Gate(make())),
            Bend::Rules(bend) => bend(rules),
            Bend::Pieces(change) => self.pieces.push(change),
            Bend::Store(wrap) => self.store = wrap(Arc::clone(&self.store)),
            Bend::Replicate(replicate) => self.replicate = Some(replicate),
        }
    }
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("profile", &self.profile.name())
            .field("faults", &self.faults)
            .field("variants", &self.variants)
            .field("listen", &self.listen)
            .finish_non_exhaustive()
    }
}
