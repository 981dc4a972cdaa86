//! Programs that a test needs beyond this one.

use std::{
    env,
    process::{Command, Stdio},
};

/// Whether `program` is installed, which `flag` asks of it. Where it is missing, the test says so and is passed over, unless
/// `BEZET_REQUIRE_TOOLS=1` makes that a failure.
pub fn installed(program: &str, flag: &str) -> bool {
    let found = Command::new(program).arg(flag).stdout(Stdio::null()).stderr(Stdio::null()).status();
    let found = found.is_ok_and(|status| status.success());
    if !found {
        eprintln!("SKIPPED: {program} not found");
        assert_ne!(env::var("BEZET_REQUIRE_TOOLS").as_deref(), Ok("1"), "{program} is required");
    }
    found
}
