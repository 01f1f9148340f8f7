package expense

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"satchel/domain"
)

// AuditClaim is a paid claim, as far as its risk is judged.
type AuditClaim struct {
	ID        string
	Fen       int
	Special   bool // beyond budget or limit
	Warnings  int  // rules that warned
	Reviews   int  // rules that sent it to finance
	NoInvoice int  // lines without an invoice
	CutFen    int  // what finance took off
	Found     int  // findings that were confirmed about its owner before
}

// AuditPick is a claim that a sample has, and why it was likely to be drawn.
type AuditPick struct {
	Claim   string   `json:"claim"`
	Weight  int      `json:"weight"`
	Reasons []string `json:"reasons"`
}

// What makes a claim more likely to be drawn.
const (
	RiskAmount    = "amount"
	RiskSpecial   = "special"
	RiskWarnings  = "warnings"
	RiskReviews   = "reviews"
	RiskNoInvoice = "no_invoice"
	RiskCut       = "cut"
	RiskFound     = "found_before"
)

// auditDear is an amount from which a claim is looked at rather, in fen.
const auditDear = 5_000_00

// AuditRisk is how likely a claim is drawn, against one of which nothing speaks.
func AuditRisk(c AuditClaim) (weight int, reasons []string) {
	weight, reasons = 1, []string{}
	for _, r := range []struct {
		reason string
		weight int
	}{
		{RiskAmount, min(c.Fen/auditDear, 5)},
		{RiskSpecial, 3 * asInt(c.Special)},
		{RiskWarnings, min(c.Warnings, 5)},
		{RiskReviews, 2 * min(c.Reviews, 5)},
		{RiskNoInvoice, 2 * min(c.NoInvoice, 5)},
		{RiskCut, 2 * asInt(c.CutFen > 0)},
		{RiskFound, 5 * min(c.Found, 3)},
	} {
		if r.weight > 0 {
			weight += r.weight
			reasons = append(reasons, r.reason)
		}
	}
	return weight, reasons
}

func asInt(b bool) int {
	if b {
		return 1
	}
	return 0
}

// DrawAudit draws claims without putting them back, each as likely as its risk: see domain.Draw.
// All claims decide together, as a seed may be known before an id is chosen.
func DrawAudit(claims []AuditClaim, seed, size int) []AuditPick {
	lots, of := make([]domain.Lot, len(claims)), make(map[string]AuditPick, len(claims))
	for i, c := range claims {
		weight, reasons := AuditRisk(c)
		lots[i], of[c.ID] = domain.Lot{ID: c.ID, Weight: weight}, AuditPick{c.ID, weight, reasons}
	}
	picks := []AuditPick{}
	for _, id := range domain.Draw(lots, seed, AuditHash(claims))[:min(max(size, 0), len(claims))] {
		picks = append(picks, of[id])
	}
	return picks
}

// AuditHash is a digest of the claims that a sample was drawn of: who draws again sees
// whether they are the same.
func AuditHash(claims []AuditClaim) string {
	claims = slices.SortedFunc(slices.Values(claims), func(a, b AuditClaim) int { return cmp.Compare(a.ID, b.ID) })
	hash := sha256.New()
	for _, c := range claims {
		hash.Write(fmt.Appendf(nil, "%+v\n", c))
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// AuditSize is how many of a number of claims are drawn, at a share in basis points, and
// at least so many.
func AuditSize(population, shareBp, least int) int {
	return min(population, max(least, (population*shareBp+9_999)/10_000))
}
