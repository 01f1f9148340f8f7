package hooks_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/logger"
	"github.com/pocketbase/pocketbase/tools/subscriptions"

	"satchel/hooks"
	"satchel/internal/effort"
	"satchel/internal/testapp"
	"satchel/syncer"
)

// secretFields are fields whose name says that they hold a secret and that hold
// none, and why.
var secretFields = map[string]string{
	"webhooks.secret": "says whether one is set",
	"settings.secret": "says who sees the row",
}

var secretName = regexp.MustCompile(`(?i)secret|token|password|passwd|credential|private|api_?key`)

// vault is an app full of secrets, and every answer that anybody had.
type vault struct {
	t       *testing.T
	app     *testapp.App
	secrets map[string]string // what each is
	found   map[string]bool   // which came out, and where
}

const webhookSecret = "webhooksecret0123456789abcdef"

func newVault(t *testing.T, planted syncer.Planted) *vault {
	app := testapp.New(t, testapp.Hooks(func(c *hooks.Config) { c.Planted = planted }))
	v := &vault{t: t, app: app, secrets: map[string]string{webhookSecret: "a webhook's secret"}, found: map[string]bool{}}
	settings := app.Settings()
	settings.SMTP.Password, settings.SMTP.Username, settings.SMTP.Host = "smtppassword0123456789", "mail", "smtp.example.com"
	settings.S3.Secret, settings.Backups.S3.Secret = "s3secret0123456789abc", "backupsecret0123456789"
	if err := app.Save(settings); err != nil {
		t.Fatal(err)
	}
	v.secrets[settings.SMTP.Password], v.secrets[settings.S3.Secret], v.secrets[settings.Backups.S3.Secret] = "the mail password", "the secret of S3", "the secret of the copies' S3"
	collections, err := app.FindAllCollections(core.CollectionTypeAuth)
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		for what, secret := range map[string]string{
			"login": c.AuthToken.Secret, "file": c.FileToken.Secret, "reset": c.PasswordResetToken.Secret, "mail": c.EmailChangeToken.Secret, "check": c.VerificationToken.Secret,
		} {
			v.secrets[secret] = c.Name + "' " + what + " secret"
		}
		records, err := app.FindAllRecords(c)
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range records {
			v.secrets[r.TokenKey()] = "a token key"
			v.secrets[r.GetString("password:hash")] = "a hash of a password"
		}
	}
	delete(v.secrets, "")
	return v
}

// look searches what somebody was answered.
func (v *vault) look(where, text string) {
	for secret, what := range v.secrets {
		if strings.Contains(text, secret) {
			v.found[what+" in "+where] = true
		}
	}
}

func (v *vault) ask(who, token, method, path, body string) string {
	answer := v.app.DoBy(token, method, path, body)
	v.look(who+": "+method+" "+path, answer.Body.String())
	return answer.Body.String()
}

// listen subscribes somebody to all rows of a collection.
func (v *vault) listen(who *core.Record, topic string) *subscriptions.DefaultClient {
	client := subscriptions.NewDefaultClient()
	client.Set(apis.RealtimeClientAuthKey, who)
	client.Subscribe(topic)
	v.app.SubscriptionsBroker().Register(client)
	return client
}

func (v *vault) heard(client *subscriptions.DefaultClient) {
	v.t.Helper()
	select {
	case m := <-client.Channel():
		v.look("realtime", string(m.Data))
	case <-time.After(30 * time.Second):
		v.t.Fatal("nothing was told")
	}
}

