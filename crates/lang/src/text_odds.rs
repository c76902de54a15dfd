//! What kind of text its characters make likely: whether the first words of a text are a lead, as articles begin, or those of a
//! paragraph or a sentence inside one; whether a line is a headline or a line of running text, or one of the paper.
//!
//! A lead names the day, the place and who acts in full; what stands inside an article goes back to what was named. A headline
//! leaves out what a sentence needs. The data are `leads.model`, `headlines.model` and `paper_lines.model` of `lang/zh`;
//! `benchsuite/text_odds.py` makes them and describes their format, source and method. Everything is whole numbers.

use std::cell::RefCell;
use std::sync::OnceLock;

use crate::joints::folded;

/// Longest run of characters that is a feature.
const LONGEST_RUN: usize = 3;
/// So many places from the beginning, and from the end, have a feature of their own for the two characters there.
const PLACES: usize = 8;
const PLACES_FROM_END: usize = 4;
/// Kinds of features behind those of places.
const PREFIX: u8 = 8;
const RUN: u8 = 9;
const SENTENCE: u8 = 10;
const CLAUSE: u8 = 11;
const LENGTH: u8 = 12;
const SUFFIX: u8 = 13;
const FROM_END: u8 = 14;
/// Marks that end a sentence and those that end a clause, folded.
const STOPS: [char; 4] = ['\u{3002}', '!', '?', ';'];
const PAUSES: [char; 2] = [',', ':'];
/// Bytes before the weights: mark, version, reach, bits, whether ends are looked at, beginning, unit.
const HEADER: usize = 16;

/// The weights of what a text is made of.
#[derive(Debug)]
pub struct TextOdds {
    /// How many characters are looked at.
    reach: usize,
    /// How many bits a feature's number has.
    bits: u32,
    /// Whether the text's length and its last characters count too.
    ends: bool,
    /// Whether of a longer text the first and the last characters are looked at, half of the reach each.
    halves: bool,
    /// What every text begins with, in thousandths of a bit.
    base: i64,
    /// A weight's unit, in millionths of a bit.
    unit: i64,
    weights: &'static [u8],
}

