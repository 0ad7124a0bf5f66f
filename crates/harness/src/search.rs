use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};

use client::Request;
use serde_json::Value;

use crate::journal::is_of_run;
use crate::ledger::{Standing, names_of, path_of};
use crate::removal::Removal;

/// How many resources are asked for in one page.
const PAGE_SIZE: &str = "200";
/// At how many places at most something is taken to be that carries a name of the run and that nobody knows of, in each list. Each
/// costs some requests, and the target says how many there are.
const OF_RUN_MAX: usize = 2_000;
/// The same of the places of one name. A name is given once, and some servers store twice what they are sent.
const OF_ONE_NAME_MAX: usize = 20;

/// How many pages may still be read to find resources by their names. A big directory, or one that always has one
/// more page, would otherwise keep a clean-up for ever.
#[derive(Debug)]
pub(crate) struct Pages {
    most: u32,
    read: AtomicU32,
    /// What to do when that was not enough.
    advice: &'static str,
}

impl Pages {
    /// For a run and all its checks together.
    pub(crate) const fn of_a_run() -> Self {
        Self::new(1_000, "`scimproof sweep` looks further")
    }

    /// For a sweep, which somebody waits for on purpose.
    pub(crate) const fn of_a_sweep() -> Self {
        Self::new(10_000, "look for it by hand")
    }

    /// For the last look of a run, which looks by filter where a list is long.
    pub(crate) const fn of_a_last_look() -> Self {
        Self::new(10, "look for it by hand")
    }

    const fn new(most: u32, advice: &'static str) -> Self {
        Self { most, read: AtomicU32::new(0), advice }
    }

    fn take(&self) -> Result<(), String> {
        let more = |read: u32| (read < self.most).then_some(read + 1);
        let taken = self.read.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
        taken.map(drop).map_err(|_| {
            format!(
                "not found on the {} pages that may be read to look for names; {}",
                self.most, self.advice
            )
        })
    }
}

/// What lists say about names that a run gave, by endpoint.
#[derive(Default)]
pub(crate) struct Whereabouts(BTreeMap<String, Walk>);

/// Where the resources of one name are.
#[derive(Default)]
struct Places {
    known: Vec<String>,
    /// Whether there are more than are taken note of.
    more: bool,
}

/// What one walk through a list came to.
#[derive(Default)]
struct Walk {
    /// The paths of the resources of each name, in lower case.
    paths: BTreeMap<String, Places>,
    /// The paths of everything that carries a name of the run, asked for or not.
    of_run: BTreeSet<String>,
    /// Why it ended before the list did.
    broken_off: Option<String>,
}

impl Whereabouts {
    /// Where the resources of a name are.
    ///
    /// # Errors
    ///
    /// Where none was found and there may be one all the same.
    pub(crate) fn of(&self, endpoint: &str, name: &str) -> Result<Vec<String>, String> {
        let Some(walk) = self.0.get(endpoint) else {
            return Err("its name is none that the run gave, so it may not be ours".to_owned());
        };
        match (walk.paths.get(&name.to_lowercase()), &walk.broken_off) {
            (Some(places), Some(reason)) if places.known.is_empty() => Err(reason.clone()),
            (Some(places), _) => Ok(places.known.clone()),
            (None, _) => Err("its name is none that the run gave, so it may not be ours".to_owned()),
        }
    }

    /// Whether more resources have a name than anybody looks after.
    pub(crate) fn is_crowded(&self, endpoint: &str, name: &str) -> bool {
        let places = self.0.get(endpoint).and_then(|walk| walk.paths.get(&name.to_lowercase()));
        places.is_some_and(|places| places.more)
    }

    /// Whether an endpoint was walked through.
    pub(crate) fn knows(&self, endpoint: &str) -> bool {
        self.0.contains_key(endpoint)
    }

    /// The paths of everything that carries a name of the run, in the lists that were walked through.
    pub(crate) fn of_run(&self) -> impl Iterator<Item = &String> {
        self.0.values().flat_map(|walk| &walk.of_run)
    }
}

