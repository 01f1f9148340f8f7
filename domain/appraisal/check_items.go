package appraisal

import (
	"strconv"
	"strings"

	"github.com/shopspring/decimal"

	"satchel/domain"
	"satchel/domain/formula"
)

func (c *checker) items() {
	if len(c.s.Items) == 0 {
		c.fault("items", FaultNoItems)
		return
	}
	if len(c.s.Items) > mostItems {
		c.fault("items", FaultTooMany, "most", mostItems)
		return
	}
	seen, sum, whole := map[string]bool{}, decimal.Zero, true
	for _, item := range c.s.Items {
		at := "items/" + item.Code
		c.code(at, item.Code, seen)
		if c.between(at+"/w", item.Weight, 0, 100) {
			sum = sum.Add(item.Weight)
		} else {
			whole = false
		}
		c.word(at+"/group", item.Group, GroupSales, GroupCustomer, GroupTeam, GroupCompetence)
		c.named(at+"/name", item.Name)
		c.word(at+"/kind", item.Kind, IndicatorComputed, IndicatorRated)
		c.indicator(at, item)
	}
	if whole && !sum.Equal(hundred) {
		c.fault("items", FaultWeights, "sum", sum.String())
	}
}

// CheckIndicator judges an item without its weight: a row of the library.
func CheckIndicator(item Item) []Fault {
	speaks, err := speak()
	if err != nil {
		return []Fault{{"", domain.Problem{Code: formula.Failed, Params: map[string]any{"fault": err.Error()}}}}
	}
	c := &checker{speaks: speaks}
	c.code("code", item.Code, map[string]bool{})
	c.word("group", item.Group, GroupSales, GroupCustomer, GroupTeam, GroupCompetence)
	c.named("name", item.Name)
	c.word("kind", item.Kind, IndicatorComputed, IndicatorRated)
	c.indicator("", item)
	return c.faults
}

func (c *checker) indicator(at string, item Item) {
	at = strings.TrimPrefix(at+"/", "/")
	if item.Kind == IndicatorRated {
		if item.Formula != "" {
			c.fault(at+"formula", FaultUnwanted)
		}
	} else {
		c.formula(at+"formula", item.Formula, formula.Number, c.speaks.facts)
		if len(item.Band) < 2 {
			c.fault(at+"band", FaultBandShort)
		}
	}
	c.band(at+"band", item.Band)
	if len(item.Hints) > mostPoints {
		c.fault(at+"hints", FaultTooMany, "most", mostPoints)
	}
	for _, hint := range item.Hints {
		if _, known := FindMetric(hint); !known {
			c.fault(at+"hints", FaultMetric, "metric", hint)
		}
	}
}

func (c *checker) band(at string, band []Point) {
	if len(band) == 1 {
		c.fault(at, FaultBandShort)
	}
	if len(band) > mostPoints {
		c.fault(at, FaultTooMany, "most", mostPoints)
		return
	}
	for i, p := range band {
		here := at + "/" + strconv.Itoa(i+1)
		fits := c.between(here, p.X, -1_000_000_000, 1_000_000_000)
		if !c.between(here, p.Y, 0, 120) || !fits || i == 0 {
			continue
		}
		before := band[i-1]
		switch {
		case p.X.LessThanOrEqual(before.X):
			c.fault(here, FaultBandOverlap, "x", p.X.String())
		case p.Y.LessThan(before.Y):
			c.fault(here, FaultBandFalls, "x", p.X.String())
		}
	}
}

func (c *checker) code(at, code string, seen map[string]bool) {
	switch {
	case !codeForm.MatchString(code):
		c.fault(at, FaultCode, "code", code)
	case seen[code]:
		c.fault(at, FaultTwice, "code", code)
	}
	seen[code] = true
}
