package migrations

import (
	"github.com/pocketbase/pocketbase/core"
	m "github.com/pocketbase/pocketbase/migrations"
)

// Where logins came from: place is a hash of login and address, owner the
// login's collection and id, last in Unix seconds. And PocketBase's own limits,
// by address, for what a stranger may ask: the rest is asked by whole offices
// behind one address.
func init() {
	m.Register(func(app core.App) error {
		for _, stmt := range []string{
			`CREATE TABLE _login_places (place TEXT PRIMARY KEY NOT NULL, owner TEXT NOT NULL, last INTEGER NOT NULL) WITHOUT ROWID`,
			`CREATE INDEX _login_places_owner ON _login_places (owner, last)`,
		} {
			if _, err := app.DB().NewQuery(stmt).Execute(); err != nil {
				return err
			}
		}
		limits := &app.Settings().RateLimits
		limits.Enabled, limits.Rules = true, []core.RateLimitRule{
			{Label: "*:auth", MaxRequests: 300, Duration: 60},
			{Label: "/api/collections/", Audience: core.RateLimitRuleAudienceGuest, MaxRequests: 300, Duration: 60},
			{Label: "/api/realtime", Audience: core.RateLimitRuleAudienceGuest, MaxRequests: 300, Duration: 60},
		}
		for _, action := range []string{
			"requestOTP", "requestPasswordReset", "confirmPasswordReset", "requestVerification", "confirmVerification",
			"requestEmailChange", "confirmEmailChange",
		} {
			limits.Rules = append(limits.Rules, core.RateLimitRule{Label: "*:" + action, MaxRequests: 60, Duration: 60})
		}
		return app.Save(app.Settings())
	}, func(app core.App) error {
		if _, err := app.DB().NewQuery(`DROP TABLE _login_places`).Execute(); err != nil {
			return err
		}
		app.Settings().RateLimits = core.RateLimitsConfig{Rules: []core.RateLimitRule{ // as PocketBase makes them
			{Label: "*:auth", MaxRequests: 2, Duration: 3},
			{Label: "*:create", MaxRequests: 20, Duration: 5},
			{Label: "/api/batch", MaxRequests: 3, Duration: 1},
			{Label: "/api/", MaxRequests: 300, Duration: 10},
		}}
		return app.Save(app.Settings())
	})
}
