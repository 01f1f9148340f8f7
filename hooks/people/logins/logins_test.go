package logins_test

import (
	"encoding/json/v2"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

const (
	home     = "203.0.113.7"
	strange  = "198.51.100."
	wrong    = "wrong-password"
	users    = "users"
	chen     = "rep.chen@demo.test"
	nobody   = "rep.nobody@demo.test"
	tries    = 10
	strangeN = 30
	mailsN   = 5
)

// office is what somebody does from addresses.
type office struct {
	*testapp.App
	t *testing.T
}

func open(t *testing.T, opts ...testapp.Option) office { return office{testapp.New(t, opts...), t} }

func (o office) ask(address, method, path, token string, body any) *httptest.ResponseRecorder {
	o.t.Helper()
	text, err := json.Marshal(body)
	if err != nil {
		o.t.Fatal(err)
	}
	req := httptest.NewRequest(method, path, strings.NewReader(string(text)))
	req.Header.Set("Content-Type", "application/json")
	req.RemoteAddr = address + ":4711"
	if strings.Contains(address, "::") {
		req.RemoteAddr = "[" + address + "]:4711"
	}
	if token != "" {
		req.Header.Set("Authorization", token)
	}
	answer := httptest.NewRecorder()
	o.Handler().ServeHTTP(answer, req)
	return answer
}

func (o office) post(address, collection, way string, body any) *httptest.ResponseRecorder {
	o.t.Helper()
	return o.ask(address, http.MethodPost, "/api/collections/"+collection+"/"+way, "", body)
}

func (o office) login(address, collection, email, password string) int {
	o.t.Helper()
	return o.post(address, collection, "auth-with-password", map[string]string{"identity": email, "password": password}).Code
}

// until counts the answers before the first 429.
func until(most int, ask func(i int) int) int {
	for i := range most {
		if ask(i) == http.StatusTooManyRequests {
			return i
		}
	}
	return most
}

func (o office) guesses(address, collection, email string) int {
	o.t.Helper()
	return until(3*tries, func(int) int { return o.login(address, collection, email, wrong) })
}

// TestGuessesAtAPassword have an end at one address, for users, superusers and
// logins that do not exist, whatever the case of what is typed; the answer says
// when to come again, and then the right password passes.
func TestGuessesAtAPassword(t *testing.T) {
	for _, x := range []struct{ collection, email string }{
		{users, chen}, {users, nobody}, {core.CollectionNameSuperusers, demo.SuperuserEmail}, {core.CollectionNameSuperusers, nobody},
	} {
		o := open(t)
		if n := o.guesses(home, x.collection, x.email); n != tries {
			t.Fatalf("%s %s: %d guesses", x.collection, x.email, n)
		}
		if code := o.login(home, x.collection, strings.ToUpper(x.email), wrong); code != http.StatusTooManyRequests {
			t.Errorf("in capitals: %d", code)
		}
		answer := o.post(home, x.collection, "auth-with-password", map[string]string{"identity": x.email, "password": demo.Password})
		if answer.Code != http.StatusTooManyRequests || !strings.Contains(answer.Body.String(), `"code":"login_limited"`) || !strings.Contains(answer.Body.String(), "后再试") {
			t.Fatalf("the right password while it is held: %d %s", answer.Code, answer.Body)
		}
		seconds, err := strconv.Atoi(answer.Header().Get("Retry-After"))
		if err != nil || seconds != 90 {
			t.Fatalf("Retry-After %q", answer.Header().Get("Retry-After"))
		}
		o.Clock.Advance(time.Duration(seconds) * time.Second)
		want := http.StatusOK
		if x.email == nobody {
			want = http.StatusBadRequest
		}
		if code := o.login(home, x.collection, x.email, demo.Password); code != want {
			t.Errorf("%s after the wait: %d", x.email, code)
		}
	}
}

// TestALoginWithoutLimitIsNoticed: the check of the guesses finds the planted fault.
func TestALoginWithoutLimitIsNoticed(t *testing.T) {
	effort.Late(t)
	for planted, want := range map[syncer.Planted]int{syncer.PlantNone: tries, syncer.PlantLoginUnlimited: 3 * tries} {
		o := open(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = planted }))
		if n := o.guesses(home, users, chen); n != want {
			t.Errorf("with %q: %d guesses", planted, n)
		}
	}
}

// TestGuessesAtOnceAreCounted before the first of them has its answer.
func TestGuessesAtOnceAreCounted(t *testing.T) {
	o := open(t)
	o.Handler()
	var passed atomic.Int32
	var all sync.WaitGroup
	for range 4 * tries {
		all.Go(func() {
			if o.login(home, users, chen, wrong) != http.StatusTooManyRequests {
				passed.Add(1)
			}
		})
	}
	all.Wait()
	if n := passed.Load(); n != tries {
		t.Errorf("%d guesses at once", n)
	}
}

