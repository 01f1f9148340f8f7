package attack

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"satchel/internal/effort"
)

// asked are the requests that differ from the plain one of a route: a body of "{}",
// and the ids of rep.chen's rows in the path. None of them gets anything done.
var asked = map[string]struct{ path, body string }{
	"POST /api/sync/pull":                                       {body: `{"device":"{device}","schema":1}`},
	"POST /api/sync/push":                                       {body: `{"device":"{device}","schema":1,"mutations":[]}`},
	"POST /api/sync/digest":                                     {body: `{"device":"{device}","schema":1,"cursor":"","sums":{}}`},
	"POST /api/sync/repair":                                     {body: `{"device":"{device}","schema":1,"cursor":"","buckets":{}}`},
	"POST /api/sync/numbers":                                    {body: `{"device":"{device}","kind":"nothing"}`},
	"POST /api/sync/hello":                                      {body: `{"install":"short","platform":"x","app":"x","schema":1}`},
	"POST /api/sync/token":                                      {body: `{"credential":"x"}`},
	"GET /api/sync/poke":                                        {path: "/api/sync/poke?wait=0&device={device}"},
	"GET /api/sync/spool/{id}":                                  {path: "/api/sync/spool/nothing"},
	"GET /api/collections/{collection}/records/{id}":            {path: "/api/collections/account_stage_log/records/{account_stage_log}"},
	"GET /api/realtime":                                         {path: "/api/realtime"},
	"GET /api/ka/blobs/{id}/{variant}":                          {path: "/api/ka/blobs/{blobs}/thumb"},
	"GET /api/ka/analysis/{key}":                                {path: "/api/ka/analysis/amount"},
	"GET /api/ka/suggested_order":                               {path: "/api/ka/suggested_order?account={accounts}"},
	"GET /api/ka/blobs/{id}/matches":                            {path: "/api/ka/blobs/{blobs}/matches"},
	"POST /api/ka/account_handovers/dry_run":                    {body: `{"from_rep":"{users}","to_rep":"{peer}","planned_date":"2031-01-01","accounts":[]}`},
	"GET /api/ka/account_handovers/{id}/dry_run":                {path: "/api/ka/account_handovers/{account_handovers}/dry_run"},
	"POST /api/ka/expense_claims/{id}/check":                    {path: "/api/ka/expense_claims/{expense_claims}/check"},
	"POST /api/ka/expense_claims/{id}/verify":                   {path: "/api/ka/expense_claims/{expense_claims}/verify"},
	"GET /api/ka/budgets/{id}/entries":                          {path: "/api/ka/budgets/{budgets}/entries"},
	"GET /api/ka/budgets/{id}/tree":                             {path: "/api/ka/budgets/{budgets}/tree"},
	"GET /api/ka/statements/{id}/pdf":                           {path: "/api/ka/statements/{statements}/pdf"},
	"GET /api/ka/statements/{id}/xlsx":                          {path: "/api/ka/statements/{statements}/xlsx"},
	"GET /api/ka/appraisals/{id}/trace":                         {path: "/api/ka/appraisals/{appraisals}/trace"},
	"GET /api/ka/appraisals/{id}/records":                       {path: "/api/ka/appraisals/{appraisals}/records"},
	"GET /api/ka/appraisals/{id}/corrections":                   {path: "/api/ka/appraisals/{appraisals}/corrections"},
	"GET /api/ka/appraisal_cycles/{id}/dry_run":                 {path: "/api/ka/appraisal_cycles/{appraisal_cycles}/dry_run"},
	"GET /api/ka/appraisal_cycles/{id}/payroll":                 {path: "/api/ka/appraisal_cycles/{appraisal_cycles}/payroll"},
	"GET /api/ka/incentive_results/{id}/pdf":                    {path: "/api/ka/incentive_results/{incentive_results}/pdf"},
	"GET /api/ka/target_letters/{id}/pdf":                       {path: "/api/ka/target_letters/{target_letters}/pdf"},
	"GET /api/ka/appraisal_schemes/{id}/difference":             {path: "/api/ka/appraisal_schemes/{appraisal_schemes}/difference"},
	"GET /api/ka/opportunities/funnel":                          {path: "/api/ka/opportunities/funnel?from=2026-03-01&to=2026-03-31&by=owner"},
	"GET /api/ka/targets/{id}/progress":                         {path: "/api/ka/targets/{targets}/progress"},
	"GET /api/ka/training_records/{id}/answers":                 {path: "/api/ka/training_records/{training_records}/answers"},
	"GET /api/ka/work_sessions/{id}/track":                      {path: "/api/ka/work_sessions/{work_sessions}/track"},
	"GET /api/ka/intel_reports/{id}/readers":                    {path: "/api/ka/intel_reports/{intel_reports}/readers"},
	"POST /api/ka/blobs/sign":                                   {body: `{"ids":["{blobs}"],"variant":"thumb"}`},
	"POST /api/ka/{collection}/{id}/{action}":                   {path: "/api/ka/visits/{visits}/nothing"},
	"POST /api/ka/{collection}/{id}/override":                   {path: "/api/ka/visits/{visits}/override"},
	"POST /api/ka/orders/{id}/quote":                            {path: "/api/ka/orders/{orders}/quote"},
	"POST /api/ka/imports/{id}/undo":                            {path: "/api/ka/imports/{imports}/undo"},
	"POST /api/collections/{collection}/records":                {path: "/api/collections/account_stage_log/records"},
	"PATCH /api/collections/{collection}/records/{id}":          {path: "/api/collections/account_stage_log/records/{account_stage_log}"},
	"DELETE /api/collections/{collection}/records/{id}":         {path: "/api/collections/account_stage_log/records/{account_stage_log}"},
	"DELETE /api/collections/{collection}":                      {path: "/api/collections/nothing"},
	"PATCH /api/collections/{collection}":                       {path: "/api/collections/nothing"},
	"DELETE /api/collections/{collection}/truncate":             {path: "/api/collections/nothing/truncate"},
	"PUT /api/collections/import":                               {body: `{"collections":[]}`},
	"POST /api/collections/{collection}/impersonate/{id}":       {path: "/api/collections/users/impersonate/nothing"},
	"POST /api/collections/{collection}/auth-with-password":     {path: "/api/collections/users/auth-with-password", body: `{"identity":"x@demo.test","password":"x"}`},
	"POST /api/collections/{collection}/confirm-email-change":   {path: "/api/collections/users/confirm-email-change"},
	"POST /api/collections/{collection}/confirm-password-reset": {path: "/api/collections/users/confirm-password-reset"},
	"POST /api/collections/{collection}/confirm-verification":   {path: "/api/collections/users/confirm-verification"},
	"POST /api/collections/{collection}/request-email-change":   {path: "/api/collections/users/request-email-change"},
	"POST /api/collections/{collection}/request-password-reset": {path: "/api/collections/users/request-password-reset"},
	"POST /api/collections/{collection}/request-verification":   {path: "/api/collections/users/request-verification"},
	"POST /api/collections/{collection}/request-otp":            {path: "/api/collections/users/request-otp"},
	"POST /api/collections/{collection}/auth-with-otp":          {path: "/api/collections/users/auth-with-otp"},
	"POST /api/collections/{collection}/auth-with-oauth2":       {path: "/api/collections/users/auth-with-oauth2"},
	"POST /api/collections/{collection}/auth-refresh":           {path: "/api/collections/users/auth-refresh"},
	"GET /api/collections/{collection}/auth-methods":            {path: "/api/collections/users/auth-methods"},
	"GET /api/files/{collection}/{recordId}/{filename}":         {path: "/api/files/contracts/{contracts}/draft.jpg"},
	"POST /api/crons/{id}":                                      {path: "/api/crons/nothing"},
	"GET /api/logs/{id}":                                        {path: "/api/logs/nothing"},
	"GET /api/backups/{key}":                                    {path: "/api/backups/nothing.zip"},
	"DELETE /api/backups/{key}":                                 {path: "/api/backups/nothing.zip"},
	"POST /api/backups/{key}/restore":                           {path: "/api/backups/nothing.zip/restore"},
	"POST /api/backups":                                         {body: `{"name":"/"}`},
	"POST /api/settings/test/email":                             {body: `{"email":"x"}`},
	"POST /api/sql":                                             {body: `{"query":""}`},
	"GET /_/extensions/fleet/{path...}":                         {path: "/_/extensions/fleet/nothing.js"},
	"POST /api/sync/blobs/{id}":                                 {path: "/api/sync/blobs/{blobs}"},
	"GET /s/{token}":                                            {path: "/s/nothing"},
	"POST /s/{token}":                                           {path: "/s/nothing"},
	"GET /api/ka/satisfaction_surveys/{id}/links":               {path: "/api/ka/satisfaction_surveys/{satisfaction_surveys}/links"},
	"GET /api/ka/satisfaction_surveys/{id}/figures":             {path: "/api/ka/satisfaction_surveys/{satisfaction_surveys}/figures"},
	"GET /api/ka/survey_invites/{id}/qr":                        {path: "/api/ka/survey_invites/{survey_invites}/qr"},
	"PATCH /api/sync/blobs/{id}":                                {path: "/api/sync/blobs/{blobs}"},
	"HEAD /api/sync/blobs/{id}":                                 {path: "/api/sync/blobs/{blobs}"},
	"DELETE /api/sync/blobs/{id}":                               {path: "/api/sync/blobs/{blobs}"},
	"OPTIONS /api/sync/blobs/{id}":                              {path: "/api/sync/blobs/{blobs}"},
}

