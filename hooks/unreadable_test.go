package hooks_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// unreadable are values that no field and no argument can hold, as they stand in
// a body, with the code of their refusal.
var unreadable = []struct{ name, value, code string }{
	{"half a character, escaped", `"\ud83d"`, "json.text"},
	{"two halves the wrong way round", `"\ude00\ud83d"`, "json.text"},
	{"a text in GBK", "\"\xcd\xf5\xb2\xc9\xb9\xfa\"", "json.text"},
	{"GBK whose second byte is a backslash", "\"\xbf\x5c\"", "json.text"},
	{"a character cut in half", "\"\xe4\xb9\"", "json.text"},
	{"a member twice", `{"a":1,"a":2}`, "json.duplicate"},
	{"12,000 arrays", strings.Repeat("[", 12000) + strings.Repeat("]", 12000), "json.depth"},
	{"1,100 objects", strings.Repeat(`{"a":`, 1100) + "1" + strings.Repeat("}", 1100), "json.depth"},
	{"101 arrays", strings.Repeat("[", 101) + strings.Repeat("]", 101), "json.depth"},
	{"a number beyond a double", `1e400`, "json.number"},
	{"a number below a double", `-1e-400`, "json.number"},
	{"a number of 19 digits", `6901234567890123457`, "json.number"},
	{"too many items", "[" + strings.Repeat("0,", 10_000) + "0]", "json.members"},
	{"no JSON", `tru`, "json.syntax"},
	{"a line in a text", "\"a\nb\"", "json.syntax"},
}

// shapes are the ways a whole mutation can be wrong; %d is its number.
var shapes = []string{
	`{"n":%d,"id":7,"op":"create","c":"contacts","r":"shape0000000001"}`,
	`{"n":%d,"id":"shape0000000002","op":"create","op":"delete","c":"contacts","r":"shape0000000002"}`,
	`{"n":%d,"id":"shape0000000003","op":["create"],"c":"contacts","r":"shape0000000003"}`,
	`{"n":%d,"id":"shape0000000004","op":"update","c":"contacts","r":"shape0000000004","base":"1"}`,
	`{"n":%d,"id":"shape0000000005","op":"update","c":"contacts","r":"shape0000000005","base":1e400}`,
	`{"n":%d,"id":"shape0000000006","op":"update","c":"contacts","r":"shape0000000006","base":1,"inc":{"a":1e400}}`,
	`{"n":%d,"id":"shape0000000007","op":"create","c":"contacts","r":"shape0000000007","set":[]}`,
	`{"n":%d,"id":"shape0000000008","op":"create","c":"contacts","r":"shape0000000008","captured":7}`,
	`{"n":%d,"id":"shape0000000009","op":"create","c":"contacts","r":"shape0000000009","after":"x"}`,
	`{"n":%d,"id":"shape0000000010","op":"create","c":"contacts","r":"shape0000000010","group":{}}`,
	`{"n":%d,"id":"` + strings.Repeat("x", 9000) + `","op":"create","c":"contacts","r":"shape0000000011"}`,
	`{"n":%d,"id":"shape0000000012","op":"create","c":"` + strings.Repeat("王", 9000) + `","r":"shape0000000012"}`,
	`{"n":%d,"id":"shape0000000013","op":"create","c":"contacts","r":"` + strings.Repeat("x", 9000) + `"}`,
	`{"n":%d,"id":"shape0000000014","op":"action","c":"accounts","r":"shape0000000014","action":"` + strings.Repeat("王", 9000) + `"}`,
	`{"n":%d,"id":"shape0000000015","op":"create","c":"contacts","r":"shape0000000015","set":{"` + strings.Repeat("王", 9000) + `":1}}`,
	"{\"n\":%d,\"id\":\"shape0000000016\",\"op\":\"create\",\"c\":\"\xcd\xf5\",\"r\":\"shape0000000016\"}",
	"{\"n\":%d,\"id\":\"shape0000000017\",\"op\":\"create\",\"c\":\"contacts\",\"r\":\"shape0000000017\",\"set\":{\"\xcd\xf5\":1}}",
	`{"n":"%d","id":"shape0000000018","op":"create","c":"contacts","r":"shape0000000018"}`,
	`{"n":%d.5,"id":"shape0000000019","op":"create","c":"contacts","r":"shape0000000019"}`,
	`{"n":%[1]d,"n":%[1]d,"id":"shape0000000020","op":"create","c":"contacts","r":"shape0000000020"}`,
	`{"id":"shape0000000021","op":"create","c":"contacts","r":"shape0000000021"}`,
	`{"n":1e400,"id":"shape0000000022","op":"create","c":"contacts","r":"shape0000000022"}`,
	`null`, `[]`, `7`, `"mutation"`, `true`, `{}`, `[{"n":1}]`, `{"n":%d,"id":}`, `{"n" %d}`, `{n:1}`,
	`{"n":%d,"id":"shape0000000023","op":"create","c":"contacts","r":"shape0000000023","set":{"note":"` + strings.Repeat("x", 300<<10) + `"}}`,
}

