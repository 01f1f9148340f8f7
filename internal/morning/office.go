package morning

import (
	"bytes"
	"context"
	"encoding/json/v2"
	"fmt"
	"io"
	"net/http"
	"net/url"

	"satchel/internal/demo"
)

// office is somebody at a desk, who works with the server's REST API.
type office struct {
	base, token, id string
}

// item is a record as the REST API answers it.
type item map[string]any

func (i item) text(field string) string { s, _ := i[field].(string); return s }

func (i item) number(field string) float64 { n, _ := i[field].(float64); return n }

// signIn signs a person of the company in by password.
func signIn(ctx context.Context, base, name string) (*office, error) {
	o := &office{base: base}
	var auth struct {
		Token  string `json:"token"`
		Record struct {
			ID string `json:"id"`
		} `json:"record"`
	}
	err := o.call(ctx, http.MethodPost, "/api/collections/users/auth-with-password",
		map[string]string{"identity": demo.Email(name), "password": demo.Password}, &auth)
	if err != nil {
		return nil, fmt.Errorf("sign in as %s: %w", name, err)
	}
	o.token, o.id = auth.Token, auth.Record.ID
	return o, nil
}

// call sends in as JSON, if any, and reads the JSON answer into out, if any.
func (o *office) call(ctx context.Context, method, path string, in, out any) error {
	var body io.Reader
	if in != nil {
		text, err := json.Marshal(in)
		if err != nil {
			return err
		}
		body = bytes.NewReader(text)
	}
	text, err := o.send(ctx, method, path, body)
	if err != nil || out == nil {
		return err
	}
	return json.Unmarshal(text, out)
}

func (o *office) send(ctx context.Context, method, path string, body io.Reader) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, o.base+path, body)
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Authorization", o.token)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close() //nolint:errcheck // read to its end or failed already
	text, err := io.ReadAll(resp.Body)
	if err != nil {
		return nil, err
	}
	if resp.StatusCode >= http.StatusBadRequest {
		return nil, &answerError{method + " " + path + ": " + resp.Status, string(text)}
	}
	return text, nil
}

// answerError is an answer that refuses.
type answerError struct{ what, text string }

func (e *answerError) Error() string { return e.what + ": " + e.text }

func (o *office) get(ctx context.Context, collection, id string) (item, error) {
	var out item
	err := o.call(ctx, http.MethodGet, "/api/collections/"+collection+"/records/"+id, nil, &out)
	return out, err
}

func (o *office) update(ctx context.Context, collection, id string, set item) error {
	return o.call(ctx, http.MethodPatch, "/api/collections/"+collection+"/records/"+id, set, nil)
}

func (o *office) create(ctx context.Context, collection string, set item) (out item, err error) {
	err = o.call(ctx, http.MethodPost, "/api/collections/"+collection+"/records", set, &out)
	return out, err
}

// act takes a step with a record.
func (o *office) act(ctx context.Context, collection, id, step string, args item) error {
	return o.call(ctx, http.MethodPost, "/api/ka/"+collection+"/"+id+"/"+step, args, nil)
}

// decide decides what this person is asked of a record.
func (o *office) decide(ctx context.Context, id, step string, args item) error {
	asked, err := o.list(ctx, "approvals", "ref_id = '"+id+"' && state = 'pending' && approver = '"+o.id+"'")
	if err != nil {
		return err
	}
	if len(asked) != 1 {
		return fmt.Errorf("%d decisions are asked for of %s", len(asked), id)
	}
	return o.act(ctx, "approvals", asked[0].text("id"), step, args)
}

// list returns all records that match a filter, in the order of their ids.
func (o *office) list(ctx context.Context, collection, filter string) ([]item, error) {
	var all []item
	for page := 1; ; page++ {
		query := url.Values{"perPage": {"1000"}, "page": {fmt.Sprint(page)}, "sort": {"id"}, "skipTotal": {"1"}, "filter": {filter}}
		var out struct {
			Items []item `json:"items"`
		}
		if err := o.call(ctx, http.MethodGet, "/api/collections/"+collection+"/records?"+query.Encode(), nil, &out); err != nil {
			return nil, err
		}
		all = append(all, out.Items...)
		if len(out.Items) < 1000 {
			return all, nil
		}
	}
}

// blobs reads one variant of blobs by addresses that the server signs; those
// that this person may not see, or that are not there, are left out.
func (o *office) blobs(ctx context.Context, variant string, ids []string) (map[string][]byte, error) {
	var signed struct {
		URLs map[string]string `json:"urls"`
	}
	err := o.call(ctx, http.MethodPost, "/api/ka/blobs/sign", map[string]any{"ids": ids, "variant": variant}, &signed)
	if err != nil {
		return nil, err
	}
	out := map[string][]byte{}
	for id, address := range signed.URLs {
		if out[id], err = o.send(ctx, http.MethodGet, address, nil); err != nil {
			return nil, err
		}
	}
	return out, nil
}
