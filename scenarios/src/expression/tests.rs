use proptest::prelude::*;

use super::function::Function;
use super::node::{Node, Operator, Term};
use super::{DEPTH_MAX, Expression, Value};

/// The object that the examples are read from.
fn object(name: &str) -> Value {
    match name {
        "IsSoftDeleted" | "accountEnabled" => Value::from("False"),
        "country" => Value::from("Norway"),
        "department" => Value::from("Sales"),
        "empty" => Value::from(""),
        "givenName" => Value::from("John"),
        "mail" => Value::from("john.doe@contoso.com"),
        "otherMails" => Value::List(vec!["a@b.com".to_owned(), "c@d.com".to_owned()]),
        "number" => Value::from("9"),
        "state" => Value::from("QLD"),
        "surname" => Value::from("Doe"),
        "telephoneNumber" => Value::from("+91 9998887777"),
        "title" => Value::from("ÅRE İ ΣΑΣ"),
        "userPrincipalName" => Value::from("jsmith@contoso.com"),
        _ => Value::Null,
    }
}

fn read(text: &str) -> Expression {
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

#[test]
fn expressions_come_to_what_the_language_says() {
    let table = [
        // The documented samples.
        (r#"Append([userPrincipalName], ".test")"#, "jsmith@contoso.com.test"),
        ("Coalesce([absent], [userPrincipalName])", "jsmith@contoso.com"),
        (r#"IIF([country]="USA",[country],[department])"#, "Sales"),
        (r#"Join(", ", "", [surname], [givenName])"#, "Doe, John"),
        (r#"Replace([mail],"@contoso.com", , ,"", ,)"#, "john.doe"),
        (
            r#"Replace([telephoneNumber], , "\\+(?<isdCode>\\d* )(?<phoneNumber>\\d{10})", , "${phoneNumber}", , )"#,
            "9998887777",
        ),
        (r#"Replace([userPrincipalName], , "(?<Suffix>@(.)*)", "Suffix", "", , )"#, "jsmith"),
        (
            r#"Switch([state], "", "NSW", "Australia/Sydney", "QLD", "Australia/Brisbane")"#,
            "Australia/Brisbane",
        ),
        // The mappings that come with applications.
        (r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#, "True"),
        ("Not([IsSoftDeleted])", "True"),
        (r#"Join(" ", [givenName], [surname])"#, "John Doe"),
        ("IIF(IsPresent([mail]), [mail], [userPrincipalName])", "john.doe@contoso.com"),
        ("IIF(IsPresent([absent]), [absent], [userPrincipalName])", "jsmith@contoso.com"),
        // Switch: letter case counts, the first key wins, the empty key stands for null.
        (r#"Switch([state], "else", "qld", "no")"#, "else"),
        (r#"Switch([state], "else", "QLD", "first", "QLD", "second")"#, "first"),
        (r#"Switch([absent], "else", "", "nobody")"#, "nobody"),
        (r#"Switch([absent], "else", "QLD", "no")"#, "else"),
        // IIF: whatever is read and is not there fails the condition.
        (r#"IIF([absent] <> "USA", "yes", "no")"#, "no"),
        (r#"IIF([empty] = "", "yes", "no")"#, "no"),
        (r#"IIF([country] <> "", "yes", "no")"#, "yes"),
        (r#"IIF([country] = "norway", "yes", "no")"#, "no"),
        (r#"IIF([number] > 10, "yes", "no")"#, "no"),
        (r#"IIF([number] <= &HA, "yes", "no")"#, "yes"),
        (r#"IIF([number] >= 9, "yes", "no")"#, "yes"),
        (r#"IIF([country] < "Sweden", "yes", "no")"#, "yes"),
        (r#"IIF(IIF([state]="QLD", IsPresent([mail]), "False"), "yes", "no")"#, "yes"),
        // Join: lists value by value, no separator for what is not there.
        (r#"Join(";", [otherMails], [absent], [empty], [mail])"#, "a@b.com;c@d.com;john.doe@contoso.com"),
        (r#"Join("", [givenName], [surname])"#, "JohnDoe"),
        // One text of several is the first.
        ("ToLower([otherMails])", "a@b.com"),
        (r#"Append("a", [absent])"#, "a"),
        ("ToLower([title])", "åre İ σασ"),
        ("ToLower([givenName], )", "john"),
        ("IsPresent([empty])", "False"),
        ("IsPresent([otherMails])", "True"),
        ("Coalesce([absent])", "null"),
        ("Append([absent], \"x\")", "null"),
        ("Not([country])", "null"),
        ("Join(\",\", [absent], [empty])", "null"),
        // Replace in its other ways.
        (r#"Replace([givenName], "J", , , , , "J is here, J")"#, "John is here, John"),
        (r#"Replace([absent], , "(?<name>\\w+)@", "name", , [mail], )"#, "doe"),
        (r#"Replace([surname], , "(?<name>\\w+)@", "name", , [mail], )"#, "Doe"),
        (r#"Replace([absent], "a", , , "b", , )"#, "null"),
        (r#"Replace([mail], "O", , , "0", , )"#, "john.doe@contoso.com"),
        (r#"Replace([state], , "(Q)(?<rest>.*)", , "$2-$1$$${none}", , )"#, "LD-Q$${none}"),
        (r#"Replace("a1b2", , "\\d", , "", , )"#, "ab"),
        // Texts and their escapes.
        (r#""a \"b\" \\ c""#, r#"a "b" \ c"#),
        ("-12", "-12"),
        ("  [country]  ", "Norway"),
        ("Append(\n\t[state],\n\t\"!\"\n)", "QLD!"),
    ];
    for (text, expected) in table {
        let value = read(text).evaluate(&object);
        assert_eq!(value.text().unwrap_or("null"), expected, "{text}");
    }
}

#[test]
fn an_attribute_alone_keeps_its_list() {
    let both = vec!["a@b.com".to_owned(), "c@d.com".to_owned()];
    assert_eq!(read("[otherMails]").evaluate(&object), Value::List(both));
}

/// Text, the part that is complained about, message, hint.
const UNREADABLE: &[(&str, &str, &str, &str)] = &[
    ("", "", "the expression is empty", "write a function, a [name] or a \"text\""),
    ("Swich([a], , \"b\", \"c\")", "Swich", "there is no function Swich", "did you mean Switch?"),
    (
        "iif(\"a\", \"b\", \"c\")",
        "iif",
        "there is no function iif",
        "did you mean IIF? names are case-sensitive",
    ),
    (
        "Frobnicate([a])",
        "Frobnicate",
        "there is no function Frobnicate",
        "played are Append, Coalesce, IIF, IsPresent, Join, Not, Replace, Switch, ToLower",
    ),
    (
        "Left([a], 3)",
        "Left",
        "Left is a function of Entra's language that is not played yet",
        "played are Append, Coalesce, IIF, IsPresent, Join, Not, Replace, Switch, ToLower",
    ),
    ("Not([a]", "Not", "the parenthesis of Not is not closed", "end the arguments with )"),
    (
        "Not([a]) x",
        "x",
        "the expression has ended before this",
        "remove what follows, or put both into one function, such as Join",
    ),
    ("Join(\" \", [a] [b])", "[b]", "a comma is missing before this", "separate arguments by commas"),
    ("Append([a], [b)", "[b)", "the bracket is not closed", "write an attribute as [name]"),
    ("Append([a], \"b)", "\"b)", "the text is not closed", "end it with a quotation mark"),
    (
        "Append([a], \"\\d\")",
        "\\d",
        "\\d is no escape",
        "write \\\\ for a backslash and \\\" for a quotation mark",
    ),
    ("Append([a], 'b')", "'", "'\\'' means nothing here", "text stands in straight double quotes"),
    ("[ ]", "[ ]", "the brackets are empty", "write the name of an attribute between them"),
    (
        "Append([a], 1.5)",
        "1.5",
        "\"1.5\" is no number",
        "numbers are whole, as in 12, -3 or &HFF; other text stands in quotes",
    ),
    (
        "mail",
        "mail",
        "mail is neither a function nor anything else",
        "write [mail] for an attribute, \"mail\" for a text, mail(…) for a function",
    ),
    ("Not(true)", "true", "true stands without quotes", "booleans are the texts \"True\" and \"False\""),
    (
        "Switch([a], , \"b\")",
        "Switch([a], , \"b\")",
        "Switch has 3 argument(s)",
        "write it as Switch(source, default, key, value, …)",
    ),
    ("Not()", "Not()", "Not has 0 argument(s)", "write it as Not(boolean)"),
    ("Append([a],)", "", "argument 2 of Append is empty", "write it as Append(text, suffix)"),
    (
        "Switch([a], , , \"c\")",
        "",
        "argument 3 of Switch is empty",
        "write it as Switch(source, default, key, value, …)",
    ),
    (
        "Not([a] = \"b\")",
        "=",
        "a comparison stands only in the condition of IIF",
        "write IIF(a = b, value if true, value if false)",
    ),
    (
        "IIF([a] = , \"b\", \"c\")",
        "=",
        "one side of the comparison is missing",
        "write what is compared on both sides, as in [country] = \"USA\"",
    ),
    (
        "IIF([a]=\"b\" AND [c]=\"d\", \"e\", \"f\")",
        "AND",
        "there is no AND in the language",
        "put one IIF into the other",
    ),
    (
        "([a])",
        "(",
        "this parenthesis belongs to no function",
        "parentheses stand after the name of a function only",
    ),
    (
        "Replace([a], \"b\", , \"c\", \"d\", , )",
        "[a], \"b\", , \"c\", \"d\", , ",
        "these arguments of Replace do not go together",
        "give it old and replacement, old and template, pattern and replacement, pattern, group and replacement, \
             or pattern, group and replacement attribute; leave the others empty",
    ),
    (
        "Replace([a], , \"(\", , \"d\", , )",
        "\"(\"",
        "the pattern cannot be read",
        "write a regular expression, each backslash twice; looking ahead or behind and references back are not played",
    ),
    (
        "Replace([a], , \"(?<b>c)\", \"d\", \"\", , )",
        "\"d\"",
        "the pattern has no such group",
        "write the name of a group of the pattern in quotes, as in (?<name>…)",
    ),
    (
        "ToLower([a], \"tr-TR\")",
        "\"tr-TR\"",
        "cultures are not played yet",
        "leave the second argument out: letters are lowered in the same way everywhere",
    ),
];

#[test]
fn what_cannot_be_read_is_placed_and_explained() {
    for (text, place, message, hint) in UNREADABLE.iter().copied() {
        let error = text.parse::<Expression>().expect_err(text);
        let shown = (&text[error.span.clone()], error.message.as_str(), error.hint.as_str());
        assert_eq!(shown, (place, message, hint), "{text}");
    }
}

#[test]
fn length_depth_and_arguments_are_bounded() {
    let long = format!("\"{}\"", "a".repeat(10_000));
    assert!(long.parse::<Expression>().unwrap_err().message.contains("10002 characters"));
    let nested = |depth: usize| format!("{}[a]{}", "Not(".repeat(depth), ")".repeat(depth));
    read(&nested(DEPTH_MAX));
    let deep = nested(DEPTH_MAX + 1).parse::<Expression>().unwrap_err();
    assert_eq!(deep.message, "functions are nested more than 50 deep");
    let many = format!("Coalesce({}[a])", "[a],".repeat(1_000));
    let many = many.parse::<Expression>().unwrap_err();
    assert_eq!(many.message, "Coalesce has more than 1000 arguments");
    // Ones beside each other are not nested.
    read(&format!("Join({}[a])", "Not([a]),".repeat(100)));
}

#[test]
fn the_attributes_are_told_with_their_places() {
    let text = r#"IIF([a]="x", Join(" ", [b], "[c]"), [a])"#;
    let expression = read(text);
    let found: Vec<_> = expression.attributes().into_iter().map(|(name, span)| (name, &text[span])).collect();
    assert_eq!(found, [("a", "[a]"), ("b", "[b]"), ("a", "[a]")]);
}

#[test]
fn spaces_do_not_count_and_printing_normalises_them() {
    let text = r#"Switch( [IsSoftDeleted],,"False","True","True" ,"False")"#;
    let spaced = r#"Switch([IsSoftDeleted], , "False", "True", "True", "False")"#;
    assert_eq!(read(text), read(spaced));
    assert_eq!(read(text).to_string(), spaced);
    assert_eq!(read("IIF([a]<>\"\", &HFF,)").to_string(), "IIF([a] <> \"\", 255, )");
}

fn node(term: Term) -> Node {
    Node { span: 0..0, term }
}

fn call(function: Function, arguments: Vec<Node>) -> Node {
    node(Term::Call { function, arguments, pattern: None })
}

fn leaf() -> impl Strategy<Value = Node> {
    prop_oneof![
        "[A-Za-z][A-Za-z0-9_.]{0,8}".prop_map(|name| node(Term::Attribute(name))),
        any::<String>().prop_map(|text| node(Term::Text(text))),
        any::<i64>().prop_map(|number| node(Term::Number(number))),
    ]
}

fn operator() -> impl Strategy<Value = Operator> {
    prop::sample::select(Operator::SPELT.map(|(_, operator)| operator).to_vec())
}

fn tree() -> impl Strategy<Value = Node> {
    leaf().prop_recursive(5, 40, 6, |inner| {
        let some = |count| prop::collection::vec(inner.clone(), count);
        let empty_default = |mut arguments: Vec<Node>| {
            if let Some(default) = arguments.get_mut(1) {
                *default = node(Term::Empty);
            }
            call(Function::Switch, arguments)
        };
        // Source, old and replacement, where `Replace` wants them.
        let replace = |given: Vec<Node>| {
            let mut arguments = vec![node(Term::Empty); 7];
            for (place, argument) in [0, 1, 4].into_iter().zip(given) {
                arguments[place] = argument;
            }
            call(Function::Replace, arguments)
        };
        prop_oneof![
            some(2).prop_map(|arguments| call(Function::Append, arguments)),
            some(1).prop_map(|arguments| call(Function::Not, arguments)),
            some(1).prop_map(|arguments| call(Function::IsPresent, arguments)),
            some(1).prop_map(|arguments| call(Function::ToLower, arguments)),
            prop::collection::vec(inner.clone(), 1..5)
                .prop_map(|arguments| call(Function::Coalesce, arguments)),
            prop::collection::vec(inner.clone(), 2..5).prop_map(|arguments| call(Function::Join, arguments)),
            some(6).prop_map(|arguments| call(Function::Switch, arguments)),
            some(4).prop_map(empty_default),
            some(3).prop_map(replace),
            (inner.clone(), operator(), inner.clone(), inner.clone()).prop_map(
                |(left, operator, right, value)| {
                    let comparison = Term::Comparison { left: left.into(), operator, right: right.into() };
                    call(Function::Iif, vec![node(comparison), value, node(Term::Empty)])
                }
            ),
        ]
    })
}

proptest! {
    #[test]
    fn what_is_printed_is_read_as_the_same(root in tree()) {
        let expression = Expression { root };
        let printed = expression.to_string();
        prop_assume!(printed.chars().count() <= super::LENGTH_MAX);
        let again: Expression = printed.parse().map_err(|error| TestCaseError::fail(format!("{printed}: {error}")))?;
        prop_assert_eq!(&again, &expression);
        prop_assert_eq!(again.to_string(), printed);
    }

    #[test]
    fn no_text_makes_the_parser_panic(text in any::<String>()) {
        let _: Result<Expression, _> = text.parse();
    }

    #[test]
    fn no_heap_of_words_makes_the_parser_or_what_it_reads_panic(
        words in prop::collection::vec(
            prop::sample::select(vec![
                "Switch(", "IIF(", "Replace(", "Join(", "Not(", "(", ")", ",", ",", "[mail]", "[", "\"a\"", "\"(?<x>.)\"",
                "\"x\"", "\\", "=", "<", "&H", "-", "7", " ", "é",
            ]),
            0..24,
        )
    ) {
        let text = words.concat();
        match text.parse::<Expression>() {
            Ok(expression) => {
                expression.evaluate(&object);
            }
            Err(error) => prop_assert!(text.get(error.span.clone()).is_some(), "{text:?}: {error:?}"),
        }
    }
}
