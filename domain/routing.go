package domain

// What a piece of feedback becomes.
const (
	RouteIssue   = "issue"
	RouteSupport = "support_request"
	RouteProduct = "product_request"
	RouteIntel   = "intel"
)

// Destination is what a piece of feedback becomes, and the kind of the
// department that it goes to.
type Destination struct{ Kind, Department string }

// feedbackRoutes is where feedback of each theme goes (R4.8).
var feedbackRoutes = map[string]Destination{
	"quality":    {RouteIssue, "service"},
	"delivery":   {RouteIssue, "service"},
	"service":    {RouteIssue, "service"},
	"technical":  {RouteIssue, "product"},
	"product":    {RouteProduct, "product"},
	"price":      {RouteIntel, "market"},
	"competitor": {RouteIntel, "market"},
	"promotion":  {RouteSupport, "market"},
	"payment":    {RouteSupport, "finance"},
	"other":      {RouteSupport, "service"},
}

// FeedbackThemes lists the themes, in the order of forms.
var FeedbackThemes = []string{"quality", "delivery", "service", "technical", "product", "price", "competitor", "promotion", "payment", "other"}

// RouteFeedback is where feedback of a theme goes.
func RouteFeedback(theme string) Destination {
	if d, ok := feedbackRoutes[theme]; ok {
		return d
	}
	return feedbackRoutes["other"]
}

// IntelDepartments are the kinds of departments that a report of this kind goes
// to beside the head of its author's (H-INTEL).
func IntelDepartments(kind string) []string {
	switch kind {
	case "competitor", "product":
		return []string{"market", "product"}
	case "service":
		return []string{"market", "service"}
	}
	return []string{"market"}
}

// States of a support request.
const (
	SupportOpen      = "open"
	SupportAccepted  = "accepted"
	SupportAnswered  = "answered"
	SupportRefused   = "refused"
	SupportClosed    = "closed"
	SupportWithdrawn = "withdrawn"
)

// supportMoves: by is who may, "dept" the department that was asked and "from" who asked.
var supportMoves = map[string]struct {
	from []string
	to   string
	by   string
}{
	"accept":   {[]string{SupportOpen}, SupportAccepted, "dept"},
	"answer":   {[]string{SupportOpen, SupportAccepted}, SupportAnswered, "dept"},
	"refuse":   {[]string{SupportOpen, SupportAccepted}, SupportRefused, "dept"},
	"reopen":   {[]string{SupportAnswered, SupportRefused}, SupportOpen, "from"},
	"close":    {[]string{SupportAnswered, SupportRefused}, SupportClosed, "from"},
	"withdraw": {[]string{SupportOpen, SupportAccepted}, SupportWithdrawn, "from"},
}

// SupportMove returns the state that an action leads to: request.state, or
// request.not_party if who acts is not on that side.
func SupportMove(state, action string, asked, asking bool) (string, error) {
	move, ok := supportMoves[action]
	if !ok {
		return "", Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
	}
	if (move.by == "dept" && !asked) || (move.by == "from" && !asking) {
		return "", Problem{Code: "request.not_party"}
	}
	for _, s := range move.from {
		if s == state {
			return move.to, nil
		}
	}
	return "", Problem{Code: "request.state", Params: map[string]any{"from": state, "action": action}}
}

// productMoves are steps of a product request, all of the product department.
var productMoves = map[string]struct {
	from []string
	to   string
}{
	"review":  {[]string{"new"}, "reviewing"},
	"promise": {[]string{"new", "reviewing"}, "planned"},
	"finish":  {[]string{"planned"}, "done"},
	"decline": {[]string{"new", "reviewing", "planned"}, "declined"},
}

// ProductMove returns the state that a step leads to, or request.state.
func ProductMove(state, action string) (string, error) {
	move, ok := productMoves[action]
	if !ok {
		return "", Problem{Code: "action.unknown", Params: map[string]any{"action": action}}
	}
	for _, s := range move.from {
		if s == state {
			return move.to, nil
		}
	}
	return "", Problem{Code: "request.state", Params: map[string]any{"from": state, "action": action}}
}
