package appraisal

import (
	"regexp"
	"strings"
	"testing"
)

var han = regexp.MustCompile(`\p{Han}`)

func TestDefaultSchemesHaveNoFault(t *testing.T) {
	for _, role := range Roles {
		for _, cycle := range []string{CycleQuarter, CycleAnnual} {
			if role == "dept_manager" && cycle == CycleQuarter {
				continue
			}
			s := Default(role, cycle)
			for _, f := range Check(s) {
				t.Errorf("%s %s: %s %s", role, cycle, f.At, f.Problem.Code)
			}
			raw, err := s.JSON()
			if err != nil {
				t.Fatal(err)
			}
			again, faults := Parse(raw)
			second, err := again.JSON()
			if err != nil || len(faults) > 0 || string(raw) != string(second) {
				t.Errorf("%s %s does not come back: %v, %v", role, cycle, faults, err)
			}
		}
	}
	for _, item := range Library() {
		for _, f := range CheckIndicator(item) {
			t.Errorf("%s: %s %s", item.Code, f.At, f.Problem.Code)
		}
	}
}

// policy: R6.1 H-APR-1
//
// TestEachFaultOfASchemeIsFoundWhereItIs: one thing is made wrong at a time.
func TestEachFaultOfASchemeIsFoundWhereItIs(t *testing.T) {
	for name, c := range map[string]struct {
		spoil func(s *Scheme)
		want  string
	}{
		"weights":             {func(s *Scheme) { s.Items[0].Weight = num("29.5") }, "items appraisal_scheme.weights"},
		"weight below 0":      {func(s *Scheme) { s.Items[0].Weight = num("-1") }, "items/S1/w appraisal_scheme.number"},
		"weight of 7 places":  {func(s *Scheme) { s.Items[0].Weight = num("30.0000001") }, "items/S1/w appraisal_scheme.number"},
		"no items":            {func(s *Scheme) { s.Items = nil }, "items appraisal_scheme.no_items"},
		"item twice":          {func(s *Scheme) { s.Items[1].Code = "S1" }, "items/S1 appraisal_scheme.twice"},
		"item's code":         {func(s *Scheme) { s.Items[0].Code = "1 S" }, "items/1 S appraisal_scheme.code"},
		"item's name":         {func(s *Scheme) { s.Items[0].Name.EN = " " }, "items/S1/name appraisal_scheme.name"},
		"group":               {func(s *Scheme) { s.Items[0].Group = "luck" }, "items/S1/group appraisal_scheme.word"},
		"kind":                {func(s *Scheme) { s.Items[0].Kind = "felt" }, "items/S1/kind appraisal_scheme.word"},
		"unknown metric":      {func(s *Scheme) { s.Items[0].Formula = "ratio(metric.sales, 1)" }, "items/S1/formula formula.unknown_name 1:7 metric.sales"},
		"formula's syntax":    {func(s *Scheme) { s.Items[0].Formula = "1 +\n * 2" }, "items/S1/formula formula.syntax 2:2 *"},
		"formula's type":      {func(s *Scheme) { s.Items[0].Formula = "metric.amount > 1" }, "items/S1/formula formula.want_number"},
		"division by zero":    {func(s *Scheme) { s.Items[0].Formula = "metric.amount / metric.amount_target" }, "items/S1/formula formula.division 1:15 /"},
		"no formula":          {func(s *Scheme) { s.Items[0].Formula = "" }, "items/S1/formula formula.empty"},
		"formula of a rating": {func(s *Scheme) { s.Items[11].Formula = "1" }, "items/K3/formula appraisal_scheme.unwanted"},
		"no band":             {func(s *Scheme) { s.Items[0].Band = nil }, "items/S1/band appraisal_scheme.band_short"},
		"band falls":          {func(s *Scheme) { s.Items[0].Band[2].Y = num("50") }, "items/S1/band/3 appraisal_scheme.band_falls"},
		"band overlaps":       {func(s *Scheme) { s.Items[0].Band[2].X = num("0.8") }, "items/S1/band/3 appraisal_scheme.band_overlap"},
		"band above 120":      {func(s *Scheme) { s.Items[0].Band[3].Y = num("121") }, "items/S1/band/4 appraisal_scheme.number"},
		"hint":                {func(s *Scheme) { s.Items[11].Hints = []string{"mood"} }, "items/K3/hints appraisal_scheme.metric"},
		"raters":              {func(s *Scheme) { s.Raters.Self = num("15") }, "raters appraisal_scheme.raters"},
		"rater below 0":       {func(s *Scheme) { s.Raters.Self, s.Raters.Superior = num("-10"), num("85") }, "raters/self appraisal_scheme.number"},
		"missing self":        {func(s *Scheme) { s.Raters.MissingSelf = MissingPrevious }, "raters/on_missing_self appraisal_scheme.word"},
		"missing customers":   {func(s *Scheme) { s.Raters.MissingCustomer = "" }, "raters/on_missing_customer appraisal_scheme.word"},
		"no answers wanted":   {func(s *Scheme) { s.Raters.MinResponses = 0 }, "raters/min_responses appraisal_scheme.number"},
		"scale":               {func(s *Scheme) { s.Customer.Low = num("5") }, "customer appraisal_scheme.scale"},
		"tier of no weight":   {func(s *Scheme) { s.Customer.Tiers[0].Weight = num("0") }, "customer/tiers/A appraisal_scheme.number"},
		"tier twice":          {func(s *Scheme) { s.Customer.Tiers[1].Tier = "A" }, "customer/tiers/A appraisal_scheme.twice"},
		"no tiers":            {func(s *Scheme) { s.Customer.Tiers = nil }, "customer/tiers appraisal_scheme.too_many"},
		"deduction twice":     {func(s *Scheme) { s.Deductions[1].Code = "coverage" }, "deductions/coverage appraisal_scheme.twice"},
		"condition a number":  {func(s *Scheme) { s.Deductions[0].When = "metric.coverage" }, "deductions/coverage/when formula.want_truth"},
		"points a truth":      {func(s *Scheme) { s.Deductions[0].Points = "true" }, "deductions/coverage/points formula.want_number"},
		"gate without effect": {func(s *Scheme) { s.Gates[0].MaxGrade = "" }, "gates/fraud appraisal_scheme.gate"},
		"gate's grade":        {func(s *Scheme) { s.Gates[0].MaxGrade = "E" }, "gates/fraud/max_grade appraisal_scheme.grade"},
		"gate's condition":    {func(s *Scheme) { s.Gates[0].When = "metric.x > 0" }, "gates/fraud/when formula.unknown_name 1:1 metric.x"},
		"composite as in 100s": {func(s *Scheme) {
			s.Composite = "raters.self*self + raters.superior*superior + raters.customer*customer - deductions"
		}, "composite appraisal_scheme.composite"},
		"composite of fixed":   {func(s *Scheme) { s.Composite = "0.1*self + 0.65*superior + 0.25*customer - deductions" }, "composite appraisal_scheme.composite"},
		"deductions forgotten": {func(s *Scheme) { s.Composite = "superior" }, "composite appraisal_scheme.composite"},
		"composite of metrics": {func(s *Scheme) { s.Composite = "metric.amount" }, "composite formula.unknown_name 1:1 metric.amount"},
		"limits":               {func(s *Scheme) { s.Limits.Most = num("0") }, "limits appraisal_scheme.scale"},
		"grades not falling":   {func(s *Scheme) { s.Grades[1].From = num("95") }, "grades/A appraisal_scheme.grades"},
		"no lowest grade":      {func(s *Scheme) { s.Grades[4].From = num("10") }, "grades/D appraisal_scheme.lowest"},
		"no grades":            {func(s *Scheme) { s.Grades = nil }, "gates/fraud/max_grade appraisal_scheme.grade"},
		"bonus missing":        {func(s *Scheme) { s.Bonus.Coefficients = s.Bonus.Coefficients[:4] }, "bonus appraisal_scheme.bonus"},
		"bonus of no grade":    {func(s *Scheme) { s.Bonus.Coefficients[0].Grade = "E" }, "bonus/E appraisal_scheme.grade"},
		"hold above all":       {func(s *Scheme) { s.Bonus.HoldBP = 10_001 }, "bonus/hold_bp appraisal_scheme.number"},
		"calibration":          {func(s *Scheme) { s.Calibration.Points = num("-5") }, "calibration/points appraisal_scheme.number"},
		"guide":                {func(s *Scheme) { s.Calibration.Guide[0].Grade = "Z" }, "calibration/guide/Z appraisal_scheme.grade"},
		"inflation":            {func(s *Scheme) { s.SelfInflation = num("-1") }, "self_inflation appraisal_scheme.number"},
		"comments":             {func(s *Scheme) { s.Comments.Above = num("50") }, "comments appraisal_scheme.scale"},
		"days":                 {func(s *Scheme) { s.MinDays = 400 }, "min_days appraisal_scheme.number"},
		"year":                 {func(s *Scheme) { s.Annual.Form = num("60") }, "annual appraisal_scheme.annual"},
		"managers":             {func(s *Scheme) { s.Managers = "both" }, "managers appraisal_scheme.word"},
		"places":               {func(s *Scheme) { s.Rounding.Score = 9 }, "rounding/score appraisal_scheme.number"},
		"mode":                 {func(s *Scheme) { s.Rounding.Mode = "half_even" }, "rounding/mode appraisal_scheme.word"},
		"role":                 {func(s *Scheme) { s.Role = "market" }, "role appraisal_scheme.word"},
		"cycle":                {func(s *Scheme) { s.Cycle = "month" }, "cycle appraisal_scheme.word"},
		"head by the quarter":  {func(s *Scheme) { s.Role = "dept_manager" }, "cycle appraisal_scheme.year_only"},
	} {
		s := Default("rep", CycleQuarter)
		c.spoil(&s)
		faults := Check(s)
		if len(faults) == 0 {
			t.Errorf("%s: not found", name)
			continue
		}
		if got := told(faults[0]); got != c.want {
			t.Errorf("%s: %s, not %s", name, got, c.want)
		}
	}
}

