// Package transfer takes lists in and gives them out: people, accounts and
// contacts from CSV and Excel, with a trial run that names each bad row, and
// every list that somebody may see as CSV or Excel. Both act as who asks, under
// the rules of the collections.
package transfer

import (
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/hooks/gate"
)

// Bind registers the area's routes:
//
//	POST /api/ka/import/{collection}?mode=all|rows&dry_run=true   multipart, the field file
//	GET  /api/ka/export/{collection}?format=csv|xlsx&filter=&lang=zh|en
func Bind(app core.App, cfg gate.Config) {
	s := &service{now: cfg.Now}
	app.OnServe().Bind(gate.Named("transferRoutes", func(e *core.ServeEvent) error {
		auth := apis.RequireAuth(gate.Users, core.CollectionNameSuperusers)
		e.Router.POST("/api/ka/import/{collection}", inOffice(s.take)).Bind(auth, apis.BodyLimit(maxFile))
		e.Router.GET("/api/ka/export/{collection}", inOffice(s.give)).Bind(auth)
		return e.Next()
	}))
}

type service struct{ now func() time.Time }

// inOffice turns away whoever is no longer active.
func inOffice(fn func(e *core.RequestEvent) error) func(e *core.RequestEvent) error {
	return func(e *core.RequestEvent) error {
		if !e.Auth.IsSuperuser() && !e.Auth.GetBool("active") {
			return gate.Answer(http.StatusUnauthorized, domain.Problem{Code: "user_disabled"}, nil)
		}
		return fn(e)
	}
}
