// What people do, in a real browser, on the built-in sample.
import { base, characters, equal, holds, journey, lit, rangeOf, run } from "./harness.mjs";
import "./register.mjs";

/** From home to the first entry that several papers print; gives the address of one of its printings. */
async function walkToPrinting(page) {
  await page.goto(`${base}/`);
  await page.locator(".stat a", { hasText: "项承诺" }).click();
  await page.waitForURL(/kind=commitment/);
  await page.locator(".rows a.label").first().click();
  await page.waitForURL(/\/e\//);
  const printing = page.locator("a.printing").last();
  return { printing, words: await printing.evaluate((link) => link.textContent) };
}

journey("from the mechanism to an entry, a printing and its characters", async (page) => {
  const { printing, words } = await walkToPrinting(page);
  holds(words.trim().length > 3, `the printing shows its words: ${words}`);
  await printing.click();
  await page.waitForURL(/\/p\/[0-9a-f]{64}\?c=/);
  equal(await lit(page), words, "what is lit on the page is what the entry quotes");
  const [start, end] = rangeOf(page.url());
  if (!page.url().includes(",")) equal(await characters(page, start, end), words, "the address counts code points");
  holds(await page.locator("mark.lit").first().isVisible(), "the lit text is seen");
  const box = await page.locator("mark.lit").first().boundingBox();
  holds(box.y >= 0 && box.y < 900, `the lit text is on the screen without scrolling: ${JSON.stringify(box)}`);
});

journey("a permalink opens the same characters in a clean browser", async (page, context) => {
  const { printing, words } = await walkToPrinting(page);
  const href = await printing.getAttribute("href");
  const clean = await context.browser().newContext();
  const other = await clean.newPage();
  await other.goto(base + href);
  equal(await lit(other), words, "the permalink in a clean browser");
  // The short form of the design: hash and fragment alone, lit by the script.
  const [, hash, parts] = /\/p\/([0-9a-f]+)\?c=([\d,-]+)/.exec(href);
  await other.goto(`${base}/p/${hash}#c=${parts}`);
  await other.waitForSelector("mark.lit");
  equal(await lit(other), words, "the permalink by its fragment");
  await clean.close();
});

journey("the same without script", async (page) => {
  const { printing, words } = await walkToPrinting(page);
  await printing.click();
  await page.waitForURL(/\/p\//);
  equal(await page.locator("mark.lit").count() > 0, true, "something is lit");
  const shown = await page.locator("#text mark.lit").allTextContents();
  equal(shown.join(""), words, "what is lit without script");
  const box = await page.locator("mark.lit").first().boundingBox();
  holds(box.y >= 0 && box.y < 900, `the browser goes to the lit text by itself: ${JSON.stringify(box)}`);
  for (const path of ["/", "/ledger", "/pairs", "/timeline", "/stories", "/library", "/figures", "/people", "/review", "/history", "/try"]) {
    const answer = await page.goto(base + path);
    equal(answer.status(), 200, path);
    holds((await page.locator("main").innerText()).length > 20, `${path} can be read`);
  }
}, { javaScriptEnabled: false });

journey("search opens on the page at the characters", async (page) => {
  await page.goto(`${base}/`);
  await page.keyboard.press("/");
  await page.keyboard.type("海底光缆");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/search\?q=/);
  await page.locator("a.hit").first().click();
  await page.waitForURL(/\/p\//);
  const words = (await lit(page)).replaceAll(/\s/g, "");
  holds(words.length > 0 && words.replaceAll("海底光缆", "") === "", `hits are lit: ${words}`);
});

journey("a pasted sentence is found in every wording", async (page) => {
  await page.goto(`${base}/search`);
  await page.locator("textarea[name=passage]").fill("云方将在未来两年向各方提供600个海事培训名额");
  await page.locator("form:has(textarea) button").click();
  await page.waitForURL(/passage=/);
  const found = page.locator("a.hit");
  holds(await found.count() >= 3, `printings found: ${await found.count()}`);
  holds(await page.locator(".differs").count() > 0, "a printing with other words shows them");
  await found.first().click();
  await page.waitForURL(/\/p\//);
  const words = (await lit(page)).replaceAll(/\s/g, "");
  holds(words.includes("海事培训名额"), `the passage is lit: ${words}`);
});

journey("a selection gives a permalink and a citation", async (page) => {
  await page.goto(`${base}/library?all=1`);
  await page.locator("tbody a[href*='/p/']").last().click();
  await page.waitForURL(/\/p\//);
  const wanted = await page.locator("#text").evaluate((text) => {
    // Across the border of two zones, beyond whatever is marked up inside.
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    const solid = nodes.filter((node) => node.data.trim().length > 6);
    const [from, to] = [solid[1], solid[3]];
    getSelection().setBaseAndExtent(from, 2, to, 4);
    return getSelection().getRangeAt(0).toString();
  });
  const bar = page.locator("#selection");
  await bar.waitFor({ state: "visible" });
  const href = await bar.locator("a").getAttribute("href");
  const citation = await bar.locator("[data-part=copy-citation]").getAttribute("data-copy");
  holds(citation.includes(href), `the citation carries the permalink: ${citation}`);
  await page.goto("about:blank");
  await page.goto(href);
  equal(await lit(page), wanted, "the permalink of the selection");
});

journey("two printings side by side, and a locus back to its page", async (page) => {
  await page.goto(`${base}/stories?printings=2`);
  await page.locator("tbody a.serif").first().click();
  await page.waitForURL(/\/s\//);
  await page.locator("form:has(select[name=left]) button").click();
  await page.waitForURL(/left=A/);
  equal(await page.locator(".side .established").count(), 2, "two texts");
  holds(await page.locator(".side .differs").count() > 0, "their differences are marked");
  const reading = page.locator("#loci ~ table li:has(a.sig)").first();
  const words = await reading.locator(".reading").innerText();
  await reading.locator("a.sig").first().click();
  await page.waitForURL(/\/p\//);
  const shown = (await lit(page)).replaceAll(/\s/g, "");
  holds(words.includes("…") || words.startsWith("（") || shown.includes(words.replaceAll(/\s/g, "")), `${words} / ${shown}`);
});

journey("a reader decides a reading, finds it kept and undoes it", async (page) => {
  await page.goto(`${base}/stories?lang=en&sort=differences`);
  // A story whose printings differ in words that can be chosen.
  const stories = await page.locator("a[href^='/s/']").evaluateAll((links) => links.map((link) => link.getAttribute("href")));
  let story = null;
  for (const href of stories) {
    await page.goto(base + href);
    if (await page.locator("td details.choose").count()) { story = href; break; }
  }
  holds(story, "a story with readings to choose");
  // Filters narrow the list and name what they leave.
  const all = await page.locator("#loci ~ table tbody tr[id^=l]").count();
  await page.goto(`${base}${story.split("?")[0]}?lang=en&sure=sure`);
  holds((await page.locator("#loci ~ table tbody tr[id^=l]").count()) <= all, "sure places are among all places");
  await page.goto(base + story);
  // The reading opens its page at its characters.
  const row = page.locator("tr[id^=l]:has(details.choose)").first();
  const other = row.locator("li:has(details.choose)").last();
  const wanted = (await other.locator(".reading").innerText()).trim();
  const link = await other.locator("a.reading").getAttribute("href");
  holds(link && link.startsWith("/p/"), "the reading opens its page");
  // Why does the other one stand?
  await row.locator("details.why summary").click();
  const grounds = await row.locator("details.why li").allInnerTexts();
  holds(grounds.length >= 2 && grounds.some((line) => /[×÷]\d/.test(line)), `the evidence is named and weighed: ${grounds}`);
  const before = (await row.locator(".reading.lemma").innerText()).trim();
  holds(before !== wanted, "another reading stands");
  await other.locator("details.choose summary").click();
  await other.locator("input[name=why]").fill("browser journey: reading");
  await other.locator("button").click();
  await page.waitForURL(/\/s\//);
  await page.goto(`${base}${story.split("?")[0]}?lang=en&sure=person`);
  equal((await page.locator("tr[id^=l] .reading.lemma").first().innerText()).trim(), wanted, "the chosen reading stands");
  // Another correction makes the archive read again, and the decision survives it.
  let further = null;
  for (const href of stories) {
    await page.goto(base + href);
    const open = page.locator("tr[id^=l]:not(:has-text('100.0%')):has(details.choose) li:not(:has(.lemma)):has(details.choose)").first();
    if (await open.count()) { further = open; break; }
  }
  holds(further, "another reading to choose");
  await further.locator("details.choose summary").click();
  await further.locator("input[name=why]").fill("browser journey: a further one");
  await further.locator("button").click();
  await page.waitForURL(/\/s\//);
  await page.goto(`${base}${story.split("?")[0]}?lang=en&sure=person`);
  const kept = (await page.locator("tr[id^=l] .reading.lemma").allInnerTexts()).map((text) => text.trim());
  holds(kept.includes(wanted), `the first decision survives the next reading: ${kept}`);
  await page.goto(`${base}/history?lang=en`);
  holds((await page.locator("tbody tr").first().innerText()).includes("a further one"), "the further one is on record");
  await page.locator("tbody tr").first().locator("button").click();
  await page.waitForURL(/\/history/);
  // Undoing restores what stood.
  const first = page.locator("tbody tr", { hasText: "browser journey: reading" }).first();
  holds((await first.innerText()).includes("browser journey: reading"), "the history has the reason");
  await first.locator("button").click();
  await page.waitForURL(/\/history/);
  await page.goto(`${base}${story.split("?")[0]}?lang=en&sure=person`);
  equal(await page.locator("tr[id^=l]").count(), 0, "nothing is decided by a reader any more");
});

journey("places are walked one by one and side by side by keys", async (page) => {
  await page.goto(`${base}/stories?lang=zh&sort=differences`);
  await page.locator("a[href^='/s/']").first().click();
  await page.waitForURL(/\/s\//);
  await page.keyboard.press("o");
  await page.waitForURL(/one=1/);
  equal(await page.locator("tr[id^=l]").count(), 1, "one place is shown");
  await page.keyboard.press("]");
  await page.waitForURL(/one=2/);
  await page.keyboard.press("[");
  await page.waitForURL(/one=1/);
  await page.keyboard.press("o");
  await page.waitForURL((url) => !url.searchParams.has("one"));
  await page.keyboard.press("s");
  await page.waitForURL(/left=.*right=/);
  equal(await page.locator("#sides ~ .side .established").count(), 2, "two printings stand side by side");
});

journey("an issue date is put right, kept in the history and undone", async (page) => {
  await page.goto(`${base}/library?all=1`);
  await page.locator("tbody a[href*='/p/']").last().click();
  await page.waitForURL(/\/p\//);
  const before = await page.locator("input[name=date]").inputValue();
  await page.locator("details.form", { has: page.locator("input[name=date]") }).locator("summary").click();
  await page.locator("input[name=date]").fill("2031-07-01");
  await page.locator("details.form[open] input[name=why]").fill("browser journey");
  await page.locator("details.form[open] button").click();
  await page.waitForURL(/\/p\//);
  equal(await page.locator("input[name=date]").inputValue(), "2031-07-01", "the page has its new date");
  await page.goto(`${base}/history`);
  holds((await page.locator("tbody tr").first().innerText()).includes("browser journey"), "the history has the reason");
  await page.locator("form[action^='/undo'] button").first().click();
  await page.waitForURL(/\/history/);
  await page.goto(`${base}/library?all=1`);
  await page.locator("tbody a[href*='/p/']").last().click();
  await page.waitForURL(/\/p\//);
  equal(await page.locator("input[name=date]").inputValue(), before, "the undo takes it back");
});

journey("by keyboard alone", async (page) => {
  await page.goto(`${base}/`);
  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.waitForURL(/\/ledger/);
  await page.keyboard.press("j");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.waitForURL(/\/e\//);
  await page.goto(`${base}/ledger`);
  await page.keyboard.press("Tab");
  equal(await page.evaluate(() => document.activeElement.className), "skip", "the first stop skips to the contents");
  await page.keyboard.press("Enter");
  holds(page.url().endsWith("#main"), "the skip link works");
});

journey("a mark of the timeline and of a series opens its characters", async (page) => {
  for (const path of ["/timeline", "/figures"]) {
    await page.goto(base + path);
    const dots = page.locator("svg.chart a");
    holds(await dots.count() > 3, `${path} is drawn: ${await dots.count()} marks`);
    const title = await dots.first().locator("title").textContent();
    holds(title.trim().length > 3, `the mark says what it is: ${title}`);
    await dots.first().focus();
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/p\/[0-9a-f]{64}\?c=/);
    holds((await lit(page)).trim().length > 1, `${path}: something is lit`);
  }
});

journey("from all pairs to the dossier of two states, a promise and what came of it", async (page) => {
  await page.goto(`${base}/pairs`);
  await page.locator("table.pairs a").first().click();
  await page.waitForURL(/\/pairs\?a=/);
  holds(await page.locator("ol.rows li a.label").count() > 0, "the two have records");
  holds(await page.locator("li.after").count() > 0, "it says what came of them, or how long nothing was said");
  await page.locator("ol.rows li a.label").first().click();
  await page.waitForURL(/\/e\//);
});

journey("a count of what is due leads to as many rows, and they leave as a file", async (page) => {
  await page.goto(`${base}/?lang=en`);
  for (const word of ["deadline past", "reported as done"]) {
    const heading = page.locator("h3", { has: page.locator(".tag", { hasText: word }) });
    const count = Number(await heading.locator("a").innerText());
    holds(count > 0, `${word}: ${count}`);
    await heading.locator("a").click();
    await page.waitForURL(/due=/);
    equal(await page.locator("ol.rows li[data-row]").count(), count, `rows of ${word}`);
    await page.goBack();
  }
  equal(await page.locator("#bodies", { hasText: "17份合作文件" }).count(), 0, "documents are no bodies");
  await page.locator("h3 .tag", { hasText: "deadline past" }).locator("xpath=following-sibling::a").click();
  await page.waitForURL(/due=past/);
  const shown = await page.locator("ol.rows li[data-row]").count();
  const [file] = await Promise.all([page.waitForEvent("download"), page.locator("#facets a", { hasText: "jsonl" }).click()]);
  const lines = (await (await import("node:fs/promises")).readFile(await file.path(), "utf8")).trim().split("\n").map(JSON.parse);
  equal(lines.length, shown, "rows of the file");
  await page.goto(base + lines[0].link);
  equal(await lit(page), lines[0].text, "a row of the file leads to its characters");
});

journey("the ledger begins with promises and narrows by a facet", async (page) => {
  await page.goto(`${base}/ledger`);
  equal((await page.locator("ol.rows .tag.kind").first().innerText()).trim(), "承诺", "the first row");
  const facet = page.locator("section.facet").filter({ hasText: "力度" }).first();
  await facet.locator("a").first().click();
  await page.waitForURL(/force=F/);
  holds(await page.locator("ol.rows li").count() > 0, "rows remain");
});

/** No screen may be wider than the window. */
async function narrow(page) {
  for (const path of ["/", "/ledger", "/pairs", "/timeline", "/stories?printings=2", "/figures", "/people", "/library", "/search?q=海", "/review", "/try"]) {
    await page.goto(base + path);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    equal(wide, 0, `${path} is too wide by`);
  }
  for (const [list, link] of [["/stories?printings=2", "tbody a.serif"], ["/ledger?kind=commitment", "a.label"], ["/library?all=1", "tbody a[href*='/p/']"]]) {
    await page.goto(base + list);
    await page.locator(link).first().click();
    await page.waitForLoadState();
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    equal(wide, 0, `${page.url()} is too wide by`);
  }
}

journey("on a phone nothing is cut off", narrow, { viewport: { width: 360, height: 740 } });
journey("at 200 % nothing is cut off", narrow, { viewport: { width: 640, height: 450 }, deviceScaleFactor: 2 });

journey("English and dark, and print", async (page) => {
  await page.goto(`${base}/?lang=en`);
  equal(await page.locator("html").getAttribute("lang"), "en", "the language of the address");
  await page.locator(".tabs a[data-key=s]").click();
  await page.waitForURL(/\/stories\?lang=en/);
  const ground = await page.evaluate(() => getComputedStyle(document.body).backgroundColor);
  const [red] = ground.match(/\d+/g).map(Number);
  holds(red < 80, `dark ground: ${ground}`);
  await page.emulateMedia({ media: "print" });
  equal(await page.locator("header.top").isVisible(), false, "the head line is not printed");
}, { colorScheme: "dark", locale: "en-GB" });

await run();
