//! `glossator completions`: prints the script that completes commands and options in a shell.

use std::io::Write;

use super::exit::Exit;

/// `completions`
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Install it for you alone:
  bash        glossator completions bash > ~/.local/share/bash-completion/completions/glossator
  zsh         glossator completions zsh > ~/.zfunc/_glossator   (and ~/.zfunc in $fpath)
  fish        glossator completions fish > ~/.config/fish/completions/glossator.fish
  elvish      glossator completions elvish >> ~/.config/elvish/rc.elv
  powershell  glossator completions powershell >> $PROFILE

The Debian package and the archives bring the files along.")]
pub(super) struct Completions {
    /// The shell
    #[arg(value_enum)]
    shell: clap_complete::Shell,
}

pub(super) fn run(
    completions: &Completions,
    mut command: clap::Command,
    out: &mut dyn Write,
) -> anyhow::Result<Exit> {
    // The generator panics if a write fails, so it writes to memory.
    let mut script = Vec::new();
    let name = command.get_name().to_owned();
    clap_complete::generate(completions.shell, &mut command, name, &mut script);
    out.write_all(&script)?;
    Ok(Exit::Clean)
}
