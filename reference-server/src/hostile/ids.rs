//! Servers that tell wrongly which resource an answer is about.

use std::sync::PoisonError;

use super::visit::{Then, spelled_out};
use super::{Kind, Phase, Strikes, blocked, judged};

pub(super) const KINDS: &[Kind] = &[
    Kind::new(
        "ids-climb",
        "gives what it creates an id that leads out of its endpoint",
        Strikes::On(Phase::Create),
        blocked("answered 404"),
        "--only delete",
        |visit| visit.answer_as(Some("../Groups/1"), None),
    ),
    Kind::new(
        "ids-hold-nul",
        "gives what it creates an id with a NUL in it",
        Strikes::On(Phase::Create),
        blocked("answered 404"),
        "--only delete",
        |visit| visit.answer_as(Some("1\0"), None),
    ),
    Kind::new(
        "ids-hold-line-breaks",
        "gives what it creates an id that would be a second request",
        Strikes::On(Phase::Create),
        blocked("answered 404"),
        "--only delete",
        |visit| visit.answer_as(Some("1 HTTP/1.1\r\n\r\nDELETE /scim/v2/Users/2"), None),
    ),
    Kind::new(
        "answers-the-request-before",
        "answers each request with the answer to the one before",
        Strikes::After(60),
        judged("left behind on the target"),
        "--jobs 1 --only delete,read",
        |visit| {
            let answer = spelled_out(&visit.carry_out()?);
            let kept =
                visit.front.kept_back.lock().unwrap_or_else(PoisonError::into_inner).replace(answer.clone());
            visit.say(kept.unwrap_or(answer))?;
            Ok(Then::GoOn)
        },
    ),
];