// queue is a phone that puts what cannot be read between rows that can.
type queue struct {
	t       *testing.T
	app     *testapp.App
	phone   *testapp.Phone
	account string
	made    int
	bodies  []string
	bad     []string // what each is, empty for a good one
	codes   []string // wanted, empty for any
}

func newQueue(t *testing.T, opts ...testapp.Option) *queue {
	app := testapp.New(t, opts...)
	app.Setting("issues.open_max", 100_000) // most of what follows is refused, and kept
	return &queue{t: t, app: app, phone: app.Phone(app.Token("rep.chen"), "queue"), account: app.AccountOf("rep.chen").Id}
}

// good adds a row that is to be taken.
func (q *queue) good() {
	q.made++
	n := q.phone.Take(1)
	q.add(fmt.Sprintf(`{"n":%d,"id":"good%011d","op":"create","c":"contacts","r":"good%011d","set":{"account":%q,"name":"王"},"captured":"2026-03-15T02:00:00Z"}`, n, n, n, q.account), "", "")
}

func (q *queue) add(body, bad, code string) {
	q.bodies, q.bad, q.codes = append(q.bodies, body), append(q.bad, bad), append(q.codes, code)
	if len(q.bodies) >= 200 && bad == "" {
		q.send()
	}
}

// put adds something unreadable and a good row behind it.
func (q *queue) put(name, code string, body func(n int64) string) {
	if len(q.bodies) == 0 {
		q.good()
	}
	q.add(body(q.phone.Take(1)), name, code)
	q.good()
}

// send pushes what was gathered, in requests of what one may hold, twice.
func (q *queue) send() {
	q.t.Helper()
	for len(q.bodies) > 0 {
		n, size := 0, 0
		for n < len(q.bodies) && (n == 0 || size+len(q.bodies[n]) < 900<<10) {
			size += len(q.bodies[n])
			n++
		}
		if n < len(q.bodies) && n > 1 && q.bad[n] != "" { // a place is told by what stands beside
			n--
		}
		first := q.push(n)
		if again := q.push(n); again != first {
			q.t.Fatalf("the same again got\n%.2000s\nand first\n%.2000s", again, first)
		}
		q.bodies, q.bad, q.codes = q.bodies[n:], q.bad[n:], q.codes[n:]
	}
}

func (q *queue) push(n int) string {
	q.t.Helper()
	body := fmt.Sprintf(`{"device":%q,"schema":1,"mutations":[%s]}`, q.phone.Device, strings.Join(q.bodies[:n], ",\n"))
	answer := q.app.DoBy(q.phone.Token, http.MethodPost, "/api/sync/push", body)
	var got struct {
		Results []struct {
			N            int64
			Status, Code string
			Params       map[string]any
		}
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &got); answer.Code != http.StatusOK || err != nil || len(got.Results) != n {
		q.t.Fatalf("a push with %q got %d %.500s", q.bad[:n], answer.Code, answer.Body)
	}
	for i, r := range got.Results {
		switch {
		case r.N != got.Results[0].N+int64(i):
			q.t.Errorf("%s: number %d at place %d of %d", q.bad[i], r.N, i, got.Results[0].N)
		case q.bad[i] == "" && r.Status != "applied":
			q.t.Errorf("beside %q a good row is %s %s", q.bad[max(0, i-1):min(n, i+2)], r.Status, r.Code)
		case q.bad[i] != "" && (r.Status != "rejected" || r.Code == "internal" || q.codes[i] != "" && r.Code != q.codes[i]):
			q.t.Errorf("%s: %s %s, want %s", q.bad[i], r.Status, r.Code, q.codes[i])
		case q.bad[i] != "":
			q.texts(q.bad[i], r.Code, r.Params)
		}
	}
	text, _ := json.Marshal(got)
	return string(text)
}

