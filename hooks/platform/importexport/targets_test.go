package importexport_test

import (
	"bytes"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/xuri/excelize/v2"

	"satchel/internal/testapp"
)

// sheet is a workbook of rows.
func sheet(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprint("A", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// policy: R4.2 import
//
// TestTargetsFromAWorkbook: with a column for each month, from the department down to
// an account in any order; a year that is not the sum of its months is refused by row
// and nothing of the file is taken; what goes out comes in as it is.
func TestTargetsFromAWorkbook(t *testing.T) {
	app := testapp.New(t)
	get := func(who, path string) (int, [][]string, string) {
		t.Helper()
		rec := app.Do(who, http.MethodGet, path, "")
		if rec.Code != http.StatusOK {
			return rec.Code, nil, rec.Body.String()
		}
		book, err := excelize.OpenReader(rec.Body)
		if err != nil {
			t.Fatal(err)
		}
		rows, err := book.GetRows(book.GetSheetName(0))
		if err != nil {
			t.Fatal(err)
		}
		return rec.Code, rows, ""
	}
	code, rows, body := get("director.lin", "/api/ka/import/targets?format=xlsx")
	if code != http.StatusOK || strings.Join(rows[0], ",") != "负责人,客户,指标,年度,全年,第1季度,第2季度,第3季度,第4季度,1月,2月,3月,4月,5月,6月,7月,8月,9月,10月,11月,12月,依据:公司目标,依据:市场情况,依据:业务能力" {
		t.Fatal(code, rows, body)
	}
	for who, want := range map[string]int{"finance.zhao": 403, "rep.chen": 200, "": 401} {
		if rec := app.Do(who, http.MethodGet, "/api/ka/import/targets", ""); rec.Code != want {
			t.Errorf("%s: %d", who, rec.Code)
		}
	}
	if rec := app.Do("admin.fang", http.MethodGet, "/api/ka/import/users?lang=en", ""); !strings.HasPrefix(rec.Body.String(), "\xef\xbb\xbfEmployee no.,Name,") {
		t.Errorf("%s", rec.Body)
	}
	head := []any{"负责人", "指标", "年度", "全年", "1月", "2月", "3月", "4月", "12月", "客户"}
	name := func(who string) any { return app.As(who).GetString("name") }
	chen := app.AccountOf("rep.chen")
	file := sheet(t, head,
		[]any{name("rep.chen"), "销售额", "2028", 40, 10, 10, 10, 10, "", chen.GetString("name")},
		[]any{name("rep.chen"), "销售额", "2028", 60, 10, 10, 10, 10, 20, ""},
		[]any{name("manager.wu"), "销售额", "2028", 60, 10, 10, 10, 10, 20, ""},
		[]any{name("director.lin"), "销售额", "2028", 60, 10, 10, 10, 10, 20, ""},
	)
	count := func() int64 {
		n, err := app.CountRecords("targets", dbx.HashExp{"year": "2028"})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	if _, out := send(t, app, "director.lin", "targets", "?dry_run=true", file); len(out.Bad) > 0 || out.Created != 4 || out.Committed || count() != 0 {
		t.Fatalf("a trial: %+v, %d rows", out, count())
	}
	off := sheet(t, head, []any{name("director.lin"), "销售额", "2028", 61, 10, 10, 10, 10, 20, ""}, []any{name("director.lin"), "销售量", "2028", 4, 1, 1, 1, 1, "", ""})
	if _, out := send(t, app, "director.lin", "targets", "", off); len(out.Bad) != 1 || out.Bad[0].Row != 2 || out.Bad[0].Code != "target.periods_sum" || out.Bad[0].ZH == "" || out.Bad[0].EN == "" || out.Committed || count() != 0 {
		t.Errorf("a total that does not match: %+v, %d rows", out, count())
	}
	for _, c := range []struct {
		what string
		row  []any
		code string
	}{
		{"words", []any{name("director.lin"), "销售额", "2028", "many", 1}, "import.value"},
		{"below nothing", []any{name("director.lin"), "销售额", "2028", -1, 1}, "import.value"},
		{"beyond all bounds", []any{name("director.lin"), "销售额", "2028", "10000000000001", "10000000000001"}, "target.numbers_invalid"},
		{"of another year", []any{name("manager.wu"), "销售额", "2028", 1, 1}, "target.parent_invalid"},
		{"of nobody", []any{"查无此人", "销售额", "2028", 1, 1}, "import.not_found"},
		{"of no metric", []any{name("director.lin"), "业绩", "2028", 1, 1}, "import.value"},
		{"of who has none", []any{name("finance.zhao"), "销售额", "2028", 1, 1}, "target.level_invalid"},
		{"without a year's total", []any{name("director.lin"), "销售额", "2028", "", 1}, "import.key_needed"},
	} {
		if _, out := send(t, app, "director.lin", "targets", "", sheet(t, head, c.row)); len(out.Bad) != 1 || out.Bad[0].Code != c.code || count() != 0 {
			t.Errorf("%s: %+v", c.what, out)
		}
	}
	if _, out := send(t, app, "director.lin", "targets", "", file); len(out.Bad) > 0 || out.Created != 4 || !out.Committed || count() != 4 {
		t.Fatalf("%+v, %d rows", out, count())
	}
	for level, want := range map[string]string{"dept": "[30,10,0,20]", "account": "[30,10,0,0]"} {
		row, err := app.FindFirstRecordByFilter("targets", "year = '2028' && level = {:l}", dbx.Params{"l": level})
		if err != nil || row.GetString("quarters") != want || level == "account" && (row.GetString("account") != chen.Id || row.GetString("parent") == "") {
			t.Fatalf("%s: %v %v", level, err, row)
		}
	}
	if _, out := send(t, app, "director.lin", "targets", "", file); out.Unchanged != 4 || out.Updated != 0 {
		t.Errorf("once more: %+v", out)
	}
	change := sheet(t, head, []any{name("director.lin"), "销售额", "2028", 61, 11, 10, 10, 10, 20, ""})
	if _, out := send(t, app, "director.lin", "targets", "", change); out.Updated != 1 || len(out.Bad) > 0 {
		t.Errorf("a change: %+v", out)
	}
	if _, out := send(t, app, "manager.wu", "targets", "", change); len(out.Bad) != 1 {
		t.Errorf("somebody else's: %+v", out)
	}
	_, rows, body = get("director.lin", "/api/ka/export/targets?format=xlsx&filter="+"year%3D'2028'%26%26level%3D'dept'")
	if body != "" || len(rows) != 2 {
		t.Fatal(rows, body)
	}
	at := map[string]string{}
	for i, h := range rows[0] {
		if i < len(rows[1]) {
			at[h] = rows[1][i]
		}
	}
	if at["1月"] != "11" || at["12月"] != "20" || at["第1季度"] != "31" || at["全年"] != "61" || at["指标"] != "销售额" {
		t.Errorf("%v", at)
	}
	back := sheet(t, []any{"负责人", "指标", "年度", "全年", "1月", "2月", "3月", "4月", "12月", "第1季度", "第2季度", "第4季度"},
		[]any{at["负责人"], at["指标"], at["年度"], at["全年"], at["1月"], at["2月"], at["3月"], at["4月"], at["12月"], at["第1季度"], at["第2季度"], at["第4季度"]})
	if _, out := send(t, app, "director.lin", "targets", "", back); out.Unchanged != 1 {
		t.Errorf("what went out does not come in: %+v", out)
	}
}

// TestATotalOfTargetsIsChecked: a line that is called a total is no target; one that does
// not match refuses the whole list, also where rows are taken one by one.
func TestATotalOfTargetsIsChecked(t *testing.T) {
	app := testapp.New(t)
	name := func(who string) any { return app.As(who).GetString("name") }
	head := []any{"负责人", "指标", "年度", "全年", "1月", "2月"}
	of := func(totals ...[]any) []byte {
		rows := [][]any{
			head, {name("director.lin"), "销售额", "2028", 60, 20, 40}, {name("manager.wu"), "销售额", "2028", 60, 20, 40}, {name("director.lin"), "销售量", "2028", 7, 3, 4},
		}
		return sheet(t, append(rows, totals...)...)
	}
	count := func() int64 {
		n, err := app.CountRecords("targets", dbx.HashExp{"year": "2028"})
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for what, total := range map[string][]any{
		"of the year": {"合计", "销售额", "2028", 121, 40, 80}, "of a month": {"总计", "", "", 127, 43, 85}, "of another metric": {"Total", "volume", "2028", 8},
		"without a number": {"合计", "", "", "many"}, "beyond all bounds": {"合计", "", "", "99999999999999999999"},
	} {
		for _, mode := range []string{"", "?mode=rows", "?dry_run=true"} {
			_, out := send(t, app, "director.lin", "targets", mode, of(total))
			want := "import.total"
			if what == "without a number" || what == "beyond all bounds" {
				want = "import.value"
			}
			if len(out.Bad) != 1 || out.Bad[0].Row != 5 || out.Bad[0].Code != want || out.Bad[0].ZH == "" || out.Bad[0].EN == "" || out.Committed || count() != 0 {
				t.Errorf("%s %s: %+v, %d rows", what, mode, out, count())
			}
		}
	}
	if _, out := send(t, app, "director.lin", "targets", "", of([]any{"合计", "销售额", "2028", 120, 40, 80}, []any{"小计"})); len(out.Bad) > 0 || out.Created != 3 || out.Rows != 3 || count() != 3 {
		t.Errorf("%+v, %d rows", out, count())
	}
	if _, out := send(t, app, "admin.fang", "users", "", []byte("工号,姓名,角色\n合计,合计,rep\n")); len(out.Bad) == 1 && out.Bad[0].Code == "import.total" {
		t.Errorf("of people: %+v", out)
	}
}
