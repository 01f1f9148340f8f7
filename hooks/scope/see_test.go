package scope_test

import (
	"encoding/json/v2"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"

	"satchel/internal/testapp"
)

// synced lists the collections that phones hold.
func synced(t testing.TB, app *testapp.App) []string {
	t.Helper()
	var names []string
	if err := app.DB().NewQuery("SELECT name FROM sync_rules WHERE direction <> 'none' ORDER BY name").Column(&names); err != nil {
		t.Fatal(err)
	}
	return names
}

func idsOf[V any](rows map[string]V) []string { return slices.Sorted(maps.Keys(rows)) }

// send makes a request with a token.
func send(app *testapp.App, token, method, path string, body any) *httptest.ResponseRecorder {
	text, err := json.Marshal(body)
	if err != nil {
		panic(err) // what tests send
	}
	req := httptest.NewRequest(method, path, strings.NewReader(string(text)))
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", token)
	answer := httptest.NewRecorder()
	app.Handler().ServeHTTP(answer, req)
	return answer
}

// restIDs are the ids that the list API shows, sorted; read takes each page as it came.
func restIDs(t testing.TB, app *testapp.App, token, collection string, read ...func(text string)) []string {
	t.Helper()
	const most = 1000 // rows of an answer
	ids := []string{}
	for page := 1; ; page++ {
		path := fmt.Sprintf("/api/collections/%s/records?perPage=%d&skipTotal=1&page=%d&sort=id", collection, most, page)
		answer := send(app, token, http.MethodGet, path, nil)
		for _, r := range read {
			r(answer.Body.String())
		}
		var out struct {
			Items []struct {
				ID string `json:"id"`
			} `json:"items"`
		}
		if answer.Code == http.StatusUnauthorized && strings.Contains(answer.Body.String(), "user_disabled") {
			return ids
		}
		if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || answer.Code != http.StatusOK {
			t.Fatalf("list %s: %d %s", collection, answer.Code, answer.Body)
		}
		for _, item := range out.Items {
			ids = append(ids, item.ID)
		}
		if len(out.Items) < most {
			slices.Sort(ids)
			return ids
		}
	}
}