impl Removal<'_> {
    /// Looks for everything that is only known by its name, with one walk through each list: a request that never got
    /// its answer left no id to ask for.
    pub(crate) async fn look_for(&self, standing: &[Standing]) -> Whereabouts {
        let mut whereabouts = Whereabouts::default();
        for standing in standing {
            if let Standing::Named { endpoint, name, .. } = standing
                && is_of_run(name, self.run)
            {
                let walk = whereabouts.0.entry(endpoint.clone()).or_default();
                walk.paths.entry(name.to_lowercase()).or_default();
            }
        }
        for (endpoint, walk) in &mut whereabouts.0 {
            let Walk { paths, of_run, broken_off } = walk;
            let mut note = |item: &Value| {
                note(endpoint, item, paths);
                if of_run.len() < OF_RUN_MAX {
                    of_run.extend(self.of_run(endpoint, item));
                }
            };
            *broken_off = self.walk(endpoint, &mut note).await.err();
        }
        whereabouts
    }

    /// Asks for each name in the lists that were not read to their ends.
    pub(crate) async fn ask_by_filter(
        &self,
        whereabouts: &mut Whereabouts,
        naming: impl Fn(&str) -> &'static str,
    ) {
        for (endpoint, walk) in &mut whereabouts.0 {
            if let Some(reason) = walk.broken_off.take() {
                let asked = self.filter(endpoint, naming(endpoint), &mut walk.paths).await;
                walk.broken_off = asked.err().map(|filtered| format!("{reason}; {filtered}"));
            }
        }
    }

    async fn filter(
        &self,
        endpoint: &str,
        naming: &str,
        paths: &mut BTreeMap<String, Places>,
    ) -> Result<(), String> {
        let unseen = paths.iter().filter(|(_, found)| found.known.is_empty()).map(|(name, _)| name.clone());
        for name in unseen.collect::<Vec<_>>() {
            if self.silence.lasts() {
                return Err("the target stopped answering".to_owned());
            }
            let filter = format!("{naming} eq {}", Value::from(name.as_str()));
            let (answer, body) = self.ask(Request::get(endpoint).query("filter", &filter)).await?;
            let Some(page) = body.as_deref().filter(|_| answer.status == 200) else {
                return Err(format!("a filter on {naming} answered {}", answer.status));
            };
            let items =
                page.get("Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let is_asked_for = |item: &Value| names_of(item).any(|known| known.to_lowercase() == name);
            // Who answers with others has not looked for this one.
            if !items.is_empty() && !items.iter().any(is_asked_for) {
                return Err(format!("a filter on {naming} finds others"));
            }
            items.iter().for_each(|item| note(endpoint, item, paths));
        }
        Ok(())
    }

    /// The paths of everything in a list that carries a name of the run, as far as the list can be read.
    pub(crate) async fn of_the_run(&self, endpoint: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut note = |item: &Value| {
            if found.len() < OF_RUN_MAX {
                found.extend(self.of_run(endpoint, item));
            }
        };
        // What was seen until then is enough: whoever asks for this knows more from elsewhere.
        let _ = self.walk(endpoint, &mut note).await;
        found
    }

    /// The path of a resource that carries a name of the run.
    fn of_run(&self, endpoint: &str, item: &Value) -> Option<String> {
        let is_ours = names_of(item).any(|name| is_of_run(name, self.run));
        is_ours.then(|| path_of(endpoint, id_of(item))).flatten()
    }

    async fn walk(&self, endpoint: &str, note: &mut dyn FnMut(&Value)) -> Result<(), String> {
        let mut last_page = Vec::new();
        let mut start = 1_u64;
        loop {
            if self.silence.lasts() {
                return Err("the target stopped answering".to_owned());
            }
            self.pages.take()?;
            let request =
                Request::get(endpoint).query("startIndex", &start.to_string()).query("count", PAGE_SIZE);
            let (answer, body) = self.ask(request).await?;
            let Some(page) = body.as_deref().filter(|_| answer.status == 200) else {
                return Err(format!("listing {endpoint} answered {}", answer.status));
            };
            let items =
                page.get("Resources").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
            let ids: Vec<&str> = items.iter().map(id_of).collect();
            // A server that does not know `startIndex` sends its first page for ever.
            if items.is_empty() || ids == last_page {
                return Ok(());
            }
            items.iter().for_each(&mut *note);
            start = start.saturating_add(items.len() as u64);
            if page.get("totalResults").and_then(Value::as_u64).is_some_and(|total| start > total) {
                return Ok(());
            }
            last_page = ids.into_iter().map(str::to_owned).collect();
        }
    }
}

/// Takes note of where a resource is, if it has one of the names. It may have several texts that hold it.
fn note(endpoint: &str, item: &Value, paths: &mut BTreeMap<String, Places>) {
    let Some(path) = path_of(endpoint, id_of(item)) else { return };
    for name in names_of(item) {
        if let Some(places) = paths.get_mut(&name.to_lowercase())
            && !places.known.contains(&path)
        {
            match places.known.len() < OF_ONE_NAME_MAX {
                true => places.known.push(path.clone()),
                false => places.more = true,
            }
        }
    }
}

fn id_of(item: &Value) -> &str {
    item.get("id").and_then(Value::as_str).unwrap_or_default()
}
