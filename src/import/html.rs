//! x
#![allow(dead_code)]
mod select;
mod tree;
