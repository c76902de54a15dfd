//! Pages with marked truth, and properties that hold for any page.

use proptest::prelude::*;
use shiliu_lang::Pack;
use shiliu_press::{Page, PageKey, Role, Segmented, read, segment};

fn pack() -> &'static Pack {
    static PACK: std::sync::OnceLock<Pack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| Pack::load(shiliu_lang::builtin()).value)
}

fn run(pages: &[(&str, &str)]) -> (Vec<Page>, Segmented) {
    let pages: Vec<Page> = pages
        .iter()
        .flat_map(|(path, text)| {
            let key = PageKey { path: (*path).to_owned(), ..PageKey::default() };
            read(text.as_bytes(), &key, pack()).value
        })
        .collect();
    let result = segment(&pages, &[], pack()).value;
    (pages, result)
}

/// Zones joined are the page; fragments hold every character of an article once.
fn check_partition(pages: &[Page], result: &Segmented) {
    for (page, zones) in pages.iter().zip(&result.zones) {
        let joined: String = zones.iter().map(|zone| zone.span.of(&page.layer.text)).collect();
        assert_eq!(joined, &*page.layer.text);
        for zone in zones {
            let printed = zone.span.of(&page.layer.text).chars().any(|c| !c.is_whitespace());
            if zone.role == Role::Blank {
                assert!(zone.articles.is_empty());
            } else {
                assert!(printed);
            }
        }
    }
    for (number, article) in result.articles.iter().enumerate() {
        for (index, (page, zones)) in pages.iter().zip(&result.zones).enumerate() {
            for zone in zones.iter().filter(|zone| zone.articles.contains(&number)) {
                for (offset, character) in zone.span.of(&page.layer.text).char_indices() {
                    if character.is_whitespace() {
                        continue;
                    }
                    let at = zone.span.start + u32::try_from(offset).unwrap();
                    let held = article
                        .fragments
                        .iter()
                        .filter(|f| f.page == index && f.span.start <= at && at < f.span.end)
                        .count();
                    assert_eq!(held, 1, "{character} at {at} of article {number}");
                }
            }
        }
        for (at, origin, verbatim) in article.text.map.origins() {
            if let (Some(origin), true) = (origin, verbatim) {
                let page = pages.iter().find(|page| page.layer.id == origin.text).unwrap();
                assert_eq!(at.of(&article.text.text), origin.span.of(&page.layer.text));
            }
        }
    }
}

