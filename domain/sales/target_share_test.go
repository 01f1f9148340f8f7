package sales

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"

	"satchel/domain"
	"satchel/internal/effort"
)

// policy: R4.2 target.spread
//
// TestASpreadIsExact: whatever the value and the weights, the months add up to it
// and the quarters are theirs; no month is a unit away from its share.
func TestASpreadIsExact(t *testing.T) {
	dice := rand.New(rand.NewPCG(4, 3))
	for range effort.Times(2_000, 100_000) {
		value, weights := someValue(dice), someWeights(dice, 12)
		quarters, months := SpreadTarget("amount", value, weights)
		if err := CheckTargetPeriods("amount", value, quarters, months); err != nil {
			t.Fatal(value, weights, err)
		}
		all := total(weights)
		for m, n := range months {
			least, rest := value/12, value%12
			if all > 0 {
				least, rest = proportion(value, weights[m], all)
			}
			if n < least || n > least+1 || rest == 0 && n != least {
				t.Fatalf("%d by %v: %v", value, weights, months)
			}
		}
	}
}

// TestTheRestGoesToTheLargestRemainders: the earlier of equal ones.
func TestTheRestGoesToTheLargestRemainders(t *testing.T) {
	for _, c := range []struct {
		name          string
		whole         int
		weights, want []int
	}{
		{"nothing", 0, []int{1, 2}, []int{0, 0}},
		{"no weights", 5, []int{0, 0, 0}, []int{2, 2, 1}},
		{"exactly", 10, []int{2, 3}, []int{4, 6}},
		{"the largest remainder", 10, []int{1, 1, 4}, []int{2, 2, 6}}, // 1.67 1.67 6.67: two are left over
		{"the earlier of equal ones", 4, []int{1, 1, 1}, []int{2, 1, 1}},
		{"no weight, no share", 3, []int{0, 1}, []int{0, 3}},
		{"the greatest", TargetMost, []int{TargetWeightMost, TargetWeightMost}, []int{TargetMost / 2, TargetMost / 2}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := shareOut(c.whole, c.weights); !slices.Equal(got, c.want) {
				t.Errorf("%v, want %v", got, c.want)
			}
		})
	}
}

// policy: R4.2 target.split
//
// TestASplitIsExact: those below have all of a target and the surplus that was asked
// for, in the year and in each of its months; each is exact in itself, and no part is
// farther from its share than one that is whole has to be.
func TestASplitIsExact(t *testing.T) {
	dice := rand.New(rand.NewPCG(4, 4))
	for range effort.Times(1_000, 50_000) {
		whole := TargetYear{Value: someValue(dice)}
		whole.Quarters, whole.Months = SpreadTarget("amount", whole.Value, someWeights(dice, 12))
		weights, over := someWeights(dice, 1+dice.IntN(30)), dice.IntN(2)*dice.IntN(1001)
		parts, err := SplitTarget("amount", whole, weights, over, 1000)
		if domain.CodeOf(err) == "target.numbers_invalid" && whole.Value > TargetMost/2 {
			continue
		}
		if err != nil {
			t.Fatal(whole, weights, over, err)
		}
		sum, months, values := 0, make([]int, 12), []int{}
		for _, p := range parts {
			if err := CheckTargetPeriods("amount", p.Value, p.Quarters, p.Months); err != nil {
				t.Fatal(whole, weights, over, err)
			}
			if slices.Min(p.Months) < 0 {
				t.Fatalf("below nothing: %v", p)
			}
			sum += p.Value
			values = append(values, p.Value)
			for m, n := range p.Months {
				months[m] += n
			}
		}
		if sum != whole.Value+whole.Value*over/10_000 || over == 0 && !slices.Equal(months, whole.Months) {
			t.Fatalf("%v over %d: %d, %v", whole, over, sum, months)
		}
		if err := CheckTargetCascade("amount", whole.Value, values, over); err != nil {
			t.Fatal(whole, weights, over, err)
		}
		for _, p := range parts {
			for m, n := range p.Months {
				if least, _ := proportion(p.Value, months[m], max(1, sum)); n < least || n > least+1 {
					t.Fatalf("%v of %v: %v", p, whole, months)
				}
			}
		}
	}
}

// TestWhatDoesNotAddUpIsNotDivided: each has the whole satisfaction.
func TestWhatDoesNotAddUpIsNotDivided(t *testing.T) {
	quarters, months := SpreadTarget("csat", 9000, make([]int, 12))
	if CheckTargetPeriods("csat", 9000, quarters, months) != nil || quarters[3] != 9000 || months[11] != 9000 {
		t.Error(quarters, months)
	}
	whole := TargetYear{9000, quarters, months}
	parts, err := SplitTarget("csat", whole, []int{1, 2}, 0, 0)
	if err != nil || !reflect.DeepEqual(parts, []TargetYear{whole, whole}) {
		t.Error(parts, err)
	}
}

func TestTargetWeights(t *testing.T) {
	season := []int{3, -1, 0}
	for _, c := range []struct {
		name, by string
		weights  []int
		season   []int
		want     []int
		came     string
		code     string
	}{
		{"evenly", ByEven, nil, nil, []int{0, 0, 0}, ByEven, ""},
		{"by weights", ByWeights, []int{1, 0, 2}, nil, []int{1, 0, 2}, ByWeights, ""},
		{"of too few", ByWeights, []int{1, 2}, nil, nil, "", "target.weights_invalid"},
		{"of none", ByWeights, nil, nil, nil, "", "target.weights_invalid"},
		{"below nothing", ByWeights, []int{1, -1, 2}, nil, nil, "", "target.weights_invalid"},
		{"all nothing", ByWeights, []int{0, 0, 0}, nil, nil, "", "target.weights_invalid"},
		{"too great", ByWeights, []int{1, 1, TargetWeightMost + 1}, nil, nil, "", "target.weights_invalid"},
		{"by the season", BySeason, nil, season, []int{3, 0, 0}, BySeason, ""},
		{"without a season", BySeason, nil, []int{-1, 0, 0}, []int{0, 0, 0}, NoSeason, ""},
		{"by guess", "guess", nil, nil, nil, "", "target.by_invalid"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, came, err := TargetWeights(c.by, 3, c.weights, c.season)
			if domain.CodeOf(err) != c.code || came != c.came || !slices.Equal(got, c.want) {
				t.Errorf("%v %s %v", got, came, err)
			}
		})
	}
}

