package visits_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	"satchel/domain/field"
)

// moves are the ways to write another place or another fence into an account.
var moves = []map[string]any{
	{"lat": 31.9},
	{"lng": 121.9},
	{"lat": 0, "lng": 0},
	{"geofence_m": 50_000},
	{"src_crs": field.CRSGCJ02, "src_lat": 31.9, "src_lng": 121.9},
	{"src_lat": 31.9},
	{"src_crs": field.CRSBD09},
}

// TestWhoVisitsDoesNotMoveTheFence: neither the rep nor a manager who has the
// account himself, whatever way he writes it. Who leads them does.
func TestWhoVisitsDoesNotMoveTheFence(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	phone := d.Phone(d.Token("rep.chen"), "mover")
	phone.Pull()
	locked := func(how, got string, set map[string]any) {
		t.Helper()
		if !strings.Contains(got, "account.field_locked") {
			t.Errorf("%s %v: %s", how, set, got)
		}
		if now := d.Fresh(account); now.GetFloat("lat") != account.GetFloat("lat") || now.GetFloat("lng") != account.GetFloat("lng") ||
			now.GetInt("geofence_m") != account.GetInt("geofence_m") || now.GetString("src_crs") != account.GetString("src_crs") {
			t.Errorf("%s %v: the fence moved", how, set)
		}
	}
	path := "/api/collections/accounts/records/" + account.Id
	for _, set := range moves {
		body, err := json.Marshal(set)
		if err != nil {
			t.Fatal(err)
		}
		locked("at a desk", d.Do("rep.chen", http.MethodPatch, path, string(body)).Body.String(), set)
		answer := phone.Push(map[string]any{"op": "update", "c": "accounts", "r": account.Id, "base": d.Bound.Sync.Head(), "set": set})
		locked("by a phone", answer.Body.String(), set)
	}
	if got := d.Do("rep.chen", http.MethodPatch, path, `{"address":"中山路 8 号"}`); got.Code != http.StatusOK {
		t.Errorf("the address, which moves no fence: %s", got.Body)
	}
	for _, who := range []string{"manager.wu", "admin.fang"} {
		row := d.Fresh(account)
		row.Set("lat", row.GetFloat("lat")+0.001)
		row.Set("geofence_m", row.GetInt("geofence_m")+1)
		d.Must(d.SaveBy(who, row))
	}
	row := d.Fresh(account)
	row.Set("owner", d.As("manager.wu").Id)
	d.Must(d.SaveBy("director.lin", row))
	account = d.Fresh(account)
	for _, set := range moves {
		row := d.Fresh(account)
		row.Load(set)
		locked("its manager", d.SaveBy("manager.wu", row), set)
	}
	row = d.Fresh(account)
	row.Set("lat", row.GetFloat("lat")+0.001)
	d.Must(d.SaveBy("director.lin", row))
}

