//! Readers of marked-up formats: reading order, and files that are broken or hostile.

use proptest::prelude::*;
use shiliu_lang::Pack;
use shiliu_press::{PageKey, read};

fn pack() -> &'static Pack {
    static PACK: std::sync::OnceLock<Pack> = std::sync::OnceLock::new();
    PACK.get_or_init(|| Pack::load(shiliu_lang::builtin()).value)
}

fn text_of(bytes: &[u8], name: &str) -> (String, Vec<&'static str>) {
    let key = PageKey { path: name.to_owned(), ..PageKey::default() };
    let outcome = read(bytes, &key, pack());
    let text = outcome.value.first().map_or_else(String::new, |page| page.layer.text.to_string());
    (text, outcome.diagnostics.iter().map(|found| found.code).collect())
}

const ALTO: &str = r#"<?xml version="1.0" encoding="Big5"?><alto><Layout><Page>
<TextBlock><TextLine HPOS="500" VPOS="0" WIDTH="300" HEIGHT="20"><String CONTENT="右栏"/></TextLine></TextBlock>
<TextBlock><TextLine HPOS="0" VPOS="0" WIDTH="300" HEIGHT="20"><String CONTENT="左栏"/></TextLine>
<TextLine HPOS="0" VPOS="30" WIDTH="300" HEIGHT="20"><String CONTENT="the"/><SP/><String CONTENT="brid" SUBS_TYPE="HypPart1" SUBS_CONTENT="bridge"/><HYP CONTENT="-"/></TextLine>
<TextLine HPOS="0" VPOS="60" WIDTH="300" HEIGHT="20"><String CONTENT="ge" SUBS_TYPE="HypPart2" SUBS_CONTENT="bridge"/><SP/><String CONTENT="opens"/></TextLine></TextBlock>
</Page></Layout></alto>"#;

#[test]
fn alto_by_columns() {
    let (text, codes) = text_of(ALTO.as_bytes(), "p.xml");
    assert_eq!(text, "左栏\nthe bridge\nopens\n\n右栏");
    assert_eq!(codes, ["wrong-encoding-declared"]);
}

#[test]
fn alto_in_its_own_order_with_a_prefix_and_boxes_of_words_only() {
    let order = "<a:ReadingOrder><a:OrderedGroup><a:ElementRef REF='two'/><a:ElementRef REF='one'/></a:OrderedGroup></a:ReadingOrder>";
    let block = |id: &str, word: &str, top: u32| {
        format!(
            "<a:ComposedBlock><a:TextBlock ID='{id}'><a:TextLine><a:String CONTENT='{word}' HPOS='5' VPOS='{top}' WIDTH='9' HEIGHT='7'/><a:SP/>\
                 <a:String CONTENT='x' HPOS='20' VPOS='{top}' WIDTH='9' HEIGHT='9'/></a:TextLine></a:TextBlock></a:ComposedBlock>"
        )
    };
    let page = |order: &str| {
        let blocks = block("one", "甲", 10) + &block("two", "乙", 90);
        format!("<a:alto xmlns:a='x'>{order}<a:Layout><a:Page>{blocks}</a:Page></a:Layout></a:alto>")
    };
    assert_eq!(text_of(page(order).as_bytes(), "p.xml"), ("乙 x\n\n甲 x".to_owned(), vec![]));
    assert_eq!(text_of(page("").as_bytes(), "p.xml").0, "甲 x\n\n乙 x");
    let key = PageKey { path: "p.xml".to_owned(), ..PageKey::default() };
    let read = read(page("").as_bytes(), &key, pack()).value;
    assert_eq!(read[0].lines[0].bounds, Some([5, 10, 29, 19]));
}

#[test]
fn a_file_that_breaks_off_keeps_what_came_before() {
    let (text, codes) = text_of(&ALTO.as_bytes()[..ALTO.find("brid").unwrap()], "p.xml");
    assert_eq!(text, "左栏\nthe\n\n右栏");
    assert!(codes.contains(&"file-broken-off"), "{codes:?}");
}

#[test]
fn page_xml_in_its_own_order() {
    let page = r#"<PcGts><Page><ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="1" regionRef="a"/><RegionRefIndexed index="0" regionRef="b"/></OrderedGroup></ReadingOrder>
<TextRegion id="a"><TextLine><Coords points="0,0 9,0 9,5"/><TextEquiv><Unicode>后 &amp; 文</Unicode></TextEquiv></TextLine></TextRegion>
<TextRegion id="b" type="heading"><TextLine><TextEquiv><Unicode>先</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>"#;
    assert_eq!(text_of(page.as_bytes(), "p.xml"), ("先\n\n后 & 文".to_owned(), vec![]));
}

