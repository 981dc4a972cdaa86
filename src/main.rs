//! See [`bezet::command`].

fn main() -> std::process::ExitCode {
    bezet::command::main()
}
