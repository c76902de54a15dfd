"use strict";
// Nothing here is needed to read. It lights the passage that a fragment names, makes permalinks and citations of a
// selection, copies, and moves by keys. Offsets in addresses are Unicode code points; the browser counts UTF-16.
(() => {
  const text = document.getElementById("text");
  const bar = document.getElementById("selection");
  const start = text ? Number(text.dataset.start) : 0;

  /** Code points in a string. */
  const points = (string) => { let n = 0; for (const _ of string) n += 1; return n; };

  /** The parts `12-30,40-44` of a fragment `#c=12-30,40-44`. */
  function partsOf(fragment) {
    const found = /^#c=([\d,-]+)$/.exec(fragment);
    if (!found) return [];
    return found[1].split(",").map((part) => part.split("-").map(Number)).filter(([a, b]) => a < b);
  }

  function textNodes() {
    const walker = document.createTreeWalker(text, NodeFilter.SHOW_TEXT);
    const nodes = [];
    while (walker.nextNode()) nodes.push(walker.currentNode);
    return nodes;
  }

  /** Wraps the characters of [from, to) in marks; gives the first mark. */
  function light(from, to) {
    let at = start;
    let first = null;
    for (const node of textNodes()) {
      const characters = Array.from(node.data);
      const [a, b] = [Math.max(from - at, 0), Math.min(to - at, characters.length)];
      at += characters.length;
      if (a >= b) continue;
      const range = document.createRange();
      range.setStart(node, characters.slice(0, a).join("").length);
      range.setEnd(node, characters.slice(0, b).join("").length);
      const mark = document.createElement("mark");
      mark.className = "lit";
      range.surroundContents(mark);
      first = first || mark;
    }
    return first;
  }

  function followFragment() {
    if (!text) return;
    const parts = partsOf(location.hash);
    if (!parts.length) return;
    const wanted = location.hash.slice(3);
    if (text.dataset.lit !== wanted) {
      for (const mark of text.querySelectorAll("mark")) mark.replaceWith(...mark.childNodes);
      text.normalize();
      const marks = parts.map(([a, b]) => light(a, b));
      if (!marks[0]) {
        // It lies on another part of a long page: let the server find it.
        const asked = new URL(location.href);
        if (asked.searchParams.get("c") !== wanted) { asked.searchParams.set("c", wanted); location.replace(asked); }
        return;
      }
      text.dataset.lit = wanted;
    }
    const first = text.querySelector("mark");
    if (first) first.scrollIntoView({ block: "center", behavior: "instant" });
  }
  followFragment();
  addEventListener("hashchange", followFragment);

  // ---- selection ----
  function selected() {
    const selection = getSelection();
    if (!text || !selection.rangeCount || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    if (!text.contains(range.startContainer) || !text.contains(range.endContainer)) return null;
    const before = document.createRange();
    before.setStart(text, 0);
    before.setEnd(range.startContainer, range.startOffset);
    const from = start + points(before.toString());
    const quote = range.toString();
    const to = from + points(quote);
    return from < to ? { from, to, quote } : null;
  }

  function addressOf({ from, to }) {
    return `${location.origin}/p/${text.dataset.hash}?c=${from}-${to}#c=${from}-${to}`;
  }

  function citationOf(passage) {
    const quote = passage.quote.replace(/\s*\n\s*/g, "").trim();
    return text.dataset.cite.replace("{quote}", () => quote).replace("{place}", `${passage.from}–${passage.to}`)
      .replace("{link}", addressOf(passage));
  }

  function showSelection() {
    if (!bar) return;
    const passage = selected();
    bar.hidden = !passage;
    if (!passage) return;
    const link = bar.querySelector("a");
    link.href = addressOf(passage);
    bar.querySelector("[data-part=place]").textContent = `${passage.from}–${passage.to}`;
    bar.querySelector("[data-part=copy-link]").dataset.copy = addressOf(passage);
    bar.querySelector("[data-part=copy-citation]").dataset.copy = citationOf(passage);
    for (const field of document.querySelectorAll("input[data-takes=start]")) field.value = passage.from;
    for (const field of document.querySelectorAll("input[data-takes=range]")) {
      field.value = `${passage.from}-${passage.to}`;
    }
  }
  if (text && bar) document.addEventListener("selectionchange", showSelection);

  async function copy(button) {
    const words = button.dataset.copy;
    try {
      await navigator.clipboard.writeText(words);
    } catch {
      const area = document.createElement("textarea");
      area.value = words;
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    const label = button.textContent;
    button.textContent = button.dataset.done || label;
    setTimeout(() => { button.textContent = label; }, 1200);
  }
  document.addEventListener("mousedown", (event) => {
    // A click on the bar must not clear the selection that it speaks of.
    if (bar && bar.contains(event.target)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy]");
    if (button) { event.preventDefault(); copy(button); }
  });
  for (const button of document.querySelectorAll("button[data-copy-here]")) {
    button.hidden = false;
    if (!button.dataset.copy) button.dataset.copy = location.href;
  }

  // ---- keys ----
  const tabs = [...document.querySelectorAll(".tabs a")];
  const rows = [...document.querySelectorAll("[data-row]")];
  let row = -1;
  let pending = false;
  function step(by) {
    if (!rows.length) return;
    if (rows[row]) rows[row].removeAttribute("aria-current");
    row = Math.min(Math.max(row + by, 0), rows.length - 1);
    rows[row].setAttribute("aria-current", "true");
    rows[row].scrollIntoView({ block: "nearest" });
    const link = rows[row].querySelector("a");
    if (link) link.focus({ preventScroll: true });
  }
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input, textarea, select")) return;
    const follow = (rel) => { const link = document.querySelector(`a[rel="${rel}"]`); if (link) link.click(); };
    if (pending) {
      pending = false;
      const tab = tabs.find((link) => link.dataset.key === event.key);
      if (tab) tab.click();
      return;
    }
    // One key is one decision: what a key presses is named on the screen itself.
    const pressed = /^[a-z1-9]$/.test(event.key) && document.querySelector(`[data-press="${event.key}"]`);
    if (pressed) { event.preventDefault(); pressed.click(); return; }
    switch (event.key) {
      case "/": event.preventDefault(); document.querySelector(".find input[type=search]")?.focus(); break;
      case "j": step(1); break;
      case "k": step(-1); break;
      case "[": follow("prev"); break;
      case "]": follow("next"); break;
      case "g": pending = true; break;
      case "s": document.getElementById("sides-switch")?.click(); break;
      case "o": document.getElementById("one-switch")?.click(); break;
      case "c": bar && !bar.hidden && copy(bar.querySelector("[data-part=copy-citation]")); break;
      case "?": document.getElementById("keys")?.scrollIntoView(); break;
      default:
    }
  });
})();
