use super::Population;
use super::mix::Stream;
use super::names::{Locale, decomposed, slug};

const JOBS: &[&str] = &["Engineer", "Analyst", "Designer", "Nurse", "Accountant", "Planner", "Lead", "Clerk"];
const DEPARTMENTS: &[&str] =
    &["Research", "Sales", "Finance", "Care", "Logistics", "Legal", "People", "Production", "Support", "R&D"];

/// So many of a thousand users have an address for mail that differs from the name they sign in with.
const MAIL_DIFFERS_PERMILLE: u64 = 50;
/// So many have their name in Unicode's form D.
const DECOMPOSED_PERMILLE: u64 = 10;
/// So many have the very name of the user before them, in the other normal form.
const TWINS_PERMILLE: u64 = 5;
/// So many have an account that is disabled from the start.
const DISABLED_PERMILLE: u64 = 10;

/// A user with its attributes by their names in Microsoft Graph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The place in the population, from 0.
    pub index: u64,
    /// `id`: a UUID that no other user or group of any population with this seed has.
    pub object_id: String,
    /// `userPrincipalName`, at a domain reserved for examples where none is named.
    pub user_principal_name: String,
    /// `mail`; for some it is not the `userPrincipalName`.
    pub mail: String,
    /// `mailNickname`.
    pub mail_nickname: String,
    /// `displayName`, in the order that people of this locale write their names.
    pub display_name: String,
    /// `givenName`.
    pub given_name: String,
    /// `surname`; none where people have one name.
    pub surname: Option<String>,
    /// `jobTitle`.
    pub job_title: String,
    /// `department`; everybody is in one.
    pub department: &'static str,
    /// `employeeId`.
    pub employee_id: String,
    /// `preferredLanguage`.
    pub preferred_language: &'static str,
    /// `country`, in English.
    pub country: &'static str,
    /// `usageLocation`, as ISO 3166 has it.
    pub usage_location: &'static str,
    /// `city`.
    pub city: String,
    /// `telephoneNumber`, from a range that is kept for fiction.
    pub telephone_number: String,
    /// `accountEnabled`.
    pub account_enabled: bool,
    /// The place of the manager, which is always an earlier one; none for the head of all.
    pub manager: Option<u64>,
}

impl Person {
    /// The attributes that are texts, each under its name in Graph.
    pub fn texts(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("userPrincipalName", Some(self.user_principal_name.as_str())),
            ("mail", Some(&self.mail)),
            ("mailNickname", Some(&self.mail_nickname)),
            ("displayName", Some(&self.display_name)),
            ("givenName", Some(&self.given_name)),
            ("surname", self.surname.as_deref()),
            ("jobTitle", Some(&self.job_title)),
            ("department", Some(self.department)),
            ("employeeId", Some(&self.employee_id)),
            ("preferredLanguage", Some(self.preferred_language)),
            ("country", Some(self.country)),
            ("usageLocation", Some(self.usage_location)),
            ("city", Some(&self.city)),
            ("telephoneNumber", Some(&self.telephone_number)),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value?)))
    }
}

/// The two parts of a name, each as it is written and in ASCII.
struct Called {
    given: (&'static str, &'static str),
    family: Option<(&'static str, &'static str)>,
    form_d: bool,
}

