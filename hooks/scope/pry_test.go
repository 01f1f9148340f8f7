package scope_test

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"

	"satchel/syncer"
)

// actions are those that rows of a collection take.
var actions = map[string]string{
	"visits": "check_in", "orders": "cancel", "account_handovers": "cancel", "account_assignments": "cancel", "account_change_requests": "accept",
	"annual_plans": "submit", "business_reviews": "complete", "improvement_actions": "verify", "approvals": "approve",
	"contracts": "terminate", "opportunities": "advance", "cases": "acknowledge", "care_tasks": "finish", "account_reviews": "submit",
	"account_coverage": "request", "account_scorecards": "submit", "communications": "reply", "accounts": "advance",
}

// texts are fields that people write.
var texts = map[string]string{
	"accounts": "note", "contacts": "note", "visits": "summary", "orders": "note", "users": "phone", "visit_steps": "key", "blobs": "code",
	"settings": "note", "products": "spec", "price_lists": "name", "departments": "name", "account_handovers": "reason",
	"annual_plans": "goals", "business_reviews": "findings", "improvement_actions": "title", "approvals": "comment", "policy_docs": "name",
	"contracts": "title", "opportunities": "title", "cases": "title", "care_tasks": "title", "care_dates": "title", "negotiations": "topic",
	"communications": "summary", "account_reviews": "findings", "account_plans": "needs", "case_events": "text",
}

// unknown is an id that no row has.
const unknown = "zzzzzzzzzzzzzzz"

// pry has everybody try whatever there is on rows that are not his to see, one of
// each of some collections and of those always, and returns what an answer told him. An answer about such
// a row must be the answer about a row that does not exist.
func (w *watcher) pry(each int, always ...string) []string {
	w.t.Helper()
	for _, person := range w.people {
		if !w.active(person) {
			continue
		}
		if w.phones[person] == nil {
			w.pull(person)
		}
		foreign := w.foreign(person)
		w.dice.Shuffle(len(foreign), func(i, j int) { foreign[i], foreign[j] = foreign[j], foreign[i] })
		for i, f := range foreign {
			if i < each || slices.Contains(always, f[0]) {
				w.tryRow(person, f[0], f[1])
			}
		}
		w.tryLists(person)
		w.tryReports(person)
		w.tryConflict(person)
	}
	out := w.leaks
	w.leaks = nil
	return out
}

// foreign picks a row of each collection that a person is not shown.
func (w *watcher) foreign(person string) (out [][2]string) {
	for _, collection := range idsOf(columns) {
		var ids []string
		for id := range w.facts.tables[collection] {
			if !w.sets[person][collection][id] {
				ids = append(ids, id)
			}
		}
		if len(ids) > 0 {
			slices.Sort(ids)
			out = append(out, [2]string{collection, w.one(ids, 0)})
		}
	}
	return out
}

// alike makes a request about a row and about none, and reads both answers.
func (w *watcher) alike(person, what, id string, ask func(id string) *httptest.ResponseRecorder) {
	got, none := ask(id), ask(unknown)
	w.read(person, what, got.Body.String())
	a := fmt.Sprint(got.Code, strings.ReplaceAll(got.Body.String(), id, unknown))
	b := fmt.Sprint(none.Code, none.Body.String())
	if a != b {
		w.leaks = append(w.leaks, fmt.Sprintf("%s tells %s that %s exists: %s against %s", what, person, id, a, b))
	}
}

