//! The oracle: its own rules, and the reference server held to it.

#[cfg(test)]
mod accused;
#[cfg(test)]
mod engine_filter;
#[cfg(test)]
mod engine_patch;
#[cfg(test)]
mod filters;
#[cfg(test)]
mod patches;
#[cfg(test)]
mod planted;
#[cfg(test)]
mod pools;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod rules_filter;
#[cfg(test)]
mod rules_gauged;
#[cfg(test)]
mod rules_patch;
#[cfg(test)]
mod second_opinion;
#[cfg(test)]
mod trial;
