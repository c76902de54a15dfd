//! Archives of pages: zip, tar, tar.gz, and gzip of one file. Sizes are counted while bytes come, never
//! believed; nothing is written to disk, so names in an archive cannot lead anywhere.

use std::io::{Cursor, Read};
use std::path::Path;

use shiliu_press::PageKey;
use shiliu_text::{Diagnostic, Severity};

use super::{Input, Intake, IntakeLimits};

/// Whether a name says that it is an archive.
pub(super) fn is_bundle(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    [".zip", ".tar", ".tar.gz", ".tgz", ".gz"].iter().any(|end| name.ends_with(end))
}

/// Opens an archive and takes its members; an archive in an archive is named and left closed.
pub(super) fn open(bytes: &[u8], key: &PageKey, place: &Path, limits: &IntakeLimits, intake: &mut Intake) {
    let name = key.path.to_ascii_lowercase();
    let mut members = Members { key, place, limits, intake, total: 0, count: 0, cut: false };
    if name.ends_with(".zip") {
        open_zip(bytes, &mut members);
    } else if name.ends_with(".tar") {
        open_tar(bytes, &mut members);
    } else if name.ends_with(".tar.gz") || name.ends_with(".tgz") {
        if let Some(unpacked) = members.gunzip(bytes) {
            open_tar(&unpacked, &mut members);
        }
    } else {
        let inner = key.path.rsplit('/').next().unwrap_or(&key.path);
        let inner = inner[..inner.len() - ".gz".len()].to_owned();
        if let Some(unpacked) = members.gunzip(bytes) {
            members.take(&inner, unpacked);
        }
    }
}

struct Members<'a> {
    key: &'a PageKey,
    place: &'a Path,
    limits: &'a IntakeLimits,
    intake: &'a mut Intake,
    total: u64,
    count: usize,
    /// The packed data broke off.
    cut: bool,
}

impl Members<'_> {
    fn report(&mut self, code: &'static str, member: &str, message: impl Into<String>) {
        let page =
            if member.is_empty() { self.key.path.clone() } else { format!("{}!{member}", self.key.path) };
        self.intake.diagnostics.push(
            Diagnostic::new(code, Severity::Error, message)
                .on(page)
                .hint("unpack it by hand and give the pages that you want read; the others are read"),
        );
    }

    /// Reads a packed stream, counting what really comes out.
    fn unpack(&mut self, stream: impl Read, packed: u64, member: &str) -> Option<Vec<u8>> {
        let room = self.limits.source.min(self.limits.archive.saturating_sub(self.total));
        let allowed = room.min(packed.saturating_mul(self.limits.ratio).max(1 << 20));
        let mut bytes = Vec::new();
        match stream.take(allowed + 1).read_to_end(&mut bytes) {
            Ok(_) if bytes.len() as u64 > allowed => {
                self.report(
                    "archive-bomb",
                    member,
                    format!("unpacks to more than {allowed} bytes: left closed"),
                );
                None
            }
            Ok(_) => {
                self.total += bytes.len() as u64;
                Some(bytes)
            }
            // A stream that ends too early still says what stands before its end.
            Err(error) if member.is_empty() && !bytes.is_empty() => {
                let message = format!(
                    "the packed data breaks off ({error}): its first {} bytes are kept, the rest is lost",
                    bytes.len()
                );
                let noticed = Diagnostic::new("archive-cut", Severity::Error, message);
                let hint = "fetch the file again; it may have been cut off on the way";
                self.intake.diagnostics.push(noticed.on(&self.key.path).hint(hint));
                self.total += bytes.len() as u64;
                self.cut = true;
                Some(bytes)
            }
            Err(error) => {
                self.report("archive-damaged", member, format!("cannot be unpacked: {error}"));
                None
            }
        }
    }

    /// Unpacks a gzip file. What stands behind its last whole part is passed over, as gzip itself does.
    fn gunzip(&mut self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut rest = bytes;
        let mut unpacked = Vec::new();
        let packed = bytes.len() as u64;
        let allowed = self.limits.source.min(packed.saturating_mul(self.limits.ratio).max(1 << 20));
        loop {
            // By reference, so that the decoder takes exactly its part from `rest`.
            let part = self.unpack(flate2::bufread::GzDecoder::new(&mut rest), packed, "")?;
            unpacked.extend_from_slice(&part);
            if unpacked.len() as u64 > allowed {
                self.report("archive-bomb", "", format!("unpacks to more than {allowed} bytes: left closed"));
                return None;
            }
            if self.cut {
                return Some(unpacked);
            }
            if rest.starts_with(&[0x1f, 0x8b]) {
                continue;
            }
            if rest.iter().any(|byte| *byte != 0) {
                let message = format!("{} bytes behind the end are passed over", rest.len());
                let noticed = Diagnostic::new("archive-trailing", Severity::Warning, message);
                self.intake.diagnostics.push(noticed.on(&self.key.path));
            }
            return Some(unpacked);
        }
    }

    fn take(&mut self, member: &str, bytes: Vec<u8>) {
        self.count += 1;
        if is_bundle(member) {
            self.report("archive-nested", member, "an archive inside an archive is not opened");
            return;
        }
        // The member's name is a label; it is never used as a path of this machine.
        let label: String = member.replace('\\', "/").chars().filter(|c| !c.is_control()).collect();
        let mut folders = self.key.folders.clone();
        folders
            .extend(label.split('/').rev().skip(1).map(str::to_owned).collect::<Vec<_>>().into_iter().rev());
        let key = PageKey { path: format!("{}!{label}", self.key.path), folders, manifest: None };
        self.intake.inputs.push(Input { key, bytes, place: self.place.to_owned() });
    }
}

