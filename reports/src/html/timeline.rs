//! The cycles of a scenario over the client's time: a row for each step, the bar where its cycle ran, the stretch that the
//! job spent in quarantine shaded.

use std::fmt::Write as _;

use jiff::{SignedDuration, Timestamp};
use record::{Cycle, CycleKind, Scenario, Step};

use super::chart::{escape, hatch, open};
use crate::{digest, text};

/// The drawing's own units; the page scales it.
const WIDTH: f64 = 720.0;
const LEFT: f64 = 128.0;
const RIGHT: f64 = 228.0;
const ROW: f64 = 26.0;
const TOP: f64 = 10.0;
const BELOW: f64 = 44.0;
/// What is shorter than this is drawn as long.
const BAR_MIN: f64 = 7.0;
/// More steps than this are listed and not drawn.
const STEPS_DRAWN_MAX: usize = 120;
/// Steps of the time axis, in minutes, and how many marks it has at most.
const MINUTES: [i64; 13] = [1, 5, 10, 20, 40, 60, 120, 240, 480, 720, 1_440, 10_080, 40_320];
const MARKS_MAX: i64 = 6;
const DAY_MINUTES: i64 = 1_440;

struct Row<'a> {
    step: &'a Step,
    number: usize,
    began: Timestamp,
    ended: Timestamp,
}

/// What became of a cycle, as a class and a word.
pub(super) const fn tone(cycle: &Cycle) -> (&'static str, &'static str) {
    if cycle.quarantine.is_some() {
        ("error", "quarantine")
    } else if cycle.failed > 0 {
        ("fail", "some failed")
    } else if cycle.escrowed > 0 {
        ("warn", "some wait")
    } else {
        ("pass", "done")
    }
}

/// The timeline as SVG; none where there is no cycle, the times cannot be read, or there are too many to be drawn.
pub(super) fn svg(id: &str, scenario: &Scenario) -> Option<String> {
    let rows = rows(scenario)?;
    if rows.len() > STEPS_DRAWN_MAX || rows.iter().all(|row| row.step.cycle.is_none()) {
        return None;
    }
    let began = rows.iter().map(|row| row.began).min()?;
    let ended = rows.iter().map(|row| row.ended).max()?;
    let time = Time { began, seconds: seconds(ended.duration_since(began)).max(60.0) };
    let height = TOP + ROW * rows.len() as f64 + BELOW;
    let about = format!(
        "One row for each of {}, from {} to {} on the client's clock",
        text::count(rows.len(), "step", "steps"),
        began,
        ended
    );
    let mut svg = open(id, WIDTH, height, &format!("Cycles of {}", scenario.name), &about);
    let bottom = height - BELOW;
    time.axis(&mut svg, bottom);
    quarantine(&mut svg, id, &rows, &time, bottom);
    for (position, row) in rows.iter().enumerate() {
        let y = TOP + ROW * position as f64;
        draw(&mut svg, row, &time, y);
    }
    svg.push_str("</svg>");
    Some(svg)
}

fn rows(scenario: &Scenario) -> Option<Vec<Row<'_>>> {
    let steps = scenario.steps.iter().zip(1..);
    let rows = steps.map(|(step, number)| {
        let ended = step.cycle.as_ref().map_or(&step.at, |cycle| &cycle.ended);
        Some(Row { step, number, began: step.at.parse().ok()?, ended: ended.parse().ok()? })
    });
    rows.collect()
}

fn seconds(time: SignedDuration) -> f64 {
    time.as_secs_f64()
}

struct Time {
    began: Timestamp,
    seconds: f64,
}

impl Time {
    fn x(&self, at: Timestamp) -> f64 {
        let share = seconds(at.duration_since(self.began)) / self.seconds;
        LEFT + share.clamp(0.0, 1.0) * (WIDTH - LEFT - RIGHT)
    }

