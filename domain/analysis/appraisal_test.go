package analysis

import "testing"

// policy: R1.4 analysis
//
// TestEveryInputOfAnAppraisalHasAKey: what indicators and deductions are counted of is
// answered by these figures. Of what is none yet nothing is known.
func TestEveryInputOfAnAppraisalHasAKey(t *testing.T) {
	for input, keys := range map[string][]string{
		"S1 amount_attain": {"attain_amount", "amount"}, "S2 volume_attain": {"attain_volume", "volume"}, "S3 profit_attain": {"attain_profit", "profit"},
		"S4 months_hit": {"months_hit"}, "C1 csat_account": {"satisfaction"}, "C2 retention": {"retention"}, "C3 new_ka": {"attain_new_accounts", "new_accounts"},
		"T1 collab": {"support_answered", "feedback"}, "T2 support": {"joint_visits", "intel"}, "K1 analysis": {"intel_accepted"},
		"K2 selling": {"conversion"}, "K3 communication": {"reply_on_time", "late_records"},
		"collection rate": {"collected_ratio"}, "plan completion": {"plan_completion"}, "tier coverage": {"coverage"}, "OTIF": {"otif"},
		"expense ratio": {"expense_ratio"}, "training score": {"training_score"}, "audit score": {"audit_score"},
		"late visit records": {"late_records"}, "false check-ins": {"visits_voided"}, "false expenses": {"false_expenses"}, "deductions": {"deductions"},
		"major complaints": {"major_complaints"}, "overdue approvals": {"overdue_approvals"}, "unsigned letters": {"letters_unsigned"},
		"order ageing": {"order_age"}, "returns": {"returned"}, "rebates": {"rebates"}, "accounts": {"account_count", "accounts"},
	} {
		for _, key := range keys {
			f, err := Find(key)
			if err != nil {
				t.Errorf("%s: %v", input, err)
				continue
			}
			for _, d := range []Dimension{Person, Team, Department, Month, Quarter, Year} {
				if !f.By(d) && key != "retention" {
					t.Errorf("%s: %s is not broken down by %s", input, key, d)
				}
			}
		}
	}
	for _, f := range Figures {
		none := f.Key == "satisfaction"
		if (f.Kind == None) != none {
			t.Errorf("%s: %s", f.Key, f.Kind)
		}
		if v := f.Kind.Value(&Part{Num: 7, Den: 3}); none && v != nil {
			t.Errorf("%s is %d, and not none", f.Key, *v)
		}
	}
}
