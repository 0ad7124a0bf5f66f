//! Filters: every operator on every attribute, nested, spelt in every way, and broken ones.

use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};
use suites::oracle::{Access, Attribute, Filter, Kind, Operator, Path, Spelling, Then, Type};

use super::pools::{self, spelt};

/// A filter on resources of a type.
pub(crate) fn filter(on: &'static Type) -> BoxedStrategy<Filter> {
    let each = bracketed(on).prop_flat_map(|(path, attribute)| {
        let then = proptest::option::weighted(
            0.1,
            sub(attribute).prop_flat_map(move |sub| {
                (Just(sub.name.to_owned()), operator(), literal(sub))
                    .prop_map(|(sub, operator, value)| Then { sub, operator, value })
            }),
        );
        (Just(path), on_elements(attribute), then).prop_map(|(path, filter, then)| Filter::Each {
            path,
            filter: Box::new(filter),
            then,
        })
    });
    let leaf = prop_oneof![5 => comparison(path(on)), 1 => present(path(on)), 2 => each].boxed();
    prop_oneof![2 => joined(leaf.clone()), 1 => mixed(leaf)].boxed()
}

/// Terms between which `and` and `or` stand in turns and without brackets, so that what binds first decides. Those that hold
/// for most are among them: where all terms are false, so is whatever is made of them.
fn mixed(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    let term = prop_oneof![3 => leaf.clone(), 2 => leaf.prop_map(Filter::negated)].boxed();
    let both = (term.clone(), term.clone()).prop_map(|(one, other)| one.and(other)).boxed();
    let terms = prop_oneof![1 => term.clone(), 2 => both.clone()];
    (term, both, proptest::option::weighted(0.5, terms))
        .prop_map(|(one, both, more)| match more {
            Some(more) => one.or(both).or(more),
            None => one.or(both),
        })
        .boxed()
}

/// A filter on the elements of an attribute.
pub(crate) fn on_elements(attribute: &'static Attribute) -> BoxedStrategy<Filter> {
    let path = || {
        sub(attribute).prop_flat_map(|sub| {
            let path = prop_oneof![40 => spelt(sub.name.to_owned()), 1 => Just("nosuch".to_owned())];
            (path.prop_map(|name| Path { urn: None, name, sub: None }), Just(sub))
        })
    };
    joined(prop_oneof![5 => comparison(path().boxed()), 1 => present(path().boxed())].boxed())
}

/// A filter on elements that often holds: by type or value.
pub(crate) fn choosing(attribute: &'static Attribute) -> BoxedStrategy<Filter> {
    if attribute.name == "members" {
        // What else a member shows is the server's to work out.
        let id = pools::text(&attribute.subs[0]);
        let one = id.prop_map(|id| Filter::compare(Path::parse("value"), Operator::Eq, id.into())).boxed();
        return prop_oneof![4 => one.clone(), 1 => joined(one)].boxed();
    }
    let by = |name: &'static str| {
        let sub = attribute.sub(name).unwrap_or(&attribute.subs[0]);
        pools::text(sub)
            .prop_map(move |text| Filter::compare(Path::parse(sub.name), Operator::Eq, text.into()))
    };
    let both = (by("type"), by("value")).prop_map(|(one, two)| one.and(two));
    prop_oneof![5 => by("type"), 3 => by("value"), 1 => both, 3 => on_elements(attribute)].boxed()
}

fn joined(leaf: BoxedStrategy<Filter>) -> BoxedStrategy<Filter> {
    leaf.prop_recursive(3, 10, 2, |inner| {
        prop_oneof![
            2 => (inner.clone(), inner.clone()).prop_map(|(one, other)| one.and(other)),
            2 => (inner.clone(), inner.clone()).prop_map(|(one, other)| one.or(other)),
            1 => inner.prop_map(Filter::negated),
        ]
    })
    .boxed()
}

