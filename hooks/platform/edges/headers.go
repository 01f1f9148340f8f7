package edges

import (
	"net/http"
	"strings"

	"satchel/syncer"
)

// policies say what a browser may do with an answer, by the beginning of its
// path; the longest counts. An empty one leaves it to PocketBase, whose dashboard
// needs styles of its own.
var policies = map[string]string{
	"/_/":         "",
	"/api/files/": "default-src 'none'; media-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox",
	"/api/":       "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox",
	// A customer's page runs nothing and sends its form here alone.
	"/s/": "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
	// Pages of ours load what lies beside them, ask this server alone, and write
	// no text into the document as markup.
	"/": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; " +
		"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'",
}

// held sets the headers by which a browser holds an answer to what it is for. It
// stands around all routes: what the mux answers by itself, and what is refused
// before it reaches an area, has them too.
func (c Config) held(routes http.Handler) http.Handler {
	if c.Planted == syncer.PlantNoPolicy {
		return routes
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		if policy := policyOf(r.URL.Path); policy != "" {
			h.Set("Content-Security-Policy", policy)
		}
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()")
		routes.ServeHTTP(w, r)
	})
}

func policyOf(path string) string {
	longest := ""
	for start := range policies {
		if strings.HasPrefix(path, start) && len(start) > len(longest) {
			longest = start
		}
	}
	return policies[longest]
}
