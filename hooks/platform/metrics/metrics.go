// Package metrics answers GET /metrics in the format of Prometheus, if the
// operator asks for it. It alone speaks that library.
package metrics

import (
	"context"
	"crypto/subtle"
	"errors"
	"fmt"
	"net"
	"net/http"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
)

// Options say where metrics are served; nowhere if both are empty.
type Options struct {
	Token  string // on the server's own port, to who sends it as a bearer
	Listen string // on this address of its own, to whoever reaches it
}

const path = "/metrics"

// Area serves what counts returns and what the database says at the scrape.
func Area(opt Options, counts func() gate.SyncCounts, clock func() *gate.Clock, drift func() int64) kit.Area {
	area := kit.Area{Name: "metrics"}
	if opt.Token != "" || opt.Listen != "" {
		area.Bind = func(app core.App) { bind(app, opt, handler(&collector{app, counts, clock, drift})) }
	}
	return area
}

func handler(c *collector) http.Handler {
	registry := prometheus.NewRegistry()
	registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), c)
	return promhttp.HandlerFor(registry, promhttp.HandlerOpts{ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 2})
}

// bind opens the ways to the handler that the operator asks for.
func bind(app core.App, opt Options, handler http.Handler) {
	var own *http.Server
	app.OnServe().Bind(gate.Named("metricsRoute", func(e *core.ServeEvent) error {
		if opt.Token != "" {
			e.Router.GET(path, func(e *core.RequestEvent) error {
				if subtle.ConstantTimeCompare([]byte(e.Request.Header.Get("Authorization")), []byte("Bearer "+opt.Token)) != 1 {
					return apis.NewUnauthorizedError("", nil)
				}
				handler.ServeHTTP(e.Response, e.Request)
				return nil
			}).Unbind(apis.DefaultLoadAuthTokenMiddlewareId, apis.DefaultRateLimitMiddlewareId)
		}
		if opt.Listen != "" {
			listener, err := net.Listen("tcp", opt.Listen)
			if err != nil {
				return fmt.Errorf("serve metrics: %w", err)
			}
			mux := http.NewServeMux()
			mux.Handle("GET "+path, handler)
			own = &http.Server{Handler: mux, ReadHeaderTimeout: 10 * time.Second}
			go serve(e.App, own, listener)
		}
		return e.Next()
	}))
	app.OnTerminate().Bind(gate.Named("metricsStop", func(e *core.TerminateEvent) error {
		if own != nil {
			if err := own.Shutdown(context.Background()); err != nil {
				app.Logger().Warn("Failed to stop serving metrics", "error", err)
			}
		}
		return e.Next()
	}))
}

// serve runs until the server is shut down, which bind does at termination.
func serve(app core.App, own *http.Server, listener net.Listener) {
	if err := own.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		app.Logger().Error("Failed to serve metrics", "error", err)
	}
}
