package customers

import (
	"slices"
	"testing"

	"satchel/domain"
)

var keyModel = ScoringModel{
	Criteria: []Criterion{
		{"influence", 3000, 5, 2}, {"scale", 3000, 5, 2}, {"complementarity", 2000, 5, 1}, {"credit", 2000, 5, 3},
	},
	ThresholdBP: 6000, Bands: []Band{{"A", 8500}, {"B", 7000}, {"C", 0}},
}

func card(scores ...int) map[string]Rating {
	out := map[string]Rating{}
	for i, c := range keyModel.Criteria {
		out[c.Key] = Rating{Score: scores[i], Evidence: "年报"}
	}
	return out
}

// TestHSel1WeightsMakeTheScore, in whole points of ten thousand.
//
// policy: R3.1 H-SEL-1
func TestHSel1WeightsMakeTheScore(t *testing.T) {
	for _, c := range []struct {
		scores []int
		total  int
		tier   string
	}{{[]int{5, 5, 5, 5}, 10000, "A"}, {[]int{4, 3, 4, 4}, 7400, "B"}, {[]int{0, 0, 0, 0}, 0, "C"}, {[]int{3, 2, 1, 3}, 4600, "C"}} {
		total, err := keyModel.Score(card(c.scores...))
		if err != nil || total != c.total || keyModel.Suggest(total) != c.tier {
			t.Errorf("%v: %d %s %v", c.scores, total, keyModel.Suggest(total), err)
		}
	}
	thirds := ScoringModel{Criteria: []Criterion{{"a", 5000, 3, 0}, {"b", 5000, 3, 0}}}
	if total, _ := thirds.Score(map[string]Rating{"a": {2, "x"}, "b": {1, "x"}}); total != 3333+1667 {
		t.Errorf("thirds: %d", total)
	}
	for name, broken := range map[string]func(*ScoringModel){
		"weights": func(m *ScoringModel) { m.Criteria[0].WeightBP = 2999 }, "twice": func(m *ScoringModel) { m.Criteria[1].Key = "influence" },
		"scale": func(m *ScoringModel) { m.Criteria[0].Scale = 0 }, "min": func(m *ScoringModel) { m.Criteria[0].Min = 6 },
		"bands": func(m *ScoringModel) { m.Bands[2].FromBP = 9000 }, "threshold": func(m *ScoringModel) { m.ThresholdBP = 10001 },
	} {
		m := ScoringModel{Criteria: slices.Clone(keyModel.Criteria), ThresholdBP: 6000, Bands: slices.Clone(keyModel.Bands)}
		if m.Check() != nil {
			t.Fatal(m.Check())
		}
		if broken(&m); domain.CodeOf(m.Check()) != "scoring.model_invalid" {
			t.Errorf("%s: %v", name, m.Check())
		}
	}
}

// TestHSel2ThresholdAndMinimum: both have to be reached.
//
// policy: R3.1 H-SEL-2
func TestHSel2ThresholdAndMinimum(t *testing.T) {
	for _, c := range []struct {
		scores []int
		code   string
	}{{[]int{4, 3, 4, 4}, ""}, {[]int{3, 2, 1, 3}, "scorecard.below_threshold"}, {[]int{5, 5, 5, 2}, "scorecard.below_minimum"}} {
		total, _ := keyModel.Score(card(c.scores...))
		if got := domain.CodeOf(keyModel.Selects(total, card(c.scores...))); got != c.code {
			t.Errorf("%v: %q", c.scores, got)
		}
	}
}

// TestHSel3EvidenceForEachCriterion is asked for.
//
// policy: R3.1 H-SEL-3
func TestHSel3EvidenceForEachCriterion(t *testing.T) {
	bare, missing, high, odd := card(4, 4, 4, 4), card(4, 4, 4, 4), card(4, 4, 4, 4), card(4, 4, 4, 4)
	bare["credit"] = Rating{Score: 4, Evidence: " "}
	delete(missing, "scale")
	high["scale"] = Rating{Score: 6, Evidence: "x"}
	odd["luck"] = Rating{Score: 1, Evidence: "x"}
	for code, ratings := range map[string]map[string]Rating{
		"scorecard.evidence_required": bare, "scorecard.rating_missing": missing, "scorecard.rating_range": high, "scorecard.criterion_unknown": odd,
	} {
		if _, err := keyModel.Score(ratings); domain.CodeOf(err) != code {
			t.Errorf("%s: %v", code, err)
		}
	}
}

