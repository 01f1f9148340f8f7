package histories

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

// generate makes the history of a seed. It knows few names and no state, so
// that steps meet by chance and any of them may be left out.
func generate(seed uint64) []step {
	g := generator{rand.New(rand.NewPCG(seed, 0x5a7c4e1)), 0}
	n := 25 + g.IntN(25)
	out := make([]step, 0, n)
	for len(out) < n {
		g.at++
		out = append(out, strings.Fields(g.one()))
	}
	return out
}

type generator struct {
	*rand.Rand
	at int
}

func (g *generator) of(list ...string) string { return list[g.IntN(len(list))] }

func (g *generator) phone() string   { return g.of("p1", "p1", "p2", "p3", "p3", "p4", "p5") }
func (g *generator) user() string    { return g.of("u1", "u2", "u3") }
func (g *generator) account() string { return g.of("a1", "a2", "a3") }
func (g *generator) visit() string   { return g.of("v1", "v1", "v2", "v3", "v4", "v5", "v6") }
func (g *generator) order() string   { return g.of("o0", "o0", "o1", "o2", "o3") }

func (g *generator) unfit() string {
	return g.of("half", "bytes", "twice", "deep", "deepest", "huge", "type", "broken", "clock", "future")
}

// field makes field=value for a visit.
func (g *generator) field() string {
	switch f := g.of("title", "note", "first", "memo", "mood", "best", "least", "count", "tags", "dept", "day"); f {
	case "best", "least", "count":
		return fmt.Sprintf("%s=%d", f, g.IntN(9))
	case "dept":
		return "dept=" + g.of("d1", "d2")
	case "day":
		return "day=" + g.of("2026-02-01", "2026-03-01", "2026-04-01")
	default:
		return fmt.Sprintf("%s=x%d", f, g.at)
	}
}

func (g *generator) one() string {
	switch n := g.IntN(115); {
	case n >= 111:
		return "anew " + g.phone()
	case n >= 107:
		return "misuse " + g.phone() + " vis " + g.visit() + fmt.Sprint(" title=y", g.at)
	case n >= 102:
		return "pair " + g.phone() + " vis " + g.visit() + " " + g.visit() + " " + g.of(fmt.Sprint("title=x", g.at), "title=poison") + " " + g.of("", g.unfit())
	case n >= 100:
		return "spoil " + g.phone() + " vis " + g.visit() + " " + g.unfit() + fmt.Sprint(" title=x", g.at)
	case n < 16:
		return "push " + g.phone() + " " + g.of("", "", "", "", "lost", "lost", "kill", "dup", "drop", "first")
	case n < 32:
		return "pull " + g.phone() + " " + g.of("", "", "", "", "page", "page", "page", "lost", "cut", "hold", "drop")
	case n < 36:
		return g.of("take", "crash", "take", "late", "late", "late") + " " + g.phone()
	case n < 48:
		return "edit " + g.phone() + " vis " + g.visit() + " " + g.field() + " " + g.of("", g.field())
	case n < 52:
		return "inc " + g.phone() + " vis " + g.visit() + fmt.Sprint(" count ", 1+g.IntN(5))
	case n < 55:
		return g.of("tag", "untag") + " " + g.phone() + " vis " + g.visit() + " " + g.of("old", "new", fmt.Sprint("t", g.at))
	case n < 59:
		return "create " + g.phone() + " vis " + g.visit() + " account=" + g.account() + " state=open " + g.of("", g.field())
	case n < 61:
		return g.of("create "+g.phone()+" ord "+g.order()+" account="+g.account(), "edit "+g.phone()+" ord "+g.order()+fmt.Sprint(" note=x", g.at))
	case n < 64:
		return "delete " + g.phone() + " vis " + g.visit()
	case n < 66:
		return "close " + g.phone() + " vis " + g.visit()
	case n < 68:
		return "edit " + g.phone() + " acc " + g.account() + " " + g.of(fmt.Sprint("name=x", g.at), fmt.Sprint("tier=", g.IntN(9)))
	case n < 70:
		return "edit " + g.phone() + " " + g.of("vis "+g.visit()+" title=poison", "vis "+g.visit()+" count=much",
			"vis "+g.visit()+" state=closed", "vis "+g.visit()+" secret=x", "prod k1 name=x")
	case n < 77:
		return "office vis " + g.visit() + " " + g.field()
	case n < 79:
		return "office vis " + g.visit() + " " + g.of("state=open", "state=closed", "account="+g.account())
	case n < 80:
		return "office acc " + g.account() + " " + g.of(fmt.Sprint("name=x", g.at), "tier=5", "boss="+g.of("u1", "u2", "u3"))
	case n < 82:
		return g.of("erase vis "+g.visit(), "make vis "+g.visit()+" account="+g.account()+" state=open dept=d1")
	case n < 84:
		return "bundle " + g.order() + " " + g.account()
	case n < 88:
		return "move " + g.account() + " " + g.of("u1", "u2", "-")
	case n < 90:
		return "chief " + g.user() + " " + g.of("d1", "d2", "-")
	case n < 91:
		return g.of("disable", "enable", "enable") + " " + g.user()
	case n < 96:
		return "fold"
	case n < 97:
		return g.of("rot "+g.phone()+" "+g.of("vis "+g.visit(), "acc "+g.account(), "prod k1")+" "+g.of("lose", "stale", "invent"), "verify "+g.phone(), "compact 60", "compact 60")
	case n < 98:
		return g.of("sweep", fmt.Sprint("days ", 1+g.IntN(40)))
	case n < 99:
		return g.of("restart", "clone "+g.of("p1", "p3")+" p5", "upgrade "+g.phone())
	default:
		return g.of("backup", "backup", "restart", "sweep", "restore", "restore", "restore", g.of("addfield", "renamefield"), "dropcoll")
	}
}
