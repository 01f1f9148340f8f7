package gate

import "github.com/pocketbase/pocketbase/core"

// OpenWork counts what a person has to hand over before he leaves. Areas declare
// theirs, hooks.go joins them.
type OpenWork struct {
	Collection string
	Count      func(app core.App, user string) (int64, error)
}