    /// Marks at round times.
    fn axis(&self, svg: &mut String, bottom: f64) {
        let right = WIDTH - RIGHT;
        let whole = self.seconds / 60.0;
        let step = MINUTES.into_iter().find(|step| whole / *step as f64 <= MARKS_MAX as f64);
        let step = step.unwrap_or(524_160);
        let format = if step >= DAY_MINUTES { "%b %-d" } else { "%H:%M" };
        let began = self.began.as_second().div_euclid(60);
        let first = began.saturating_add(step - 1).div_euclid(step).saturating_mul(step);
        for minute in (0..=MARKS_MAX).map(|mark| first.saturating_add(mark.saturating_mul(step))) {
            let Ok(at) = Timestamp::from_second(minute.saturating_mul(60)) else { continue };
            if seconds(at.duration_since(self.began)) > self.seconds {
                break;
            }
            let x = self.x(at);
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{x:.1} {TOP}V{:.1}\"/><text class=\"tick middle\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
                bottom + 4.0,
                bottom + 17.0,
                escape(&at.strftime(format).to_string())
            );
        }
        let _ = write!(
            svg,
            "<path class=\"axis\" d=\"M{LEFT} {bottom}H{right}\"/>\
             <text class=\"label middle\" x=\"{:.1}\" y=\"{:.1}\">the client's clock, UTC, {}</text>",
            f64::midpoint(LEFT, right),
            bottom + 36.0,
            if step >= DAY_MINUTES { "days" } else { "hours and minutes" }
        );
    }
}

/// From the end of a cycle that ends in quarantine to the end of the first one that does not.
fn quarantine(svg: &mut String, id: &str, rows: &[Row<'_>], time: &Time, bottom: f64) {
    let mut since: Option<Timestamp> = None;
    let mut stretches = Vec::new();
    for row in rows {
        let Some(cycle) = &row.step.cycle else { continue };
        match (cycle.quarantine.is_some(), since) {
            (true, None) => since = Some(row.ended),
            (false, Some(from)) => {
                stretches.push((from, row.ended));
                since = None;
            }
            (true, Some(_)) | (false, None) => {}
        }
    }
    if let (Some(from), Some(last)) = (since, rows.last()) {
        stretches.push((from, last.ended));
    }
    if stretches.is_empty() {
        return;
    }
    svg.push_str(&hatch(id));
    for (from, to) in stretches {
        let (x, wide) = (time.x(from), (time.x(to) - time.x(from)).max(BAR_MIN));
        let _ = write!(
            svg,
            "<rect x=\"{x:.1}\" y=\"{TOP}\" width=\"{wide:.1}\" height=\"{:.1}\" fill=\"url(#{id}-hatch)\"/>\
             <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">quarantine</text>",
            bottom - TOP,
            x + 4.0,
            TOP + 12.0
        );
    }
}

fn draw(svg: &mut String, row: &Row<'_>, time: &Time, y: f64) {
    let middle = y + ROW / 2.0;
    let x = time.x(row.began);
    let (name, told) = match &row.step.cycle {
        Some(cycle) => {
            let (tone, word) = tone(cycle);
            let x = x.min(WIDTH - RIGHT - BAR_MIN);
            let wide = (time.x(row.ended) - x).max(BAR_MIN);
            let _ = write!(
                svg,
                "<rect class=\"cycle {tone}\" x=\"{x:.1}\" y=\"{:.1}\" width=\"{wide:.1}\" height=\"{:.1}\" rx=\"2\"/>",
                y + 6.0,
                ROW - 12.0
            );
            let kind = if cycle.kind == CycleKind::Initial { ", initial" } else { "" };
            let requests = text::count(cycle.requests as usize, "request", "requests");
            (format!("cycle {}{kind}", cycle.number), format!("{word}: {requests}{}", done(cycle)))
        }
        None => {
            let _ = write!(svg, "<path class=\"event\" d=\"M{x:.1} {:.1}l5 5l-5 5l-5 -5z\"/>", middle - 5.0);
            ("no cycle".to_owned(), text::fit(&row.step.title, 34))
        }
    };
    let _ = write!(
        svg,
        "<text class=\"tick end\" x=\"20\" y=\"{0:.1}\">{1}</text><text class=\"key\" x=\"32\" y=\"{0:.1}\">{2}</text>\
         <text class=\"tick\" x=\"{3:.1}\" y=\"{0:.1}\">{4}</text>",
        middle + 4.0,
        row.number,
        escape(&name),
        WIDTH - RIGHT + 12.0,
        escape(&text::fit(&told, 36))
    );
}

fn done(cycle: &Cycle) -> String {
    let mut told: String =
        cycle.done.iter().map(|tally| format!(", {} {}", tally.count, digest::done(&tally.what))).collect();
    if cycle.failed > 0 {
        told.push_str(&format!(", {} failed", cycle.failed));
    }
    told
}
