//! What the reference server does, as its clients see it.

#[cfg(test)]
mod support;

#[cfg(test)]
mod admin;
#[cfg(test)]
mod applications;
#[cfg(test)]
mod asked;
#[cfg(test)]
mod before;
#[cfg(test)]
mod clients;
mod create;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod doors;
#[cfg(test)]
mod faults;
#[cfg(test)]
mod groups;
#[cfg(test)]
mod lists;
#[cfg(test)]
mod manager_races;
#[cfg(test)]
mod managers;
#[cfg(test)]
mod office;
#[cfg(test)]
mod outbox;
#[cfg(test)]
mod patch;
#[cfg(test)]
mod queries;
#[cfg(test)]
mod read;
#[cfg(test)]
mod refusals;
#[cfg(test)]
mod replace_delete;
#[cfg(test)]
mod robustness;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod socket;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod transcript;
#[cfg(test)]
mod variants;
