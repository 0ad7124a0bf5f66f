//! Line charts as inline SVG: axes with units, lines that differ by colour and by dash, and nothing that moves.

use std::fmt::Write as _;

/// The drawing's own units; the page scales it.
const WIDTH: f64 = 560.0;
const PLOT_HEIGHT: f64 = 200.0;
const LEFT: f64 = 56.0;
const RIGHT: f64 = 26.0;
const BELOW: f64 = 44.0;
/// A row of the key, and about how wide one of its letters is.
const KEY_ROW: f64 = 20.0;
const KEY_LETTER: f64 = 6.9;
/// Lines of more points than this have no dots.
const DOTS_MAX: usize = 40;
/// How big dots on a line are, and points without one.
const DOT: f64 = 2.4;
const POINT: f64 = 4.0;
/// About how many marks an axis has.
const TICKS: f64 = 5.0;

/// An axis: what stands for a value, and the marks along it.
pub(super) struct Axis {
    label: String,
    logarithmic: bool,
    low: f64,
    high: f64,
    ticks: Vec<(f64, String)>,
}

impl Axis {
    /// From zero to at least `high`, in round steps.
    pub(super) fn linear(label: &str, high: f64) -> Self {
        let high = if high.is_finite() && high > 0.0 { high } else { 1.0 };
        let raw = high / TICKS;
        let magnitude = 10_f64.powf(raw.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|factor| factor * magnitude);
        let step = step.into_iter().find(|step| *step >= raw).unwrap_or(raw);
        let count = (high / step).ceil();
        let ticks = (0_u8..=20).map(f64::from).take_while(|at| *at <= count).map(|at| at * step);
        Self {
            label: label.to_owned(),
            logarithmic: false,
            low: 0.0,
            high: count * step,
            ticks: ticks.map(|at| (at, short(at))).collect(),
        }
    }

    /// Around values above zero, in powers of ten; in halves and fifths too where there are few of those.
    pub(super) fn logarithmic(label: &str, values: impl Iterator<Item = f64>) -> Self {
        let (mut low, mut high) = (f64::INFINITY, 0.0_f64);
        for value in values.filter(|value| value.is_finite() && *value > 0.0) {
            (low, high) = (low.min(value), high.max(value));
        }
        if low > high {
            (low, high) = (1.0, 10.0);
        }
        let (first, last) = (low.log10().floor(), high.log10().ceil().max(low.log10().floor() + 1.0));
        let few = last - first <= 3.0;
        let mut ticks = Vec::new();
        for step in (0_u8..40).map(|step| first + f64::from(step)).take_while(|power| *power <= last) {
            for factor in [1.0, 2.0, 5.0] {
                let at = factor * 10_f64.powf(step);
                if (factor == 1.0 || few) && at <= 10_f64.powf(last) * 1.001 {
                    ticks.push((at, short(at)));
                }
            }
        }
        Self {
            label: label.to_owned(),
            logarithmic: true,
            low: 10_f64.powf(first),
            high: 10_f64.powf(last),
            ticks,
        }
    }

    /// Marks of one's own on a linear axis.
    pub(super) fn marked(label: &str, low: f64, high: f64, ticks: Vec<(f64, String)>) -> Self {
        Self { label: label.to_owned(), logarithmic: false, low, high, ticks }
    }

    /// Where a value lies, from 0 to 1; none where it is none that can be shown.
    fn share(&self, value: f64) -> Option<f64> {
        let place = |value: f64| if self.logarithmic { value.log10() } else { value };
        let (low, high) = (place(self.low), place(self.high));
        let share = (place(value) - low) / (high - low);
        share.is_finite().then_some(share.clamp(0.0, 1.0))
    }
}

/// A line, or points alone.
pub(super) struct Series {
    pub(super) name: String,
    pub(super) points: Vec<(f64, f64)>,
    pub(super) kind: Kind,
}

/// How a series is drawn.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A line through points that are shown where there are few.
    Line,
    /// A line alone.
    Curve,
    /// The points alone.
    Points,
    /// A line of the colour of the series before.
    Fit,
}

/// A chart, ready to be drawn.
pub(super) struct Chart {
    /// What the anchors inside begin with.
    pub(super) id: String,
    pub(super) title: String,
    /// What it shows, for those who cannot see it.
    pub(super) about: String,
    pub(super) x: Axis,
    pub(super) y: Axis,
    pub(super) series: Vec<Series>,
    /// Up to which place on the x axis things do not count.
    pub(super) hatched_to: Option<f64>,
}

