package catalog

import (
	"encoding/json/v2"
	"regexp"
	"strings"
	"testing"
	"time"

	"satchel/domain"
)

// TestDefaultsPassTheirOwnRules, and every setting has words in both languages.
func TestDefaultsPassTheirOwnRules(t *testing.T) {
	for key, s := range domain.Settings {
		if s.ZH == "" || s.EN == "" {
			t.Errorf("%s has no words", key)
		}
		if s.Default == nil {
			continue
		}
		raw, err := json.Marshal(s.Default)
		if err != nil {
			t.Fatal(err)
		}
		if err := domain.CheckSetting(key, raw); err != nil {
			t.Errorf("the default of %s: %v", key, err)
		}
	}
}

// TestPhoneSettingsAreKnown: what phones get is of the catalogue, each once.
func TestPhoneSettingsAreKnown(t *testing.T) {
	seen := map[string]bool{}
	for _, key := range phoneSettings {
		if _, ok := domain.Settings[key]; !ok || seen[key] {
			t.Errorf("%s is unknown, or there twice", key)
		}
		seen[key] = true
	}
	if !OnPhones("x.ours") || OnPhones("risk.mock") || OnPhones("no.such") {
		t.Error("others")
	}
}

// TestTheFourteenOpenTerms of the policy are settings, under their clauses.
func TestTheFourteenOpenTerms(t *testing.T) {
	for _, key := range []string{
		"account.important_tiers", "visit.frequency", "visit.record_hours", "issue.levels", "expense.warn_days", "review.periods", "org.span_max",
		"contract.reviewers", "opportunity.major_fen", "appraisal.rater_weights", "appraisal.grades", "appraisal.promotion", "commission.gate", "budget.control",
	} {
		if s, ok := domain.Settings[key]; !ok || !strings.HasPrefix(s.Clause, "R") || s.Default == nil {
			t.Errorf("%s: %+v", key, s)
		}
	}
}

func TestCheckSetting(t *testing.T) {
	for _, x := range []struct{ key, value, code string }{
		{"visit.record_hours", `48`, ""},
		{"visit.record_hours", `0`, "setting.invalid"},
		{"visit.record_hours", `1.5`, "setting.invalid"},
		{"visit.record_hours", `"24"`, "setting.invalid"},
		{"visit.record_hour", `24`, "setting.unknown"},
		{"x.ours", `{"any":"thing"}`, ""},
		{"budget.control", `"warn"`, ""},
		{"budget.control", `"perhaps"`, "setting.invalid"},
		{"account.important_tiers", `["A"]`, ""},
		{"account.important_tiers", `[]`, "setting.invalid"},
		{"account.important_tiers", `["D"]`, "setting.invalid"},
		{"visit.frequency", `{"A":{"visits":3,"months":1}}`, ""},
		{"visit.frequency", `{"D":{"visits":3,"months":1}}`, "setting.invalid"},
		{"visit.frequency", `{"A":{"visits":0,"months":1}}`, "setting.invalid"},
		{"visit.frequency", `{"A":{"visit":3}}`, "setting.invalid"},
		{"visit.frequency", `[]`, "setting.invalid"},
		{"appraisal.rater_weights", `{"rep":{"self":10,"superior":65,"customer":20}}`, "setting.invalid"},
		{"review.periods", `{"business":"week"}`, "setting.invalid"},
		{"contract.reviewers", `{"standard":["ghosts"]}`, "setting.invalid"},
		{"office.start", `"9 o'clock"`, "setting.invalid"},
		{"product_request.priority_fen", `{"high":9,"normal":9}`, ""},
		{"product_request.priority_fen", `{"high":8,"normal":9}`, "setting.invalid"},
		{"product_request.priority_fen", `{"high":8}`, "setting.invalid"},
		{"product_request.priority_accounts", `{"high":8,"normal":0}`, "setting.invalid"},
		{"webhook.allow_private", `1`, "setting.invalid"},
		{"backup.cron", `nonsense`, "setting.invalid"},
	} {
		code := ""
		if err := domain.CheckSetting(x.key, []byte(x.value)); err != nil {
			code = err.(domain.Problem).Code //nolint:errorlint // it is one
		}
		if code != x.code {
			t.Errorf("%s = %s: %q, want %q", x.key, x.value, code, x.code)
		}
	}
}

// TestNoticesSayTheSame: both languages name the same parameters.
func TestNoticesSayTheSame(t *testing.T) {
	params := regexp.MustCompile(`\{[a-z_]+\}`)
	for kind, texts := range domain.Notices {
		in := map[string]bool{}
		for _, p := range params.FindAllString(texts.ZH, -1) {
			in[p] = true
		}
		for _, p := range params.FindAllString(texts.EN, -1) {
			if !in[p] {
				t.Errorf("%s: %s is in one language only", kind, p)
			}
			delete(in, p)
		}
		if len(in) > 0 {
			t.Errorf("%s: %v in Chinese only", kind, in)
		}
	}
	if got := domain.NoticeText("approval.pending", map[string]any{"title": "计划"}, "zh"); got != "待审批：计划" {
		t.Error(got)
	}
}

func TestEvents(t *testing.T) {
	for _, x := range []struct {
		patterns string
		name     string
		want     bool
	}{
		{"*", "visits.check_in", true},
		{"visits.*", "visits.check_in", true},
		{"visits.check_in", "visits.check_in", true},
		{"visits.check", "visits.check_in", false},
		{"vis*", "visits.check_in", false},
		{"orders.*", "visits.check_in", false},
	} {
		if got := domain.EventWanted([]string{x.patterns}, x.name); got != x.want {
			t.Errorf("%s covers %s: %v", x.patterns, x.name, got)
		}
	}
	sign := domain.SignWebhook("0123456789abcdef", time.Unix(1773622800, 0), []byte(`{}`))
	if !strings.HasPrefix(sign, "t=1773622800,v1=") || len(sign) != len("t=1773622800,v1=")+64 || sign == domain.SignWebhook("0123456789abcdeg", time.Unix(1773622800, 0), []byte(`{}`)) {
		t.Error(sign)
	}
	if domain.Backoff(0) != 0 || domain.Backoff(1) != time.Minute || domain.Backoff(4) != 8*time.Minute || domain.Backoff(50) != 12*time.Hour || domain.Backoff(10) != 512*time.Minute {
		t.Error("backoff")
	}
}
