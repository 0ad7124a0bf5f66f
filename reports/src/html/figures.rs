//! The figures of a load: rate and latency over time, the whole distribution, growth.

use hdrhistogram::Histogram;
use hdrhistogram::serialization::Deserializer;
use minijinja::Value;
use record::{Growth, Interval, Latency, LoadOutcome, LoadRun, Operation};
use serde::Serialize;

use super::chart::{Axis, Chart, Kind, Series};
use crate::{digest, text};

/// How many points a line over time has at most; longer loads are drawn in stretches.
const POINTS_MAX: usize = 240;
/// How many lines a figure has.
const LINES_MAX: usize = 6;
/// The longest histogram that is read; three digits over an hour take a few kilobytes.
const HISTOGRAM_CHARS_MAX: usize = 64 * 1024;
/// How many points a distribution has for each further nine.
const STEPS_A_NINE: u32 = 12;
const NINES_MAX: u32 = 7;

/// A figure with its table.
#[derive(Serialize)]
pub(super) struct Figure {
    id: String,
    title: String,
    /// What to know when reading it: n, units, what is left out.
    note: String,
    svg: Value,
    heads: Vec<String>,
    rows: Vec<Vec<String>>,
}

/// The figures of one load; `id` is what their anchors begin with.
pub(super) fn of(id: &str, run: &LoadRun) -> Vec<Figure> {
    let mut figures = Vec::new();
    let stretches = Stretches::of(&run.intervals, run.duration_ms as f64 / 1_000.0);
    if !stretches.points.is_empty() {
        figures.push(stretches.rates(&format!("{id}-rate")));
        figures.push(stretches.latencies(&format!("{id}-time")));
    }
    figures.extend(distribution(&format!("{id}-hdr"), &run.operations));
    figures.extend(growth(&format!("{id}-growth"), &run.growth));
    figures
}

impl Figure {
    fn new(chart: &Chart, note: String, heads: &[&str], rows: Vec<Vec<String>>) -> Self {
        Self {
            id: chart.id.clone(),
            title: text::line(&chart.title),
            note: text::line(&note),
            svg: Value::from_safe_string(chart.svg()),
            heads: heads.iter().map(|head| (*head).to_owned()).collect(),
            rows: rows.into_iter().map(|row| row.iter().map(|cell| text::line(cell)).collect()).collect(),
        }
    }
}

/// A load over time, in stretches of equal length.
struct Stretches {
    seconds: usize,
    warm_up_s: usize,
    requests: u64,
    points: Vec<Stretch>,
}

struct Stretch {
    second: u32,
    /// Seconds that the stretch really has: the load seldom ends with a whole one.
    length_s: f64,
    ok: u64,
    limited: u64,
    failed: u64,
    in_flight: u32,
    /// The worst of its seconds: percentiles have no mean.
    worst: Latency,
}

impl Stretches {
    fn of(intervals: &[Interval], end_s: f64) -> Self {
        let seconds = intervals.len().div_ceil(POINTS_MAX).max(1);
        let points: Vec<Stretch> =
            intervals.chunks(seconds).filter_map(|chunk| Stretch::of(chunk, end_s)).collect();
        let requests = points.iter().fold(0_u64, |sum, point| {
            sum.saturating_add(point.ok).saturating_add(point.limited).saturating_add(point.failed)
        });
        let warm_up_s = intervals.iter().filter(|interval| interval.warm_up).count();
        Self { seconds, warm_up_s, requests, points }
    }

    fn note(&self) -> String {
        let warm_up = if self.warm_up_s > 0 {
            format!("; the {} s of warm-up are hatched, and count for nothing else", self.warm_up_s)
        } else {
            String::new()
        };
        let coarse = if self.seconds > 1 {
            format!("; each point is {} s, for latencies the worst of its seconds", self.seconds)
        } else {
            String::new()
        };
        format!("n = {} requests{coarse}{warm_up}", text::grouped(self.requests))
    }

    fn chart(&self, id: &str, title: &str, y: Axis, series: Vec<Series>) -> Chart {
        let last = self.points.last().map_or(1.0, |point| f64::from(point.second) + point.length_s);
        Chart {
            id: id.to_owned(),
            title: title.to_owned(),
            about: format!("{}; the table below holds the figures", self.note()),
            x: Axis::linear("seconds since the load began", last),
            y,
            series,
            hatched_to: (self.warm_up_s > 0).then_some(self.warm_up_s as f64),
        }
    }

    fn series(&self, name: &str, of: impl Fn(&Stretch) -> f64) -> Series {
        let place = |point: &Stretch| f64::from(point.second) + point.length_s / 2.0;
        let points = self.points.iter().map(|point| (place(point), of(point))).collect();
        Series { name: name.to_owned(), points, kind: Kind::Line }
    }

