package syncer

import (
	"encoding/json/jsontext"

	"github.com/pocketbase/dbx"
)

// showHidden is the fault PlantHiddenField: conflicts carry a column that no phone may see.
func (s *Session) showHidden(rule *Rule, rec string, conflicts []Conflict) error {
	for _, name := range rule.Collection.Columns {
		if _, visible := rule.Collection.Field(name); visible {
			continue
		}
		for i := range conflicts {
			var value string
			err := s.tx.NewQuery("SELECT `" + name + "` FROM `" + rule.Collection.Name + "` WHERE id = {:r}").Bind(dbx.Params{"r": rec}).Row(&value)
			if err != nil {
				return err
			}
			conflicts[i].Ancestor = jsontext.Value(jsonText(value))
		}
	}
	return nil
}

// RewritesSteps is the fault PlantStepRewritten.
func (p Planted) RewritesSteps() bool { return p == PlantStepRewritten }
