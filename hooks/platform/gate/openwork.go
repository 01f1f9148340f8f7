package gate

import "github.com/pocketbase/pocketbase/core"

// OpenWork counts what a person has to hand over before he leaves.
type OpenWork struct {
	Collection string
	Count      func(app core.App, user string) (int64, error)
}

const openWorkKey = "satchel.openwork"

// SetOpenWork says what people have to hand over.
func SetOpenWork(app core.App, all []OpenWork) { app.Store().Set(openWorkKey, all) }

// OpenWorkOf is what people have to hand over, as the areas declare it.
func OpenWorkOf(app core.App) []OpenWork {
	all, _ := app.Store().Get(openWorkKey).([]OpenWork)
	return all
}
