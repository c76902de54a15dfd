//! Properties of the passages: nothing planted is lost, and neither order nor memory changes anything.

use proptest::prelude::*;
use shiliu_reprint::{
    DayLinks, Doc, DocInfo, MemoryRuns, Passage, RunId, RunStore, Settings, families, families_of,
    families_of_days, links_of_day, passages, reprints_of,
};

fn find(texts: &[(u32, &str)], settings: &Settings) -> Vec<Passage> {
    let mut docs = texts.iter().map(|&(key, text)| Doc { key, text, day: None, outlet: None });
    passages(&mut docs, &mut MemoryRuns::default(), settings).expect("memory").value
}

/// Every longest common stretch of at least `minimum` characters, by definition: (start in a, start in b, length).
fn common_stretches(a: &[char], b: &[char], minimum: usize) -> Vec<(usize, usize, usize)> {
    let mut found = Vec::new();
    for i in 0..a.len() {
        for j in 0..b.len() {
            if i > 0 && j > 0 && a[i - 1] == b[j - 1] {
                continue;
            }
            let length = a[i..].iter().zip(&b[j..]).take_while(|(left, right)| left == right).count();
            if length >= minimum {
                found.push((i, j, length));
            }
        }
    }
    found
}

fn bytes_at(text: &[char], at: usize) -> u32 {
    text[..at].iter().map(|letter| letter.len_utf8() as u32).sum()
}

