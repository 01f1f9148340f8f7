package numbers_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/numbers"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// desk is a company with phones.
type desk struct {
	testapp.Desk
	t *testing.T
	n *int // of mutations
}

// open opens a company of which no phone was given numbers.
func open(t *testing.T, opts ...testapp.Option) desk {
	d := desk{testapp.Open(t, opts...), t, new(int)}
	if _, err := d.DB().NewQuery("DELETE FROM number_leases WHERE ended_at <> ''").Execute(); err != nil {
		t.Fatal(err)
	}
	return d
}

func (d desk) phone(name string) *testapp.Phone {
	return d.Phone(d.Token(name), name+"-"+fmt.Sprint(d.count()))
}

func (d desk) count() int64 {
	n, err := d.CountRecords("sync_devices")
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// lease asks for numbers, showing what the phone holds.
func (d desk) lease(p *testapp.Phone, held ...syncer.HeldBlock) []syncer.NumberBlock {
	d.t.Helper()
	return d.exchange(p, syncer.NumbersRequest{Device: p.Device, Kind: "order", Held: held})
}

func (d desk) exchange(p *testapp.Phone, req syncer.NumbersRequest) []syncer.NumberBlock {
	d.t.Helper()
	answer := p.Post("/api/sync/numbers", req)
	var out syncer.NumbersResponse
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || answer.Code != http.StatusOK {
		d.t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	return out.Blocks
}

func held(b syncer.NumberBlock, next int64) syncer.HeldBlock {
	b.Next = next
	return syncer.HeldBlock{NumberBlock: b}
}

func number(b syncer.NumberBlock, n int64) string {
	return numbers.Number{Kind: numbers.Order, Series: b.Series, N: n}.String()
}

func (d desk) create(id, name, no string) map[string]any {
	set := map[string]any{"account": d.AccountOf(name).Id, "state": "draft"}
	if no != "" {
		set["no"] = no
	}
	return map[string]any{"op": "create", "c": "orders", "r": (id + "000000000000000")[:15], "set": set}
}

func (d desk) orders() int64 {
	n, err := d.CountRecords("orders")
	if err != nil {
		d.t.Fatal(err)
	}
	return n
}

// push hands in one mutation, whose id no other has.
func (d desk) push(p *testapp.Phone, m map[string]any) syncer.Result {
	d.t.Helper()
	*d.n++
	m["n"], m["id"] = p.Take(1), fmt.Sprintf("%s%03d", p.Device[:12], *d.n)
	answer := p.Post("/api/sync/push", map[string]any{"device": p.Device, "schema": 1, "mutations": []any{m}})
	var out syncer.PushResponse
	if err := json.Unmarshal(answer.Body.Bytes(), &out); err != nil || len(out.Results) != 1 {
		d.t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	return out.Results[0]
}

// same is a phone of before a restore on the restored server: its user gave the
// password once more.
func (d desk) same(p *testapp.Phone) *testapp.Phone {
	d.t.Helper()
	device := d.Row("sync_devices", p.Device)
	taken := int(p.Take(0)) - 1
	again := d.Phone(d.Token("rep.chen"), device.GetString("install")[len("install-"):])
	if again.Device != p.Device {
		d.t.Fatal("it is another phone")
	}
	again.Take(taken)
	return again
}

// gaps are by their first number, with reason and last.
func (d desk) gaps(who string) map[string]string {
	d.t.Helper()
	answer := d.Do(who, "GET", "/api/ka/number_gaps", "")
	var out struct {
		Gaps []struct{ From, To, Reason, Zh, En string } `json:"gaps"`
	}
	if err := json.Unmarshal(answer.Body.Bytes(), &out, json.MatchCaseInsensitiveNames(true)); err != nil || answer.Code != http.StatusOK {
		d.t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	all := map[string]string{}
	for _, g := range out.Gaps {
		all[g.From] = g.Reason + " " + g.To
		if g.Zh == "" || g.En == "" {
			d.t.Errorf("%+v", g)
		}
	}
	return all
}

// leaseOver asks over a line, as phones do at the same time.
func leaseOver(url string, p *testapp.Phone) ([]syncer.NumberBlock, error) {
	req, err := http.NewRequest(http.MethodPost, url+"/api/sync/numbers", strings.NewReader(fmt.Sprintf(`{"device":%q,"kind":"order"}`, p.Device)))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Authorization", p.Token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	var out syncer.NumbersResponse
	return out.Blocks, json.UnmarshalRead(resp.Body, &out)
}

// order pushes a draft with a number, or none, and returns it as it is stored.
func (d desk) order(p *testapp.Phone, name, id, no string) *core.Record {
	d.t.Helper()
	if r := d.push(p, d.create(id, name, no)); r.Status != syncer.StatusApplied {
		d.t.Fatalf("%s: %+v", id, r)
	}
	return d.Row("orders", (id + "000000000000000")[:15])
}

func (d desk) bears(order *core.Record, no, former string) {
	d.t.Helper()
	order = d.Fresh(order)
	if no == "" {
		if n, ok := numbers.Parse(order.GetString("no")); !ok {
			d.t.Errorf("an order bears %q, which is no number: %v", order.GetString("no"), n)
		}
		no = order.GetString("no")
	}
	if order.GetString("no") != no || order.GetString("former_no") != former {
		d.t.Errorf("an order bears %q, before %q, want %q, before %q", order.GetString("no"), order.GetString("former_no"), no, former)
	}
}

// policy: R4.11 H-ORD-3
//
// TestHOrd3AnOrderIsNumberedOnThePhone: by a block that the phone leased; sent
// twice it is one order, and the printed number is the stored one.
func TestHOrd3AnOrderIsNumberedOnThePhone(t *testing.T) {
	d := open(t)
	p := d.phone("rep.chen")
	blocks := d.lease(p)
	if len(blocks) != 1 || blocks[0].First != 1 || blocks[0].Last != 100 || blocks[0].Next != 1 {
		t.Fatalf("%+v", blocks)
	}
	if again := d.lease(p); !slices.Equal(again, blocks) {
		t.Errorf("whose answer was lost is given %+v", again)
	}
	printed := number(blocks[0], 1)
	first := d.order(p, "rep.chen", "a", printed)
	d.bears(first, printed, "")
	before := d.orders()
	d.push(p, d.create("a", "rep.chen", printed)) // under another number and id of its mutation
	if n := d.orders(); n != before {
		t.Errorf("a resend made %d orders more", n-before)
	}
	d.bears(first, printed, "")
	d.bears(d.order(p, "rep.chen", "b", ""), "", "")
	if n := d.Told("rep.chen", "order.number_taken") + d.Told("rep.chen", "order.number_foreign"); n != 0 {
		t.Errorf("told %d times of numbers that stayed", n)
	}
	if left := d.lease(p, held(blocks[0], 2)); len(left) != 1 || left[0].Next != 2 {
		t.Errorf("with 99 left the phone is given %+v", left)
	}
	left := d.lease(p, held(blocks[0], 61))
	if len(left) != 2 || left[0].Next != 61 || left[1].First <= blocks[0].Last {
		t.Errorf("with 40 left the phone is given %+v", left)
	}
}

// TestTwoOrdersOfOneNumberAreBothKept: the later one gets another, both are found
// by what was printed, and its rep is told.
func TestTwoOrdersOfOneNumberAreBothKept(t *testing.T) {
	d := open(t)
	p, twin := d.phone("rep.chen"), d.phone("rep.chen")
	printed := number(d.lease(p)[0], 1)
	first := d.order(p, "rep.chen", "a", printed)
	second := d.order(twin, "rep.chen", "b", printed)
	d.bears(first, printed, "")
	d.bears(second, "", printed)
	if n := d.Told("rep.chen", "order.number_taken"); n != 1 {
		t.Errorf("told %d times", n)
	}
	before := d.orders()
	if r := d.push(twin, d.create("b", "rep.chen", printed)); r.Status != syncer.StatusDuplicate { // a resend of what was numbered anew
		t.Errorf("%+v", r)
	}
	if d.orders() != before {
		t.Error("a resend made an order")
	}
}

// TestANumberOfNobodysLeaseIsKeptAsTheFormerOne and another is given: nothing of
// what was typed or printed is lost.
func TestANumberOfNobodysLeaseIsKeptAsTheFormerOne(t *testing.T) {
	d := open(t)
	chen, he := d.phone("rep.chen"), d.phone("rep.he")
	his := d.lease(he)[0]
	mine := d.lease(chen)[0]
	for i, c := range []struct{ what, no string }{
		{"of no shape", "N1"},
		{"mistyped", number(mine, 1)[:len(number(mine, 1))-1] + "?"},
		{"of another's lease", number(his, 3)},
		{"of no lease", number(mine, 9000)},
		{"an emoji", "🧾"},
	} {
		t.Run(c.what, func(t *testing.T) {
			order := d.order(chen, "rep.chen", fmt.Sprint("x", i), c.no)
			d.bears(order, "", c.no)
			if n := d.Told("rep.chen", "order.number_foreign"); n != i+1 {
				t.Errorf("told %d times", n)
			}
		})
	}
	d.bears(d.order(he, "rep.he", "his", number(his, 3)), number(his, 3), "")
}

// TestACopyBearsNoNumberOfOthers: the copy of an order is numbered as any other.
func TestACopyBearsNoNumberOfOthers(t *testing.T) {
	d := open(t)
	chen, he := d.phone("rep.chen"), d.phone("rep.he")
	his, mine := d.lease(he)[0], d.lease(chen)[0]
	order := d.order(chen, "rep.chen", "old", number(mine, mine.First))
	d.Force(order, "cancelled")
	for i, c := range []struct{ given, no, former string }{
		{number(his, 3), "", number(his, 3)},
		{number(mine, mine.First), "", number(mine, mine.First)}, // borne by what it is copied of
		{number(mine, mine.First+1), number(mine, mine.First+1), ""},
		{"M-1", "", "M-1"},
		{order.GetString("no") + "-X9", "", order.GetString("no") + "-X9"},
	} {
		id := fmt.Sprintf("copy%011d", i)
		d.Must(d.Act("rep.chen", order, "copy", fmt.Sprintf(`{"id":%q,"no":%q}`, id, c.given)))
		d.bears(d.Row("orders", id), c.no, c.former)
	}
	d.bears(d.order(he, "rep.he", "his", number(his, 3)), number(his, 3), "")
}

// TestANumberOfADroppedDraftIsNotUsedAgain: neither of one that the server held, nor
// of one that the phone says it threw away.
func TestANumberOfADroppedDraftIsNotUsedAgain(t *testing.T) {
	d := open(t)
	p := d.phone("rep.chen")
	b := d.lease(p)[0]
	if err := d.Delete(d.order(p, "rep.chen", "gone", number(b, 1))); err != nil {
		t.Fatal(err)
	}
	thrown := held(b, 3)
	thrown.Dropped = []int64{2}
	d.lease(p, thrown)
	for i, no := range []string{number(b, 1), number(b, 2)} {
		d.bears(d.order(p, "rep.chen", fmt.Sprint("next", i), no), "", no)
		if n := d.Told("rep.chen", "order.number_taken"); n != i+1 {
			t.Errorf("%s: told %d times", no, n)
		}
	}
	d.bears(d.order(p, "rep.chen", "last", number(b, 3)), number(b, 3), "")
}

// TestADeskDrawsFromTheServersBlock, whoever sits there; what was printed by one's
// own phone stays.
func TestADeskDrawsFromTheServersBlock(t *testing.T) {
	d := open(t)
	mine := d.lease(d.phone("rep.chen"))[0]
	at := map[string]any{"account": d.AccountOf("rep.chen").Id}
	var drawn []string
	for range 3 {
		order, refused := d.Create("rep.chen", "orders", at)
		d.Must(refused)
		d.bears(order, "", "")
		drawn = append(drawn, order.GetString("no"))
	}
	if slices.Sort(drawn); len(slices.Compact(drawn)) != 3 {
		t.Errorf("drawn were %v", drawn)
	}
	for no, former := range map[string]string{number(mine, 5): "", "M-1": "M-1"} {
		at["no"] = no
		order, refused := d.Create("rep.chen", "orders", at)
		d.Must(refused)
		if former == "" {
			d.bears(order, no, "")
		} else {
			d.bears(order, "", former)
		}
	}
	if n := d.Told("rep.chen", "order.number_foreign"); n != 0 {
		t.Errorf("a desk was told %d times what its answer shows", n)
	}
	found, err := d.FindRecordsByFilter("orders", "former_no = 'M-1'", "", 0, 0)
	if err != nil || len(found) != 1 {
		t.Errorf("%d orders are found by what they bore, %v", len(found), err)
	}
}

// TestManyPhonesAreGivenDisjointBlocks, at once and among draws of the server's.
func TestManyPhonesAreGivenDisjointBlocks(t *testing.T) {
	d := open(t)
	d.Setting("device.live_most", 100)
	names := []string{"rep.chen", "rep.he", "rep.ma", "rep.zhou"}
	phones := make([]*testapp.Phone, 64)
	for i := range phones {
		phones[i] = d.phone(names[i%len(names)])
	}
	server := d.Server(t)
	var mu sync.Mutex
	var all []syncer.NumberBlock
	var group sync.WaitGroup
	for _, p := range phones {
		group.Go(func() {
			blocks, err := leaseOver(server.URL, p)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			all = append(all, blocks...)
		})
	}
	for range 8 {
		group.Go(func() {
			if err := d.SaveWithContext(d.By("rep.chen"), d.Blank("orders", map[string]any{"account": d.AccountOf("rep.chen").Id})); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	given := map[int64]bool{}
	for _, b := range all {
		for n := b.First; n <= b.Last; n++ {
			if given[n] {
				t.Fatalf("%d is given twice", n)
			}
			given[n] = true
		}
	}
	if len(given) != 6400 {
		t.Errorf("%d numbers are given", len(given))
	}
}

// TestARestoredServerGivesNoBlockTwice: neither to phones nor to itself; numbers of
// the lost history stay, and its blocks are known again once they are shown.
func TestARestoredServerGivesNoBlockTwice(t *testing.T) {
	d := open(t)
	p := d.phone("rep.chen")
	first := d.lease(p)[0]
	at := map[string]any{"account": d.AccountOf("rep.chen").Id}
	_, refused := d.Create("rep.chen", "orders", at)
	d.Must(refused)
	backup := d.Backup()
	lost := d.lease(p, held(first, 90))[1]
	desk, refused := d.Create("rep.chen", "orders", at)
	d.Must(refused)
	printed := desk.GetString("no")

	for _, late := range []string{"late", "later"} { // and once more
		r := open(t, testapp.FromBackup(backup))
		*r.n = *d.n + len(late)
		other := r.phone("rep.he")
		for _, b := range r.lease(other) {
			if b.Series == first.Series {
				t.Errorf("a restored server gives %+v", b)
			}
		}
		again, refused := r.Create("rep.chen", "orders", at)
		r.Must(refused)
		if again.GetString("no") == printed {
			t.Errorf("a restored server draws %s once more", printed)
		}
		same := r.same(p)
		r.bears(r.order(same, "rep.chen", late, number(lost, lost.First+4)), number(lost, lost.First+4), "")
		blocks := r.lease(same, held(first, 91), held(lost, lost.First+5))
		if len(blocks) != 2 || blocks[0].Next != 91 || blocks[1].Series != lost.Series || blocks[1].First != lost.First || blocks[1].Next != lost.First+5 {
			t.Errorf("the phone goes on with %+v", blocks)
		}
		backup, p = r.Backup(), same
		lost = r.lease(same, held(first, 91), held(lost, lost.First+90))[2]
		printed = again.GetString("no")
	}
}

// TestGapsSayWhy.
func TestGapsSayWhy(t *testing.T) {
	d := open(t)
	d.Setting("number.block", 10)
	d.Setting("number.low_water", 0)
	back, idle, gone, busy := d.phone("rep.chen"), d.phone("rep.chen"), d.phone("rep.he"), d.phone("rep.ma")
	blocks := map[*testapp.Phone]syncer.NumberBlock{}
	for _, p := range []*testapp.Phone{back, idle, gone, busy} {
		blocks[p] = d.lease(p)[0]
	}
	b := blocks[back]
	d.order(back, "rep.chen", "a", number(b, b.First))
	d.exchange(back, syncer.NumbersRequest{Device: back.Device, Kind: "order", Held: []syncer.HeldBlock{held(b, b.First+2)}, Return: true})
	if more := d.lease(back); len(more) != 1 || more[0].First == b.First {
		t.Errorf("who gave all back is given %+v", more)
	}
	d.Must(d.Act("rep.he", d.Row("sync_devices", gone.Device), "revoke", "{}"))
	b = blocks[busy]
	order := d.order(busy, "rep.ma", "b", number(b, b.First))
	if err := d.Delete(order); err != nil {
		t.Fatal(err)
	}
	dropped := held(b, b.First+3)
	dropped.Dropped = []int64{b.First + 2}
	d.lease(busy, dropped)
	d.push(busy, d.create("c", "rep.he", number(b, b.First+1))) // at an account that is not his
	d.Clock.Advance(91 * 24 * time.Hour)
	back.Pull()
	busy.Pull()
	if err := d.Bound.Fleet.Flush(d.App); err != nil {
		t.Fatal(err)
	}
	d.Job("numberExpiry")
	want := map[string]string{}
	for p, reasons := range map[*testapp.Phone][]string{
		back: {"unsent 2 2", "returned 3 10"}, idle: {"expired 1 10"}, gone: {"lost 1 10"}, busy: {"dropped 1 1", "refused 2 2", "dropped 3 3"},
	} {
		for _, r := range reasons {
			var why string
			var from, to int64
			fmt.Sscan(r, &why, &from, &to)
			b := blocks[p]
			want[number(b, b.First+from-1)] = why + " " + number(b, b.First+to-1)
		}
	}
	got := d.gaps("finance.zhao")
	for from, g := range want {
		if got[from] != g {
			t.Errorf("from %s: %q, want %q", from, got[from], g)
		}
	}
	for from, g := range got {
		if want[from] == "" {
			t.Errorf("from %s there is a gap: %s", from, g)
		}
	}
	if a := d.Do("rep.chen", "GET", "/api/ka/number_gaps", ""); a.Code != http.StatusForbidden {
		t.Errorf("a rep reads gaps: %d", a.Code)
	}
	if again := d.lease(idle, held(blocks[idle], blocks[idle].First+1)); len(again) != 1 || again[0].First != blocks[idle].First {
		t.Errorf("who comes after all goes on with %+v", again)
	}
}

// TestWhatAPhoneNoLongerShowsIsLost, and nobody is given it again.
func TestWhatAPhoneNoLongerShowsIsLost(t *testing.T) {
	d := open(t)
	p := d.phone("rep.chen")
	b := d.lease(p)[0]
	d.lease(p, held(b, b.First+1))
	if fresh := d.lease(p); len(fresh) != 1 || fresh[0].First == b.First {
		t.Errorf("a phone that lost its storage is given %+v", fresh)
	}
	if got := d.gaps("auditor.jin")[number(b, b.First)]; got != "lost "+number(b, b.Last) {
		t.Errorf("the gap is %q", got)
	}
	other := d.phone("rep.chen")
	if got := d.lease(other, held(b, b.First+1)); len(got) != 1 || got[0].First == b.First {
		t.Errorf("another phone goes on with %+v", got)
	}
}

// TestNobodyIsGivenMoreThanEnough: a phone that uses up whatever it is given.
func TestNobodyIsGivenMoreThanEnough(t *testing.T) {
	d := open(t)
	p := d.phone("rep.chen")
	var all []syncer.HeldBlock
	for range 30 {
		for _, b := range d.lease(p, all...) {
			all = []syncer.HeldBlock{held(b, b.Last+1)}
		}
	}
	if n, err := d.CountRecords("number_leases"); err != nil || n != 20 {
		t.Errorf("%d blocks in a day, %v", n, err)
	}
	d.Clock.Advance(25 * time.Hour)
	if more := d.lease(p); len(more) != 1 {
		t.Errorf("a day later it is given %+v", more)
	}
	d.Expect("of no kind", testapp.Answered(p.Post("/api/sync/numbers", map[string]any{"device": p.Device, "kind": "x"})), "number.kind_unknown")
	d.Expect("as another", testapp.Answered(p.Post("/api/sync/numbers", map[string]any{"device": "x", "kind": "order"})), "device_unknown")
	d.Expect("at a desk", testapp.Answered(d.Do("rep.chen", "POST", "/api/sync/numbers", `{"device":"`+p.Device+`","kind":"order"}`)), "device_unknown")
}
