//go:build unix

package main

import (
	"bytes"
	"io/fs"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"satchel/internal/effort"
	"satchel/media/imageworker"
)

// asMain makes the test's program the server's: what it makes is made by main.
const asMain = "SATCHEL_TEST_AS_MAIN"

func TestMain(m *testing.M) {
	imageworker.Main() // children of such a program
	if os.Getenv(asMain) != "" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// program is main with the mask that systems have by default.
func program(env []string, args ...string) *exec.Cmd {
	cmd := exec.Command("sh", append([]string{"-c", `umask 022 && exec "$0" "$@"`, os.Args[0]}, args...)...)
	cmd.Env = append(append(os.Environ(), asMain+"=1"), env...)
	return cmd
}

func done(t *testing.T, cmd *exec.Cmd) {
	t.Helper()
	if out, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, out)
	}
}

// served runs a server until it answers.
func served(t *testing.T, data string) {
	t.Helper()
	port := freePort(t)
	cmd := program(nil, "serve", "--dir", data, "--http", "127.0.0.1:"+port)
	var said bytes.Buffer
	cmd.Stderr = &said
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	for deadline := time.Now().Add(2 * time.Minute); ; {
		answer, err := http.Get("http://127.0.0.1:" + port + "/api/health")
		if err == nil {
			answer.Body.Close()
			break
		}
		if time.Now().After(deadline) {
			t.Error("the server does not answer")
			break
		}
		time.Sleep(20 * time.Millisecond)
	}
	if err := cmd.Process.Signal(syscall.SIGTERM); err != nil {
		t.Error(err)
	}
	if err := cmd.Wait(); err != nil || strings.Contains(said.String(), "chmod") {
		t.Errorf("%v %s", err, said.String())
	}
}

func freePort(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	_, port, err := net.SplitHostPort(listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	return port
}

// private counts what lies below the directories, each file and directory of
// which its owner alone may reach.
func private(t *testing.T, dirs ...string) map[string]int {
	t.Helper()
	seen := map[string]int{}
	for _, dir := range dirs {
		err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
			if err != nil {
				return err
			}
			info, err := d.Info()
			if err != nil {
				return err
			}
			want := fs.FileMode(0o600)
			if d.IsDir() {
				want = 0o700
			}
			if info.Mode().Perm() != want {
				t.Errorf("%s is %o", path, info.Mode().Perm())
			}
			rel, err := filepath.Rel(dir, path)
			seen[strings.Split(filepath.ToSlash(rel), "/")[0]]++
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	return seen
}

// TestWhatTheProgramMakesIsPrivate: a new data directory, and a copy of it.
func TestWhatTheProgramMakesIsPrivate(t *testing.T) {
	effort.Late(t)
	data, to := filepath.Join(t.TempDir(), "new", "data"), filepath.Join(t.TempDir(), "new", "copies")
	served(t, data)
	done(t, program(nil, "backup", "--dir", data, "--to", to))
	back := filepath.Join(t.TempDir(), "back")
	copies, err := filepath.Glob(filepath.Join(to, "satchel-*"))
	if err != nil || len(copies) != 1 {
		t.Fatal(copies, err)
	}
	done(t, program(nil, "restore", "--dir", back, "--from", copies[0]))
	if seen := private(t, data, to, back); seen["data.db"] != 2 || seen[filepath.Base(copies[0])] < 3 {
		t.Errorf("seen %v", seen)
	}
}

// TestADayOfTheServerIsPrivate: serving, uploads, photos that are developed, cut
// answers, phones of the demo, and a copy.
func TestADayOfTheServerIsPrivate(t *testing.T) {
	effort.Late(t)
	data, to := filepath.Join(t.TempDir(), "data"), filepath.Join(t.TempDir(), "copies")
	done(t, program([]string{"PORT=" + freePort(t)}, "demo", "--exit", "--dir", data))
	done(t, program(nil, "backup", "--dir", data, "--to", to))
	seen := private(t, data, to)
	for _, place := range []string{"data.db", "auxiliary.db", "storage", "uploads", "sync_spool", "demo_phone"} {
		if seen[place] == 0 {
			t.Errorf("there is no %s", place)
		}
	}
	if seen["storage"] < 20 || seen["sync_spool"] < 2 {
		t.Errorf("too little was made: %v", seen)
	}
}
