//! What TOML cannot say of a mapping: that its rows make sense, alone and together.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use crate::directory::attributes;
use crate::expression::Expression;
use crate::malformed::{Malformed, Source};
use crate::mapping::file::{File, FileRow, ValueType};
use crate::mapping::{Mapping, Origin, Row, form};

/// What a section of the file is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Section {
    Users,
    Groups,
}

impl Section {
    fn reference(self) -> &'static str {
        match self {
            Self::Users => "manager",
            Self::Groups => "members",
        }
    }
}

pub(super) fn mapping(file: File, source: Source<'_>) -> Result<Mapping, Malformed> {
    let users = section(&file.users, Section::Users, source)?;
    let groups = section(&file.groups, Section::Groups, source)?;
    referenced(&file.users, &users, source)?;
    if file.groups_enabled && groups.is_empty() {
        let hint = "add [[groups]] rows, or remove groups_enabled";
        let shows = source.text.find("groups_enabled").unwrap_or(0);
        return Err(source.complaint(
            &(shows..shows),
            "groups are provisioned and nothing of them is mapped",
            hint,
        ));
    }
    let File { name, title, groups_enabled, .. } = file;
    Ok(Mapping { name, title, users, groups, groups_enabled })
}

fn section(rows: &[Spanned<FileRow>], section: Section, source: Source<'_>) -> Result<Vec<Row>, Malformed> {
    let mut sound = Vec::new();
    let mut targets: BTreeMap<String, Range<usize>> = BTreeMap::new();
    let mut precedences: BTreeMap<u32, Range<usize>> = BTreeMap::new();
    for spanned in rows {
        let row = self::row(spanned, section, source)?;
        let target = &spanned.get_ref().target;
        if let Some(earlier) = targets.insert(row.target.to_lowercase(), target.span()) {
            let line = source.complaint(&earlier, "", "").line;
            let message = format!("`{}` is mapped in line {line} already", row.target);
            return Err(source.complaint(&target.span(), message, "remove one of the two rows"));
        }
        overlaps(&targets, target, source)?;
        if let Some(matching) = &spanned.get_ref().matching {
            let precedence = *matching.get_ref();
            if precedence == 0 {
                let hint = "remove it where objects are not matched by this attribute";
                return Err(source.complaint(&matching.span(), "the precedence counts from 1", hint));
            }
            if let Some(earlier) = precedences.insert(precedence, matching.span()) {
                let line = source.complaint(&earlier, "", "").line;
                let message = format!("the matching precedence {precedence} is taken by line {line}");
                return Err(source.complaint(&matching.span(), message, "give each its own"));
            }
        }
        sound.push(row);
    }
    if precedences.is_empty() && (section == Section::Users || !rows.is_empty()) {
        let span = rows.first().map_or(0..0, Spanned::span);
        let hint = "add matching = 1 to the row of the attribute that tells them apart";
        return Err(source.complaint(&span, "objects are matched by nothing", hint));
    }
    Ok(sound)
}

fn row(spanned: &Spanned<FileRow>, section: Section, source: Source<'_>) -> Result<Row, Malformed> {
    let row = spanned.get_ref();
    target(&row.target, source)?;
    let origin = match (&row.attribute, &row.constant, &row.expression) {
        (Some(attribute), None, None) => direct(row, attribute, section, source)?,
        (None, Some(constant), None) => {
            fits(constant, row.value_type, source)?;
            Origin::Constant(constant.get_ref().clone())
        }
        (None, None, Some(expression)) => Origin::Expression(self::expression(expression, section, source)?),
        _ => {
            let message = "a row has exactly one of attribute, constant and expression";
            let hint = "say in one way where the value comes from";
            return Err(source.complaint(&spanned.span(), message, hint));
        }
    };
    let refers = matches!(origin, Origin::Manager { .. } | Origin::Members);
    if refers != (row.value_type == ValueType::Reference) {
        let message = "only manager and members are references, and they are nothing else";
        let hint = "type = \"reference\" goes with attribute = \"manager\" or \"members\", and with no other";
        return Err(source.complaint(&row.target.span(), message, hint));
    }
    if let Some(default) = &row.default {
        if refers {
            let hint = "remove it: a reference is sent or it is not";
            return Err(source.complaint(&default.span(), "a reference has no default", hint));
        }
        fits(default, row.value_type, source)?;
    }
    if let Some(matching) = row.matching.as_ref().filter(|_| refers) {
        let hint = "match by a text that tells objects apart";
        return Err(source.complaint(&matching.span(), "nothing is matched by a reference", hint));
    }
    if let Some(referenced) = row.referenced.as_ref().filter(|_| !matches!(origin, Origin::Manager { .. })) {
        let hint = "remove it: it goes with attribute = \"manager\"";
        return Err(source.complaint(
            &referenced.span(),
            "only a manager is sent by another attribute",
            hint,
        ));
    }
    Ok(Row {
        target: row.target.get_ref().clone(),
        origin,
        value_type: row.value_type,
        apply: row.apply.into(),
        matching: row.matching.as_ref().map(|matching| *matching.get_ref()),
        default: row.default.as_ref().map(|default| default.get_ref().clone()),
        case_exact: row.case_exact,
    })
}

