package claims_test

import "testing"

// TestAClaimOfNobodys: what is to be paid to a supplier or a customer says to whom, before
// anybody signs it.
func TestAClaimOfNobodys(t *testing.T) {
	d := open(t)
	c := d.claim(rep, 100)
	d.Must(d.Update(rep, c, map[string]any{"payee_kind": "supplier"}))
	d.Expect("to nobody", d.Act(rep, c, "submit", ""), "claim.payee_invalid payee")
}
