//! What every report says about loads.

use record::{
    Audit, Delivery, Difference, ErrorKind, Growth, Health, HeldBack, LoadModel, LoadOutcome, LoadRun,
    Objective, Size,
};

use crate::{headline, text};

const SPOILED: &str = "the speed measured is about us, not the target";
const CROWDED: &str = "the speed measured is about this machine, not the target";
const DISTURBED: &str =
    "the speed measured is this machine's as much as the target's, and nothing was demanded of it";

/// A time in microseconds as milliseconds, without the unit.
pub(crate) fn milliseconds(us: u64) -> String {
    let ms = us as f64 / 1_000.0;
    if us < 1_000 { format!("{ms:.2}") } else { format!("{ms:.1}") }
}

/// What it means that a load is open or closed.
pub(crate) const fn model(model: LoadModel) -> &'static str {
    match model {
        LoadModel::Closed => {
            "closed: a slow server is asked less, and its worst moments are seen by few requests"
        }
        LoadModel::Open => "open: objects come when they are due, and latency counts from then",
    }
}

/// The word for what came of a request.
pub(crate) const fn outcome_word(outcome: LoadOutcome) -> &'static str {
    match outcome {
        LoadOutcome::Ok => "ok",
        LoadOutcome::Limited => "429",
        LoadOutcome::Failed => "failed",
        LoadOutcome::Broken => "no answer",
    }
}

/// How much there was, such as `4,000 users, 80 groups, 2,400 memberships`.
pub(crate) fn size(size: &Size) -> String {
    let [users, groups, memberships] = [size.users, size.groups, size.memberships].map(text::grouped);
    format!("{users} users, {groups} groups, {memberships} memberships")
}

/// What did not arrive, such as `0 of 600 memberships were delivered`.
pub(crate) fn undelivered(delivery: &Delivery) -> String {
    let short = delivery.kinds().into_iter().filter(|(_, planned, delivered)| delivered < planned);
    let each: Vec<String> = short
        .map(|(what, planned, delivered)| {
            format!("{} of {} {what}", text::grouped(delivered), text::grouped(planned))
        })
        .collect();
    if each.is_empty() {
        let requests = if delivery.given_up == 1 { "request was" } else { "requests were" };
        return format!("{} {requests} given up", text::grouped(delivery.given_up));
    }
    format!("{} were delivered", each.join(", "))
}

/// How fast a load was, and how fast it was meant to be.
pub(crate) fn speed(run: &LoadRun) -> String {
    let meant = run.rate.map(|rate| format!(" of {} arrivals/s intended", headline::rate(rate)));
    format!(
        "{} requests/s ended well{}, over {:.1} s{}",
        headline::rate(run.ok_rate()),
        meant.unwrap_or_default(),
        run.measured_s(),
        run.held_back.map(|held_back| format!(", {}", self::held_back(held_back))).unwrap_or_default()
    )
}

/// That a load's own ceiling kept it from going faster.
fn held_back(held_back: HeldBack) -> String {
    format!(
        "held back by its own cap of {}/s (caps.rate), {:.0} % of the time",
        headline::rate(held_back.rate),
        held_back.percent
    )
}

/// An exponent and how sure it is.
pub(crate) fn exponent(growth: &Growth) -> String {
    let between =
        growth.interval.map(|[low, high]| format!(" (90 % sure to be between {low:.2} and {high:.2})"));
    format!("{:.2}{}", growth.exponent, between.unwrap_or_default())
}

/// The two figures of a load that people ask for first.
pub(crate) fn key_figures(run: &LoadRun) -> String {
    let ok = run.operations.iter().filter(|operation| operation.outcome == LoadOutcome::Ok);
    let slowest = ok.map(|operation| operation.response.p99_us).max();
    let p99 = slowest.map(|us| format!(", p99 at most {} ms", milliseconds(us)));
    format!(
        "{} requests/s ({}){}",
        headline::rate(run.ok_rate()),
        headline::way(run),
        p99.unwrap_or_default()
    )
}