// TestStagesAndTheirGates walks an account through the six stages, each gate shut first.
func TestStagesAndTheirGates(t *testing.T) {
	var f DevelopmentFacts
	stage := StageResearch
	team := []domain.Party{domain.PartyTeam}
	step := func(closed string, open func()) {
		t.Helper()
		if closed != "" {
			if _, err := AccountMachine.Take(stage, StageAdvance, team, f.Holds); domain.CodeOf(err) != closed {
				t.Fatalf("%s: %v, want %s", stage, err, closed)
			}
		}
		open()
	}
	pass := func(want string) {
		t.Helper()
		step, err := AccountMachine.Take(stage, StageAdvance, team, f.Holds)
		if err != nil || step.Next(stage) != want {
			t.Fatalf("%s leads to %q: %v", stage, step.To, err)
		}
		stage = want
	}
	step("account.gate_research", func() { f.Researched = true })
	step("account.gate_scorecard", func() { f.Selected = true })
	pass(StageScreened)
	pass(StageFirstContact)
	step("account.gate_contact", func() { f.Contacts = 1 })
	step("account.gate_need", func() { f.FirstNeed = true })
	pass(StageInDepth)
	step("account.gate_visit", func() { f.OnSiteVisits = 1 })
	step("account.gate_decider", func() { f.DecisionMakers = 1 })
	pass(StageNegotiating)
	step("account.gate_terms", func() { f.Terms, f.OpenObjections = true, 1 })
	step("account.gate_terms", func() { f.OpenObjections = 0 })
	step("account.gate_contract", func() { f.Contract = true })
	f.Selected = false
	step("account.gate_scorecard", func() { f.Selected = true })
	pass(StageContracted)
	if _, err := AccountMachine.Take(stage, StageAdvance, team, f.Holds); domain.CodeOf(err) != "account.stage" {
		t.Error(err)
	}
	if _, err := AccountMachine.Take(StageResearch, StageAdvance, nil, f.Holds); domain.CodeOf(err) != "record.not_allowed" {
		t.Error(err)
	}
	for _, c := range [][3]string{
		{StageContracted, StageRest, StageDormant},
		{StageDormant, StageLose, StageLost},
		{StageLost, StageReopen, StageContracted},
		{StageDormant, StageReopen, StageContracted},
		{StageInDepth, StageDrop, StageDropped},
		{StageDropped, StageReopen, StageResearch},
		{StageContracted, StageDrop, ""},
		{StageContracted, StageLose, ""},
		{StageResearch, StageReopen, ""},
		{StageLost, StageAdvance, ""},
	} {
		t.Run(c[0]+" "+c[1], func(t *testing.T) {
			f := f
			f.Reason = "x"
			step, err := AccountMachine.Take(c[0], c[1], team, f.Holds)
			if err == nil && step.Next(c[0]) != c[2] || (err == nil) != (c[2] != "") {
				t.Errorf("%q %v", step.To, err)
			}
			f.Reason = " "
			if _, err := AccountMachine.Take(c[0], c[1], team, f.Holds); c[2] != "" && domain.CodeOf(err) != "account.stage_reason" {
				t.Errorf("without a reason: %v", err)
			}
		})
	}
}

func TestHDupTellsCompaniesApart(t *testing.T) {
	a := Company{Name: "华联超市（上海）股份有限公司", USCC: "91310000607xxx1234", Phones: []string{"+86 138 0000 1234"}, Place: domain.Position{Lat: 31.23, Lng: 121.47}}
	for _, c := range []struct {
		b   Company
		why []string
	}{
		{Company{Name: "华联超市(上海)有限公司"}, []string{SameName}},
		{Company{Name: "华联超市（北京）有限公司"}, nil},
		{Company{Name: "別家", USCC: "９１310000607XXX1234"}, []string{SameUSCC}},
		{Company{Name: "別家", Phones: []string{"021-5555", "13800001234"}}, []string{SamePhone}},
		{Company{Name: "別家", Phones: []string{"0086-138-0000-1234"}}, []string{SamePhone}},
		{Company{Name: "別家", Phones: []string{"1234"}}, nil},
		{Company{Name: "別家", Place: domain.Position{Lat: 31.2303, Lng: 121.47}}, []string{Near}},
		{Company{Name: "別家", Place: domain.Position{Lat: 31.231, Lng: 121.47}}, nil},
		{Company{Name: "有限公司"}, nil},
	} {
		if got := Likeness(a, c.b); !slices.Equal(got, c.why) {
			t.Errorf("%+v: %v", c.b, got)
		}
	}
	if NameKey("有限公司") == "" {
		t.Error("a name of nothing but its form has no key")
	}
}

