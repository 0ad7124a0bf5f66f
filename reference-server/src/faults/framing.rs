use super::{Fault, Piece};

pub(super) const FAULTS: &[Fault] = &[
    Fault::pieces(
        "pieces-are-decoded-alone",
        "each piece of a body is made text by itself, so that a character on a border is lost",
        &["RFC7644-3.8-R1", "RFC7643-2.3.1-R1"],
        |piece| match piece {
            Piece::Data(data) => Piece::Data(String::from_utf8_lossy(&data).into_owned().into()),
            other => other,
        },
    ),
    Fault::pieces(
        "broken-off-counts-as-whole",
        "a body that breaks off is taken for complete",
        &["RFC7644-3.12-R10"],
        |piece| if piece == Piece::BrokenOff { Piece::End } else { piece },
    ),
];