// TestThePlaceOfANewAccountIsAProposal: the rep says where it is, and it is there
// once his manager says so too; what he visited meanwhile is judged then.
func TestThePlaceOfANewAccountIsAProposal(t *testing.T) {
	d := open(t)
	at := domain.Position{Lat: 31.2304, Lng: 121.4737}
	raw := field.FromWGS84(field.CRSGCJ02, at)
	for i, set := range []map[string]any{
		{"lat": at.Lat, "lng": at.Lng},
		{"src_crs": field.CRSGCJ02, "src_lat": raw.Lat, "src_lng": raw.Lng},
	} {
		account := d.Blank("accounts", map[string]any{"name": fmt.Sprint("新店", i), "kind": "prospect", "owner": d.As("rep.chen").Id}, set)
		d.Must(d.SaveBy("rep.chen", account))
		if now := d.Fresh(account); now.GetFloat("lat") != 0 || now.GetFloat("src_lat") != 0 || now.GetString("src_crs") != "" {
			t.Fatalf("the rep placed it: %v", now.PublicExport())
		}
		proposals := d.all("account_positions", dbx.HashExp{"account": account.Id})
		if len(proposals) != 1 || proposals[0].GetString("owner") != d.As("rep.chen").Id || proposals[0].GetString("visit") != "" {
			t.Fatalf("%d proposals", len(proposals))
		}
		if told := d.all("notifications", dbx.HashExp{"user": d.As("manager.wu").Id, "kind": "position.open"}); len(told) != i+1 {
			t.Errorf("the manager was told %d times", len(told))
		}
		visit := d.visit(map[string]any{"account": account.Id})
		there := d.Blank("accounts", map[string]any{"lat": at.Lat, "lng": at.Lng})
		d.Must(d.Run("rep.chen", visit, "check_in", "{"+fixes(there, 20, checkInAt)+"}"))
		if got := d.Fresh(visit).GetString("in_result"); got != domain.FenceUnknown {
			t.Errorf("before anybody confirmed it: %s", got)
		}
		if got := d.Run("rep.chen", proposals[0], "confirm", "{}"); got != "position.not_manager" {
			t.Errorf("he confirms it himself: %q", got)
		}
		d.Must(d.Run("manager.wu", proposals[0], "confirm", "{}"))
		placed := d.Fresh(account)
		if m := domain.DistanceM(at, domain.Position{Lat: placed.GetFloat("lat"), Lng: placed.GetFloat("lng")}); m > 1 {
			t.Errorf("%.1f m off", m)
		}
		if got := d.Fresh(visit).GetString("in_result"); got != domain.FenceInside {
			t.Errorf("after: %s", got)
		}
	}
	given := d.Blank("accounts", map[string]any{"name": "经理新店", "kind": "prospect", "owner": d.As("rep.chen").Id, "lat": at.Lat, "lng": at.Lng})
	d.Must(d.SaveBy("manager.wu", given))
	if got := d.Fresh(given).GetFloat("lat"); got != at.Lat {
		t.Errorf("who leads places it at once: %v", got)
	}
	half := d.Blank("accounts", map[string]any{"name": "半个位置", "kind": "prospect", "owner": d.As("rep.chen").Id, "lat": at.Lat})
	if got := d.SaveBy("rep.chen", half); got != "visit.position_invalid lat" {
		t.Errorf("half a place: %q", got)
	}
	own := d.Blank("accounts", map[string]any{"name": "自管客户", "kind": "prospect", "owner": d.As("manager.wu").Id, "geofence_m": 50_000})
	if got := d.SaveBy("manager.wu", own); got != "account.field_locked geofence_m" {
		t.Errorf("a manager's own fence: %q", got)
	}
}

// TestARepAsksForAnotherPlace, where the customer has moved.
func TestARepAsksForAnotherPlace(t *testing.T) {
	d := open(t)
	account := d.AccountOf("rep.chen")
	const there = `{"lat":31.5,"lng":121.5,"acc_m":12,"crs":"gcj02"}`
	for _, c := range []struct{ who, args, want string }{
		{"rep.he", there, "record.not_allowed"},
		{"rep.chen", `{}`, "visit.position_invalid"},
		{"rep.chen", `{"lat":31.5}`, "visit.position_invalid"},
		{"rep.chen", `{"lat":131.5,"lng":121.5}`, "visit.position_invalid"},
		{"rep.chen", `{"lat":31.5,"lng":121.5,"crs":"mars"}`, "visit.crs_unknown"},
		{"rep.chen", `{"lat":31.5,"lng":121.5,"acc":1}`, "args.invalid"},
		{"rep.chen", there, ""},
		{"rep.chen", there, "position.waiting"},
	} {
		if got := d.Run(c.who, account, "propose_place", c.args); got != c.want {
			t.Errorf("%s %s: %q, want %q", c.who, c.args, got, c.want)
		}
	}
	if now := d.Fresh(account); now.GetFloat("lat") != account.GetFloat("lat") {
		t.Error("a wish moved the account")
	}
	proposal := d.all("account_positions", dbx.HashExp{"account": account.Id})[0]
	for _, c := range []struct{ owner, want string }{{"director.lin", "position.not_manager"}, {"rep.chen", ""}} { // and back
		row := d.Fresh(account)
		row.Set("owner", d.As(c.owner).Id)
		d.Must(d.SaveBy("admin.fang", row))
		if c.want == "" {
			continue
		}
		if got := d.Run(c.owner, proposal, "confirm", "{}"); got != c.want {
			t.Errorf("%s has the account now and confirms: %q", c.owner, got)
		}
	}
	d.Must(d.Run("manager.wu", proposal, "confirm", "{}"))
	want, err := field.ToWGS84(field.CRSGCJ02, domain.Position{Lat: 31.5, Lng: 121.5})
	if err != nil {
		t.Fatal(err)
	}
	now := d.Fresh(account)
	if m := domain.DistanceM(want, domain.Position{Lat: now.GetFloat("lat"), Lng: now.GetFloat("lng")}); m > 1 || now.GetFloat("src_lat") != 31.5 {
		t.Errorf("%.1f m off, from %v", m, now.GetFloat("src_lat"))
	}
}
