//! `add`: takes sources one by one, then reads everything held and replaces what is derived.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use shiliu_lang::{Pack, Profile};
use shiliu_reprint::Settings;
use shiliu_text::{Diagnostic, Severity, digest_of, hex};

use super::corrections::Active;
use super::holdings::{self, Taken};
use super::spill::SpillFolder;
use super::{DATABASE, StoreError, Writer, corrections, derived, meta, register, set_meta};
use crate::intake::{IntakeLimits, take_each};
use crate::pipeline::{ReadOptions, Stage, read_all};

/// Largest source: what SQLite holds in one value, with some room.
const LARGEST_SOURCE: u64 = 900_000_000;

/// What is being done.
#[derive(Clone, Copy, Debug)]
pub enum Progress<'a> {
    /// A source was looked at: its name, and how many so far.
    Taking(&'a str, usize),
    /// A stage: done, total.
    Reading(Stage, usize, usize),
    /// The result is being written.
    Writing,
}

/// How to add.
pub struct AddOptions<'a> {
    /// The time, as it shall be kept (RFC 3339). The store reads no clock.
    pub when: &'a str,
    /// Told of the work as it goes on.
    pub progress: &'a (dyn Fn(Progress<'_>) + Sync),
    /// Asked after each source whether to stop; what was taken is safe.
    pub stop: &'a dyn Fn(usize) -> bool,
    /// How reprints are looked for.
    pub reprints: Settings,
    /// Read again even where nothing changed.
    pub reread: bool,
}

impl<'a> AddOptions<'a> {
    /// Adding at `when`, silently.
    #[must_use]
    pub fn at(when: &'a str) -> AddOptions<'a> {
        AddOptions { when, progress: &|_| (), stop: &|_| false, reprints: Settings::default(), reread: false }
    }
}

/// How much an archive holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Sources: different files by content.
    pub sources: u64,
    /// Pages.
    pub pages: u64,
    /// Issues.
    pub issues: u64,
    /// Articles.
    pub articles: u64,
    /// Stories.
    pub stories: u64,
    /// Stories that more than one page prints.
    pub reprinted: u64,
    /// Records.
    pub records: u64,
}

/// What `add` did.
#[derive(Clone, Debug, Default)]
pub struct AddReport {
    /// Sources that are new at their path.
    pub new: usize,
    /// Files that changed since they were taken; their old content is kept.
    pub changed: usize,
    /// Sources that were held already.
    pub known: usize,
    /// Whether the pages were read again; `false` where nothing that matters changed.
    pub reread: bool,
    /// What could not be taken.
    pub diagnostics: Vec<Diagnostic>,
    /// How many of the given paths exist.
    pub existing: usize,
    /// What the archive holds now.
    pub counts: Counts,
    /// Findings of the stages, by severity.
    pub findings: BTreeMap<Severity, u64>,
}

impl Writer {
    /// Takes every source at `paths`, each committed as it is taken, then reads all that is held. Adding the
    /// same files again changes nothing.
    ///
    /// # Errors
    /// [`StoreError::NoSpace`], [`StoreError::Stopped`] and whatever the database gives. Files that cannot be
    /// read are diagnostics of the report.
    pub fn add(
        &mut self,
        paths: &[PathBuf],
        pack: &Pack,
        profile: &Profile,
        options: &AddOptions<'_>,
    ) -> Result<AddReport, StoreError> {
        let mut report = AddReport::default();
        let mut trouble: Option<StoreError> = None;
        let own = self.archive.file.canonicalize().ok();
        let limits = IntakeLimits { source: LARGEST_SOURCE, ..IntakeLimits::default() };
        let file = self.archive.file.clone();
        let connection = RefCell::new(&mut self.connection);
        let mut looked_at = 0;
        let intake = take_each(paths, &limits, &mut |input| {
            if is_own(&input.place, own.as_deref()) {
                return true;
            }
            looked_at += 1;
            (options.progress)(Progress::Taking(&input.key.path, looked_at));
            match holdings::take(&mut connection.borrow_mut(), &input, options.when) {
                Ok(Taken::Known) => report.known += 1,
                Ok(Taken::Relabelled | Taken::Changed) => report.changed += 1,
                Ok(Taken::New) => report.new += 1,
                Err(error) => {
                    trouble = Some(StoreError::of_database(&file, error));
                    return false;
                }
            }
            let taken = report.new + report.changed;
            if (options.stop)(taken) {
                trouble = Some(StoreError::Stopped { file: file.clone(), taken });
                return false;
            }
            true
        });
        if let Some(trouble) = trouble {
            return Err(trouble);
        }
        report.diagnostics = intake.diagnostics;
        report.existing = intake.existing;
        self.read_again(pack, profile, options, &mut report)?;
        Ok(report)
    }

