package morning

import (
	"errors"
	"fmt"
	"net"
	"syscall"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/hook"
)

// listen takes the port before anything is built.
func listen(address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	if errors.Is(err, syscall.EADDRINUSE) {
		return nil, fmt.Errorf("地址 %s 已被占用，请用 PORT=… 换一个端口 / %s is in use: choose another port with PORT=…", address, address)
	}
	if err != nil {
		return nil, fmt.Errorf("listen on %s: %w", address, err)
	}
	return listener, nil
}

// serve runs the very server of the serve command on the listener and returns
// once it answers. What ends it later comes over the channel; the app's
// OnTerminate stops it.
func serve(app core.App, listener net.Listener) (<-chan error, error) {
	ready, ended := make(chan struct{}), make(chan error, 1)
	app.OnServe().Bind(&hook.Handler[*core.ServeEvent]{Id: "demoListener", Func: func(e *core.ServeEvent) error {
		e.Listener = listener
		e.InstallerFunc = nil // the demo has its superuser
		if err := e.Next(); err != nil {
			return err
		}
		close(ready)
		return nil
	}})
	go func() {
		ended <- apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()})
	}()
	select {
	case <-ready:
		return ended, nil
	case err := <-ended:
		return nil, fmt.Errorf("start the server: %w", err)
	}
}
