package expense

import "time"

// ClaimFacts is all that a rule may look at of a claim: values, no rows. A phone fills
// what it has down.
type ClaimFacts struct {
	ID        string      `json:"id"`
	Owner     string      `json:"owner"`
	Role      string      `json:"role"` // the owner's, when the claim is handed in
	Dept      string      `json:"dept"`
	SubmitDay string      `json:"submit_day"`
	Advance   string      `json:"advance,omitzero"`
	Lines     []LineFacts `json:"lines"`
	// OverdueAdvances are the owner's that are neither cleared nor returned in time.
	OverdueAdvances int `json:"overdue_advances,omitzero"`
	// NoInvoiceFen is, by month (YYYY-MM), what the owner's other claims have without an invoice.
	NoInvoiceFen map[string]int `json:"no_invoice_fen,omitzero"`
	// Others are lines of the owner's other claims about these days, as far as they take of
	// what counts once: days, nights, distances, bills and gifts of a day.
	Others []LineFacts `json:"others,omitzero"`
}

// LineFacts are one line of a claim, with what stands behind it.
type LineFacts struct {
	ID              string         `json:"id"`
	Category        string         `json:"category"`       // the category's code
	Above           []string       `json:"above,omitzero"` // codes of the categories above it, the nearest first
	Day             string         `json:"day"`
	ToDay           string         `json:"to_day,omitzero"` // the last day of several; Day if empty
	At              time.Time      `json:"at,omitzero"`     // when, where that matters
	City            string         `json:"city,omitzero"`
	Fen             int            `json:"amount_fen"`
	Merchant        string         `json:"merchant,omitzero"`
	Account         string         `json:"account,omitzero"`
	Accounts        []string       `json:"accounts,omitzero"` // of its shares
	Node            string         `json:"node,omitzero"`     // of a budget, that it names itself
	Contact         string         `json:"contact,omitzero"`
	Visit           string         `json:"visit,omitzero"`
	Activity        string         `json:"activity,omitzero"`
	Contract        string         `json:"contract,omitzero"`
	Attendees       []Attendee     `json:"attendees,omitzero"`
	Nights          int            `json:"nights,omitzero"`
	DistanceM       int            `json:"distance_m,omitzero"`   // claimed
	TrackedM        int            `json:"tracked_m,omitzero"`    // of the owner's tracks of these days
	TrackedDays     map[string]int `json:"tracked_days,omitzero"` // it by days, as far as that is known
	Currency        string         `json:"currency,omitzero"`     // CNY if empty
	ForeignFen      int            `json:"foreign_fen,omitzero"`  // in hundredths of that currency
	RatePPM         int            `json:"rate_ppm,omitzero"`     // millionths of a yuan for one of it
	RateDay         string         `json:"rate_day,omitzero"`
	Reason          string         `json:"reason,omitzero"` // why it stays in spite of a warning
	NoInvoiceReason string         `json:"no_invoice_reason,omitzero"`

	Preapproval *PreapprovalFacts `json:"preapproval,omitzero"`
	Invoices    []LineInvoice     `json:"invoices,omitzero"`
	// Visits are the owner's valid visits of the line's days.
	Visits []VisitFacts `json:"visits,omitzero"`
	// Gifts are what other claims and care tasks gave in the line's year: in fen, to its
	// account and to its contact.
	AccountGiftsFen int `json:"account_gifts_fen,omitzero"`
	ContactGiftsFen int `json:"contact_gifts_fen,omitzero"`
	// Fee is what a fee of display, entry or stacks is paid against.
	Fee *FeeFacts `json:"fee,omitzero"`
	// SellerFen is what the owner's other claims have of the line's sellers on its day.
	SellerFen int `json:"seller_fen,omitzero"`

	// Alike are other lines of the same category, day and amount.
	Alike []AlikeLine `json:"alike,omitzero"`
}

// Sides of an attendee.
const (
	AttendeeOurs   = "ours"
	AttendeeTheirs = "theirs"
)

// Attendee is somebody who took part.
type Attendee struct {
	Name    string `json:"name"`
	Company string `json:"company,omitzero"`
	Side    string `json:"side"`
}