// tryRow tries one row by every door that takes an id.
func (w *watcher) tryRow(person, collection, id string) {
	token, phone := w.tokens[person], w.phones[person]
	field := texts[collection]
	change := map[string]any{field: "x"}
	for _, method := range []string{http.MethodGet, http.MethodPatch, http.MethodDelete} {
		w.alike(person, method+" "+collection, id, func(id string) *httptest.ResponseRecorder {
			return send(w.App, token, method, "/api/collections/"+collection+"/records/"+id+"?expand=account,visit,order,list", change)
		})
	}
	for _, action := range []string{actions[collection], "nonsense"} {
		w.alike(person, "action "+collection, id, func(id string) *httptest.ResponseRecorder {
			return send(w.App, token, http.MethodPost, "/api/ka/"+collection+"/"+id+"/"+action, map[string]any{})
		})
	}
	for what, m := range map[string]map[string]any{
		"update": {"op": "update", "c": collection, "base": phone.Head, "set": change},
		"stale":  {"op": "update", "c": collection, "base": 1, "set": change},
		"delete": {"op": "delete", "c": collection},
		"action": {"op": "action", "c": collection, "action": actions[collection]},
	} {
		w.alike(person, "push of "+what+" "+collection, id, func(id string) *httptest.ResponseRecorder {
			m["r"] = id
			return verdict(phone.Push(m))
		})
	}
	answer := phone.Push(map[string]any{"op": "create", "c": collection, "r": id, "set": change}) // an id that is taken
	w.read(person, "push of a create "+collection, answer.Body.String())
	for _, method := range []string{http.MethodGet, http.MethodHead} {
		w.alike(person, "file of "+collection, id, func(id string) *httptest.ResponseRecorder {
			return send(w.App, token, method, "/api/files/"+collection+"/"+id+"/photo.jpg?token="+token, nil)
		})
	}
	if report, has := reports[collection]; has {
		w.alike(person, report+" of "+collection, id, func(id string) *httptest.ResponseRecorder {
			return send(w.App, token, http.MethodGet, "/api/ka/"+collection+"/"+id+"/"+report, nil)
		})
	}
	if collection == "blobs" && w.facts.tables["blobs"][id]["owner"] != person { // bytes of one's own photo follow wherever the account went
		w.alike(person, "upload", id, func(id string) *httptest.ResponseRecorder {
			req := httptest.NewRequest(http.MethodPost, "/api/sync/blobs", nil)
			req.Header.Set("Authorization", token)
			req.Header.Set("X-Sync-Device", phone.Device)
			req.Header.Set("Tus-Resumable", "1.0.0")
			req.Header.Set("Upload-Length", "1")
			req.Header.Set("Upload-Metadata", "blob "+base64.StdEncoding.EncodeToString([]byte(id)))
			answer := httptest.NewRecorder()
			w.Handler().ServeHTTP(answer, req)
			return answer
		})
	}
	for _, parent := range [][3]string{{"contacts", "account", "accounts"}, {"visits", "account", "accounts"}, {"visit_steps", "visit", "visits"}, {"order_lines", "order", "orders"}} {
		if parent[2] != collection {
			continue
		}
		body := map[string]any{parent[1]: id, "owner": person, "name": "x", "type": "planned", "key": "x", "kind": "note", "qty_milli": 1, "product": w.products[0]}
		w.read(person, "create below "+collection, send(w.App, token, http.MethodPost, "/api/collections/"+parent[0]+"/records?expand="+parent[1], body).Body.String())
		w.read(person, "push below "+collection, phone.Push(map[string]any{"op": "create", "c": parent[0], "r": w.id(), "set": body}).Body.String())
	}
}

// reports are what is told of one row besides its fields.
var reports = map[string]string{"blobs": "matches", "accounts": "duplicates", "work_sessions": "track", "account_handovers": "dry_run"}

// verdict is a push's answer without what belongs to its number.
func verdict(answer *httptest.ResponseRecorder) *httptest.ResponseRecorder {
	text := numbers.ReplaceAllString(answer.Body.String(), `"$1":0`)
	return &httptest.ResponseRecorder{Code: answer.Code, Body: bytes.NewBufferString(ids.ReplaceAllString(text, `"id":""`))}
}

var (
	numbers = regexp.MustCompile(`"(n|seq|head|high_water|durable_n)":\d+`)
	ids     = regexp.MustCompile(`"id":"m\d{14}"`)
)

// tryLists asks lists for more than their rows.
func (w *watcher) tryLists(person string) {
	token := w.tokens[person]
	for _, path := range []string{
		"visits/records?perPage=500&expand=account,owner,manager,template,account.owner,account.next_owner",
		"orders/records?perPage=500&expand=account,visit,visit.account,price_list,reviewers",
		"order_lines/records?perPage=500&expand=order,order.account,order.visit,product",
		"accounts/records?perPage=500&expand=owner,manager,dept,next_owner,visits_via_account,contacts_via_account",
		"accounts/records?perPage=500&expand=orders_via_account.order_lines_via_order",
		"account_handovers/records?perPage=500&expand=accounts,from_rep,to_rep,requested_by,accounts.contacts_via_account",
		"account_assignments/records?perPage=500&expand=account,user,handover",
		"users/records?perPage=500&expand=manager,department,accounts_via_owner,visits_via_owner",
		"users/records?perPage=500&expand=orders_via_owner",
		"contacts/records?perPage=500&filter=(account.note~'mk')&expand=account",
		"people/records?perPage=500", "account_names/records?perPage=500", "order_status/records?perPage=500",
		"sync_rules/records", "sync_devices/records?expand=user", "sync_issues/records?perPage=500&expand=user,device",
	} {
		w.read(person, "list "+path, send(w.App, token, http.MethodGet, "/api/collections/"+path, nil).Body.String())
	}
}

