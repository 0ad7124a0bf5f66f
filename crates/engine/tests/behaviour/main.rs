//! What the engine does, through its public interface.

#[cfg(test)]
mod accept;
#[cfg(test)]
mod parsing;