// LineInvoice is an invoice as far as a line uses it.
type LineInvoice struct {
	InvoiceFacts
	ID          string   `json:"id"`
	Key         string   `json:"key,omitzero"`
	UsedFen     int      `json:"used_fen"`              // by this line
	OtherFen    int      `json:"other_fen,omitzero"`    // by all other active uses
	OtherTaxFen int      `json:"-"`                     // of them, as far as they are parts
	Verify      string   `json:"verify_state,omitzero"` // unverified, valid, void, red, failed
	Buyer       string   `json:"buyer,omitzero"`        // see InvoiceBuyer
	Electronic  bool     `json:"electronic,omitzero"`   // its original file is kept
	Risks       []string `json:"risks,omitzero"`        // codes
	NoPaper     bool     `json:"no_paper,omitzero"`     // nothing of it was photographed or kept
	GoodsList   bool     `json:"goods_list,omitzero"`   // its list of goods is with it
}

// PreapprovalFacts are a pre-approval that a line names.
type PreapprovalFacts struct {
	ID         string `json:"id"`
	Kind       string `json:"kind"`
	Category   string `json:"category,omitzero"` // for which it was agreed: that which it names, else its kind's; none if there is no such
	State      string `json:"state"`
	Account    string `json:"account,omitzero"`
	Node       string `json:"node,omitzero"`
	PlannedFen int    `json:"planned_fen"`
	LeftFen    int    `json:"left_fen"` // below nothing once claims took more than was planned
	Day        string `json:"day,omitzero"`
	ToDay      string `json:"to_day,omitzero"`
	ExpiresOn  string `json:"expires_on,omitzero"`
	Applied    string `json:"applied_on,omitzero"` // when it was handed in
	Emergency  bool   `json:"emergency,omitzero"`
	PaperDue   string `json:"paper_due,omitzero"`
}

// VisitFacts are a valid visit of the owner's.
type VisitFacts struct {
	ID      string    `json:"id"`
	Account string    `json:"account"`
	Day     string    `json:"day"`
	From    time.Time `json:"from,omitzero"`
	To      time.Time `json:"to,omitzero"`
	Photos  int       `json:"photos,omitzero"`
}

// FeeFacts are what a fee is paid against: a contract in force or an activity, and
// photos of valid visits in its period.
type FeeFacts struct {
	Contract    bool `json:"contract,omitzero"` // in force on the line's days, with the line's account
	Activity    bool `json:"activity,omitzero"`
	LimitFen    int  `json:"limit_fen,omitzero"`   // of the contract or activity; 0 if it names none
	ByActivity  bool `json:"by_activity,omitzero"` // the limit is the activity's, though there is a contract
	PaidFen     int  `json:"paid_fen,omitzero"`    // by other claims, of what has the limit
	VisitPhotos int  `json:"visit_photos,omitzero"`
}

// AlikeLine is another line of the same category, day and amount.
type AlikeLine struct {
	Claim    string `json:"claim"`
	Own      bool   `json:"own"`
	Merchant string `json:"merchant,omitzero"`
}

// Severities of a rule's hit.
const (
	HitBlocks  = "block"  // the claim is not handed in
	HitWarns   = "warn"   // the line wants a reason
	HitReviews = "review" // finance looks at it
)

// Hit is a rule that a line, or the claim as a whole, does not keep.
type Hit struct {
	Line     string         `json:"line,omitzero"` // empty for the claim as a whole
	Rule     string         `json:"rule"`
	Version  int            `json:"version"`
	Code     string         `json:"code"`
	Severity string         `json:"severity"`
	Clause   string         `json:"clause,omitzero"`
	Params   map[string]any `json:"params,omitzero"`
	Pass     string         `json:"pass,omitzero"`   // what would keep it
	Limit    bool           `json:"limit,omitzero"`  // it bounds an amount or a time: special approval may let it pass
	Reason   string         `json:"reason,omitzero"` // the line's, as judged
}

// Use is an invoice, or a part of it, that a line of a claim asks money for.
type Use struct {
	ID, Line, Invoice string
	Fen               int
}
