//! Tests of settling days.
