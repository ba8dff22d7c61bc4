//! From raw dumps of live blogs to Markdown that a person can annotate, and from that Markdown to
//! a static site.
//!
//! ```text
//! dump bytes --import--> Dump{entries, ledger} --merge--> content/*.md             archive import
//! content/*.md --content--> [Entry] --archive--> Archive --pages--> [Page] --build--> public/
//! ```
//!
//! The modules stand in reading order; a file uses only modules above its own in this list.

pub mod diagnostic;
pub mod fs;
pub mod fixity;
pub mod diff;
pub mod change;
pub mod container;
pub mod address;
pub mod words;
pub mod index;
pub mod date;
pub mod entry;
pub mod keys;
pub mod site;
pub mod format;
pub mod import;
pub mod vocabulary;
pub mod record;
pub mod capture;
pub mod published;
pub mod input;
pub mod picture;
pub mod content;
pub mod markdown;
pub mod annotation;
pub mod voices;
pub mod search;
pub mod merge;
pub mod history;
pub mod archive;
pub mod paths;
pub mod cite;
pub mod card;
pub mod table;
pub mod datapackage;
pub mod skos;
pub mod template;
pub mod view;
pub mod data;
pub mod links;
pub mod pages;
pub mod folder;
pub mod cache;
pub mod evidence;
pub mod build;
pub mod deposit;
pub mod epub;
pub mod suggest;
pub mod twins;
pub mod status;
pub mod check;
pub mod serve;
pub mod cli;
