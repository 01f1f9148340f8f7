package importexport_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json/v2"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"satchel/internal/testapp"
)

type answer struct {
	Import                      string
	DryRun                      bool `json:"dry_run"`
	Rows                        int
	Created, Updated, Unchanged int
	Committed                   bool
	Bad                         []struct {
		Row    int
		Code   string
		ZH, EN string
		Fields map[string]any
		Params map[string]any
	}
	Data struct{ Code string }
}

func send(t *testing.T, app *testapp.App, name, collection, query string, file []byte) (int, answer) {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	part, err := form.CreateFormFile("file", "list")
	if err != nil {
		t.Fatal(err)
	}
	part.Write(file)
	form.Close()
	req := httptest.NewRequest("POST", "/api/ka/import/"+collection+query, &body)
	req.Header.Set("Content-Type", form.FormDataContentType())
	if name != "" {
		req.Header.Set("Authorization", app.Token(name))
	}
	rec := httptest.NewRecorder()
	app.Handler().ServeHTTP(rec, req)
	var out answer
	if err := json.Unmarshal(rec.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true)); err != nil {
		t.Fatalf("%s: %v", rec.Body, err)
	}
	return rec.Code, out
}

func (a answer) codes() string {
	var out []string
	for _, b := range a.Bad {
		out = append(out, fmt.Sprintf("%d %s", b.Row, b.Code))
	}
	return strings.Join(out, "; ")
}

