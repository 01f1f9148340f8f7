package attack

import (
	"context"
	"net/http"
)

// setting sets a parameter as an administrator does.
func (c *Client) setting(ctx context.Context, key string, value any) error {
	var page struct {
		Items []struct {
			ID string `json:"id"`
		} `json:"items"`
	}
	if err := c.want(ctx, http.MethodGet, "/api/collections/settings/records?filter=key%3D'"+key+"'", nil, &page); err != nil {
		return err
	}
	body := map[string]any{"key": key, "value": value}
	if len(page.Items) == 0 {
		return c.want(ctx, http.MethodPost, "/api/collections/settings/records", body, nil)
	}
	return c.want(ctx, http.MethodPatch, "/api/collections/settings/records/"+page.Items[0].ID, body, nil)
}
