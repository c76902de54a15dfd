//! Archives of pages as hostile as they come: each trick has its finding, and the page beside it is read.

use std::io::Write as _;
use std::path::Path;

use shiliu_archive::{Intake, IntakeLimits, intake};
use zip::write::SimpleFileOptions;

const FINE: &str = "# 北砧镇的早市\n\n本报讯（记者 柯以墨）6月3日清晨，北砧镇的早市开张。\n";

fn taken(name: &str, bytes: &[u8]) -> Intake {
    taken_within(name, bytes, &IntakeLimits::default())
}

fn taken_within(name: &str, bytes: &[u8], limits: &IntakeLimits) -> Intake {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let taken = intake::take(&[path], limits);
    let left: Vec<_> = std::fs::read_dir(folder.path()).unwrap().flatten().collect();
    assert_eq!(left.len(), 1, "something was written beside the archive");
    taken
}

fn names(taken: &Intake) -> Vec<&str> {
    taken.inputs.iter().map(|input| input.key.path.as_str()).collect()
}

fn findings(taken: &Intake) -> Vec<(&str, &str)> {
    let page = |found: &shiliu_text::Diagnostic| found.page.clone().unwrap_or_default();
    for found in &taken.diagnostics {
        assert!(!found.message.is_empty() && !page(found).is_empty(), "{found:?}");
    }
    taken.diagnostics.iter().map(|found| (found.code, found.page.as_deref().unwrap_or_default())).collect()
}

fn zipped(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in members {
        writer.start_file(*name, SimpleFileOptions::default()).unwrap();
        writer.write_all(bytes).unwrap();
    }
    writer.finish().unwrap().into_inner()
}

fn gzipped(bytes: &[u8]) -> Vec<u8> {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).unwrap();
    writer.finish().unwrap()
}

fn tarred(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut builder = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        let mut header = tar::Header::new_gnu();
        // Written as it is: the safe way to set a name refuses what a hostile archive holds.
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        header.set_cksum();
        builder.append(&header, *bytes).unwrap();
    }
    builder.into_inner().unwrap()
}

fn zeros() -> Vec<u8> {
    vec![0; 8 << 20]
}

#[test]
fn a_zip_bomb_is_left_closed_and_its_neighbour_is_read() {
    let taken = taken("x.zip", &zipped(&[("a.md", FINE.as_bytes()), ("bomb.txt", &zeros())]));
    assert_eq!(names(&taken), ["x.zip!a.md"]);
    assert_eq!(findings(&taken), [("archive-bomb", "x.zip!bomb.txt")]);
}

#[test]
fn gzip_bombs_are_left_closed_in_one_part_and_in_many() {
    let one = gzipped(&zeros());
    assert_eq!(findings(&taken("x.txt.gz", &one)), [("archive-bomb", "x.txt.gz")]);
    let many = one.repeat(50);
    assert_eq!(findings(&taken("x.txt.gz", &many)), [("archive-bomb", "x.txt.gz")]);
    assert_eq!(
        findings(&taken("x.tar.gz", &gzipped(&tarred(&[("a.txt", &zeros())])))),
        [("archive-bomb", "x.tar.gz")]
    );
}

#[test]
fn the_members_of_one_archive_have_a_limit_together() {
    let limits = IntakeLimits { archive: 3 * FINE.len() as u64, ..IntakeLimits::default() };
    let members: Vec<String> = (0..5).map(|number| format!("{number}.md")).collect();
    let members: Vec<(&str, &[u8])> = members.iter().map(|name| (name.as_str(), FINE.as_bytes())).collect();
    let taken = taken_within("x.zip", &zipped(&members), &limits);
    assert_eq!(names(&taken), ["x.zip!0.md", "x.zip!1.md", "x.zip!2.md"]);
    assert_eq!(findings(&taken), [("archive-bomb", "x.zip!3.md"), ("archive-bomb", "x.zip!4.md")]);
    let limits = IntakeLimits { members: 4, ..IntakeLimits::default() };
    assert_eq!(findings(&taken_within("x.zip", &zipped(&members), &limits)), [("archive-bomb", "x.zip")]);
}

#[test]
fn archives_in_archives_stay_closed() {
    let inner = zipped(&[("deep.md", FINE.as_bytes())]);
    let members: [(&str, &[u8]); 3] =
        [("a.md", FINE.as_bytes()), ("in.zip", &inner), ("in.tar.gz", b"\x1f\x8b")];
    for (name, bytes) in [("x.zip", zipped(&members)), ("x.tar", tarred(&members))] {
        let taken = taken(name, &bytes);
        assert_eq!(names(&taken), [format!("{name}!a.md")]);
        let codes: Vec<&str> = findings(&taken).into_iter().map(|(code, _)| code).collect();
        assert_eq!(codes, ["archive-nested", "archive-nested"]);
    }
}