impl Population {
    /// A user. Every place has one: beyond the users of the beginning stand those who join later.
    #[must_use]
    pub fn user(&self, index: u64) -> Person {
        let locale = Locale::of(self.stream("locale"), self.namesake(index));
        let called = self.called(index, locale);
        let (given, family) = called.written(self.shape().ascii_only);
        let display_name = match &family {
            None => given.clone(),
            Some(family) if locale.family_first && !self.shape().ascii_only => format!("{family} {given}"),
            Some(family) => format!("{given} {family}"),
        };
        let words = self.stream("attributes").of(index);
        let mail_nickname = called.nickname(&self.shape().label, index);
        let user_principal_name = self.address(&mail_nickname);
        let mail = if words.below(0, 1_000) < MAIL_DIFFERS_PERMILLE {
            self.other_address(&mail_nickname)
        } else {
            user_principal_name.clone()
        };
        Person {
            index,
            object_id: uuid(self.stream("user-id").of(index)),
            user_principal_name,
            mail,
            mail_nickname,
            display_name,
            given_name: given,
            surname: family,
            job_title: pick(JOBS, words, 1).to_owned(),
            department: pick(DEPARTMENTS, words, 2),
            employee_id: format!("E{index:08}"),
            preferred_language: locale.language,
            country: locale.country,
            usage_location: locale.location,
            city: if self.shape().ascii_only { locale.city.1 } else { locale.city.0 }.to_owned(),
            telephone_number: format!("+1 202 555 01{:02}", words.below(3, 100)),
            account_enabled: words.below(4, 1_000) >= DISABLED_PERMILLE,
            manager: self.manager(index),
        }
    }

    /// An address that is not the usual one.
    fn other_address(&self, nickname: &str) -> String {
        match &self.domain {
            Some(domain) => format!("mail.{nickname}@{domain}"),
            None => format!("{nickname}@mail.example.org"),
        }
    }

    /// The place of a user's manager: none for the first, an earlier place for everybody else.
    #[must_use]
    pub fn manager(&self, index: u64) -> Option<u64> {
        index.checked_sub(1).map(|before| before / self.shape().span)
    }

    /// The place whose draws decide about a user's name: for a twin, the place before its own.
    fn namesake(&self, index: u64) -> u64 {
        let twin = |index| self.stream("twin").below(index, 1_000) < TWINS_PERMILLE;
        // Two in a row are no twins of each other: the one before must draw for itself.
        if index > 0 && twin(index) && !twin(index - 1) { index - 1 } else { index }
    }

    fn called(&self, index: u64, locale: &'static Locale) -> Called {
        let namesake = self.namesake(index);
        let words = self.stream("name").of(namesake);
        let form_d = words.below(2, 1_000) < DECOMPOSED_PERMILLE;
        let fallback = ("Alex", "Alex");
        let draw = |names: &'static [(&'static str, &'static str)], place| {
            usize::try_from(words.below(place, names.len() as u64))
                .ok()
                .and_then(|drawn| names.get(drawn).copied())
        };
        Called {
            given: draw(locale.given, 0).unwrap_or(fallback),
            family: draw(locale.family, 1),
            form_d: form_d != (namesake != index),
        }
    }
}

impl Called {
    fn written(&self, ascii_only: bool) -> (String, Option<String>) {
        let write = |(name, ascii): (&'static str, &'static str)| match (ascii_only, self.form_d) {
            (true, _) => ascii.to_owned(),
            (false, true) => decomposed(name),
            (false, false) => name.to_owned(),
        };
        (write(self.given), self.family.map(write))
    }

    /// Unique, because the place stands in it.
    fn nickname(&self, label: &str, index: u64) -> String {
        let family = self.family.map(|(_, ascii)| format!(".{}", slug(ascii))).unwrap_or_default();
        format!("{label}{}{family}.{index}", slug(self.given.1))
    }
}

fn pick(of: &[&'static str], words: Stream, place: u64) -> &'static str {
    let drawn = usize::try_from(words.below(place, of.len() as u64)).unwrap_or_default();
    of.get(drawn).copied().unwrap_or_default()
}

/// A UUID of version 8 (RFC 9562 §5.8), which is whatever its maker makes of it.
pub(crate) fn uuid(words: Stream) -> String {
    let (high, low) = (words.at(0), words.at(1));
    let version = high & 0x0FFF | 0x8000;
    let variant = low >> 48 & 0x3FFF | 0x8000;
    format!(
        "{:08x}-{:04x}-{version:04x}-{variant:04x}-{:012x}",
        high >> 32,
        high >> 16 & 0xFFFF,
        low & 0xFFFF_FFFF_FFFF
    )
}
