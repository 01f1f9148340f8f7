package demo

import (
	"github.com/pocketbase/dbx"

	"satchel/domain/appraisal"
)

// appraisalSchemes are by what the company appraises: a published one for each role and
// cycle, and a draft for reps that weighs volume as amount was.
func (b *builder) appraisalSchemes() error {
	put, lin := b.at(b.opt.Days, 9), b.people["director.lin"].id
	n := 0
	insert := func(s appraisal.Scheme, state, basedOn string) (string, error) {
		raw, err := s.JSON()
		if err != nil {
			return "", err
		}
		row := dbx.Params{
			"id": b.id("appraisal_schemes", n), "name": s.Name, "role": s.Role, "cycle_kind": s.Cycle, "dept": "", "content": string(raw), "version": s.Version,
			"state": state, "published_by": "", "published_at": "", "based_on": basedOn, "note": "", "created": stamp(put), "updated": stamp(put),
		}
		if state == appraisal.SchemePublished {
			row["published_by"], row["published_at"] = lin, stamp(put)
		}
		n++
		return row["id"].(string), b.w.insert("appraisal_schemes", row)
	}
	var first string
	for _, role := range appraisal.Roles {
		for _, cycle := range []string{appraisal.CycleQuarter, appraisal.CycleAnnual} {
			if role == "dept_manager" && cycle == appraisal.CycleQuarter {
				continue // he is appraised by the year alone
			}
			id, err := insert(appraisal.Default(role, cycle), appraisal.SchemePublished, "")
			if err != nil {
				return err
			}
			if first == "" {
				first = id
			}
		}
	}
	draft := appraisal.Default("rep", appraisal.CycleQuarter)
	draft.Version = 2
	draft.Items[0].Weight, draft.Items[1].Weight = draft.Items[1].Weight, draft.Items[0].Weight
	_, err := insert(draft, appraisal.SchemeDraft, first)
	return err
}
