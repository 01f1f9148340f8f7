package trainings_test

import (
	"maps"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
)

// desk is a company whose people are trained.
type desk struct{ testapp.Desk }

func open(t *testing.T) desk { return desk{testapp.Open(t)} }

// quiz has two questions; right are the answers to it.
var (
	quiz = []map[string]any{
		{"key": "q1", "text": "保质期", "options": []string{"6 个月", "12 个月"}},
		{"key": "q2", "text": "卖点", "options": []string{"无糖", "低脂", "进口"}, "multiple": true},
	}
	right = map[string]any{"q1": []int{1}, "q2": []int{0, 1}}
)

const (
	allRight = `{"answers":{"q1":[1],"q2":[1,0]}}`
	halfWay  = `{"answers":{"q1":[1],"q2":[0]}}`
	allWrong = `{"answers":{"q1":[0],"q2":[2]}}`
)

// draft is a training of the KA department's reps on Friday, by somebody.
func (d desk) draft(by string, more map[string]any) *core.Record {
	body := map[string]any{
		"owner": d.As(by).Id, "title": "新品知识", "kind": "product", "date": "2026-03-20", "place": "三楼",
		"departments": []string{d.As("director.lin").GetString("department")}, "roles": []string{"rep"},
	}
	maps.Copy(body, more)
	row, refused := d.Create(by, "trainings", body)
	d.Must(refused)
	return row
}

// quizzed is a draft with a quiz and its right answers.
func (d desk) quizzed(by string, more map[string]any) *core.Record {
	body := map[string]any{"quiz": quiz}
	maps.Copy(body, more)
	row := d.draft(by, body)
	_, refused := d.Create(by, "training_keys", map[string]any{"owner": d.As(by).Id, "training": row.Id, "answers": right})
	d.Must(refused)
	return row
}

// published is one with a quiz to which the reps are invited.
func (d desk) published(more map[string]any) *core.Record {
	row := d.quizzed("product.guo", more)
	d.Must(d.Act("product.guo", row, "publish", ""))
	return d.Fresh(row)
}

// part is somebody's in a training.
func (d desk) part(t *testing.T, training *core.Record, who string) *core.Record {
	t.Helper()
	row, err := d.FindFirstRecordByFilter("training_records", "training = {:t} && user = {:u}", dbx.Params{"t": training.Id, "u": d.As(who).Id})
	if err != nil {
		t.Fatalf("%s takes no part: %v", who, err)
	}
	return row
}

// invited counts who takes part in a training.
func (d desk) invited(t *testing.T, training *core.Record) int64 {
	t.Helper()
	n, err := d.CountRecords("training_records", dbx.HashExp{"training": training.Id})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

func (d desk) state(row *core.Record) string { return d.Fresh(row).GetString("state") }
