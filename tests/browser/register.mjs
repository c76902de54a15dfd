// The register in a real browser: review by single keys and without script, an entry, follow-up, a brief; and
// what axe says of every screen.
import { readFileSync } from "node:fs";
import { base, entrance, equal, guarded, holds, journey } from "./harness.mjs";

const screens = [
  "/desk", "/desk?cadence=platforms&asof=2033-06-01", "/register", "/register?sort=due&once=1", "/e/C-0001", "/review",
  "/review/item?kind=record", "/review/item?kind=join", "/review/item?kind=reading", "/review/list?kind=record",
  "/wall", "/wall?sheet=a4", "/briefs", "/brief/draft?by=2034-12-31", "/checks", "/letters?about=C-0001", "/scale",
];
const older = [
  "/", "/ledger", "/stories?printings=2", "/library", "/figures", "/people", "/search?q=%E6%B5%B7", "/history",
  "/try?text=2031%E5%B9%B46%E6%9C%8817%E6%97%A5",
];

/** Accepts candidates until the register has at least so many entries. */
async function fill(page, wanted) {
  for (let turn = 0; turn < wanted; turn += 1) {
    await page.goto(`${base}/review/item?kind=record`);
    const item = await page.locator("input[name=item]").inputValue();
    await page.locator("button[value=accept]").click();
    await page.waitForURL(/done=/);
    holds((await page.locator("input[name=item]").inputValue()) !== item, "the next item comes");
  }
}

journey("the register: one key is one decision, looking is none, undo goes back", async (page) => {
  await page.goto(`${base}/review`);
  const total = async () => Number((await page.locator("h2 a.more").first().innerText()).replaceAll(/\D/g, ""));
  const before = await total();
  await page.goto(`${base}/review/item?kind=record`);
  const first = await page.locator("input[name=item]").inputValue();
  await page.keyboard.press("s");
  await page.waitForURL(/skip=1/);
  const second = await page.locator("input[name=item]").inputValue();
  holds(first !== second, "s goes on");
  await page.goto(`${base}/review`);
  equal(await total(), before, "looking decided nothing");
  await page.goto(`${base}/review/item?kind=record`);
  await page.keyboard.press("n");
  await page.waitForURL(/done=/);
  equal(await page.locator("input[name=item]").inputValue(), second, "n decided the first");
  await page.keyboard.press("u");
  await page.waitForURL((url) => !url.href.includes("done="));
  equal(await page.locator("input[name=item]").inputValue(), first, "u brought it back");
  // A key typed into a field is a letter, not a decision.
  await page.locator("input[name=why]").fill("");
  await page.locator("input[name=why]").press("y");
  equal(await page.locator("input[name=why]").inputValue(), "y", "letters in a field are letters");
  equal(await page.locator("input[name=item]").inputValue(), first, "and decide nothing");
});

