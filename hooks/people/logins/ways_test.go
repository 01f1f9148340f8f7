package logins_test

import (
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
	"satchel/internal/testapp"
)

// with changes the collections of users and superusers.
func (o office) with(change func(c *core.Collection)) office {
	o.t.Helper()
	for _, name := range []string{users, core.CollectionNameSuperusers} {
		c, err := o.FindCollectionByNameOrId(name)
		if err != nil {
			o.t.Fatal(err)
		}
		change(c)
		if err := o.Save(c); err != nil {
			o.t.Fatal(err)
		}
	}
	return o
}

func (o office) code(collection, email string) (id string) {
	o.t.Helper()
	record, err := o.FindAuthRecordByEmail(collection, email)
	if err != nil {
		o.t.Fatal(err)
	}
	otp := core.NewOTP(o)
	otp.SetCollectionRef(record.Collection().Id)
	otp.SetRecordRef(record.Id)
	otp.SetPassword("123456")
	if err := o.Save(otp); err != nil {
		o.t.Fatal(err)
	}
	return otp.Id
}

// TestEveryWayToGuessCountsForTheSameLogin: each alone has an end, and what one
// used up is used up for all.
func TestEveryWayToGuessCountsForTheSameLogin(t *testing.T) {
	type way struct {
		name string
		ask  func(o office, address string, right bool) int
	}
	password := func(right bool) string {
		if right {
			return demo.Password
		}
		return wrong
	}
	sent := map[*testapp.App]string{} // one code each: hashes take their time
	ways := []way{
		{"password", func(o office, a string, right bool) int { return o.login(a, users, chen, password(right)) }},
		{"one-time code", func(o office, a string, right bool) int {
			code := map[bool]string{true: "123456", false: "654321"}[right]
			if sent[o.App] == "" {
				sent[o.App] = o.code(users, chen)
			}
			return o.post(a, users, "auth-with-otp", map[string]string{"otpId": sent[o.App], "password": code}).Code
		}},
		{"old password", func(o office, a string, right bool) int {
			return o.ask(a, http.MethodPatch, "/api/collections/users/records/"+o.As("rep.chen").Id, o.Token("admin.fang"), map[string]string{
				"oldPassword": password(right), "password": demo.Password, "passwordConfirm": demo.Password,
			}).Code
		}},
		{"new address", func(o office, a string, right bool) int {
			token, err := o.As("rep.chen").NewEmailChangeToken(chen + ".cn")
			if err != nil {
				o.t.Fatal(err)
			}
			return o.post(a, users, "confirm-email-change", map[string]string{"token": token, "password": password(right)}).Code
		}},
	}
	cells := 0
	for _, one := range ways {
		o := open(t).with(func(c *core.Collection) { c.OTP.Enabled = true })
		most := tries
		if one.name == "one-time code" {
			most = 5 // PocketBase's own bound for a login's codes from one address
		}
		if n := until(2*tries, func(int) int { return one.ask(o, home, false) }); n != most {
			t.Errorf("%s: %d guesses", one.name, n)
		}
		until(2*tries, func(int) int { return o.login(home, users, chen, wrong) })
		for _, other := range ways {
			cells++
			if code := other.ask(o, home, true); code != http.StatusTooManyRequests {
				t.Errorf("%s after %s: %d", other.name, one.name, code)
			}
		}
		o.Clock.Advance(time.Hour)
		if code := one.ask(o, strange+"1", true); code >= 300 {
			t.Errorf("%s, right and in time: %d", one.name, code)
		}
	}
	t.Logf("%d pairs of ways", cells)
}

// TestCodesThatWereNeverSent are counted as those that were.
func TestCodesThatWereNeverSent(t *testing.T) {
	o := open(t).with(func(c *core.Collection) { c.OTP.Enabled = true })
	n := until(200, func(i int) int {
		return o.post(home, users, "auth-with-otp", map[string]string{"otpId": "invented" + strconv.Itoa(i), "password": "123456"}).Code
	})
	if n != 100 {
		t.Errorf("%d invented codes", n)
	}
}

