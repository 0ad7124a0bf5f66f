//! What the engine does, through its public interface.

#[cfg(test)]
mod accept;
#[cfg(test)]
mod evaluate;
#[cfg(test)]
mod filter;
#[cfg(test)]
mod generate;
#[cfg(test)]
mod lookup;
#[cfg(test)]
mod parsing;
#[cfg(test)]
mod patch;
#[cfg(test)]
mod patch_any;
#[cfg(test)]
mod patch_clients;
#[cfg(test)]
mod patch_members;
#[cfg(test)]
mod patch_refused;
#[cfg(test)]
mod patching;
#[cfg(test)]
mod sort;
