package testapp

import (
	"context"
	"os"

	"satchel/hooks"
	"satchel/media"
	"satchel/media/documents"
)

// Pictures has pictures made and papers read in the test's own process, where a
// server has others for it: they are those that the test made.
func Pictures(c *hooks.Config) {
	c.Uploads.Develop = func(_ context.Context, path string, want media.Want) (media.Developed, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return media.Developed{}, err
		}
		return media.Develop(data, want)
	}
	c.Invoices.Read = func(_ context.Context, path string, opts documents.Options) (documents.Paper, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return documents.Paper{}, err
		}
		return documents.Read(data, opts)
	}
	c.Previews.Make = func(_ context.Context, path string, limits media.Limits, size string) ([]byte, error) {
		data, err := os.ReadFile(path)
		if err != nil {
			return nil, err
		}
		return media.Preview(data, limits, size)
	}
}
