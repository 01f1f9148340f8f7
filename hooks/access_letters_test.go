package hooks_test

import (
	"maps"
	"strings"

	"satchel/domain/sales"
)

// letterTargets: rep.chen's letters: a draft, and of the year of his issued target one
// that holds and one that was sent to be signed in its place.
func (m *matrix) letterTargets() []target {
	chen, wu := m.app.As("rep.chen"), m.app.As("manager.wu")
	his, err := m.app.FindFirstRecordByFilter("targets", "owner = {:u} && year = '2032'", map[string]any{"u": chen.Id})
	if err != nil {
		m.t.Fatal(err)
	}
	letter := func(year, state string, version int, more map[string]any) string {
		fields := map[string]any{
			"subject": chen.Id, "superior": wu.Id, "dept": chen.GetString("department"), "year": year, "version": version, "state": state,
		}
		maps.Copy(fields, more)
		return m.make("target_letters", fields).Id
	}
	sent := func(version int) map[string]any {
		raw, hash, err := sales.LetterContent{Year: "2032", Version: version, Targets: []sales.LetterTarget{
			{ID: his.Id, Version: his.GetInt("version"), Level: "rep", Metric: "amount"},
		}}.Seal("试")
		if err != nil {
			m.t.Fatal(err)
		}
		return map[string]any{"snapshot": string(raw), "sha256": hash, "sent_by": wu.Id, "sent_at": "2026-03-01 00:00:00.000Z"}
	}
	letter("2032", "effective", 1, sent(1))
	terms := map[string]any{"terms": "改"}
	return []target{
		{
			label: "target_letters", collection: "target_letters", id: letter("2031", "draft", 1, nil),
			create: always(map[string]any{"subject": chen.Id, "year": "2033"}), update: terms,
		},
		{label: "target_letters (sent)", collection: "target_letters", only: "lvud", id: letter("2032", "sent", 2, sent(2)), update: terms},
		{label: "blobs (signature)", collection: "blobs", only: "lvud", id: m.drawn("rep.chen"), update: map[string]any{}},
	}
}

// drawn is a signature that somebody has announced.
func (m *matrix) drawn(who string) string {
	by := m.app.As(who)
	return m.make("blobs", map[string]any{
		"owner": by.Id, "manager": by.GetString("manager"), "dept": by.GetString("department"), "purpose": "signature", "state": "pending",
		"sha256": strings.Repeat("c", 64), "size": 1, "mime": "image/png",
	}).Id
}
