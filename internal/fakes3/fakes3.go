// Package fakes3 is an object store for tests: as much of S3's protocol as
// PocketBase speaks, in memory, on the loopback. It checks no signature.
package fakes3

import (
	"bytes"
	"crypto/md5" //nolint:gosec // what S3 calls an ETag
	"encoding/hex"
	"encoding/xml"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"sort"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/pocketbase/pocketbase/core"
)

const bucket = "evidence"

// Store holds the objects of one bucket.
type Store struct {
	mu      sync.Mutex
	objects map[string]object
	uploads map[string]map[int][]byte
	broken  bool
}

type object struct {
	body   []byte
	header http.Header
	at     time.Time
}

// Use makes a store and keeps the app's files in it.
func Use(t testing.TB, app core.App) *Store {
	t.Helper()
	return use(t, app, &app.Settings().S3)
}

// UseForBackups makes a store and keeps the app's backups in it.
func UseForBackups(t testing.TB, app core.App) *Store {
	t.Helper()
	return use(t, app, &app.Settings().Backups.S3)
}

func use(t testing.TB, app core.App, config *core.S3Config) *Store {
	t.Helper()
	s := &Store{objects: map[string]object{}, uploads: map[string]map[int][]byte{}}
	server := httptest.NewServer(s)
	t.Cleanup(server.Close)
	*config = core.S3Config{
		Enabled: true, Bucket: bucket, Region: "test", Endpoint: server.URL, AccessKey: "key", Secret: "secret", ForcePathStyle: true,
	}
	if err := app.Save(app.Settings()); err != nil {
		t.Fatal(err)
	}
	return s
}

// Break makes every request fail, or heals the store.
func (s *Store) Break(broken bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.broken = broken
}

// Keys lists the objects.
func (s *Store) Keys() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out []string
	for key := range s.objects {
		out = append(out, key)
	}
	sort.Strings(out)
	return out
}

// ServeHTTP implements http.Handler.
func (s *Store) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	key, ours := strings.CutPrefix(r.URL.Path, "/"+bucket)
	key = strings.TrimPrefix(key, "/")
	body, err := io.ReadAll(r.Body)
	query := r.URL.Query()
	switch {
	case s.broken:
		http.Error(w, "broken", http.StatusServiceUnavailable)
	case !ours || err != nil:
		http.Error(w, "no such bucket", http.StatusBadRequest)
	case key == "":
		s.list(w, query.Get("prefix"), query.Get("max-keys"))
	case query.Has("uploads") || query.Has("uploadId"):
		s.multipart(w, r, key, body)
	case r.Method == http.MethodPut:
		s.put(w, r.Header, key, body)
	case r.Method == http.MethodDelete:
		delete(s.objects, key)
		w.WriteHeader(http.StatusNoContent)
	default:
		s.get(w, r, key)
	}
}

func (s *Store) put(w http.ResponseWriter, header http.Header, key string, body []byte) {
	if from := header.Get("X-Amz-Copy-Source"); from != "" {
		source, ok := s.objects[strings.TrimPrefix(strings.TrimPrefix(from, "/"), bucket+"/")]
		if !ok {
			http.Error(w, "", http.StatusNotFound)
			return
		}
		body, header = source.body, source.header
	}
	s.objects[key] = object{body, header.Clone(), time.Now().UTC().Truncate(time.Second)}
	w.Header().Set("ETag", tag(body))
}

func (s *Store) get(w http.ResponseWriter, r *http.Request, key string) {
	o, ok := s.objects[key]
	if !ok {
		w.WriteHeader(http.StatusNotFound)
		if r.Method == http.MethodGet {
			_, _ = fmt.Fprint(w, "<Error><Code>NoSuchKey</Code></Error>")
		}
		return
	}
	for name, values := range o.header {
		if name == "Content-Type" || strings.HasPrefix(name, "X-Amz-Meta-") {
			w.Header()[name] = values
		}
	}
	w.Header().Set("ETag", tag(o.body))
	http.ServeContent(w, r, key, o.at, bytes.NewReader(o.body))
}

// multipart puts an object together from its parts.
func (s *Store) multipart(w http.ResponseWriter, r *http.Request, key string, body []byte) {
	id := r.URL.Query().Get("uploadId")
	switch r.Method {
	case http.MethodPost:
		if id == "" {
			id = strconv.Itoa(len(s.uploads) + 1)
			s.uploads[id] = map[int][]byte{}
			_, _ = fmt.Fprintf(w, "<InitiateMultipartUploadResult><Bucket>%s</Bucket><Key>%s</Key><UploadId>%s</UploadId></InitiateMultipartUploadResult>", bucket, key, id)
			return
		}
		var whole []byte
		var numbers []int
		for n := range s.uploads[id] {
			numbers = append(numbers, n)
		}
		slices.Sort(numbers)
		for _, n := range numbers {
			whole = append(whole, s.uploads[id][n]...)
		}
		s.objects[key] = object{whole, http.Header{}, time.Now().UTC().Truncate(time.Second)}
		_, _ = fmt.Fprintf(w, "<CompleteMultipartUploadResult><Key>%s</Key></CompleteMultipartUploadResult>", key)
	case http.MethodPut:
		n, err := strconv.Atoi(r.URL.Query().Get("partNumber"))
		if err != nil || s.uploads[id] == nil {
			http.Error(w, "no such upload", http.StatusNotFound)
			return
		}
		s.uploads[id][n] = body
		w.Header().Set("ETag", tag(body))
	default:
		delete(s.uploads, id)
		w.WriteHeader(http.StatusNoContent)
	}
}

type content struct {
	Key          string
	Size         int
	LastModified time.Time
	ETag         string
}

func (s *Store) list(w http.ResponseWriter, prefix, most string) {
	answer := struct {
		XMLName     xml.Name `xml:"ListBucketResult"`
		Prefix      string
		IsTruncated bool
		KeyCount    int
		Contents    []content
	}{Prefix: prefix}
	limit, err := strconv.Atoi(most)
	if err != nil {
		limit = 1000
	}
	for key, o := range s.objects {
		if strings.HasPrefix(key, prefix) && len(answer.Contents) < limit {
			answer.Contents = append(answer.Contents, content{key, len(o.body), o.at, tag(o.body)})
		}
	}
	answer.KeyCount = len(answer.Contents)
	w.Header().Set("Content-Type", "application/xml")
	if err := xml.NewEncoder(w).Encode(answer); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

func tag(body []byte) string {
	sum := md5.Sum(body) //nolint:gosec // likewise
	return `"` + hex.EncodeToString(sum[:]) + `"`
}
