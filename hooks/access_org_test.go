package hooks_test

import "maps"

// forHim names who asks in a field, rep.chen where that is nobody.
func (m *matrix) forHim(field string, body map[string]any) func(person) map[string]any {
	return func(who person) map[string]any {
		out := maps.Clone(body)
		out[field] = who.id
		if who.id == "" {
			out[field] = m.line["owner"]
		}
		return out
	}
}

// orgTargets are what rep.chen is told, asked and responsible for. Plans and
// reviews are nobody's but a department manager's; the rows carry his name for
// the sake of the table.
func (m *matrix) orgTargets() []target {
	chen, wu := m.line["owner"], m.app.As("manager.wu").Id
	mine := func(fields map[string]any) map[string]any {
		out := maps.Clone(fields)
		maps.Copy(out, map[string]any{"owner": chen, "dept": m.line["dept"]})
		return out
	}
	plan := map[string]any{"year": "2029", "goals": "增长"}
	review := map[string]any{"period": "2027-01", "findings": "平稳"}
	improvement := map[string]any{"owner": chen, "title": "补铺货", "due": "2026-06-01"}
	approval := map[string]any{
		"ref_collection": "annual_plans", "ref_id": "aaaaaaaaaaaaaaa", "round": 1, "step": 1, "key": "manager", "author": chen, "manager": m.line["manager"],
		"dept": m.line["dept"], "oversight": "finance", "approver": wu, "reviewers": []any{wu}, "state": "pending",
	}
	doc := func(version string) map[string]any {
		return map[string]any{"code": "KA-T", "name": "表内制度", "version": version, "effective_from": "2026-01-01", "summary": "摘要"}
	}
	published := doc("1")
	published["state"] = "published"
	public := m.make("policy_docs", published).Id
	published["version"] = "2"
	unread := m.make("policy_docs", published).Id
	his := func(fields map[string]any) map[string]any {
		out := mine(fields)
		out["author"], out["state"] = wu, "open"
		return out
	}
	first, second := mine(plan), mine(review)
	first["state"], second["state"] = "draft", "draft"
	return []target{
		{
			label: "audit_log", collection: "audit_log", id: m.make("audit_log", map[string]any{"collection": "accounts", "action": "update"}).Id,
			create: always(map[string]any{"action": "x"}), update: map[string]any{"action": "x"},
		},
		{
			label: "access_log", collection: "access_log", id: m.make("access_log", map[string]any{"what": "export", "subject_user": chen}).Id,
			create: always(map[string]any{"what": "x"}), update: map[string]any{"what": "x"},
		},
		{
			label: "imports", collection: "imports", id: m.make("imports", map[string]any{"by": chen, "collection": "contacts", "mode": "all", "state": "done"}).Id,
			create: always(map[string]any{"by": chen, "collection": "contacts", "mode": "all", "state": "done"}), update: map[string]any{"undone_why": "x"},
		},
		{
			label: "holidays", collection: "holidays", id: m.make("holidays", map[string]any{"date": "2027-01-01", "kind": "holiday", "name": "元旦"}).Id,
			create: always(map[string]any{"date": "2027-05-01", "kind": "holiday", "name": "劳动节"}), update: map[string]any{"checked": true},
		},
		{
			label: "notifications", collection: "notifications",
			id:     m.make("notifications", map[string]any{"user": chen, "kind": "org.span", "at": "2026-03-16 00:00:00.000Z"}).Id,
			create: m.forHim("user", map[string]any{"kind": "org.span"}), update: map[string]any{"read_at": "2026-03-16 08:00:00.000Z"},
		},
		{
			label: "notification_prefs", collection: "notification_prefs", id: m.make("notification_prefs", map[string]any{"user": chen, "kind": "*"}).Id,
			create: always(map[string]any{"user": chen, "kind": "org.span"}), update: map[string]any{"mail": true},
		},
		{
			label: "webhooks", collection: "webhooks",
			id:     m.make("webhooks", map[string]any{"name": "ERP", "url": "https://erp.example.com", "secret": "0123456789abcdef", "events": []string{"*"}}).Id,
			create: always(map[string]any{"name": "BI", "url": "https://bi.example.com", "secret": "0123456789abcdef", "events": []string{"*"}}),
			update: map[string]any{"active": false},
		},
		{
			label: "dispatches", collection: "dispatches", id: m.make("dispatches", map[string]any{"channel": "mail", "state": "dead"}).Id,
			create: always(map[string]any{"channel": "mail", "state": "queued"}), update: map[string]any{"state": "queued"},
		},
		{
			label: "message_lanes", collection: "message_lanes", id: m.make("message_lanes", map[string]any{"lane": "mail", "name": "mail"}).Id,
			create: always(map[string]any{"lane": "x", "name": "x"}), update: map[string]any{"faults": 0},
		},
		{label: "approvals", collection: "approvals", id: m.make("approvals", approval).Id, create: always(approval), update: map[string]any{"state": "approved"}},
		{
			label: "annual_plans", collection: "annual_plans", id: m.make("annual_plans", first).Id,
			create: m.byHim(plan), update: map[string]any{"strategy": "改"},
		},
		{
			label: "business_reviews", collection: "business_reviews", id: m.make("business_reviews", second).Id,
			create: m.byHim(map[string]any{"period": "2027-02"}), update: map[string]any{"decisions": "改"},
		},
		{
			label: "improvement_actions", collection: "improvement_actions", id: m.make("improvement_actions", his(improvement)).Id,
			create: always(improvement), update: map[string]any{"measure": "改"},
		},
		{
			label: "policy_docs", collection: "policy_docs", id: m.make("policy_docs", doc("3")).Id,
			create: always(doc("4")), update: map[string]any{"summary": "改"},
		},
		{label: "policy_docs (published)", collection: "policy_docs", only: "lvud", id: public, update: map[string]any{"summary": "改"}},
		{
			label: "policy_acks", collection: "policy_acks",
			id:     m.make("policy_acks", map[string]any{"doc": public, "user": chen, "manager": m.line["manager"], "dept": m.line["dept"]}).Id,
			create: m.forHim("user", map[string]any{"doc": unread}), update: map[string]any{"version": "9"},
		},
	}
}