func TestHCon4ContractsExpire(t *testing.T) {
	for _, c := range [][3]string{
		{ContractEffective, "2026-11-01", ContractEffective},
		{ContractEffective, "2026-11-02", ContractExpiring},
		{ContractExpiring, "2026-12-01", ContractExpiring},
		{ContractExpiring, "2026-12-02", ContractExpired},
		{ContractEffective, "2027-01-01", ContractExpired},
		{ContractDraft, "2027-01-01", ContractDraft},
		{ContractTerminated, "2027-01-01", ContractTerminated},
	} {
		if got := ContractOn(c[0], "2026-12-01", c[1], 29); got != c[2] {
			t.Errorf("%v: %s", c, got)
		}
	}
	for _, c := range [][3]string{
		{ContractApproved, ContractSend, ContractSigning},
		{ContractApproved, ContractSign, ContractEffective},
		{ContractSigning, ContractSign, ContractEffective},
		{ContractDraft, ContractSign, ""},
		{ContractInReview, ContractSign, ""},
		{ContractExpired, ContractRenew, ContractRenewed},
		{ContractExpired, ContractTerminate, ""},
	} {
		step, err := ContractMachine.Take(c[0], c[1], []domain.Party{domain.PartyTeam}, ContractFacts{Signed: true, Reason: "x"}.Holds)
		if err == nil && step.Next(c[0]) != c[2] || (err == nil) != (c[2] != "") {
			t.Errorf("%v: %v %v", c, step.To, err)
		}
	}
	for _, c := range [][3]string{
		{ContractSigning, ContractSign, "contract.file_required"},
		{ContractEffective, ContractTerminate, "contract.reason_required"},
	} {
		if _, err := ContractMachine.Take(c[0], c[1], []domain.Party{domain.PartyTeam}, ContractFacts{Reason: " "}.Holds); domain.CodeOf(err) != c[2] {
			t.Errorf("%v: %v", c, err)
		}
	}
	if _, err := ContractMachine.Take(ContractEffective, ContractExpire, []domain.Party{domain.PartyTeam}, nil); err == nil {
		t.Error("somebody lets a contract expire")
	}
}

func TestHOppMajMajorDealsWaitForTheHead(t *testing.T) {
	for _, c := range []struct {
		stage, step string
		deal        Deal
		next, code  string
	}{
		{OppFound, OppAdvance, Deal{}, OppQualified, ""},
		{OppQualified, OppAdvance, Deal{}, OppProposal, ""},
		{OppProposal, OppAdvance, Deal{}, OppNegotiation, ""},
		{OppNegotiation, OppAdvance, Deal{}, "", "opportunity.state"},
		{OppNegotiation, OppWin, Deal{Major: true, Proof: true}, "", "opportunity.major_undecided"},
		{OppNegotiation, OppWin, Deal{Major: true, Decided: true, Proof: true}, OppNegotiation, ""}, // won, or to be confirmed, by its amount
		{OppNegotiation, OppWin, Deal{}, "", "opportunity.proof_required"},
		{OppProposal, OppWin, Deal{Proof: true}, "", "opportunity.state"},
		{OppProposal, OppSuspend, Deal{Reason: " "}, "", "opportunity.reason_required"},
		{OppProposal, OppSuspend, Deal{Reason: "x"}, OppSuspended, ""},
		{OppSuspended, OppResume, Deal{}, OppSuspended, ""}, // where it was is the row's to say
		{OppSuspended, OppLose, Deal{Reason: "x"}, "", "opportunity.state"},
		{OppFound, OppLose, Deal{Reason: "x", Code: "price"}, OppLost, ""},
		{OppFound, OppLose, Deal{Reason: "x"}, "", "opportunity.lost_code_required"},
		{OppFound, OppLose, Deal{Reason: "x", Code: "weather"}, "", "opportunity.lost_code_required"},
		{OppWinPending, OppLose, Deal{Reason: "x", Code: "price"}, "", "opportunity.state"},
		{OppWinPending, OppConfirm, Deal{}, OppWon, ""},
		{OppWinPending, OppReturn, Deal{}, "", "opportunity.reason_required"},
		{OppWinPending, OppReturn, Deal{Reason: "x"}, OppNegotiation, ""},
		{OppWon, OppReturn, Deal{Reason: "x"}, "", "opportunity.state"},
		{OppFound, OppLose, Deal{}, "", "opportunity.reason_required"},
		{OppWon, OppLose, Deal{Reason: "x"}, "", "opportunity.state"},
		{OppSuspended, OppDecide, Deal{}, OppSuspended, ""},
		{OppLost, OppDecide, Deal{}, "", "opportunity.locked"},
	} {
		t.Run(c.stage+" "+c.step+" "+c.code, func(t *testing.T) {
			next := ""
			step, err := OppMachine.Take(c.stage, c.step, []domain.Party{domain.PartyTeam, domain.PartyHead, domain.PartySuperior}, c.deal.Holds)
			if err == nil {
				next = step.Next(c.stage)
			}
			if next != c.next || domain.CodeOf(err) != c.code {
				t.Errorf("%+v: %q %v", c.deal, next, err)
			}
		})
	}
	for action, want := range map[string]string{OppAdvance: "record.not_allowed", OppDecide: "opportunity.not_head"} {
		if _, err := OppMachine.Take(OppWon, action, nil, nil); domain.CodeOf(err) != want {
			t.Errorf("%s by a stranger: %v", action, err)
		}
	}
}
