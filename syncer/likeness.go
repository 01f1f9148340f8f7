package syncer

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"maps"
	"slices"
	"strings"
)

// ofSaying are the members of a mutation that tell when and under which name it
// was said, and nothing of what it would do.
var ofSaying = []string{"n", "id", "captured"}

// work is the hash of what a mutation would do, in whatever order, spelling and
// space it is written, and whether or not it can be read. Empty for one that
// does more if it is done twice, and for a member of a group, which stands or
// falls with its own.
func (e *entry) work() string {
	if e.group != "" || len(e.members["inc"]) > 0 {
		return ""
	}
	rest := maps.Clone(e.members)
	for _, name := range ofSaying {
		delete(rest, name)
	}
	var content string
	if text, err := json.Marshal(rest, json.Deterministic(true)); err == nil {
		content = canonical(text)
	} else {
		var parts []string
		for _, name := range sortedKeys(rest) {
			parts = append(parts, name+":"+string(lexer{rest[name], true}.compact()))
		}
		content = strings.Join(parts, ",")
	}
	if len(rest) == 0 { // nothing of it can be told apart
		content = string(e.raw)
	}
	return digestOf(content)
}

// Like is the same for issues that say the same of the same work: one answer
// answers them all. Empty for one that is like no other: what waits goes its own
// way when its parent passes.
func (i Issue) Like() string {
	if i.Work == "" || !slices.Contains([]string{IssueRejected, IssueConflict}, i.Kind) {
		return ""
	}
	parts := []string{i.Kind, i.Code, i.Collection, i.Record, i.Conflict.Field, canonical(i.Conflict.Theirs), i.Work}
	return digestOf(jsonText(parts))
}

func digestOf(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}
