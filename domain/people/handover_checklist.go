package people

import (
	"time"

	"satchel/domain"
)

// ChecklistItem is one thing that two people go through when accounts change hands.
type ChecklistItem struct {
	Item string    `json:"item"`
	By   string    `json:"by,omitempty"` // who ticked it off
	At   time.Time `json:"at,omitzero"`
}

// Tick marks an item as done, or returns handover.item_unknown.
func Tick(list []ChecklistItem, item, by string, at time.Time) error {
	for i := range list {
		if list[i].Item == item {
			list[i].By, list[i].At = by, at
			return nil
		}
	}
	return domain.Problem{Code: "handover.item_unknown", Params: map[string]any{"item": item}}
}

// OpenItems counts what nobody has ticked off.
func OpenItems(list []ChecklistItem) (n int) {
	for _, i := range list {
		if i.By == "" {
			n++
		}
	}
	return n
}
