use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};

use shiliu_reprint::{RunId, RunStore};

/// Sorted runs of the reprint index on disk, one behind the other in a file that is made when the first run is put.
/// Where the system allows it, the file has no name from then on: it goes away with the process, whatever ends it.
#[derive(Debug)]
pub struct SpillFolder {
    folder: PathBuf,
    file: Option<File>,
    /// Where the runs end; each starts where the one before ends.
    ends: Vec<u64>,
}

impl SpillFolder {
    /// The file `.spill` below a folder; what stands there is removed.
    #[must_use]
    pub fn below(folder: &Path) -> SpillFolder {
        let spill = SpillFolder { folder: folder.to_owned(), file: None, ends: Vec::new() };
        // Earlier versions had a folder of that name.
        let _ = fs::remove_dir_all(spill.path());
        let _ = fs::remove_file(spill.path());
        spill
    }

    fn path(&self) -> PathBuf {
        self.folder.join(".spill")
    }

    fn start(&self, run: usize) -> u64 {
        run.checked_sub(1).and_then(|before| self.ends.get(before)).copied().unwrap_or(0)
    }
}

impl RunStore for SpillFolder {
    fn put(&mut self, run: &[u8]) -> io::Result<RunId> {
        let number = u32::try_from(self.ends.len()).map_err(|_| io::Error::other("more than 2^32 runs"))?;
        let start = self.start(self.ends.len());
        let file = match &mut self.file {
            Some(file) => file,
            None => {
                fs::create_dir_all(&self.folder)?;
                self.file.insert(nameless_file(&self.path())?)
            }
        };
        file.seek(SeekFrom::Start(start))?;
        file.write_all(run)?;
        self.ends.push(start + run.len() as u64);
        Ok(RunId(number))
    }

    fn open(&self, id: RunId) -> io::Result<Box<dyn Read + '_>> {
        let run = id.0 as usize;
        let (Some(file), Some(&end)) = (&self.file, self.ends.get(run)) else {
            return Err(io::Error::from(io::ErrorKind::NotFound));
        };
        let at = self.start(run);
        Ok(Box::new(Run { file, at, left: end - at }))
    }
}

/// How often a file is made anew when others make one of its name between.
const ATTEMPTS: usize = 64;

/// A new file for reading and writing, at a path that it keeps only where the system wants an open file to have a name;
/// what stood there before is removed. No two callers get the same file, even with the same path at the same time.
///
/// # Errors
/// What the system says; also where a file of that name cannot be removed.
pub fn nameless_file(path: &Path) -> io::Result<File> {
    let mut attempt = 1;
    loop {
        let _ = fs::remove_file(path);
        match OpenOptions::new().read(true).write(true).create_new(true).open(path) {
            Ok(file) => {
                let _ = fs::remove_file(path);
                return Ok(file);
            }
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            Err(error) => return Err(error),
        }
    }
}

/// A run that is read back.
struct Run<'s> {
    file: &'s File,
    at: u64,
    left: u64,
}

impl Read for Run<'_> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let most = usize::try_from(self.left).unwrap_or(usize::MAX).min(into.len());
        // The place in the file is shared with others.
        let mut file = self.file;
        file.seek(SeekFrom::Start(self.at))?;
        let count = file.read(&mut into[..most])?;
        self.at += count as u64;
        self.left -= count as u64;
        Ok(count)
    }
}

impl Drop for SpillFolder {
    fn drop(&mut self) {
        let _ = fs::remove_file(self.path());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_are_read_back_in_any_order_and_nothing_is_left() {
        let folder = tempfile::tempdir().unwrap();
        let mut spill = SpillFolder::below(folder.path());
        let runs: Vec<Vec<u8>> = (0..20u8).map(|at| vec![at; 1000 * usize::from(at)]).collect();
        for (at, run) in runs.iter().enumerate() {
            assert_eq!(spill.put(run).unwrap(), RunId(at as u32));
        }
        for (at, run) in runs.iter().enumerate().rev() {
            let mut bytes = Vec::new();
            spill.open(RunId(at as u32)).unwrap().read_to_end(&mut bytes).unwrap();
            assert_eq!(&bytes, run);
        }
        // Two at once, and another run put after reading began.
        let (mut one, mut other) = ([0; 4], [0; 4]);
        {
            let mut first = spill.open(RunId(3)).unwrap();
            let mut second = spill.open(RunId(4)).unwrap();
            first.read_exact(&mut one).unwrap();
            second.read_exact(&mut other).unwrap();
            first.read_exact(&mut one).unwrap();
        }
        assert_eq!((one, other), ([3; 4], [4; 4]));
        spill.put(&[7]).unwrap();
        assert!(spill.open(RunId(99)).is_err());
        drop(spill);
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0);
    }

    #[test]
    fn no_two_share_a_file_of_one_name() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("one");
        fs::write(&path, "of another").unwrap();
        let filled = |number: u8| {
            let mut file = nameless_file(&path).unwrap();
            file.write_all(&[number; 100]).unwrap();
            (number, file)
        };
        let files: Vec<(u8, File)> = std::thread::scope(|scope| {
            let makers: Vec<_> = (0..4u8)
                .map(|maker| {
                    scope.spawn(move || (0..50).map(|at| filled(maker * 50 + at)).collect::<Vec<_>>())
                })
                .collect();
            makers.into_iter().flat_map(|maker| maker.join().unwrap()).collect()
        });
        for (number, mut file) in files {
            let mut bytes = Vec::new();
            file.seek(SeekFrom::Start(0)).unwrap();
            file.read_to_end(&mut bytes).unwrap();
            assert_eq!(bytes, [number; 100]);
        }
    }
}
