package syncer

import (
	"errors"
	"slices"
	"strings"
	"testing"
)

func toyRule() Rule {
	return Rule{
		Collection: Collection{
			ID: "c1", Name: "visits", Columns: []string{"id", "account", "team", "state", "day"},
			Fields: []Field{{Name: "id"}, {Name: "account"}, {Name: "team", Kind: KindList}, {Name: "state"}, {Name: "day"}},
		},
		Direction: DirectionBoth,
	}
}

func TestKeysComeFromTheRow(t *testing.T) {
	r := toyRule()
	r.Keys = []KeyTemplate{
		{Key: "account:{account}"},
		{Key: "user:{team}"},
		{Key: "all", When: map[string][]string{"state": {"open", ""}}},
		{Key: "role:auditor"},
		{Key: "account:{account}"},
	}
	if _, err := NewCatalog("", []Rule{r}); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		row  map[string]string
		want string
	}{
		{map[string]string{"account": "a", "team": `["u","v"]`, "state": "open"}, "account:a user:u user:v all role:auditor"},
		{map[string]string{"account": "", "team": "[]", "state": "done"}, "role:auditor"},
		{map[string]string{"account": "a", "team": "u", "state": ""}, "account:a user:u all role:auditor"},
	} {
		if got := strings.Join(r.KeysOf(c.row), " "); got != c.want {
			t.Errorf("%v carries %s, not %s", c.row, got, c.want)
		}
	}
}

// A rule that could not be followed is refused with a word on what is wrong.
func TestCatalogRefusesBadRules(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(r *Rule)
		fault string
	}{
		"key without form":   {func(r *Rule) { r.Keys = []KeyTemplate{{Key: "account {account}"}} }, "form"},
		"key with a slip":    {func(r *Rule) { r.Keys = []KeyTemplate{{Key: "account:{account"}} }, "form"},
		"unknown field":      {func(r *Rule) { r.Keys = []KeyTemplate{{Key: "account:{acount}"}} }, "acount"},
		"unknown condition":  {func(r *Rule) { r.Keys = []KeyTemplate{{Key: "all", When: map[string][]string{"nope": {"x"}}}} }, "nope"},
		"grant to nobody":    {func(r *Rule) { r.Grants = []GrantTemplate{{To: "anna", Key: "all"}} }, "grant"},
		"grant to a mixture": {func(r *Rule) { r.Grants = []GrantTemplate{{To: "{id}\xff", Key: "all"}} }, "grant"},
		"unknown policy":     {func(r *Rule) { r.Policy = map[string]string{"state": "coin"} }, "coin"},
		"policy of no field": {func(r *Rule) { r.Policy = map[string]string{"nope": PolicyMax} }, "nope"},
		"unknown direction":  {func(r *Rule) { r.Direction = "up" }, "up"},
		"retention of what":  {func(r *Rule) { r.RetentionDays = 90 }, "retention"},
	} {
		r := toyRule()
		c.spoil(&r)
		_, err := NewCatalog("", []Rule{r})
		p, ok := errors.AsType[*Problem](err)
		if !ok || p.Code != "rule.invalid" || p.Params["rule"] != "visits" || !strings.Contains(p.Params["fault"].(string), c.fault) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestExpiryIsTheFirstDayOff(t *testing.T) {
	r := toyRule()
	r.RetentionDays, r.RetentionField = 90, "day"
	for text, want := range map[string]int64{"1970-01-01": 91, "1970-01-02 23:59:59.000Z": 92, "": 0, "soon": 0, "1970-13-01": 0} {
		if got := r.expiry(map[string]string{"day": text}); got != want {
			t.Errorf("%q is off the phones on day %d, not %d", text, got, want)
		}
	}
}

func FuzzExpand(f *testing.F) {
	f.Add("account:{account}", `["a","b"]`)
	f.Add("{}{account}", "x")
	f.Fuzz(func(t *testing.T, template, value string) {
		if !keyShape.MatchString(template) {
			t.Skip()
		}
		out := expand(template, map[string]string{"account": value})
		if value == "" && strings.Contains(template, "{account}") && len(out) > 0 {
			t.Fatalf("%q of nothing gives %v", template, out)
		}
		if slices.Contains(out, "") {
			t.Fatalf("%q gives an empty key", template)
		}
	})
}
