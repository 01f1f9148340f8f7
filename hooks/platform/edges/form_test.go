package edges_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"satchel/hooks"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// forms are a value of a field or of the whole body, as each kind of form says it.
func forms(name, value string) map[string]string {
	return map[string]string{
		"multipart/form-data; boundary=XX":  "--XX\r\nContent-Disposition: form-data; name=\"" + name + "\"\r\n\r\n" + value + "\r\n--XX--\r\n",
		"application/x-www-form-urlencoded": url.QueryEscape(name) + "=" + url.QueryEscape(value),
	}
}

// TestFormsAreHeldToTheBoundsOfJSON, also in members that no field has: they are
// counted before any is read into memory. What is within them is stored.
func TestFormsAreHeldToTheBoundsOfJSON(t *testing.T) {
	app := testapp.New(t)
	planted := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = syncer.PlantDepth }))
	send := func(app *testapp.App, kind, body string) *httptest.ResponseRecorder {
		req := httptest.NewRequest(http.MethodPatch, "/api/collections/accounts/records/"+app.AccountOf("rep.chen").Id, strings.NewReader(body))
		req.Header.Set("Content-Type", kind)
		req.Header.Set("Authorization", app.Token("rep.chen"))
		answer := httptest.NewRecorder()
		app.Handler().ServeHTTP(answer, req)
		return answer
	}
	many := `[` + strings.Repeat("1,", 250_000) + `1]`
	deep := strings.Repeat("[", 9000) + strings.Repeat("]", 9000)
	for code, cases := range map[string][][2]string{
		"json.members": {{"@jsonPayload", `{"nothing":` + many + `}`}, {"@jsonPayload", `{"tags":` + many + `}`}, {"tags", many}},
		"json.depth":   {{"@jsonPayload", `{"nothing":` + deep + `}`}, {"tags", deep}, {"nothing", deep}},
		"json.syntax":  {{"@jsonPayload", `{"tags":`}},
		"":             {{"@jsonPayload", `{"tags":["kept"]}`}, {"tags", `["kept"]`}, {"note", "[kept] a note {"}},
	} {
		for _, c := range cases {
			for kind, body := range forms(c[0], c[1]) {
				got := send(app, kind, body)
				switch {
				case code == "" && (got.Code != http.StatusOK || !strings.Contains(got.Body.String(), "kept")):
					t.Errorf("%s as %s: %d %.300s", c[0], kind, got.Code, got.Body)
				case code != "" && (got.Code != http.StatusBadRequest || !strings.Contains(got.Body.String(), code)):
					t.Errorf("%s %.30s as %s: %d %.300s, want %s", c[0], c[1], kind, got.Code, got.Body, code)
				}
			}
		}
	}
	for kind, body := range forms("@jsonPayload", `{"nothing":`+many+`}`) {
		if got := send(planted, kind, body); got.Code != http.StatusOK {
			t.Errorf("nobody counts: %d %.300s", got.Code, got.Body)
		}
	}
}