    fn rates(&self, id: &str) -> Figure {
        let rate = |number: u64, point: &Stretch| number as f64 / point.length_s;
        let series = vec![
            self.series("ok", |point| rate(point.ok, point)),
            self.series("asked to wait (429)", |point| rate(point.limited, point)),
            self.series("failed", |point| rate(point.failed, point)),
        ];
        let high = series.iter().flat_map(|series| &series.points).map(|(_, rate)| *rate).fold(0.0, f64::max);
        let chart = self.chart(id, "Requests a second", Axis::linear("requests/s", high), series);
        let rows = self.points.iter().map(|point| {
            let rates = [point.ok, point.limited, point.failed]
                .map(|number| format!("{:.1}", rate(number, point)))
                .into_iter();
            [point.second.to_string()].into_iter().chain(rates).chain([point.in_flight.to_string()]).collect()
        });
        let heads = ["from second", "ok/s", "429/s", "failed/s", "under way at its end"];
        Figure::new(&chart, self.note(), &heads, rows.collect())
    }

    fn latencies(&self, id: &str) -> Figure {
        let ms = |us: u64| us as f64 / 1_000.0;
        let series = vec![
            self.series("p50", |point| ms(point.worst.p50_us)),
            self.series("p99", |point| ms(point.worst.p99_us)),
            self.series("max", |point| ms(point.worst.max_us)),
        ];
        let values: Vec<f64> =
            series.iter().flat_map(|series| &series.points).map(|(_, value)| *value).collect();
        let axis = Axis::logarithmic("ms, from due to last byte", values.into_iter());
        let chart = self.chart(id, "Latency over time", axis, series);
        let rows = self.points.iter().map(|point| {
            let Latency { p50_us, p90_us, p99_us, p999_us, max_us } = point.worst;
            let cells = [p50_us, p90_us, p99_us, p999_us, max_us].map(digest::milliseconds);
            [point.second.to_string()].into_iter().chain(cells).collect()
        });
        let heads = ["from second", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms"];
        Figure::new(&chart, self.note(), &heads, rows.collect())
    }
}

impl Stretch {
    fn of(intervals: &[Interval], end_s: f64) -> Option<Self> {
        let sum = |of: fn(&Interval) -> u64| intervals.iter().map(of).fold(0, u64::saturating_add);
        let worst = |of: fn(&Latency) -> u64| {
            intervals.iter().map(|interval| of(&interval.response)).max().unwrap_or_default()
        };
        let second = intervals.first()?.second;
        let (whole_s, left_s) = (intervals.len() as f64, end_s - f64::from(second));
        Some(Self {
            second,
            length_s: if left_s > 0.0 { whole_s.min(left_s) } else { whole_s },
            ok: sum(|interval| interval.ok),
            limited: sum(|interval| interval.limited),
            failed: sum(|interval| interval.failed),
            in_flight: intervals.last()?.in_flight,
            worst: Latency {
                p50_us: worst(|latency| latency.p50_us),
                p90_us: worst(|latency| latency.p90_us),
                p99_us: worst(|latency| latency.p99_us),
                p999_us: worst(|latency| latency.p999_us),
                max_us: worst(|latency| latency.max_us),
            },
        })
    }
}

/// How slow the slowest were, over the share of requests that were faster: each mark to the right is a tenth of the rest.
fn distribution(id: &str, operations: &[Operation]) -> Option<Figure> {
    let shown: Vec<&Operation> = operations
        .iter()
        .filter(|operation| operation.outcome == LoadOutcome::Ok && operation.count > 0)
        .collect();
    let series: Vec<Series> = shown
        .iter()
        .take(LINES_MAX)
        .map(|operation| Series {
            name: format!("{} (n = {})", text::fit(&operation.name, 24), text::grouped(operation.count)),
            points: quantiles(operation),
            kind: Kind::Curve,
        })
        .collect();
    let points = || series.iter().flat_map(|series| &series.points);
    let nines = points().map(|(nines, _)| *nines).fold(1.0, f64::max).ceil().min(f64::from(NINES_MAX));
    let ticks = ["0 %", "90 %", "99 %", "99.9 %", "99.99 %", "99.999 %", "99.9999 %", "99.99999 %"];
    let ticks = (0_u8..).map(f64::from).zip(ticks).take_while(|(at, _)| *at <= nines);
    let ticks = ticks.map(|(at, text)| (at, text.to_owned())).collect();
    if series.is_empty() {
        return None;
    }
    let values: Vec<f64> = points().map(|(_, value)| *value).collect();
    let note = "What came out well, the warm-up left out. Each mark to the right is a tenth of the requests before it.";
    let chart = Chart {
        id: id.to_owned(),
        title: "Latency by percentile".to_owned(),
        about: "Milliseconds over percentiles, by operation; the table below holds the figures".to_owned(),
        x: Axis::marked("share of requests that took no longer", 0.0, nines, ticks),
        y: Axis::logarithmic("ms, from due to last byte", values.into_iter()),
        series,
        hatched_to: None,
    };
    let rows = shown.iter().map(|operation| {
        let Latency { p50_us, p90_us, p99_us, p999_us, max_us } = operation.response;
        let cells = [p50_us, p90_us, p99_us, p999_us, max_us].map(digest::milliseconds);
        [operation.name.clone(), text::grouped(operation.count)].into_iter().chain(cells).collect()
    });
    let heads = ["operation", "n", "p50 ms", "p90 ms", "p99 ms", "p99.9 ms", "max ms"];
    Some(Figure::new(&chart, note.to_owned(), &heads, rows.collect()))
}

/// Latency in milliseconds over nines: 0 is no request, 1 nine tenths, 2 ninety-nine hundredths.
fn quantiles(operation: &Operation) -> Vec<(f64, f64)> {
    let ms = |us: u64| us as f64 / 1_000.0;
    let last = (operation.count.max(1) as f64).log10().min(f64::from(NINES_MAX));
    let Some(histogram) = decoded(&operation.histogram) else {
        let Latency { p50_us, p90_us, p99_us, p999_us, max_us } = operation.response;
        let known = [(2.0_f64.log10(), p50_us), (1.0, p90_us), (2.0, p99_us), (3.0, p999_us)];
        let known = known.into_iter().filter(|(nines, _)| *nines < last);
        return known.chain([(last, max_us)]).map(|(nines, us)| (nines, ms(us))).collect();
    };
    let steps =
        (0..NINES_MAX.saturating_mul(STEPS_A_NINE)).map(|step| f64::from(step) / f64::from(STEPS_A_NINE));
    let steps = steps.take_while(|nines| *nines < last).chain([last]);
    steps.map(|nines| (nines, ms(histogram.value_at_quantile(1.0 - 10.0_f64.powf(-nines))))).collect()
}

/// The distribution; none where it cannot be read.
fn decoded(text: &str) -> Option<Histogram<u64>> {
    use base64::Engine as _;
    if text.len() > HISTOGRAM_CHARS_MAX {
        return None;
    }
    let bytes = base64::engine::general_purpose::STANDARD.decode(text).ok()?;
    let histogram: Histogram<u64> = Deserializer::new().deserialize(&mut bytes.as_slice()).ok()?;
    (!histogram.is_empty()).then_some(histogram)
}

/// Latency over size, both in powers of ten, with the line that was fitted.
fn growth(id: &str, growth: &[Growth]) -> Option<Figure> {
    let ms = |us: u64| us as f64 / 1_000.0;
    let mut series = Vec::new();
    for one in growth.iter().take(LINES_MAX) {
        let points: Vec<(f64, f64)> =
            one.points.iter().map(|point| (point.size as f64, ms(point.p50_us))).collect();
        let fit = fit(&points, one.exponent);
        let name = text::fit(&one.operation, 24);
        series.push(Series { name: format!("{name}, median"), points, kind: Kind::Points });
        series.push(Series { name: format!("fit: size^{:.2}", one.exponent), points: fit, kind: Kind::Fit });
    }
    if series.is_empty() {
        return None;
    }
    let all = || series.iter().flat_map(|series| series.points.clone());
    let (sizes, times): (Vec<f64>, Vec<f64>) = all().unzip();
    let n: u64 =
        growth.iter().flat_map(|one| &one.points).fold(0, |sum, point| sum.saturating_add(point.count));
    let note = format!(
        "n = {} requests, service time; an exponent of 0 is constant, 1 linear, 2 quadratic",
        text::grouped(n)
    );
    let chart = Chart {
        id: id.to_owned(),
        title: "Growth with size".to_owned(),
        about: "Median latency over the size of what was worked on; the table below holds the figures"
            .to_owned(),
        x: Axis::logarithmic("size (members of the group, users of the directory)", sizes.into_iter()),
        y: Axis::logarithmic("ms, from sent to last byte", times.into_iter()),
        series,
        hatched_to: None,
    };
    let rows = growth.iter().flat_map(|one| {
        one.points.iter().map(move |point| {
            let [size, count] = [point.size, point.count].map(text::grouped);
            vec![
                one.operation.clone(),
                size,
                digest::milliseconds(point.p50_us),
                count,
                digest::exponent(one),
            ]
        })
    });
    let heads = ["operation", "size", "median ms", "n", "exponent"];
    Some(Figure::new(&chart, note, &heads, rows.collect()))
}

/// The line of that slope through the middle of the points, from the smallest size to the greatest.
fn fit(points: &[(f64, f64)], exponent: f64) -> Vec<(f64, f64)> {
    let logs: Vec<(f64, f64)> = points
        .iter()
        .filter(|(size, time)| *size > 0.0 && *time > 0.0)
        .map(|(size, time)| (size.ln(), time.ln()))
        .collect();
    let n = logs.len() as f64;
    let (x, y) = logs.iter().fold((0.0, 0.0), |(x, y), (size, time)| (x + size / n, y + time / n));
    let ends = logs.iter().map(|(size, _)| *size);
    let (low, high) =
        ends.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), at| (low.min(at), high.max(at)));
    let at = |size: f64| (size.exp(), (y + exponent * (size - x)).exp());
    if low < high { vec![at(low), at(high)] } else { Vec::new() }
}
