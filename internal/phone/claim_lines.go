package phone

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"satchel/domain"
	"satchel/domain/expense"
)

func (f *claimFacts) usesOf(line string) (out []Row) {
	for _, u := range f.tables["expense_uses"] {
		if u.Text("line") == line {
			out = append(out, u)
		}
	}
	return out
}

// categories are the code of a category and of those above it.
func (f *claimFacts) categories(id string) (code string, above []string) {
	for up := f.of[f.of[id].Text("parent")]; up != nil && len(above) < 16; up = f.of[up.Text("parent")] {
		above = append(above, up.Text("code"))
	}
	return f.of[id].Text("code"), above
}

func (f *claimFacts) addLine(i int, row Row) error {
	l := expense.LineFacts{
		ID: row.Text("id"), Day: row.Text("day"), ToDay: row.Text("to_day"), At: row.at("at"), City: row.Text("city"), Fen: row.Whole("amount_fen"), Merchant: row.Text("merchant"),
		Account: row.Text("account"), Contact: row.Text("contact"), Visit: row.Text("visit"), Activity: row.Text("activity"), Contract: row.Text("contract"),
		Nights: row.Whole("nights"), DistanceM: row.Whole("distance_m"), Currency: row.Text("currency"), ForeignFen: row.Whole("foreign_fen"), RatePPM: row.Whole("rate_ppm"),
		RateDay: row.Text("rate_day"), Reason: row.Text("reason"), NoInvoiceReason: strings.TrimSpace(row.Text("no_invoice_reason")), Node: row.Text("node"),
	}
	for _, share := range f.tables["expense_shares"] {
		if share.Text("line") == l.ID {
			l.Accounts = append(l.Accounts, share.Text("account"))
		}
	}
	l.Category, l.Above = f.categories(row.Text("category"))
	if err := row.into("attendees", &l.Attendees); err != nil {
		f.wrong = domain.Problem{Code: "claim.attendees_invalid"}
	}
	money := expense.ClaimLine{ID: l.ID, Name: fmt.Sprint(i+1, " ", f.of[row.Text("category")].Text("name_zh"))}
	f.names[l.ID] = money.Name
	for _, use := range f.usesOf(l.ID) {
		invoice, err := f.invoice(use)
		if domain.CodeOf(err) != "" {
			f.wrong = cmp.Or(f.wrong, err)
			err = nil
		}
		if err != nil {
			return err
		}
		l.Invoices = append(l.Invoices, invoice)
		money.Uses = append(money.Uses, expense.Use{ID: use.Text("id"), Line: l.ID, Invoice: invoice.ID, Fen: invoice.UsedFen})
	}
	f.addWork(&l)
	f.addGiven(&l, row.Text("category"))
	f.addAgreed(&l, row.Text("preapproval"))
	if c := expense.ComputeLine(f.rules, f.claim.Role, l); l.Fen == 0 && c != nil && c.NoInvoice { // left open: the server fills it in
		l.Fen = c.Fen
	}
	money.Fen, money.Last = l.Fen, max(l.Day, l.ToDay)
	f.claim.Lines, f.money = append(f.claim.Lines, l), append(f.money, money)
	return nil
}

// addWork adds the owner's valid visits of a line's days, and what his tracks came to.
func (f *claimFacts) addWork(l *expense.LineFacts) {
	last := max(l.Day, l.ToDay)
	l.TrackedDays = map[string]int{}
	for _, v := range f.tables["visits"] {
		at := v.at("in_at")
		day := domain.BusinessDay(at)
		if v.Text("owner") != f.claim.Owner || at.IsZero() || day < l.Day || day > last || v["counts"] == false {
			continue // one that the server has not judged yet counts for now
		}
		l.Visits = append(l.Visits, expense.VisitFacts{ID: v.Text("id"), Account: v.Text("account"), Day: day, From: at, To: v.at("out_at")})
	}
	for _, s := range f.tables["work_sessions"] {
		if day := s.Text("date"); s.Text("owner") == f.claim.Owner && l.Day <= day && day <= last {
			l.TrackedM += s.Whole("distance_m")
			l.TrackedDays[day] += s.Whole("distance_m")
		}
	}
}