// TestMails to a login have an end, whether it exists or not, for users and
// superusers, and the answers until then are the same.
func TestMails(t *testing.T) {
	cells := 0
	for _, collection := range []string{users, core.CollectionNameSuperusers} {
		for _, way := range []string{"request-otp", "request-password-reset", "request-verification"} {
			if collection != users && way == "request-verification" {
				continue // superusers are verified
			}
			var answers [2]int
			for i, email := range []string{map[bool]string{true: chen, false: demo.SuperuserEmail}[collection == users], nobody} {
				o := open(t).with(func(c *core.Collection) { c.OTP.Enabled = true })
				n := until(20, func(int) int {
					cells++
					code := o.post(home, collection, way, map[string]string{"email": email}).Code
					if code != http.StatusTooManyRequests {
						answers[i] = code
					}
					return code
				})
				if n != mailsN {
					t.Errorf("%s %s %s: %d mails", collection, way, email, n)
				}
				if code := o.login(home, collection, email, demo.Password); code == http.StatusTooManyRequests {
					t.Errorf("%s: mails that were asked for hold the login", way)
				}
			}
			if answers[0] != answers[1] || answers[0] >= 300 {
				t.Errorf("%s %s: %v", collection, way, answers)
			}
		}
	}
	o := open(t)
	n := until(20, func(i int) int {
		return o.ask(home, http.MethodPost, "/api/collections/users/request-email-change", o.Token("rep.chen"), map[string]string{"newEmail": strconv.Itoa(i) + "@demo.test"}).Code
	})
	if n != mailsN {
		t.Errorf("%d mails to new addresses", n)
	}
	t.Logf("%d requests", cells+n)
}

// TestTheSecondFactorIsGuessedNoMoreOften by who knows the password: that it is
// right clears nothing until the whole login has passed.
func TestTheSecondFactorIsGuessedNoMoreOften(t *testing.T) {
	o := open(t).with(func(c *core.Collection) { c.OTP.Enabled, c.MFA.Enabled = true, true })
	guessed, id := 0, o.code(users, chen)
	for i := range 4 * strangeN { // PocketBase allows five codes from one address
		address := strange + strconv.Itoa(i%strangeN)
		if code := o.login(address, users, chen, demo.Password); code != http.StatusUnauthorized && code != http.StatusTooManyRequests {
			t.Fatalf("the first factor: %d", code)
		}
		if o.post(address, users, "auth-with-otp", map[string]string{"otpId": id, "password": "000000"}).Code == http.StatusBadRequest {
			guessed++
		}
	}
	if guessed != strangeN {
		t.Errorf("%d codes were guessed beside the right password", guessed)
	}
	for range tries - 1 {
		o.login(home, users, "rep.he@demo.test", wrong)
	}
	o.login(home, users, "rep.he@demo.test", demo.Password)
	if n := o.guesses(home, users, "rep.he@demo.test"); n != 1 {
		t.Errorf("after the right password and no second factor there were %d guesses", n)
	}
	var places int
	if err := o.DB().NewQuery("SELECT count(*) FROM _login_places").Row(&places); err != nil || places != 0 {
		t.Errorf("half a login is noted as one: %d, %v", places, err)
	}
}

// TestPasswordsAreComparedNowhereElse in the PocketBase that is built in: a new
// version that has one more place needs one more count.
func TestPasswordsAreComparedNowhereElse(t *testing.T) {
	dir, err := exec.Command("go", "list", "-m", "-f", "{{.Dir}}", "github.com/pocketbase/pocketbase").Output()
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for _, below := range []string{"apis", "forms"} {
		files, err := filepath.Glob(filepath.Join(strings.TrimSpace(string(dir)), below, "*.go"))
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			if !strings.HasSuffix(path, "_test.go") && strings.Contains(string(text), ".ValidatePassword(") {
				found = append(found, below+"/"+filepath.Base(path))
			}
		}
	}
	want := []string{
		"apis/record_auth_email_change_confirm.go", "apis/record_auth_with_otp.go", "apis/record_auth_with_password.go", "forms/record_upsert.go",
	}
	if !slices.Equal(found, want) {
		t.Errorf("passwords are compared in %v", found)
	}
}
