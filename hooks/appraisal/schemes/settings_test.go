package schemes_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestOnlyNewSchemesReadTheSettings: what a scheme says is asked of the scheme.
func TestOnlyNewSchemesReadTheSettings(t *testing.T) {
	reads := regexp.MustCompile(`\.Appraisal(RaterWeights|Grades|MissingCustomer|MinResponses|MinAccounts|MinDays|Calibration|SelfInflation|AnnualForm|HoldBp|Managers)\b`)
	found := 0
	err := filepath.WalkDir("../..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "settings_gen.go") {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		n := len(reads.FindAll(raw, -1))
		if strings.HasSuffix(filepath.ToSlash(path), "appraisal/schemes/defaults.go") {
			found = n
		} else if n > 0 {
			t.Errorf("%s reads what a new scheme begins with", path)
		}
		return nil
	})
	if err != nil || found != 11 {
		t.Errorf("%d settings are read, %v", found, err)
	}
}
