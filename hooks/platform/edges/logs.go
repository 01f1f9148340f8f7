package edges

import (
	"encoding/json/v2"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"

	"satchel/syncer"
)

// links is where customers' links lead: what follows opens one.
const links = "/s/"

// hidden stands in the log where something was that opens a door.
const hidden = "***"

// plainParams are the parameters of an address whose values a log may show. All
// others are hidden: tokens, what signs an address, and what people searched for.
var plainParams = []string{"page", "perPage", "skipTotal", "sort", "fields", "expand", "thumb", "download", "wait", "state", "format"}

var (
	// bearing is a name of a field, parameter or header that bears a secret.
	bearing = regexp.MustCompile(`(?i)pass(word|wd)?|secret|token|credential|authorization|cookie|signature|api[-_]?key`)

	// shapes are what secrets look like wherever they stand, each with what is
	// kept of it: our tokens and credentials; what follows the name of a scheme
	// or of a header; and a field that bears one. A text with none of the marks has
	// no such shape; most texts have none.
	shapes = []struct {
		*regexp.Regexp
		kept, marks string
	}{
		{regexp.MustCompile(`eyJ[\w-]{6,}(\.[\w-]*){0,2}`), hidden, "J"},
		{regexp.MustCompile(`(?i)\b(bearer|basic) +[\w.~+/=-]{6,}`), "$1 " + hidden, " "},
		{regexp.MustCompile(`(?i)\b(authorization|cookie): ?[^\r\n]+`), "$1: " + hidden, ":"},
		{regexp.MustCompile(`(?i)([\w-]*(?:password|secret|token|credential|authorization|cookie|signature)\w*(?:=|\\?" ?: ?\\?"))[^\s"',;&}\\]+`), "${1}" + hidden, "=:"},
	}
	param = regexp.MustCompile(`[?&]([\w.~%\[\]-]+)=([^\s&#"'<>]+)`)
)

// worn are the secrets that a request bears. They go with what PocketBase logs
// of it as far as the row, and no further.
type worn []string

// MarshalJSON keeps them out of whatever would show them.
func (worn) MarshalJSON() ([]byte, error) { return []byte("null"), nil }

// remember notes what a request bears, for the row of the log: an error may quote it.
func remember() *hook.Handler[*core.RequestEvent] {
	return &hook.Handler[*core.RequestEvent]{
		Id: "bornSecrets", Priority: apis.DefaultActivityLoggerMiddlewarePriority + 1,
		Func: func(e *core.RequestEvent) error {
			if found := bears(e.Request); len(found) > 0 {
				e.Set(apis.RequestEventKeyLogMeta, found)
			}
			return e.Next()
		},
	}
}

func bears(r *http.Request) (found worn) {
	add := func(value string) {
		if len(value) >= 6 { // what is shorter would hide words
			found = append(found, value)
		}
	}
	for name, values := range r.URL.Query() {
		if !slices.Contains(plainParams, name) {
			for _, v := range values {
				add(v)
			}
		}
	}
	if strings.HasPrefix(r.URL.Path, links) {
		add(strings.TrimPrefix(r.URL.Path, links))
	}
	for name, values := range r.Header {
		if !bearing.MatchString(name) {
			continue
		}
		for _, v := range values {
			add(v)
			if _, bare, ok := strings.Cut(v, " "); ok {
				add(bare)
			}
		}
	}
	for _, c := range r.Cookies() {
		add(c.Value)
	}
	return found
}

// discreet hides secrets in a row of PocketBase's log, whoever writes it.
func (c Config) discreet(e *core.ModelEvent) error {
	row, ok := e.Model.(*core.Log)
	if !ok || c.Planted == syncer.PlantSecretsLogged {
		return e.Next()
	}
	known, _ := row.Data["meta"].(worn)
	if known != nil {
		delete(row.Data, "meta")
	}
	if address, ok := row.Data["url"].(string); ok && row.Data["type"] == "request" {
		method, _ := row.Data["method"].(string)
		address = plainAddress(address)
		row.Data["url"] = address
		row.Message = method + " " + address
		if strings.HasPrefix(address, links) { // nobody learns from the log who answered
			for _, of := range []string{"userIP", "remoteIP", "userAgent", "referer"} {
				delete(row.Data, of)
			}
		}
	}
	if referer, ok := row.Data["referer"].(string); ok {
		row.Data["referer"] = plainAddress(referer)
	}
	row.Message = known.hide(row.Message)
	for key, value := range row.Data {
		row.Data[key] = known.hideIn(key, value)
	}
	return e.Next()
}

// plainAddress hides the values of an address's parameters, and what follows #.
func plainAddress(address string) string {
	address, _, _ = strings.Cut(address, "#")
	path, query, asked := strings.Cut(address, "?")
	if decoded, err := url.PathUnescape(path); err == nil {
		path = decoded
	}
	if strings.HasPrefix(path, links) {
		path = links + hidden
	}
	if !asked {
		return path
	}
	parts := strings.FieldsFunc(query, func(r rune) bool { return r == '&' || r == ';' })
	for i, part := range parts {
		if name, _, valued := strings.Cut(part, "="); !slices.Contains(plainParams, name) {
			parts[i] = name + "=" + hidden
			if !valued {
				parts[i] = hidden
			}
		}
	}
	return path + "?" + strings.Join(parts, "&")
}

// hide hides what is known and what has the shape of a secret in a text.
func (w worn) hide(text string) string {
	for _, secret := range w {
		text = strings.ReplaceAll(text, secret, hidden)
		text = strings.ReplaceAll(text, url.QueryEscape(secret), hidden)
	}
	if strings.Contains(text, "=") {
		text = param.ReplaceAllStringFunc(text, func(m string) string {
			name, _, _ := strings.Cut(m[1:], "=")
			if slices.Contains(plainParams, name) {
				return m
			}
			return m[:1] + name + "=" + hidden
		})
	}
	for _, s := range shapes {
		if strings.ContainsAny(text, s.marks) {
			text = s.ReplaceAllString(text, s.kept)
		}
	}
	return text
}

// hideIn is hide for the value of a field, however deep. Under a name that bears
// a secret only a sentence is kept, such as what is wrong with a password.
func (w worn) hideIn(name string, value any) any {
	switch v := value.(type) {
	case nil, bool, int, int64, float64:
		return v
	case string:
		if v != "" && !strings.Contains(v, " ") && bearing.MatchString(name) {
			return hidden
		}
		return w.hide(v)
	case map[string]any:
		out := make(map[string]any, len(v)) // the answer may be written from the same one
		for key, member := range v {
			out[key] = w.hideIn(key, member)
		}
		return out
	case []any:
		out := make([]any, len(v))
		for i, member := range v {
			out[i] = w.hideIn(name, member)
		}
		return out
	}
	// What says itself only when it is written is read as the log would show it.
	text, err := json.Marshal(value)
	var shown any
	if err == nil {
		err = json.Unmarshal(text, &shown)
	}
	if err != nil {
		return w.hide(err.Error())
	}
	return w.hideIn(name, shown)
}
