package satisfaction_test

import (
	"bytes"
	"fmt"
	"image"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	_ "image/png"

	"satchel/internal/testapp"
)

const day = 24 * time.Hour

// desk is a company on the 5th of April 2031 whose people served customers in March.
type desk struct {
	testapp.Desk
	t *testing.T
}

func open(t *testing.T, opts ...testapp.Option) desk {
	t.Helper()
	t.Parallel()
	d := desk{testapp.Open(t, opts...), t}
	d.Clock.Set(time.Date(2031, 4, 5, 2, 0, 0, 0, time.UTC))
	d.exec("UPDATE contacts SET created = '2031-01-05 02:00:00.000Z'", nil)
	d.exec("UPDATE contacts SET email = '' WHERE id IN (SELECT id FROM contacts ORDER BY id LIMIT 1)", nil)
	return d
}

// exec writes what no person can.
func (d desk) exec(sql string, bind dbx.Params) {
	d.t.Helper()
	if _, err := d.DB().NewQuery(sql).Bind(bind).Execute(); err != nil {
		d.t.Fatal(err)
	}
}

// count counts what a query finds.
func (d desk) count(sql string, bind dbx.Params) (n int) {
	d.t.Helper()
	if err := d.DB().NewQuery(sql).Bind(bind).Row(&n); err != nil {
		d.t.Fatal(err)
	}
	return n
}

// serve has a rep talk to his first accounts in March, each of a tier, with some contacts.
func (d desk) serve(who, tiers string, contacts int) (accounts []string) {
	d.t.Helper()
	first := d.AccountOf(who)
	for i := range len(tiers) {
		row := first
		if i > 0 {
			row = d.Make("", "accounts", map[string]any{
				"name": fmt.Sprintf("客户%d %s", i, who), "kind": "ka", "owner": first.GetString("owner"),
			})
		}
		d.exec("UPDATE accounts SET tier = {:t} WHERE id = {:id}", dbx.Params{"t": tiers[i : i+1], "id": row.Id})
		d.exec("DELETE FROM contacts WHERE account = {:id}", dbx.Params{"id": row.Id})
		for n := range contacts {
			d.contact(row, n)
		}
		d.exec(`INSERT INTO communications (id, account, dept, "by", channel, direction, at, summary, created, updated)
			VALUES ({:id}, {:a}, {:d}, {:by}, 'phone', 'out', '2031-03-10 02:00:00.000Z', '询价', '2031-03-10 02:00:00.000Z', '2031-03-10 02:00:00.000Z')`,
			dbx.Params{"id": core.GenerateDefaultRandomId(), "a": row.Id, "d": row.GetString("dept"), "by": d.As(who).Id})
		accounts = append(accounts, row.Id)
	}
	return accounts
}

func (d desk) contact(account *core.Record, n int) {
	d.t.Helper()
	row := d.Blank("contacts", map[string]any{
		"account": account.Id, "name": fmt.Sprint("联系人", n), "phone": fmt.Sprint("1390000000", n), "wechat": "wx",
	})
	if n%2 == 0 {
		row.Set("email", fmt.Sprintf("c%d.%s@customer.test", n, account.Id))
	}
	row.SetRaw("created", "2031-01-05 02:00:00.000Z")
	if err := d.Save(row); err != nil {
		d.t.Fatal(err)
	}
	d.exec("UPDATE contacts SET created = '2031-01-05 02:00:00.000Z' WHERE id = {:id}", dbx.Params{"id": row.Id})
}

// plan is a survey of March of the sales department, as the service plans it.
func (d desk) plan(values ...map[string]any) *core.Record {
	return d.Blank("satisfaction_surveys", append([]map[string]any{{
		"name": "三月满意度", "dept": d.As("rep.chen").GetString("department"), "from_date": "2031-03-01", "to_date": "2031-03-31",
	}}, values...)...)
}

// drawn is a survey that is open.
func (d desk) drawn() *core.Record {
	d.t.Helper()
	row := d.plan()
	d.Must(d.SaveBy("service.qian", row))
	d.Must(d.Act("service.qian", row, "draw", ""))
	return d.Fresh(row)
}

// invites are those about somebody, by contact.
func (d desk) invites(who string) []*core.Record {
	d.t.Helper()
	rows, err := d.FindRecordsByFilter("survey_invites", "subject = {:s}", "contact", 0, 0, dbx.Params{"s": d.As(who).Id})
	if err != nil {
		d.t.Fatal(err)
	}
	return rows
}

// link is the path that the QR of an invite leads to.
func (d desk) link(invite *core.Record) string {
	d.t.Helper()
	answer := d.Do("service.qian", "GET", "/api/ka/survey_invites/"+invite.Id+"/qr", "")
	if answer.Code != http.StatusOK {
		d.t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	picture, _, err := image.Decode(bytes.NewReader(answer.Body.Bytes()))
	if err != nil {
		d.t.Fatal(err)
	}
	bits, err := gozxing.NewBinaryBitmapFromImage(picture)
	if err != nil {
		d.t.Fatal(err)
	}
	read, err := qrcode.NewQRCodeReader().Decode(bits, nil)
	if err != nil {
		d.t.Fatal(err)
	}
	address, err := url.Parse(read.GetText())
	if err != nil || !strings.HasPrefix(address.Path, "/s/") {
		d.t.Fatalf("%s %v", read.GetText(), err)
	}
	return address.Path
}

// ask sends what a browser does, in a language.
func (d desk) ask(method, path, lang string, form url.Values) *httptest.ResponseRecorder {
	d.t.Helper()
	req := httptest.NewRequest(method, path, strings.NewReader(form.Encode()))
	if form != nil {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	req.Header.Set("Accept-Language", lang)
	answer := httptest.NewRecorder()
	d.Handler().ServeHTTP(answer, req)
	return answer
}

func answers(values string) url.Values {
	form := url.Values{}
	for i, key := range []string{"attitude", "speed", "professionalism", "solving", "reliability"} {
		if values[i] != '-' {
			form.Set(key, values[i:i+1])
		}
	}
	return form
}

// answer has the customer of an invite answer.
func (d desk) answer(invite *core.Record, values string) {
	d.t.Helper()
	if got := d.ask("POST", d.link(invite), "zh", answers(values)); got.Code != http.StatusOK {
		d.t.Fatalf("%d %s", got.Code, got.Body)
	}
}

var saidShape = regexp.MustCompile(`<p class="said">([^<]*)</p>`)

// said are the sentences that a page shows instead of questions.
func said(answer *httptest.ResponseRecorder) (out []string) {
	for _, m := range saidShape.FindAllStringSubmatch(answer.Body.String(), -1) {
		out = append(out, m[1])
	}
	return out
}

// both reports whether a page says something in both languages, and nothing else.
func both(answer *httptest.ResponseRecorder, zh, en string) bool {
	got := said(answer)
	return len(got) == 2 && slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, zh) }) && slices.ContainsFunc(got, func(s string) bool { return strings.Contains(s, en) })
}
