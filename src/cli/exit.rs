//! How a command ends, and its exit code.

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// It ran and found nothing wrong.
    Clean,
    /// It ran, and `check` found something at warning level or above.
    Findings,
    /// It could not run.
    Failed,
}

impl Exit {
    /// The exit code of the process; 2 is also the code for invalid arguments.
    #[must_use]
    pub fn code(self) -> u8 {
        match self {
            Self::Clean => 0,
            Self::Findings => 1,
            Self::Failed => 2,
        }
    }
}