// open has webhooks made, changed and deleted, and everybody ask for everything.
func (v *vault) open() {
	t, app := v.t, v.app
	t.Helper()
	super, admin := app.SuperuserToken(), app.Token("admin.fang")
	app.Do("", http.MethodGet, "/api/health", "") // binds what the realtime broker hears
	client := v.listen(app.As("admin.fang"), "webhooks/*")
	const at = "/api/collections/webhooks/records"
	made := func(who, token, name string) string {
		var hook struct{ ID string }
		body := v.ask(who, token, http.MethodPost, at, `{"name":"`+name+`","url":"https://erp.example.com/in","events":["*"],"secret":"`+webhookSecret+`"}`)
		if err := json.Unmarshal([]byte(body), &hook); err != nil || hook.ID == "" {
			t.Fatal(body)
		}
		v.heard(client)
		return hook.ID
	}
	kept, gone := made("admin", admin, "ERP"), made("superuser", super, "BI")
	v.ask("superuser", super, http.MethodPatch, at+"/"+kept, `{"secret":"`+webhookSecret+`","active":true}`)
	v.heard(client)
	v.ask("admin", admin, http.MethodPost, "/api/ka/webhooks/"+kept+"/override", `{"reason":"x","set":{"secret":"`+webhookSecret+`"}}`)
	v.ask("admin", admin, http.MethodPatch, at+"/"+kept, `{"secret":"`+webhookSecret+`","url":"ftp://x"}`)
	v.ask("admin", admin, http.MethodDelete, at+"/"+gone, "")
	for _, who := range []string{"guest", "rep.chen", "manager.wu", "finance", "auditor", "admin.fang", "superuser"} {
		token := ""
		switch {
		case who == "superuser":
			token = super
		case strings.Contains(who, "."):
			token = app.Token(who)
		case who != "guest":
			users, err := app.FindAllRecords("users")
			if err != nil {
				t.Fatal(err)
			}
			for _, u := range users {
				if u.GetString("role") == who && u.GetBool("active") {
					if token, err = app.Bound.Sessions.LoginToken(app, u); err != nil {
						t.Fatal(err)
					}
					break
				}
			}
		}
		v.everything(who, token)
	}
	phone := app.Phone(app.Token("admin.fang"), "fang")
	phone.Pull()
	v.look("an administrator's phone", fmt.Sprint(phone.Rows))
	if err := app.Logger().Handler().(*logger.BatchHandler).WriteAll(context.Background()); err != nil {
		t.Fatal(err)
	}
	var logs []struct {
		Message string `db:"message"`
		Data    string `db:"data"`
	}
	if err := app.AuxDB().NewQuery("SELECT message, data FROM _logs").All(&logs); err != nil {
		t.Fatal(err)
	}
	v.look("the logs", fmt.Sprint(logs))
	var words []string
	for _, table := range []string{"audit_log", "access_log", "dispatches", "message_lanes", "notifications", "_sync_doc", "_sync_push"} {
		var columns []struct {
			Name string `db:"name"`
		}
		if err := app.DB().NewQuery("SELECT name FROM pragma_table_info('" + table + "')").All(&columns); err != nil {
			t.Fatal(err)
		}
		for _, c := range columns {
			if err := app.DB().NewQuery("SELECT COALESCE(CAST(`" + c.Name + "` AS TEXT), '') FROM `" + table + "`").Column(&words); err != nil {
				t.Fatal(err)
			}
			v.look(table+"."+c.Name, strings.Join(words, " "))
		}
	}
}

// everything asks for each collection in each way, and for the server's own.
func (v *vault) everything(who, token string) {
	collections, err := v.app.FindAllCollections()
	if err != nil {
		v.t.Fatal(err)
	}
	for _, c := range collections {
		path := "/api/collections/" + c.Name + "/records"
		v.ask(who, token, http.MethodGet, path+"?perPage=500&skipTotal=1", "")
		v.ask(who, token, http.MethodGet, "/api/ka/export/"+c.Name+"?format=csv", "")
		v.ask(who, token, http.MethodGet, "/api/collections/"+c.Name, "")
	}
	for _, filter := range []string{"secret~'" + webhookSecret[:8] + "'", "secret='" + webhookSecret + "'", "secret!='set'"} {
		answer := v.app.DoBy(token, http.MethodGet, "/api/collections/webhooks/records?filter="+strings.NewReplacer("'", "%27", "~", "~").Replace(filter), "")
		if strings.Contains(answer.Body.String(), "erp.example.com") {
			v.found["a filter by a webhook's secret finds it for "+who] = true
		}
	}
	for _, path := range []string{"/api/settings", "/api/collections?perPage=500", "/api/logs?perPage=500", "/api/sync/fleet", "/api/backups", "/api/crons", "/api/collections/meta/scaffolds"} {
		v.ask(who, token, http.MethodGet, path, "")
	}
}

// TestSecretsAreWriteOnly: what was given to be kept secret is in no answer of
// anybody, in no event, export, log and phone.
func TestSecretsAreWriteOnly(t *testing.T) {
	v := newVault(t, "")
	v.open()
	for where := range v.found {
		t.Error(where)
	}
}

// TestASecretThatIsKeptIsNoticed, wherever it comes out.
func TestASecretThatIsKeptIsNoticed(t *testing.T) {
	effort.Late(t)
	planted := newVault(t, syncer.PlantWebhookSecretKept)
	planted.open()
	for _, where := range []string{"superuser: GET /api/collections/webhooks/records?perPage=500&skipTotal=1", "realtime"} {
		if !planted.found["a webhook's secret in "+where] {
			t.Errorf("a secret in %s is not noticed", where)
		}
	}
}

// TestNoFieldHoldsASecret: a field that is named like one is hidden, or says
// here why not.
func TestNoFieldHoldsASecret(t *testing.T) {
	collections, err := testapp.New(t).FindAllCollections()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		for _, f := range c.Fields {
			name := c.Name + "." + f.GetName()
			if secretName.MatchString(f.GetName()) && !f.GetHidden() && secretFields[name] == "" {
				t.Errorf("%s can be read", name)
			}
		}
	}
}
