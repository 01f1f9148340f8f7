package hooks

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/appraisal"
	"satchel/records"
)

// schemesInForce are the published schemes of a kind of cycle, one a role: a department's
// own before the company's, which name none.
func schemesInForce(app core.App, kind string, dept records.DepartmentID) (out []appraisal.Snapshot, err error) {
	rows, err := records.AppraisalSchemes.All(app, "state = 'published' AND cycle_kind = {:k} AND dept IN ('', {:d})", dbx.Params{"k": kind, "d": dept}, "role, dept DESC")
	if err != nil {
		return nil, err
	}
	for _, row := range rows {
		if _, better := appraisal.SnapshotOf(out, string(row.Role())); better {
			continue
		}
		snapshot, err := snapshotOf(row)
		if err != nil {
			return nil, err
		}
		out = append(out, snapshot)
	}
	return out, nil
}

// schemeOf is a version of a scheme, whatever its state.
func schemeOf(app core.App, id string) (appraisal.Snapshot, bool, error) {
	row, found, err := records.AppraisalSchemes.Find(app, records.AppraisalSchemeID(id))
	if err != nil || !found {
		return appraisal.Snapshot{}, false, err
	}
	snapshot, err := snapshotOf(row)
	return snapshot, true, err
}

func snapshotOf(row records.AppraisalScheme) (appraisal.Snapshot, error) {
	scheme, err := records.Decode[appraisal.Scheme](row.Content())
	scheme.Version = row.Version()
	return appraisal.Snapshot{ID: string(row.ID()), Version: row.Version(), Scheme: scheme}, err
}