/// A text of random Han characters.
fn own() -> impl Strategy<Value = Vec<char>> {
    prop::collection::vec(0x4e00u32..0x8e00, 0..120)
        .prop_map(|codes| codes.into_iter().filter_map(char::from_u32).collect())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn every_shared_stretch_above_the_minimum_is_found(
        parts in prop::collection::vec(own(), 6),
        shared in prop::collection::vec(own(), 3),
        order in any::<bool>(),
    ) {
        let join = |pieces: &[&Vec<char>]| pieces.iter().flat_map(|piece| piece.iter().copied()).collect::<Vec<char>>();
        let a = join(&[&parts[0], &shared[0], &parts[1], &shared[1], &parts[2], &shared[2]]);
        let b = if order {
            join(&[&parts[3], &shared[1], &parts[4], &shared[0], &parts[5]])
        } else {
            join(&[&shared[2], &parts[3], &shared[0], &parts[4], &shared[1], &parts[5]])
        };
        let (a_text, b_text): (String, String) = (a.iter().collect(), b.iter().collect());
        let found = find(&[(1, &a_text), (2, &b_text)], &Settings::default());
        for (i, j, length) in common_stretches(&a, &b, 20) {
            let (a_start, a_end) = (bytes_at(&a, i), bytes_at(&a, i + length));
            let (b_start, b_end) = (bytes_at(&b, j), bytes_at(&b, j + length));
            let covered = found.iter().any(|one| {
                one.a_span.start <= a_start && a_end <= one.a_span.end
                    && one.b_span.start <= b_start && b_end <= one.b_span.end
            });
            prop_assert!(covered, "{length} characters at {i} and {j} are not in {found:?}");
        }
        for one in &found {
            prop_assert!(one.a == 1 && one.b == 2 && one.identity <= 1000 && one.identity >= 700);
            prop_assert!(a_text.get(one.a_span.range()).is_some() && b_text.get(one.b_span.range()).is_some());
        }
    }

    #[test]
    fn neither_order_nor_memory_changes_anything(
        parts in prop::collection::vec(own(), 8),
        picks in prop::collection::vec(prop::collection::vec(0usize..8, 1..5), 2..12),
        turn in 0usize..12,
    ) {
        let texts: Vec<String> = picks
            .iter()
            .map(|pick| pick.iter().flat_map(|&at| parts[at].iter()).collect())
            .collect();
        let docs: Vec<(u32, &str)> = texts.iter().enumerate().map(|(key, text)| (key as u32, text.as_str())).collect();
        let plain = find(&docs, &Settings::default());
        let mut turned = docs.clone();
        turned.rotate_left(turn % docs.len());
        turned.reverse();
        prop_assert_eq!(&plain, &find(&turned, &Settings::default()));
        let small = Settings { memory: 1 << 10, ..Settings::default() };
        prop_assert_eq!(&plain, &find(&docs, &small));

        let infos = |docs: &[(u32, &str)]| -> Vec<(u32, String)> {
            docs.iter().map(|&(key, _)| (key, format!("t{key:02}"))).collect()
        };
        let group = |docs: &[(u32, &str)]| {
            let names = infos(docs);
            let infos: Vec<DocInfo<'_>> = docs
                .iter()
                .zip(&names)
                .map(|(&(key, text), (_, name))| DocInfo { key, name, text, day: None, outlet: None })
                .collect();
            families(&infos, &plain, &Settings::default()).value
        };
        let straight = group(&docs);
        let names = infos(&docs);
        let names: Vec<&str> = names.iter().map(|(_, name)| name.as_str()).collect();
        let listed: Vec<Doc<'_>> =
            docs.iter().map(|&(key, text)| Doc { key, text, day: None, outlet: None }).collect();
        let texts = listed.as_slice();
        let both = reprints_of(&texts, &names, &mut MemoryRuns::default(), &small).expect("memory").value;
        prop_assert_eq!((&both.passages, &both.families), (&plain, &straight));
        prop_assert_eq!(&straight, &group(&turned));
        // Every text is somewhere; a family is called by a member, no two by the same, and by its smallest unless
        // another that holds it is.
        let mut names: Vec<&str> = straight.iter().map(|family| family.name.as_str()).collect();
        names.dedup();
        prop_assert_eq!(names.len(), straight.len());
        for (key, name) in infos(&docs) {
            prop_assert!(straight.iter().any(|family| family.members.iter().any(|one| one.key == key)), "{name}");
        }
        for family in &straight {
            let smallest = family.members.iter().map(|one| format!("t{:02}", one.key)).min().unwrap_or_default();
            prop_assert!(
                family.name == smallest || straight.iter().any(|other| other.name == smallest),
                "{straight:?}"
            );
        }
    }

    #[test]
    fn any_text_at_all_is_survived(texts in prop::collection::vec(any::<String>(), 0..6), twice in any::<String>()) {
        let doubled = twice.repeat(3);
        let mut docs: Vec<(u32, &str)> = texts.iter().enumerate().map(|(key, text)| (key as u32, text.as_str())).collect();
        docs.push((100, &doubled));
        docs.push((101, &twice));
        let found = find(&docs, &Settings { minimum: 1, ..Settings::default() });
        for one in &found {
            let text = |key: u32| docs.iter().find(|doc| doc.0 == key).expect("a key of ours").1;
            prop_assert!(text(one.a).get(one.a_span.range()).is_some());
            prop_assert!(text(one.b).get(one.b_span.range()).is_some());
        }
    }
}

/// A made story of `sentences` sentences, no two alike.
fn story(seed: u32, sentences: u32) -> String {
    let mut text = String::new();
    for at in 0..sentences * 25 {
        let code =
            0x4e00 + (at.wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503)) >> 7) % 0x4000;
        text.extend(char::from_u32(code));
        if at % 25 == 24 {
            text.push('。');
        }
    }
    text
}

#[test]
fn a_story_in_three_hundred_papers_costs_in_proportion() {
    let text = story(1, 20);
    let count = |copies: u32| {
        let mut docs = (0..copies).map(|key| Doc { key, text: &text, day: Some(1), outlet: Some(key) });
        let found =
            passages(&mut docs, &mut MemoryRuns::default(), &Settings::default()).expect("memory").value;
        let names: Vec<String> = (0..copies).map(|key| format!("p{key:04}")).collect();
        let infos: Vec<DocInfo<'_>> = (0..copies)
            .zip(&names)
            .map(|(key, name)| DocInfo { key, name, text: &text, day: Some(1), outlet: Some(key) })
            .collect();
        let families = families(&infos, &found, &Settings::default()).value;
        assert_eq!(families.len(), 1, "one story in {copies} papers");
        assert_eq!(families[0].members.len(), copies as usize);
        found.len()
    };
    let (some, many) = (count(100), count(300));
    assert!(many * 10 < some * 33, "{some} passages for 100 copies, {many} for 300");
}

