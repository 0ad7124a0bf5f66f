//! What a run is told of failures before it begins: which are known, and which an earlier run has.

use harness::Waiving;
use profiles::Day;
use record::{Baseline, Part, Run, TargetInfo};

use crate::args::{BaselineOption, JudgingOptions};
use crate::failure::Failure;
use crate::report;
use crate::target::{BESIDE, TargetOptions};

/// Known failures, and the earlier run that this one is compared with.
pub(crate) struct Judging {
    pub(crate) waiving: Waiving,
    pub(crate) earlier: Earlier,
}

/// The earlier run that this one is compared with, and its path; none where it is compared with none.
#[derive(Clone, Default)]
pub(crate) struct Earlier(Option<(String, Run)>);

impl Judging {
    /// Reads the files that the options name; the waivers may be named by the target file.
    pub(crate) fn read(options: &JudgingOptions, target: &TargetOptions) -> Result<Self, Failure> {
        let waiving = match &options.waivers {
            None => Waiving::default(),
            Some(path) => {
                let name = path.display().to_string();
                let text = std::fs::read_to_string(path).map_err(|error| {
                    let message = format!("cannot read the waivers {name}: {error}");
                    match target.names_waivers(path) {
                        Some(said) => said.wrong(&["waivers"], message, BESIDE),
                        None => Failure::usage(message),
                    }
                })?;
                let waivers = suites::parse_waivers(&text, &name).map_err(Failure::usage)?;
                Waiving::new(name, waivers, today()?)
            }
        };
        Ok(Self { waiving, earlier: Earlier::read(&options.baseline)? })
    }
}

impl Earlier {
    /// Reads the file that the option names.
    pub(crate) fn read(option: &BaselineOption) -> Result<Self, Failure> {
        let Some(path) = &option.baseline else { return Ok(Self(None)) };
        let run = report::read(path)?;
        Ok(Self(Some((path.display().to_string(), run))))
    }

    /// Makes sure, before anything is sent, that it is one to compare with where a run is to have these parts.
    pub(crate) fn can_compare(&self, target: &TargetInfo, parts: &[Part]) -> Result<(), Failure> {
        let Some((path, earlier)) = &self.0 else { return Ok(()) };
        Baseline::comparable(earlier, target, parts).map_err(|why| {
            Failure::incomparable(format!("the baseline {path} cannot be compared with this run: {why}"))
        })
    }

    /// Tells what became of what was wrong in it.
    pub(crate) fn hold(&self, run: &mut Run) {
        if let Some((_, earlier)) = &self.0 {
            run.hold_to(earlier);
        }
    }
}

/// The day by which waivers expire, in UTC, so that it is the same wherever a run is made.
fn today() -> Result<Day, Failure> {
    let now = jiff::Timestamp::now().to_string();
    let mut numbers = now.split(['-', 'T']).map_while(|part| part.parse::<u16>().ok());
    let small = |number: Option<u16>| number.and_then(|number| u8::try_from(number).ok());
    let year = numbers.next();
    let (month, day) = (small(numbers.next()), small(numbers.next()));
    let today = year.zip(month).zip(day).and_then(|((year, month), day)| Day::new(year, month, day));
    today.ok_or_else(|| Failure::mishap(format!("no day can be made of the time {now}")))
}
