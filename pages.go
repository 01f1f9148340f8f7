package main

import (
	"embed"
	"io/fs"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// pages is what a browser gets; it travels in the binary.
//
//go:embed all:pb_public
var pages embed.FS

// bindPages serves pages on every path that no other route takes.
func bindPages(app core.App) {
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "pages", Priority: 999, Func: func(e *core.ServeEvent) error {
		public, err := fs.Sub(pages, "pb_public")
		if err != nil {
			return err
		}
		if !e.Router.HasRoute("GET", "/{path...}") {
			e.Router.GET("/{path...}", apis.Static(public, false))
		}
		return e.Next()
	}})
}