#[test]
fn hocr_by_columns() {
    let page = r#"<html><body><div class="ocr_page" title="bbox 0 0 900 900">
<p class="ocr_par"><span class="ocr_line" title="bbox 500 0 800 20"><span class="ocrx_word">右</span> <span class="ocrx_word">栏</span></span></p>
<p class="ocr_par"><span class="ocr_line" title="bbox 0 0 300 20; x_wconf 9">left column</span></p></div></body></html>"#;
    assert_eq!(text_of(page.as_bytes(), "p.hocr"), ("left column\n\n右栏".to_owned(), vec![]));
}

#[test]
fn html_is_only_text() {
    let page = "<!DOCTYPE html><html><head><title>x</title></head><body><nav>menu</nav><script>if (a<b) '</p>'</script>\
        <h1>大桥<b>通车</b></h1><p>一&nbsp;行<br>二\n行 &lt;b&gt;</p><table><tr><td>1<td>2<tr><td>3</table></body></html>";
    let (text, codes) = text_of(page.as_bytes(), "p.html");
    assert_eq!(text, "大桥通车\n\n一\u{a0}行\n二行 <b>\n\n1\t2\n3");
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn a_space_that_is_printed_stays_and_a_wrapped_source_is_not_one() {
    let page =
        "<html><body><p>本报讯（记者 柯以墨）\n  早市 \n开张</p><p>早<b>市</b> <i>开</i>张</p></body></html>";
    assert_eq!(text_of(page.as_bytes(), "p.html").0, "本报讯（记者 柯以墨）早市开张\n\n早市开张");
}

#[test]
fn what_a_screen_does_not_show_is_no_text() {
    let body = "<ruby>石<rt>shi<rt>x</ruby><ruby>榴<rp>(</rp><rt>liu</rt><rp>)</rp></ruby>树<span style='color:red; display : none'>下注</span>开花\
        <input hidden><div hidden>旧的</div><p title='hidden'>第二段是看得见的，比藏起来的要长得多。</p>";
    let (text, codes) = text_of(format!("<html><body>{body}</body></html>").as_bytes(), "p.html");
    assert_eq!(text, "石榴树开花\n\n第二段是看得见的，比藏起来的要长得多。");
    assert!(codes.is_empty(), "{codes:?}");
}

#[test]
fn an_article_that_a_script_would_show_is_read() {
    let page = "<html><body><p>请稍候</p><div style=\"DISPLAY:none\"><h1>大桥通车</h1><p>昨日，大桥正式通车。</p></div></body></html>";
    assert_eq!(text_of(page.as_bytes(), "p.html").0, "请稍候\n\n大桥通车\n\n昨日，大桥正式通车。");
}

#[test]
fn declared_entities_are_never_used() {
    let page = "<!DOCTYPE alto [<!ENTITY a \"xxxxxxxx\"><!ENTITY b \"&a;&a;&a;\">]><PcGts><Page><TextRegion><TextLine><TextEquiv><Unicode>一&b;二</Unicode></TextEquiv></TextLine></TextRegion></Page></PcGts>";
    let (text, codes) = text_of(page.as_bytes(), "p.xml");
    assert_eq!(text, "一&b;二");
    assert_eq!(codes, ["declarations-ignored", "unknown-reference"]);
}

#[test]
fn deep_nesting_and_empty_documents() {
    let deep = format!(
        "<PcGts><Page>{}<TextEquiv><Unicode>底</Unicode></TextEquiv></TextRegion></Page></PcGts>",
        "<TextRegion>".repeat(100_000)
    );
    let (text, codes) = text_of(deep.as_bytes(), "p.xml");
    assert_eq!((text.as_str(), codes), ("底", vec!["nested-too-deep"]));
    assert_eq!(text_of(b"<alto></alto>", "p.xml"), (String::new(), vec!["empty-file"]));
}

proptest! {
    #[test]
    fn never_panics(header in 0..4_usize, rest in proptest::collection::vec(any::<u8>(), 0..300), cut in 0..ALTO.len()) {
        let mut bytes = ["<alto>", "<PcGts><TextRegion>", "<html><p class=ocr_line>", "<html>"][header].as_bytes().to_vec();
        bytes.extend(&rest);
        text_of(&bytes, "p.xml");
        text_of(&ALTO.as_bytes()[..cut], "p.xml");
    }
}