type Named = (Path, &'static Attribute);

fn comparison(path: BoxedStrategy<Named>) -> BoxedStrategy<Filter> {
    path.prop_flat_map(|(path, leaf)| {
        (Just(path), operator(), literal(leaf))
            .prop_map(|(path, operator, value)| Filter::compare(path, operator, value))
    })
    .boxed()
}

fn present(path: BoxedStrategy<Named>) -> BoxedStrategy<Filter> {
    path.prop_map(|(path, _)| Filter::Present(path)).boxed()
}

fn operator() -> BoxedStrategy<Operator> {
    prop_oneof![2 => Just(Operator::Eq), 3 => select(&Operator::ALL[..])].boxed()
}

fn literal(leaf: &'static Attribute) -> BoxedStrategy<Value> {
    let usual = match leaf.kind {
        Kind::Boolean => any::<bool>().prop_map(Value::from).boxed(),
        Kind::Integer | Kind::Decimal => prop_oneof![3 => pools::one(leaf), 1 => pools::number()].boxed(),
        Kind::Complex => pools::text(leaf.sub("value").unwrap_or(leaf)).prop_map(Value::from).boxed(),
        _ => pools::text(leaf).prop_map(Value::from).boxed(),
    };
    prop_oneof![30 => usual, 1 => select(vec![Value::Null, json!(5), json!(-1.5e3), json!(true), json!("x")])]
        .boxed()
}

fn sub(attribute: &'static Attribute) -> BoxedStrategy<&'static Attribute> {
    select(attribute.subs.iter().collect::<Vec<_>>()).boxed()
}

/// The multi-valued complex attributes of a type.
pub(crate) fn elements(on: &'static Type) -> BoxedStrategy<Named> {
    let many: Vec<_> = on.attributes.iter().filter(|each| each.many && each.kind == Kind::Complex).collect();
    select(many)
        .prop_flat_map(|attribute| {
            let urn = proptest::option::weighted(0.1, spelt(on.urn.to_owned()));
            (urn, spelt(attribute.name.to_owned()), Just(attribute))
        })
        .prop_map(|(urn, name, attribute)| (Path { urn, name, sub: None }, attribute))
        .boxed()
}

/// What brackets can follow: mostly attributes with several values, now and then one with a single complex value.
pub(crate) fn bracketed(on: &'static Type) -> BoxedStrategy<Named> {
    let has_single =
        on.extensions.iter().flat_map(|(_, inner)| *inner).any(|each| each.kind == Kind::Complex);
    if has_single { prop_oneof![9 => elements(on), 1 => single_complex(on)].boxed() } else { elements(on) }
}

/// Paths to single complex attributes as a whole; where a type has none, to any attribute. They are few, and
/// much can go wrong with them.
pub(crate) fn single_complex(on: &'static Type) -> BoxedStrategy<Named> {
    let base = on.attributes.iter().map(|attribute| (on.urn, attribute));
    let extended = on.extensions.iter().flat_map(|(urn, inner)| inner.iter().map(|each| (*urn, each)));
    let single = |(_, each): &(&str, &Attribute)| {
        each.kind == Kind::Complex && !each.many && each.access == Access::ReadWrite
    };
    let all: Vec<_> = base.chain(extended).filter(single).collect();
    if all.is_empty() {
        return path(on);
    }
    select(all)
        .prop_flat_map(|(urn, attribute)| {
            (Just(urn), spelt(attribute.name.to_owned()), Just(attribute), proptest::bool::weighted(0.2))
        })
        .prop_map(move |(urn, name, attribute, bare)| {
            let urn = (urn != on.urn && !bare).then(|| urn.to_owned());
            (Path { urn, name, sub: None }, attribute)
        })
        .boxed()
}

/// A path to any attribute of a type, and what stands at its end.
pub(crate) fn path(on: &'static Type) -> BoxedStrategy<Named> {
    let base = on.attributes.iter().map(|attribute| (None, attribute));
    let extended = on.extensions.iter().flat_map(|(urn, inner)| inner.iter().map(|each| (Some(*urn), each)));
    let all: Vec<(Option<&'static str>, &'static Attribute)> = base.chain(extended).collect();
    let known = select(all).prop_flat_map(move |(extension, attribute)| {
        let sub = match attribute.kind {
            Kind::Complex => {
                proptest::option::weighted(if attribute.many { 0.9 } else { 0.7 }, sub(attribute)).boxed()
            }
            _ => Just(None).boxed(),
        };
        let urn = match extension {
            Some(urn) => prop_oneof![9 => spelt(urn.to_owned()).prop_map(Some), 1 => Just(None)].boxed(),
            None => proptest::option::weighted(0.15, spelt(on.urn.to_owned())).boxed(),
        };
        let named = (spelt(attribute.name.to_owned()), sub);
        (urn, named).prop_flat_map(move |(urn, (name, sub))| {
            let text =
                sub.map_or(Just(None).boxed(), |sub| spelt(sub.name.to_owned()).prop_map(Some).boxed());
            (Just(urn), Just(name), text, Just(sub.unwrap_or(attribute)))
                .prop_map(|(urn, name, sub, leaf)| (Path { urn, name, sub }, leaf))
        })
    });
    let unknown = select(vec!["nosuch", "emails.nosuch", "urn:x:y:userName", "nosuch.value"])
        .prop_map(move |text| (Path::parse(text), &on.attributes[1]));
    prop_oneof![60 => known, 1 => unknown].boxed()
}

/// Any spelling.
pub(crate) fn spelling() -> BoxedStrategy<Spelling> {
    any::<[bool; 3]>()
        .prop_map(|[odd_case, space_after_not, parentheses]| Spelling {
            odd_case,
            space_after_not,
            parentheses,
        })
        .boxed()
}

/// Text that is no filter, made of one that is.
pub(crate) fn broken(text: &str) -> Vec<String> {
    vec![
        format!("{text} and"),
        format!("({text}"),
        format!("{text})"),
        format!("{text} xor {text}"),
        format!("{text} userName"),
        format!("or {text}"),
        format!("emails[{text}"),
        format!(r#"userName like "a" or {text}"#),
        format!("userName eq or {text}"),
        format!("userName eq 'a' and {text}"),
        format!("not {text} or id"),
        "userName eq tru".to_owned(),
        r#"userName eq "a"#.to_owned(),
        String::new(),
    ]
}
