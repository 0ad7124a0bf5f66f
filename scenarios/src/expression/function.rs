//! The functions of the language: which are played, and what they are given.

use std::ops::Range;

use crate::expression::error::ExpressionError;
use crate::expression::node::Node;

/// A function that is played.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Function {
    Append,
    Coalesce,
    Iif,
    IsPresent,
    Join,
    Not,
    Replace,
    Switch,
    ToLower,
}

/// What each is called, and how its arguments are.
const PLAYED: &[(Function, &str, &str)] = &[
    (Function::Append, "Append", "Append(text, suffix)"),
    (Function::Coalesce, "Coalesce", "Coalesce(first, second, …)"),
    (Function::Iif, "IIF", "IIF(condition, value if true, value if false)"),
    (Function::IsPresent, "IsPresent", "IsPresent(value)"),
    (Function::Join, "Join", "Join(separator, first, …)"),
    (Function::Not, "Not", "Not(boolean)"),
    (
        Function::Replace,
        "Replace",
        "Replace(source, old, pattern, group, replacement, replacement attribute, template)",
    ),
    (Function::Switch, "Switch", "Switch(source, default, key, value, …)"),
    (Function::ToLower, "ToLower", "ToLower(text)"),
];

/// The functions of the language that are not played yet.
const NOT_YET: &[&str] = &[
    "AppRoleAssignmentsComplex",
    "AssertiveAppRoleAssignmentsComplex",
    "BitAnd",
    "CBool",
    "CDate",
    "CStr",
    "ConvertToBase64",
    "ConvertToUTF8Hex",
    "Count",
    "DateAdd",
    "DateDiff",
    "DateFromNum",
    "FormatDateTime",
    "Guid",
    "IgnoreFlowIfNullOrEmpty",
    "InStr",
    "IsNull",
    "IsNullOrEmpty",
    "IsString",
    "Item",
    "Left",
    "Mid",
    "NormalizeDiacritics",
    "Now",
    "NumFromDate",
    "PCase",
    "RandomString",
    "Redact",
    "RemoveDuplicates",
    "SelectUniqueValue",
    "SingleAppRoleAssignment",
    "Split",
    "StripSpaces",
    "ToUpper",
    "Word",
];

/// From how alike on a wrong name is taken for the one that was meant: 1 is the same.
const ALIKE: f64 = 0.85;

impl Function {
    /// The function of a name as it stands in an expression.
    pub(super) fn named(name: &str, span: Range<usize>) -> Result<Self, ExpressionError> {
        if let Some((function, ..)) = PLAYED.iter().find(|(_, known, _)| *known == name) {
            return Ok(*function);
        }
        let played: Vec<&str> = PLAYED.iter().map(|(_, known, _)| *known).collect();
        if NOT_YET.contains(&name) {
            let message = format!("{name} is a function of Entra's language that is not played yet");
            return Err(ExpressionError::new(span, message, format!("played are {}", played.join(", "))));
        }
        let known = played.iter().chain(NOT_YET);
        let rated =
            known.map(|known| (strsim::jaro_winkler(&known.to_lowercase(), &name.to_lowercase()), *known));
        let nearest = rated.max_by(|a, b| a.0.total_cmp(&b.0)).filter(|(alike, _)| *alike >= ALIKE);
        let hint = match nearest {
            Some((_, meant)) if meant.eq_ignore_ascii_case(name) => {
                format!("did you mean {meant}? names are case-sensitive")
            }
            Some((_, meant)) => format!("did you mean {meant}?"),
            None => format!("played are {}", played.join(", ")),
        };
        Err(ExpressionError::new(span, format!("there is no function {name}"), hint))
    }

    pub(super) fn name(self) -> &'static str {
        PLAYED.iter().find(|(function, ..)| *function == self).map_or("", |(_, name, _)| name)
    }

    fn form(self) -> &'static str {
        PLAYED.iter().find(|(function, ..)| *function == self).map_or("", |(.., form)| form)
    }

    /// Whether the arguments are as many as the function wants, and none is empty that must not be.
    pub(super) fn check(self, arguments: &[Node], span: &Range<usize>) -> Result<(), ExpressionError> {
        let count = arguments.len();
        let fits = match self {
            Self::Append => count == 2,
            Self::Coalesce => count >= 1,
            Self::Iif => count == 3,
            Self::IsPresent | Self::Not => count == 1,
            Self::Join => count >= 2,
            Self::Replace => count == 7,
            Self::Switch => count >= 4 && count.is_multiple_of(2),
            Self::ToLower => count == 1 || count == 2,
        };
        let hint = || format!("write it as {}", self.form());
        if !fits {
            let message = format!("{} has {count} argument(s)", self.name());
            return Err(ExpressionError::new(span.clone(), message, hint()));
        }
        let empty =
            arguments.iter().enumerate().find(|(place, node)| node.is_empty() && !self.may_lack(*place));
        if let Some((place, node)) = empty {
            let message = format!("argument {} of {} is empty", place.saturating_add(1), self.name());
            return Err(ExpressionError::new(node.span.clone(), message, hint()));
        }
        match arguments.get(1) {
            Some(culture) if self == Self::ToLower && !culture.is_empty() => Err(ExpressionError::new(
                culture.span.clone(),
                "cultures are not played yet",
                "leave the second argument out: letters are lowered in the same way everywhere",
            )),
            _ => Ok(()),
        }
    }

    /// Whether an argument may be left empty, by its place from 0.
    fn may_lack(self, place: usize) -> bool {
        match self {
            // The default, and the values; a key is always written.
            Self::Switch => place % 2 == 1,
            Self::Replace => place > 0,
            Self::ToLower => place == 1,
            Self::Iif => place > 0,
            Self::Append | Self::Coalesce | Self::IsPresent | Self::Join | Self::Not => false,
        }
    }
}