/// Whether the generator kept up, in words.
pub(crate) fn health(health: &Health) -> String {
    let Health { lag_p99_us, processor_wait, others_percent, cpu_percent, .. } = health;
    let unknown = (lag_p99_us, processor_wait, others_percent, cpu_percent) == (&None, &None, &None, &None);
    let word = match (health.spoiled.is_empty(), health.disturbed.is_empty()) {
        (true, true) if unknown => "not judged",
        (true, true) => "sound",
        (true, false) => "disturbed",
        (false, _) => "spoiled",
    };
    let mut told = vec![word.to_owned()];
    told.extend(health.cpu_percent.map(|cpu| format!("{cpu:.0} % of its processors used")));
    told.extend(health.others_percent.map(|others| format!("others {others:.0} % of all")));
    told.extend(
        health.processor_wait.map(|waits| format!("waited {} ms for each turn", milliseconds(waits.turn_us))),
    );
    told.extend(health.lag_p99_us.map(|lag| format!("99 % sent at most {} ms late", milliseconds(lag))));
    if health.dropped > 0 {
        told.push(format!("{} arrivals given up", text::grouped(health.dropped)));
    }
    if health.dropped_warm_up > 0 {
        told.push(format!("{} in the warm-up", text::grouped(health.dropped_warm_up)));
    }
    told.join(", ")
}

/// Why a load is spoiled, or disturbed, and what that does to what it measured.
pub(crate) fn doubts(health: &Health) -> impl Iterator<Item = String> {
    let about = if health.by_others { CROWDED } else { SPOILED };
    let spoiled = health.spoiled.iter().map(move |reason| format!("{reason}; {about}"));
    spoiled.chain(health.disturbed.iter().map(|reason| format!("{reason}; {DISTURBED}")))
}

/// A kind of error in words, such as `add-member: 409 uniqueness: …`.
pub(crate) fn error(error: &ErrorKind) -> String {
    let mut what: Vec<String> = error.status.iter().map(u16::to_string).collect();
    what.extend([&error.scim_type, &error.transport].into_iter().flatten().cloned());
    text::line(&format!("{}: {}: {}", error.operation, what.join(" "), error.example))
}

/// How requests ended that were given up, where the errors that were measured do not tell: those of the preparation.
pub(crate) fn unmeasured(run: &LoadRun) -> impl Iterator<Item = &ErrorKind> {
    let told = |error: &ErrorKind, reason: &ErrorKind| {
        (&error.operation, error.status, &error.scim_type, &error.transport)
            == (&reason.operation, reason.status, &reason.scim_type, &reason.transport)
            && error.count >= reason.count
    };
    let reasons = run.delivery.iter().flat_map(|delivery| &delivery.reasons);
    reasons.filter(move |reason| !run.errors.iter().any(|error| told(error, reason)))
}

/// What came of an objective: `met`, `unjudged`, `missed`, or `not measured`, which is missed too.
pub(crate) const fn objective(objective: &Objective) -> &'static str {
    match (objective.met, objective.unjudged.is_some(), objective.measured.is_some()) {
        (true, ..) => "met",
        (false, true, _) => "unjudged",
        (false, false, true) => "missed",
        (false, false, false) => "not measured",
    }
}

/// What was measured for an objective, and why that decides nothing where it does not.
pub(crate) fn measured(objective: &Objective) -> String {
    let measured = objective.measured.as_deref().unwrap_or("nothing was measured");
    match &objective.unjudged {
        Some(reason) => format!("{measured}; {reason}"),
        None => measured.to_owned(),
    }
}

/// What an audit found, by what is not as it should be: an attribute such as `emails.type`, `member`, or a whole `user` or
/// `group`; that with the most first.
pub(crate) fn by_attribute(audit: &Audit) -> Vec<(String, Vec<&Difference>)> {
    let mut groups: Vec<(String, Vec<&Difference>)> = Vec::new();
    for difference in &audit.differences {
        let about = difference.resource.split(" of ").next().unwrap_or_default();
        let about = text::line(about.split_whitespace().next().unwrap_or_default());
        match groups.iter_mut().find(|(known, _)| *known == about) {
            Some((_, found)) => found.push(difference),
            None => groups.push((about, vec![difference])),
        }
    }
    // Stable: of as many each, that which was found first stays first.
    groups.sort_by_key(|(_, found)| std::cmp::Reverse(found.len()));
    groups
}
