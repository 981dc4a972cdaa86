//! What is measured of every 10 ms of a channel, once, for all who listen.

pub mod bands;
pub mod network;
