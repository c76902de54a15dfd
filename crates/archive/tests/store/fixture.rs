//! A small fictional holding of three papers and the archive made of it.

use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::types::ValueRef;
use shiliu_archive::store::{AddOptions, AddReport, Archive, StoreError};
use shiliu_lang::{Pack, Profile, builtin};
use tempfile::TempDir;

pub(crate) const WHEN: &str = "2031-04-08T09:00:00Z";

pub(crate) const STORY: &str = "本报榴城四月五日电 榴园国与西岭国四月五日在榴城举行第三次渡口会议。\
    双方商定在两年内修复青石渡口，并在渡口设立货物登记站，每年培训船工300名。\
    会议公报说，修复费用由两国各出一半，登记站由渡口合作委员会管理，第一批船工今年秋天开班。\
    两国代表说，渡口停用十一年来，两岸商人只能绕行北桥，往返要多走九十里。\n";

pub(crate) struct Holding {
    pub(crate) folder: TempDir,
    pub(crate) archive: Archive,
    pub(crate) pack: Pack,
    pub(crate) profile: Profile,
}

pub(crate) fn write(folder: &Path, name: &str, text: &str) {
    let path = folder.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

impl Holding {
    /// An empty archive with pages beside it that are not added yet.
    pub(crate) fn new() -> Holding {
        let folder = tempfile::tempdir().unwrap();
        let pages = folder.path().join("pages");
        write(
            &pages,
            "liuyuan/2031-04-06/01.txt",
            &format!(
                "榴园日报\n2031年4月6日 第1版\n\n# 渡口会议在榴城举行\n\n{STORY}\n# 春耕过半\n\n榴园南部各乡的春耕已经过半，水渠都已清淤。\n"
            ),
        );
        write(
            &pages,
            "xiling/2031-04-07/02.txt",
            &format!(
                "西岭晚报\n2031年4月7日 第2版\n\n# 青石渡口两年内修复\n\n{STORY}\n# 北桥收费\n\n北桥管理所说，过桥费五月起减半。\n"
            ),
        );
        write(
            &pages,
            "dongwan/01.txt",
            "东湾周刊\n\n# 船歌比赛\n\nOpen Ferry Day draws 2,000 visitors. 东湾的船歌比赛在雨中结束。\n",
        );
        let archive = Archive::create(&folder.path().join("archive"), "china-central-asia").unwrap();
        let pack = Pack::load(builtin()).value;
        let profile = Profile::load("china-central-asia", builtin()).value;
        Holding { folder, archive, pack, profile }
    }

    pub(crate) fn pages(&self) -> PathBuf {
        self.folder.path().join("pages")
    }

    pub(crate) fn add_with(
        &self,
        paths: &[PathBuf],
        options: &AddOptions<'_>,
    ) -> Result<AddReport, StoreError> {
        self.archive.writer()?.add(paths, &self.pack, &self.profile, options)
    }

    pub(crate) fn add(&self) -> AddReport {
        self.add_with(&[self.pages()], &AddOptions::at(WHEN)).unwrap()
    }

    /// Every row of every table that is not SQLite's own, as text.
    pub(crate) fn dump(&self) -> String {
        let connection = rusqlite::Connection::open(self.archive.file()).unwrap();
        let mut names = connection
            .prepare(
                "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'
                      AND name NOT LIKE 'page_terms' AND name NOT LIKE 'page_index'
                      AND name NOT LIKE 'record_index' ORDER BY name",
            )
            .unwrap();
        let names: Vec<String> = names.query_map([], |row| row.get(0)).unwrap().map(Result::unwrap).collect();
        let mut out = String::new();
        for name in names {
            let mut statement = connection.prepare(&format!("SELECT * FROM {name}")).unwrap();
            let columns = statement.column_count();
            let mut rows = statement.query([]).unwrap();
            out.push_str(&format!("== {name}\n"));
            while let Some(row) = rows.next().unwrap() {
                for column in 0..columns {
                    match row.get_ref(column).unwrap() {
                        ValueRef::Text(text) => out.push_str(&String::from_utf8_lossy(text)),
                        ValueRef::Blob(bytes) => out.push_str(&shiliu_text::hex(bytes)),
                        other => out.push_str(&format!("{other:?}")),
                    }
                    out.push('\t');
                }
                out.push('\n');
            }
        }
        out.replace(&self.folder.path().to_string_lossy().into_owned(), "")
    }
}

/// Compares two dumps; shows the first line that differs.
pub(crate) fn assert_same(left: &str, right: &str) {
    if let Some((left, right)) = left.lines().zip(right.lines()).find(|(left, right)| left != right) {
        panic!("{left}\n--\n{right}");
    }
    assert_eq!(left.len(), right.len());
}
