package analysis

import (
	"cmp"
	"slices"

	"satchel/domain"
)

// Row is a figure for some keys. What is not known is null.
type Row struct {
	By       map[Dimension]string `json:"by"`
	Label    map[Dimension]string `json:"label"`
	Value    *int64               `json:"value"`
	Num      *int64               `json:"num"`
	Den      *int64               `json:"den"`
	ShareBP  *int64               `json:"share_bp"`
	Rank     *int                 `json:"rank"`    // 1 is the greatest; equals share one
	Running  *int64               `json:"running"` // with the rows before; in time, of the same other keys
	Prior    *int64               `json:"prior"`
	Change   *int64               `json:"change"`
	ChangeBP *int64               `json:"change_bp"`

	keys  Keys
	part  *Part
	place int // by rank
}

// Answer is a figure as it is answered.
type Answer struct {
	Key         string       `json:"key"`
	Unit        Unit         `json:"unit"`
	From        string       `json:"from"`
	To          string       `json:"to"`
	By          []Dimension  `json:"by"`
	Seq         *int64       `json:"seq"` // up to which fact; null to who does not see all of them
	AsOf        string       `json:"as_of"`
	Rows        []Row        `json:"rows"`
	Total       Row          `json:"total"`
	Corrections []Correction `json:"corrections"`
	Uncosted    int          `json:"uncosted"`
}

// Correction is the part of a total that corrects a frozen month.
type Correction struct {
	Month string `json:"month"`
	Value int64  `json:"value"`
}

// Answer puts an answer together of what was counted over the query's period, and
// over the one that it is compared with, if it is. Rows are in order of time, if they
// are broken down by it first, else of rank. Problem analysis.too_many_rows.
func (q Query) Answer(now Cells, then *Cells) (a Answer, err error) {
	a = Answer{
		Key: q.Figure.Key, Unit: q.Figure.Unit, From: q.Period.From, To: q.Period.To, By: append([]Dimension{}, q.By...),
		Rows: []Row{}, Corrections: []Correction{}, Uncosted: now.Uncosted,
	}
	if len(now.Cells) > MaxRows && q.Limit == 0 {
		return Answer{}, domain.Problem{Code: "analysis.too_many_rows", Params: map[string]any{"most": MaxRows}}
	}
	for _, cell := range now.Cells {
		a.Rows = append(a.Rows, q.row(cell.Keys, &cell.Part))
	}
	a.Total = q.row(Keys{}, now.Total)
	rank(a.Rows)
	q.share(a.Rows, a.Total.Value)
	q.run(a.Rows)
	if then != nil {
		q.compare(a.Rows, &a.Total, *then)
	}
	for month, part := range now.Corrections {
		if value := q.Figure.Kind.Value(&part); value != nil {
			a.Corrections = append(a.Corrections, Correction{month, *value})
		}
	}
	slices.SortFunc(a.Corrections, func(a, b Correction) int { return cmp.Compare(a.Month, b.Month) })
	if q.Limit > 0 && len(a.Rows) > q.Limit {
		a.Rows = a.Rows[:q.Limit]
	}
	for i := range a.Rows {
		a.Rows[i].name(q.By)
	}
	a.Total.name(nil)
	return a, nil
}

// name says by what a row is.
func (r *Row) name(by []Dimension) {
	r.By, r.Label = make(map[Dimension]string, len(by)), make(map[Dimension]string, len(by))
	for i, d := range by {
		r.By[d] = r.keys[i]
	}
}

func (q Query) row(keys Keys, part *Part) Row {
	r := Row{Value: q.Figure.Kind.Value(part), keys: keys, part: part}
	if part != nil && q.Figure.Kind != None {
		num, den := part.Num, part.Den
		r.Num = &num
		if q.Figure.Kind == Ratio || q.Figure.Kind == Mean {
			r.Den = &den
		}
	}
	return r
}
