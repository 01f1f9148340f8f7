package sales

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
)

// LetterPerson is somebody as a letter names him.
type LetterPerson struct {
	ID   string `json:"id"`
	Name string `json:"name"`
	Role string `json:"role"`
}

// LetterBasis is what a target rests on.
type LetterBasis struct {
	Company    string `json:"company"`
	Market     string `json:"market"`
	Capability string `json:"capability"`
}

// LetterTarget is a target as a letter states it.
type LetterTarget struct {
	ID       string      `json:"id"`
	Version  int         `json:"version"`
	Level    string      `json:"level"`
	Metric   string      `json:"metric"`
	Value    int         `json:"value"`
	Quarters []int       `json:"quarters"`
	Months   []int       `json:"months"`
	Basis    LetterBasis `json:"basis"`
}

// LetterContent is what is signed: whoever has it knows all that the letter says.
type LetterContent struct {
	Year     string         `json:"year"`
	Version  int            `json:"version"`
	Company  string         `json:"company"`
	Dept     string         `json:"dept"`
	Subject  LetterPerson   `json:"subject"`
	Superior LetterPerson   `json:"superior"`
	Template string         `json:"template"` // of which the text was made, by its hash
	Text     string         `json:"text"`
	Terms    string         `json:"terms"`
	Targets  []LetterTarget `json:"targets"`
}

// letterMetrics in the order in which a letter states them.
var letterMetrics = []string{"amount", "volume", "profit", "new_ka", "csat"}

// LetterLevels are the levels whose targets are somebody's own to sign; those of his
// accounts are how he breaks his down.
var LetterLevels = []string{TargetOfDept, TargetOfManager, TargetOfRep}

// Seal fills in the text by a template, puts the targets in their order, and returns
// the content in its canonical form (RFC 8785) with the SHA-256 of that.
func (c LetterContent) Seal(template string) (canonical []byte, hash string, err error) {
	c.Text, c.Template = c.fill(template), digest([]byte(template))
	c.Targets = inOrder(c.Targets)
	raw, err := json.Marshal(c)
	if err != nil {
		return nil, "", fmt.Errorf("write a letter: %w", err)
	}
	return CanonicalLetter(raw)
}

// CanonicalLetter brings a content, in whatever order its members came, into the form
// that is hashed, and hashes it.
func CanonicalLetter(content []byte) (canonical []byte, hash string, err error) {
	value := jsontext.Value(slices.Clone(content))
	if err := value.Canonicalize(); err != nil {
		return nil, "", fmt.Errorf("read a letter: %w", err)
	}
	return value, digest(value), nil
}

func digest(data []byte) string {
	hash := sha256.Sum256(data)
	return hex.EncodeToString(hash[:])
}

// SameTargets reports whether a content states just these targets.
func (c LetterContent) SameTargets(now []LetterTarget) bool {
	mine, theirs := inOrder(c.Targets), inOrder(now)
	return slices.EqualFunc(mine, theirs, func(a, b LetterTarget) bool {
		return slices.Equal(a.Quarters, b.Quarters) && slices.Equal(a.Months, b.Months) &&
			a.ID == b.ID && a.Version == b.Version && a.Level == b.Level && a.Metric == b.Metric && a.Value == b.Value && a.Basis == b.Basis
	})
}

// inOrder are targets as a letter lists them.
func inOrder(targets []LetterTarget) []LetterTarget {
	return slices.SortedFunc(slices.Values(targets), func(a, b LetterTarget) int {
		return cmp.Or(cmp.Compare(slices.Index(letterMetrics, a.Metric), slices.Index(letterMetrics, b.Metric)), cmp.Compare(a.ID, b.ID))
	})
}

// letterBlanks are what a template leaves open.
var letterBlanks = []string{"{company}", "{dept}", "{name}", "{role}", "{superior}", "{superior_role}", "{year}", "{version}"}

// LetterRoles are roles as letters name them.
var LetterRoles = map[string]string{"rep": "KA业务代表", "ka_manager": "KA业务经理", "dept_manager": "部门经理", "executive": "公司管理层"}

// fill writes the text of a letter.
func (c LetterContent) fill(template string) string {
	role := func(p LetterPerson) string {
		if name, known := LetterRoles[p.Role]; known {
			return name
		}
		return p.Role
	}
	values := []string{c.Company, c.Dept, c.Subject.Name, role(c.Subject), c.Superior.Name, role(c.Superior), c.Year, fmt.Sprint(c.Version)}
	pairs := make([]string, 0, 2*len(values))
	for i, blank := range letterBlanks {
		pairs = append(pairs, blank, values[i])
	}
	return strings.NewReplacer(pairs...).Replace(template)
}

// LetterTemplateFault says what is wrong with a template; empty if nothing.
func LetterTemplateFault(template string) string {
	if n := len([]rune(strings.TrimSpace(template))); n == 0 || n > 4000 {
		return "a text of 1 to 4000 characters is needed"
	}
	rest := template
	for _, blank := range letterBlanks {
		rest = strings.ReplaceAll(rest, blank, "")
	}
	if strings.ContainsAny(rest, "{}") {
		return "it may leave open " + strings.Join(letterBlanks, " ")
	}
	return ""
}
