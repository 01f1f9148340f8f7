"""Makes the corpus of photos beside it, which corpus_test.go knows the verdicts of.

    apt-get install python3-pil
    python3 make.py

All pictures are drawn here. The same version of Pillow makes the same bytes.
"""

import os
import struct
import zlib

from PIL import Image, ImageDraw, TiffImagePlugin

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), "corpus")
os.makedirs(OUT, exist_ok=True)


def path(name):
    return os.path.join(OUT, name)


def write(name, data):
    with open(path(name), "wb") as f:
        f.write(data)


def read(name):
    with open(path(name), "rb") as f:
        return f.read()


def picture(w=96, h=64, mode="RGB"):
    """Red, green over blue, yellow, with a white bar that tells top from bottom."""
    img = Image.new("RGB", (w, h))
    draw = ImageDraw.Draw(img)
    for i, colour in enumerate([(200, 0, 0), (0, 160, 0), (0, 0, 200), (220, 220, 0)]):
        x, y = i % 2 * w // 2, i // 2 * h // 2
        draw.rectangle([x, y, x + w // 2 - 1, y + h // 2 - 1], fill=colour)
    draw.rectangle([w // 8, h // 8, w // 3, h // 5], fill=(255, 255, 255))
    return img.convert(mode)


MAKE, MODEL, ORIENTATION, SOFTWARE = 271, 272, 274, 305
EXIF, GPS, TAKEN, OFFSET, COMMENT = 34665, 34853, 36867, 36881, 37510


def rational(n, d=1):
    return TiffImagePlugin.IFDRational(n, d)


def photo(name, main=None, exif=None, gps=None, img=None, **options):
    block = Image.Exif()
    for tag, value in (main or {}).items():
        block[tag] = value
    for ifd, values in ((EXIF, exif), (GPS, gps)):
        if values:
            block[ifd] = values
    (img or picture()).save(path(name), "JPEG", quality=80, exif=block, **options)


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png(w, h, depth, colour, raw):
    header = struct.pack(">IIBBBBB", w, h, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b"")


for turn in range(1, 9):
    photo(f"orientation-{turn}.jpg", {ORIENTATION: turn, MAKE: "HUAWEI", MODEL: "P60"})

photo("progressive.jpg", progressive=True)
photo("yuv444.jpg", subsampling=0)
picture(mode="L").save(path("gray.jpg"), "JPEG", quality=80)
picture(mode="CMYK").save(path("cmyk.jpg"), "JPEG", quality=80)
photo("货架照片 永辉超市.jpg", {MAKE: "Xiaomi"})

# PNG in its less usual forms
picture(mode="P").save(path("palette.png"))
picture(mode="RGBA").save(path("alpha.png"))
picture(mode="L").save(path("gray.png"))
row16 = b"\x00" + b"".join(struct.pack(">HHH", 65535 * x // 31, 30000, 65535 - 65535 * x // 31) for x in range(32))
write("16bit.png", png(32, 16, 16, 2, row16 * 16))
write("16bit-gray.png", png(32, 16, 16, 0, (b"\x00" + b"".join(struct.pack(">H", 2000 * x) for x in range(32))) * 16))
write("palette-beyond.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 3, 0, 0, 0))
      + chunk(b"PLTE", b"\xff\x00\x00\x00\xff\x00") + chunk(b"IDAT", zlib.compress((b"\x00" + bytes(range(8))) * 8)) + chunk(b"IEND", b""))

# WebP
picture().save(path("lossy.webp"), "WEBP", quality=80)
picture().save(path("lossless.webp"), "WEBP", lossless=True)
transparent = picture(mode="RGBA")
transparent.putalpha(Image.linear_gradient("L").resize((96, 64)))
transparent.save(path("alpha.webp"), "WEBP", quality=80)
frames = [picture().rotate(90 * i) for i in range(3)]
frames[0].save(path("animated.webp"), "WEBP", save_all=True, append_images=frames[1:], duration=100)
frames[0].save(path("animated.png"), "PNG", save_all=True, append_images=frames[1:], duration=100)
frames[0].save(path("animated.gif"), "GIF", save_all=True, append_images=frames[1:], duration=100)

# what a camera may note
PLUS8 = {TAKEN: "2026:03:09 14:05:06", OFFSET: "+08:00"}
SHANGHAI = {1: "N", 2: (rational(31), rational(14), rational(2479, 100)), 3: "E", 4: (rational(121), rational(29), rational(5988, 100))}
photo("time-plus8.jpg", {MAKE: "HUAWEI"}, PLUS8)
photo("time-local.jpg", {MAKE: "HUAWEI"}, {TAKEN: "2026:03:09 14:05:06"})
photo("gps.jpg", {MAKE: "Apple", MODEL: "iPhone 15", SOFTWARE: "17.4"}, PLUS8, SHANGHAI)
photo("gps-without-fix.jpg", {MAKE: "OPPO"}, PLUS8, {1: "N", 2: (rational(0),) * 3, 3: "E", 4: (rational(0),) * 3})
photo("gps-undefined.jpg", {MAKE: "vivo"}, PLUS8, {1: "N", 2: (rational(0, 0),) * 3, 3: "E", 4: (rational(0, 0),) * 3})
photo("gps-beyond.jpg", {MAKE: "vivo"}, PLUS8, {1: "N", 2: (rational(999), rational(0), rational(0)), 3: "E", 4: (rational(720), rational(0), rational(0))})
photo("exif-absurd.jpg", {MAKE: "M" * 3000, ORIENTATION: 99}, {TAKEN: "9999:99:99 99:99:99", OFFSET: "+99:99"})
photo("exif-zero-time.jpg", {MAKE: "HONOR"}, {TAKEN: "0000:00:00 00:00:00"})
photo("screenshot-said.jpg", {ORIENTATION: 1}, {COMMENT: b"ASCII\x00\x00\x00Screenshot"})
Image.new("RGB", (1080, 2340), (250, 250, 250)).save(path("screenshot.png"), optimize=True)

# what is not what it seems
jpeg, drawing = read("orientation-1.jpg"), read("alpha.png")
write("png-named.jpg", drawing)
write("jpeg-named.png", jpeg)
write("text.jpg", b"not a picture at all\n")
write("zero.jpg", b"")
write("truncated.jpg", jpeg[: len(jpeg) * 2 // 3])
write("truncated.png", drawing[: len(drawing) * 2 // 3])
write("header-only.jpg", jpeg[:200])
write("polyglot-zip.jpg", jpeg + b"PK\x03\x04\x14\x00 evil.exe PK\x05\x06" + bytes(18))
write("polyglot-comment.jpg", jpeg[:2] + b"\xff\xfe" + struct.pack(">H", 2 + 34) + b"<script>alert(document.cookie)</sc" + jpeg[2:])
write("html-before.jpg", b"<html><script>alert(1)</script>" + jpeg)
write("pdf-named.jpg", b"%PDF-1.7\n" + jpeg)
write("phone.heic", b"\x00\x00\x00\x18ftypheic\x00\x00\x00\x00mif1heic" + bytes(64))
write("bomb-40000.jpg", b"\xff\xd8\xff\xc0" + struct.pack(">HBHHB", 17, 8, 40000, 40000, 3) + b"\x01\x22\x00\x02\x11\x01\x03\x11\x01"
      + b"\xff\xda\x00\x0c\x03\x01\x00\x02\x11\x03\x11\x00\x3f\x00" + bytes(64))
write("bomb-16384.png", b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 16384, 16384, 8, 2, 0, 0, 0)) + chunk(b"IDAT", zlib.compress(bytes(1 << 20))))
