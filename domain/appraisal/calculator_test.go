package appraisal_test

import (
	"math/big"
	"regexp"
	"strings"
)

// calculator is a reader of formulas that knows no CEL: precedence by descent. Its values
// are fractions; n/a is nil; a truth is 1 or 0.
type calculator struct {
	words []string
	names map[string]string
}

var lexed = regexp.MustCompile(`[a-z_][a-z0-9_.]*|[0-9]+(?:\.[0-9]+)?|<=|>=|==|!=|&&|\|\||[-+*/(),<>!?:]`)

// calculate is a formula's value as a trace writes it.
func calculate(text string, names map[string]string) string {
	c := &calculator{words: lexed.FindAllString(text, -1), names: names}
	truth := false
	for _, op := range []string{"<", ">", "==", "!=", "&&", "||", "true", "false"} {
		truth = truth || strings.Contains(text, op)
	}
	v := c.choice()
	switch {
	case v == nil:
		return ""
	case truth && !strings.Contains(text, "if(") && !strings.Contains(text, "?"):
		return map[bool]string{true: "true", false: "false"}[v.Sign() != 0]
	}
	return places(v, 200)
}

func (c *calculator) next() string {
	if len(c.words) == 0 {
		return ""
	}
	return c.words[0]
}

func (c *calculator) take() string {
	w := c.next()
	if w != "" {
		c.words = c.words[1:]
	}
	return w
}

func (c *calculator) choice() *big.Rat {
	cond := c.level(0)
	if c.next() != "?" {
		return cond
	}
	c.take()
	yes := c.choice()
	c.take()
	return pick(cond, yes, c.choice())
}

func pick(cond, yes, no *big.Rat) *big.Rat {
	switch {
	case cond == nil:
		return nil
	case cond.Sign() != 0:
		return yes
	}
	return no
}

// levels of binary operators, the weakest first.
var levels = [][]string{{"||"}, {"&&"}, {"<", "<=", ">", ">=", "==", "!="}, {"+", "-"}, {"*", "/"}}

func (c *calculator) level(n int) *big.Rat {
	if n == len(levels) {
		return c.single()
	}
	left := c.level(n + 1)
	for {
		op := c.next()
		found := false
		for _, o := range levels[n] {
			found = found || o == op
		}
		if !found {
			return left
		}
		c.take()
		left = combine(op, left, c.level(n+1))
	}
}

func truth(yes bool) *big.Rat {
	if yes {
		return big.NewRat(1, 1)
	}
	return new(big.Rat)
}

func combine(op string, a, b *big.Rat) *big.Rat {
	switch {
	case op == "||" && (a != nil && a.Sign() != 0 || b != nil && b.Sign() != 0):
		return truth(true)
	case op == "&&" && (a != nil && a.Sign() == 0 || b != nil && b.Sign() == 0):
		return truth(false)
	case a == nil || b == nil:
		return nil
	}
	switch op {
	case "||", "&&":
		return truth(op == "&&")
	case "+":
		return new(big.Rat).Add(a, b)
	case "-":
		return new(big.Rat).Sub(a, b)
	case "*":
		return new(big.Rat).Mul(a, b)
	case "/":
		return rat(places(new(big.Rat).Quo(a, b), 16))
	case "<":
		return truth(a.Cmp(b) < 0)
	case "<=":
		return truth(a.Cmp(b) <= 0)
	case ">":
		return truth(a.Cmp(b) > 0)
	case ">=":
		return truth(a.Cmp(b) >= 0)
	case "==":
		return truth(a.Cmp(b) == 0)
	}
	return truth(a.Cmp(b) != 0)
}

func (c *calculator) single() *big.Rat {
	w := c.take()
	switch {
	case w == "-":
		v := c.single()
		if v == nil {
			return nil
		}
		return new(big.Rat).Neg(v)
	case w == "!":
		v := c.single()
		if v == nil {
			return nil
		}
		return truth(v.Sign() == 0)
	case w == "(":
		v := c.choice()
		c.take()
		return v
	case w == "true", w == "false":
		return truth(w == "true")
	case c.next() == "(":
		c.take()
		var args []*big.Rat
		for c.next() != ")" && c.next() != "" {
			args = append(args, c.choice())
			if c.next() == "," {
				c.take()
			}
		}
		c.take()
		return called(w, args)
	case w >= "0" && w < ":":
		return rat(w)
	}
	if v := c.names[w]; v != "" {
		return rat(v)
	}
	return nil
}

func called(name string, args []*big.Rat) *big.Rat {
	if name == "if" {
		return pick(args[0], args[1], args[2])
	}
	for _, a := range args {
		if a == nil {
			return nil
		}
	}
	switch name {
	case "ratio":
		if args[1].Sign() <= 0 {
			return nil
		}
		return combine("/", args[0], args[1])
	case "clamp":
		return called("min", []*big.Rat{called("max", args[:2]), args[2]})
	case "sum", "avg":
		sum := new(big.Rat)
		for _, a := range args {
			sum.Add(sum, a)
		}
		if name == "avg" {
			return combine("/", sum, big.NewRat(int64(len(args)), 1))
		}
		return sum
	}
	best := args[0]
	for _, a := range args[1:] {
		if (name == "max") == (a.Cmp(best) > 0) && a.Cmp(best) != 0 {
			best = a
		}
	}
	return best
}
