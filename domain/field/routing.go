package field

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