#[test]
fn what_is_found_has_its_place_in_the_source() {
    let a = "前面的话不同。\n\u{3000}山路修通以后，果农把杏子装上班列，五天就\n能摆上海边城市的货架。ＡＢＣ后面也不同。";
    let b = "另有开头——山路修通以后,果农把杏子装上班列,五天就能摆上海边城市的货架。abc结尾另写。";
    let found = find(&[(1, a), (2, b)], &Settings::default());
    assert_eq!(found.len(), 1);
    assert_eq!(
        found[0].a_span.of(a),
        "山路修通以后，果农把杏子装上班列，五天就\n能摆上海边城市的货架。ＡＢＣ"
    );
    assert_eq!(found[0].b_span.of(b), "山路修通以后,果农把杏子装上班列,五天就能摆上海边城市的货架。abc");
    assert_eq!(found[0].identity, 1000);
}

#[test]
fn a_text_that_comes_twice_under_one_key_is_reported() {
    let text = story(3, 4);
    let mut docs = (0..3).map(|_| Doc { key: 7, text: &text, day: None, outlet: None });
    let found = passages(&mut docs, &mut MemoryRuns::default(), &Settings::default()).expect("memory");
    assert!(found.value.is_empty());
    assert_eq!(found.diagnostics.len(), 2);
    assert_eq!(found.diagnostics[0].code, "duplicate-key");
}

#[test]
fn the_same_page_ten_thousand_times_stays_small() {
    let text = story(5, 2);
    let mut docs = (0..10_000).map(|key| Doc { key, text: &text, day: None, outlet: None });
    let found = passages(&mut docs, &mut MemoryRuns::default(), &Settings::default()).expect("memory").value;
    assert!(found.len() <= 80_000, "{} passages", found.len());
}

/// Two hundred characters that share nothing with those of another seed.
fn unlike(seed: u32) -> String {
    let mut state = seed.wrapping_mul(747_796_405).wrapping_add(1);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        char::from_u32(0x4e00 + (state >> 3) % 0x4000)
    };
    (0..200).filter_map(|_| next()).collect()
}

/// What two texts of one day share is as rare in a long archive as in a short one, whatever else its words are used for
/// in other years.
#[test]
fn what_other_years_print_makes_nothing_common_property() {
    let shared: Vec<char> = unlike(7).chars().take(50).collect();
    let part = |from: usize, to: usize| shared[from..to].iter().collect::<String>();
    let mut texts: Vec<(i32, String)> =
        (0..2).map(|at| (1, format!("{}{}{}", unlike(20 + at), part(0, 50), unlike(30 + at)))).collect();
    for at in 0..9 {
        for (from, to) in [(0, 30), (20, 50)] {
            let seed = 100 + 4 * at + from as u32 / 10;
            let text = format!("{}{}{}", unlike(seed), part(from, to), unlike(seed + 1));
            texts.push((100 * (at as i32 + 1), text));
        }
    }
    let docs: Vec<Doc<'_>> = (0..)
        .zip(&texts)
        .map(|(key, (day, text))| Doc { key, text, day: Some(*day), outlet: Some(key) })
        .collect();
    let found = find_docs(&docs, &Settings::default());
    let of_both = found.iter().find(|one| (one.a, one.b) == (0, 1)).expect("the two of one day");
    assert!(of_both.a_span.len() >= 150, "{of_both:?}");
}