// tryMending says that his phone holds nothing of a collection, and has it sent anew.
func (w *watcher) tryMending(person string) {
	if w.facts.tables["users"][person]["active"] != "1" {
		return // his phone was told to wipe itself
	}
	phone, token := w.phones[person], w.tokens[person]
	for _, collection := range []string{"cases", "contracts", "contacts", "products"} {
		if n := len(w.sets[person][collection]); n == 0 || n > 40 { // too much is pulled anew instead
			continue
		}
		digest := send(w.App, token, http.MethodPost, "/api/sync/digest", syncer.DigestRequest{
			Device: phone.Device, Schema: 1, Cursor: phone.Cursor, Within: map[string][]string{collection: {""}},
		})
		repair := send(w.App, token, http.MethodPost, "/api/sync/repair", syncer.RepairRequest{
			Device: phone.Device, Schema: 1, Cursor: phone.Cursor, Buckets: map[string]map[string]map[string]int64{collection: {"": {}}},
		})
		if digest.Code != http.StatusOK || repair.Code != http.StatusOK {
			w.leaks = append(w.leaks, fmt.Sprintf("%s could not mend %s: %d, %d %.200s", person, collection, digest.Code, repair.Code, repair.Body))
		}
		w.read(person, "a digest", digest.Body.String())
		w.read(person, "a repair", repair.Body.String())
		return
	}
}

// tryReports asks for what is told of others.
func (w *watcher) tryReports(person string) {
	token := w.tokens[person]
	if answer := send(w.App, token, http.MethodGet, "/api/sync/audit?user="+person, nil); answer.Code != http.StatusForbidden {
		w.leaks = append(w.leaks, fmt.Sprintf("the audit answers %s %d", person, answer.Code))
	}
	draft := map[string]any{"from_rep": w.one(w.people, 0), "to_rep": w.one(w.people, 0), "accounts": w.accounts[:5], "planned_date": "2026-05-01"}
	w.read(person, "a dry run", send(w.App, token, http.MethodPost, "/api/ka/account_handovers/dry_run", draft).Body.String())
	w.read(person, "a handover", send(w.App, token, http.MethodPost, "/api/collections/account_handovers/records?expand=accounts,from_rep", draft).Body.String())
	for _, path := range []string{
		"/api/logs", "/api/collections", "/api/settings", "/api/backups", "/api/crons", "/api/sync/spool/" + unknown, "/api/sync/nothing",
		"/api/sync/fleet", "/api/sync/issues/summary", "/api/ka/org/report", "/api/ka/risk_texts", "/api/ka/export/accounts", "/api/ka/export/contacts", "/metrics",
	} {
		w.read(person, path, send(w.App, token, http.MethodGet, path, nil).Body.String())
	}
	for _, body := range []string{`{`, `[]`, `{"device":"` + unknown + `"}`} {
		for _, path := range []string{"/api/sync/pull", "/api/sync/push", "/api/sync/hello", "/api/sync/digest", "/api/sync/repair", "/api/collections/contacts/records"} {
			w.read(person, "a bad request", send(w.App, token, http.MethodPost, path, body).Body.String())
		}
	}
}

// tryConflict lets a person and the office change the same field of a contact of his.
func (w *watcher) tryConflict(person string) {
	for _, id := range idsOf(w.sets[person]["contacts"]) {
		if w.facts.tables["accounts"][w.facts.tables["contacts"][id]["account"]]["owner"] != person {
			continue
		}
		answer := w.phones[person].Push(map[string]any{"op": "update", "c": "contacts", "r": id, "base": 1, "set": map[string]any{"note": "mine"}})
		w.read(person, "a conflict", answer.Body.String())
		if !strings.Contains(answer.Body.String(), `"conflicts"`) {
			w.leaks = append(w.leaks, fmt.Sprintf("no conflict: %s", answer.Body))
		}
		return
	}
}
