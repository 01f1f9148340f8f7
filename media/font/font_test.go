package font_test

import (
	"testing"

	"golang.org/x/image/font/sfnt"

	"satchel/media/font"
)

// TestGlyphs: what names, addresses and amounts are written with is there and
// is drawn, digits too.
func TestGlyphs(t *testing.T) {
	face, err := sfnt.Parse(font.TTF())
	if err != nil {
		t.Fatal(err)
	}
	var buf sfnt.Buffer
	runes := []rune("上海市浦东新区世纪大道1000号·永辉超市(八佰伴店)2026-03-16 09:12 ¥12,345.67 Aa Zz ,。：()「」龘")
	for r := rune(0x4e00); r <= 0x9fa5; r += 7 {
		runes = append(runes, r)
	}
	for _, r := range runes {
		i, err := face.GlyphIndex(&buf, r)
		if err != nil || i == 0 {
			t.Fatalf("no glyph for %q: %v", r, err)
		}
		if outline, err := face.LoadGlyph(&buf, i, 64<<6, nil); err != nil || len(outline) == 0 && r != ' ' {
			t.Errorf("%q draws nothing: %v", r, err)
		}
	}
}