// texts holds that a refusal speaks both languages.
func (q *queue) texts(what, code string, params map[string]any) {
	q.t.Helper()
	p := domain.Problem{Code: code, Params: params}
	for _, lang := range []string{"zh", "en"} {
		if text := p.Text(lang); domain.Problems[code] == (domain.Texts{}) || text == "" || strings.Contains(text, "{") {
			q.t.Errorf("%s: %s of %s is %q", what, lang, code, text)
		}
	}
}

// TestOneUnreadableMutationStopsNothing: of each kind, for every action and for
// every collection and operation, between two good rows. In the inner loop each
// of them gets one kind, and all kinds come.
func TestOneUnreadableMutationStopsNothing(t *testing.T) {
	q := newQueue(t)
	for _, shape := range shapes {
		q.put(fmt.Sprintf("shape %.60q", shape), "", func(n int64) string {
			if strings.Contains(shape, "%") {
				return fmt.Sprintf(shape, n)
			}
			return shape
		})
	}
	turn := 0
	kinds := func(name string, body func(n int64, value string) string) {
		for range effort.Times(1, len(unreadable)) {
			k := unreadable[turn%len(unreadable)]
			turn++
			q.put(name+" with "+k.name, k.code, func(n int64) string { return body(n, k.value) })
		}
	}
	for _, name := range slices.Sorted(maps.Keys(q.app.Bound.Actions)) {
		collection, action, _ := strings.Cut(name, ".")
		kinds(name, func(n int64, value string) string {
			return fmt.Sprintf(`{"n":%d,"id":"bad%012d","op":"action","c":%q,"r":"bad%012d","action":%q,"args":{"x":%s}}`, n, n, collection, n, action, value)
		})
	}
	collections, err := q.app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		for op, part := range map[string]string{"create": "set", "update": "set", "delete": "was"} {
			kinds(op+" "+c.Name, func(n int64, value string) string {
				return fmt.Sprintf(`{"n":%d,"id":"bad%012d","op":%q,"c":%q,"r":"bad%012d","base":1,%q:{"x":%s}}`, n, n, op, c.Name, n, part, value)
			})
		}
	}
	q.send()
	t.Logf("%d between %d good ones", turn+len(shapes), q.made)
	kept, err := q.app.CountRecords("sync_issues")
	if err != nil || int(kept) < turn {
		t.Errorf("%d of %d are kept, %v", kept, turn, err)
	}
	if contacts, err := q.app.CountRecords("contacts"); err != nil || int(contacts) < q.made {
		t.Errorf("%d contacts of %d, %v", contacts, q.made, err)
	}
}

