package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clockTick is the unit of /proc CPU times on Linux.
const clockTick = 10 * time.Millisecond

// server is the measured process.
type server struct {
	cmd  *exec.Cmd
	base string
}

func startServer(binary, dir string) (*server, error) {
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(binary, "serve", "--dir", dir, "--http", address)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return awaited(&server{cmd: cmd, base: "http://" + address})
}

func freeAddress() (string, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// awaited returns the server once it answers.
func awaited(s *server) (*server, error) {
	for range 600 {
		resp, err := http.Get(s.base + "/api/health")
		if err == nil {
			resp.Body.Close() //nolint:errcheck // nothing was written
			return s, nil
		}
		time.Sleep(50 * time.Millisecond)
	}
	s.stop()
	return nil, errors.New("the server did not answer within 30 s")
}

// peak is the most memory that the process has held, in bytes.
func (s *server) peak() (int64, error) { return s.memory("VmHWM:") }

// resident is the memory that the process holds now, in bytes.
func (s *server) resident() (int64, error) { return s.memory("VmRSS:") }

func (s *server) memory(which string) (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(text), which)
	fields := strings.Fields(rest)
	if !ok || len(fields) == 0 {
		return 0, errors.New("/proc/pid/status has another form")
	}
	kb, err := strconv.ParseInt(fields[0], 10, 64)
	return kb << 10, err
}

func (s *server) stop() {
	_ = s.cmd.Process.Signal(syscall.SIGTERM) // it may be gone
	_ = s.cmd.Wait()                          // its exit code says nothing here
}

// cpu is the process's user and system time so far.
func (s *server) cpu() (time.Duration, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, rest, ok := strings.Cut(string(text), ") ")
	fields := strings.Fields(rest)
	if !ok || len(fields) < 13 {
		return 0, errors.New("/proc/pid/stat has another form")
	}
	user, err := strconv.ParseInt(fields[11], 10, 64)
	if err != nil {
		return 0, err
	}
	sys, err := strconv.ParseInt(fields[12], 10, 64)
	return time.Duration(user+sys) * clockTick, err
}

// rss is the process's resident memory in bytes.
func (s *server) rss() (int64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/statm", s.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	pages, err := strconv.ParseInt(strings.Fields(string(text))[1], 10, 64)
	return pages * int64(os.Getpagesize()), err
}

// measure runs fn and returns its wall time and the server's CPU time.
func (s *server) measure(ctx context.Context, fn func(ctx context.Context) error) (wall, cpu time.Duration, err error) {
	before, err := s.cpu()
	if err != nil {
		return 0, 0, err
	}
	start := time.Now()
	if err := fn(ctx); err != nil {
		return 0, 0, err
	}
	wall = time.Since(start)
	after, err := s.cpu()
	return wall, after - before, err
}