// TestASurplusWithinTheSetting: no more than the setting, and no number too great.
func TestASurplusWithinTheSetting(t *testing.T) {
	whole := TargetYear{Value: TargetMost}
	whole.Quarters, whole.Months = SpreadTarget("amount", TargetMost, make([]int, 12))
	for _, c := range []struct {
		over, most int
		weights    []int
		code       string
	}{
		{1000, 1000, []int{1, 1}, ""},
		{1001, 1000, []int{1, 1}, "target.over_setting"},
		{-1, 1000, []int{1, 1}, "target.over_setting"},
		{1, 1000, []int{1}, "target.numbers_invalid"},
		{0, 0, []int{0, 0}, ""},
	} {
		if _, err := SplitTarget("amount", whole, c.weights, c.over, c.most); domain.CodeOf(err) != c.code {
			t.Errorf("%d of %d to %v: %v", c.over, c.most, c.weights, err)
		}
	}
}

// policy: R4.2 target_progress
//
// TestWhatIsNeededOnEachWorkingDay: by the company's calendar, today among them.
func TestWhatIsNeededOnEachWorkingDay(t *testing.T) {
	holidays := domain.Calendar{Special: map[string]string{"2026-10-01": domain.DayOff, "2026-10-10": domain.DayWork}}
	months := slices.Repeat([]int{100}, 12)
	for _, c := range []struct {
		name, today string
		reached     int // in September and October each
		want        TargetProgress
	}{
		// From 2026-10-01 on October has 22 weekdays, one off and one more; November 21, December 23.
		{"on a holiday", "2026-10-01", 0, TargetProgress{Actual: 0, DaysLeft: 66, NeededPerDay: 19, NeededOfMonth: 5, MonthDaysLeft: 22}},
		{"before a working Saturday", "2026-10-09", 300, TargetProgress{Actual: 600, AttainmentBP: 5000, DaysLeft: 61, NeededPerDay: 10, MonthDaysLeft: 17}},
		{"reached", "2026-12-31", 650, TargetProgress{Actual: 1300, AttainmentBP: 10833, DaysLeft: 1, NeededOfMonth: 100, MonthDaysLeft: 1}},
		{"more came back", "2026-12-31", -1, TargetProgress{Actual: -2, AttainmentBP: -17, DaysLeft: 1, NeededPerDay: 1202, NeededOfMonth: 100, MonthDaysLeft: 1}},
		{"before its year", "2025-12-31", 0, TargetProgress{DaysLeft: 261, NeededPerDay: 5}},
		{"after its year", "2027-01-01", 1, TargetProgress{Actual: 2, AttainmentBP: 17}},
	} {
		t.Run(c.name, func(t *testing.T) {
			reached := make([]int, 12)
			reached[8], reached[9] = c.reached, c.reached
			c.want.Months = reached
			if got := TargetReached(1200, months, reached, TargetDaysLeft(holidays, "2026", c.today)); !reflect.DeepEqual(got, c.want) {
				t.Errorf("%+v, want %+v", got, c.want)
			}
		})
	}
	if got := TargetReached(0, nil, months, TargetDays{}); got.AttainmentBP != 0 || got.Actual != 1200 {
		t.Errorf("of no target: %+v", got)
	}
}

// TestWhatIsToldOfProfit: who may not know it is told his year in whole percent.
func TestWhatIsToldOfProfit(t *testing.T) {
	p := TargetReached(1000, nil, []int{777, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, TargetDays{Left: 5})
	if told := TargetTold("profit", false); told != ToldPercent || !reflect.DeepEqual(p.Told(told), TargetProgress{AttainmentBP: 7700}) {
		t.Errorf("%s %+v", told, p.Told(told))
	}
	if told := TargetTold("profit", true); told != ToldAll || !reflect.DeepEqual(p.Told(told), p) {
		t.Errorf("%s %+v", told, p.Told(told))
	}
	if told := TargetTold("csat", true); told != ToldNone || !reflect.DeepEqual(p.Told(told), TargetProgress{}) {
		t.Errorf("%s %+v", told, p.Told(told))
	}
}

func someValue(dice *rand.Rand) int {
	switch dice.IntN(4) {
	case 0:
		return dice.IntN(30)
	case 1:
		return TargetMost - dice.IntN(5)
	}
	return dice.IntN(1_000_000_000_00)
}

func someWeights(dice *rand.Rand, many int) []int {
	out := make([]int, many)
	most := []int{2, 5, 1000, TargetWeightMost}[dice.IntN(4)]
	for i := range out {
		out[i] = dice.IntN(most)
	}
	return out
}

// TestNobodyBelow: what has nobody to be divided over is refused.
func TestNobodyBelow(t *testing.T) {
	for metric := range TargetMetrics {
		if _, err := SplitTarget(metric, TargetYear{Value: 12, Months: make([]int, 12)}, nil, 0, 0); domain.CodeOf(err) != "target.none_below" {
			t.Errorf("%s: %v", metric, err)
		}
	}
}
