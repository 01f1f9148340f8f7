package logins

import (
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"
)

// forwarded are the headers in which a proxy says who asks.
var forwarded = []string{"X-Forwarded-For", "X-Real-Ip", "Forwarded", "Cf-Connecting-Ip", "Fly-Client-Ip", "True-Client-Ip"}

const proxyWarning = "请求带有 %[1]s，但未设置可信代理：若服务器在代理之后，所有人会被当作同一地址，请在后台 Settings › Application › Trusted proxy 中填写该请求头；" +
	"若不在代理之后，可忽略。\n" +
	"A request carried %[1]s, and no trusted proxy is set. Behind a proxy everybody counts as one address for the limits of logins: " +
	"name the header in the dashboard under Settings, Application, Trusted proxy. Without a proxy anybody may send it, and it is ignored."

// lookForProxy warns, once in a process, of a proxy whose word on who asks is not taken.
func (s *service) lookForProxy(e *core.RequestEvent) {
	if s.warned.Load() || len(e.App.Settings().TrustedProxy.Headers) > 0 {
		return
	}
	name := forwardedBy(e.Request.Header)
	if name == "" || !s.warned.CompareAndSwap(false, true) {
		return
	}
	text := fmt.Sprintf(proxyWarning, name)
	e.App.Logger().Warn(text, "header", name, "remote", e.RemoteIP())
	if s.cfg.Console != nil {
		fmt.Fprintln(s.cfg.Console, text) //nolint:errcheck // it is in the log too
	}
}

func forwardedBy(h http.Header) string {
	for _, name := range forwarded {
		if h.Get(name) != "" {
			return name
		}
	}
	return ""
}
