package uploads_test

import (
	"net/http"
	"strings"
	"testing"

	"satchel/hooks/media/uploads"
)

func TestAccess(t *testing.T) {
	w := newWorld(t)
	data := photo(t, 1, 1)
	blob := w.announce(data)
	chen := w.phone("rep.chen", "install-chen-1")

	t.Run("guest", func(t *testing.T) {
		guest := phone{t: t, url: w.url}
		guest.create(blob, len(data)).expect(t, 401, "auth_required")
		guest.patch(blob, 0, data).expect(t, 401, "auth_required")
		guest.head(blob).expect(t, 401, "")
		guest.terminate(blob).expect(t, 401, "auth_required")
	})
	t.Run("without a device", func(t *testing.T) {
		noDevice := phone{t: t, url: w.url, token: chen.token}
		noDevice.create(blob, len(data)).expect(t, 401, "device_unknown")
	})
	t.Run("with another user's device", func(t *testing.T) {
		he := w.phone("rep.he", "install-he-1")
		he.device = chen.device
		he.create(blob, len(data)).expect(t, 401, "device_unknown")
	})
	t.Run("wrong role", func(t *testing.T) {
		for _, name := range []string{"executive.sun", "manager.wu"} {
			p := w.phone(name, "install-"+name)
			p.create(blob, len(data)).expect(t, 404, "record.not_found")
		}
	})

	t.Run("right role", func(t *testing.T) {
		created := chen.create(blob, len(data))
		created.expect(t, 201, "")
		if got := created.header.Get("Location"); got != uploads.Path+"/"+blob {
			t.Errorf("location %q", got)
		}
		if _, err := http.ParseTime(created.header.Get("Upload-Expires")); err != nil {
			t.Errorf("expires: %v", err)
		}
	})

	t.Run("another user", func(t *testing.T) {
		for _, name := range []string{"rep.he", "manager.wu"} {
			p := w.phone(name, "second-"+name)
			p.head(blob).expect(t, 404, "")
			p.patch(blob, 0, data).expect(t, 404, "record.not_found")
			p.terminate(blob).expect(t, 404, "record.not_found")
		}
		chen.head(blob).expectOffset(t, 0)
	})
	t.Run("another device of the same user goes on", func(t *testing.T) {
		chen.patch(blob, 0, data[:5000]).expect(t, 204, "")
		tablet := w.phone("rep.chen", "install-chen-2")
		tablet.head(blob).expectOffset(t, 5000)
		tablet.patch(blob, 5000, data[5000:]).expect(t, 204, "")
		w.expectState(blob, "stored")
	})
	t.Run("revoked device", func(t *testing.T) {
		device, err := w.FindRecordById("sync_devices", chen.device)
		if err != nil {
			t.Fatal(err)
		}
		device.Set("revoked", true)
		if err := w.Save(device); err != nil {
			t.Fatal(err)
		}
		chen.create(blob, len(data)).expect(t, 401, "device_revoked")
	})
}

func TestDiscoveryNeedsNoLogin(t *testing.T) {
	w := newWorld(t)
	for _, path := range []string{uploads.Path, uploads.Path + "/abc"} {
		got := phone{t: t, url: w.url}.send(http.MethodOptions, path, nil)
		got.expect(t, 204, "")
		for name, want := range map[string]string{
			"Tus-Version": "1.0.0", "Tus-Resumable": "1.0.0", "Tus-Max-Size": "209715200", "Tus-Checksum-Algorithm": "sha1,sha256",
			"Tus-Extension": "creation,creation-with-upload,expiration,checksum,termination",
		} {
			if h := got.header.Get(name); h != want {
				t.Errorf("%s is %q, want %q", name, h, want)
			}
		}
	}
}

func TestUnknownBlobs(t *testing.T) {
	w := newWorld(t)
	chen := w.phone("rep.chen", "install-chen-1")
	for _, id := range []string{"", "nosuchblob00000", "../../data.db", strings.Repeat("x", 500)} {
		chen.create(id, 10).expect(t, 404, "record.not_found")
	}
	chen.head("nosuchblob00000").expect(t, 404, "")
	chen.patch("nosuchblob00000", 0, []byte("x")).expect(t, 404, "record.not_found")
}
