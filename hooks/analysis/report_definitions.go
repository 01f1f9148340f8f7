package analysis

import (
	"slices"
	"strings"

	"satchel/domain"
	"satchel/domain/analysis"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

// definitions are reports that people have made of figures each month.
func (s *Service) definitions() kit.Collection {
	return kit.Collection{
		Name:   records.ReportDefinitionTable,
		Server: []string{records.ReportDefinitionColLastMonth},
		Once:   []string{records.ReportDefinitionColOwner},
		Audit: gate.Audit{Fields: []string{
			records.ReportDefinitionColFigures, records.ReportDefinitionColReceivers, records.ReportDefinitionColActive,
		}, Create: true},
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ReportDefinitions, "definitionCreate", s.definitionSaved),
			kit.On(kit.Update, records.ReportDefinitions, "definitionUpdate", s.definitionSaved),
		},
	}
}

// runs are the files that were made of them, each for its receiver alone.
func runs() kit.Collection {
	return kit.Collection{
		Name: records.ReportRunTable,
		Rules: []kit.Rule{
			{On: kit.Create, Collection: records.ReportRunTable, Name: "runCreate", Run: gate.OnlyServer},
			{On: kit.Update, Collection: records.ReportRunTable, Name: "runUpdate", Run: gate.OnlyServer},
		},
	}
}

// definitionSaved takes a report from who defined it, of figures that there are and
// that can be broken down so. What its receivers may ask for is found out when it is
// made: by then they may be others.
func (s *Service) definitionSaved(e *kit.Change[records.ReportDefinition]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	if actor := gate.From(e.RecordEvent).User; actor != nil && actor.Id != string(e.Row.Owner()) && records.Users.Of(actor).Role() != people.RoleAdmin {
		return gate.Refuse("report_definition.not_owner")
	}
	w, err := wantedOf(e.Row)
	if err != nil {
		return err
	}
	if len(w.figures) == 0 {
		return gate.RefuseField(records.ReportDefinitionColFigures, "report_definition.figures_required")
	}
	if err := w.check(domain.BusinessDay(s.cfg.Now())); err != nil {
		return gate.WrapError(err)
	}
	return e.Next()
}

// wanted is what a report is made of.
type wanted struct {
	figures []string
	by      []analysis.Dimension
	filters map[analysis.Dimension][]string
}

func wantedOf(d records.ReportDefinition) (w wanted, err error) {
	if w.figures, err = records.Decode[[]string](d.Figures()); err != nil {
		return w, gate.RefuseField(records.ReportDefinitionColFigures, "report_definition.figures_required")
	}
	if w.by, err = records.Decode[[]analysis.Dimension](d.By()); err != nil {
		return w, gate.RefuseField(records.ReportDefinitionColBy, "analysis.dimension_invalid", "name", "by")
	}
	if w.filters, err = records.Decode[map[analysis.Dimension][]string](d.Filters()); err != nil {
		return w, gate.RefuseField(records.ReportDefinitionColFilters, "analysis.dimension_invalid", "name", "filters")
	}
	return w, nil
}

// params are the question after one of the figures, as a client would ask it.
func (w wanted) params(p domain.Period) map[string][]string {
	by := make([]string, len(w.by))
	for i, d := range w.by {
		by[i] = string(d)
	}
	out := map[string][]string{}
	for d, values := range w.filters {
		if len(values) > 0 {
			out[string(d)] = values
		}
	}
	out["from"], out["to"], out["by"] = []string{p.From}, []string{p.To}, []string{strings.Join(by, ",")}
	return out
}

// check refuses what nobody could be answered on a day: report_definition.figures_twice,
// analysis.dimension_invalid for a filter that is none, such as another period.
func (w wanted) check(today string) error {
	for d := range w.filters {
		if !slices.Contains(analysis.Dimensions, d) {
			return gate.RefuseField(records.ReportDefinitionColFilters, "analysis.dimension_invalid", "name", string(d))
		}
	}
	for i, key := range w.figures {
		if slices.Contains(w.figures[:i], key) {
			return gate.RefuseField(records.ReportDefinitionColFigures, "report_definition.figures_twice")
		}
		if _, err := analysis.Read(key, w.params(domain.Period{From: today, To: today}), today); err != nil {
			return err
		}
	}
	return nil
}
