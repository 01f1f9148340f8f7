package api_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/testapp"
	"satchel/syncer"
)

// TestWhoHangsUpUndoesNothing: the line breaks while a push is carried out. The
// push shares its transaction with others, so it goes on to its end.
func TestWhoHangsUpUndoesNothing(t *testing.T) {
	app := testapp.New(t)
	handler, token := app.Handler(), app.Token("rep.chen")
	ctx, hangUp := context.WithCancel(t.Context())
	send := func(path, body string, into any) int {
		req := httptest.NewRequestWithContext(ctx, http.MethodPost, path, strings.NewReader(body))
		req.Header.Set("Authorization", token)
		out := httptest.NewRecorder()
		handler.ServeHTTP(out, req)
		if err := json.Unmarshal(out.Body.Bytes(), into); err != nil {
			t.Fatal(err)
		}
		return out.Code
	}
	var hello syncer.HelloResponse
	send("/api/sync/hello", `{"install":"install-hangs-up","platform":"test","app":"1","schema":1}`, &hello)
	token = hello.Token
	tries := 0
	app.OnRecordCreate("contacts").BindFunc(func(e *core.RecordEvent) error {
		tries++
		hangUp()
		return e.Next()
	})
	var got syncer.PushResponse
	status := send("/api/sync/push", fmt.Sprintf(`{"device":%q,"schema":1,"mutations":[
		{"n":1,"id":%q,"op":"create","c":"contacts","r":%q,"set":{"account":%q,"name":"王"}}]}`,
		hello.Device, id("m1"), id("c1"), app.AccountOf("rep.chen").Id), &got)
	if status != http.StatusOK || len(got.Results) != 1 || got.Results[0].Status != syncer.StatusApplied || tries != 1 {
		t.Errorf("%d after %d tries: %+v", status, tries, got)
	}
}