impl TextOdds {
    /// Of a Chinese text that it is a lead and not the beginning of a paragraph or a sentence inside an article.
    ///
    /// # Panics
    /// If the data that is part of the program is damaged.
    #[must_use]
    pub fn chinese_leads() -> &'static TextOdds {
        static LEADS: OnceLock<TextOdds> = OnceLock::new();
        LEADS.get_or_init(|| {
            TextOdds::read(include_bytes!("../../../lang/zh/leads.model"))
                .expect("the data is part of the program")
        })
    }

    /// Of a Chinese line that it is a headline, or a line above or below one, and not a line of running text or a subhead.
    ///
    /// # Panics
    /// If the data that is part of the program is damaged.
    #[must_use]
    pub fn chinese_headlines() -> &'static TextOdds {
        static HEADLINES: OnceLock<TextOdds> = OnceLock::new();
        HEADLINES.get_or_init(|| {
            TextOdds::read(include_bytes!("../../../lang/zh/headlines.model"))
                .expect("the data is part of the program")
        })
    }

    /// Of a Chinese line that it is one of the paper and of no article: a folio, staff, weather, an address, a price.
    ///
    /// # Panics
    /// If the data that is part of the program is damaged.
    #[must_use]
    pub fn chinese_paper_lines() -> &'static TextOdds {
        static LINES: OnceLock<TextOdds> = OnceLock::new();
        LINES.get_or_init(|| {
            TextOdds::read(include_bytes!("../../../lang/zh/paper_lines.model"))
                .expect("the data is part of the program")
        })
    }

    /// Reads the format; `None` where it is not that.
    fn read(data: &'static [u8]) -> Option<TextOdds> {
        let (header, weights) = data.split_at_checked(HEADER)?;
        let rest = header.strip_prefix(b"SLTO\x01")?;
        let (reach, bits, ends) = (usize::from(rest[0]), u32::from(rest[1]), rest[2] > 0);
        let base = i64::from(i32::from_le_bytes(rest[3..7].try_into().ok()?));
        let unit = i64::from(u32::from_le_bytes(rest[7..11].try_into().ok()?));
        let whole = (1..=24).contains(&bits) && weights.len() == 1 << bits;
        let halves = rest[2] == 2;
        whole.then_some(TextOdds { reach, bits, ends, halves, base, unit, weights })
    }

    /// How much likelier the text is of the kind than not, in thousandths of a bit, the kind being as frequent as among the
    /// texts that this was learned from. Characters in reading order, without white space.
    #[must_use]
    pub fn odds(&self, text: &[char]) -> i32 {
        let behind = if self.halves && text.len() > self.reach { self.reach / 2 } else { 0 };
        let first = text.iter().take(self.reach - behind);
        let last = &text[text.len() - behind..];
        let text: Vec<char> = first.chain(last).map(|character| folded(*character)).collect();
        let slots = self.slots(&text);
        // Each feature counts once.
        let weights: i64 = COUNTED.with_borrow_mut(|counted| {
            counted.resize(counted.len().max(self.weights.len().div_ceil(64)), 0);
            let mut first = |slot: &&usize| {
                let (cell, bit) = (&mut counted[**slot / 64], 1 << (**slot % 64));
                let is_first = *cell & bit == 0;
                *cell |= bit;
                is_first
            };
            let each = slots.iter().filter(&mut first);
            let weights = each.map(|slot| i64::from(self.weights[*slot].cast_signed())).sum();
            slots.iter().for_each(|slot| counted[*slot / 64] = 0);
            weights
        });
        i32::try_from(self.base + weights * self.unit / 1000).unwrap_or(0)
    }

    /// The numbers of its features, in any order, some of them twice.
    fn slots(&self, text: &[char]) -> Vec<usize> {
        let mut slots = Vec::with_capacity(4 * text.len() + 16);
        for (place, pair) in (0..).zip(text.windows(2).take(PLACES)) {
            slots.push(self.slot(place, pair));
        }
        for length in 2..=4 {
            slots.extend(text.get(..length).map(|prefix| self.slot(PREFIX, prefix)));
        }
        let run = mix(SEED, RUN);
        for from in 0..text.len() {
            // Each run goes on with the one that is shorter by a character.
            let longer = |hash: &mut u32, character: &char| {
                *hash = mixed(*hash, *character);
                Some(self.slot_of(*hash))
            };
            slots.extend(text[from..].iter().take(LONGEST_RUN).scan(run, longer));
        }
        let first = |marks: &[char]| text.iter().position(|one| marks.contains(one)).unwrap_or(text.len());
        slots.push(self.slot(SENTENCE, &[class(first(&STOPS), 8)]));
        let pause = first(&PAUSES);
        let clause = [class(pause, 4), text.get(pause).copied().unwrap_or_default()];
        slots.push(self.slot(CLAUSE, &clause[..1 + usize::from(pause < text.len())]));
        if self.ends {
            slots.push(self.slot(LENGTH, &[class(text.len(), 3)]));
            for length in 1..=4.min(text.len()) {
                slots.push(self.slot(SUFFIX, &text[text.len() - length..]));
            }
            for (place, pair) in (FROM_END..).zip(text.windows(2).rev().take(PLACES_FROM_END)) {
                slots.push(self.slot(place, pair));
            }
        }
        slots
    }

    /// The number of a feature.
    fn slot(&self, kind: u8, characters: &[char]) -> usize {
        self.slot_of(characters.iter().copied().fold(mix(SEED, kind), mixed))
    }

    fn slot_of(&self, hash: u32) -> usize {
        (hash.wrapping_mul(0x9e37_79b1) >> (32 - self.bits)) as usize
    }
}

/// What the hash of a feature begins with.
const SEED: u32 = 0x811c_9dc5;

thread_local! {
    /// A bit for each feature that was counted; none between two texts.
    static COUNTED: RefCell<Vec<u64>> = const { RefCell::new(Vec::new()) };
}

/// A hash with one more byte (FNV-1a).
fn mix(hash: u32, byte: u8) -> u32 {
    (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193)
}