// request is what a route is asked as somebody.
func (w *world) request(route string, who *person) (method, path string, body []byte) {
	method, path, ok := strings.Cut(route, " ")
	if !ok {
		method, path = http.MethodGet, "/nothing" // of any method
	}
	more := asked[route]
	if more.path != "" {
		path = more.path
	}
	device := "nothing00000000"
	if who.phone != nil {
		device = who.phone.Device
	}
	pairs := []string{"{device}", device, "{peer}", w.As(names["peer"]).Id, "{collection}", "accounts", "{id}", w.rows["accounts"]}
	for collection, id := range w.rows {
		pairs = append(pairs, "{"+collection+"}", id)
	}
	fill := strings.NewReplacer(pairs...)
	if method == http.MethodPost || method == http.MethodPatch || method == http.MethodPut {
		body = []byte("{}")
		if more.body != "" {
			body = []byte(fill.Replace(more.body))
		}
	}
	return method, fill.Replace(path), body
}

// tokenFor is by what somebody comes: to sync by his phone's token, else from his desk.
func tokenFor(who *person, path string) string {
	if strings.HasPrefix(path, "/api/sync/") && path != "/api/sync/hello" && who.phone != nil {
		return who.phone.Token
	}
	return who.token
}

// phoneOf are the headers by which a phone uploads.
func phoneOf(who *person) []string {
	if who.phone == nil {
		return []string{"Tus-Resumable", "1.0.0"}
	}
	return []string{"X-Sync-Device", who.phone.Device, "Tus-Resumable", "1.0.0", "Upload-Offset", "0"}
}

