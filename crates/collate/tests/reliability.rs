//! What is learned from many stories decides in one that alone says nothing.

mod shared;

use shared::{PlainFold, check, witness};
use shiliu_collate::{Decision, NeutralJudge, Reliabilities, Story, Witness, collate};

fn by(engine: &str, text: &str) -> Witness {
    Witness { engine: Some(engine.to_owned()), ..witness(engine, text) }
}

#[test]
fn a_recogniser_that_loses_words_everywhere_is_trusted_less() {
    let text = "六港理事会在北岛通过了修缮灯塔的计划，并决定设立秘书处，由东港负责筹措第一期的经费。";
    let careless = text.replace(['了', '并'], "").replace("一期的", "一期");
    let earlier: Vec<Story> = (0..12)
        .map(|_| collate(&[by("careful", text), by("careless", &careless)], &PlainFold, &NeutralJudge).value)
        .collect();
    let learned = Reliabilities::learn(&earlier);
    let pair = [by("careful", "理事会在南礁开会。"), by("careless", "理事会在南焦开会。")];
    assert!(learned.log_odds(&pair[0]) > learned.log_odds(&pair[1]));
    assert_eq!(learned.log_odds(&witness("nobody", "")), None);

    let before = collate(&pair, &PlainFold, &NeutralJudge).value;
    assert_eq!(before.loci[0].decision, Decision::Undecided);
    let after = collate(&pair, &PlainFold, &learned.judge(&NeutralJudge)).value;
    check(&after);
    assert_eq!(after.loci[0].decision, Decision::Decided);
    assert_eq!(after.loci[0].readings[after.loci[0].lemma].text, "礁");
}