/// A headline broken behind a comma is one; who writes without a name stands under it; a name in brackets ends its text.
#[test]
fn a_headline_with_a_comma_is_not_running_text() {
    let text = "青禾日报 2031年6月17日 星期二 第2版\n\n让好戏多下乡，\n也让乡里长出好戏\n\n本报评论员\n\n\
        县剧团上个月走了十一个村，戏台搭在晒谷场上，最后一排的老人站在板凳上看。村里人说，戏好不好，看散场的时候有没有人回头。\n\n\
        好戏下乡，不能只是送。村里的锣鼓队练了半年，年底要同剧团同台，这才是乡里自己长出来的戏。\n（林 越）\n\n\
        渡口复航 菜农赶早市\n\n清晨六点，老船工石满仓把缆绳解开，渡船载着四十多名菜农驶向对岸的早市。\n\n\
        渡口停航半个月后重新开通，栈桥加固了三道，夜里添了照明灯，每天多开六个班次。\n";
    let articles = run(&[("02.txt", text)]).1.articles;
    let headlines: Vec<_> =
        articles.iter().map(|article| article.headline.as_ref().map(|headline| &*headline.text)).collect();
    assert_eq!(headlines, [Some("让好戏多下乡，也让乡里长出好戏"), Some("渡口复航 菜农赶早市")]);
    assert_eq!(articles[0].byline.as_ref().map(|byline| &*byline.text), Some("本报评论员"));
    assert!(!articles[1].text.text.contains("林"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]
    #[test]
    fn any_page_is_partitioned(parts in prop::collection::vec(prop::sample::select(vec![
        "# 大桥通车\n", "### 两岸举行庆典\n\n", "本报讯（记者林 越）3月2日，大桥通车。\n", "（上接第1版①）各方表示，",
        "（下转第2版）\n", "——写在通车之际\n", "曙光社青禾城3月2日电\n", "\n", "\r\n", "△图为大桥夜景。\n", "林越 摄\n",
        "一是加强合作。", "二是扩大贸易，推动两国人民", "友好往来不断加深。\n", "要闻快览\n", "第03版:要闻\n", "“桥通了，", "路就近了。”\n",
        "　　大桥全长三公里，", "\u{feff}", "#\n", "a\u{0}b ", "New bridge opens.\n", "（", "】", "  ",
    ]), 0..40)) {
        let text = parts.concat();
        let (pages, result) = run(&[("p.txt", &text)]);
        check_partition(&pages, &result);
        let again = run(&[("p.txt", &text)]).1;
        prop_assert_eq!(format!("{:?}", result.articles), format!("{:?}", again.articles));
    }
}

/// Cases in Markdown: each `## name` holds a page in a fenced block, every line led by the label of its article
/// (`A|`), `-` for what belongs to none; `fixme` in the name marks one known to go wrong.
#[test]
fn marked_pages_come_apart() {
    let cases = include_str!("cases/pages.md");
    let mut seen = 0;
    let mut wrong = Vec::new();
    for case in cases.split("\n## ").skip(1) {
        let (name, rest) = case.split_once('\n').unwrap();
        let block = rest.split("```").nth(1).unwrap().trim_start_matches("page\n");
        let (mut text, mut labels) = (String::new(), Vec::new());
        for line in block.lines() {
            let (label, words) = line.split_once('|').unwrap_or(("", line));
            labels.extend(std::iter::repeat_n(label.to_owned(), words.len() + 1));
            text.push_str(words);
            text.push('\n');
        }
        let (pages, result) = run(&[("case.txt", &text)]);
        check_partition(&pages, &result);
        let mut pairs: Vec<(String, String)> = Vec::new();
        for zone in result.zones[0].iter().filter(|zone| zone.role != Role::Blank) {
            let label = labels[zone.span.end as usize - 1].clone();
            let found = zone.articles.first().map_or("-".to_owned(), usize::to_string);
            pairs.push((label, found));
        }
        pairs.sort();
        pairs.dedup();
        let one_to_one = pairs.iter().all(|(label, found)| {
            pairs.iter().filter(|(l, f)| l == label || (f == found && found != "-")).count() == 1
        });
        let fixme = name.contains("fixme");
        if one_to_one == fixme {
            wrong.push(format!("{name}: {pairs:?}"));
        }
        seen += 1;
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    assert!(seen >= 5);
}

#[test]
fn a_jump_is_followed_to_another_page() {
    let front = "河口日报 2031年5月3日 星期六 第1版\n\n# 青禾大桥通车\n\n本报讯（记者林越）青禾大桥昨日通车，大桥全长三公里，连接青禾城与河口两岸，总投资二十亿元，两岸居民往来将缩短一半时（下转第2版）\n";
    let inner = "河口日报 2031年5月3日 星期六 第2版\n\n（上接第1版）间。青禾大桥由河口建设集团承建，两岸居民盼望这座大桥已有十年。\n\n# 图书馆开馆\n\n本报讯（记者周乐）明河图书馆今天开馆，藏书三十万册。\n";
    let (pages, result) = run(&[("1.txt", front), ("2.txt", inner)]);
    check_partition(&pages, &result);
    let bridge = &result.articles[0];
    assert_eq!(bridge.jump_to.as_ref().unwrap().page, Some(1));
    assert_eq!(bridge.fragments.iter().map(|f| f.page).collect::<Vec<_>>(), [0, 1]);
    assert!(bridge.text.text.contains("缩短一半时间。"), "{}", bridge.text.text);
    assert_eq!(result.articles.len(), 2);
    assert_eq!(result.identities[1].page_no.as_ref().unwrap().value, "2");
    assert_eq!(result.identities[0].date.as_ref().unwrap().value.to_string(), "2031-05-03");
    assert_eq!(bridge.byline.as_ref().unwrap().text, "记者林越");
}

#[test]
fn the_page_number_is_that_of_the_page() {
    let story = "# 青禾大桥通车\n\n本报讯（记者林越）青禾大桥昨日通车，大桥全长三公里，连接青禾城与河口两岸，总投资二十亿元。\n";
    let number = |name: &str, top: &str| {
        let (_, result) = run(&[(name, &format!("{top}{story}"))]);
        result.identities[0].page_no.as_ref().map(|page| page.value.clone())
    };
    let list = "第01版：要闻\n\n第02版：综合\n\n第04版：民生\n\n";
    // A list of pages says nothing of this one; a number beside a paper's name or a day does.
    assert_eq!(number("x.md", list), None);
    assert_eq!(number("p2.md", list).as_deref(), Some("2"));
    assert_eq!(number("x.md", &format!("02 民生视窗 星期三\n\n{list}")).as_deref(), Some("2"));
    assert_eq!(number("x.txt", "2 河口日报 2031-6-17\n\n").as_deref(), Some("2"));
    assert_eq!(number("x.txt", "1 语文考试 星期四\n2 数学考试 星期五\n\n"), None);
    assert_eq!(number("x.txt", "第2版\n\n").as_deref(), Some("2"));
    // How many pages the paper has today, wrapped in a narrow column.
    let wrapped = "河口日报　2031年 6月 1\n7日　星期二　第4402期　今日\n14版\n\n";
    assert_eq!(number("x.txt", wrapped), None);
    let (_, result) = run(&[("x.txt", &format!("{wrapped}{story}"))]);
    assert_eq!(result.identities[0].date.as_ref().unwrap().value.to_string(), "2031-06-17");
}

#[test]
fn a_line_above_a_headline_is_no_part_of_it() {
    let text = "抓项目 促发展\n青禾大桥正式通车\n\n本报讯（记者林越）青禾大桥昨日通车，大桥全长三公里，连接青禾城与河口两岸。\n\n大桥总投资二十亿元，由河口建设集团承建。\n";
    let (pages, result) = run(&[("1.txt", text)]);
    check_partition(&pages, &result);
    let bridge = &result.articles[0];
    assert_eq!(bridge.headline.as_ref().unwrap().text, "青禾大桥正式通车");
    assert_eq!(bridge.kicker.as_ref().unwrap().text, "抓项目 促发展");
}

#[test]
fn the_lines_of_a_head_are_told_apart() {
    const SAFETY: &str = "本报讯（记者林越）5月12日，全市安全生产电视电话会议召开，市长鲁青禾强调，要以铁的手腕整治隐患，坚决遏制重特大事故。\n\n会议通报了一季度事故情况，对危险化学品、建筑施工等领域专项整治作出部署。\n";
    const CUSTOMS: &str = "本报讯（记者周乐）河口海关昨天公布，前四个月全市进出口总值达到八十六亿元，同比增长一成二，其中对六国出口增长最快。\n\n海关负责人介绍，新开的两条航线带动了机电产品出口。\n";
    let parted = |head: &str, text: &str| {
        let (_, result) = run(&[("1.txt", &format!("{head}\n\n{text}"))]);
        let article = &result.articles[0];
        [&article.kicker, &article.headline, &article.deck]
            .map(|line| line.as_ref().map(|line| line.text.clone()))
    };
    let some = |text: &str| Some(text.to_owned());
    assert_eq!(
        parted("全市安全生产电视电话会议召开\n以铁的手腕整治隐患 坚决遏制重特大事故", SAFETY),
        [some("全市安全生产电视电话会议召开"), some("以铁的手腕整治隐患 坚决遏制重特大事故"), None]
    );
    assert_eq!(
        parted("前四月河口进出口\n同比增长一成二", CUSTOMS),
        [None, some("前四月河口进出口同比增长一成二"), None]
    );
    assert_eq!(
        parted("前四月进出口增长一成二\n——河口海关公布外贸数据", CUSTOMS),
        [None, some("前四月进出口增长一成二"), some("——河口海关公布外贸数据")]
    );
}

#[test]
fn a_masthead_over_two_lines_is_no_headline() {
    let text = "河口日报 2031年5月3\n日 星期六 第1版\n青禾大桥正式通车\n\n本报讯（记者林越）青禾大桥昨日通车，大桥全长三公里，连接青禾城与河口两岸。\n";
    let (pages, result) = run(&[("1.txt", text)]);
    check_partition(&pages, &result);
    assert_eq!(result.articles.len(), 1);
    assert_eq!(result.articles[0].headline.as_ref().unwrap().text, "青禾大桥正式通车");
}

#[test]
fn a_headline_behind_its_text_is_given_to_it() {
    let text = "本报讯（记者林越）青禾大桥昨日通车，大桥全长三公里，连接青禾城与河口两岸。\n\n青禾大桥总投资二十亿元，由河口建设集团承建，两岸居民盼望大桥已有十年。\n\n青禾大桥昨日通车\n\n本报讯（记者周乐）明河图书馆今天开馆，藏书三十万册，读者可以借阅到晚上九点。\n\n图书馆还为孩子们开设了朗读室。\n";
    let (pages, result) = run(&[("1.txt", text)]);
    check_partition(&pages, &result);
    assert_eq!(result.articles.len(), 2);
    assert_eq!(result.articles[0].headline.as_ref().unwrap().text, "青禾大桥昨日通车");
    assert!(result.articles[1].headline.is_none());
}

#[test]
fn names_alone_between_a_head_and_its_text_are_its_author_line() {
    let text = "大桥建成通车\n\n林 越 周小乐\n\n昨日，青禾大桥建成通车，两岸居民往来的时间缩短了一半。\n\n大桥全长三公里。\n";
    let (pages, result) = run(&[("a.txt", text)]);
    check_partition(&pages, &result);
    let byline = result.articles[0].byline.as_ref().map(|byline| byline.text.as_str());
    assert_eq!(byline, Some("林越 周小乐"));
    for plain in ["高新区", "常委会", "张家村", "天气 交通"] {
        let (_, result) = run(&[("a.txt", &text.replace("林 越 周小乐", plain))]);
        assert!(result.articles.iter().all(|article| article.byline.is_none()), "{plain}");
    }
}

#[test]
fn a_traditional_page_is_cut_as_a_simplified_one() {
    let simplified = "本报讯（记者 林越）青禾大桥昨日建成通车，两岸居民往来的时间缩短了一半。大桥施工期间，建设集团克服困\n明河图书馆开馆迎客\n本报讯（记者 周乐）明河图书馆昨日开馆，首日接待读者两千人次。\n难，大桥的桥塔提前三个月封顶，成为两岸居民期盼的通途。\n";
    let traditional = "本報訊（記者 林越）青禾大橋昨日建成通車，兩岸居民往來的時間縮短了一半。大橋施工期間，建設集團克服困\n明河圖書館開館迎客\n本報訊（記者 周樂）明河圖書館昨日開館，首日接待讀者兩千人次。\n難，大橋的橋塔提前三個月封頂，成為兩岸居民期盼的通途。\n";
    let (pages, one) = run(&[("a.txt", simplified)]);
    let (_, other) = run(&[("a.txt", traditional)]);
    check_partition(&pages, &one);
    let fragments = |found: &Segmented| -> Vec<_> {
        found.articles.iter().map(|article| article.fragments.clone()).collect()
    };
    assert_eq!(fragments(&one), fragments(&other));
    assert_eq!(other.articles[1].byline.as_ref().map(|byline| byline.text.as_str()), Some("記者 周樂"));
}
