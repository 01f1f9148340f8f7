package documents

import (
	"errors"
	"math"

	"github.com/ledongthuc/pdf"
)

// matrix is a PDF's [a b c d e f].
type matrix [6]float64

var identity = matrix{1, 0, 0, 1, 0, 0}

// then is m first, n after it.
func (m matrix) then(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

// texts collects the pieces of text that pages show, forms within them included.
type texts struct {
	page, ops int
	pieces    []piece
}

type textState struct {
	at      matrix // of the page
	font    decoder
	size    float64
	leading float64
}

var errOps = errors.New("too many operators")

// run interprets a content stream for its text.
func (t *texts) run(content, resources pdf.Value, at matrix, depth int) {
	if depth > maxForms || contentOf(content) != nil {
		return
	}
	state, line, tm := textState{at: at}, identity, identity
	var saved []textState
	fonts := map[string]decoder{}
	next := func(x, y float64) { line = matrix{1, 0, 0, 1, x, y}.then(line); tm = line }
	show := func(raw string) {
		if state.font == nil || len(t.pieces) >= maxPieces {
			return
		}
		m := tm.then(state.at)
		p := piece{page: t.page, x: m[4], y: m[5], size: state.size * math.Hypot(m[2], m[3]), text: state.font(raw)}
		t.pieces = append(t.pieces, p)
		// The next string of the line follows; how wide a glyph is, is guessed.
		tm = matrix{1, 0, 0, 1, piece{size: state.size, text: p.text}.width(), 0}.then(tm)
	}
	pdf.Interpret(content, func(stack *pdf.Stack, op string) {
		if t.ops++; t.ops > maxOps {
			panic(errOps)
		}
		args := make([]pdf.Value, min(stack.Len(), 8))
		for i := len(args) - 1; i >= 0; i-- {
			args[i] = stack.Pop()
		}
		for stack.Len() > 0 {
			stack.Pop()
		}
		num := func(i int) float64 {
			if i < len(args) {
				return args[i].Float64()
			}
			return 0
		}
		six := func() matrix { return matrix{num(0), num(1), num(2), num(3), num(4), num(5)} }
		switch op {
		case "q":
			if len(saved) < 1000 {
				saved = append(saved, state)
			}
		case "Q":
			if n := len(saved); n > 0 {
				state, saved = saved[n-1], saved[:n-1]
			}
		case "cm":
			state.at = six().then(state.at)
		case "BT":
			line, tm = identity, identity
		case "Tf":
			if len(args) == 2 {
				name := args[0].Name()
				if fonts[name] == nil {
					fonts[name] = fontDecoder(resources.Key("Font").Key(name))
				}
				state.font, state.size = fonts[name], num(1)
			}
		case "TL":
			state.leading = num(0)
		case "Td":
			next(num(0), num(1))
		case "TD":
			state.leading = -num(1)
			next(num(0), num(1))
		case "Tm":
			line = six()
			tm = line
		case "T*":
			next(0, -state.leading)
		case "Tj":
			if len(args) > 0 {
				show(args[len(args)-1].RawString())
			}
		case "'", "\"":
			next(0, -state.leading)
			if len(args) > 0 {
				show(args[len(args)-1].RawString())
			}
		case "TJ":
			if len(args) > 0 {
				t.showAll(args[len(args)-1], show, func(thousandths float64) {
					tm = matrix{1, 0, 0, 1, -thousandths / 1000 * state.size, 0}.then(tm)
				})
			}
		case "Do":
			if len(args) == 1 {
				if form := resources.Key("XObject").Key(args[0].Name()); form.Key("Subtype").Name() == "Form" {
					t.form(form, resources, state.at, depth)
				}
			}
		}
	})
}

// showAll shows an array of strings with moves between them.
func (t *texts) showAll(array pdf.Value, show func(string), move func(float64)) {
	for i := range min(array.Len(), 10_000) {
		if v := array.Index(i); v.Kind() == pdf.String {
			show(v.RawString())
		} else {
			move(v.Float64())
		}
	}
}

func (t *texts) form(form, outer pdf.Value, at matrix, depth int) {
	resources := form.Key("Resources")
	if resources.IsNull() {
		resources = outer
	}
	if m := form.Key("Matrix"); m.Len() == 6 {
		var own matrix
		for i := range own {
			own[i] = m.Index(i).Float64()
		}
		at = own.then(at)
	}
	t.run(form, resources, at, depth+1)
}
