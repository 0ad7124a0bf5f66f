//! The open points of the text, by the number that the project's list of ambiguities gives them.

/// Declares the points with the number of the ambiguity and the names of the readings, the strictest first.
macro_rules! points {
    ($($(#[$doc:meta])* $name:ident = $number:literal [$($reading:literal),+];)+) => {
        /// A point at which the text can lawfully be read in several ways.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Point { $($(#[$doc])* $name,)+ }

        impl Point {
            /// Every point.
            pub const ALL: &'static [Self] = &[$(Self::$name,)+];

            /// The number of the ambiguity; 0 where the list has none.
            #[must_use]
            pub const fn ambiguity(self) -> u8 {
                match self { $(Self::$name => $number,)+ }
            }

            /// The readings, by name.
            #[must_use]
            pub const fn readings(self) -> &'static [&'static str] {
                match self { $(Self::$name => &[$($reading),+],)+ }
            }
        }
    };
}

points! {
    /// A filter names an attribute that the type does not have.
    UnknownAttribute = 28 ["refuse", "never matches", "as unset"];
    /// An extension's attribute is named without its URN (RFC 7644 §3.10).
    BareExtension = 0 ["unknown", "found"];
    /// A common attribute is named with the URN of the base schema.
    CommonWithUrn = 0 ["found", "unknown"];
    /// A multi-valued complex attribute is compared without a sub-attribute.
    BareMultiValued = 22 ["its value", "refuse"];
    /// A value is compared with one of another type.
    TypeMismatch = 29 ["refuse", "never matches", "differs"];
    /// `co`, `sw` or `ew` on a Boolean or a number.
    TextOperatorOnOther = 29 ["refuse", "never matches"];
    /// `co`, `sw` or `ew` on a dateTime.
    TextOperatorOnDateTime = 29 ["refuse", "never matches", "as text"];
    /// `co`, `sw` or `ew` on a binary value.
    TextOperatorOnBinary = 29 ["as text", "refuse", "never matches"];
    /// An ordering operator on a reference.
    OrderingOnReference = 20 ["as text", "refuse"];
    /// A dateTime is compared with text that is none.
    NotADateTime = 29 ["refuse", "never matches", "as text"];
    /// `eq` and `ne` on dateTimes.
    DateTimeEquality = 30 ["as instants", "as text"];
    /// `eq null` and `ne null`.
    NullComparison = 16 ["as not pr", "refuse"];
    /// `eq null` and `ne null` on a complex attribute without a sub-attribute.
    NullOnComplex = 16 ["the whole", "as with other values"];
    /// A filter on an attribute that nobody can read.
    WriteOnlyFilter = 0 ["refuse", "never matches"];
    /// An unset Boolean.
    UnsetBoolean = 17 ["no value", "false"];
    /// `ne` on an attribute without a value.
    NeUnset = 21 ["matches", "does not match"];
    /// `ne` on several values.
    NeSeveral = 21 ["some value differs", "no value is equal", "some element differs"];
    /// `pr` on an empty string.
    EmptyText = 15 ["absent", "present"];
    /// How letter case is taken out of a comparison.
    Folding = 34 ["to lower", "to upper", "to upper, then to lower"];
    /// Whether letter case counts in references, binary values and ids of other resources.
    OpenCase = 57 ["exact", "folded"];
    /// A value path followed by a sub-attribute and an operator.
    ValuePathThenSub = 27 ["refuse", "compare"];
    /// A value path on something that is not multi-valued and complex.
    ValuePathOnSingle = 25 ["refuse", "never matches", "as a list of one"];

    /// `op` in another letter case.
    OperatorCase = 6 ["accept", "refuse"];
    /// `add` with a value filter that matches nothing.
    UnmatchedAdd = 1 ["create", "noTarget"];
    /// `remove` with a value filter that matches nothing.
    UnmatchedRemove = 3 ["nothing happens", "noTarget"];
    /// `remove` of an immutable sub-attribute of elements of which none matches.
    UnmatchedImmutable = 3 ["refuse", "as for others"];
    /// `remove` of something without a value.
    RemoveUnset = 4 ["nothing happens", "noTarget"];
    /// `remove` of a read-only attribute without a value.
    RemoveUnsetReadOnly = 4 ["refuse", "nothing happens"];
    /// `remove` with a value.
    RemoveWithValue = 5 ["only those", "value ignored", "refuse"];
    /// A Boolean sent as a string.
    BooleanText = 7 ["refuse", "accept"];
    /// Dotted or URN-qualified names inside a value without path.
    PathKeys = 8 ["unknown", "as paths"];
    /// An unknown attribute inside a value without path.
    UnknownKey = 9 ["refuse", "ignore"];
    /// An unknown sub-attribute inside a complex value.
    UnknownSub = 9 ["refuse", "ignore"];
    /// A read-only attribute inside a value without path, with null or the value it has.
    ReadOnlyEcho = 4 ["ignore", "refuse"];
    /// A read-only sub-attribute inside a complex value.
    ReadOnlySub = 4 ["ignore", "refuse"];
    /// `replace` with null.
    ReplaceNull = 14 ["remove", "refuse"];
    /// `add` with null to a single value, which `add` replaces (RFC 7644 §3.5.2.1).
    AddNull = 14 ["nothing happens", "remove", "refuse"];
    /// `add` with null to a list, to which `add` appends (RFC 7644 §3.5.2.1).
    AddNullToList = 14 ["nothing happens", "remove", "refuse"];
    /// `add` with an empty array.
    AddEmptyList = 14 ["nothing happens", "refuse"];
    /// An empty array where one value is due: RFC 7643 §2.5 makes it equal to null "in the case of a
    /// multi-valued attribute".
    EmptyListForOne = 14 ["refuse", "as null"];
    /// A complex value without members.
    EmptyObject = 14 ["nothing happens", "remove", "refuse"];
    /// An operation without path whose value has no members.
    PathlessEmpty = 0 ["nothing happens", "refuse"];
    /// One element given for a multi-valued attribute without an array around it.
    BareElement = 0 ["accept", "refuse"];
    /// A simple value given for a complex one that has a `value`.
    BareValue = 0 ["refuse", "as its value"];
    /// Elements with the same value and type (RFC 7643 §2.4).
    Twins = 0 ["only identical ones are one", "first stays", "primary stays", "last stays", "merged"];
    /// Elements that an edit of a part has given the same value and type.
    TwinsByEdit = 0 ["kept", "as when they are sent"];
    /// A sub-attribute of every element, by a dotted path without filter.
    DottedMany = 0 ["refuse", "every element"];
    /// `replace` of whole elements by a value filter: RFC 7644 §3.5.2.3 speaks of values and of
    /// sub-attributes.
    FilteredReplace = 63 ["replaced", "merged"];
    /// Another value for an immutable sub-attribute of whole elements that a value filter replaces.
    ReplacedImmutable = 10 ["refuse", "as if removed and added"];
    /// The type or reference of a member that is there, which servers derive.
    DerivedOfMember = 10 ["ignore", "refuse"];
    /// Several elements made primary by one operation.
    SeveralPrimaries = 0 ["refuse", "the first", "the last"];
    /// What is left of `primary` where another element takes it.
    ClearedPrimary = 0 ["false", "nothing", "false everywhere"];
    /// Whether a group must keep its `displayName`.
    GroupName = 55 ["required", "optional"];
    /// The whole of an extension named by a path.
    WholeExtension = 0 ["refuse", "merged", "replaced"];

    /// `replace` with a value filter that matches nothing.
    UnmatchedReplace = 2 ["noTarget", "create"];
    /// A path of PATCH that names an unknown attribute.
    UnknownPath = 9 ["refuse", "ignore"];
    /// A single complex attribute is compared without a sub-attribute.
    BareSingle = 22 ["refuse", "its value"];
    /// An array of one where a complex value is due.
    ListOfOne = 0 ["refuse", "what it holds"];
    /// Empty text given for a complex value that has a `value`.
    EmptyBareValue = 0 ["as other text", "as null"];
}

impl Point {
    /// Whether only the first reading is lawful. The others are what applications do all the same, for the sake of
    /// clients; they count where they are held to ([`explain`](super::explain)), and nowhere else.
    #[must_use]
    pub const fn is_settled(self) -> bool {
        matches!(
            self,
            Self::UnmatchedReplace
                | Self::UnknownPath
                | Self::BareSingle
                | Self::ListOfOne
                | Self::EmptyBareValue
        )
    }
}
