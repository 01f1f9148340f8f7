package appraisal

import (
	"encoding/json/jsontext"
	"encoding/json/v2"
	"fmt"

	"github.com/shopspring/decimal"
)

// Points, tiers, grades and coefficients are pairs in JSON, as people write them.

// MarshalJSON writes [x, y].
func (p Point) MarshalJSON() ([]byte, error) { return json.Marshal([2]decimal.Decimal{p.X, p.Y}) }

// UnmarshalJSON reads it.
func (p *Point) UnmarshalJSON(raw []byte) error {
	var both []decimal.Decimal
	if err := json.Unmarshal(raw, &both); err != nil {
		return err
	}
	if len(both) != 2 {
		return fmt.Errorf("a point has two numbers, not %d", len(both))
	}
	p.X, p.Y = both[0], both[1]
	return nil
}

// MarshalJSON writes ["A", 3].
func (t TierWeight) MarshalJSON() ([]byte, error) { return json.Marshal([2]any{t.Tier, t.Weight}) }

// UnmarshalJSON reads it.
func (t *TierWeight) UnmarshalJSON(raw []byte) error { return pair(raw, &t.Tier, &t.Weight) }

// MarshalJSON writes ["A", 85].
func (g Grade) MarshalJSON() ([]byte, error) { return json.Marshal([2]any{g.Code, g.From}) }

// UnmarshalJSON reads it.
func (g *Grade) UnmarshalJSON(raw []byte) error { return pair(raw, &g.Code, &g.From) }

// MarshalJSON writes ["A", 1.2].
func (c Coefficient) MarshalJSON() ([]byte, error) { return json.Marshal([2]any{c.Grade, c.Value}) }

// UnmarshalJSON reads it.
func (c *Coefficient) UnmarshalJSON(raw []byte) error { return pair(raw, &c.Grade, &c.Value) }

func pair(raw []byte, name *string, number *decimal.Decimal) error {
	var both []jsontext.Value
	if err := json.Unmarshal(raw, &both); err != nil {
		return err
	}
	if len(both) != 2 {
		return fmt.Errorf("a pair has a name and a number, not %d members", len(both))
	}
	if err := json.Unmarshal(both[0], name); err != nil {
		return err
	}
	return json.Unmarshal(both[1], number)
}

// UnmarshalJSON reads a formula; a bare number is one too.
func (f *Formula) UnmarshalJSON(raw []byte) error {
	if len(raw) > 0 && raw[0] != '"' {
		var d decimal.Decimal
		if err := json.Unmarshal(raw, &d); err != nil {
			return err
		}
		*f = Formula(raw)
		return nil
	}
	var text string
	if err := json.Unmarshal(raw, &text); err != nil {
		return err
	}
	*f = Formula(text)
	return nil
}
