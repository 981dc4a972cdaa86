//! The program's subcommands, one a file: its arguments and its `run`.

pub mod simulate;
