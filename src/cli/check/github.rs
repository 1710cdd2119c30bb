//! Findings as GitHub Actions workflow commands, one annotation per line. Escaping follows GitHub's own
//! toolkit (`packages/core/src/command.ts`).

use std::io::{self, Write};

use super::checked::Checked;
use crate::cli::layout;
use crate::config::Level;
use crate::text::Encoding;
use crate::text::visible::visible;

pub(super) fn write(checked: &[Checked], out: &mut dyn Write) -> io::Result<()> {
    for file in checked {
        let path = layout::path_from_here(file.file.path());
        for finding in &file.findings {
            let start = file.text.position(finding.span.start, Encoding::Utf32);
            let command = match finding.level {
                Level::Error => "error",
                Level::Warning => "warning",
                Level::Information | Level::Hint | Level::Off => "notice",
            };
            writeln!(
                out,
                "::{command} file={},line={},col={},title={}::{}",
                property(&path),
                start.line + 1,
                start.character + 1,
                property(&format!("glossator: {}", finding.code.name())),
                message(&finding.message),
            )?;
        }
    }
    Ok(())
}

fn message(text: &str) -> String {
    visible(text).replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    message(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_would_end_a_command_is_escaped() {
        assert_eq!(message("50% of it\r\nis: gone, they say"), "50%25 of it%0D%0Ais: gone, they say");
        assert_eq!(property("a:b,c%.md"), "a%3Ab%2Cc%25.md");
    }
}
