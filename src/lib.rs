//! From raw dumps of live blogs to Markdown that a person can annotate, and from that Markdown to
//! a static site.
//!
//! ```text
//! dump bytes --import--> Dump{entries, ledger} --merge--> content/*.md             archive import
//! content/*.md --content--> [Entry] --archive--> Archive --pages--> [Page] --build--> public/
//! ```
//!
//! The modules stand in reading order; a file uses only modules above its own in this list.

pub mod date;
pub mod diagnostic;
pub mod entry;
pub mod format;
pub mod fs;
pub mod import;