#[test]
fn a_forged_size_changes_nothing_that_is_read() {
    let good = zipped(&[("a.md", FINE.as_bytes()), ("b.md", FINE.as_bytes())]);
    let true_size = (FINE.len() as u32).to_le_bytes();
    for forged in [0_u32, 7, u32::MAX - 1] {
        let mut bytes = good.clone();
        for at in 0..bytes.len() - 4 {
            if bytes[at..at + 4] == true_size {
                bytes[at..at + 4].copy_from_slice(&forged.to_le_bytes());
            }
        }
        let taken = taken("x.zip", &bytes);
        // Either the whole page or a finding; never a part of a page in silence.
        for name in ["x.zip!a.md", "x.zip!b.md"] {
            let read = taken.inputs.iter().find(|input| input.key.path == name);
            let told = findings(&taken).iter().any(|(_, page)| *page == name || *page == "x.zip");
            assert!(read.is_some_and(|input| input.bytes == FINE.as_bytes()) || told, "{name}, {forged}");
        }
    }
}

#[test]
fn names_that_lead_elsewhere_are_only_names() {
    let names_given =
        ["../../../tmp/readers-was-here.md", "/readers-was-here.md", "..\\..\\b.md", "a/\u{7}c.md"];
    let members: Vec<(&str, &[u8])> = names_given.iter().map(|name| (*name, FINE.as_bytes())).collect();
    for (name, bytes) in [("x.zip", zipped(&members)), ("x.tar", tarred(&members))] {
        let taken = taken(name, &bytes);
        assert_eq!(taken.inputs.len(), 4, "{:?} {:?}", names(&taken), findings(&taken));
        assert!(
            names(&taken).iter().all(|path| path.starts_with(&format!("{name}!")) && !path.contains('\u{7}'))
        );
    }
    assert!(!Path::new("/tmp/readers-was-here.md").exists() && !Path::new("/readers-was-here.md").exists());
}

#[test]
fn links_in_archives_are_not_followed() {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    writer.add_symlink("link.md", "/etc/passwd", SimpleFileOptions::default()).unwrap();
    let zip = writer.finish().unwrap().into_inner();
    assert_eq!(findings(&taken("x.zip", &zip)), [("archive-link", "x.zip!link.md")]);
    let mut builder = tar::Builder::new(Vec::new());
    for (kind, name) in [
        (tar::EntryType::Symlink, "soft.md"),
        (tar::EntryType::Link, "hard.md"),
        (tar::EntryType::Char, "device"),
    ] {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(kind);
        header.set_size(0);
        builder.append_link(&mut header, name, "/etc/passwd").unwrap();
    }
    let taken = taken("x.tar", &builder.into_inner().unwrap());
    assert!(taken.inputs.is_empty());
    assert_eq!(findings(&taken), [("archive-link", "x.tar!soft.md"), ("archive-link", "x.tar!hard.md")]);
}

#[test]
fn packed_data_that_breaks_off_gives_what_it_has() {
    let long: String = (0..4000)
        .map(|number| format!("第{number}行：早市开张，来了{}户菜农。\n", number * 7919 % 1000))
        .collect();
    let packed = gzipped(long.as_bytes());
    let cut = taken("p.txt.gz", &packed[..packed.len() / 2]);
    assert_eq!(names(&cut), ["p.txt.gz!p.txt"]);
    let kept = &cut.inputs[0].bytes;
    assert!(kept.len() > 10_000 && long.as_bytes().starts_with(kept));
    assert_eq!(findings(&cut), [("archive-cut", "p.txt.gz")]);
    // The end mark is the sum of all bytes: without it they are there, but nobody can vouch for them.
    let no_end = taken("p.txt.gz", &packed[..packed.len() - 4]);
    assert_eq!(
        (no_end.inputs[0].bytes.len(), findings(&no_end)),
        (long.len(), vec![("archive-cut", "p.txt.gz")])
    );

    let tar = tarred(&[("a.md", FINE.as_bytes()), ("b.txt", long.as_bytes())]);
    let packed = gzipped(&tar);
    let cut = taken("x.tar.gz", &packed[..packed.len() / 2]);
    assert_eq!(names(&cut), ["x.tar.gz!a.md"]);
    assert_eq!(findings(&cut), [("archive-cut", "x.tar.gz"), ("archive-damaged", "x.tar.gz!b.txt")]);
}

#[test]
fn what_is_no_archive_says_so() {
    for name in ["x.zip", "x.tar.gz", "x.gz"] {
        let taken = taken(name, FINE.as_bytes());
        assert!(taken.inputs.is_empty());
        assert_eq!(findings(&taken)[0], ("archive-damaged", name));
    }
}
