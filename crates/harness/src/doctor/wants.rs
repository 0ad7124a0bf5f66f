//! What a server wants of a create that no schema tells: found by trying, and by what its refusals speak of.

use record::{Weight, Works};
use serde_json::{Map, Value, json};

use crate::doctor::addresses::{ADDRESS, MAIL, has_address};
use crate::doctor::chart::Told;
use crate::doctor::refusal::Refusal;
use crate::doctor::trial::{Trial, why};
use crate::doctor::user::Ours;
use crate::doctor::way;
use crate::factory::{minimal_group, minimal_user, named};
use crate::reply::Reply;
use crate::stop::Stop;

/// Attributes with values, as a target file has them.
pub(super) type Sample = Map<String, Value>;

/// How many creates are tried until one is taken, and how many then to see what it takes.
const TRIES_MAX: usize = 8;

/// An attribute that a server may want: by what words a refusal speaks of it, and a value that most would take.
struct Want {
    attribute: &'static str,
    words: &'static [&'static str],
    /// Whether most servers that want anything want this.
    usual: bool,
}

const fn want(attribute: &'static str, words: &'static [&'static str], usual: bool) -> Want {
    Want { attribute, words, usual }
}

const WANTS: &[Want] = &[
    want("emails", &["email", "e-mail"], true),
    want(
        "name",
        &["givenname", "familyname", "first name", "last name", "firstname", "lastname", "surname", "name."],
        true,
    ),
    want("displayName", &["displayname", "display name"], true),
    want("active", &["active"], true),
    want("password", &["password"], false),
    want("externalId", &["externalid", "external id"], false),
    want("title", &["title"], false),
    want("userType", &["usertype", "user type"], false),
    want("nickName", &["nickname"], false),
    want("preferredLanguage", &["preferredlanguage", "preferred language"], false),
    want("locale", &["locale"], false),
    want("timezone", &["timezone", "time zone"], false),
    want("phoneNumbers", &["phone"], false),
    want("addresses", &["address", "country"], false),
    want("roles", &["role"], false),
];

/// A value that most servers would take.
pub(super) fn value(attribute: &str, mail: &str) -> Value {
    match attribute {
        "emails" => json!([{ "value": mail, "type": "work", "primary": true }]),
        "name" => json!({ "givenName": "Ada", "familyName": "Lovelace" }),
        "active" => json!(true),
        "password" => json!("Correct-Horse-9-{name}"),
        "title" => json!("Tester"),
        "userType" => json!("Employee"),
        "preferredLanguage" => json!("en-GB"),
        "locale" => json!("en-GB"),
        "timezone" => json!("Europe/Oslo"),
        "phoneNumbers" => json!([{ "value": "tel:+1-201-555-0123", "type": "work" }]),
        "addresses" => json!([{ "country": "NO", "locality": "Oslo", "type": "work" }]),
        "roles" => json!([{ "value": "user" }]),
        // A display name, a nick name, an external id.
        _ => json!("{name}"),
    }
}

impl Trial<'_> {
    /// Sends a create that carries these values.
    pub(super) fn attempt(
        &self,
        resource: &str,
        sample: &Sample,
        more: Option<(String, Value)>,
    ) -> Result<(Reply, Value), Stop> {
        let template = if resource == "Group" { minimal_group() } else { minimal_user() };
        let mut body = self.probe.fill(&template);
        let naming = template.naming;
        let name = body.get(naming).and_then(Value::as_str).unwrap_or_default().to_owned();
        let sampled = sample.get(naming).and_then(Value::as_str);
        let in_domain = |value: &Value| profiles::in_domain(value, &self.domain);
        let sampled = sampled.map(|sampled| in_domain(&sampled.into()));
        let sampled = sampled.as_ref().and_then(Value::as_str);
        let user_name = sampled.map_or_else(|| name.clone(), |sampled| sampled.replace("{name}", &name));
        if let Some(members) = body.as_object_mut() {
            let values =
                sample.iter().map(|(key, value)| (key.clone(), named(&in_domain(value), &name, &user_name)));
            for (key, value) in values.chain(more) {
                if let Some(Value::Array(schemas)) =
                    members.get_mut("schemas").filter(|_| key.starts_with("urn:"))
                {
                    schemas.push(key.clone().into());
                }
                members.insert(key, value);
            }
        }
        let reply = self.probe.post(&self.shared.service.endpoint(resource), &body)?;
        Ok((reply, body))
    }

    /// What is known to be wanted: what the profile says, and what was found.
    pub(super) fn known(&self, resource: &str) -> Sample {
        if let Some(found) = self.chart.settings.samples.get(resource) {
            return found.clone();
        }
        match self.probe.is_demanding(resource) {
            true => self.look.profile.samples.get(resource).cloned().unwrap_or_default(),
            false => Sample::new(),
        }
    }

    /// Creates a user, with as little as the server takes.
    pub(super) fn create_user(&mut self) -> Option<Ours> {
        match self.try_user() {
            Ok(user) => user,
            Err(stop) => {
                self.unknown("create", &stop);
                let told = match self.shared.target.spent() {
                    Some(limit) => Some(way::limited(limit)),
                    None => self.stopped().is_none().then(|| unanswered(&stop)),
                };
                told.into_iter().for_each(|told| self.chart.tell(told));
                None
            }
        }
    }

    fn try_user(&mut self) -> Result<Option<Ours>, Stop> {
        let (reply, sent) = self.attempt("User", &Sample::new(), None)?;
        if reply.succeeded() {
            let said = format!("a userName is enough: answers {}", reply.status());
            return Ok(self.taken("User", &reply, sent, said));
        }
        let refused = Refusal::of(&reply);
        if matches!(refused.status, 401 | 403 | 404 | 405 | 501) {
            self.may_not_write(&refused);
            return Ok(None);
        }
        let given = self.look.profile.samples.get("User").cloned().unwrap_or_default();
        if !given.is_empty() {
            let (reply, sent) = self.attempt("User", &given, None)?;
            if reply.succeeded() {
                self.probe.enrich("User");
                let said = "with the sample values of the profile or of the target file".to_owned();
                return Ok(self.taken("User", &reply, sent, said));
            }
        }
        self.climb(given, refused)
    }

    /// Adds what refusals speak of, then what is usual, then everything, until a user is taken.
    fn climb(&mut self, mut sample: Sample, first: Refusal) -> Result<Option<Ours>, Stop> {
        let first_said = first.said.clone();
        let mut named_by_server: Vec<&'static str> = Vec::new();
        let mut refused = first;
        for _ in 0..TRIES_MAX {
            let Some(added) = self.more(&mut sample, &refused) else { break };
            named_by_server.extend(added);
            let (reply, sent) = self.attempt("User", &sample, None)?;
            if reply.succeeded() {
                let needed = self.least(sample, &named_by_server)?;
                self.keep_domain();
                self.wants(&needed, &first_said);
                let said = format!("with {} beside the userName", list(&needed));
                self.chart.settings.samples.insert("User".to_owned(), needed);
                return Ok(self.taken("User", &reply, sent, said));
            }
            refused = Refusal::of(&reply);
        }
        self.refused_for_good(&refused);
        Ok(None)
    }

    /// Adds to a sample what a refusal calls for; nothing where everything is in it already. Gives what it named.
    fn more(&mut self, sample: &mut Sample, refused: &Refusal) -> Option<Vec<&'static str>> {
        if self.takes_up_domain(refused) && has_address(sample) {
            return Some(Vec::new());
        }
        let mail = |sample: &Sample| match sample.contains_key("userName") {
            true => "{userName}".to_owned(),
            false => ADDRESS.to_owned(),
        };
        let by_mail = refused.speaks_of(&["username"]) && refused.speaks_of(&["mail"]);
        if by_mail && !sample.contains_key("userName") {
            sample.insert("userName".to_owned(), ADDRESS.into());
            sample.insert("emails".to_owned(), value("emails", "{userName}"));
            return Some(vec!["userName"]);
        }
        let missing = |sample: &Sample| {
            WANTS.iter().filter(|want| !sample.contains_key(want.attribute)).collect::<Vec<_>>()
        };
        let spoken: Vec<&Want> =
            missing(sample).into_iter().filter(|want| refused.speaks_of(want.words)).collect();
        if !spoken.is_empty() {
            let mail = mail(sample);
            spoken.iter().for_each(|want| {
                drop(sample.insert(want.attribute.to_owned(), value(want.attribute, &mail)));
            });
            return Some(spoken.iter().map(|want| want.attribute).collect());
        }
        let usual: Vec<&Want> = missing(sample).into_iter().filter(|want| want.usual).collect();
        let next = if usual.is_empty() { missing(sample) } else { usual };
        if next.is_empty() {
            if sample.contains_key("userName") {
                return None;
            }
            sample.insert("userName".to_owned(), ADDRESS.into());
            sample.insert("emails".to_owned(), value("emails", "{userName}"));
            return Some(Vec::new());
        }
        let mail = mail(sample);
        next.iter()
            .for_each(|want| drop(sample.insert(want.attribute.to_owned(), value(want.attribute, &mail))));
        Some(Vec::new())
    }

    /// Leaves out of a sample that is taken, one after the other, what the server takes it without.
    fn least(&self, mut sample: Sample, named_by_server: &[&str]) -> Result<Sample, Stop> {
        let doubtful: Vec<String> =
            sample.keys().filter(|key| !named_by_server.contains(&key.as_str())).cloned().collect();
        for key in doubtful {
            let mut without = sample.clone();
            without.shift_remove(&key);
            // An address that follows from the userName goes where that goes.
            if key == "userName"
                && without.get("emails").is_some_and(|mails| mails.to_string().contains("{userName}"))
            {
                without.insert("emails".to_owned(), value("emails", ADDRESS));
            }
            let (reply, _) = self.attempt("User", &without, None)?;
            if reply.succeeded() {
                sample = without;
            }
        }
        self.unbound(sample)
    }

    /// What a create came to that was taken.
    fn taken(&mut self, resource: &str, reply: &Reply, sent: Value, said: String) -> Option<Ours> {
        let key = if resource == "Group" { "group-create" } else { "create" };
        let ours = self.kept(reply, sent);
        if ours.is_some() {
            self.chart.saw(key, Works::Yes, said);
        } else {
            self.chart.saw(key, Works::No, format!("answers {} without an id", reply.status()));
            self.chart.tell(Told::new(
                "no-id",
                Weight::Blocks,
                format!("a create of a {resource} is answered {} without an id", reply.status()),
                "tell whoever runs the server: without it nothing can be read again (RFC 7644 §3.3)",
            ));
        }
        ours
    }

    fn wants(&mut self, needed: &Sample, said: &str) {
        let told = Told::new(
            "more-is-wanted",
            Weight::Hinders,
            format!("a user of nothing but a userName is refused: it {said}; taken with {}", list(needed)),
            "give checks these values to create users with; --write puts them into a target file",
        );
        let domain = self.chart.settings.domain.as_deref().map(profiles::target::quoted);
        let domain = domain.map(|domain| format!("domain = {domain}\n")).unwrap_or_default();
        let setting = format!("{domain}[samples.User]\n{}", profiles::target::table(needed));
        self.chart.tell(told.setting(setting));
    }

    fn refused_for_good(&mut self, refused: &Refusal) {
        self.chart.saw("create", Works::No, refused.said.clone());
        let about_mail = refused.speaks_of(MAIL);
        let said = format!("no user can be created: with everything that is usual it {}", refused.said);
        let told = Told::new(
            "user-refused",
            Weight::Blocks,
            said,
            match about_mail {
                true => "addresses may have to be of a domain of the server's own: name it",
                false => {
                    "say in a target file what a user has to carry there, with values that the server takes"
                }
            },
        );
        let told = told.setting(match about_mail {
            true => "domain = \"your.example\"",
            false => "[samples.User]\nemails = [{ value = \"{name}@{domain}\", type = \"work\" }]",
        });
        self.chart.tell(if about_mail { told.flag("--domain DOMAIN") } else { told });
    }

    fn may_not_write(&mut self, refused: &Refusal) {
        self.chart.saw("create", Works::No, refused.said.clone());
        let what = match refused.status {
            401 | 403 => "the credential may read and not write: take one that may, or let the run only read",
            _ => "users cannot be created there: let the run only read",
        };
        let said = format!("creating a user {}", refused.said);
        self.chart.tell(Told::new("no-writing", Weight::Blocks, said, what).flag("--read-only"));
    }

    /// Creates a group, with as little as the server takes.
    pub(super) fn create_group(&mut self, user: Option<&Ours>) -> Result<Option<Ours>, Stop> {
        let known = self.known("Group");
        let (reply, sent) = self.attempt("Group", &known, None)?;
        if reply.succeeded() {
            let said = format!("a displayName is enough: answers {}", reply.status());
            return Ok(self.taken("Group", &reply, sent, said));
        }
        let refused = Refusal::of(&reply);
        let mut sample = self.look.profile.samples.get("Group").cloned().unwrap_or_default();
        sample.entry("externalId").or_insert(json!("{name}"));
        let (reply, sent) = self.attempt("Group", &sample, None)?;
        if reply.succeeded() {
            self.chart.settings.samples.insert("Group".to_owned(), sample);
            return Ok(self.taken(
                "Group",
                &reply,
                sent,
                "with an externalId beside the displayName".to_owned(),
            ));
        }
        let member = user.map(|user| ("members".to_owned(), json!([{ "value": user.id }])));
        let with_member = self.attempt("Group", &known, member)?.0.succeeded();
        let why = if with_member { "; one with a member is taken" } else { "" };
        self.chart.saw("group-create", Works::No, format!("{}{why}", refused.said));
        self.chart.tell(Told::new(
            "group-refused",
            Weight::Hinders,
            format!("a group of nothing but a displayName is refused: it {}{why}", refused.said),
            "checks of groups are blocked: say in a target file what a group has to carry there, or leave groups alone",
        ).setting("[capabilities]\n\"Group.create\" = false"));
        Ok(None)
    }
}

fn unanswered(stop: &Stop) -> Told {
    Told::new(
        "no-answer-to-a-create",
        Weight::Blocks,
        why(stop),
        "look at the server's log; what it may have created is looked for and removed",
    )
}

fn list(sample: &Sample) -> String {
    sample.keys().map(String::as_str).collect::<Vec<_>>().join(", ")
}