fn hidden(name: &str) -> bool {
    name.split(['/', '\\'])
        .any(|part| part.starts_with('.') && part != "." && part != ".." || part == "__MACOSX")
}

fn open_zip(bytes: &[u8], members: &mut Members<'_>) {
    let mut archive = match zip::ZipArchive::new(Cursor::new(bytes)) {
        Ok(archive) => archive,
        Err(error) => return members.report("archive-damaged", "", format!("not a zip archive: {error}")),
    };
    if archive.len() > members.limits.members {
        let message = format!("{} members; at most {} are taken", archive.len(), members.limits.members);
        return members.report("archive-bomb", "", message);
    }
    // The reader keeps one member a name; what the directory counts tells how many there were.
    let listed = listed_members(bytes).unwrap_or(archive.len());
    if listed > archive.len() {
        let message =
            format!("{} members have the name of another one and are not read", listed - archive.len());
        members.report("archive-names-shared", "", message);
    }
    for index in 0..archive.len() {
        let unpacked = match archive.by_index(index) {
            Ok(member) if member.is_dir() || hidden(member.name()) => continue,
            Ok(member) if member.is_symlink() => {
                let name = member.name().to_owned();
                members.report("archive-link", &name, "a link inside an archive is not followed");
                continue;
            }
            Ok(mut member) => {
                let name = member.name().to_owned();
                let packed = member.compressed_size();
                members.unpack(&mut member, packed, &name).map(|bytes| (name, bytes))
            }
            Err(error) => {
                members.report("archive-damaged", &format!("member {index}"), error.to_string());
                continue;
            }
        };
        if let Some((name, bytes)) = unpacked {
            members.take(&name, bytes);
        }
    }
}

/// How many members the end of a zip file's directory counts; none where it does not say (zip64).
fn listed_members(bytes: &[u8]) -> Option<usize> {
    let at = bytes.windows(4).rposition(|window| window == b"PK\x05\x06")?;
    let count = bytes.get(at + 10..at + 12)?;
    let count = u16::from_le_bytes([count[0], count[1]]);
    (count != u16::MAX).then_some(usize::from(count))
}

fn open_tar(bytes: &[u8], members: &mut Members<'_>) {
    let mut archive = tar::Archive::new(bytes);
    let entries = match archive.entries() {
        Ok(entries) => entries,
        Err(error) => return members.report("archive-damaged", "", format!("not a tar archive: {error}")),
    };
    for entry in entries {
        let mut entry = match entry {
            Ok(entry) => entry,
            Err(error) => return members.report("archive-damaged", "", error.to_string()),
        };
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_symlink() || kind.is_hard_link() {
            members.report("archive-link", &name, "a link inside an archive is not followed");
            continue;
        }
        if !kind.is_file() || hidden(&name) {
            continue;
        }
        if members.count >= members.limits.members {
            return members.report("archive-bomb", "", "more members than are taken");
        }
        // A tar is not packed: what comes out is what lies there.
        let packed = bytes.len() as u64;
        let stated = entry.header().size().unwrap_or(0);
        if let Some(content) = members.unpack(&mut entry, packed, &name) {
            if (content.len() as u64) < stated {
                let message = format!("{} of {stated} bytes are there: left out", content.len());
                // Nothing can stand behind a member that is cut.
                return members.report("archive-damaged", &name, message);
            }
            members.take(&name, content);
        }
    }
}
