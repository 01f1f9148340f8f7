package syncer

import (
	"encoding/json/jsontext"
	"testing"
)

func raw(m map[string]string) map[string]jsontext.Value {
	out := map[string]jsontext.Value{}
	for k, v := range m {
		out[k] = jsontext.Value(v)
	}
	return out
}

func TestMerge(t *testing.T) {
	rule := &Rule{Policy: map[string]string{
		"client": PolicyClient, "once": PolicyOnce, "max": PolicyMax, "min": PolicyMin,
		"append": PolicyAppend, "tags": PolicyAppend, "ask": PolicyAsk, "state": PolicyState,
	}}
	// The row was made at 10 by phone a; phone b changed every field but "free" at 20.
	row := &Replica{
		Ver: 20,
		Body: raw(map[string]string{
			"client": `"theirs"`, "once": `"theirs"`, "max": `5`, "min": `5`, "append": `"theirs"`,
			"tags": `["x"]`, "ask": `"theirs"`, "state": `"theirs"`, "plain": `"theirs"`, "free": `"old"`,
		}),
		stamps: map[string]stamp{"*": {20, "b"}, "free": {10, "a"}},
	}
	for _, c := range []struct {
		name, field, mine string
		base              int64
		device            string
		want, resolution  string // want: what is written, empty for nothing
	}{
		{"a field nobody else changed is written", "free", `"mine"`, 10, "c", `"mine"`, ""},
		{"what the phone had seen is no conflict", "plain", `"mine"`, 20, "c", `"mine"`, ""},
		{"one's own earlier edit is no conflict", "plain", `"mine"`, 10, "b", `"mine"`, ""},
		{"the same value is no conflict", "plain", ` "theirs"`, 10, "c", "", ""},
		{"by default the server's stands", "plain", `"mine"`, 10, "c", "", resolvedTheirs},
		{"client: mine stands", "client", `"mine"`, 10, "c", `"mine"`, resolvedMine},
		{"once: the first stands", "once", `"mine"`, 10, "c", "", resolvedTheirs},
		{"once: even against the phone that wrote it", "once", `"mine"`, 20, "b", "", resolvedTheirs},
		{"max: the greater is mine", "max", `7`, 10, "c", `7`, resolvedMine},
		{"max: the greater is theirs", "max", `3`, 10, "c", "", resolvedTheirs},
		{"min: the smaller is mine", "min", `3`, 10, "c", `3`, resolvedMine},
		{"min: the smaller is theirs", "min", `7`, 10, "c", "", resolvedTheirs},
		{"append joins texts", "append", `"mine"`, 10, "c", `"theirs\nmine"`, resolvedJoined},
		{"append unites lists", "tags", `["x","y"]`, 10, "c", `["x","y"]`, resolvedJoined},
		{"ask keeps the server's", "ask", `"mine"`, 10, "c", "", resolvedTheirs},
		{"state keeps the server's", "state", `"mine"`, 10, "c", "", resolvedTheirs},
	} {
		m := &Mutation{Base: c.base, Set: raw(map[string]string{c.field: c.mine}), Was: raw(map[string]string{c.field: `"was"`})}
		got := merge(rule, row, m, c.device)
		if string(got.Set[c.field]) != c.want {
			t.Errorf("%s: writes %s, not %s", c.name, got.Set[c.field], c.want)
		}
		if (len(got.Conflicts) == 1) != (c.resolution != "") {
			t.Errorf("%s: conflicts %+v", c.name, got.Conflicts)
			continue
		}
		if c.resolution != "" {
			report := got.Conflicts[0]
			if report.Resolution != c.resolution || string(report.Mine) != c.mine || string(report.Ancestor) != `"was"` || len(report.Theirs) == 0 {
				t.Errorf("%s: the report says %+v", c.name, report)
			}
		}
	}
}
