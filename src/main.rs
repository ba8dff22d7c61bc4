//! The `archive` program: parse, run, print, exit.

/// A build makes and drops millions of short strings on several threads, which the allocators of most
/// systems are slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    archive::cli::run()
}
