package main

import (
	"fmt"
	"io/fs"
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// TestPagesLoadNothingFromElsewhere: they are looked at where there is no internet.
func TestPagesLoadNothingFromElsewhere(t *testing.T) {
	for name, text := range pageFiles(t) {
		if far := regexp.MustCompile(`(https?:)?//[a-z0-9.-]+\.[a-z]{2,}[^"' ]*`).FindString(text); far != "" {
			t.Errorf("%s asks %s", name, far)
		}
	}
}

// TestPagesHaveNothingInline, and make no markup of texts: their policy would stop it.
func TestPagesHaveNothingInline(t *testing.T) {
	inline := regexp.MustCompile(`(?i)<style|\sstyle=|<[^>]+\son\w+=|<script(?:[^>]*)>[^<]|<script>|javascript:`)
	markup := regexp.MustCompile(`\.(?:inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(|new Function|srcdoc|\bstyle:`)
	for name, text := range pageFiles(t) {
		found := ""
		switch path.Ext(name) {
		case ".html":
			found = inline.FindString(text)
		case ".js":
			found = markup.FindString(text)
		}
		if found != "" {
			t.Errorf("%s has %q", name, found)
		}
	}
}

// TestPagesSpeakBothLanguages: the same keys, the same params, none missing and
// none left over.
func TestPagesSpeakBothLanguages(t *testing.T) {
	files := pageFiles(t)
	shared := "shared/texts.js"
	tried := 0
	for file := range files {
		if path.Base(file) != "texts.js" || file == shared {
			continue
		}
		tried++
		folder := path.Dir(file)
		t.Run(folder, func(t *testing.T) {
			zh, en := wordsIn(t, files[file], "zh"), wordsIn(t, files[file], "en")
			maps.Copy(zh, wordsIn(t, files[shared], "zh"))
			maps.Copy(en, wordsIn(t, files[shared], "en"))
			for key, text := range zh {
				if params(text) != params(en[key]) {
					t.Errorf("%s: %q and %q", key, text, en[key])
				}
			}
			if a, b := slices.Sorted(maps.Keys(zh)), slices.Sorted(maps.Keys(en)); !slices.Equal(a, b) || len(a) < 20 {
				t.Errorf("Chinese has %v, English %v", a, b)
			}
			said := map[string]bool{}
			for _, m := range regexp.MustCompile(`\bsay\(([^)]*)`).FindAllStringSubmatch(files["shared/page.js"]+files[folder+"/"+folder+".js"], -1) {
				for _, key := range regexp.MustCompile(`"(\w+)"`).FindAllStringSubmatch(m[1], -1) {
					said[key[1]] = true
					if _, there := zh[key[1]]; !there {
						t.Errorf("no text of %s", key[1])
					}
				}
			}
			_, rest, _ := strings.Cut(files[folder+"/server.js"], "const filters = {")
			list, _, _ := strings.Cut(rest, "};")
			for _, m := range regexp.MustCompile(`(?m)^    (\w+): `).FindAllStringSubmatch(list, -1) {
				said[m[1]] = true
				if _, there := zh[m[1]]; !there {
					t.Errorf("no text of the filter %s", m[1])
				}
			}
			for key := range zh {
				if !said[key] {
					t.Errorf("%s is never said", key)
				}
			}
		})
	}
	if tried < 2 {
		t.Errorf("%d pages were tried", tried)
	}
}

// wordsIn reads the texts of one language, those of states aside.
func wordsIn(t *testing.T, source, language string) map[string]string {
	t.Helper()
	_, rest, found := strings.Cut(source, "\n    "+language+": {")
	block, _, ended := strings.Cut(rest, "\n    },")
	if !found || !ended {
		t.Fatalf("no texts in %s", language)
	}
	block, _, _ = strings.Cut(block, "states: {")
	out := map[string]string{}
	for _, m := range regexp.MustCompile(`(\w+): "([^"]*)"`).FindAllStringSubmatch(block, -1) {
		out[m[1]] = m[2]
	}
	return out
}

func params(text string) string {
	found := regexp.MustCompile(`\{\w+\}`).FindAllString(text, -1)
	slices.Sort(found)
	return fmt.Sprint(found)
}

func pageFiles(t *testing.T) map[string]string {
	t.Helper()
	out := map[string]string{}
	root, err := fs.Sub(pages, "pb_public")
	if err != nil {
		t.Fatal(err)
	}
	err = fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(root, name)
		out[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