/// A story that every paper prints is in every issue that a small one is in, so that a print of both one after the other
/// makes them no pieces of one article.
#[test]
fn a_print_of_two_stories_joins_none_to_one_that_every_paper_prints() {
    let (wide, small) = (story(11, 12), story(12, 12));
    let both = format!("{wide}\n{small}");
    let texts: Vec<(u32, &str)> = (0..60)
        .map(|outlet| (outlet, wide.as_str()))
        .chain((1..4).map(|outlet| (outlet, small.as_str())))
        .chain([(99, both.as_str())])
        .collect();
    let names: Vec<String> = (0..texts.len()).map(|at| format!("t{at:02}")).collect();
    let infos: Vec<DocInfo<'_>> = (0..)
        .zip(&texts)
        .zip(&names)
        .map(|((key, &(outlet, text)), name)| DocInfo { key, name, text, day: Some(1), outlet: Some(outlet) })
        .collect();
    let docs: Vec<Doc<'_>> = infos
        .iter()
        .map(|one| Doc { key: one.key, text: one.text, day: one.day, outlet: one.outlet })
        .collect();
    let found = find_docs(&docs, &Settings::default());
    let families = families(&infos, &found, &Settings::default()).value;
    let sizes: Vec<usize> = families.iter().map(|family| family.members.len()).collect();
    assert_eq!(sizes, [61, 4]);
}

#[test]
fn a_minimum_beyond_any_text_finds_nothing() {
    let text = story(6, 3);
    let settings = Settings { minimum: u32::MAX, ..Settings::default() };
    assert!(find(&[(1, &text), (2, &text)], &settings).is_empty());
}

#[test]
fn one_stock_phrase_in_a_thousand_texts_costs_in_proportion() {
    let stock = story(9, 1);
    let count = |texts: u32| {
        let own: Vec<String> =
            (0..texts).map(|at| format!("{}{stock}{}", unlike(2 * at), unlike(2 * at + 1))).collect();
        let docs: Vec<(u32, &str)> = (0..texts).zip(own.iter().map(String::as_str)).collect();
        find(&docs, &Settings::default()).len()
    };
    let (some, many) = (count(300), count(900));
    assert!(many <= 4 * some.max(300), "{some} passages for 300 texts, {many} for 900");
}

#[test]
fn empty_and_tiny_texts_are_families_of_their_own() {
    let texts = ["", "山", "", "a", "\u{0}", "山"];
    let names: Vec<String> = (0..texts.len()).map(|at| format!("t{at}")).collect();
    let infos: Vec<DocInfo<'_>> = texts
        .iter()
        .zip(&names)
        .zip(0u32..)
        .map(|((text, name), key)| DocInfo { key, name, text, day: None, outlet: None })
        .collect();
    let docs: Vec<(u32, &str)> = (0u32..).zip(texts).collect();
    let found = find(&docs, &Settings::default());
    let families = families(&infos, &found, &Settings::default()).value;
    assert_eq!(families.iter().map(|family| family.name.as_str()).collect::<Vec<_>>(), names);
}

#[test]
fn one_advertisement_on_every_page_joins_no_pages() {
    let advertisement = "金驼牌奶茶，草原的味道，一口暖到心。全国各大商店均有销售，订购电话三三二一八八，凭广告购买可享九折优惠。";
    let texts: Vec<String> = (0..200).map(|at| format!("{}{advertisement}", unlike(at))).collect();
    let names: Vec<String> = (0..texts.len()).map(|at| format!("t{at:03}")).collect();
    let infos: Vec<DocInfo<'_>> = texts
        .iter()
        .zip(&names)
        .zip(0u32..)
        .map(|((text, name), key)| DocInfo {
            key,
            name,
            text,
            day: Some(key as i32 / 10),
            outlet: Some(key % 10),
        })
        .collect();
    let mut docs =
        infos.iter().map(|info| Doc { key: info.key, text: info.text, day: info.day, outlet: info.outlet });
    let found = passages(&mut docs, &mut MemoryRuns::default(), &Settings::default()).expect("memory").value;
    let families = families(&infos, &found, &Settings::default()).value;
    assert!(families.iter().all(|family| family.members.len() == 1));
}

