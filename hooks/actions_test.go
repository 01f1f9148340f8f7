package hooks_test

import (
	"net/http"
	"testing"

	"satchel/internal/testapp"
)

// TestActionOverREST: the arguments in the body arrive, whole.
func TestActionOverREST(t *testing.T) {
	app := testapp.New(t)
	visits, err := app.FindCollectionByNameOrId("visits")
	if err != nil {
		t.Fatal(err)
	}
	m := &matrix{t: t, app: app}
	visit := m.make(visits.Name, map[string]any{
		"account": app.AccountOf("rep.chen").Id, "owner": app.As("rep.chen").Id, "type": "planned", "state": "planned",
	})
	path := "/api/ka/visits/" + visit.Id
	if got := app.Do("rep.chen", "POST", path+"/cancel", `{}`); got.Code != http.StatusBadRequest {
		t.Errorf("without a reason: %d %s", got.Code, got.Body)
	}
	if got := app.Do("rep.chen", "POST", path+"/cancel", `{"reason":"客户出差"}`); got.Code != http.StatusOK {
		t.Errorf("with a reason: %d %s", got.Code, got.Body)
	}
	after, err := app.FindRecordById(visits, visit.Id)
	if err != nil || after.GetString("cancel_reason") != "客户出差" {
		t.Errorf("%v %v", after.PublicExport(), err)
	}
	if got := app.Do("manager.wu", "POST", path+"/cancel", ""); got.Code != http.StatusBadRequest {
		t.Errorf("without a body: %d %s", got.Code, got.Body)
	}
}
