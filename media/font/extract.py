"""Makes wqy-microhei.ttf.gz of the collection in Debian's fonts-wqy-microhei.

    apt-get install fonts-wqy-microhei python3-fonttools
    python3 extract.py /usr/share/fonts/truetype/wqy/wqy-microhei.ttc

Face 0 is WenQuanYi Micro Hei with proportional Latin. All its glyphs stay;
what goes are hints and tables for layout engines, which neither the watermark
nor the PDF writer reads. The same collection gives the same bytes.
"""

import gzip
import io
import sys

from fontTools.ttLib import TTFont

font = TTFont(sys.argv[1], fontNumber=0, recalcTimestamp=False)
keep = {"GlyphOrder", "head", "hhea", "maxp", "OS/2", "hmtx", "cmap", "loca", "glyf", "name", "post"}
for tag in list(font.keys()):
    if tag not in keep:
        del font[tag]
font["glyf"].removeHinting()
font["post"].formatType = 3.0  # without glyph names
plain = io.BytesIO()
font.save(plain, reorderTables=True)
with open("wqy-microhei.ttf.gz", "wb") as out:
    with gzip.GzipFile(filename="", mode="wb", fileobj=out, compresslevel=9, mtime=0) as packed:
        packed.write(plain.getvalue())
print(len(plain.getvalue()), "bytes,", len(font.getGlyphOrder()), "glyphs,", len(font.getBestCmap()), "characters")
