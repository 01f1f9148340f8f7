package torture

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"sync"
	"time"

	"satchel/internal/demo"
)

// desk is somebody who works with the REST API, without a proxy.
type desk struct{ base, token string }

type row = map[string]any

func text(r row, field string) string { s, _ := r[field].(string); return s }

func signIn(base, collection, email string) (*desk, error) {
	d := &desk{base: base}
	var auth struct {
		Token string `json:"token"`
	}
	err := d.call(http.MethodPost, "/api/collections/"+collection+"/auth-with-password",
		row{"identity": email, "password": demo.Password}, &auth)
	d.token = auth.Token
	return d, err
}

type statusError struct {
	status int
	text   string
}

func (e *statusError) Error() string { return fmt.Sprint(e.status, " ", e.text) }

func (d *desk) call(method, path string, in, out any) error {
	body, err := json.Marshal(in)
	if err != nil {
		return err
	}
	req, err := http.NewRequest(method, d.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", d.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode >= 300 {
		return &statusError{resp.StatusCode, method + " " + path + ": " + string(answer)}
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer, out)
}

// list returns what the person may see of a collection, by id.
func (d *desk) list(collection string) (map[string]row, error) {
	all := map[string]row{}
	for page := 1; ; page++ {
		query := url.Values{"perPage": {"500"}, "page": {fmt.Sprint(page)}, "sort": {"id"}, "skipTotal": {"1"}}
		var out struct {
			Items []row `json:"items"`
		}
		if err := d.call(http.MethodGet, "/api/collections/"+collection+"/records?"+query.Encode(), nil, &out); err != nil {
			return nil, err
		}
		for _, r := range out.Items {
			all[text(r, "id")] = r
		}
		if len(out.Items) < 500 {
			return all, nil
		}
	}
}

// office moves accounts between reps and writes into contacts, for as long as
// the context lives. Whoever is killed meanwhile has not heard it.
type office struct {
	*desk
	rng      *rand.Rand
	accounts []string
	owners   []string
	contacts []string
	mu       sync.Mutex
	wrote    map[string]bool // values that may be in the data
	moves    int
	thieves  []string // credentials of phones that were revoked
}

func (o *office) work(ctx context.Context) {
	for n := 0; ; n++ {
		select {
		case <-ctx.Done():
			return
		case <-time.After(time.Duration(30+o.rng.IntN(150)) * time.Millisecond):
		}
		if n%20 == 7 {
			o.call(http.MethodPatch, "/api/collections/users/records/"+o.owners[o.rng.IntN(len(o.owners))], row{"password": demo.Password, "passwordConfirm": demo.Password}, nil)
			continue
		}
		if n%20 == 14 {
			o.steal(fmt.Sprint("install-stolen-", n))
			continue
		}
		if o.rng.IntN(3) == 0 {
			value := fmt.Sprint("office ", n)
			o.mu.Lock()
			o.wrote[value] = true
			o.mu.Unlock()
			o.call(http.MethodPatch, "/api/collections/contacts/records/"+o.contacts[o.rng.IntN(len(o.contacts))], row{"title": value}, nil)
			continue
		}
		account, owner := o.accounts[o.rng.IntN(len(o.accounts))], o.owners[o.rng.IntN(len(o.owners))]
		if o.call(http.MethodPatch, "/api/collections/accounts/records/"+account, row{"owner": owner}, nil) == nil {
			o.mu.Lock()
			o.moves++
			o.mu.Unlock()
		}
	}
}

// steal registers a phone of somebody who has none and revokes it. If both was
// acknowledged its credential opens nothing ever again, whatever is restored.
func (o *office) steal(install string) {
	d, err := signIn(o.base, "users", demo.Email("rep.zhou"))
	if err != nil {
		return
	}
	var phone struct{ Device, Credential string }
	hello := row{"install": install, "platform": "torture", "app": "torture", "schema": 1}
	if d.call(http.MethodPost, "/api/sync/hello", hello, &phone) != nil {
		return
	}
	if o.call(http.MethodPatch, "/api/collections/sync_devices/records/"+phone.Device, row{"revoked": true}, nil) == nil {
		o.mu.Lock()
		o.thieves = append(o.thieves, phone.Credential)
		o.mu.Unlock()
	}
}

// revived lists the stolen phones that the server lets in.
func (o *office) revived() (n int, err error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for _, credential := range o.thieves {
		err := o.call(http.MethodPost, "/api/sync/token", row{"credential": credential}, nil)
		refused, ok := errors.AsType[*statusError](err)
		switch {
		case err == nil:
			n++
		case !ok || refused.status != http.StatusUnauthorized:
			return n, err
		}
	}
	return n, nil
}