/// What a day adds is the same from the bytes that are kept of it, and joins the families that one run finds.
#[test]
fn days_put_together_are_the_families_of_all() {
    let stories: Vec<String> = (20..26).map(|seed| story(seed, 6)).collect();
    let texts: Vec<(i32, String)> = (0..24usize)
        .map(|at| {
            let (story, day) = (&stories[at % 6], (at / 6) as i32);
            let end = if at % 4 == 0 {
                story.len()
            } else {
                story.char_indices().nth(100).map_or(0, |found| found.0)
            };
            (
                day,
                format!(
                    "{}{}",
                    story.get(..end).unwrap_or_default(),
                    unlike(at as u32 + 900).chars().take(25).collect::<String>()
                ),
            )
        })
        .collect();
    let doc = |at: usize| Doc {
        key: at as u32,
        text: &texts[at].1,
        day: Some(texts[at].0),
        outlet: Some(at as u32 % 5),
    };
    let all: Vec<Doc<'_>> = (0..texts.len()).map(doc).collect();
    let names: Vec<String> = (0..texts.len()).map(|at| format!("t{at:02}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let settings = Settings { window_days: Some(3), ..Settings::default() };
    let (mut days, mut lately) = (Vec::new(), Vec::new());
    for day in 0..4 {
        // Every window starts with the first text: places and keys are the same.
        let until = all.iter().take_while(|doc| doc.day <= Some(day)).count();
        let mut runs = MemoryRuns::default();
        let links =
            links_of_day(&&all[..until], Some(day), &lately, &mut runs, &settings).expect("memory").value;
        lately.extend_from_slice(&links.passages);
        let bytes = links.to_bytes();
        let kept = DayLinks::from_bytes(&bytes).expect("what was written");
        assert_eq!(kept.to_bytes(), bytes);
        for cut in 0..bytes.len() {
            assert!(DayLinks::from_bytes(&bytes[..cut]).is_none(), "{cut}");
        }
        days.push((kept, (0..until as u32).collect::<Vec<u32>>()));
    }
    let grown = families_of_days(&all.as_slice(), &names, days);
    let members = |families: &[shiliu_reprint::Family]| -> Vec<Vec<u32>> {
        families.iter().map(|family| family.members.iter().map(|one| one.key).collect()).collect()
    };
    let found = find_docs(&all, &settings);
    let at_once = families_of(&all.as_slice(), &names, &found, &settings).expect("memory").value;
    assert_eq!(members(&grown), members(&at_once));
    assert_eq!(grown.iter().filter(|family| family.members.len() == 4).count(), 6);
}

/// A text with so many of a thousand characters replaced.
fn noisy(text: &str, per_mille: u32, seed: u32) -> String {
    let mut state = seed.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 17;
        state ^= state << 5;
        state >> 4
    };
    let replaced = |mark: char, by: u32| char::from_u32(0x4e00 + by % 0x4000).unwrap_or(mark);
    text.chars().map(|mark| if next() % 1000 < per_mille { replaced(mark, next()) } else { mark }).collect()
}

/// Some hundreds of texts: stories of a few printings and one that most papers print, shortened and with errors, prints of
/// two stories, stock sentences, telegrams of one pattern; in any order and in any memory they are the same families.
#[test]
fn some_hundreds_of_texts_are_the_same_in_any_order_and_memory() {
    let stock = story(3, 2);
    let mut texts: Vec<(i32, String)> = Vec::new();
    for at in 0..360u32 {
        let day = (at / 90) as i32;
        let own: String = unlike(5_000 + at).chars().take(60 + at as usize % 90).collect();
        let told = |which: u32, sentences: usize| -> String {
            story(100 + which, 8).chars().take(25 * sentences).collect()
        };
        let text = match at % 6 {
            // Most papers print it, the later the shorter.
            0 | 1 => told(0, 8 - at as usize % 4),
            2 => format!("{}{}", told(1 + at / 30, 7), told(0, 6)),
            3 => format!("{}{own}", told(1 + at / 30, 8)),
            4 => format!("{own}{stock}{}", unlike(9_000 + at)),
            _ => format!("{}{}{own}", unlike(at / 60), stock),
        };
        texts.push((day, noisy(&text, at % 5 * 25, at)));
    }
    let docs: Vec<Doc<'_>> = (0..)
        .zip(&texts)
        .map(|(key, (day, text))| Doc { key, text, day: Some(*day), outlet: Some(key) })
        .collect();
    let run = |docs: &[Doc<'_>], settings: &Settings| {
        let names: Vec<String> = docs.iter().map(|doc| format!("t{:03}", doc.key)).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        reprints_of(&docs, &names, &mut MemoryRuns::default(), settings).expect("memory").value
    };
    for articles in [false, true] {
        let settings = Settings { articles, ..Settings::default() };
        let plain = run(&docs, &settings);
        let widest = plain.families.iter().map(|family| family.members.len()).max().unwrap_or(0);
        assert!(widest >= 100, "{widest}");
        let mut turned = docs.clone();
        turned.reverse();
        for apart in [1usize, 7, 11] {
            turned.sort_by_key(|doc| (doc.key as usize * apart * 97) % 360);
            let tight = Settings { memory: (1 << 12) * apart, ..settings.clone() };
            assert!(run(&turned, &tight) == plain, "in another order, {apart}");
        }
        // So are the days, each with what came before it.
        let of_days = |order: &dyn Fn(&mut Vec<Doc<'_>>)| -> Vec<Vec<u8>> {
            let window = Settings { window_days: Some(4), memory: 1 << 14, ..settings.clone() };
            let mut lately: Vec<Passage> = Vec::new();
            let mut kept = Vec::new();
            for day in 0..4 {
                let mut until: Vec<Doc<'_>> =
                    docs.iter().copied().filter(|doc| doc.day <= Some(day)).collect();
                order(&mut until);
                let mut runs = MemoryRuns::default();
                let links = links_of_day(&until.as_slice(), Some(day), &lately, &mut runs, &window);
                let links = links.expect("memory").value;
                lately.extend_from_slice(&links.passages);
                kept.push(links.passages.iter().flat_map(|one| format!("{one:?}").into_bytes()).collect());
            }
            kept
        };
        assert!(of_days(&|_| {}) == of_days(&|docs| docs.reverse()));
    }
}

fn find_docs(docs: &[Doc<'_>], settings: &Settings) -> Vec<Passage> {
    passages(&mut docs.iter().copied(), &mut MemoryRuns::default(), settings).expect("memory").value
}

#[test]
fn one_text_of_thirty_megabytes_is_compared_like_any_other() {
    let mut long = String::new();
    for seed in 0..50_000 {
        long.push_str(&unlike(seed + 5000));
    }
    assert!(long.len() > 29_000_000);
    let (head, tail) = (unlike(5000), unlike(5000 + 49_999));
    let found =
        find(&[(1, &long), (2, &head), (3, &tail)], &Settings { memory: 8 << 20, ..Settings::default() });
    let places: Vec<(u32, u32, u32)> = found.iter().map(|one| (one.a, one.b, one.a_span.start)).collect();
    assert_eq!(places, [(1, 2, 0), (1, 3, (long.len() - tail.len()) as u32)]);
}

/// Storage that is full.
struct Full;

impl RunStore for Full {
    fn put(&mut self, _: &[u8]) -> std::io::Result<RunId> {
        Err(std::io::Error::from(std::io::ErrorKind::StorageFull))
    }

    fn open(&self, _: RunId) -> std::io::Result<Box<dyn std::io::Read + '_>> {
        Err(std::io::Error::from(std::io::ErrorKind::NotFound))
    }
}

#[test]
fn no_room_to_spill_is_an_error_not_a_wrong_answer() {
    let text = story(7, 400);
    let mut docs = (0..4).map(|key| Doc { key, text: &text, day: None, outlet: None });
    let small = Settings { memory: 1 << 10, ..Settings::default() };
    let error = passages(&mut docs, &mut Full, &small).expect_err("cannot spill");
    assert_eq!(error.kind(), std::io::ErrorKind::StorageFull);
}
