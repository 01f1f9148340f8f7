package ledger_test

import (
	"bytes"
	"net/http"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/xuri/excelize/v2"
)

// printed is a statement's paper as text: its first page, or all cells.
func (d *desk) printed(statement, format string) string {
	d.t.Helper()
	answer := d.Do("rep.chen", http.MethodGet, "/api/ka/statements/"+statement+"/"+format, "")
	if answer.Code != http.StatusOK {
		d.t.Fatalf("%s: %d %s", format, answer.Code, answer.Body)
	}
	body := bytes.NewReader(answer.Body.Bytes())
	if format == "pdf" {
		read, err := pdf.NewReader(body, body.Size())
		if err != nil {
			d.t.Fatal(err)
		}
		text, err := read.Page(1).GetPlainText(nil)
		if err != nil {
			d.t.Fatal(err)
		}
		return text
	}
	book, err := excelize.OpenReader(body)
	if err != nil {
		d.t.Fatal(err)
	}
	rows, err := book.GetRows("对账单")
	if err != nil {
		d.t.Fatal(err)
	}
	out := ""
	for _, row := range rows {
		out += strings.Join(row, ":") + "\n"
	}
	return out
}

// TestAStatementNamesTheCompany as it was on the day of issue, on both papers; what
// is not set is left out, and what is long goes on.
func TestAStatementNamesTheCompany(t *testing.T) {
	d := open(t)
	_, s := february(d)
	for _, format := range []string{"pdf", "xlsx"} {
		if text := d.printed(s.Id, format); strings.Contains(text, "出具方") || strings.Contains(text, "地址") || strings.Contains(text, "信用代码") {
			t.Errorf("%s names what is not set:\n%s", format, text)
		}
	}
	d.Setting("company.name", "行囊饮料股份有限公司")
	d.Setting("company.address", strings.Repeat("上海市浦东新区", 8)+"一号")
	for _, format := range []string{"pdf", "xlsx"} {
		text := d.printed(s.Id, format)
		for _, want := range []string{"出具方:行囊饮料股份有限公司", "地址:上海市浦东新区", "区一号"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s has no %q:\n%s", format, want, text)
			}
		}
		if strings.Contains(text, "信用代码") {
			t.Errorf("%s names a code that is not set:\n%s", format, text)
		}
	}
	d.Setting("company.uscc", "91310000MA1K30000X")
	if text := d.printed(s.Id, "pdf"); !strings.Contains(text, "统一社会信用代码:91310000MA1K30000X") {
		t.Error(text)
	}
}