func workbook(t *testing.T, rows ...[]any) []byte {
	t.Helper()
	book := excelize.NewFile()
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	if err := book.Write(&out); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

const people = "工号,姓名,邮箱,角色,部门,上级\n" +
	"N2,新代表,n2@demo.test,KA业务代表,KA业务部,N1\n" + // before his manager
	"N1,新经理,n1@demo.test,KA业务经理,KA业务部,director.lin@demo.test\n"

// TestPeopleFromAFile: tried first, then taken, and the same file changes nothing.
func TestPeopleFromAFile(t *testing.T) {
	app := testapp.New(t)
	if status, out := send(t, app, "", "users", "", []byte(people)); status != 401 {
		t.Errorf("nobody: %d %+v", status, out)
	}
	_, out := send(t, app, "admin.fang", "users", "?dry_run=true", []byte(people))
	if !out.DryRun || out.Committed || out.Created != 2 || len(out.Bad) != 0 {
		t.Errorf("tried: %+v", out)
	}
	if n, _ := app.CountRecords("users", dbx.In("emp_no", "N1", "N2")); n != 0 {
		t.Fatalf("a trial made %d", n)
	}
	_, out = send(t, app, "admin.fang", "users", "", []byte(people))
	if !out.Committed || out.Created != 2 {
		t.Fatalf("%+v", out)
	}
	n2, err := app.FindFirstRecordByData("users", "emp_no", "N2")
	if err != nil || !n2.GetBool("active") || n2.GetString("role") != "rep" {
		t.Fatalf("%v %v", n2, err)
	}
	if _, out = send(t, app, "admin.fang", "users", "", []byte(people)); out.Unchanged != 2 || out.Created+out.Updated != 0 {
		t.Errorf("again: %+v", out)
	}
	gbk, err := simplifiedchinese.GBK.NewEncoder().Bytes([]byte(strings.Replace(people, "新代表", "张代表", 1)))
	if err != nil {
		t.Fatal(err)
	}
	if _, out = send(t, app, "admin.fang", "users", "", gbk); out.Updated != 1 || out.Unchanged != 1 {
		t.Errorf("in GBK: %+v", out)
	}
	if n2, _ = app.FindFirstRecordByData("users", "emp_no", "N2"); n2.GetString("name") != "张代表" {
		t.Errorf("he is called %s", n2.GetString("name"))
	}
	entry, err := app.FindFirstRecordByFilter("audit_log", "record = {:r} && action = 'users.import'", dbx.Params{"r": n2.Id})
	if err != nil || entry.GetString("actor") != app.As("admin.fang").Id {
		t.Errorf("the log: %v", err)
	}
}

// TestEachBadRowIsNamed, by its number and in both languages; and all or nothing
// or row by row, as one likes.
func TestEachBadRowIsNamed(t *testing.T) {
	app := testapp.New(t)
	file := workbook(t,
		[]any{"统一社会信用代码", "客户名称", "类型", "等级", "负责人", "账期(天)"},
		[]any{"91110000000000001A", "华联超市", "潜在客户", "A", "陈立", 30},
		[]any{},
		[]any{"91110000000000002B", "家乐福", "超市", "A", "陈立", 30},
		[]any{"91110000000000003C", "永辉", "潜在客户", "A", "没有此人", 30},
		[]any{"91110000000000001A", "重复", "潜在客户", "A", "陈立", 30},
		[]any{"", "无码", "潜在客户", "A", "陈立", 30},
		[]any{"91110000000000004D", "大润发", "潜在客户", "B", "马晓东", "三十"},
		[]any{"91110000000000005E", "沃尔玛", "潜在客户", "B", "马晓东", 45},
		[]any{"91110000000000006F", "", "潜在客户", "B", "陈立", 45},
	)
	want := "4 import.value; 5 import.not_found; 6 import.twice; 7 import.key_needed; 8 import.value; 9 account.owner_invalid; 10 import.key_needed"
	for _, query := range []string{"?dry_run=true", "?mode=all"} {
		_, out := send(t, app, "manager.wu", "accounts", query, file)
		if out.codes() != want || out.Committed || out.Rows != 8 {
			t.Errorf("%s: %d rows, %s", query, out.Rows, out.codes())
		}
		for _, b := range out.Bad {
			if b.ZH == "" || b.EN == "" || b.ZH == b.EN {
				t.Errorf("row %d says %q and %q", b.Row, b.ZH, b.EN)
			}
		}
		if n, _ := app.CountRecords("accounts", dbx.HashExp{"name": "华联超市"}); n != 0 {
			t.Errorf("%s left %d", query, n)
		}
	}
	_, out := send(t, app, "manager.wu", "accounts", "?mode=rows", file)
	if out.codes() != want || out.Created != 1 || !out.Committed {
		t.Errorf("row by row: %+v", out)
	}
	r, err := app.FindFirstRecordByData("accounts", "uscc", "91110000000000001A")
	if err != nil || r.GetInt("payment_days") != 30 || r.GetString("manager") != app.As("manager.wu").Id {
		t.Errorf("%v %v", r, err)
	}
	// A rep makes accounts for himself only, and learns nothing of others': the
	// account of row 2 is no account to him. Their tier and terms are not his to give.
	if _, out := send(t, app, "rep.ma", "accounts", "?mode=rows", file); out.Created != 0 || !strings.Contains(out.codes(), "2 record.not_allowed") || !strings.Contains(out.codes(), "9 account.field_locked") {
		t.Errorf("a rep of another team: %+v", out)
	}
	plain := workbook(t, []any{"统一社会信用代码", "客户名称", "类型", "负责人"}, []any{"91110000000000005E", "沃尔玛", "潜在客户", "马晓东"})
	if _, out := send(t, app, "rep.ma", "accounts", "?mode=rows", plain); out.Created != 1 {
		t.Errorf("a rep's own: %+v", out)
	}
	contacts := "客户;姓名;决策角色;生日\n91110000000000001A;王采购;采购人;1980/2/3\n91110000000000001A;李总;老板;\n"
	if _, out := send(t, app, "rep.chen", "contacts", "?mode=rows", []byte(contacts)); out.Created != 1 || out.codes() != "3 import.value" {
		t.Errorf("contacts: %+v", out)
	}
	if _, out := send(t, app, "rep.ma", "contacts", "?mode=rows", []byte(contacts)); out.codes() != "2 import.not_found; 3 import.not_found" {
		t.Errorf("contacts of an account that he does not see: %+v", out)
	}
	probe := "统一社会信用代码,客户名称,负责人\n91110000000000009Z,试探," + app.As("rep.chen").GetString("emp_no") + "\n"
	if _, out := send(t, app, "rep.ma", "accounts", "?dry_run=1", []byte(probe)); out.codes() != "2 import.not_found" {
		t.Errorf("a number of a person whom he does not see: %+v", out)
	}
}

// TestFilesThatAreNoLists are refused as a whole.
func TestFilesThatAreNoLists(t *testing.T) {
	app := testapp.New(t)
	long := "工号,姓名\n" + strings.Repeat("x,y\n", 5001)
	for _, x := range []struct{ collection, text, code string }{
		{"users", "", "import.no_rows"},
		{"users", "工号,姓名\n", "import.no_rows"},
		{"users", "工号,薪水\n1,2\n", "import.column"},
		{"users", "工号,工号\n1,2\n", "import.column_twice"},
		{"users", "姓名\n张三\n", "import.column_needed"},
		{"users", "工号,姓名\n\"1,2\n", "import.quotes"},
		{"users", "PK\x03\x04 no book", "import.workbook"},
		{"users", "\xff\xff\xff,\xff\n1,2\n", "import.encoding"},
		{"users", long, "import.too_many"},
		{"visits", "a\nb\n", "import.unknown"},
	} {
		if _, out := send(t, app, "admin.fang", x.collection, "", []byte(x.text)); out.Data.Code != x.code {
			t.Errorf("%.20q: %q, want %q", x.text, out.Data.Code, x.code)
		}
	}
}

// TestRefusalsRepeatLittle of what they refuse, and rows that do not fit are refused by themselves.
func TestRefusalsRepeatLittle(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen").Id
	long := strings.Repeat("长", 20_000)
	_, out := send(t, app, "rep.chen", "contacts", "?mode=rows", []byte("客户,姓名,生日,,\n"+account+",甲,"+long+"\n"+account+",乙,,x\n"+account+",丙,1990-01-02,,\n"))
	if out.codes() != "2 import.value; 3 import.too_wide" || out.Created != 1 {
		t.Fatalf("%+v", out)
	}
	for _, b := range out.Bad {
		if n := len(b.ZH) + len(b.EN) + len(fmt.Sprint(b.Params)); n > 2000 {
			t.Errorf("row %d: %d bytes", b.Row, n)
		}
	}
	if p := out.Bad[1].Params; p["column"] != "D" || p["last"] != "C" {
		t.Errorf("where it does not fit: %v", p)
	}
}

// TestCellsOfWorkbooks: numbers with all their digits and days as days, whatever
// format shows them.
func TestCellsOfWorkbooks(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen").Id
	book := excelize.NewFile()
	rows := [][]any{
		{"客户", "姓名", "生日", "电话", "备注"},
		{account, "一", 23776, 13800138000, true},
		{account, "二", 23776.375, 13800138000, 0.1 + 0.2},
		{account, "三", 23776, 110108198501012345, ""},
		{account, "四", "1965-02-03", "=", "'=1"},
	}
	for i, row := range rows {
		if err := book.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	for cell, style := range map[string]*excelize.Style{"C2": {NumFmt: 14}, "C3": {NumFmt: 22}, "C4": {NumFmt: 31}, "D2": {NumFmt: 11}, "D3": {NumFmt: 4}} {
		id, err := book.NewStyle(style)
		if err == nil {
			err = book.SetCellStyle("Sheet1", cell, cell, id)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	var file bytes.Buffer
	if err := book.Write(&file); err != nil {
		t.Fatal(err)
	}
	_, out := send(t, app, "rep.chen", "contacts", "?mode=rows", file.Bytes())
	if out.codes() != "4 import.digits_lost" || out.Created != 3 || out.Bad[0].Params["cell"] != "D4" {
		t.Fatalf("%+v", out)
	}
	for name, want := range map[string]string{"一": "1965-02-03 13800138000 TRUE", "二": "1965-02-03 13800138000 0.3", "四": "1965-02-03 = =1"} {
		r, err := app.FindFirstRecordByFilter("contacts", "account = {:a} && name = {:n}", dbx.Params{"a": account, "n": name})
		if err != nil {
			t.Fatal(err)
		}
		if got := r.GetString("birthday") + " " + r.GetString("phone") + " " + r.GetString("note"); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// get takes a list, without the watermark in its last line.
func get(t *testing.T, app *testapp.App, name, path string) (*httptest.ResponseRecorder, [][]string) {
	t.Helper()
	out := app.Do(name, "GET", path, "")
	body := bytes.TrimPrefix(out.Body.Bytes(), []byte("\xef\xbb\xbf"))
	rows, _ := csv.NewReader(bytes.NewReader(body)).ReadAll()
	if !strings.HasPrefix(path, "/api/ka/export/") || out.Code != http.StatusOK {
		return out, rows
	}
	last := len(rows) - 1
	if last < 1 || !strings.HasPrefix(rows[last][0], "# 水印 "+app.As(name).GetString("name")+" 20") {
		t.Fatalf("%s for %s does not end with who took it", path, name)
	}
	return out, rows[:last]
}

// policy: R7.13 access_log
//
// TestExportShowsWhatTheListShows, to each his own, and notes who took it.
func TestExportShowsWhatTheListShows(t *testing.T) {
	app := testapp.New(t)
	for _, name := range []string{"rep.chen", "manager.wu", "director.lin", "finance.zhao", "auditor.jin", "market.tang"} {
		for _, collection := range []string{"accounts", "users", "visits", "orders", "people", "product_costs", "approvals", "annual_plans"} {
			var list struct{ TotalItems int }
			if err := json.Unmarshal(app.Do(name, "GET", "/api/collections/"+collection+"/records?perPage=1", "").Body.Bytes(), &list, json.MatchCaseInsensitiveNames(true)); err != nil {
				t.Fatal(err)
			}
			out, rows := get(t, app, name, "/api/ka/export/"+collection)
			if out.Code != 200 || len(rows)-1 != list.TotalItems || !bytes.HasPrefix(out.Body.Bytes(), []byte("\xef\xbb\xbf")) {
				t.Errorf("%s takes %d %s, the list has %d (%d)", name, len(rows)-1, collection, list.TotalItems, out.Code)
			}
		}
	}
	logged, err := app.FindFirstRecordByFilter("access_log", "actor = {:a} && params ~ 'accounts'", dbx.Params{"a": app.As("rep.chen").Id})
	if err != nil || logged.GetInt("count") != 2 || logged.GetString("what") != "export" {
		t.Errorf("%v %v", logged, err)
	}
	for path, status := range map[string]int{
		"/api/ka/export/_superusers": 404, "/api/ka/export/no_such": 404, "/api/ka/export/accounts?format=pdf": 400, "/api/ka/export/accounts?filter=no_field=1": 400,
		"/api/ka/export/accounts?filter=" + "owner.password='x'": 400,
	} {
		if out, _ := get(t, app, "admin.fang", path); out.Code != status {
			t.Errorf("%s: %d %s", path, out.Code, out.Body)
		}
	}
	if out, _ := get(t, app, "", "/api/ka/export/accounts"); out.Code != http.StatusUnauthorized {
		t.Errorf("nobody: %d", out.Code)
	}
	out, rows := get(t, app, "admin.fang", "/api/ka/export/users?filter="+"emp_no!=''")
	for _, bad := range []string{"password", "tokenKey", "$2a$"} {
		if strings.Contains(out.Body.String(), bad) {
			t.Errorf("the list of people tells %s", bad)
		}
	}
	if len(rows) < 24 {
		t.Errorf("%d people", len(rows)-1)
	}
}

// TestExportIsNoFormula, and comes back in as it went out.
func TestExportIsNoFormula(t *testing.T) {
	app := testapp.New(t)
	account := app.AccountOf("rep.chen")
	account.Set("note", "=HYPERLINK(\"http://evil\")")
	account.Set("uscc", "91110000000000001A")
	if err := app.Save(account); err != nil {
		t.Fatal(err)
	}
	out, _ := get(t, app, "manager.wu", "/api/ka/export/accounts?filter=uscc='91110000000000001A'")
	if !strings.Contains(out.Body.String(), `'=HYPERLINK`) {
		t.Fatalf("%s", out.Body)
	}
	book := app.Do("manager.wu", "GET", "/api/ka/export/accounts?format=xlsx&filter=uscc='91110000000000001A'", "")
	read, err := excelize.OpenReader(book.Body)
	if err != nil {
		t.Fatal(err)
	}
	defer read.Close()
	rows, err := read.GetRows("Sheet1")
	if err != nil || len(rows) != 2 {
		t.Fatalf("%d rows, %v", len(rows), err)
	}
	for i := range rows[0] {
		cell, _ := excelize.CoordinatesToCellName(i+1, 2)
		if f, _ := read.GetCellFormula("Sheet1", cell); f != "" {
			t.Errorf("%s is the formula %s", cell, f)
		}
	}
	// The columns that can be imported, taken from the export.
	heads, cells := map[string]int{}, rows[1]
	for i, h := range rows[0] {
		heads[h] = i
	}
	var head, line []any
	for _, h := range []string{"统一社会信用代码", "客户名称", "类型", "等级", "负责人", "备注"} {
		i, ok := heads[h]
		if !ok || i >= len(cells) {
			t.Fatalf("no column %s in %v", h, rows[0])
		}
		head, line = append(head, h), append(line, cells[i])
	}
	if _, got := send(t, app, "manager.wu", "accounts", "", workbook(t, head, line)); got.Unchanged != 1 {
		t.Errorf("back: %+v", got)
	}
}
