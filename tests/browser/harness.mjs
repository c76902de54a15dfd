// Runs journeys one after the other, each in a clean browser context, and says how many passed.
import { chromium } from "playwright-core";

const flags = [
  "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
  "--disable-component-update", "--disable-sync",
];
export const base = process.env.BASE;
/** A server that lets nobody write who did not come in by `entrance`. */
export const guarded = process.env.GUARDED;
export const entrance = process.env.ENTRANCE;
const list = [];

/** A journey: its name, what it does with a page, and the options of its context. */
export function journey(name, walk, options = {}) {
  list.push({ name, walk, options });
}

export function equal(found, wanted, what) {
  if (found !== wanted) {
    throw new Error(`${what}:\n    found  ${JSON.stringify(found)}\n    wanted ${JSON.stringify(wanted)}`);
  }
}

export function holds(truth, what) {
  if (!truth) throw new Error(what);
}

/** The characters that are lit on a page, as they stand in it. */
export function lit(page) {
  return page.locator("#text mark.lit").evaluateAll((marks) => marks.map((mark) => mark.textContent).join(""));
}

/** The characters [start, end) of the page's text, in code points. */
export function characters(page, start, end) {
  return page.locator("#text").evaluate(
    (text, [a, b]) => Array.from(text.textContent).slice(a - Number(text.dataset.start), b - Number(text.dataset.start)).join(""),
    [start, end],
  );
}

/** `c=120-188` of an address as numbers. */
export function rangeOf(address) {
  const [, start, end] = /[?#&]c=(\d+)-(\d+)/.exec(address);
  return [Number(start), Number(end)];
}

export async function run() {
  const wanted = process.argv.slice(2);
  const browser = await chromium.launch({ executablePath: process.env.CHROMIUM, args: flags });
  let passed = 0;
  let failed = 0;
  for (const { name, walk, options } of list) {
    if (wanted.length && !wanted.some((part) => name.includes(part))) continue;
    const { expected, ...context_options } = options;
    const context = await browser.newContext({ locale: "zh-CN", viewport: { width: 1280, height: 900 }, ...context_options });
    const page = await context.newPage();
    const complaints = [];
    page.on("console", (message) => { if (message.type() === "error") complaints.push(message.text()); });
    page.on("pageerror", (error) => complaints.push(String(error)));
    page.on("request", (request) => {
      if (![base, guarded].some((own) => own && request.url().startsWith(own)) && !request.url().startsWith("data:")) complaints.push(`asked for ${request.url()}`);
    });
    try {
      await walk(page, context);
      // A refusal that a journey asks for is told by the browser too.
      if (expected) complaints.splice(0, complaints.length, ...complaints.filter((words) => !expected.test(words)));
      holds(!complaints.length, `the browser complains: ${complaints.join("; ")}`);
      console.log(`ok   ${name}`);
      passed += 1;
    } catch (error) {
      console.log(`FAIL ${name}\n    ${error.message}`);
      failed += 1;
    }
    if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/${name.replaceAll(/\W+/g, "-")}.png` }).catch(() => {});
    await context.close();
  }
  await browser.close();
  console.log(`${passed} passed, ${failed} failed`);
  process.exitCode = failed || !passed ? 1 : 0;
}