fn target(target: &Spanned<String>, source: Source<'_>) -> Result<(), Malformed> {
    let name = target.get_ref();
    let complain = |message: &str, hint: &str| Err(source.complaint(&target.span(), message, hint));
    if name.trim() != name || name.is_empty() {
        let hint = "write it without: a blank belongs to the name, and makes another attribute of it";
        return complain("the target begins or ends with a blank, or is empty", hint);
    }
    if name.eq_ignore_ascii_case("id") {
        return complain("`id` cannot be mapped", "remove the row: the target gives out its ids itself");
    }
    form::whole(name).map(drop).or_else(|form::Odd { message, hint }| complain(message, hint))
}

/// Complains about a target that is a part of another one, or has another one for a part: the two would be sent as one, and
/// which of them stood would be chance.
fn overlaps(
    targets: &BTreeMap<String, Range<usize>>,
    target: &Spanned<String>,
    source: Source<'_>,
) -> Result<(), Malformed> {
    fn whole(name: &str) -> &str {
        form::whole(name).unwrap_or(name)
    }
    let name = target.get_ref().to_lowercase();
    let clash = |known: &&String| **known != name && (whole(known) == name || whole(&name) == *known);
    let Some((known, earlier)) = targets.iter().find(|(known, _)| clash(known)) else { return Ok(()) };
    let line = source.complaint(earlier, "", "").line;
    let message = format!("`{}` overlaps with `{known}`, which is mapped in line {line}", target.get_ref());
    Err(source.complaint(&target.span(), message, "map the whole attribute, or its parts, and not both"))
}

fn direct(
    row: &FileRow,
    attribute: &Spanned<String>,
    section: Section,
    source: Source<'_>,
) -> Result<Origin, Malformed> {
    let name = attribute.get_ref();
    if name == section.reference() {
        let referenced = row.referenced.as_ref().map(|referenced| referenced.get_ref().clone());
        return Ok(match section {
            Section::Users => Origin::Manager { referenced },
            Section::Groups => Origin::Members,
        });
    }
    readable(name, &attribute.span(), section, source)?;
    Ok(Origin::Expression(Expression::attribute(name)))
}

fn expression(text: &Spanned<String>, section: Section, source: Source<'_>) -> Result<Expression, Malformed> {
    let expression: Expression =
        text.get_ref().parse().map_err(|error: crate::expression::ExpressionError| {
            source.complaint(&source.within(&text.span(), &error.span), error.message, error.hint)
        })?;
    for (name, span) in expression.attributes() {
        readable(name, &source.within(&text.span(), &span), section, source)?;
    }
    Ok(expression)
}

/// Complains about a name that no value of the directory has.
fn readable(name: &str, span: &Range<usize>, section: Section, source: Source<'_>) -> Result<(), Malformed> {
    if attributes::is_readable(name) {
        return Ok(());
    }
    if name == section.reference() {
        let hint = "map it by itself, with type = \"reference\"";
        return Err(source.complaint(
            span,
            format!("`{name}` is a reference, and no value to make texts of"),
            hint,
        ));
    }
    let hint = match attributes::nearest(name) {
        Some(known) => format!("did you mean {known}?"),
        None => {
            "attributes of the tenant's own are extensionAttribute1 to 15 and extension_<application>_<name>"
                .to_owned()
        }
    };
    Err(source.complaint(span, format!("the directory has no attribute `{name}`"), hint))
}

/// Complains about a text that is written out and cannot become what the target takes.
fn fits(text: &Spanned<String>, value_type: ValueType, source: Source<'_>) -> Result<(), Malformed> {
    let (fits, hint) = match value_type {
        ValueType::Text | ValueType::Reference => (true, ""),
        ValueType::Boolean => {
            (["True", "False"].contains(&text.get_ref().as_str()), "write \"True\" or \"False\"")
        }
        ValueType::Integer => (text.get_ref().parse::<i64>().is_ok(), "write digits"),
    };
    if fits {
        return Ok(());
    }
    let message = format!("{:?} is no value of this type", text.get_ref());
    Err(source.complaint(&text.span(), message, hint))
}

/// What is sent of a manager has to be mapped for managers, too.
fn referenced(rows: &[Spanned<FileRow>], sound: &[Row], source: Source<'_>) -> Result<(), Malformed> {
    for referenced in rows.iter().filter_map(|row| row.get_ref().referenced.as_ref()) {
        let name = referenced.get_ref();
        let known = sound.iter().find(|row| row.target == *name);
        if known.is_none_or(|row| row.value_type == ValueType::Reference) {
            let message = format!("`{name}` is mapped to no value");
            let hint = "name the target of another row of [[users]], such as emails[type eq \"work\"].value";
            return Err(source.complaint(&referenced.span(), message, hint));
        }
    }
    Ok(())
}
