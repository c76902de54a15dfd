"""Makes the rows of lang/zh/look_alikes.tsv that come from shapes: pairs of characters whose glyphs cover each other.

    python3 -m pip install pillow numpy
    python3 benchsuite/look_alikes.py /usr/share/fonts/opentype/noto/NotoSerifCJK-Regular.ttc > pairs.tsv

The characters are those of GB 2312, level one (3,755), drawn with Noto Serif CJK (SIL Open Font License 1.1; what is drawn with a
font is not the font). Each glyph is set on one square, slightly blurred; the likeness of two is the ink that they share over the ink
of both, at the best shift of up to two pixels. The weight (milli-nats) grows with the likeness. Deterministic for one version of
the font.
"""

import sys

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

SIZE = 48
LEAST = 0.80  # likeness from which two glyphs are a pair
SHIFT = 2


def characters():
    for high in range(0xB0, 0xD8):
        for low in range(0xA1, 0xFF):
            try:
                yield bytes((high, low)).decode("gb2312")
            except UnicodeDecodeError:
                pass


def drawn(font, character):
    image = Image.new("L", (SIZE + 8, SIZE + 8), 0)
    ImageDraw.Draw(image).text((4, 4 - SIZE // 5), character, fill=255, font=font)
    image = image.filter(ImageFilter.GaussianBlur(1.0))
    return np.asarray(image, dtype=np.float32) / 255


def main():
    font = ImageFont.truetype(sys.argv[1], SIZE, index=2)  # index 2 is the simplified Chinese face
    known = list(characters())
    shapes = np.stack([drawn(font, one) for one in known])
    flat = shapes.reshape(len(known), -1)
    ink = flat.sum(axis=1)
    # Candidates by correlation of coarse pictures, then the exact measure.
    coarse = shapes.reshape(len(known), 14, 4, 14, 4).mean(axis=(2, 4)).reshape(len(known), -1)
    coarse = coarse / np.linalg.norm(coarse, axis=1, keepdims=True)
    likeness = coarse @ coarse.T
    rows = []
    for one in range(len(known)):
        near = np.argsort(-likeness[one], kind="stable")[1:13]
        for other in near:
            if other <= one:
                continue
            best = 0.0
            for dy in range(-SHIFT, SHIFT + 1):
                for dx in range(-SHIFT, SHIFT + 1):
                    moved = np.roll(shapes[other], (dy, dx), axis=(0, 1)).reshape(-1)
                    shared = 2 * np.minimum(flat[one], moved).sum() / (ink[one] + ink[other])
                    best = max(best, float(shared))
            if best >= LEAST:
                rows.append((known[one], known[other], best))
    for one, other, best in sorted(rows, key=lambda row: (-row[2], row[0])):
        weight = 1000 + int(round((best - LEAST) / (1 - LEAST) * 15)) * 100
        print(f"{one}\t{other}\t{weight}\t{best:.3f}")


if __name__ == "__main__":
    main()
