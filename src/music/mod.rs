pub mod rounds;
pub mod tune;
