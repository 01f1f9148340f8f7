package testapp_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/tests"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// Everybody in the company is found by name and may sign in.
func TestPeople(t *testing.T) {
	app := testapp.New(t)
	for _, p := range demo.People() {
		record := app.As(p.Name)
		if got := record.GetString("role"); got != p.Role {
			t.Errorf("%s is %s, want %s", p.Name, got, p.Role)
		}
		if !record.GetBool("active") || !record.ValidatePassword(demo.Password) {
			t.Errorf("%s cannot sign in", p.Name)
		}
		if p.Role == "rep" && app.AccountOf(p.Name).GetString("owner") != record.Id {
			t.Errorf("%s does not own his account", p.Name)
		}
	}
	if app.As("rep.gone").GetBool("active") {
		t.Error("rep.gone is active")
	}
}

// What one test writes, no other sees.
func TestAppsShareNothing(t *testing.T) {
	one, other := testapp.New(t), testapp.New(t)
	account := one.AccountOf("rep.chen")
	account.Set("note", "only here")
	if err := one.Save(account); err != nil {
		t.Fatal(err)
	}
	if got := other.AccountOf("rep.chen").GetString("note"); got == "only here" {
		t.Error("the other app has the note, too")
	}
}

// The routes of PocketBase and ours are served.
func TestServer(t *testing.T) {
	app := testapp.New(t)
	server := app.Server(t)
	for path, want := range map[string]int{"/api/health": http.StatusOK, "/api/sync/poke": http.StatusUnauthorized} {
		resp, err := http.Get(server.URL + path)
		if err != nil {
			t.Fatal(err)
		}
		resp.Body.Close()
		if resp.StatusCode != want {
			t.Errorf("%s answers %d, want %d", path, resp.StatusCode, want)
		}
	}
}

// PocketBase's scenarios take an app of their own each.
func TestFactory(t *testing.T) {
	scenario := tests.ApiScenario{
		Name: "guest", Method: http.MethodGet, URL: "/api/collections/accounts/records",
		TestAppFactory: testapp.Factory(), ExpectedStatus: http.StatusOK, ExpectedContent: []string{`"totalItems":0`},
	}
	scenario.Test(t)
}

// Requests may follow each other on one app.
func TestDo(t *testing.T) {
	app := testapp.New(t)
	path := "/api/collections/accounts/records/" + app.AccountOf("rep.chen").Id
	for name, want := range map[string]int{"": http.StatusNotFound, "rep.he": http.StatusNotFound, "rep.chen": http.StatusOK} {
		if got := app.Do(name, http.MethodGet, path, "").Code; got != want {
			t.Errorf("%q gets %d, want %d", name, got, want)
		}
	}
}

// The clock stands still until it is moved.
func TestClock(t *testing.T) {
	app := testapp.New(t)
	app.Clock.Advance(48 * time.Hour)
	if got := app.Clock.Now(); !got.Equal(testapp.Start.Add(48 * time.Hour)) {
		t.Errorf("clock shows %v", got)
	}
	if got := testapp.New(t).Clock.Now(); !got.Equal(testapp.Start) {
		t.Errorf("the next app starts at %v", got)
	}
}

func BenchmarkNew(b *testing.B) {
	testapp.New(b)
	for b.Loop() {
		testapp.New(b).Cleanup()
	}
}
