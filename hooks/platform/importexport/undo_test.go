package importexport_test

import (
	"encoding/json/v2"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

type undoAnswer struct {
	Removed int
	Kept    []struct{ ID, Name, Code, ZH, EN string }
	Data    struct{ Code string }
}

func undo(t *testing.T, app *testapp.App, name, id string) (int, undoAnswer) {
	t.Helper()
	rec := app.Do(name, "POST", "/api/ka/imports/"+id+"/undo", `{"reason":"错文件"}`)
	var out undoAnswer
	if err := json.Unmarshal(rec.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%s: %v", rec.Body, err)
	}
	return rec.Code, out
}

// why are the rows that stay, by name.
func (a undoAnswer) why() string {
	var out []string
	for _, k := range a.Kept {
		out = append(out, k.Name+" "+k.Code)
		if k.ZH == "" || k.EN == "" || k.ZH == k.EN {
			out = append(out, "without texts")
		}
	}
	slices.Sort(out)
	return strings.Join(out, "; ")
}

// TestAnImportIsUndone as a whole if nothing came of it, a person before his
// manager; once, for a reason, by who imported or an administrator.
func TestAnImportIsUndone(t *testing.T) {
	app := testapp.New(t)
	_, tried := send(t, app, "admin.fang", "users", "?dry_run=true", []byte(people))
	_, made := send(t, app, "admin.fang", "users", "", []byte(people))
	_, again := send(t, app, "admin.fang", "users", "", []byte(people))
	if tried.Import != "" || made.Import == "" || again.Import != "" {
		t.Fatalf("imports are called %q, %q, %q", tried.Import, made.Import, again.Import)
	}
	for name, want := range map[string]int{"rep.chen": 404, "auditor.jin": 403, "": 401} {
		if status, out := undo(t, app, name, made.Import); status != want {
			t.Errorf("%s: %d %+v", name, status, out)
		}
	}
	if rec := app.Do("admin.fang", "POST", "/api/ka/imports/"+made.Import+"/undo", `{"reason":" "}`); rec.Code != 400 || !strings.Contains(rec.Body.String(), "import.undo_reason") {
		t.Errorf("without a reason: %d %s", rec.Code, rec.Body)
	}
	if status, out := undo(t, app, "admin.fang", made.Import); status != 200 || out.Removed != 2 || len(out.Kept) != 0 {
		t.Fatalf("%d %+v", status, out)
	}
	if n, _ := app.CountRecords("users", dbx.In("emp_no", "N1", "N2")); n != 0 {
		t.Errorf("%d are there", n)
	}
	if n, _ := app.CountRecords("audit_log", dbx.HashExp{"action": "users.import_undo", "actor": app.As("admin.fang").Id}); n != 2 {
		t.Errorf("the log has %d", n)
	}
	if status, out := undo(t, app, "admin.fang", made.Import); status != 400 || out.Data.Code != "import.undone" {
		t.Errorf("twice: %d %+v", status, out)
	}
	entry, err := app.FindRecordById("imports", made.Import)
	if err != nil || entry.GetString("state") != "undone" || entry.GetInt("created_rows") != 2 || entry.GetInt("undone_rows") != 2 || entry.GetString("undone_by") != app.As("admin.fang").Id {
		t.Errorf("%v %v", entry, err)
	}
	if _, out := send(t, app, "admin.fang", "users", "", []byte(people)); out.Created != 2 {
		t.Errorf("the file comes again: %+v", out)
	}
}

// accountsOf is a file of n accounts of a person.
func accountsOf(owner, prefix string, n int) []byte {
	out := "统一社会信用代码,客户名称,负责人\n"
	for i := range n {
		out += fmt.Sprintf("9111%s0000000%dX,%s%d号,%s\n", prefix, i, prefix, i, owner)
	}
	return []byte(out)
}

// TestWhatCameOfAnImportStays: touched rows, rows that others name, and rows
// that a phone may know; each is named.
func TestWhatCameOfAnImportStays(t *testing.T) {
	for _, mode := range []string{"all", "rows"} {
		app := testapp.New(t)
		his, other := app.Phone(app.Token("rep.chen"), "his"), app.Phone(app.Token("rep.ma"), "other")
		his.Pull()
		_, made := send(t, app, "manager.wu", "accounts", "?mode="+mode, accountsOf("陈立", "甲", 4))
		if made.Created != 4 || made.Import == "" {
			t.Fatalf("%s: %+v", mode, made)
		}
		touched, err := app.FindFirstRecordByData("accounts", "name", "甲0号")
		if err != nil {
			t.Fatal(err)
		}
		touched.Set("note", "已联系")
		if err := app.Save(touched); err != nil {
			t.Fatal(err)
		}
		gone, err := app.FindFirstRecordByData("accounts", "name", "甲3号")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := app.DB().Delete("accounts", dbx.HashExp{"id": gone.Id}).Execute(); err != nil {
			t.Fatal(err)
		}
		if _, out := send(t, app, "rep.chen", "contacts", "", []byte("客户,姓名\n甲1号,王采购\n")); out.Created != 1 {
			t.Fatalf("%+v", out)
		}
		other.Pull() // who does not see the rows
		if len(other.Rows["accounts"]) == 0 {
			t.Fatal("the other phone has no accounts")
		}
		status, out := undo(t, app, "manager.wu", made.Import)
		if want := " import.row_gone; 甲0号 import.row_touched; 甲1号 import.row_referred"; status != 200 || out.Removed != 1 || out.why() != want {
			t.Errorf("%s: %d %d gone, %s", mode, status, out.Removed, out.why())
		}
		his.Pull()
		_, later := send(t, app, "manager.wu", "accounts", "?mode="+mode, accountsOf("陈立", "乙", 2))
		his.Pull()
		if !strings.Contains(fmt.Sprint(his.Rows["accounts"]), "乙1号") {
			t.Fatal("the phone does not see what was imported")
		}
		if status, out := undo(t, app, "admin.fang", later.Import); status != 200 || out.Removed != 0 || out.why() != "乙0号 import.row_seen; 乙1号 import.row_seen" {
			t.Errorf("%s: seen: %d %d gone, %s", mode, status, out.Removed, out.why())
		}
	}
}

// TestWhoSawARowThatHeNoLongerSees still counts: it left his phone's scope, and
// the phone may not have heard.
func TestWhoSawARowThatHeNoLongerSees(t *testing.T) {
	app := testapp.New(t)
	his := app.Phone(app.Token("rep.chen"), "his")
	_, made := send(t, app, "manager.wu", "accounts", "", accountsOf("陈立", "丙", 1))
	his.Pull()
	if _, err := app.DB().Update("accounts", dbx.Params{"owner": app.As("rep.he").Id}, dbx.HashExp{"name": "丙0号"}).Execute(); err != nil {
		t.Fatal(err)
	}
	if err := app.Bound.Sync.Fold(app); err != nil {
		t.Fatal(err)
	}
	if _, out := undo(t, app, "manager.wu", made.Import); out.Removed != 0 || out.why() != "丙0号 import.row_seen" {
		t.Errorf("%d gone, %s", out.Removed, out.why())
	}
}

// TestAnImportKnowsWhereTheLogStood: what phones had before its first row counts
// for nothing, also once the log is cut off there.
func TestAnImportKnowsWhereTheLogStood(t *testing.T) {
	app := testapp.New(t)
	his := app.Phone(app.Token("rep.chen"), "his")
	his.Pull()
	before := app.Bound.Sync.Head()
	_, made := send(t, app, "manager.wu", "accounts", "", accountsOf("陈立", "丁", 1))
	entry, err := app.FindRecordById("imports", made.Import)
	if err != nil || before == 0 || int64(entry.GetInt("head")) != before {
		t.Fatalf("the head was %d, the import has %d (%v)", before, entry.GetInt("head"), err)
	}
	if _, err := app.NonconcurrentDB().NewQuery("UPDATE _sync_state SET value = {:n} WHERE key = 'floor'").Bind(dbx.Params{"n": before}).Execute(); err != nil {
		t.Fatal(err)
	}
	if _, out := undo(t, app, "manager.wu", made.Import); out.Removed != 1 {
		t.Errorf("%d gone, %s", out.Removed, out.why())
	}
}
