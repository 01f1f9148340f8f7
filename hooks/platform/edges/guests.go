package edges

// forGuests are the routes, by method and pattern, that take a body of somebody who
// has not said who he is: those by which he says it,
// and answers of customers. Everywhere else he is asked first.
var forGuests = map[string]bool{
	"POST /api/collections/{collection}/auth-with-password":     true,
	"POST /api/collections/{collection}/auth-with-oauth2":       true,
	"POST /api/collections/{collection}/request-otp":            true,
	"POST /api/collections/{collection}/auth-with-otp":          true,
	"POST /api/collections/{collection}/request-password-reset": true,
	"POST /api/collections/{collection}/confirm-password-reset": true,
	"POST /api/collections/{collection}/request-verification":   true,
	"POST /api/collections/{collection}/confirm-verification":   true,
	"POST /api/collections/{collection}/confirm-email-change":   true,
	"POST /api/oauth2-redirect":                                 true, // a form of the provider's
	"POST /api/realtime":                                        true, // whose connections end soon where no login follows
	"POST /s/{token}":                                           true, // brings a customer's link
	"POST /api/sync/token":                                      true, // brings a phone's credential
}
