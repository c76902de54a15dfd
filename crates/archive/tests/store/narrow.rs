//! Lists of records that are narrowed: whatever leads the search, the same records pass.

use std::collections::BTreeSet;

use shiliu_archive::store::{Archive, Due, Paging, Query, Reader, RecordFilter, RecordSort};
use shiliu_lang::{Pack, builtin};
use shiliu_ledger::Kind;

use crate::review::sample;

fn passing(reader: &Reader, filter: &RecordFilter) -> BTreeSet<String> {
    let mut keys = Vec::new();
    for sort in [RecordSort::Weight, RecordSort::Deadline] {
        let mut own = Vec::new();
        loop {
            let offset = u32::try_from(own.len()).unwrap();
            let part = reader.records(filter, sort, Paging { offset, limit: 500 }).unwrap();
            assert!(!part.more, "the sample is counted to its end");
            own.extend(part.rows.into_iter().map(|record| record.key));
            if own.len() as u64 >= part.total {
                assert_eq!(own.len() as u64, part.total, "{filter:?}");
                break;
            }
        }
        keys.push(own.into_iter().collect::<BTreeSet<String>>());
    }
    assert_eq!(keys[0], keys[1], "{filter:?}: every order has the same records");
    keys.swap_remove(0)
}

fn filters(archive: &Archive) -> Vec<RecordFilter> {
    let pack = Pack::load(builtin()).value;
    let reader = archive.reader().unwrap();
    let text =
        |words: &str| RecordFilter { text: Some(Query::fold(words, &pack)), ..RecordFilter::default() };
    let mut filters = vec![
        RecordFilter { kinds: vec![Kind::Commitment], ..RecordFilter::default() },
        RecordFilter { kinds: vec![Kind::Event, Kind::Body, Kind::Project], ..RecordFilter::default() },
        RecordFilter { origins: Some(2), ..RecordFilter::default() },
        RecordFilter { deadline: true, ..RecordFilter::default() },
        RecordFilter { promises: true, ..RecordFilter::default() },
        RecordFilter { undated: true, ..RecordFilter::default() },
        RecordFilter { flag: Some("stance".to_owned()), ..RecordFilter::default() },
        RecordFilter { from: Some("2031-06-18".to_owned()), ..RecordFilter::default() },
        RecordFilter { to: Some("2031-06-18".to_owned()), ..RecordFilter::default() },
        RecordFilter { once: true, ..RecordFilter::default() },
        text("合作"),
        text("年"),
        text("no such words"),
    ];
    // What is counted by deadline is what passes, once.
    for kept in [false, true] {
        let deadlines = reader.deadlines(kept).unwrap();
        let count: u64 = deadlines.iter().map(|(_, count)| count).sum();
        let deadlines = deadlines.into_iter().map(|(deadline, _)| deadline).collect();
        let filter = RecordFilter { due: Some(Due { deadlines, kept }), ..RecordFilter::default() };
        let once = RecordFilter { once: true, ..filter.clone() };
        assert!(count > 0);
        assert_eq!(passing(&reader, &once).len() as u64, count, "{once:?}");
        if !kept {
            filters.push(filter);
        }
    }
    for facet in reader.facets(&RecordFilter::default()).unwrap().into_iter().skip(1) {
        let (word, count) = facet.words[0].clone();
        let filter = RecordFilter { facets: vec![(facet.name, word)], ..RecordFilter::default() };
        assert_eq!(passing(&reader, &filter).len() as u64, count, "{filter:?}");
        filters.push(filter);
    }
    let bodies = RecordFilter { kinds: vec![Kind::Body], ..RecordFilter::default() };
    let bodies = reader.records(&bodies, RecordSort::Weight, Paging::default()).unwrap();
    let body = bodies.rows[0].text("name").unwrap().to_owned();
    filters.push(RecordFilter { body: Some(body), ..RecordFilter::default() });
    filters
}

#[test]
fn conditions_together_pass_what_each_passes() {
    let (_folder, archive) = sample();
    let filters = filters(&archive);
    let reader = archive.reader().unwrap();
    let alone: Vec<BTreeSet<String>> = filters.iter().map(|filter| passing(&reader, filter)).collect();
    assert!(alone.iter().filter(|keys| !keys.is_empty()).count() > 12);
    for (one, ones) in filters.iter().zip(&alone) {
        for (two, twos) in filters.iter().zip(&alone) {
            if !one.kinds.is_empty() && !two.kinds.is_empty() {
                continue;
            }
            let both = RecordFilter {
                kinds: [one.kinds.clone(), two.kinds.clone()].concat(),
                facets: [one.facets.clone(), two.facets.clone()].concat(),
                origins: one.origins.or(two.origins),
                deadline: one.deadline || two.deadline,
                promises: one.promises || two.promises,
                undated: one.undated || two.undated,
                due: one.due.clone().or(two.due.clone()),
                flag: one.flag.clone().or(two.flag.clone()),
                from: one.from.clone().or(two.from.clone()),
                to: one.to.clone().or(two.to.clone()),
                text: one.text.clone().or(two.text.clone()),
                body: one.body.clone().or(two.body.clone()),
                paper: None,
                once: one.once || two.once,
            };
            if both.text.is_some() && one.text.is_some() && two.text.is_some() {
                continue;
            }
            let expected: BTreeSet<String> = ones.intersection(twos).cloned().collect();
            assert_eq!(passing(&reader, &both), expected, "{both:?}");
        }
    }
}

#[test]
fn a_record_is_found_by_its_words_and_by_each_paper_that_prints_it() {
    let (_folder, archive) = sample();
    let pack = Pack::load(builtin()).value;
    let reader = archive.reader().unwrap();
    let promises = RecordFilter { kinds: vec![Kind::Commitment], ..RecordFilter::default() };
    let mut asked = (0, 0);
    for record in reader.records(&promises, RecordSort::Place, Paging { offset: 0, limit: 40 }).unwrap().rows
    {
        let view = reader.record(&record.key).unwrap().unwrap();
        let words: String = view.evidence[0].text.chars().filter(|c| c.is_alphanumeric()).take(4).collect();
        let filter = RecordFilter { text: Some(Query::fold(&words, &pack)), ..RecordFilter::default() };
        if view.evidence[0].text.contains(&words) {
            assert!(passing(&reader, &filter).contains(&record.key), "{words}");
            asked.0 += 1;
        }
        for printing in &view.evidence {
            let Some(paper) = printing.page.paper.clone() else { continue };
            let filter = RecordFilter { paper: Some(paper), ..promises.clone() };
            assert!(passing(&reader, &filter).contains(&record.key), "{filter:?}");
            asked.1 += 1;
        }
    }
    assert!(asked.0 >= 20 && asked.1 >= 20, "{asked:?}");
    let nobody = RecordFilter { paper: Some("no such paper".to_owned()), ..RecordFilter::default() };
    assert!(passing(&reader, &nobody).is_empty());
}