// TestAnUnreadableBodyIsAnsweredInBothLanguages at every action and every
// collection of REST, before anything else is asked of it.
func TestAnUnreadableBodyIsAnsweredInBothLanguages(t *testing.T) {
	q := newQueue(t)
	token := q.app.Token("rep.chen")
	turn := 0
	try := func(method, path string) {
		for range effort.Times(2, len(unreadable)) {
			k := unreadable[turn%len(unreadable)]
			turn++
			if k.code == "json.members" {
				continue // of a field, not of a body
			}
			value := k.value
			if strings.HasPrefix(k.name, "101 ") {
				value = strings.Repeat("[", 110) + strings.Repeat("]", 110)
			}
			answer := q.app.DoBy(token, method, path, `{"x":`+value+`}`)
			var said struct {
				Data struct {
					Code, Zh, En string
					Params       map[string]any
				}
			}
			if err := json.Unmarshal(answer.Body.Bytes(), &said); err != nil || answer.Code != http.StatusBadRequest || said.Data.Code != k.code || said.Data.Zh == "" || said.Data.En == "" {
				t.Errorf("%s %s with %s: %d %.300s", method, path, k.name, answer.Code, answer.Body)
			}
			q.texts(path, said.Data.Code, said.Data.Params)
		}
	}
	for name := range q.app.Bound.Actions {
		collection, action, _ := strings.Cut(name, ".")
		try(http.MethodPost, "/api/ka/"+collection+"/bad000000000000/"+action)
	}
	collections, err := q.app.FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		try(http.MethodPost, "/api/collections/"+c.Name+"/records")
		try(http.MethodPatch, "/api/collections/"+c.Name+"/records/bad000000000000")
	}
	for _, path := range []string{"/api/batch", "/api/realtime", "/api/collections/users/auth-with-password", "/api/ka/blobs/sign"} {
		try(http.MethodPost, path)
	}
	try(http.MethodPatch, "/api/settings")
}

// TestJSONIsBoundedByWhateverWayItComes: a form, a value that is a text of JSON,
// and our own settings.
func TestJSONIsBoundedByWhateverWayItComes(t *testing.T) {
	if taken := deepOnes(t); len(taken) > 0 {
		t.Errorf("taken: %v", taken)
	}
	if taken := deepOnes(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantDepth })); len(taken) < 3 {
		t.Errorf("without bounds only %v are taken", taken)
	}
}

// deepOnes lists the ways by which JSON of 300 levels is taken.
func deepOnes(t *testing.T, opts ...testapp.Option) (taken []string) {
	q := newQueue(t, opts...)
	m := &matrix{t: t, app: q.app}
	account := q.app.AccountOf("rep.chen")
	m.line = map[string]any{"account": account.Id, "owner": account.GetString("owner"), "manager": account.GetString("manager"), "dept": account.GetString("dept")}
	visit := m.make("visits", m.with(map[string]any{"type": "unplanned", "planned_date": "2026-03-16", "state": "checked_out"}))
	deep := strings.Repeat("[", 300) + strings.Repeat("]", 300)
	step := fmt.Sprintf(`"visit":%q,"key":"talk","kind":"note","answer":`, visit.Id)
	super := q.app.SuperuserToken()
	for way, body := range map[string]string{
		"REST":            `{` + step + deep + `}`,
		"a text of JSON":  `{` + step + fmt.Sprintf("%q", deep) + `}`,
		"another in text": `{` + step + fmt.Sprintf("%q", `{"serial":6901234567890123457,"deep":`+deep+`}`) + `}`,
	} {
		answer := q.app.DoBy(super, http.MethodPost, "/api/collections/visit_steps/records", body)
		switch {
		case answer.Code == http.StatusOK:
			taken = append(taken, way)
		case !strings.Contains(answer.Body.String(), "json.depth") && !strings.Contains(answer.Body.String(), "json.number"):
			t.Errorf("%s: %d %.300s", way, answer.Code, answer.Body)
		}
	}
	n := q.phone.Take(1)
	body := fmt.Sprintf(`{"device":%q,"schema":1,"mutations":[{"n":%d,"id":"deep00000000001","op":"create","c":"visit_steps","r":"deep00000000001","set":{%s%s}}]}`, q.phone.Device, n, step, deep)
	if answer := q.app.DoBy(q.phone.Token, http.MethodPost, "/api/sync/push", body); strings.Contains(answer.Body.String(), `"applied"`) {
		taken = append(taken, "push")
	} else if !strings.Contains(answer.Body.String(), "json.depth") {
		t.Errorf("push: %.300s", answer.Body)
	}
	setting, err := q.app.FindFirstRecordByFilter("settings", "id != ''")
	if err != nil {
		t.Fatal(err)
	}
	if answer := q.app.DoBy(super, http.MethodPatch, "/api/collections/settings/records/"+setting.Id, `{"value":`+deep+`}`); answer.Code == http.StatusOK {
		taken = append(taken, "settings")
	}
	return taken
}
