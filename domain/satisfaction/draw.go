package satisfaction

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"satchel/domain"
)

// Candidate is a contact who could be asked about somebody.
type Candidate struct {
	Contact string
	Account string
	Tier    string // of his account at the draw; may be empty
	Asked   int    // about how many others this survey asks him
}

// Plan is how a sample is drawn.
type Plan struct {
	Size   int // contacts about one person, more if the share wants them
	KeyBp  int // least share, in basis points, of A and B accounts that are asked, and of contacts that are theirs
	AskedN int // about how many people one contact is asked at most
}

// TierWeight is how likely a contact is drawn, and how much what his account says weighs.
func TierWeight(tier string) int {
	switch tier {
	case "A":
		return 3
	case "B":
		return 2
	}
	return 1
}

func (c Candidate) key() bool { return c.Tier == "A" || c.Tier == "B" }

// Draw draws whom to ask about somebody. Of the A and B accounts in the frame at least the
// share is asked; as far as the frame has them, contacts of theirs are at least that share
// of the sample. Who is asked about fewer comes first, then who is the first of his account.
// The same frame, seed and person give the same sample, in whatever order the frame comes:
// the whole frame decides, so that no id is chosen that is not drawn.
func Draw(frame []Candidate, seed int, person string, plan Plan) []Candidate {
	frame = slices.DeleteFunc(slices.Clone(frame), func(c Candidate) bool { return c.Asked >= max(plan.AskedN, 1) })
	order := drawn(frame, seed, person)
	picks, asked := coverKey(order, plan.KeyBp)
	size := min(max(plan.Size, len(picks)), len(order))
	keys := 0
	for _, c := range order {
		if c.key() {
			keys++
		}
	}
	others := size - min(shareOf(size, plan.KeyBp), keys)
	for _, c := range order {
		if len(picks) >= size {
			break
		}
		if asked[c.Contact] || !c.key() && others == 0 {
			continue
		}
		if !c.key() {
			others--
		}
		picks = append(picks, c)
	}
	slices.SortFunc(picks, func(a, b Candidate) int { return cmp.Compare(a.Contact, b.Contact) })
	return picks
}

// drawn puts a frame into the order in which its contacts are asked.
func drawn(frame []Candidate, seed int, person string) (order []Candidate) {
	lots, of := make([]domain.Lot, len(frame)), make(map[string]Candidate, len(frame))
	for i, c := range frame {
		lots[i], of[c.Contact] = domain.Lot{ID: c.Contact, Weight: TierWeight(c.Tier)}, c
	}
	nth, rank := map[string]int{}, map[string]int{}
	for _, id := range domain.Draw(lots, seed, person+"/"+FrameHash(frame)) {
		c := of[id]
		order = append(order, c)
		rank[id] = nth[c.Account]
		nth[c.Account]++
	}
	slices.SortStableFunc(order, func(a, b Candidate) int {
		return cmp.Or(cmp.Compare(a.Asked, b.Asked), cmp.Compare(rank[a.Contact], rank[b.Contact]))
	})
	return order
}

// coverKey takes a contact each of as many A and B accounts as the share wants.
func coverKey(order []Candidate, bp int) (picks []Candidate, asked map[string]bool) {
	accounts := map[string]bool{}
	for _, c := range order {
		if c.key() {
			accounts[c.Account] = false
		}
	}
	asked = map[string]bool{}
	for _, c := range order {
		if len(picks) == shareOf(len(accounts), bp) {
			break
		}
		if c.key() && !accounts[c.Account] {
			accounts[c.Account], asked[c.Contact] = true, true
			picks = append(picks, c)
		}
	}
	return picks, asked
}

// shareOf is a share of a number, rounded up.
func shareOf(n, bp int) int { return (n*min(bp, 10_000) + 9_999) / 10_000 }

// FrameHash is a digest of a frame: who draws again sees whether it is the same.
func FrameHash(frame []Candidate) string {
	frame = slices.SortedFunc(slices.Values(frame), func(a, b Candidate) int { return cmp.Compare(a.Contact, b.Contact) })
	hash := sha256.New()
	for _, c := range frame {
		hash.Write(fmt.Appendf(nil, "%s/%s/%s/%d\n", c.Contact, c.Account, c.Tier, c.Asked))
	}
	return hex.EncodeToString(hash.Sum(nil))
}