// TestRoutes asks every registered route as everybody and compares the status with
// testdata/routes.txt, which is written by hand: a route without a line fails.
func TestRoutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	heads, lines := table(t, "testdata/routes.txt")
	if !slices.Equal(heads, columns) {
		t.Fatalf("the table is of %v", heads)
	}
	before := w.all()
	for _, route := range w.routes {
		cells, ok := lines[cmpOr(route)]
		if !ok {
			t.Errorf("testdata/routes.txt has no line %q", route)
			cells = make([]string, len(columns))
		}
		delete(lines, cmpOr(route))
		var got []string
		for i, column := range columns {
			who := w.people[column]
			if route == "GET /api/realtime" {
				got = append(got, cells[i]) // a stream, see TestRealtime
				continue
			}
			method, path, body := w.request(route, who)
			a := w.ask(who, tokenFor(who, path), method, path, body, phoneOf(who)...)
			got = append(got, strconv.Itoa(a.status))
			if method != http.MethodHead && (strings.HasPrefix(path, "/api/ka/") || strings.HasPrefix(path, "/api/sync/")) {
				w.refused(route+" as "+column, a)
			}
		}
		if !slices.Equal(got, cells) {
			t.Errorf("%-60s %s\nthe table says %s", route, strings.Join(got, "   "), strings.Join(cells, "   "))
		}
	}
	for label := range lines {
		t.Errorf("the line %q of testdata/routes.txt has no route", label)
	}
	w.unchanged(before)
	w.count(len(w.routes) * len(columns) * 9 / 10)
}

