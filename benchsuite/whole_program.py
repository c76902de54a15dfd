#!/usr/bin/env python3
"""Large inputs of every kind, of made pages: to run the whole program over.

    cargo run --release -p shiliu-benchsuite --bin pages -- --seeds 90001..94500 -o MADE
    python3 benchsuite/whole_program.py MADE OUT [MEGABYTES]    # 1, 3, 10, 30 and 100 where none is named
"""
import sys
import zipfile
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "fuzz"))
import make_seeds  # noqa: E402

COLUMN = 16
SMALL = 500


def solid(text):
    return "".join(line.strip() for line in text.splitlines())


def two_columns(text):
    """The first half beside the second, line by line in turn."""
    half = len(text) // 2
    sides = [[side[at : at + COLUMN] for at in range(0, len(side), COLUMN)] for side in (text[:half], text[half:])]
    return "\n".join(line for pair in zip(*sides) for line in pair)


def words(line):
    return [line[at : at + 2] for at in range(0, len(line), 2)]


def alto(lines):
    out = ['<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page><PrintSpace><TextBlock ID="b">']
    for text, x, y, w, h in make_seeds.boxes(lines):
        inside = "".join(f'<String HPOS="{x}" VPOS="{y}" WIDTH="58" HEIGHT="{h}" CONTENT="{escape(word)}"/>' for word in words(text))
        out.append(f'<TextLine HPOS="{x}" VPOS="{y}" WIDTH="{w}" HEIGHT="{h}">{inside}</TextLine>')
    return "\n".join(out) + "</TextBlock></PrintSpace></Page></Layout></alto>"


def page_xml(lines):
    out = ['<?xml version="1.0"?><PcGts><Page><TextRegion id="r" type="paragraph">']
    for text, x, y, w, h in make_seeds.boxes(lines):
        points = f'<Coords points="{x},{y} {x + w},{y} {x + w},{y + h} {x},{y + h}"/>'
        inside = "".join(f"<Word>{points}<TextEquiv><Unicode>{escape(word)}</Unicode></TextEquiv></Word>" for word in words(text))
        out.append(f"<TextLine>{points}{inside}<TextEquiv><Unicode>{escape(text)}</Unicode></TextEquiv></TextLine>")
    return "\n".join(out) + "</TextRegion></Page></PcGts>"


def hocr(lines):
    out = ['<html><body><div class="ocr_page" title="bbox 0 0 2000 3000"><p class="ocr_par">']
    for text, x, y, w, h in make_seeds.boxes(lines):
        inside = "".join(f'<span class="ocrx_word" title="bbox {x} {y} {x + 58} {y + h}">{escape(word)}</span>' for word in words(text))
        out.append(f'<span class="ocr_line" title="bbox {x} {y} {x + w} {y + h}">{inside}</span>')
    return "\n".join(out) + "</p></div></body></html>"


def html(lines):
    tags = (("h2" if line.startswith("#") else "p", escape(line.lstrip("# "))) for line in lines)
    inside = "\n".join(f"<{tag}>{line}</{tag}>" for tag, line in tags)
    return f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>x</title></head><body>{inside}</body></html>"


def main():
    made, out = Path(sys.argv[1]), Path(sys.argv[2])
    out.mkdir(exist_ok=True)
    pages = [path.read_text(encoding="utf-8") for path in sorted([*made.glob("*/*.txt"), *made.glob("*/*.md")])]
    for size in [int(sys.argv[3])] if len(sys.argv) > 3 else [1, 3, 10, 30, 100]:
        taken, length = [], 0
        while length < size * 1_000_000 and len(taken) < len(pages):
            taken.append(pages[len(taken)])
            length += len(taken[-1].encode())
        one_line = "".join(map(solid, taken))
        lines = [line.strip() for text in taken for line in text.splitlines() if line.strip()]
        # 5 MB of text are a million elements.
        elements = lines[: len(lines) * min(size, 5) // size]
        files = {
            "articles.txt": "\n\n".join(taken),
            "one-line.txt": one_line,
            "two-columns.txt": two_columns(one_line),
            "page.html": html(lines),
            "alto.xml": alto(elements),
            "page.xml": page_xml(elements),
            "page.hocr": hocr(elements),
        }
        for name, text in files.items():
            (out / f"{size}-{name}").write_text(text, encoding="utf-8")
        count = min(len(pages), size * 100)
        folder = out / f"{size}-folder"
        folder.mkdir(exist_ok=True)
        with zipfile.ZipFile(out / f"{size}-pages.zip", "w", zipfile.ZIP_DEFLATED) as packed:
            for at, text in enumerate(pages[:count]):
                (folder / f"{at:05}.txt").write_text(text.strip()[:SMALL], encoding="utf-8")
                packed.writestr(f"{at:05}.txt", text.strip()[:SMALL])
        printed = [[line.strip()[:40] for line in text.splitlines() if line.strip()][:60] for text in pages[:count]]
        (out / f"{size}-pages.pdf").write_bytes(make_seeds.pdf(printed))


if __name__ == "__main__":
    main()
