package histories

import (
	"maps"
	"slices"
	"strings"

	"satchel/syncer"
)

// verdict is what the oracle says of a mutation.
type verdict struct {
	status, code string
	conflicts    []string // field and resolution
	dirty        bool     // refused after it wrote
	again        bool     // the number was taken before
	seen         bool     // the row may be shown to its author at this point
	known        bool     // it came before under another number
}

// arrival is a mutation as it arrives.
type arrival struct {
	syncer.Mutation
	content string
	says    string // the content whatever its number
	spoil   string // how it is unfit, if it is
}

// deliver takes the mutations of one request. refused is the code with which
// the request as a whole is refused, after what precedes it in verdicts.
func (o *oracle) deliver(user, device string, list []arrival) (verdicts []verdict, refused string) {
	if slices.ContainsFunc(list, func(a arrival) bool { return strings.Contains(a.content, poison) || a.Group != "" }) {
		trial, _ := o.clone().together(user, device, list)
		if slices.ContainsFunc(trial, func(v verdict) bool { return v.dirty }) {
			for len(list) > 0 {
				n := unit(list)
				v, code := o.together(user, device, list[:n])
				if code != "" {
					return verdicts, code
				}
				verdicts, list = append(verdicts, v...), list[n:]
			}
			return verdicts, ""
		}
	}
	return o.together(user, device, list)
}

// unit counts the mutations that stand or fall with the first.
func unit(list []arrival) int {
	n := 1
	for n < len(list) && list[0].Group != "" && list[n].Group == list[0].Group {
		n++
	}
	return n
}

// fallen says why the members of a group are refused, by their places in it;
// those that came before keep what they had. now: one of them fell only now.
type fallen struct {
	codes map[int]string
	now   bool
}

// fell reports whether a group falls.
func (o *oracle) fell(user, device string, group []arrival) fallen {
	if len(group) == 1 {
		return fallen{}
	}
	trial, before, culprit, fresh := o.clone(), false, -1, map[int]string{}
	for i, a := range group {
		if v, came := o.known[user+a.ID]; came && o.says[user+a.ID] == a.says {
			before = before || v.status == syncer.StatusRejected
			continue
		}
		fresh[i] = "sync.group_refused"
		if unread(a.spoil) || a.spoil == "clock" {
			fresh[i] = spoilt[a.spoil]
		}
		if culprit < 0 && !before {
			if v := trial.judge(user, device, a); v.status == syncer.StatusRejected {
				culprit, fresh[i] = i, v.code
			}
		}
	}
	if !before && culprit < 0 {
		return fallen{}
	}
	return fallen{fresh, !before}
}

// judge is what a mutation comes to that stands alone.
func (o *oracle) judge(user, device string, a arrival) verdict {
	switch {
	case a.spoil != "" && a.spoil != "future":
		return reject(spoilt[a.spoil])
	case o.says[user+a.ID] != "" && o.says[user+a.ID] != a.says:
		return reject("mutation_id_taken")
	case a.spoil != "":
		return reject(spoilt[a.spoil])
	}
	return o.one(user, device, &a.Mutation)
}

func (o *oracle) together(user, device string, list []arrival) ([]verdict, string) {
	high := o.taken[device]
	for _, a := range list {
		switch {
		case a.N <= high && a.N <= o.taken[device] && o.sent[device+text(a.N)] != a.content:
			return o.stopped(user, device, list, a.N), "device_forked"
		case a.N > high+1:
			return o.stopped(user, device, list, a.N), "sync_gap"
		case a.N == high+1:
			high++
		}
	}
	o.fold("")
	var out []verdict
	fresh := false
	var falls fallen
	begins, ends := 0, 0 // the group in hand
	for i, a := range list {
		if a.N <= o.taken[device] {
			out = append(out, verdict{again: true})
			continue
		}
		if i >= ends {
			begins, ends = i, i+unit(list[i:])
			falls = o.fell(user, device, list[begins:ends])
		}
		fresh = true
		o.taken[device], o.sent[device+text(a.N)] = a.N, a.content
		v, came := o.known[user+a.ID]
		if came && o.says[user+a.ID] == a.says {
			v.known = true
			out = append(out, v)
			continue
		}
		if code := falls.codes[i-begins]; code != "" {
			v = reject(code)
			v.dirty = falls.now
		} else {
			v = o.judge(user, device, a)
		}
		key := a.C + "/" + a.R
		if v.status == syncer.StatusRejected {
			o.issues++
		}
		if v.status == syncer.StatusRejected && !unread(a.spoil) {
			r := o.rows[key]
			if v.seen = r != nil && sees(o.now, user, key, r); v.seen && o.dirty[key] {
				o.fold(device)
			}
		}
		o.issues += len(v.conflicts)
		if !came {
			o.known[user+a.ID], o.says[user+a.ID] = v, a.says
		}
		out = append(out, v)
	}
	if fresh {
		o.fold(device)
	}
	return out, ""
}