impl Chart {
    /// The chart as SVG; all text is escaped.
    pub(super) fn svg(&self) -> String {
        let (key, top) = self.key();
        let height = top + PLOT_HEIGHT + BELOW;
        let mut svg = open(&self.id, WIDTH, height, &self.title, &self.about);
        svg.push_str(&key);
        self.frame(&mut svg, top);
        let mut colour = 0;
        for series in &self.series {
            if series.kind != Kind::Fit || colour == 0 {
                colour += 1;
            }
            self.draw(&mut svg, series, colour, top);
        }
        svg.push_str("</svg>");
        svg
    }

    fn x(&self, value: f64) -> Option<f64> {
        self.x.share(value).map(|share| LEFT + share * (WIDTH - LEFT - RIGHT))
    }

    fn y(&self, value: f64, top: f64) -> Option<f64> {
        self.y.share(value).map(|share| top + (1.0 - share) * PLOT_HEIGHT)
    }

    /// What the lines mean, in rows above the plot, and where the plot begins.
    fn key(&self) -> (String, f64) {
        let (mut key, mut x, mut y, mut colour) = (String::new(), LEFT, 12.0, 0);
        for series in &self.series {
            if series.kind != Kind::Fit || colour == 0 {
                colour += 1;
            }
            let wide = 34.0 + KEY_LETTER * series.name.chars().count() as f64;
            if x + wide > WIDTH - RIGHT && x > LEFT {
                (x, y) = (LEFT, y + KEY_ROW);
            }
            let sample = [(x, y), (x + 24.0, y)];
            match series.kind {
                Kind::Points => dots(&mut key, &[(x + 12.0, y)], colour, POINT),
                Kind::Line | Kind::Curve | Kind::Fit => line(&mut key, &sample, colour, series.kind),
            }
            let _ = write!(
                key,
                "<text class=\"key\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                x + 29.0,
                y + 4.0,
                escape(&series.name)
            );
            x += wide + 14.0;
        }
        (key, y + KEY_ROW)
    }

    /// Axes, marks, their labels, and what is hatched.
    fn frame(&self, svg: &mut String, top: f64) {
        let (right, bottom) = (WIDTH - RIGHT, top + PLOT_HEIGHT);
        for (at, text) in &self.y.ticks {
            let Some(y) = self.y(*at, top) else { continue };
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{LEFT} {y:.1}H{right}\"/><text class=\"tick end\" x=\"{:.1}\" y=\"{:.1}\">{}</text>",
                LEFT - 6.0,
                y + 4.0,
                escape(text)
            );
        }
        for (at, text) in &self.x.ticks {
            let Some(x) = self.x(*at) else { continue };
            let _ = write!(
                svg,
                "<path class=\"grid\" d=\"M{x:.1} {top}V{:.1}\"/><text class=\"tick middle\" x=\"{x:.1}\" y=\"{:.1}\">{}</text>",
                bottom + 4.0,
                bottom + 17.0,
                escape(text)
            );
        }
        if let Some(end) = self.hatched_to.and_then(|to| self.x(to)) {
            let _ = write!(
                svg,
                "{}<rect x=\"{LEFT}\" y=\"{top}\" width=\"{:.1}\" height=\"{PLOT_HEIGHT}\" fill=\"url(#{}-hatch)\"/>\
                 <text class=\"tick\" x=\"{:.1}\" y=\"{:.1}\">warm-up</text>",
                hatch(&self.id),
                (end - LEFT).max(0.0),
                self.id,
                LEFT + 4.0,
                top + 13.0
            );
        }
        let _ = write!(
            svg,
            "<path class=\"axis\" d=\"M{LEFT} {top}V{bottom}H{right}\"/>\
             <text class=\"label middle\" x=\"{:.1}\" y=\"{:.1}\">{}</text>\
             <text class=\"label middle\" transform=\"translate(13 {:.1}) rotate(-90)\">{}</text>",
            f64::midpoint(LEFT, right),
            bottom + 36.0,
            escape(&self.x.label),
            f64::midpoint(top, bottom),
            escape(&self.y.label)
        );
    }

    fn draw(&self, svg: &mut String, series: &Series, colour: usize, top: f64) {
        let place = |(x, y): &(f64, f64)| Some((self.x(*x)?, self.y(*y, top)?));
        let points: Vec<(f64, f64)> = series.points.iter().filter_map(place).collect();
        if series.kind != Kind::Points {
            line(svg, &points, colour, series.kind);
        }
        match series.kind {
            Kind::Points => dots(svg, &points, colour, POINT),
            Kind::Line if points.len() <= DOTS_MAX => dots(svg, &points, colour, DOT),
            Kind::Line | Kind::Curve | Kind::Fit => {}
        }
    }
}

