//! What hold music is made of: the notes of its tune, and the loop in which it comes round.

pub mod rounds;
pub mod tune;
