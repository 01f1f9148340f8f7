package accounts_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/pocketbase/dbx"

	"satchel/internal/testapp"
)

// TestAContactIsForgotten by an administrator with a reason: a tombstone stays,
// which nobody changes or deletes, and nothing of the person, on phones and in
// the log neither.
func TestAContactIsForgotten(t *testing.T) {
	d := testapp.Open(t)
	phone := d.Phone(d.Token("rep.chen"), "forgets")
	account := d.AccountOf("rep.chen")
	contact, err := d.FindFirstRecordByData("contacts", "account", account.Id)
	if err != nil {
		t.Fatal(err)
	}
	contact.Set("wechat", "wx-secret")
	contact.Set("birthday", "1980-02-03")
	if err := d.Save(contact); err != nil {
		t.Fatal(err)
	}
	phone.Pull()
	secrets := []string{contact.GetString("name"), contact.GetString("phone"), "wx-secret", "1980-02-03"}
	path := "/api/ka/contacts/" + contact.Id + "/forget"
	for who, body := range map[string]string{"rep.chen": `{"reason":"x"}`, "director.lin": `{"reason":"x"}`, "admin.fang": `{"reason":" "}`} {
		if got := d.Do(who, http.MethodPost, path, body); got.Code != http.StatusBadRequest {
			t.Errorf("%s: %d %s", who, got.Code, got.Body)
		}
	}
	if got := d.Do("admin.fang", http.MethodPost, path, `{"reason":"本人来函"}`); got.Code != http.StatusOK {
		t.Fatalf("%d %s", got.Code, got.Body)
	}
	phone.Pull()
	row := d.Do("admin.fang", http.MethodGet, "/api/collections/contacts/records/"+contact.Id, "").Body.String()
	for where, text := range map[string]string{"the row": row, "the phone": phone.Rows["contacts"][contact.Id]} {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(text, secret) {
				t.Errorf("%s still says %q", where, secret)
			}
		}
		if !strings.Contains(text, "本人来函") {
			t.Errorf("%s is no tombstone: %s", where, text)
		}
	}
	entries, err := d.FindAllRecords("audit_log", dbx.HashExp{"record": contact.Id})
	if err != nil || len(entries) == 0 || entries[len(entries)-1].GetString("action") != "contacts.forget" {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	for _, e := range entries {
		for _, secret := range secrets {
			if secret != "" && strings.Contains(e.GetString("before")+e.GetString("after"), secret) {
				t.Errorf("the log still says %q", secret)
			}
		}
	}
	for method, body := range map[string]string{http.MethodPatch: `{"name":"还是他"}`, http.MethodDelete: ""} {
		for _, token := range []string{d.Token("rep.chen"), d.SuperuserToken()} {
			if got := d.DoBy(token, method, "/api/collections/contacts/records/"+contact.Id, body); !strings.Contains(got.Body.String(), "contact.forgotten") {
				t.Errorf("%s: %d %s", method, got.Code, got.Body)
			}
		}
	}
}