// addGiven adds what other claims and care tasks gave and paid, as far as the phone knows.
func (f *claimFacts) addGiven(l *expense.LineFacts, category string) {
	for _, line := range f.tables["expense_lines"] {
		if line.Text("claim") == f.claim.ID && line.Text("id") != l.ID && line.Text("category") == category && line.Text("day") == l.Day && line.Whole("amount_fen") == l.Fen &&
			len(l.Invoices)+len(f.usesOf(line.Text("id"))) == 0 {
			l.Alike = append(l.Alike, expense.AlikeLine{Claim: f.claim.ID, Own: true, Merchant: line.Text("merchant")})
		}
	}
	year := l.Day[:min(4, len(l.Day))]
	for _, task := range f.tables["care_tasks"] {
		if task.Text("state") == "done" && strings.HasPrefix(task.Text("due"), year) {
			f.give(l, task, max(task.Whole("gift_value_fen")-f.claimedOf(task), 0))
		}
	}
	for _, other := range f.others {
		code, above := f.categories(other.Text("category"))
		if expense.NamedBy(f.rules, expense.RuleGift, append([]string{code}, above...)) && strings.HasPrefix(other.Text("day"), year) {
			f.give(l, other, other.Whole("amount_fen"))
		}
		uses := f.usesOf(other.Text("id"))
		if other.Text("day") != l.Day {
			continue
		}
		if len(l.Invoices)+len(uses) == 0 && other.Text("category") == category && other.Whole("amount_fen") == l.Fen {
			l.Alike = append(l.Alike, expense.AlikeLine{Claim: other.Text("claim"), Own: true, Merchant: other.Text("merchant")})
		}
		facts := expense.LineFacts{Merchant: other.Text("merchant")}
		for _, use := range uses {
			if i, err := f.invoice(use); err == nil {
				facts.Invoices = append(facts.Invoices, i)
			}
		}
		if slices.ContainsFunc(l.Sellers(), func(name string) bool { return slices.Contains(facts.Sellers(), name) }) {
			l.SellerFen += other.Whole("amount_fen")
		}
	}
}

// claimedOf is what lines claim of a care task's gift.
func (f *claimFacts) claimedOf(task Row) (fen int) {
	for _, l := range f.tables["expense_lines"] {
		counts := l.Text("claim") == f.claim.ID || f.given[l.Text("claim")]
		code, above := f.categories(l.Text("category"))
		if counts && l.Text("care_task") == task.Text("id") && l.Text("account") == task.Text("account") && l.Text("contact") == task.Text("contact") &&
			expense.NamedBy(f.rules, expense.RuleGift, append([]string{code}, above...)) {
			fen += l.Whole("amount_fen")
		}
	}
	return fen
}

func (f *claimFacts) give(l *expense.LineFacts, to Row, fen int) {
	if l.Account != "" && to.Text("account") == l.Account {
		l.AccountGiftsFen += fen
	}
	if l.Contact != "" && to.Text("contact") == l.Contact {
		l.ContactGiftsFen += fen
	}
}

// agreedFor is the code of the category that a pre-approval names, else that of its kind.
func (f *claimFacts) agreedFor(p Row) string {
	if named := f.of[p.Text("category")]; named != nil {
		return named.Text("code")
	}
	for _, c := range f.of {
		if code := c.Text("code"); code != "" && code == expense.PreapprovalCategory(p.Text("kind")) {
			return code
		}
	}
	return ""
}

// addAgreed adds the pre-approval that a line names, and what a fee is paid against.
func (f *claimFacts) addAgreed(l *expense.LineFacts, preapproval string) {
	if p := f.row("preapprovals", preapproval); p != nil && p.Text("owner") == f.claim.Owner {
		l.Preapproval = &expense.PreapprovalFacts{
			ID: preapproval, Kind: p.Text("kind"), State: p.Text("state"), Account: p.Text("account"), Node: p.Text("node"), PlannedFen: p.Whole("planned_fen"),
			LeftFen: p.Whole("planned_fen") - p.Whole("used_fen"), Day: p.Text("day"), ToDay: p.Text("to_day"), ExpiresOn: p.Text("expires_on"), Applied: domain.BusinessDay(p.at("submitted_at")),
			Emergency: p["emergency"] == true, PaperDue: p.Text("paper_due"), Category: f.agreedFor(p),
		}
	}
	if len(expense.RulesFor(f.rules, expense.RuleFee, f.claim.Role, *l)) == 0 {
		return
	}
	l.Fee = &expense.FeeFacts{}
	last := max(l.Day, l.ToDay)
	if c := f.row("contracts", l.Contract); c != nil && c.Text("account") == l.Account && c.Text("start_date") <= l.Day && c.Text("end_date") >= last {
		l.Fee.Contract, l.Fee.LimitFen = true, c.Whole("amount_fen")
	}
	if a := f.row("activities", l.Activity); a != nil && slices.Contains([]string{"approved", "running", "ended", "reported"}, a.Text("state")) {
		l.Fee.ByActivity = l.Fee.LimitFen == 0
		l.Fee.Activity, l.Fee.LimitFen = true, cmp.Or(l.Fee.LimitFen, a.Whole("planned_fen"))
	}
	by, id := "activity", l.Activity
	if l.Fee.OfContract() {
		by, id = "contract", l.Contract
	}
	for _, other := range f.others {
		if l.Fee.LimitFen > 0 && other.Text(by) == id {
			l.Fee.PaidFen += other.Whole("amount_fen")
		}
	}
	for _, b := range f.tables["blobs"] {
		if slices.ContainsFunc(l.Visits, func(v expense.VisitFacts) bool { return v.Account == l.Account && v.ID == b.Text("visit") }) {
			l.Fee.VisitPhotos++
		}
	}
}
