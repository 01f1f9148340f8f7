package torture

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/pocketbase/pocketbase/core"

	"satchel/hooks"
	"satchel/internal/demo"
	"satchel/internal/store"
	"satchel/internal/testapp"
)

// victim is the built server as a process of its own.
type victim struct {
	binary, dir, at string
	log             *os.File
	cmd             *exec.Cmd
}

// found makes the small company in a new data directory.
func found(dir string) error {
	if err := testapp.Migrated(dir); err != nil {
		return err
	}
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir, DBConnect: store.Connect})
	hooks.MustBind(app, hooks.Config{Now: time.Now})
	err := app.Bootstrap()
	if err == nil {
		_, err = demo.Build(app, demo.Small(time.Now()))
	}
	return errors.Join(err, app.ClearBootstrap())
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// start runs the server and waits until it answers.
func (v *victim) start() error {
	v.cmd = exec.Command(v.binary, "serve", "--dir", v.dir, "--http", v.at)
	v.cmd.Env = append(os.Environ(), "SATCHEL_BACKUP_ROOT="+filepath.Dir(v.dir))
	v.cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	v.cmd.Stdout, v.cmd.Stderr = v.log, v.log
	if err := v.cmd.Start(); err != nil {
		return err
	}
	for range 1500 {
		resp, err := http.Get("http://" + v.at + "/api/health")
		if err == nil {
			resp.Body.Close()
			return nil
		}
		time.Sleep(20 * time.Millisecond)
	}
	return errors.New("the server does not answer")
}

// kill ends the server at once and waits until it is gone.
func (v *victim) kill() {
	if v.cmd != nil && v.cmd.ProcessState == nil {
		v.cmd.Process.Signal(syscall.SIGKILL)
		v.cmd.Wait()
	}
}

// run runs another command of the binary on the data directory and returns the
// first line that it prints, and its exit code.
func (v *victim) run(axe time.Duration, args ...string) (string, int, error) {
	cmd := exec.Command(v.binary, append(args, "--dir", v.dir)...)
	cmd.Stderr = v.log
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if axe > 0 {
		defer time.AfterFunc(axe, func() { cmd.Process.Kill() }).Stop()
	}
	out, err := cmd.Output()
	line, _, _ := strings.Cut(string(out), "\n")
	if exit, ok := errors.AsType[*exec.ExitError](err); ok {
		return line, exit.ExitCode(), fmt.Errorf("%s: %w", strings.Join(args, " "), err)
	}
	return line, 0, err
}

func build(to string) (string, error) {
	binary := filepath.Join(to, "satchel")
	cmd := exec.Command("go", "build", "-o", binary, "satchel")
	cmd.Dir = ".."
	if out, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("%w\n%s", err, out)
	}
	return binary, nil
}
