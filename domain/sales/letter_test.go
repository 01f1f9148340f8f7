package sales_test

import (
	"encoding/json/v2"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"satchel/domain"
	"satchel/domain/sales"
)

func codeOf(err error) string {
	if p, ok := errors.AsType[domain.Problem](err); ok {
		return fmt.Sprint(p.Code, p.Params)
	}
	return fmt.Sprint(err)
}

// policy: R4.2 H-TGT-3
//
// TestALettersHashIsOfAllThatItSays: the order in which members came does not matter,
// anything else does.
func TestALettersHashIsOfAllThatItSays(t *testing.T) {
	months := []int{1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1}
	content := func() sales.LetterContent {
		return sales.LetterContent{
			Year: "2027", Version: 1, Dept: "KA业务部", Subject: sales.LetterPerson{ID: "a", Name: "陈", Role: "rep"},
			Superior: sales.LetterPerson{ID: "b", Name: "吴", Role: "ka_manager"},
			Targets: []sales.LetterTarget{
				{ID: "t2", Version: 1, Level: "rep", Metric: "volume", Value: 12, Quarters: []int{3, 3, 3, 3}, Months: months},
				{ID: "t1", Version: 1, Level: "rep", Metric: "amount", Value: 12, Quarters: []int{3, 3, 3, 3}, Months: months},
			},
		}
	}
	const template = "{superior}与{name}（{role}）签订{year}年第{version}版"
	raw, hash, err := content().Seal(template)
	if err != nil || len(hash) != 64 {
		t.Fatal(hash, err)
	}
	var back sales.LetterContent
	if err := json.Unmarshal(raw, &back); err != nil {
		t.Fatal(err)
	}
	if back.Text != "吴与陈（KA业务代表）签订2027年第1版" || back.Targets[0].Metric != "amount" {
		t.Errorf("%+v", back)
	}
	other := content()
	other.Targets[0], other.Targets[1] = other.Targets[1], other.Targets[0]
	if _, again, _ := other.Seal(template); again != hash {
		t.Error("the order of targets changes the hash")
	}
	shuffled, moved := strings.CutSuffix(string(raw), `,"year":"2027"}`)
	if _, again, err := sales.CanonicalLetter([]byte(`{ "year" : "2027",` + shuffled[1:] + "}")); !moved || err != nil || again != hash {
		t.Errorf("the order of members changes the hash: %v", err)
	}
	for what, change := range map[string]func(*sales.LetterContent){
		"version":    func(c *sales.LetterContent) { c.Version = 2 },
		"a fen":      func(c *sales.LetterContent) { c.Targets[1].Value++ },
		"a month":    func(c *sales.LetterContent) { c.Targets[1].Months = append([]int{2}, months[1:]...) },
		"terms":      func(c *sales.LetterContent) { c.Terms = "另附" },
		"superior":   func(c *sales.LetterContent) { c.Superior.ID = "c" },
		"one target": func(c *sales.LetterContent) { c.Targets = c.Targets[:1] },
		"basis":      func(c *sales.LetterContent) { c.Targets[0].Basis.Market = "平" },
	} {
		c := content()
		change(&c)
		if _, again, err := c.Seal(template); err != nil || again == hash {
			t.Errorf("%s leaves the hash as it was (%v)", what, err)
		}
	}
	if _, again, _ := content().Seal(template + "。"); again == hash {
		t.Error("another text leaves the hash as it was")
	}
	if !content().SameTargets(back.Targets) || back.SameTargets(back.Targets[:1]) {
		t.Error("the targets are compared wrongly")
	}
	if _, _, err := sales.CanonicalLetter([]byte(`{"a":1,"a":2}`)); err == nil {
		t.Error("a member twice is taken")
	}
}

// policy: R4.2 H-TGT-4
//
// TestTheVersionBeforeHolds until the next bears both signatures.
func TestTheVersionBeforeHolds(t *testing.T) {
	at := time.Date(2027, 1, 5, 0, 0, 0, 0, time.UTC)
	one := sales.LetterVersion{ID: "one", Version: 1, State: sales.LetterEffective, SHA256: "h1", Signed: at, Countersigned: at}
	two := sales.LetterVersion{ID: "two", Version: 2, State: sales.LetterSent, SHA256: "h2"}
	three := sales.LetterVersion{ID: "three", Version: 3, State: sales.LetterDraft}
	all := []sales.LetterVersion{one, two, three}
	for _, c := range []struct {
		what   string
		letter sales.LetterVersion
		action string
		shown  string
		want   string
	}{
		{"the old one", one, sales.LetterSign, "h1", "letter.version_oldmap[letter:two sha256:h2 version:2]"},
		{"the new one", two, sales.LetterSign, "h2", "<nil>"},
		{"what it does not say", two, sales.LetterSign, "h1", "letter.hash_othermap[sha256:h2]"},
		{"nothing shown", two, sales.LetterCountersign, "", "letter.hash_othermap[sha256:h2]"},
		{"the old one countersigned", one, sales.LetterCountersign, "h1", "letter.version_oldmap[letter:two sha256:h2 version:2]"},
	} {
		if got := codeOf(sales.CheckLetterSignature(all, c.letter, c.action, c.shown)); got != c.want {
			t.Errorf("%s: %s, want %s", c.what, got, c.want)
		}
	}
	two.Signed = at
	if got := codeOf(sales.CheckLetterSignature([]sales.LetterVersion{one, two}, two, sales.LetterSign, "h2")); got != "letter.signed_twicemap[]" {
		t.Error(got)
	}
	if holds, found := sales.LetterHolds(all); !found || holds.ID != "one" {
		t.Errorf("%+v holds", holds)
	}
	if _, found := sales.LetterHolds(all[1:]); found {
		t.Error("a letter holds that nobody signed")
	}
	ids := func(versions []sales.LetterVersion) (out string) {
		for _, v := range versions {
			out += v.ID + " "
		}
		return out
	}
	sent := sales.LetterVersion{ID: "three", Version: 3, State: sales.LetterSent}
	if got := ids(sales.LetterReplaced(all, sent)); got != "two " {
		t.Errorf("a third that is sent ends %q", got)
	}
	sent.State = sales.LetterEffective
	if got := ids(sales.LetterReplaced(all, sent)); got != "one two " {
		t.Errorf("a third that holds ends %q", got)
	}
	for want, by := range map[string][2]bool{sales.LetterSent: {false, true}, sales.LetterSigned: {true, false}, sales.LetterEffective: {true, true}} {
		if got := sales.LetterAfter(by[0], by[1]); got != want {
			t.Errorf("signed by %v: %s", by, got)
		}
	}
}

func TestWhatATemplateMayLeaveOpen(t *testing.T) {
	for template, fine := range map[string]bool{
		"": false, " ": false, "{name}": true, "{nobody}": false, "{name": false, "无": true, strings.Repeat("字", 4001): false, "{year}年{version}": true,
	} {
		if fault := sales.LetterTemplateFault(template); (fault == "") != fine {
			t.Errorf("%.20q: %q", template, fault)
		}
	}
}
