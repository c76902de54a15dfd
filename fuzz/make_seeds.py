#!/usr/bin/env python3
"""Seeds for the fuzzers: the sample's pages, cut short, written in every format that is read.

    python3 fuzz/make_seeds.py                     # fuzz/seeds/TARGET/…
    python3 fuzz/make_seeds.py --large KIND FILE   # one large file to measure with: text, alto, pdf
"""
import gzip
import io
import sys
import tarfile
import zipfile
import zlib
from html import escape
from pathlib import Path

HERE = Path(__file__).resolve().parent
PAGES = sorted((HERE.parent / "sample" / "pages").rglob("*.*"))
LINES = 24


def lines_of(path):
    return [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def boxes(lines):
    """Lines in two columns with their boxes: left, top, width, height."""
    half = (len(lines) + 1) // 2
    for place, line in enumerate(lines):
        column, row = divmod(place, half)
        yield line.lstrip("# "), 100 + column * 900, 100 + row * 50, 800, 70 if line.startswith("#") else 40


def html(lines):
    out = ["<!DOCTYPE html><html><head><meta charset='utf-8'><title>x</title></head><body><nav>menu</nav>"]
    for line in lines:
        tag = "h2" if line.startswith("#") else "p"
        out.append(f"<{tag}>{escape(line.lstrip('# '))}</{tag}>")
    out.append("<table><tr><td>1<td>&nbsp;&#x6865;</table><ruby>桥<rt>x</rt></ruby><script>a<b</script></body></html>")
    return "\n".join(out)


def alto(lines):
    out = ['<?xml version="1.0" encoding="UTF-8"?><alto xmlns="http://www.loc.gov/standards/alto/ns-v4#"><Layout><Page><PrintSpace><TextBlock ID="b">']
    for text, x, y, w, h in boxes(lines):
        words = "<SP/>".join(f'<String CONTENT="{escape(word)}"/>' for word in text.split())
        out.append(f'<TextLine HPOS="{x}" VPOS="{y}" WIDTH="{w}" HEIGHT="{h}">{words}</TextLine>')
    out.append('</TextBlock><ComposedBlock><TextBlock><TextLine HPOS="1" VPOS="1" WIDTH="9" HEIGHT="9"><String CONTENT="bri" SUBS_TYPE="HypPart1" SUBS_CONTENT="bridge"/><HYP CONTENT="-"/></TextLine></TextBlock></ComposedBlock></PrintSpace></Page></Layout></alto>')
    return "\n".join(out)


def page_xml(lines):
    out = ['<?xml version="1.0"?><PcGts><Page><ReadingOrder><OrderedGroup id="g"><RegionRefIndexed index="0" regionRef="r"/></OrderedGroup></ReadingOrder><TextRegion id="r" type="paragraph">']
    for text, x, y, w, h in boxes(lines):
        points = f"{x},{y} {x + w},{y} {x + w},{y + h} {x},{y + h}"
        out.append(f'<TextLine><Coords points="{points}"/><TextEquiv><Unicode>{escape(text)}</Unicode></TextEquiv></TextLine>')
    out.append("</TextRegion></Page></PcGts>")
    return "\n".join(out)


def hocr(lines):
    out = ['<html><body><div class="ocr_page" title="bbox 0 0 2000 3000"><p class="ocr_par">']
    for text, x, y, w, h in boxes(lines):
        out.append(f'<span class="ocr_line" title="bbox {x} {y} {x + w} {y + h}; x_wconf 90"><span class="ocrx_word">{escape(text)}</span></span>')
    out.append("</p></div></body></html>")
    return "\n".join(out)


def pdf(pages, packed=True):
    """One font for all pages; each page is a list of lines."""
    characters = sorted({c for lines in pages for line in lines for c in line if ord(c) < 0x10000})
    number = {c: place + 1 for place, c in enumerate(characters)}
    cmap = ["1 begincodespacerange <0000> <FFFF> endcodespacerange", f"{len(characters)} beginbfchar"]
    cmap += [f"<{n:04x}> <{ord(c):04x}>" for c, n in number.items()] + ["endbfchar"]

    def stream(content, more=""):
        data = content.encode("latin-1")
        if packed:
            data, more = zlib.compress(data), more + " /Filter /FlateDecode"
        return f"<< /Length {len(data)}{more} >>\nstream\n".encode() + data + b"\nendstream"

    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Count {len(pages)} /Kids [{' '.join(f'{5 + 2 * i} 0 R' for i in range(len(pages)))}] >>".encode(),
        b"<< /Type /Font /Subtype /Type0 /Encoding /Identity-H /DescendantFonts [<< /Subtype /CIDFontType2 /DW 1000 /W [1 2 1000 3 [1000 1000]] >>] /ToUnicode 4 0 R >>",
        stream("\n".join(cmap)),
    ]
    for place, lines in enumerate(pages):
        content = []
        for text, x, y, _, h in boxes(lines):
            codes = "".join(f"{number[c]:04x}" for c in text if c in number)
            content.append(f"BT /F {h * 0.2:.1f} Tf 1 0 0 1 {x * 0.3:.1f} {1000 - y * 0.3:.1f} Tm <{codes}> Tj ET")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 900 1000] /Resources << /Font << /F 3 0 R >> >> /Contents {6 + 2 * place} 0 R >>".encode()
        )
        objects.append(stream("\n".join(content)))
    out = io.BytesIO()
    out.write(b"%PDF-1.7\n")
    places = []
    for place, data in enumerate(objects):
        places.append(out.tell())
        out.write(f"{place + 1} 0 obj\n".encode() + data + b"\nendobj\n")
    table = out.tell()
    out.write(f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n".encode())
    out.write("".join(f"{place:010} 00000 n \n" for place in places).encode())
    out.write(f"trailer\n<< /Size {len(objects) + 1} /Root 1 0 R >>\nstartxref\n{table}\n%%EOF\n".encode())
    return out.getvalue()


def archives(lines):
    data = "\n".join(lines).encode()
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("a/p.md", data)
        archive.writestr("in.zip", b"PK")
    yield "zip", packed.getvalue()
    tar = io.BytesIO()
    with tarfile.open(fileobj=tar, mode="w") as archive:
        entry = tarfile.TarInfo("a/p.md")
        entry.size = len(data)
        archive.addfile(entry, io.BytesIO(data))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    yield "tar", tar.getvalue()
    yield "gz", gzip.compress(data, mtime=0)
    yield "tgz", gzip.compress(tar.getvalue(), mtime=0)


def write(target, name, data):
    folder = HERE / "seeds" / target
    folder.mkdir(parents=True, exist_ok=True)
    (folder / name).write_bytes(data if isinstance(data, bytes) else data.encode())


def seeds():
    for place, path in enumerate(PAGES):
        lines = lines_of(path)[:LINES]
        text = "\n".join(lines)
        write("markdown", f"{place}.md", text)
        for encoding in ["utf-8", "utf-16", "utf-32", "gb18030"]:
            write("text", f"{place}-{encoding}.txt", text.encode(encoding))
        write("html", f"{place}.html", html(lines))
        write("alto", f"{place}.xml", alto(lines))
        write("page_xml", f"{place}.xml", page_xml(lines))
        write("hocr", f"{place}.hocr", hocr(lines))
        write("pdf", f"{place}.pdf", pdf([lines[:12], lines[12:]], packed=place % 2 == 0))
        for ending, data in archives(lines):
            write("archives", f"{place}.{ending}", data)


def large(kind, name):
    lines = [line for path in PAGES for line in lines_of(path)]
    if kind == "text":
        with open(name, "w", encoding="utf-8") as out:
            while out.tell() < 100 << 20:
                out.write("\n".join(lines) + "\n")
    elif kind == "alto":
        # A line is a TextLine, a String and an SP or two: three elements and a little.
        many = (lines * (400_000 // len(lines) + 1))[:400_000]
        Path(name).write_text(alto(many), encoding="utf-8")
    else:
        pages = [[line[:60] for line in lines[at % 200 : at % 200 + 60]] for at in range(10_000)]
        Path(name).write_bytes(pdf(pages))


if __name__ == "__main__":
    if sys.argv[1:2] == ["--large"]:
        large(sys.argv[2], sys.argv[3])
    else:
        seeds()
