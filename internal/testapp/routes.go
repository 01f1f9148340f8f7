package testapp

import (
	"reflect"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// Routes lists every route that is registered, PocketBase's and ours, as "METHOD
// /path/{value}", without a method where the route takes all.
func (a *App) Routes() []string {
	a.t.Helper()
	a.Handler()
	return routesBelow("", reflect.ValueOf(a.router.RouterGroup).Elem())
}

// routesBelow reads what the router keeps to itself.
func routesBelow(prefix string, group reflect.Value) (all []string) {
	prefix += group.FieldByName("Prefix").String()
	for _, child := range group.FieldByName("children").Seq2() {
		child = child.Elem().Elem()
		if child.Type() == reflect.TypeFor[router.Route[*core.RequestEvent]]() {
			all = append(all, strings.TrimSpace(child.FieldByName("Method").String()+" "+prefix+child.FieldByName("Path").String()))
		} else {
			all = append(all, routesBelow(prefix, child)...)
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}
