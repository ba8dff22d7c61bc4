//! The `archive` program: parse, run, print, exit.

fn main() -> std::process::ExitCode {
    archive::cli::run()
}
