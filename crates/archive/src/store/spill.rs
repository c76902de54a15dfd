use std::fs::{self, File};
use std::io::{self, BufReader, Read};
use std::path::{Path, PathBuf};

use shiliu_reprint::{RunId, RunStore};

/// Sorted runs of the reprint index on disk, in a folder that goes away with the value; it is made when the first run
/// is put. One process at a time: the archive's lock sees to that. What a killed run left is cleared by the next.
#[derive(Debug)]
pub struct SpillFolder {
    folder: PathBuf,
    count: u32,
}

impl SpillFolder {
    /// The folder `.spill` below another; what stands there is removed.
    #[must_use]
    pub fn below(folder: &Path) -> SpillFolder {
        let folder = folder.join(".spill");
        let _ = fs::remove_dir_all(&folder);
        SpillFolder { folder, count: 0 }
    }

    fn path(&self, run: u32) -> PathBuf {
        self.folder.join(format!("{run:08}"))
    }
}

impl RunStore for SpillFolder {
    fn put(&mut self, run: &[u8]) -> io::Result<RunId> {
        fs::create_dir_all(&self.folder)?;
        fs::write(self.path(self.count), run)?;
        self.count += 1;
        Ok(RunId(self.count - 1))
    }

    fn open(&self, id: RunId) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(BufReader::new(File::open(self.path(id.0))?)))
    }
}

impl Drop for SpillFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.folder);
    }
}
