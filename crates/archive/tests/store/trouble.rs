use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};

use shiliu_archive::store::{AddOptions, Archive, StoreError};

use crate::fixture::{Holding, WHEN, assert_same, write};

#[test]
fn what_is_no_archive_is_refused_and_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    assert!(matches!(Archive::open(&at("nowhere")), Err(StoreError::Missing(_))));
    for (name, bytes) in [("empty", &b""[..]), ("text", &b"this is a letter, not a database\n"[..])] {
        fs::create_dir(at(name)).unwrap();
        fs::write(at(name).join("shiliu.db"), bytes).unwrap();
        assert!(matches!(Archive::open(&at(name)), Err(StoreError::Foreign { .. })), "{name}");
        assert_eq!(fs::read(at(name).join("shiliu.db")).unwrap(), bytes);
    }
    fs::create_dir(at("other")).unwrap();
    let other = rusqlite::Connection::open(at("other").join("shiliu.db")).unwrap();
    other.execute_batch("CREATE TABLE letters (id INTEGER)").unwrap();
    let refused = Archive::open(&at("other")).unwrap_err();
    assert!(matches!(refused, StoreError::Foreign { .. }), "{refused}");
    assert!(refused.to_string().contains("shiliu.db"), "it names the file: {refused}");
    fs::create_dir(at("folder")).unwrap();
    fs::create_dir(at("folder").join("shiliu.db")).unwrap();
    assert!(matches!(Archive::open(&at("folder")), Err(StoreError::Foreign { .. })));
}

#[test]
fn init_does_not_overwrite() {
    let holding = Holding::new();
    holding.add();
    let before = holding.dump();
    let again = Archive::create(holding.archive.folder(), "fictional");
    assert!(matches!(again, Err(StoreError::Exists(_))));
    assert_same(&holding.dump(), &before);
}

#[test]
fn a_damaged_file_is_named_not_trusted() {
    let holding = Holding::new();
    holding.add();
    // A clean close empties the log into the file.
    drop(holding.archive.writer().unwrap());
    let length = fs::metadata(holding.archive.file()).unwrap().len();
    let mut file = fs::OpenOptions::new().write(true).open(holding.archive.file()).unwrap();
    for page in (4096..length).step_by(4096 * 3) {
        file.seek(SeekFrom::Start(page)).unwrap();
        file.write_all(&[0xa5; 512]).unwrap();
    }
    drop(file);
    let found = match Archive::open(holding.archive.folder()) {
        Err(error) => format!("{error}"),
        Ok(archive) => match archive.doctor() {
            Err(error) => format!("{error}"),
            Ok(health) => {
                assert!(!health.is_well());
                return;
            }
        },
    };
    assert!(found.contains("shiliu.db") && found.contains("shiliu "), "{found}");
}

#[test]
fn a_store_cut_short_never_panics() {
    let holding = Holding::new();
    holding.add();
    drop(holding.archive.writer().unwrap());
    let whole = fs::read(holding.archive.file()).unwrap();
    for keep in [1, 16, 100, 512, 4096, 5000, whole.len() / 2, whole.len() - 1] {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("shiliu.db"), &whole[..keep]).unwrap();
        let outcome = Archive::open(folder.path()).and_then(|archive| archive.doctor());
        assert!(!outcome.is_ok_and(|health| health.is_well()), "{keep} bytes");
    }
}

#[test]
fn no_space_loses_nothing_and_goes_on() {
    let whole = Holding::new();
    whole.add();
    let holding = Holding::new();
    for number in 0..40 {
        write(&holding.pages(), &format!("more/{number:02}.txt"), &"渡口的木桩换了一半。\n".repeat(200));
        write(&whole.pages(), &format!("more/{number:02}.txt"), &"渡口的木桩换了一半。\n".repeat(200));
    }
    let mut writer = holding.archive.writer().unwrap();
    writer.limit_size(300_000).unwrap();
    let paths = [holding.pages()];
    let options = AddOptions::at(WHEN);
    let stopped = writer.add(&paths, &holding.pack, &holding.profile, &options).unwrap_err();
    assert!(matches!(stopped, StoreError::NoSpace(_)), "{stopped}");
    assert!(stopped.is_partial());
    drop(writer);
    let taken = holding.archive.reader().unwrap().overview().unwrap().unread;
    assert!(taken > 0, "what was taken before is safe");
    assert!(holding.archive.doctor().unwrap().checks[0].problems.is_empty());
    assert_eq!(holding.add().known as u64, taken);
    let reader = holding.archive.reader().unwrap();
    assert_eq!(reader.overview().unwrap().counts.pages, 43);
}

#[test]
fn backup_restore_and_doctor() {
    let holding = Holding::new();
    holding.add();
    let copy = holding.folder.path().join("copy.shiliu");
    let backup = holding.archive.backup(&copy).unwrap();
    assert_eq!((backup.sources, backup.corrections), (3, 0));
    assert_eq!(backup.size, fs::metadata(&copy).unwrap().len());
    assert!(matches!(holding.archive.backup(&copy), Err(StoreError::Refused(_))));
    assert!(matches!(Archive::restore(&copy, holding.archive.folder()), Err(StoreError::Exists(_))));
    let restored = Archive::restore(&copy, &holding.folder.path().join("restored")).unwrap();
    assert!(restored.doctor().unwrap().is_well());
    let twin = Holding { archive: restored, ..Holding::new() };
    let strip = |dump: String| dump.replace(holding.folder.path().to_str().unwrap(), "");
    assert_same(&strip(twin.dump()), &holding.dump());
    // A backup with a wrong byte is not restored.
    let mut bytes = fs::read(&copy).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle..middle + 2048].fill(0x5a);
    fs::write(&copy, bytes).unwrap();
    let target = holding.folder.path().join("third");
    if Archive::restore(&copy, &target).is_ok() {
        assert!(!Archive::open(&target).unwrap().doctor().unwrap().is_well());
    }
}

#[test]
fn a_changed_source_is_found_out() {
    let holding = Holding::new();
    holding.add();
    let connection = rusqlite::Connection::open(holding.archive.file()).unwrap();
    connection
        .execute_batch("DROP TRIGGER source_never_changes; UPDATE source SET bytes = x'00' WHERE id = 2")
        .unwrap();
    let health = holding.archive.doctor().unwrap();
    let bad: Vec<&str> =
        health.checks.iter().filter(|check| !check.problems.is_empty()).map(|check| check.name).collect();
    assert_eq!(bad, ["sources"]);
}

#[test]
fn a_binary_and_an_empty_file_do_no_harm_to_the_others() {
    let holding = Holding::new();
    fs::write(holding.pages().join("blob.txt"), [0u8, 159, 146, 150, 0, 255]).unwrap();
    fs::write(holding.pages().join("empty.txt"), "").unwrap();
    let report =
        holding.add_with(&[holding.pages(), holding.folder.path().join("nowhere")], &AddOptions::at(WHEN));
    let report = report.unwrap();
    assert_eq!((report.new, report.existing), (5, 1));
    assert!(report.diagnostics.iter().any(|diagnostic| diagnostic.code == "path-missing"));
    assert!(report.counts.pages >= 3);
}

#[test]
fn pointing_add_at_the_archive_itself_takes_only_pages() {
    let holding = Holding::new();
    write(holding.archive.folder(), "own.txt", "榴园的一页。\n");
    let folder = holding.archive.folder().to_owned();
    let report = holding.add_with(&[folder], &AddOptions::at(WHEN)).unwrap();
    assert_eq!(report.new, 1);
}