    /// Reads all that is held, if anything it depends on changed since the last time.
    pub(super) fn read_again(
        &mut self,
        pack: &Pack,
        profile: &Profile,
        options: &AddOptions<'_>,
        report: &mut AddReport,
    ) -> Result<(), StoreError> {
        let file = self.archive.file.clone();
        let fault = |error| StoreError::of_database(&file, error);
        let key = self.stage_key(pack, profile).map_err(fault)?;
        let known = meta(&self.connection, "stage_key").map_err(fault)?;
        if options.reread || known.as_deref() != Some(key.as_str()) {
            let inputs = holdings::inputs(&self.connection).map_err(fault)?;
            let active = Active::of(corrections::all(&self.connection).map_err(fault)?);
            let mut runs = SpillFolder::below(&self.archive.folder);
            let tell = |stage, done, total| (options.progress)(Progress::Reading(stage, done, total));
            let read_options = ReadOptions {
                until: Stage::Records,
                progress: &tell,
                reprints: options.reprints.clone(),
                interventions: Some(&active),
            };
            let reading = read_all(&inputs, &mut runs, pack, profile, &read_options)
                .map_err(|error| StoreError::of_file(&self.archive.folder.join(".spill"), error))?;
            drop(inputs);
            (options.progress)(Progress::Writing);
            let transaction = self.connection.transaction().map_err(fault)?;
            derived::replace(&transaction, &reading, pack, &active.lost()).map_err(fault)?;
            register::after_reading(&transaction).map_err(fault)?;
            set_meta(&transaction, "stage_key", &key).map_err(fault)?;
            let last = "SELECT coalesce(max(id), 0) FROM holding";
            let last: i64 = transaction.query_row(last, [], |row| row.get(0)).map_err(fault)?;
            set_meta(&transaction, "read_up_to", &last.to_string()).map_err(fault)?;
            transaction.commit().map_err(fault)?;
            report.reread = true;
        }
        report.counts = super::read::counts(&self.connection).map_err(fault)?;
        report.findings = super::read::findings(&self.connection).map_err(fault)?;
        Ok(())
    }

    /// Everything that the derived tables follow from: program and stage versions, rule data, holdings and
    /// corrections.
    fn stage_key(&self, pack: &Pack, profile: &Profile) -> rusqlite::Result<String> {
        let mut described = Vec::new();
        described.extend_from_slice(env!("CARGO_PKG_VERSION").as_bytes());
        described.extend_from_slice(&derived::VERSION.to_le_bytes());
        for stage in Stage::ALL {
            described.extend_from_slice(stage.as_str().as_bytes());
            described.extend_from_slice(&stage.version().to_le_bytes());
        }
        described.extend_from_slice(&pack.digest().0);
        described.extend_from_slice(&profile.digest().0);
        holdings::describe(&self.connection, &mut described)?;
        described.extend_from_slice(&corrections::head(&self.connection)?);
        Ok(hex(&digest_of(&described).0))
    }
}

/// The archive's own files are never pages of it, wherever `add` is pointed.
fn is_own(place: &Path, own: Option<&Path>) -> bool {
    let is_database = place.file_name().is_some_and(|name| name.to_string_lossy().starts_with(DATABASE));
    is_database && own.is_some_and(|own| place.canonicalize().is_ok_and(|place| place == own))
}
