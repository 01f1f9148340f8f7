package phone

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/rand/v2"
	"net/http"
	"time"

	"satchel/syncer"
)

// Schema is the version of the collections that this client knows.
const Schema = 1

// Config holds what a phone takes from outside.
type Config struct {
	Server    string            // e.g. http://127.0.0.1:8090
	Transport http.RoundTripper // the network; nil for the real one
	Now       func() time.Time  // the phone's clock, right or wrong
	Uptime    Uptime            // nil if the device does not say
	Rand      *rand.Rand        // for ids
	Platform  string
	App       string
}

// Phone is one device of one user. Not safe for concurrent use.
type Phone struct {
	cfg   Config
	store *Store
	http  *http.Client

	group   string            // of the edits under way, empty outside Group
	members []syncer.Mutation // of it, not stored yet
	waits   wait
}

// New makes a phone on a store, fresh or used before.
func New(cfg Config, store *Store) *Phone {
	if cfg.Transport == nil {
		cfg.Transport = http.DefaultTransport
	}
	return &Phone{cfg: cfg, store: store, http: &http.Client{Transport: cfg.Transport}}
}

// ErrWiped says that the server told the phone to forget everything, and it did.
var ErrWiped = errors.New("the phone was wiped at the server's word")

// Login signs the user in by password and registers the phone. It needs a
// network; everything later can do without, until the server answers
// login_required: then the same again, and the phone goes on with what it holds.
func (p *Phone) Login(ctx context.Context, email, password string) error {
	var auth struct {
		Token  string `json:"token"`
		Record struct {
			ID string `json:"id"`
		} `json:"record"`
	}
	err := p.call(ctx, http.MethodPost, "/api/collections/users/auth-with-password",
		map[string]string{"identity": email, "password": password}, &auth)
	if err != nil {
		return fmt.Errorf("sign in: %w", err)
	}
	return p.Adopt(ctx, auth.Record.ID, auth.Token)
}

// Adopt registers the phone for a user who holds the token of a fresh login. A
// server that knows the phone by another id than before gets all that waits
// under new numbers.
func (p *Phone) Adopt(ctx context.Context, user, token string) error {
	install, err := p.store.meta("install")
	if err != nil {
		return err
	}
	if install == "" {
		install = p.NewID()
	}
	if err := p.store.setMeta("install", install, "user", user, "token", token); err != nil {
		return err
	}
	return p.hello(ctx)
}

// hello registers the phone by the token that it holds, once more if that is over.
func (p *Phone) hello(ctx context.Context) error {
	install, err := p.store.meta("install")
	if err != nil {
		return err
	}
	var hello syncer.HelloResponse
	asked := p.moment()
	ask := func() error {
		return p.once(ctx, http.MethodPost, "/api/sync/hello", syncer.HelloRequest{Install: install, Platform: p.cfg.Platform, App: p.cfg.App, Schema: Schema}, &hello, nil)
	}
	if err = ask(); CodeOf(err) == "auth_required" {
		if err = p.renew(ctx); err == nil {
			err = ask()
		}
	}
	err = p.obey(err)
	if err != nil {
		return fmt.Errorf("register the phone: %w", err)
	}
	if err := p.store.within(func(tx *sql.Tx) error { return joined(tx, hello) }); err != nil {
		return err
	}
	if err := p.hear(hello.Anchor, asked); err != nil {
		return err
	}
	return p.countFrom(hello.HighWater)
}

// joined notes who the phone is from now on.
func joined(tx *sql.Tx, hello syncer.HelloResponse) error {
	var before string
	err := tx.QueryRow("SELECT v FROM meta WHERE k = 'device'").Scan(&before)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return err
	}
	if before != "" && before != hello.Device {
		if err := renumber(tx); err != nil {
			return err
		}
		for _, stmt := range []string{"DELETE FROM meta WHERE k = 'cursor'", "DELETE FROM numbers"} { // both are the device's
			if _, err := tx.Exec(stmt); err != nil {
				return err
			}
		}
	}
	pairs := []string{"device", hello.Device, "token", hello.Token, "digest_key", hello.DigestKey}
	if hello.JournalMost > 0 {
		pairs = append(pairs, "journal_most", fmt.Sprint(hello.JournalMost))
	}
	if hello.Credential != "" {
		pairs = append(pairs, "credential", hello.Credential)
	}
	return putMeta(tx, pairs...)
}

// renew trades the device credential for a fresh token.
func (p *Phone) renew(ctx context.Context) error {
	credential, err := p.store.meta("credential")
	if err != nil {
		return err
	}
	if credential == "" {
		return errors.New("the phone is not registered")
	}
	var answer syncer.TokenResponse
	asked := p.moment()
	if err := p.once(ctx, http.MethodPost, "/api/sync/token", syncer.TokenRequest{Credential: credential}, &answer, nil); err != nil {
		return err
	}
	if err := p.hear(answer.Anchor, asked); err != nil {
		return err
	}
	pairs := []string{"token", answer.Token}
	if answer.Credential != "" {
		pairs = append(pairs, "credential", answer.Credential)
	}
	return p.store.setMeta(pairs...)
}

// User returns the id of the user whose phone this is.
func (p *Phone) User() (string, error) { return p.store.meta("user") }

// Device returns the id under which the server knows the phone.
func (p *Phone) Device() (string, error) { return p.store.meta("device") }

// NewID makes an id for a record or a mutation.
func (p *Phone) NewID() string {
	const alphabet = "abcdefghijklmnopqrstuvwxyz0123456789"
	id := make([]byte, 15)
	for i := range id {
		id[i] = alphabet[p.cfg.Rand.IntN(len(alphabet))]
	}
	return string(id)
}