func cmpOr(route string) string {
	if route == "/" {
		return "any other"
	}
	return route
}

// all are all marked rows as they lie.
func (w *world) all() string {
	var b strings.Builder
	for _, c := range slices.Sorted(keysOf(w.as)) {
		b.WriteString(c + " " + w.row(c) + "\n")
	}
	return b.String()
}

// unchanged holds all marked rows to what they were.
func (w *world) unchanged(before string) {
	w.t.Helper()
	now := strings.Split(w.all(), "\n")
	for i, was := range strings.Split(before, "\n") {
		if now[i] != was {
			w.t.Errorf("somebody changed a row:\n%s\n%s", was, now[i])
		}
	}
}

// TestMethods tries methods that a path does not have, and those that a header
// claims: whatever comes of it changes no row and shows none.
func TestMethods(t *testing.T) {
	t.Parallel()
	effort.Late(t)
	w := newWorld(t)
	before := w.all()
	for _, route := range w.routes {
		if route == "GET /api/realtime" || strings.HasPrefix(route, "DELETE /api/logs") {
			continue
		}
		w.each(func(who *person) {
			registered, path, body := w.request(route, who)
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodPost, http.MethodPut, http.MethodPatch, http.MethodDelete, "TRACE", "PROPFIND"} {
				if method == registered || path == "/api/realtime" || method == http.MethodDelete && path == "/api/logs" {
					continue
				}
				w.ask(who, tokenFor(who, path), method, path, body)
			}
			for _, header := range []string{"X-HTTP-Method-Override", "X-Method-Override", "X-HTTP-Method"} {
				for _, method := range []string{http.MethodDelete, http.MethodPatch} {
					if registered == http.MethodGet {
						w.ask(who, tokenFor(who, path), http.MethodGet, path, nil, header, method)
					}
				}
			}
		})
	}
	w.unchanged(before)
	w.count(len(w.routes) * len(columns) * 6)
}

// TestNoBodyOfAGuest: on a route that asks who comes, a guest and who shows a token
// that is none are answered before a byte of the body has come.
func TestNoBodyOfAGuest(t *testing.T) {
	t.Parallel()
	effort.Late(t)
	w := newWorld(t)
	_, lines := table(t, "testdata/routes.txt")
	var all sync.WaitGroup
	tried := 0
	for _, route := range w.routes {
		method, path, _ := w.request(route, w.people["guest"])
		if cell := lines[cmpOr(route)]; len(cell) == 0 || cell[0] != "401" || path == "/api/sync/token" || // it asks by its body
			!slices.Contains([]string{"POST", "PUT", "PATCH"}, method) {
			continue
		}
		for _, token := range []string{"", "nothing"} {
			tried++
			all.Go(func() {
				if status, err := w.silent(method, path, token); err != nil || status < 400 {
					t.Errorf("%s: a guest is not answered before his body has come: %d %v", route, status, err)
				}
			})
		}
	}
	all.Wait()
	w.cells.Add(int64(tried))
	w.count(40)
}

// silent sends the head of a request whose body never comes and returns the status.
func (w *world) silent(method, path, token string) (int, error) {
	line, err := net.Dial("tcp", strings.TrimPrefix(w.url, "http://"))
	if err != nil {
		return 0, err
	}
	defer line.Close()
	if err := line.SetDeadline(time.Now().Add(10 * time.Second)); err != nil {
		return 0, err
	}
	head := fmt.Sprintf("%s %s HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000\r\nAuthorization: %s\r\n\r\n{", method, path, token)
	if _, err := line.Write([]byte(head)); err != nil {
		return 0, err
	}
	resp, err := http.ReadResponse(bufio.NewReader(line), httptest.NewRequest(method, path, nil))
	if err != nil {
		return 0, err
	}
	resp.Body.Close()
	return resp.StatusCode, nil
}
