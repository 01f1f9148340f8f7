package hooks

import (
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/notifications"
)

// changes are what entries of the audit log say of any row.
var changes = []string{"create", "update", "delete", "override", "raw.delete", "collection.drop"}

// clocked is what jobs do to rows beside people's actions.
var clocked = []string{"approvals.reroute", "approvals.remind", "contracts.expire", "cases.escalate"}

// knownEvent reports whether an event of that name, or of the pattern, can come.
func knownEvent(app core.App, actions gate.Actions, pattern string) bool {
	if pattern == "*" {
		return true
	}
	collection, what, ok := strings.Cut(pattern, ".")
	if !ok || what == "" {
		return false
	}
	if c, err := app.FindCachedCollectionByNameOrId(collection); err != nil || c.Name != collection || c.System {
		return pattern == notifications.EventName("", "sql.console")
	}
	if what == "*" {
		return true
	}
	is := func(action string) bool { return notifications.EventName(collection, action) == pattern }
	if slices.ContainsFunc(changes, is) || slices.ContainsFunc(clocked, is) {
		return true
	}
	for name := range actions {
		if is(name) {
			return true
		}
	}
	return false
}
