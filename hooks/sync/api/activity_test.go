package api_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"satchel/internal/testapp"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/tools/logger"
)

// TestIdlePullsAreLoggedOnceADay: a device's first pull of a day leaves a row in
// the log, whether or not it brings something, the idle ones after it none;
// pushes and refusals do each time.
func TestIdlePullsAreLoggedOnceADay(t *testing.T) {
	app := testapp.New(t)
	app.Settings().Logs.MaxDays = 5
	if err := app.Save(app.Settings()); err != nil {
		t.Fatal(err)
	}
	first, other := app.Phone(app.Token("rep.chen"), "first"), app.Phone(app.Token("manager.wu"), "other")
	first.Pull()
	other.Pull()
	handler := app.Handler()
	call := func(way, token, body string, status int) { // the row is written before it returns
		t.Helper()
		req := httptest.NewRequest("POST", "/api/sync/"+way, strings.NewReader(body))
		req.Header.Set("Authorization", token)
		answer := httptest.NewRecorder()
		if handler.ServeHTTP(answer, req); answer.Code != status {
			t.Fatal(answer.Code, answer.Body)
		}
	}
	idle := func(device, token, cursor string) {
		t.Helper()
		call("pull", token, fmt.Sprintf(`{"device":%q,"schema":1,"cursor":%q}`, device, cursor), 200)
	}
	rows := func(way string) (n int) {
		t.Helper()
		if err := app.Logger().Handler().(*logger.BatchHandler).WriteAll(context.WithValue(t.Context(), logger.BlockKey, true)); err != nil {
			t.Fatal(err)
		}
		err := app.LogQuery().Select("count(*)").AndWhere(dbx.NewExp("json_extract(data, '$.url') = {:url}", dbx.Params{"url": "/api/sync/" + way})).Row(&n)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	settled := func(way string, least int) int { // PocketBase logs behind the request's back
		t.Helper()
		for until := time.Now().Add(10 * time.Second); rows(way) < least && time.Now().Before(until); {
			time.Sleep(5 * time.Millisecond)
		}
		time.Sleep(50 * time.Millisecond) // for what should not come
		return rows(way)
	}
	before := settled("pull", 2)
	for range 5 {
		idle(first.Device, first.Token, first.Cursor)
		idle(other.Device, other.Token, other.Cursor)
	}
	if n := settled("pull", before) - before; n != 0 {
		t.Errorf("idle after the first of the day: %d rows", n)
	}
	app.Clock.Advance(24 * time.Hour)
	for range 3 {
		idle(first.Device, first.Token, first.Cursor)
		idle(other.Device, other.Token, other.Cursor)
	}
	if n := settled("pull", before+2) - before; n != 2 {
		t.Errorf("the next day, two devices: %d rows", n)
	}
	call("pull", first.Token, fmt.Sprintf(`{"device":%q,"schema":0}`, first.Device), 400)
	if n := settled("pull", before+3) - before; n != 3 {
		t.Errorf("and a refusal: %d rows", n)
	}
	call("push", first.Token, fmt.Sprintf(`{"device":%q,"schema":1,"cursor":%q,"mutations":[]}`, first.Device, first.Cursor), 200)
	if n := settled("push", 1); n != 1 {
		t.Errorf("a push: %d rows", n)
	}
}