// told is a fault with its place.
func told(f Fault) string {
	p := f.Problem.Params
	out := f.At + " " + f.Problem.Code
	if line, is := p["line"].(int); is {
		out += " " + whole(line).String() + ":" + whole(p["column"].(int)).String() + " " + p["near"].(string)
	}
	return out
}

func TestAllFaultsAreFoundAtOnce(t *testing.T) {
	s := Default("rep", CycleQuarter)
	s.Items[0].Formula, s.Items[0].Weight, s.Grades[1].From, s.Managers = "1 +", num("0"), num("99"), "x"
	if faults := Check(s); len(faults) != 4 {
		t.Errorf("%v", faults)
	}
}

func TestWhatIsNoScheme(t *testing.T) {
	raw, err := Default("rep", CycleQuarter).JSON()
	if err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string][2]string{
		"broken":         {`{"scheme"`, `{"scheme`},
		"unknown member": {`{"scheme"`, `{"luck":1,"scheme"`},
		"member twice":   {`{"scheme"`, `{"version":1,"scheme"`},
		"text as number": {`"self":"10"`, `"self":"ten"`},
		"huge":           {`"self":"10"`, `"self":1e99999999`},
		"not a number":   {`"self":"10"`, `"self":"NaN"`},
		"three of two":   {`["0.6","0"]`, `["0.6","0","1"]`},
		"pair":           {`["A","85"]`, `["A"]`},
		"list as object": {`"items":[`, `"items":{},"items2":[`},
	} {
		spoilt := strings.Replace(string(raw), change[0], change[1], 1)
		if spoilt == string(raw) {
			t.Fatalf("%s: nothing to spoil", name)
		}
		if _, faults := Parse([]byte(spoilt)); len(faults) == 0 || name != "huge" && faults[0].Problem.Code != FaultJSON {
			t.Errorf("%s: %v", name, faults)
		}
	}
	if _, faults := Parse([]byte(strings.Replace(string(raw), `"self":"10"`, `"self":10`, 1))); len(faults) > 0 {
		t.Errorf("a plain number: %v", faults)
	}
	if s, faults := Parse([]byte(strings.Replace(string(raw), `"points":"1"`, `"points":1`, 1))); len(faults) > 0 || s.Deductions[1].Points != "1" {
		t.Errorf("a plain number as formula: %v", faults)
	}
}

// FuzzParse: whatever is saved as a scheme is refused with a code, or can be reckoned by.
func FuzzParse(f *testing.F) {
	for _, role := range Roles {
		raw, err := Default(role, CycleAnnual).JSON()
		if err != nil {
			f.Fatal(err)
		}
		f.Add(raw)
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		s, faults := Parse(raw)
		for _, fault := range faults {
			if fault.Problem.Code == "" {
				t.Fatalf("%q: a fault without a code at %s", raw, fault.At)
			}
		}
		if len(faults) > 0 {
			return
		}
		if _, err := Evaluate(s, given()); err != nil && !strings.Contains(err.Error(), "overflow") && err.Error() == "" {
			t.Fatal(err)
		}
	})
}
