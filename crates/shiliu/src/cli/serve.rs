//! `shiliu serve`: the web app over an archive, on this machine only.

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use clap::Args;
use shiliu_archive::store::Archive;
use shiliu_lang::{Pack, Profile};

use super::{CommandError, Finish, Printer, archive_verbs, data};
use crate::web::{MOST_REVIEWERS, READER, Site, name_of, router};

/// The port where none is named; the next free one if it is taken.
const PORT: u16 = 7340;
/// How many ports after it are tried.
const TRIED: u16 = 20;
/// How long open connections may take to end.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Args)]
pub(super) struct ServeArguments {
    /// Folder of the archive.
    #[arg(long, value_name = "DIR", default_value = ".")]
    archive: PathBuf,
    /// Port on 127.0.0.1; 0 for any free one. Without it 7340, or the next free one.
    #[arg(long)]
    port: Option<u16>,
    /// Open the browser.
    #[arg(long)]
    open: bool,
    /// Who reviews: a one-time address is printed for each name. Without it, for the user of this machine.
    #[arg(long, value_name = "NAME")]
    reviewer: Vec<String>,
}

pub(super) fn run(arguments: &ServeArguments, printer: &mut Printer) -> Result<Finish, CommandError> {
    let archive = Archive::open(&arguments.archive).map_err(archive_verbs::failure)?;
    let overview = archive.reader().and_then(|reader| reader.overview()).map_err(archive_verbs::failure)?;
    let profile = data::profile(&overview.profile)?;
    let mut reviewers = Vec::new();
    for typed in &arguments.reviewer {
        let name = name_of(typed).ok_or_else(|| {
            CommandError::usage(format!("--reviewer {typed:?} is no name"))
                .hint("give one line of at most 80 characters")
        })?;
        if !reviewers.contains(&name) {
            reviewers.push(name);
        }
    }
    if reviewers.len() > MOST_REVIEWERS {
        let told =
            format!("{} reviewers are more than one server lets in ({MOST_REVIEWERS})", reviewers.len());
        return Err(CommandError::usage(told).hint("name fewer; whoever is in makes addresses for others"));
    }
    if reviewers.is_empty() {
        reviewers.push(name_of(&user()).unwrap_or_else(|| READER.to_owned()));
    }
    let door = Door { port: arguments.port, open: arguments.open, reviewers };
    serve(archive, data::pack()?, profile, door, printer)
}

/// How a server is reached.
pub(super) struct Door {
    /// The port; 7340 or the next free one without.
    pub(super) port: Option<u16>,
    /// Whether the browser is opened.
    pub(super) open: bool,
    /// For whom one-time addresses are printed; empty where writing needs none.
    pub(super) reviewers: Vec<String>,
}

/// Serves until the process is told to stop.
pub(super) fn serve(
    archive: Archive,
    pack: Pack,
    profile: Profile,
    door: Door,
    printer: &mut Printer,
) -> Result<Finish, CommandError> {
    let (listener, address) = bind(door.port)?;
    let open = door.reviewers.is_empty();
    let who = door.reviewers.first().cloned().unwrap_or_else(user);
    let site = Arc::new(Site::new(archive, pack, profile, address, who, open));
    let failed = |error: std::io::Error| CommandError::stopped(format!("the server could not run: {error}"));
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .max_blocking_threads(8)
        .enable_all()
        .build()
        .map_err(failed)?;
    let url = format!("http://{address}/");
    printer.line(&format!("listening {url}"))?;
    printer.flush()?;
    // The line above is for programs and shows what may be read; these are for the person at the terminal only.
    let mut entrance = None;
    for reviewer in &door.reviewers {
        let own = site.invite(reviewer);
        let whose = if door.reviewers.len() > 1 { format!(" as {reviewer}") } else { String::new() };
        printer.say(&format!("to decide and write{whose}, open this once: {own}"));
        entrance.get_or_insert(own);
    }
    let entrance = entrance.unwrap_or(url);
    printer.say("stop with Ctrl-C");
    if door.open {
        open_browser(&entrance);
    }
    let served = runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        let (stop, stopped) = tokio::sync::watch::channel(false);
        let mut told = stopped.clone();
        let serving = axum::serve(listener, router(site)).with_graceful_shutdown(async move {
            let _ = told.wait_for(|stop| *stop).await;
        });
        let serving = tokio::spawn(async move { serving.await });
        stop_signal().await?;
        let _ = stop.send(true);
        // A browser may keep a connection open for ever: it is given a moment only.
        let _ = tokio::time::timeout(PATIENCE, serving).await;
        Ok(())
    });
    runtime.shutdown_timeout(PATIENCE);
    served.map_err(failed)?;
    printer.say("stopped");
    Ok(Finish::Done)
}

/// Ctrl-C or, where there is one, the signal to end.
async fn stop_signal() -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut end = signal(SignalKind::terminate())?;
        tokio::select! {
            interrupted = tokio::signal::ctrl_c() => interrupted,
            _ = end.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await
}

/// Loopback only, whatever is asked for.
fn bind(port: Option<u16>) -> Result<(TcpListener, SocketAddr), CommandError> {
    let at = |port: u16| TcpListener::bind((Ipv4Addr::LOCALHOST, port));
    let bound = match port {
        Some(port) => at(port),
        None => (PORT..PORT + TRIED).find_map(|port| at(port).ok()).map_or_else(|| at(0), Ok),
    };
    let named = port.unwrap_or(PORT);
    let failed = |error: std::io::Error| {
        CommandError::usage(format!("port {named} of 127.0.0.1 cannot be used: {error}"))
            .hint("choose another one with --port, or any free one with --port 0")
    };
    let listener = bound.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, address))
}

/// The name under which corrections are kept.
pub(super) fn user() -> String {
    ["SHILIU_USER", "USER", "USERNAME"]
        .iter()
        .filter_map(|name| std::env::var(name).ok())
        .find(|name| !name.trim().is_empty())
        .unwrap_or_else(|| READER.to_owned())
}

/// Opens the browser where there is a screen to show it on; nothing depends on it.
fn open_browser(url: &str) {
    let command = if cfg!(target_os = "macos") {
        "open"
    } else if std::env::var_os("DISPLAY").is_some() || std::env::var_os("WAYLAND_DISPLAY").is_some() {
        "xdg-open"
    } else {
        return;
    };
    let quiet = std::process::Stdio::null;
    let _ =
        std::process::Command::new(command).arg(url).stdin(quiet()).stdout(quiet()).stderr(quiet()).spawn();
}
