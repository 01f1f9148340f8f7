package employments_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"satchel/internal/testapp"
)

// policy: R6.7 employments
//
// TestABaseIsFinances: days do not overlap, nobody enters his own, and none but the
// person and finance learn of it, not even by a refusal.
func TestABaseIsFinances(t *testing.T) {
	d := testapp.Open(t)
	chen := d.As("rep.chen").Id
	base := func(more map[string]any) map[string]any {
		out := map[string]any{"person": chen, "from_date": "2025-01-01", "base_fen": 10_000_00, "joined": "2024-06-01", "grade_since": "2024-06-01"}
		for k, v := range more {
			out[k] = v
		}
		return out
	}
	first := d.Blank("employments", base(nil))
	d.Must(d.SaveBy("finance.zhao", first))
	for what, c := range map[string]struct {
		more map[string]any
		want string
	}{
		"the same day":          {nil, "employment.overlap from_date"},
		"no day":                {map[string]any{"from_date": "2025-02-30"}, "employment.day_invalid from_date"},
		"left before":           {map[string]any{"from_date": "2026-01-01", "left_on": "2025-12-31"}, "employment.day_invalid left_on"},
		"joined after":          {map[string]any{"from_date": "2026-01-01", "joined": "2026-01-02"}, "employment.day_invalid joined"},
		"in grade before":       {map[string]any{"from_date": "2026-01-01", "grade_since": "2024-05-31"}, "employment.day_invalid grade_since"},
		"his own":               {map[string]any{"person": d.As("finance.zhao").Id}, "employment.own person"},
		"below nothing, by law": {map[string]any{"from_date": "2026-01-01", "base_fen": -1}, "validation_min_greater_equal_than_required base_fen"},
	} {
		got := d.SaveBy("finance.zhao", d.Blank("employments", base(c.more)))
		if what == "below nothing, by law" {
			if got == "" {
				t.Error(what)
			}
			continue
		}
		d.Expect(what, got, c.want)
	}
	d.Must(d.Set("finance.zhao", first, "left_on", "2026-03-31"))
	d.Expect("while he was there", d.SaveBy("finance.zhao", d.Blank("employments", base(map[string]any{"from_date": "2026-03-31"}))), "employment.overlap from_date")
	d.Must(d.SaveBy("finance.zhao", d.Blank("employments", base(map[string]any{"from_date": "2026-04-01"}))))
	for _, who := range []string{"manager.wu", "director.lin", "executive.sun", "auditor.jin", "rep.he"} {
		if got := d.Do(who, http.MethodPatch, "/api/collections/employments/records/"+first.Id, `{"base_fen":1}`); got.Code != http.StatusNotFound || strings.Contains(got.Body.String(), "1000000") {
			t.Errorf("%s: %d %s", who, got.Code, got.Body)
		}
		if got := d.Do(who, http.MethodGet, "/api/collections/employments/records", ""); strings.Contains(got.Body.String(), first.Id) {
			t.Errorf("%s: %s", who, got.Body)
		}
	}
}

// TestBasesComeFromAList that finance imports; the same list may come twice.
func TestBasesComeFromAList(t *testing.T) {
	d := testapp.Open(t)
	list := "员工,生效日期,奖金基数(分/周期),职级,任现职级日期,入职日期\nHY1003,2025-01-01,1000000,P3,2024-06-01,2024-06-01\nHY1003,2026-01-01,1100000,P3,2024-06-01,2024-06-01\n"
	send := func(who string) *httptest.ResponseRecorder {
		var body bytes.Buffer
		form := multipart.NewWriter(&body)
		part, err := form.CreateFormFile("file", "bases.csv")
		if err != nil {
			t.Fatal(err)
		}
		if _, err := part.Write([]byte(list)); err != nil {
			t.Fatal(err)
		}
		if err := form.Close(); err != nil {
			t.Fatal(err)
		}
		req := httptest.NewRequest(http.MethodPost, "/api/ka/import/employments", &body)
		req.Header.Set("Content-Type", form.FormDataContentType())
		req.Header.Set("Authorization", d.Token(who))
		answer := httptest.NewRecorder()
		d.Handler().ServeHTTP(answer, req)
		return answer
	}
	if got := send("director.lin"); got.Code != http.StatusForbidden {
		t.Errorf("by the head: %d", got.Code)
	}
	for _, want := range []string{`"created":2`, `"unchanged":2`} {
		if got := send("finance.zhao"); got.Code != http.StatusOK || !strings.Contains(got.Body.String(), want) {
			t.Errorf("%d %s", got.Code, got.Body)
		}
	}
}
