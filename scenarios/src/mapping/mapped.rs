//! A directory behind a mapping, as a provisioning job sees it.

use crate::directory::{self, Directory, Entitlement, Kind, Watermark};
use crate::entra::{Changed, MemberChange, Object, ObjectKind, OutOfScope, Source, Standing};
use crate::mapping::{Mapping, Origin};
use crate::wanted::Wanted;

/// A directory behind a mapping.
///
/// ```
/// use scenarios::directory::{Directory, NewUser, Scope};
/// use scenarios::entra::{Object, Source, Standing};
/// use scenarios::mapping::{self, Mapped};
///
/// let mut directory = Directory::new(Scope::Assigned);
/// directory.add_user(NewUser::new("ada", "ada@example.com"))?;
/// let mapping = mapping::find("bonusly")?;
/// let mapped = Mapped { directory: &directory, mapping: &mapping, groups: false };
/// assert!(matches!(mapped.standing(&Object::user("ada")), Standing::OutOfScope(_)));
/// assert_eq!(mapped.standing(&Object::user("bo")), Standing::Gone);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Mapped<'a> {
    /// The directory.
    pub directory: &'a Directory,
    /// What goes where.
    pub mapping: &'a Mapping,
    /// Whether groups are provisioned.
    pub groups: bool,
}

impl Mapped<'_> {
    fn is_mapped(&self, kind: ObjectKind) -> bool {
        kind == ObjectKind::User || self.groups
    }

    fn maps_members(&self) -> bool {
        self.groups && self.mapping.groups.iter().any(|row| row.origin == Origin::Members)
    }

    fn members_changed(&self, change: &directory::GroupChange) -> Vec<MemberChange> {
        if !self.maps_members() {
            return Vec::new();
        }
        let users = |ids: &[std::sync::Arc<str>], is_member| {
            let users = ids.iter().filter(|id| self.directory.kind(id) == Some(Kind::User));
            users.map(|id| MemberChange { user: id.to_string(), is_member }).collect::<Vec<_>>()
        };
        let mut members = users(&change.added, true);
        members.extend(users(&change.removed, false));
        members
    }
}

impl Source for Mapped<'_> {
    fn watermark(&self) -> u64 {
        self.directory.watermark().number()
    }

    fn objects(&self, kind: ObjectKind) -> Box<dyn Iterator<Item = String> + '_> {
        match kind {
            ObjectKind::User => Box::new(self.directory.users().map(str::to_owned)),
            ObjectKind::Group if self.groups => Box::new(self.directory.groups().map(str::to_owned)),
            ObjectKind::Group => Box::new(std::iter::empty()),
        }
    }

    fn changes(&self, since: u64) -> Vec<Changed> {
        let changes = self.directory.changes_since(Watermark::at(since));
        let users = changes.users.iter();
        let users = users.map(|user| Changed { object: Object::user(&*user.id), members: Vec::new() });
        let groups = changes
            .groups
            .iter()
            .filter(|_| self.groups)
            .map(|group| Changed { object: Object::group(&*group.id), members: self.members_changed(group) });
        users.chain(groups).collect()
    }

    fn standing(&self, object: &Object) -> Standing {
        let kind = match object.kind {
            ObjectKind::User => Kind::User,
            ObjectKind::Group => Kind::Group,
        };
        if self.directory.kind(&object.id) != Some(kind) {
            return Standing::Gone;
        }
        // What was deleted for good is unknown to all of these.
        let Ok(is_in_scope) = self.directory.in_scope(&object.id) else { return Standing::Gone };
        if self.directory.is_in_bin(&object.id) == Ok(true) {
            return Standing::SoftDeleted;
        }
        if !is_in_scope {
            let by_default = self.directory.entitlement(&object.id) == Ok(Entitlement::DefaultAccess);
            let why = if by_default { OutOfScope::DefaultAccess } else { OutOfScope::Unassigned };
            return Standing::OutOfScope(why);
        }
        if self.directory.is_enabled(&object.id) == Ok(false) {
            Standing::Disabled
        } else {
            Standing::InScope
        }
    }

    fn wanted(&self, object: &Object) -> Option<Wanted> {
        match object.kind {
            ObjectKind::User => self.mapping.user(self.directory, &object.id).ok(),
            ObjectKind::Group => self.mapping.group(self.directory, &object.id).ok(),
        }
    }

    fn members(&self, group: &str) -> Vec<String> {
        if !self.maps_members() {
            return Vec::new();
        }
        let members = self.directory.members(group).into_iter().flatten();
        members.filter(|id| self.directory.kind(id) == Some(Kind::User)).map(str::to_owned).collect()
    }

    fn matching(&self, kind: ObjectKind) -> Vec<String> {
        let rows = match kind {
            _ if !self.is_mapped(kind) => &[][..],
            ObjectKind::User => &self.mapping.users,
            ObjectKind::Group => &self.mapping.groups,
        };
        let mut matching: Vec<_> =
            rows.iter().filter_map(|row| Some((row.matching?, row.target.clone()))).collect();
        matching.sort();
        matching.into_iter().map(|(_, target)| target).collect()
    }
}
