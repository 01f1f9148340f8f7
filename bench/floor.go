package main

import (
	"bufio"
	"database/sql"
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"

	"github.com/klauspost/compress/zstd"
)

// floor serves the stored JSON of the visits as it lies in the database, with
// nothing asked and nothing checked: what any sync server must at least do.
func floor(dir, address string) error {
	db, err := sql.Open("sqlite", "file:"+filepath.Join(dir, "data.db")+"?mode=ro")
	if err != nil {
		return err
	}
	http.HandleFunc("GET /api/health", func(http.ResponseWriter, *http.Request) {})
	http.HandleFunc("GET /rows", func(w http.ResponseWriter, r *http.Request) {
		if err := pour(db, w, r.Header.Get("Accept-Encoding") == "zstd"); err != nil {
			fmt.Fprintln(os.Stderr, "floor:", err)
		}
	})
	return http.ListenAndServe(address, nil) //nolint:gosec // on loopback, for a minute
}

func pour(db *sql.DB, w http.ResponseWriter, compressed bool) error {
	rows, err := db.Query("SELECT body FROM _sync_doc WHERE body IS NOT NULL AND coll = (SELECT id FROM _collections WHERE name = 'visits') ORDER BY id")
	if err != nil {
		return err
	}
	defer rows.Close() //nolint:errcheck // the error that counts is that of Err
	out := bufio.NewWriterSize(w, 64<<10)
	write := out.Write
	done := out.Flush
	if compressed {
		w.Header().Set("Content-Encoding", "zstd")
		enc, err := zstd.NewWriter(out, zstd.WithEncoderLevel(zstd.SpeedFastest), zstd.WithEncoderConcurrency(1))
		if err != nil {
			return err
		}
		write = enc.Write
		done = func() error { return errors.Join(enc.Close(), out.Flush()) }
	}
	var body sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&body); err != nil {
			return err
		}
		if _, err := write(append(body[:len(body):len(body)], '\n')); err != nil {
			return err
		}
	}
	return errors.Join(rows.Err(), done())
}

// startFloor runs the floor program as a process of its own.
func startFloor(dir string) (*server, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	address, err := freeAddress()
	if err != nil {
		return nil, err
	}
	cmd := exec.Command(self, "-floor", dir, "-address", address)
	cmd.Stderr = os.Stderr
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return awaited(&server{cmd: cmd, base: "http://" + address})
}
