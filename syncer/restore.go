package syncer

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"
)

// restore brings a deleted row back for an edit whose author had not seen it
// go: the row as it was last, with the edit on top. Without the rule's leave, of
// a row that never was, and after a delete by the same device the edit is
// refused: record.not_found.
func (s *Session) restore(dev Device, rule *Rule, m *Mutation, ap Applier) (string, []Conflict, error) {
	refused := refuse("record.not_found")
	if !rule.EditRestores {
		return "", nil, refused
	}
	docs, err := s.storedDocs(rule.Collection.ID, []string{m.R})
	if err != nil {
		return "", nil, err
	}
	gone := docs[m.R]
	if gone.Last == nil {
		return "", nil, refused
	}
	var body map[string]jsontext.Value
	var stamps map[string]stamp
	err = firstError(json.Unmarshal([]byte(*gone.Last), &body), json.Unmarshal([]byte(gone.Fields), &stamps))
	if err != nil {
		return "", nil, fmt.Errorf("read what is left of %s: %w", m.R, err)
	}
	if end := stamps["*"]; end.Ver <= m.Base || end.By == dev.ID {
		return "", nil, refused
	}
	if err := firstError(ap.Restore(rule, m.R, body), ap.Update(rule, m, m.Set)); err != nil {
		return "", nil, err
	}
	var conflicts []Conflict
	for _, f := range sortedKeys(m.Set) {
		conflicts = append(conflicts, Conflict{Field: f, Policy: PolicyRestore, Resolution: resolvedMine, Ancestor: m.Was[f], Mine: m.Set[f]})
	}
	return StatusMerged, conflicts, nil
}

// unseenBy lists the fields that somebody else changed after the version that a
// delete was made of.
func (r *Replica) unseenBy(dev Device, m *Mutation) (fields []string) {
	if r == nil || m.Base <= 0 {
		return nil
	}
	for _, f := range sortedKeys(r.Body) {
		if last := r.changedBy(f); last.Ver > m.Base && last.By != dev.ID {
			fields = append(fields, f)
		}
	}
	return fields
}

func deleteConflicts(row *Replica, m *Mutation, fields []string, policy, resolution string) (out []Conflict) {
	for _, f := range fields {
		out = append(out, Conflict{Field: f, Policy: policy, Resolution: resolution, Ancestor: m.Was[f], Theirs: row.Body[f]})
	}
	return out
}
