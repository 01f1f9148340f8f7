package schemes

import (
	"reflect"

	"satchel/domain"
	"satchel/domain/appraisal"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// library is the indicators (R6.1). Those that the system computes are locked as they came;
// a company adds its own, and says which it uses.
func library() kit.Collection {
	return kit.Collection{
		Name:   records.IndicatorTable,
		Server: []string{records.IndicatorColLocked},
		Once:   []string{records.IndicatorColCode, records.IndicatorColKind},
		Audit: gate.Audit{Create: true, Fields: []string{
			records.IndicatorColFormula, records.IndicatorColBand, records.IndicatorColActive,
		}},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Indicators, "indicatorCreate", indicatorCreate),
			kit.On(kit.Update, records.Indicators, "indicatorUpdate", indicatorUpdate),
		},
	}
}

func indicatorCreate(e *kit.Change[records.Indicator]) error {
	if err := checkIndicator(e.Row); err != nil {
		return err
	}
	return e.Next()
}

// indicatorUpdate leaves of a locked one whether it is used, and the note.
func indicatorUpdate(e *kit.Change[records.Indicator]) error {
	before := e.Before()
	if !before.Locked() {
		if err := checkIndicator(e.Row); err != nil {
			return err
		}
		return e.Next()
	}
	was, err := itemOf(before)
	if err != nil {
		return err
	}
	is, err := itemOf(e.Row)
	if err != nil {
		return err
	}
	if !e.Row.Locked() || !reflect.DeepEqual(was, is) {
		return gate.Refuse("indicator.locked", "code", before.Code())
	}
	return e.Next()
}

func itemOf(row records.Indicator) (item appraisal.Item, err error) {
	item = appraisal.Item{
		Code: row.Code(), Group: string(row.Category()), Name: domain.Texts{ZH: row.NameZh(), EN: row.NameEn()}, Kind: string(row.Kind()), Formula: appraisal.Formula(row.Formula()),
	}
	if item.Band, err = row.Band(); err != nil {
		return item, gate.RefuseField(records.IndicatorColBand, appraisal.FaultJSON, "fault", err.Error())
	}
	if item.Hints, err = row.Hints(); err != nil {
		return item, gate.RefuseField(records.IndicatorColHints, appraisal.FaultJSON, "fault", err.Error())
	}
	return item, nil
}

func checkIndicator(row records.Indicator) error {
	item, err := itemOf(row)
	if err != nil {
		return err
	}
	faults := appraisal.CheckIndicator(item)
	if len(faults) == 0 {
		return nil
	}
	first := faults[0].Problem
	return gate.Refuse("indicator.invalid", "at", faults[0].At, "fault", domain.Texts{ZH: first.Text("zh"), EN: first.Text("en")})
}
