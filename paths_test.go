package main

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// spoken is a path of this repository in a sentence, a string or a command.
var spoken = regexp.MustCompile(`(?:^|[^\w/.@-])(?:\./)?((?:hooks|domain|syncer|media|internal|sim|bench|migrations|records|client|docs|attack|torture|pb_public)/\w[\w./{},<>*-]*)`)

// TestPathsExist: what code and documents say lies somewhere does, so that a
// room that moves takes its mentions along.
func TestPathsExist(t *testing.T) {
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if name := d.Name(); d.IsDir() {
			if name == "testdata" || name == "node_modules" || strings.HasPrefix(name, ".") && name != "." {
				return filepath.SkipDir
			}
			return nil
		}
		switch ext := filepath.Ext(path); {
		case path == "Makefile", ext == ".md", ext == ".go", ext == ".ts" && !strings.HasSuffix(path, ".gen.ts"):
		default:
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range spoken.FindAllStringSubmatch(string(text), -1) {
			said := strings.TrimRight(m[1], ".,-")
			if strings.ContainsAny(said, "{},<>*") || strings.HasSuffix(said, "_") { // stands for several
				continue
			}
			if !there(said) && !there(filepath.Join(filepath.Dir(path), said)) {
				t.Errorf("%s speaks of %s, which is not there", path, said)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// there reports whether a path, or the Go file of that name, exists.
func there(path string) bool {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		_, err = os.Stat(path + ".go")
	}
	return err == nil
}