// TestWhoLogsInIsNotHeld: what passes counts for nothing, and clears what failed.
func TestWhoLogsInIsNotHeld(t *testing.T) {
	o := open(t)
	for i := range 5 * tries {
		if code := o.login(home, users, chen, demo.Password); code != http.StatusOK {
			t.Fatalf("login %d: %d", i, code)
		}
	}
	for round := range 4 {
		for range tries - 1 {
			o.login(home, users, chen, wrong)
		}
		if code := o.login(home, users, chen, demo.Password); code != http.StatusOK {
			t.Fatalf("round %d: %d", round, code)
		}
	}
}

// TestAStrangerLocksNobodyOut: however many addresses he has, he is held, and
// the login goes on where it came from before.
func TestAStrangerLocksNobodyOut(t *testing.T) {
	for _, x := range []struct{ collection, email string }{{users, chen}, {core.CollectionNameSuperusers, demo.SuperuserEmail}} {
		o := open(t)
		if code := o.login(home, x.collection, x.email, demo.Password); code != http.StatusOK {
			t.Fatal(code)
		}
		n := until(2*strangeN, func(i int) int { return o.login(strange+strconv.Itoa(i), x.collection, x.email, wrong) })
		if n != strangeN {
			t.Errorf("%d guesses over many addresses", n)
		}
		if code := o.login(strange+"200", x.collection, x.email, demo.Password); code != http.StatusTooManyRequests {
			t.Errorf("from a new address: %d", code)
		}
		if code := o.login(home, x.collection, x.email, demo.Password); code != http.StatusOK {
			t.Errorf("from home: %d", code)
		}
		if other := until(2*strangeN, func(i int) int { return o.login(strange+strconv.Itoa(i), x.collection, nobody, wrong) }); other != strangeN {
			t.Errorf("%d guesses at nobody: who exists can be told", other)
		}
	}
}

// TestOneAddressTriesManyLogins until it has no try left; who came from there
// before goes on.
func TestOneAddressTriesManyLogins(t *testing.T) {
	o := open(t)
	o.login(home, users, chen, demo.Password)
	n := until(300, func(i int) int { return o.login(home, users, fmt.Sprintf("invented.%d@demo.test", i), wrong) })
	if n != 100 {
		t.Errorf("%d logins were tried", n)
	}
	if code := o.login(home, users, chen, demo.Password); code != http.StatusOK {
		t.Errorf("who works there: %d", code)
	}
	if code := o.login(home, users, "rep.he@demo.test", demo.Password); code != http.StatusTooManyRequests {
		t.Errorf("who never came from there: %d", code)
	}
}

// TestAnIPv6NetworkIsOneAddress, and an IPv4 address in its clothes is the same.
func TestAnIPv6NetworkIsOneAddress(t *testing.T) {
	o := open(t)
	if n := until(40, func(i int) int { return o.login(fmt.Sprintf("2001:db8:1:2::%x", i+1), users, chen, wrong) }); n != tries {
		t.Errorf("%d guesses from one network", n)
	}
	if n := until(40, func(i int) int {
		return o.login([]string{"192.0.2.9", "::ffff:192.0.2.9"}[i%2], users, "rep.he@demo.test", wrong)
	}); n != tries {
		t.Errorf("%d guesses from one address in two forms", n)
	}
}

// TestPlacesAreForgotten after the setting's days, and bounded for each login.
func TestPlacesAreForgotten(t *testing.T) {
	o := open(t)
	count := func() (n int) {
		t.Helper()
		if err := o.DB().NewQuery("SELECT count(*) FROM _login_places").Row(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for i := range 25 {
		o.Clock.Advance(time.Second)
		o.login(strange+strconv.Itoa(i), users, chen, demo.Password)
	}
	if n := count(); n != 20 {
		t.Errorf("%d addresses are remembered", n)
	}
	o.Clock.Advance(181 * 24 * time.Hour)
	for i := range 30 {
		o.login(home, users, chen, wrong+strconv.Itoa(i))
	}
	for _, j := range o.Bound.Jobs {
		if j.Name == "loginPlaces" {
			if err := j.Run(t.Context(), o, o.Clock.Now()); err != nil {
				t.Fatal(err)
			}
		}
	}
	if n := count(); n != 0 {
		t.Errorf("%d are left after their time", n)
	}
}

// member reads a text of an answer.
func member(t *testing.T, answer *httptest.ResponseRecorder, name string) string {
	t.Helper()
	var all map[string]any
	if err := json.Unmarshal(answer.Body.Bytes(), &all); err != nil {
		t.Fatal(err)
	}
	text, ok := all[name].(string)
	if !ok {
		t.Fatalf("no %s in %s", name, answer.Body)
	}
	return text
}