// stopped is a request of which nothing is taken. A refusal that wrote comes
// before the number that stops it only if it stands before it.
func (o *oracle) stopped(user, device string, list []arrival, at int64) []verdict {
	i := slices.IndexFunc(list, func(a arrival) bool { return a.N == at })
	if i == 0 {
		return nil
	}
	out, _ := o.clone().together(user, device, list[:i])
	return out
}

// reject refuses.
func reject(code string) verdict { return verdict{status: syncer.StatusRejected, code: code} }

func (o *oracle) one(user, device string, m *syncer.Mutation) verdict {
	key := m.C + "/" + m.R
	if m.C == "prod" {
		if o.noProducts {
			return reject("collection_unknown")
		}
		return reject("collection_read_only")
	}
	if _, ok := m.Set["secret"]; ok {
		return reject("field.unknown")
	}
	set := values(m.Set)
	if _, ok := set["count"].(string); ok {
		return reject("field.type")
	}
	r := o.rows[key]
	mine := r != nil && holds(o.now, user, accountOf(m.C, m.R, r))
	seen := r != nil && sees(o.now, user, key, r)
	refusal := func() verdict {
		if seen {
			return reject("record.not_allowed")
		}
		return reject("record.not_found")
	}
	switch m.Op {
	case syncer.OpCreate:
		if r != nil {
			for f, v := range set {
				if !seen || !equal(r[f], v) {
					return reject("id.taken")
				}
			}
			return verdict{status: syncer.StatusDuplicate}
		}
		if account, _ := set["account"].(string); !holds(o.now, user, account) {
			return reject("record.not_allowed")
		}
		if set["title"] == poison {
			return verdict{status: syncer.StatusRejected, code: "title.poison", dirty: true}
		}
		o.insert(key, set)
		return verdict{status: syncer.StatusApplied}
	case syncer.OpAction:
		switch {
		case !mine:
			return refusal()
		case r["state"] != "open":
			return reject("visit.closed")
		}
		o.update(key, row{"state": "closed"})
		return verdict{status: syncer.StatusApplied}
	case syncer.OpDelete:
		if o.dirty[key] {
			o.fold(device)
		}
		switch {
		case !mine && seen:
			return reject("record.not_allowed")
		case !mine:
			return verdict{status: syncer.StatusDuplicate}
		}
		v := verdict{status: syncer.StatusApplied}
		for _, f := range slices.Sorted(maps.Keys(r)) {
			if m.Base > 0 && o.beside(key, f, m, device) {
				v.conflicts = append(v.conflicts, f+" mine")
			}
		}
		o.remove(key)
		return v
	}
	if o.dirty[key] {
		o.fold(device)
	}
	if !mine {
		return refusal()
	}
	if _, ok := set["state"]; ok {
		return reject("field.locked")
	}
	write, v := o.merge(key, m, set, device)
	for f, by := range m.Inc {
		write[f] = r[f].(float64) + float64(by)
	}
	for f, list := range m.Add {
		write[f] = union(r[f].([]string), list)
	}
	for f, list := range m.Remove {
		write[f] = slices.DeleteFunc(slices.Clone(r[f].([]string)), func(x string) bool { return slices.Contains(list, x) })
	}
	if write["title"] == poison {
		return verdict{status: syncer.StatusRejected, code: "title.poison", dirty: true}
	}
	if len(write) > 0 {
		o.update(key, write)
	}
	return v
}

// beside reports whether somebody else changed a field that this edit had not seen.
func (o *oracle) beside(key, field string, m *syncer.Mutation, device string) bool {
	last := o.docs[key].stamps[field]
	return last.at > o.bases[m.ID] && last.by != device
}

// merge is the table of policies, field by field.
func (o *oracle) merge(key string, m *syncer.Mutation, set row, device string) (row, verdict) {
	v, write, theirs := verdict{status: syncer.StatusApplied}, row{}, o.rows[key]
	for f := range theirs {
		if o.beside(key, f, m, device) {
			v.status = syncer.StatusMerged
		}
	}
	policy := shapeOf(m.C).policy
	for _, f := range slices.Sorted(maps.Keys(set)) {
		a, b := set[f], theirs[f]
		if equal(a, b) {
			continue
		}
		once := policy[f] == syncer.PolicyOnce && b != ""
		if !once && !o.beside(key, f, m, device) {
			write[f] = a
			continue
		}
		won := "theirs"
		switch policy[f] {
		case syncer.PolicyClient:
			won = "mine"
		case syncer.PolicyMax:
			if a.(float64) > b.(float64) {
				won = "mine"
			}
		case syncer.PolicyMin:
			if a.(float64) < b.(float64) {
				won = "mine"
			}
		case syncer.PolicyAppend:
			won = "joined"
		}
		switch won {
		case "mine":
			write[f] = a
		case "joined":
			if list, ok := b.([]string); ok {
				write[f] = union(list, a.([]string))
			} else {
				write[f] = b.(string) + "\n" + a.(string)
			}
		}
		v.conflicts = append(v.conflicts, f+" "+won)
	}
	return write, v
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, v := range b {
		if !slices.Contains(out, v) {
			out = append(out, v)
		}
	}
	return out
}
