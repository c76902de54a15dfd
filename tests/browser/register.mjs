// The register in a real browser: review by single keys and without script, an entry, follow-up, a brief; and
// what axe says of every screen.
import { readFileSync } from "node:fs";
import { base, equal, holds, journey } from "./harness.mjs";

const screens = [
  "/register", "/register?sort=due&once=1", "/e/C-0001", "/review", "/review/item?kind=record", "/review/item?kind=join",
  "/review/item?kind=reading", "/review/list?kind=record", "/follow", "/wall", "/briefs", "/brief/draft?by=2034-12-31",
  "/checks", "/scale",
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

// The page's own policy lets no foreign script in; axe is put in past it, for this journey only.
journey("axe finds nothing serious on any screen of the register", async (page) => {
  const axe = readFileSync(new URL("../../node_modules/axe-core/axe.min.js", import.meta.url), "utf8");
  for (const lang of ["zh", "en", "ru"]) {
    for (const path of screens) {
      await page.goto(`${base}${path}${path.includes("?") ? "&" : "?"}lang=${lang}`);
      await page.evaluate(axe);
      const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
      const serious = found.violations.filter(({ impact }) => impact === "serious" || impact === "critical");
      const told = serious.map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).map((node) => node.html).join(" | ")}`);
      equal(told.join("\n"), "", `${path} ${lang}`);
    }
  }
}, { bypassCSP: true });