journey("the register without script: accept, assess, assign, brief", async (page) => {
  await fill(page, 3);
  await page.goto(`${base}/e/C-0001`);
  await page.locator("details.form summary").first().click();
  await page.locator("select[name=status]").selectOption("no-evidence-found");
  await page.locator("details.form[open] input[name=query]").fill("不在版面上的字");
  await page.locator("details.form[open] button").click();
  await page.waitForURL(/\/e\/C-0001/);
  holds((await page.locator("#assessments ~ ol").first().innerText()).includes("不在版面上的字"), "the receipt is shown");
  await page.goto(`${base}/register`);
  await page.locator("input[name=entry]").first().check();
  await page.locator("input[name=owner]").fill("秘书处");
  await page.locator("form[action^='/own'] button").click();
  await page.waitForURL(/\/register/);
  holds((await page.locator("main").innerText()).includes("秘书处"), "the owner is shown");
  await page.goto(`${base}/briefs`);
  await page.locator("input[name=title]").fill("例会");
  await page.locator("input[name=by]").fill("2034-12-31");
  await page.locator("form[action='/brief/draft'] button").click();
  await page.waitForURL(/\/brief\/draft/);
  await page.locator("form[action^='/brief'] button").last().click();
  await page.waitForURL(/\/brief\/B-\d+/);
  await page.locator("#n1 a").click();
  await page.waitForURL(/\/p\//);
  holds(await page.locator("mark.lit").count() > 0, "a footnote opens its characters");
  for (const path of screens) equal((await page.goto(base + path)).status(), 200, path);
}, { javaScriptEnabled: false });

async function narrow(page) {
  for (const path of screens) {
    await page.goto(base + path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    equal(wide, 0, `${path} is too wide by`);
  }
}
journey("the register on a phone", narrow, { viewport: { width: 360, height: 740 } });
journey("the register at 200 %", narrow, { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });


journey("the desk by keyboard alone: agenda, entry, spot check", async (page) => {
  await page.goto(`${base}/`);
  await page.keyboard.press("g");
  await page.keyboard.press("d");
  await page.waitForURL(/\/desk/);
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/e\/C-/);
  // Every control of the entry can be reached and seen.
  const stops = await page.evaluate(() => document.querySelectorAll("main a[href], main summary, main button, main input").length);
  let reached = 0;
  for (let turn = 0; turn < stops + 60; turn += 1) {
    await page.keyboard.press("Tab");
    const here = await page.evaluate(() => {
      const one = document.activeElement;
      return { main: Boolean(one.closest("main")), tag: one.tagName, ring: getComputedStyle(one).outlineStyle };
    });
    if (here.main) {
      reached += 1;
      holds(here.ring !== "none", `the focus is seen on ${here.tag}`);
    } else if (reached) break;
  }
  holds(reached > 10, `controls reached: ${reached}`);
  await page.goto(`${base}/checks`);
  await page.locator("input[name=size]").fill("2");
  await page.locator("input[name=size]").press("Enter");
  await page.waitForURL(/\/checks\/K-\d+/);
  for (const [key, done] of [["y", 1], ["n", 2]]) {
    holds((await page.locator("mark.lit").count()) > 0, "the page's characters stand beside the question");
    await page.keyboard.press(key);
    await page.waitForFunction((count) => document.querySelector(".head .soft")?.textContent.includes(String(count)), done);
  }
  // The screen that follows the last answer has the rate: one of two is wrong.
  await page.waitForFunction(() => document.querySelector("main")?.innerText.includes("50.00 %"));
});

journey("several rows at once: only those that are marked, one event each", async (page) => {
  await page.goto(`${base}/review/list?kind=record`);
  const rows = page.locator("input[name=item]");
  const keys = [await rows.nth(0).inputValue(), await rows.nth(1).inputValue(), await rows.nth(2).inputValue()];
  await rows.nth(0).check();
  await rows.nth(2).check();
  await page.locator("button[value=unsure]").click();
  await page.waitForLoadState();
  const left = await page.locator("input[name=item]").evaluateAll((inputs) => inputs.map((input) => input.value));
  holds(!left.includes(keys[0]) && !left.includes(keys[2]), "the marked rows are decided");
  holds(left.includes(keys[1]), "the row between them is not");
}, { javaScriptEnabled: false });

journey("a reader's letter, from the screen it speaks of to its answer", async (page) => {
  await page.goto(`${base}/e/C-0001`);
  await page.locator("footer a[href*='/letters']").click();
  await page.waitForURL(/\/letters/);
  equal(await page.locator("input[name=about]").inputValue(), "/e/C-0001", "the address is filled in");
  await page.locator("textarea[name=text]").fill("日期与版面不符");
  await page.locator("input[name=name]").fill("一位读者");
  await page.locator("form.sheet button").click();
  await page.waitForURL(/sent=/);
  const letter = page.locator("ol.rows li", { hasText: "日期与版面不符" }).first();
  await letter.locator("a").first().click();
  await page.waitForURL(/\/review\/item/);
  await page.locator("input[name=why]").fill("已核，属实");
  await page.locator("button[value=accept]").click();
  await page.waitForURL(/\/review/);
  await page.goto(`${base}/letters`);
  holds((await letter.innerText()).includes("已核，属实"), "the answer stands under the letter");
}, { javaScriptEnabled: false });

journey("characters that are selected on a page become an entry", async (page) => {
  await page.goto(`${base}/library?all=1`);
  await page.locator("tbody a[href*='/p/']").first().click();
  await page.waitForURL(/\/p\//);
  const quote = await page.locator("#text").evaluate((text) => {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    let node = walker.nextNode();
    while (node && node.data.trim().length < 12) node = walker.nextNode();
    getSelection().setBaseAndExtent(node, 1, node, 11);
    return getSelection().toString();
  });
  await page.locator("#selection").waitFor({ state: "visible" });
  const form = page.locator("details.form:has(form[action^='/enter'])");
  await form.locator("summary").click();
  holds(/^\d+-\d+$/.test(await form.locator("input[name=range]").inputValue()), "the selection fills the place");
  await form.locator("button").click();
  await page.waitForURL(/\/e\/C-\d+/);
  equal(await page.locator("a.printing").first().innerText(), quote, "the entry says what was selected");
});

journey("wall chart and brief on paper", async (page) => {
  for (const [sheet, wide] of [["a3", 1190], ["a4", 841]]) {
    await page.goto(`${base}/wall?sheet=${sheet}`);
    const paper = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const boxes = [...paper.matchAll(/\/MediaBox\s*\[\s*0\s+0\s+([\d.]+)\s+([\d.]+)/g)].map((box) => box.slice(1).map(Number));
    holds(boxes.length >= 1, "there is a sheet");
    for (const [width, height] of boxes) {
      holds(Math.abs(width - wide) < 3 && width > height, `${sheet}: a lying sheet of ${width} x ${height}`);
    }
  }
  await page.emulateMedia({ media: "print" });
  equal(await page.locator("header.top").isVisible(), false, "no head line on paper");
  const clipped = await page.locator(".scroll").evaluate((box) => getComputedStyle(box).overflowX);
  equal(clipped, "visible", "nothing is cut off at the side");
});

journey("a one-time address lets this browser write and no other", async (page, context) => {
  await page.goto(`${guarded}/review/item?kind=record`);
  holds(await page.locator("p.reading").isVisible(), "a browser from outside is told that it reads only");
  const item = await page.locator("input[name=item]").inputValue();
  await page.locator("button[value=reject]").click();
  await page.waitForURL(/\/decide/);
  equal(await page.locator("p.crumbs").innerText(), "403", "its form is refused");
  // The person at the terminal opens the address: nothing secret is left in the address line or for scripts.
  await page.goto(entrance);
  equal(page.url(), `${guarded}/`, "it leads to a clean address");
  equal(await page.evaluate(() => document.cookie), "", "no script sees the cookie");
  await page.goto(`${guarded}/review/item?kind=record`);
  equal(await page.locator("p.reading").count(), 0, "this browser writes");
  equal(await page.locator("input[name=item]").inputValue(), item, "nothing was decided so far");
  await page.keyboard.press("n");
  await page.waitForURL(/done=/);
  holds((await page.locator("input[name=item]").inputValue()) !== item, "the key decides");
  // A second browser: the address is used up; another one is made at the foot of the screen.
  const other = await (await context.browser().newContext({ locale: "zh-CN" })).newPage();
  equal((await other.goto(entrance)).status(), 403, "the address works once");
  // It is made for a colleague, by the keyboard: what that browser sends is kept under the colleague's name.
  await page.locator("footer input[name=who]").fill("Vera");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/invite/);
  await other.goto(await page.locator("main code").innerText());
  await other.goto(`${guarded}/review/item?sight=second`);
  equal(await other.locator("p.reading").count(), 0, "the second browser writes too");
  holds((await other.locator("footer form").innerText()).includes("Vera"), "under a name of its own");
  equal(await other.locator("input[name=item]").inputValue(), item, "what the first one decided waits for a second look");
  await other.keyboard.press("h");
  await other.waitForURL(/done=/);
  await page.goto(`${guarded}/review/item?sight=disagreed`);
  holds((await page.locator("main").innerText()).includes("Vera"), "the disagreement is kept and shown");
  await other.context().close();
}, { expected: /403/ });

// The page's own policy lets no foreign script in; axe is put in past it, for this journey only.
journey("axe finds nothing serious on any screen", async (page) => {
  // One of each of the screens that have no fixed address.
  const more = [];
  for (const [list, link] of [["/stories?printings=2", "tbody a.serif"], ["/ledger", "a.label"], ["/library?all=1", "tbody a[href*='/p/']"], ["/checks", "td a[href*='/checks/']"], ["/briefs", "td a[href*='/brief/']"]]) {
    await page.goto(base + list);
    more.push((await page.locator(link).first().getAttribute("href")).split("#")[0]);
  }
  const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  for (const lang of ["zh", "en", "ru"]) {
    for (const path of [...screens, ...older, ...more]) {
      await page.goto(`${base}${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const told = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
      equal(told.join("\n"), "", `${path} ${lang}`);
    }
  }
}, { bypassCSP: true });
