package metrics

import (
	"fmt"

	"github.com/pocketbase/pocketbase/core"
	"github.com/prometheus/client_golang/prometheus"

	"satchel/hooks/platform/gate"
)

// Labels take values of fixed lists only, never an id.
var (
	pulls     = desc("sync_pulls_total", "Pulls by outcome.", "outcome")
	pushes    = desc("sync_pushes_total", "Pushes by outcome.", "outcome")
	verdicts  = desc("sync_verdicts_total", "Verdicts answered, by status.", "status")
	limited   = desc("sync_rate_limited_total", "Requests over their device's rate, by kind.", "kind")
	skipped   = desc("jobs_skipped_total", "Runs of jobs that were due while the job was still at work, by job.", "job")
	heals     = desc("sync_heals_total", "Repairs of phones' rows, by kind.", "kind")
	conflicts = desc("sync_conflicts_total", "Fields that two devices changed.")
	clients   = desc("sync_poke_clients", "Open poke streams.")
	spool     = desc("sync_spool_bytes", "Bytes of answers kept to be resumed.")
	head      = desc("sync_head", "Change up to which phones may read.")
	lag       = desc("sync_fold_lag", "Changes in the log that no fold has read.")
	lagTime   = desc("sync_fold_lag_seconds", "Age of the oldest write that no fold has read.")
	blobs     = desc("blobs", "Photos and papers by state; received ones wait to be developed, durable ones are in a copy off the machine.", "state")
	open      = desc("sync_alerts", "Alerts that are not resolved, by kind.", "kind")
	messages  = desc("messages", "Mails and webhooks by state; queued ones wait, dead ones were given up.", "state")
	parked    = desc("message_lanes_parked", "Targets of messages that are down and tried each hour.")
	drifted   = desc("budget_drift_nodes", "Nodes of budgets whose balances differed from their entries at the last comparison.")
	devices   = desc("sync_devices", "Devices that are not revoked.")
)

func desc(name, help string, labels ...string) *prometheus.Desc {
	return prometheus.NewDesc("satchel_"+name, help, labels, nil)
}

// collector reads everything at the scrape.
type collector struct {
	app    core.App
	counts func() gate.SyncCounts
	clock  func() *gate.Clock
	drift  func() int64
}

// Describe implements prometheus.Collector.
func (c *collector) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		pulls, pushes, verdicts, limited, skipped, heals, conflicts, clients, spool, head, lag, lagTime, blobs, open, messages, parked, devices, drifted,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (c *collector) Collect(to chan<- prometheus.Metric) {
	n := c.counts()
	for _, by := range []struct {
		desc *prometheus.Desc
		of   map[string]int64
	}{{pulls, n.Pulls}, {pushes, n.Pushes}, {verdicts, n.Verdicts}, {limited, n.Limited}, {skipped, c.clock().Skipped()}, {heals, n.Heals}} {
		for label, count := range by.of {
			to <- prometheus.MustNewConstMetric(by.desc, prometheus.CounterValue, float64(count), label)
		}
	}
	to <- prometheus.MustNewConstMetric(conflicts, prometheus.CounterValue, float64(n.Conflicts))
	for _, now := range []struct {
		desc  *prometheus.Desc
		value float64
	}{{clients, float64(n.PokeClients)}, {spool, float64(n.SpoolBytes)}, {head, float64(n.Head)}, {lagTime, n.SecondsUnfolded}, {drifted, float64(c.drift())}} {
		to <- prometheus.MustNewConstMetric(now.desc, prometheus.GaugeValue, now.value)
	}
	c.collectStored(to)
}

// stored are the figures that the database tells: rows of a label and a number.
var stored = []struct {
	desc *prometheus.Desc
	sql  string
}{
	{lag, `SELECT '' AS label, MAX(0, COALESCE((SELECT MAX(seq) FROM _sync_log), 0) - value) AS n FROM _sync_state WHERE key = 'head'`},
	{devices, `SELECT '' AS label, COUNT(*) AS n FROM sync_devices WHERE revoked = FALSE`},
	{messages, `SELECT s.value AS label, (SELECT COUNT(*) FROM dispatches WHERE state = s.value) AS n FROM json_each('["queued","dead"]') s`},
	{parked, `SELECT '' AS label, COUNT(*) AS n FROM message_lanes WHERE parked_at <> ''`},
	{open, `SELECT k.value AS label, (SELECT COUNT(*) FROM sync_alerts WHERE kind = k.value AND resolved = '') AS n
		FROM json_each('["unsynced","unpushed"]') k`},
	{blobs, `SELECT s.value AS label, (SELECT COUNT(*) FROM blobs WHERE state = s.value) AS n
		FROM json_each('["pending","received","stored","durable","rejected"]') s`},
}

func (c *collector) collectStored(to chan<- prometheus.Metric) {
	for _, s := range stored {
		var rows []struct {
			Label string  `db:"label"`
			N     float64 `db:"n"`
		}
		if err := c.app.ConcurrentDB().NewQuery(s.sql).All(&rows); err != nil {
			to <- prometheus.NewInvalidMetric(s.desc, fmt.Errorf("read for metrics: %w", err))
			continue
		}
		for _, r := range rows {
			var labels []string
			if r.Label != "" {
				labels = []string{r.Label}
			}
			to <- prometheus.MustNewConstMetric(s.desc, prometheus.GaugeValue, r.N, labels...)
		}
	}
}
