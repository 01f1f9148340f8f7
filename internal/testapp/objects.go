package testapp

import (
	"net/http"
	"net/http/httptest"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/johannesboyne/gofakes3"
	"github.com/johannesboyne/gofakes3/backend/s3mem"
	"github.com/pocketbase/pocketbase/core"
)

const bucket = "evidence"

// Objects is an object store in memory, on the loopback.
type Objects struct {
	t      testing.TB
	held   *s3mem.Backend
	broken atomic.Bool
}

// FilesInObjects keeps an app's files in an object store.
func FilesInObjects(t testing.TB, app core.App) *Objects {
	t.Helper()
	return objects(t, app, &app.Settings().S3)
}

// BackupsInObjects keeps an app's backups in an object store.
func BackupsInObjects(t testing.TB, app core.App) *Objects {
	t.Helper()
	return objects(t, app, &app.Settings().Backups.S3)
}

func objects(t testing.TB, app core.App, config *core.S3Config) *Objects {
	t.Helper()
	o := &Objects{t: t, held: s3mem.New()}
	if err := o.held.CreateBucket(bucket); err != nil {
		t.Fatal(err)
	}
	inner := gofakes3.New(o.held).Server()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if o.broken.Load() {
			http.Error(w, "broken", http.StatusServiceUnavailable)
			return
		}
		inner.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	*config = core.S3Config{
		Enabled: true, Bucket: bucket, Region: "test", Endpoint: server.URL, AccessKey: "key", Secret: "secret", ForcePathStyle: true,
	}
	if err := app.Save(app.Settings()); err != nil {
		t.Fatal(err)
	}
	return o
}

// Break makes every request fail, or heals the store.
func (o *Objects) Break(broken bool) { o.broken.Store(broken) }

// Keys lists the objects.
func (o *Objects) Keys() (keys []string) {
	o.t.Helper()
	list, err := o.held.ListBucket(bucket, &gofakes3.Prefix{}, gofakes3.ListBucketPage{MaxKeys: 100_000})
	if err != nil {
		o.t.Fatal(err)
	}
	for _, c := range list.Contents {
		keys = append(keys, c.Key)
	}
	slices.Sort(keys)
	return keys
}
