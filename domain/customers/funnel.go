package customers

import (
	"slices"
	"time"

	"satchel/domain"
)

// funnelStages are the stages through which an opportunity is led, in their order.
var funnelStages = []string{OppFound, OppQualified, OppProposal, OppNegotiation, OppWinPending, OppWon}

// StageStep is a step of an opportunity's trail: into which stage it came, and when.
type StageStep struct {
	Stage string
	At    time.Time
}

// FunnelDeal is an opportunity with its trail, the oldest step first.
type FunnelDeal struct {
	AmountFen int
	LostCode  string
	Trail     []StageStep
}

// FunnelStage is what became of the opportunities that came into a stage.
type FunnelStage struct {
	Stage        string `json:"stage"`
	Entered      int    `json:"entered"`
	Advanced     int    `json:"advanced"` // came into a later stage since
	Lost         int    `json:"lost"`
	Open         int    `json:"open"` // neither, by now
	ConversionBP int    `json:"conversion_bp"`
	Days         int    `json:"days"`        // that one stays in it on average
	OldestDays   int    `json:"oldest_days"` // that the oldest open one has been in it
}

// Funnel is the conversion and ageing of some opportunities (R4.10).
type Funnel struct {
	Stages  []FunnelStage  `json:"stages"`
	Won     int            `json:"won"`
	WonFen  int            `json:"won_fen"`
	Lost    int            `json:"lost"`
	LostFen int            `json:"lost_fen"`
	Reasons map[string]int `json:"lost_reasons"` // by code
}

// CountFunnel counts what came into each stage within a period, and what became
// of it by now. What comes into a stage a second time is counted once, and all
// the time that it spends there.
func CountFunnel(deals []FunnelDeal, within domain.Period, now time.Time) Funnel {
	f := Funnel{Reasons: map[string]int{}}
	spent := make([]time.Duration, len(funnelStages))
	oldest := make([]time.Duration, len(funnelStages))
	for _, stage := range funnelStages[:len(funnelStages)-1] { // nobody goes on from won
		f.Stages = append(f.Stages, FunnelStage{Stage: stage})
	}
	for _, d := range deals {
		for i := range f.Stages {
			entered, stays, still := d.stay(i, within, now)
			if !entered {
				continue
			}
			s := &f.Stages[i]
			s.Entered++
			spent[i] += stays
			switch {
			case d.reached(i):
				s.Advanced++
			case d.ends() == OppLost:
				s.Lost++
			default:
				s.Open++
				oldest[i] = max(oldest[i], still)
			}
		}
		f.finish(d, within)
	}
	for i := range f.Stages {
		if s := &f.Stages[i]; s.Entered > 0 {
			s.ConversionBP = s.Advanced * wholeBP / s.Entered
			s.Days = wholeDays(spent[i] / time.Duration(s.Entered))
			s.OldestDays = wholeDays(oldest[i])
		}
	}
	return f
}

// finish counts how a deal ended, if it did within the period.
func (f *Funnel) finish(d FunnelDeal, within domain.Period) {
	if len(d.Trail) == 0 || !includes(within, d.Trail[len(d.Trail)-1].At) {
		return
	}
	switch d.ends() {
	case OppWon:
		f.Won++
		f.WonFen += d.AmountFen
	case OppLost:
		f.Lost++
		f.LostFen += d.AmountFen
		f.Reasons[d.LostCode]++
	}
}

// stay is how long a deal was in a stage into which it came within the period,
// and since when it is there still.
func (d FunnelDeal) stay(stage int, within domain.Period, now time.Time) (entered bool, all, still time.Duration) {
	for i, step := range d.Trail {
		if step.Stage != funnelStages[stage] {
			continue
		}
		entered = entered || includes(within, step.At)
		left := now
		if i+1 < len(d.Trail) {
			left = d.Trail[i+1].At
		} else {
			still = now.Sub(step.At)
		}
		all += left.Sub(step.At)
	}
	return entered, all, still
}

// reached reports whether a deal stands beyond a stage, or stood there last
// before it was lost or suspended.
func (d FunnelDeal) reached(stage int) bool {
	for _, step := range slices.Backward(d.Trail) {
		if at := slices.Index(funnelStages, step.Stage); at >= 0 {
			return at > stage
		}
	}
	return false
}

// ends is the stage of a deal's last step.
func (d FunnelDeal) ends() string {
	if len(d.Trail) == 0 {
		return ""
	}
	return d.Trail[len(d.Trail)-1].Stage
}

func includes(p domain.Period, at time.Time) bool {
	day := domain.BusinessDay(at)
	return p.From <= day && day <= p.To
}

// wholeDays rounds half up.
func wholeDays(d time.Duration) int { return int((d + 12*time.Hour) / (24 * time.Hour)) }
