//! The published formats: read back where they can be, well-formed and escaped everywhere.

mod shared;

use proptest::prelude::*;
use shared::{PlainFold, TEXT, check, story, witness};
use shiliu_collate::formats::{
    annotations, collatex, csv, graphml, html, read_collatex, read_tei, tei, terminal,
};
use shiliu_collate::{NeutralJudge, Story, collate};
use shiliu_text::Span;

/// Every event of an XML document, which must be well-formed.
fn assert_well_formed(document: &str) {
    let mut reader = quick_xml::Reader::from_str(document);
    let mut depth = 0i32;
    loop {
        match reader.read_event().unwrap_or_else(|error| panic!("{error} in {document}")) {
            quick_xml::events::Event::Start(_) => depth += 1,
            quick_xml::events::Event::End(_) => depth -= 1,
            quick_xml::events::Event::Eof => break,
            _ => {}
        }
    }
    assert_eq!(depth, 0);
    assert!(document.chars().all(|character| character >= ' ' || matches!(character, '\t' | '\n')));
}

/// A story as an apparatus knows it: without the order of sigla that only the caller knows.
fn bare(mut story: Story) -> Story {
    for witness in &mut story.witnesses {
        witness.rank = String::new();
    }
    // What a decision rests on is no part of the apparatus that TEI carries.
    for reading in story.loci.iter_mut().flat_map(|locus| &mut locus.readings) {
        reading.grounds.clear();
    }
    story
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn tei_is_read_back_to_the_same_apparatus(
        texts in proptest::collection::vec("[山水风云，。<>&\"' \n\r\u{1}\u{fffe}a-c]{0,40}", 1..4),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let story = bare(story(&texts));
        let document = tei(&story);
        assert_well_formed(&document);
        let back = read_tei(&document).unwrap();
        check(&back);
        prop_assert_eq!(back, story);
    }

    #[test]
    fn every_format_takes_any_text(texts in proptest::collection::vec("\\PC{0,30}|[\u{0}-\u{1f}<&]{0,8}", 0..4)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let story = story(&texts);
        assert_well_formed(&tei(&story));
        assert_well_formed(&graphml(&story));
        prop_assert!(!html(&story).contains("<script"));
        prop_assert_eq!(csv(&story).is_empty(), false);
        prop_assert!(!terminal(&story).contains(char::from(27)));
    }

    #[test]
    fn a_collatex_table_holds_every_witness(texts in proptest::collection::vec("[山水风云，。\"\\\\ \n]{0,40}", 1..4)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let table: serde_json::Value = serde_json::from_str(&collatex(&story(&texts))).unwrap();
        for (row, text) in table["table"].as_array().unwrap().iter().zip(&texts) {
            let joined: String = row
                .as_array()
                .unwrap()
                .iter()
                .filter_map(|cell| cell[0]["t"].as_str())
                .collect();
            prop_assert_eq!(&joined, text);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn a_collatex_table_is_read_back_to_the_same_apparatus(
        texts in proptest::collection::vec("[山水风云，。\"\\\\ \n]{0,40}", 1..4),
    ) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let story = bare(story(&texts));
        let back = read_collatex(&collatex(&story)).unwrap();
        prop_assert_eq!(bare(collate(&back, &PlainFold, &NeutralJudge).value), story);
    }

    /// Every selector gives the reading in the witness's own text, by position and by quotation.
    #[test]
    fn annotations_point_at_the_readings(texts in proptest::collection::vec("[山水风云，。 \na-c]{0,40}", 2..4)) {
        let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
        let story = story(&texts);
        let page: serde_json::Value = serde_json::from_str(&annotations(&story)).unwrap();
        let items = page["items"].as_array().unwrap();
        let departing: usize = story
            .loci
            .iter()
            .map(|locus| {
                let all = locus.decision == shiliu_collate::Decision::Undecided;
                let readings = locus.readings.iter().enumerate().filter(|(at, _)| all || *at != locus.lemma);
                readings.map(|(_, reading)| reading.witnesses.len()).sum::<usize>()
            })
            .sum();
        prop_assert_eq!(items.len(), departing);
        for item in items {
            let target = &item["target"];
            let text: Vec<char> =
                texts[target["source"].as_str().unwrap().parse::<usize>().unwrap()].chars().collect();
            let (position, quote) = (&target["selector"][0], &target["selector"][1]);
            let place = |name: &str| usize::try_from(position[name].as_u64().unwrap()).unwrap();
            let exact: String = text[place("start")..place("end")].iter().collect();
            prop_assert_eq!(&exact, quote["exact"].as_str().unwrap());
            let around = format!("{}{exact}{}", quote["prefix"].as_str().unwrap(), quote["suffix"].as_str().unwrap());
            prop_assert!(text.iter().collect::<String>().contains(&around));
        }
    }
}

/// Stories with every element that the TEI writer knows.
fn documents() -> Vec<String> {
    let opening = "海都六港理事会十二日在北岛开幕，各港代表出席了开幕式并听取工作报告。";
    let middle = "会议通过了修缮灯塔和疏浚航道的计划，东港负责筹措第一期经费。";
    let closing = "秘书处设在石湾，下一次会议将在两年以后于南礁举行，届时评估进展。";
    let whole = format!("{opening}{middle}{closing}");
    let sets: Vec<Vec<String>> = vec![
        vec![],
        vec![whole.clone()],
        vec![whole.clone(), format!("{opening}{closing}"), format!("{closing}{opening}{middle}")],
        vec![whole.clone(), whole[opening.len()..].to_owned(), whole[..opening.len()].to_owned()],
        vec![format!("a\u{1}b <&> {whole}"), format!("ab \u{fffe}{}", whole.replace("六港", "“六港”"))],
        vec!["拨款300万元，不得拖延。".to_owned(), "拨款800万元，得拖延。".to_owned()],
        vec![whole.clone(), whole.replace("修缮灯塔和疏浚航道", "疏浚航道和修缮灯塔")],
        // Two damaged readings of one word: a conjecture.
        ["修缮盯塔的报告", "修缮灯垮的报告"].map(|other| TEXT.replacen("修缮灯塔的报告", other, 1)).to_vec(),
    ];
    sets.iter().map(|set| tei(&story(&set.iter().map(String::as_str).collect::<Vec<_>>()))).collect()
}

/// `./test` installs xmllint; without it this says so, and fails in CI.
#[test]
#[expect(clippy::print_stderr, reason = "a test that cannot run says so")]
fn tei_keeps_to_the_schema() {
    let schema = concat!(env!("CARGO_MANIFEST_DIR"), "/schema/tei-apparatus.rng");
    let validate = |document: &str| -> Option<bool> {
        use std::io::Write as _;
        use std::process::{Command, Stdio};
        let mut child = Command::new("xmllint")
            .args(["--noout", "--relaxng", schema, "-"])
            .stdin(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .ok()?;
        child.stdin.take()?.write_all(document.as_bytes()).ok()?;
        Some(child.wait().ok()?.success())
    };
    let all = documents();
    let Some(first) = validate(&all[0]) else {
        assert!(std::env::var_os("CI").is_none(), "xmllint (libxml2-utils) is not installed");
        eprintln!("xmllint is not installed: the TEI documents were not validated");
        return;
    };
    assert!(first);
    for document in &all {
        assert_eq!(validate(document), Some(true), "{document}");
    }
    assert!(all.iter().any(|document| document.contains("</rdg><note type=\"conjecture\">")));
    // The schema can fail: an unknown cause, no lemma, a note where the Guidelines have none.
    assert_eq!(validate(&all[2].replace("cause=\"abridgement\"", "cause=\"fog\"")), Some(false));
    assert_eq!(validate(&all[2].replace("<lem", "<rdg").replace("</lem", "</rdg")), Some(false));
    assert_eq!(
        validate(&all[2].replace("<listWit>", "<listWit><note type=\"conjecture\">a</note>")),
        Some(false)
    );
}

#[test]
fn a_moved_block_and_a_lost_foot_are_read_back() {
    let opening = "海都六港理事会十二日在北岛开幕，各港代表出席了开幕式并听取工作报告。";
    let middle = "会议通过了修缮灯塔和疏浚航道的计划，东港负责筹措第一期经费。";
    let closing = "秘书处设在石湾，下一次会议将在两年以后于南礁举行，届时评估进展。";
    let story = bare(story(&[
        &format!("{opening}{middle}{closing}"),
        &format!("{opening}{closing}"),
        &format!("{closing}{opening}{middle}"),
    ]));
    check(&story);
    assert!(story.loci.iter().any(|locus| locus.moved.is_some()));
    let document = tei(&story);
    assert!(document.contains("<listTranspose>"));
    assert!(document.contains("<lacunaStart/>"));
    assert_eq!(read_tei(&document).unwrap(), story);
}

#[test]
fn what_is_no_apparatus_is_refused_with_its_place() {
    assert!(read_tei("<TEI><text><body>").is_err() || read_tei("<TEI><text><body>").unwrap().loci.is_empty());
    let no_lemma = "<TEI><text><app><rdg wit=\"\">a</rdg></app></text></TEI>";
    assert!(read_tei(no_lemma).unwrap_err().to_string().contains("without lem"));
    let unknown = "<TEI><text><app><lem wit=\"#Q\">a</lem></app></text></TEI>";
    assert!(read_tei(unknown).unwrap_err().to_string().contains("no witness #Q"));
    assert!(read_tei("<TEI><text>&nothing;</text></TEI>").is_err());
    assert!(read_tei("<a></b>").is_err());
}

#[test]
fn collatex_input_is_read() {
    let input = r#"{"witnesses":[{"id":"W2","content":"the black cat"},{"id":"W1","tokens":[{"t":"the "},{"t":"cat"}]}]}"#;
    let witnesses = read_collatex(input).unwrap();
    let story = collate(&witnesses, &PlainFold, &NeutralJudge).value;
    check(&story);
    assert_eq!(story.witnesses[0].key, "W1");
    insta::assert_snapshot!(collatex(&story), @r##"{"witnesses":["W1","W2"],"table":[[[{"t":"the "}],null,[{"t":"cat"}]],[[{"t":"the "}],[{"t":"black "}],[{"t":"cat"}]]]}"##);
    for (bad, message) in [
        ("{", "not JSON"),
        ("{}", "no \"witnesses\" list"),
        (r#"{"witnesses":[{"id":"A"}]}"#, "witness 1"),
        (r#"{"witnesses":[{"id":"A","content":""},{"id":"A","content":""}]}"#, "called \"A\""),
    ] {
        assert!(read_collatex(bad).unwrap_err().to_string().contains(message));
    }
}

/// What a witness prints beside the story is shown apart.
#[test]
fn the_page_shows_what_is_not_collated() {
    let whole = format!("六港日报{TEXT}记者安北");
    let mut one = witness("a", &whole);
    one.coverage = vec![Span::new(12, 12 + TEXT.len())];
    let found = collate(&[one, witness("b", TEXT)], &PlainFold, &NeutralJudge).value;
    let page = html(&found);
    let (_, outside) = page.split_once("<h2>Outside the story</h2>").expect("a list of its own");
    assert!(outside.contains("六港日报") && outside.contains("记者安北"), "{outside}");
    assert!(!html(&story(&[TEXT, TEXT])).contains("Outside the story"));
}

fn sample() -> Story {
    bare(story(&["六港理事会通过了，“修缮灯塔”计划。", "六港理事会通过，修缮灯培计划。\n第二期"]))
}

#[test]
fn views_of_one_apparatus() {
    insta::assert_snapshot!(terminal(&sample()), @r##"
      A  000  18 characters
      B  001  19 characters
    5 differences, 1 undecided, 0 touch the sense

    @@ 1 @ 7-8 @@ 六港理事会通过[了]，“修缮灯塔”计划。
    + 了  A  0.948
    - ∅  B  0.052  omission (misreading)

    @@ 2 @ 9-10 @@ 六港理事会通过了，[“]修缮灯塔”计划。⏎第  event 1
    + “  A  0.836
    - ∅  B  0.164  omission (punctuation)

    @@ 3 @ 13-14 @@ 事会通过了，“修缮灯[塔]”计划。⏎第二期  ?
    + 塔  A  0.500
    - 培  B  0.500  substitution (misreading)

    @@ 4 @ 14-15 @@ 会通过了，“修缮灯塔[”]计划。⏎第二期  event 1
    + ”  A  0.836
    - ∅  B  0.164  omission (punctuation)

    @@ 5 @ 18-22 @@ ，“修缮灯塔”计划。[⏎第二期]
    + ⏎第二期  B  0.948
    - ∅  A  0.052  omission (lost)
    "##);
    insta::assert_snapshot!(csv(&sample()).replace("\r\n", "\n"), @r##"
    locus,start,end,decision,confidence,move,event,substance,reading,lemma,witnesses,kind,cause,probability
    1,7,8,decided,0.948,,,,了,true,A,,,0.948
    1,7,8,decided,0.948,,,,,false,B,omission,misreading,0.052
    2,9,10,decided,0.836,,1,,“,true,A,,,0.836
    2,9,10,decided,0.836,,1,,,false,B,omission,punctuation,0.164
    3,13,14,undecided,0.500,,,,塔,true,A,,,0.500
    3,13,14,undecided,0.500,,,,培,false,B,substitution,misreading,0.500
    4,14,15,decided,0.836,,1,,”,true,A,,,0.836
    4,14,15,decided,0.836,,1,,,false,B,omission,punctuation,0.164
    5,18,22,decided,0.948,,,,"
    第二期",true,B,,,0.948
    5,18,22,decided,0.948,,,,,false,A,omission,lost,0.052
    "##);
    insta::assert_snapshot!(tei(&sample()), @r##"
    <?xml version="1.0" encoding="UTF-8"?>
    <TEI xmlns="http://www.tei-c.org/ns/1.0">
    <teiHeader>
    <fileDesc>
    <titleStmt><title>Collation</title></titleStmt>
    <publicationStmt><p>Collated by Shiliu from the witnesses listed below.</p></publicationStmt>
    <sourceDesc><listWit>
    <witness xml:id="A">000</witness>
    <witness xml:id="B">001</witness>
    </listWit></sourceDesc>
    </fileDesc>
    <encodingDesc>
    <classDecl><taxonomy xml:id="causes">
    <category xml:id="cause-punctuation"><catDesc>width or kind of a mark, or white space</catDesc></category>
    <category xml:id="cause-look-alike"><catDesc>glyphs that look alike</catDesc></category>
    <category xml:id="cause-misreading"><catDesc>a fluent misreading by the recogniser</catDesc></category>
    <category xml:id="cause-wording"><catDesc>an editor's other word</catDesc></category>
    <category xml:id="cause-number"><catDesc>another number or date</catDesc></category>
    <category xml:id="cause-name"><catDesc>another name</catDesc></category>
    <category xml:id="cause-lost"><catDesc>lost on the page, as at a column's foot</catDesc></category>
    <category xml:id="cause-abridgement"><catDesc>cut by an editor, at the end of a sentence</catDesc></category>
    <category xml:id="cause-jump"><catDesc>cut, moved or mixed in by a jump</catDesc></category>
    </taxonomy></classDecl>
    <variantEncoding method="parallel-segmentation" location="internal"/>
    </encodingDesc>
    </teiHeader>
    <standOff>
    <linkGrp type="event">
    <link n="1" target="#l2 #l4"/>
    </linkGrp>
    </standOff>
    <text><body><ab xml:space="preserve">六港理事会通过<app xml:id="l1" type="decided"><lem wit="#A" cert="0.948">了</lem><rdg wit="#B" type="omission" cause="misreading" cert="0.052"/></app>，<app xml:id="l2" type="decided"><lem wit="#A" cert="0.836">“</lem><rdg wit="#B" type="omission" cause="punctuation" cert="0.164"/></app>修缮灯<app xml:id="l3" type="undecided"><lem wit="#A" cert="0.500">塔</lem><rdg wit="#B" type="substitution" cause="misreading" cert="0.500">培</rdg></app><app xml:id="l4" type="decided"><lem wit="#A" cert="0.836">”</lem><rdg wit="#B" type="omission" cause="punctuation" cert="0.164"/></app>计划。<app xml:id="l5" type="decided"><lem wit="#B" cert="0.948">
    第二期</lem><rdg wit="#A" type="omission" cause="lost" cert="0.052"><witEnd/></rdg></app></ab></body></text>
    </TEI>
    "##);
}
