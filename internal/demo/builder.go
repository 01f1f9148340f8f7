package demo

import (
	"crypto/sha256"
	"fmt"
	"hash/fnv"
	"math/rand/v2"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/catalog"
)

const companyName = "禾漾快消品股份有限公司"

// shanghai is China's one time zone; it has had no summer time since 1991.
var shanghai = time.FixedZone("CST", 8*60*60)

const (
	dayFormat   = "2006-01-02"
	stampFormat = "2006-01-02 15:04:05.000Z"
)

// builder carries what later parts need of earlier ones.
type builder struct {
	opt     Options
	w       *writer
	company *Company

	today      time.Time // midnight in Shanghai
	founded    string    // stamp of all master data
	depts      map[string]string
	people     map[string]person
	reps       []person
	accounts   []account
	products   []product
	lists      []priceList
	promotions []promotion
	steps      map[string]template // by tier, in force today
	former     template            // in force during the history
	hashes     map[string]string   // of papers, by the ids of their blobs
	files      []file              // of papers
	events     int                 // of orders
	recent     []visit             // that were made, oldest first for each rep
	blocks     []*block            // of numbers that were given, in their order
	entryIDs   []string            // of the ledger
	receipts   []dbx.Params        // that are written once it is known what of them is open
	receiptOf  map[string]dbx.Params
	allocated  int
	returns    int
	inForce    []dbx.Params // targets
}

func newBuilder(txApp core.App, opt Options) *builder {
	y, m, d := opt.Today.In(shanghai).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, shanghai)
	return &builder{
		opt: opt, w: newWriter(txApp.NonconcurrentDB()),
		company: &Company{Name: companyName, Today: today.Format(dayFormat), People: map[string]string{}},
		today:   today,
		founded: stamp(today.AddDate(0, 0, -opt.Days-30).Add(9 * time.Hour)),
		depts:   map[string]string{}, people: map[string]person{}, steps: map[string]template{}, hashes: map[string]string{},
	}
}

// settings writes the policy's parameters and the marker.
func (b *builder) settings() error {
	for i, s := range []struct {
		key, clause, note string
		value             any
	}{
		{MarkerKey, "", "演示数据标记", Marker{Name: companyName, Seed: b.opt.Seed, Today: b.company.Today}},
		{"visit.record_hours", "R4.8", "拜访结束后须在此小时数内填写记录", 24},
		{"order.max_discount_bp", "R4.11", "订单行折扣上限（万分之一）", 1000},
	} {
		err := b.w.insert("settings", dbx.Params{
			"id": b.id("settings", i), "key": s.key, "value": toJSON(s.value), "clause": s.clause, "note": s.note,
			"secret":  !catalog.OnPhones(s.key),
			"version": 1, "effective_from": b.founded[:len(dayFormat)],
			"created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// id makes the n-th id of its kind: 15 characters of [a-z0-9].
func (b *builder) id(kind string, n int) string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	sum := sha256.Sum256(fmt.Appendf(nil, "%d|%s|%d", b.opt.Seed, kind, n))
	out := make([]byte, 15)
	for i := range out {
		out[i] = alphabet[int(sum[i])%len(alphabet)]
	}
	return string(out)
}

// rand gives each part a stream of its own, so that a change of one part
// leaves the others as they are.
func (b *builder) rand(part string) *rand.Rand {
	h := fnv.New64a()
	h.Write([]byte(part))
	return rand.New(rand.NewPCG(b.opt.Seed, h.Sum64()))
}

// daysBack lists the working days of the history, oldest first.
func (b *builder) daysBack() []time.Time {
	var out []time.Time
	for back := b.opt.Days; back > 0; back-- {
		day := b.today.AddDate(0, 0, -back)
		if wd := day.Weekday(); wd != time.Saturday && wd != time.Sunday {
			out = append(out, day)
		}
	}
	return out
}

func stamp(t time.Time) string { return t.UTC().Format(stampFormat) }

func one[T any](r *rand.Rand, from []T) T { return from[r.IntN(len(from))] }