/// A hash with the bytes of one more character.
fn mixed(hash: u32, character: char) -> u32 {
    character.encode_utf8(&mut [0; 4]).bytes().fold(hash, mix)
}

/// The digit of a length's class.
fn class(length: usize, step: usize) -> char {
    u32::try_from(length / step).ok().and_then(|class| char::from_digit(class.min(9), 10)).unwrap_or('9')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lead(text: &str) -> i32 {
        TextOdds::chinese_leads().odds(&text.chars().collect::<Vec<_>>())
    }

    #[test]
    fn a_lead_is_told_from_what_stands_inside_an_article() {
        let leads = [
            "6月17日上午，东屏省政府召开常务会议，研究部署防汛工作。省长季云帆主持会议并讲话。",
            "记者昨日从市统计局获悉，今年前五个月，全市外贸进出口总值同比增长两成。",
            "近日，云津大学第一附属医院成功完成一例高难度手术。",
        ];
        let inside = [
            "他表示，下一步将继续加大投入，力争年底前全部完工。",
            "据介绍，这些设备全部由当地工人安装，比原计划提前了两个月。",
            "会议强调，要坚持问题导向，压实各方责任，确保任务落到实处。",
        ];
        for (lead_text, inner) in leads.iter().zip(inside) {
            assert!(lead(lead_text) > 0, "{lead_text}: {}", lead(lead_text));
            assert!(lead(inner) < 0, "{inner}: {}", lead(inner));
        }
    }

    #[test]
    fn a_line_of_the_paper_is_told_from_lines_of_articles() {
        let odds = |text: &str| TextOdds::chinese_paper_lines().odds(&text.chars().collect::<Vec<_>>());
        for line in [
            "值班编委樊守成责任编辑吕敏版式高晓校对陶然新闻热线0917—8260000",
            "今明两天多云转阵雨东南风3—4级22℃～29℃",
            "本报社址：河口市东堤大街6号邮政编码100631",
            "广告经营许可证河工商广字0117号零售每份1.50元",
        ] {
            assert!(odds(line) > 0, "{line}: {}", odds(line));
        }
        for line in [
            "本报记者林越通讯员周乐",
            "一、强化组织领导",
            "报名电话开通当天，热线被打爆了三次",
            "双方签署了关于口岸合作的谅解备忘录。",
        ] {
            assert!(odds(line) < 0, "{line}: {}", odds(line));
        }
    }

    #[test]
    fn of_long_lines_both_ends_are_looked_at() {
        let odds = |text: &str| TextOdds::chinese_paper_lines().odds(&text.chars().collect::<Vec<_>>());
        let middle = |filler: &str| {
            format!(
                "本报社址：河口市东堤大街6号邮政编码100631电话0917—8260000{}零售每份1.50元河口日报印刷厂印刷邮编100632地址西堤街7号",
                filler.repeat(9)
            )
        };
        assert_eq!(odds(&middle("甲乙丙")), odds(&middle("丁戊己")));
    }

    #[test]
    fn a_headline_is_told_from_a_line_of_running_text() {
        let odds = |text: &str| TextOdds::chinese_headlines().odds(&text.chars().collect::<Vec<_>>());
        for headline in ["东屏新增三条国际货运航线", "冬日水城暖意浓", "六国部长共商边境口岸扩能"]
        {
            assert!(odds(headline) > 0, "{headline}: {}", odds(headline));
        }
        for line in
            ["他告诉记者，这批设备上个月刚", "的水稻亩产比去年提高了三成。", "一体推进，并对下一步工作提"]
        {
            assert!(odds(line) < 0, "{line}: {}", odds(line));
        }
    }

    #[test]
    fn width_and_digits_make_no_difference() {
        assert_eq!(lead("６月１７日，"), lead("6月18日,"));
        assert_eq!(TextOdds::chinese_leads().odds(&[]), lead(""));
    }

    #[test]
    fn damaged_data_is_no_model() {
        assert!(TextOdds::read(b"SLTO\x01").is_none());
        assert!(TextOdds::read(b"SLTO\x01\x3c\x12\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00").is_none());
    }
}
