package torture

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"os"
	"slices"
	"testing"
	"time"

	"satchel/internal/demo"
	"satchel/internal/phone"
)

// orders of a phone's process.
type orders struct {
	Person, Server, Store, Journal string
	Seed                           uint64
}

const ordersEnv = "SATCHEL_TORTURE_PHONE"

// TestMain is also the phone's process.
func TestMain(m *testing.M) {
	text := os.Getenv(ordersEnv)
	if text == "" {
		os.Exit(m.Run())
	}
	var o orders
	err := json.Unmarshal([]byte(text), &o)
	if err == nil {
		err = carry(o)
	}
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// rep is the person with the phone.
type rep struct {
	*phone.Phone
	rng      *rand.Rand
	journal  *json.Encoder
	last     int64 // number written to the journal
	drafts   []string
	contacts []string
	refused  map[string]int // answers that are no success
	token    int
	name     string
}

// carry works until the word comes, then syncs until nothing is left, and once
// more when all others have.
func carry(o orders) error {
	store, err := phone.OpenStore(o.Store)
	if err != nil {
		return err
	}
	defer store.Close()
	file, err := os.Create(o.Journal)
	if err != nil {
		return err
	}
	defer file.Close()
	rng := rand.New(rand.NewPCG(o.Seed, 3))
	r := &rep{rng: rng, journal: json.NewEncoder(file), refused: map[string]int{}, name: o.Person}
	r.Phone = phone.New(phone.Config{
		Server: o.Server, Now: time.Now, Rand: rng, Platform: "torture", App: "torture",
		Transport: &http.Transport{ResponseHeaderTimeout: 20 * time.Second},
	}, store)
	words := make(chan string)
	go func() {
		for in := bufio.NewScanner(os.Stdin); in.Scan(); {
			words <- in.Text()
		}
		os.Exit(3) // whoever gave the orders is gone
	}()
	ctx := context.Background()
	err = r.insist(400, func() error {
		if err := r.Login(ctx, demo.Email(o.Person), demo.Password); err != nil {
			return err
		}
		_, err := r.Pull(ctx)
		return err
	})
	if err != nil {
		return fmt.Errorf("never got in: %w, %v", err, r.refused)
	}
	fmt.Println("in")
	for working := true; working; {
		if err := r.enter(); err != nil {
			return err
		}
		if r.rng.IntN(3) == 0 {
			_, err = r.Push(ctx)
		} else {
			_, err = r.Sync(ctx)
		}
		r.noted(err)
		r.asked(ctx, err)
		select {
		case <-words:
			working = false
		case <-time.After(time.Duration(r.rng.IntN(60)) * time.Millisecond):
		}
	}
	whole := func() error {
		_, err := r.Sync(ctx)
		r.asked(ctx, err)
		left, err2 := r.Pending()
		if err == nil && left > 0 {
			err = fmt.Errorf("%d mutations are left", left)
		}
		return errors.Join(err, err2)
	}
	if err := r.insist(100, whole); err != nil {
		return fmt.Errorf("never got its work out: %w, %v", err, r.refused)
	}
	// Once more for what the last pull showed that the server had lost, once more
	// for what the others then gave back, and once more for what the server made of
	// the photos among it.
	for range 3 {
		fmt.Println("clean")
		<-words
		if err := r.insist(100, whole); err != nil {
			return fmt.Errorf("never got up to date: %w, %v", err, r.refused)
		}
	}
	fmt.Println("done", r.last, r.refused)
	return nil
}

// insist tries again until it works.
func (r *rep) insist(times int, fn func() error) (err error) {
	for range times {
		if err = fn(); err == nil {
			return nil
		}
		r.noted(err)
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

// asked gives the password once more, if that is what the server wants.
func (r *rep) asked(ctx context.Context, err error) {
	if phone.CodeOf(err) == "login_required" {
		r.noted(r.Login(ctx, demo.Email(r.name), demo.Password))
	}
}

func (r *rep) noted(err error) {
	if e, ok := errors.AsType[*phone.APIError](err); ok {
		r.refused[fmt.Sprint(e.Status, " ", e.Code)]++
	}
}

// enter captures some work and writes it to the journal.
func (r *rep) enter() error {
	user, err := r.User()
	if err != nil {
		return err
	}
	for range 1 + r.rng.IntN(4) {
		accounts, err := r.List("accounts")
		if err != nil {
			return err
		}
		accounts = slices.DeleteFunc(accounts, func(a phone.Row) bool { return a.Text("owner") != user })
		if len(accounts) == 0 {
			continue
		}
		err = r.one(accounts[r.rng.IntN(len(accounts))])
		if err != nil && !errors.Is(err, phone.ErrNoRow) {
			return err
		}
	}
	captured, err := r.Captured(r.last)
	if err != nil {
		return err
	}
	for _, m := range captured {
		if err := r.journal.Encode(m); err != nil {
			return err
		}
		r.last = m.N
	}
	return nil
}

func (r *rep) say() string { r.token++; return fmt.Sprint(r.name, " ", r.token) }

func (r *rep) one(account phone.Row) error {
	id := account.Text("id")
	switch r.rng.IntN(10) {
	case 0, 1:
		contact := r.NewID()
		r.contacts = append(r.contacts, contact)
		return r.Create("contacts", contact, phone.Row{"account": id, "name": r.say(), "title": r.say()})
	case 2, 3:
		contacts, err := r.List("contacts")
		if err != nil || len(contacts) == 0 {
			return err
		}
		field := []string{"title", "note"}[r.rng.IntN(2)]
		return r.Update("contacts", contacts[r.rng.IntN(len(contacts))].Text("id"), phone.Row{field: r.say()})
	case 4:
		if len(r.contacts) < 5 {
			return nil
		}
		i := r.rng.IntN(len(r.contacts))
		gone := r.contacts[i]
		r.contacts = slices.Delete(r.contacts, i, i+1)
		return r.Delete("contacts", gone)
	case 5:
		return r.visit(id)
	case 6:
		return r.order(id, len(r.drafts) < 3)
	}
	if len(r.drafts) == 0 {
		return r.order(id, true)
	}
	return r.Increment("orders", r.drafts[r.rng.IntN(len(r.drafts))], "shown_total_fen", int64(1+r.rng.IntN(9)))
}

func (r *rep) visit(account string) error {
	v, err := r.StartVisit(account, r.say())
	if err != nil {
		return err
	}
	at := phone.Place{Lat: 31.2, Lng: 121.4, AccM: 20}
	if err := r.CheckIn(v, at); err != nil {
		return err
	}
	step, err := r.AddStep(v, r.say(), "photo", nil)
	if err == nil && r.rng.IntN(4) == 0 {
		_, err = r.AddPhoto(step, demo.PhotoOf(64, 48, r.rng.Uint64(), time.Now(), at.Lat, at.Lng), phone.Camera)
	}
	if err != nil {
		return err
	}
	return r.CheckOut(v, at)
}

func (r *rep) order(account string, counting bool) error {
	list, err := r.Find("price_lists", phone.Row{"scope": "default"})
	if err != nil {
		return err
	}
	product, err := r.Find("products", phone.Row{"status": "active"})
	if err != nil {
		return err
	}
	order, err := r.NewOrder(account, "", list.Text("id"), []phone.OrderLine{{Product: product.Text("id"), QtyMilli: 1000}})
	if err != nil {
		return err
	}
	if counting {
		r.drafts = append(r.drafts, order)
		return nil
	}
	return r.SubmitOrder(order, nil)
}