/// The start of a drawing that tells what it is.
pub(super) fn open(id: &str, width: f64, height: f64, title: &str, about: &str) -> String {
    format!(
        "<svg class=\"chart\" viewBox=\"0 0 {width} {height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">\
         <title id=\"{id}-t\">{}</title><desc id=\"{id}-d\">{}</desc>",
        escape(title),
        escape(about)
    )
}

/// A pattern of slanted lines.
pub(super) fn hatch(id: &str) -> String {
    format!(
        "<defs><pattern id=\"{id}-hatch\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" \
         patternTransform=\"rotate(45)\"><path class=\"hatch\" d=\"M0 0V7\"/></pattern></defs>"
    )
}

/// A colour's number, from 1 to 6; a seventh line begins anew.
const fn hue(colour: usize) -> usize {
    colour.saturating_sub(1) % 6 + 1
}

fn line(svg: &mut String, points: &[(f64, f64)], colour: usize, kind: Kind) {
    let mut path = String::new();
    for (position, (x, y)) in points.iter().enumerate() {
        let _ = write!(path, "{}{x:.1} {y:.1}", if position == 0 { "M" } else { "L" });
    }
    let fit = if kind == Kind::Fit { " fit" } else { "" };
    let _ = write!(svg, "<path class=\"line c{}{fit}\" d=\"{path}\"/>", hue(colour));
}

fn dots(svg: &mut String, points: &[(f64, f64)], colour: usize, radius: f64) {
    for (x, y) in points {
        let _ = write!(
            svg,
            "<circle class=\"dot c{}\" cx=\"{x:.1}\" cy=\"{y:.1}\" r=\"{radius}\"/>",
            hue(colour)
        );
    }
}

/// A value beside a mark, such as `0.5`, `20` or `10k`.
pub(super) fn short(value: f64) -> String {
    let text = |value: f64, unit: &str| {
        let digits = if value >= 100.0 || value.fract().abs() < 1e-9 { 0 } else { 3 };
        let text = format!("{value:.digits$}");
        let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
        format!("{text}{unit}")
    };
    match value {
        value if value >= 1e6 => text(value / 1e6, "M"),
        value if value >= 1e4 => text(value / 1e3, "k"),
        value => text(value, ""),
    }
}

/// Text for the inside of an element or an attribute.
pub(super) fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in crate::text::line(text).chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chart(points: Vec<(f64, f64)>) -> String {
        let values = points.clone();
        Chart {
            id: "f".to_owned(),
            title: "a <b> & \"c\"".to_owned(),
            about: String::new(),
            x: Axis::linear("seconds", 20.0),
            y: Axis::logarithmic("ms", values.into_iter().map(|(_, y)| y)),
            series: vec![Series { name: "</svg>".to_owned(), points, kind: Kind::Line }],
            hatched_to: Some(3.0),
        }
        .svg()
    }

    #[test]
    fn axes_are_marked_in_round_steps() {
        let marks = |axis: Axis| axis.ticks.into_iter().map(|(_, text)| text).collect::<Vec<_>>().join(" ");
        assert_eq!(marks(Axis::linear("", 452.0)), "0 100 200 300 400 500");
        assert_eq!(marks(Axis::linear("", 0.0)), "0 0.2 0.4 0.6 0.8 1");
        assert_eq!(marks(Axis::logarithmic("", [3.0, 400.0].into_iter())), "1 2 5 10 20 50 100 200 500 1000");
        assert_eq!(marks(Axis::logarithmic("", [0.5, 20_000.0].into_iter())), "0.1 1 10 100 1000 10k 100k");
    }

    #[test]
    fn whatever_was_measured_is_a_drawing() {
        let odd = [f64::NAN, f64::INFINITY, -1.0, 0.0, 1e300, 5.0];
        for points in [vec![], odd.iter().flat_map(|x| odd.iter().map(|y| (*x, *y))).collect()] {
            let svg = chart(points);
            assert!(!svg.contains("NaN") && !svg.contains("inf"), "{svg}");
            assert!(svg.contains("a &lt;b&gt; &amp; &quot;c&quot;") && svg.matches("</svg>").count() == 1);
        }
    }
}
