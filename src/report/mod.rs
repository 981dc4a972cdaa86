//! What an audit is written down as: words, tables, pictures.

pub mod chart;
pub mod compare;
pub mod csv;
pub mod json;
pub mod labels;
pub mod lines;
pub mod lint;
pub mod menu;
pub mod menu_graph;
pub mod norms;
pub mod notes;
pub mod page;
pub mod pictures;
pub mod prompts;
pub mod scorecard;
pub mod summary;
pub mod table;
pub mod trend;
pub mod walked;
pub mod words;
pub mod write;
pub mod xlsx;
