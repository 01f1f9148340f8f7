package attack

import (
	"strings"

	"satchel/internal/testapp"
)

// argumentsOf are those of an action for the marked row: none, and whole ones.
func (w *world) argumentsOf(action string) []string {
	args := testapp.Whole[action]
	if args == "" {
		return []string{"{}"}
	}
	pairs := []string{"{service}", w.As("service.qian").GetString("department"), "{peer}", w.As(names["peer"]).Id, "{market}", w.As("market.tang").Id}
	for collection, id := range w.rows {
		pairs = append(pairs, "{"+collection+"}", id)
	}
	return []string{"{}", strings.NewReplacer(pairs...).Replace(args)}
}
