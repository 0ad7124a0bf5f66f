//! How a server answers: how fast, and within which limits.

use record::{Exchange, Weight};

use crate::doctor::chart::{Chart, Told};

/// A server whose answers take longer than this makes a run of thousands of requests a matter of hours.
const SLOW_US: u64 = 1_000_000;
/// How many times as long as the slowest answer a request may take.
const TIMES: u64 = 4;
/// What a request may take where nobody says otherwise.
const TIMEOUT_S_USUAL: u64 = 10;
/// Headers by which servers tell of their limits.
const LIMITS: [&str; 8] = [
    "ratelimit",
    "ratelimit-policy",
    "ratelimit-limit",
    "x-ratelimit-limit",
    "x-rate-limit-limit",
    "ratelimit-reset",
    "x-ratelimit-reset",
    "retry-after",
];
const SECOND_US: u64 = 1_000_000;

/// Takes note of how all requests so far were answered.
pub(super) fn observe(exchanges: &[Exchange], chart: &mut Chart) {
    chart.manner.requests = u32::try_from(exchanges.len()).unwrap_or(u32::MAX);
    let mut took: Vec<u64> = exchanges
        .iter()
        .filter_map(|exchange| Some(exchange.times.last_byte_us?.saturating_sub(exchange.times.sent_us)))
        .collect();
    took.sort_unstable();
    chart.manner.median_us = took.get(took.len() / 2).copied();
    chart.manner.slowest_us = took.last().copied();
    for header in
        exchanges.iter().filter_map(|exchange| exchange.response.as_ref()).flat_map(|it| &it.headers)
    {
        if header.name == "server" && chart.manner.product.is_none() {
            chart.manner.product = Some(header.value.clone());
        }
        let said = format!("{}: {}", header.name, header.value);
        let is_new = !chart.manner.limits.iter().any(|known| known.starts_with(&format!("{}:", header.name)));
        if LIMITS.contains(&header.name.as_str()) && is_new {
            chart.manner.limits.push(said);
        }
    }
    limits(exchanges, chart);
    speed(chart);
}

/// Where answers were 429: as many requests a second as were answered in the second before the first of them.
fn limits(exchanges: &[Exchange], chart: &mut Chart) {
    let status = |exchange: &Exchange| exchange.response.as_ref().map(|response| response.status);
    let put_off: Vec<&Exchange> = exchanges.iter().filter(|exchange| status(exchange) == Some(429)).collect();
    chart.manner.put_off = u32::try_from(put_off.len()).unwrap_or(u32::MAX);
    let Some(first) = put_off.first() else { return };
    let within = |exchange: &&Exchange| {
        let before_us = first.times.sent_us.saturating_sub(exchange.times.sent_us);
        exchange.number < first.number && before_us < SECOND_US
    };
    let answered = exchanges.iter().filter(within).count().max(1);
    let rate = u64::try_from(answered).unwrap_or(1);
    chart.settings.requests_per_second = Some(rate);
    let told = Told::new(
        "requests-limited",
        Weight::Hinders,
        format!(
            "{} of {} requests were answered 429; {rate} were answered in the second before the first of them",
            put_off.len(),
            exchanges.len()
        ),
        "a run waits as it is asked to, and gets on better if it does not have to be asked",
    );
    chart.tell(told.flag(format!("--rps {rate}")).setting(format!("[limits]\nrequests_per_second = {rate}")));
}

fn speed(chart: &mut Chart) {
    let (median_us, slowest_us) =
        (chart.manner.median_us.unwrap_or_default(), chart.manner.slowest_us.unwrap_or_default());
    if median_us < SLOW_US && slowest_us * TIMES < TIMEOUT_S_USUAL * SECOND_US {
        return;
    }
    let seconds =
        (slowest_us * TIMES).div_ceil(SECOND_US).clamp(TIMEOUT_S_USUAL, profiles::target::TIMEOUT_S_MAX);
    chart.settings.timeout_s = Some(seconds);
    let told = Told::new(
        "slow",
        Weight::Hinders,
        format!(
            "the slowest answer took {:.1} s",
            std::time::Duration::from_micros(slowest_us).as_secs_f64()
        ),
        "give requests time, and see first how long a run of few checks takes (--only)",
    );
    chart.tell(told.flag(format!("--timeout {seconds}")).setting(format!("timeout_s = {seconds}")));
}
