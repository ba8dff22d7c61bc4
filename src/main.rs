//! The `archive` program: parse, run, print, exit.

fn main() {}
