//! What an audit is written down as: words, tables, pictures.

pub mod chart;
pub mod words;
