package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"time"

	_ "modernc.org/sqlite" // behind the server's back, as an operator's console
)

// beside opens the database of a running server.
func beside(dir string) (*sql.DB, error) {
	return sql.Open("sqlite", "file:"+filepath.Join(dir, "data.db")+"?_pragma=busy_timeout(10000)&_pragma=synchronous(FULL)")
}

// settled waits until the server has folded what was written beside it.
func settled(db *sql.DB) error {
	for range 600 {
		var behind bool
		err := db.QueryRow("SELECT (SELECT MAX(seq) FROM _sync_log) > (SELECT value FROM _sync_state WHERE key = 'head')").Scan(&behind)
		if err != nil {
			return err
		}
		time.Sleep(50 * time.Millisecond) // after the commit the server tells itself
		if !behind {
			return nil
		}
	}
	return errors.New("the server does not fold")
}

// hundred pulls after each of some writes of 100 visits of the rep's.
func (r *report) hundred(ctx context.Context, s *server, dir string, c *client, into *[]sample) error {
	db, err := beside(dir)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is pending
	if _, _, err := c.pull(ctx, "", "zstd"); err != nil {
		return err
	}
	for i := range 15 {
		_, err := db.Exec("UPDATE visits SET objective = ? WHERE id IN (SELECT id FROM visits WHERE owner = ? LIMIT 100 OFFSET ?)", fmt.Sprint("第", i), c.user, 100*i)
		if err != nil {
			return err
		}
		if err := settled(db); err != nil {
			return err
		}
		err = r.run(ctx, s, into, func(ctx context.Context) (int, int64, error) {
			n, size, err := c.pull(ctx, c.cursor, "")
			if err == nil && n != 100 {
				err = fmt.Errorf("a pull after 100 changes has %d rows", n)
			}
			return n, size, err
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// moved gives 300 accounts with their visits to another rep, and back.
func (r *report) moved(ctx context.Context, s *server, dir string, from, to *client) error {
	db, err := beside(dir)
	if err != nil {
		return err
	}
	defer db.Close() //nolint:errcheck // nothing is pending
	for _, c := range []*client{from, to} {
		if _, _, err := c.pull(ctx, "", "zstd"); err != nil {
			return err
		}
	}
	for range r.rounds {
		start := time.Now()
		if _, err := db.Exec("UPDATE accounts SET owner = ? WHERE name LIKE 'moved %'", to.user); err != nil {
			return err
		}
		r.movedWrite = append(r.movedWrite, sample{items: 1, wall: time.Since(start)})
		if err := settled(db); err != nil {
			return err
		}
		err := errors.Join(
			r.run(ctx, s, &r.movedOut, func(ctx context.Context) (int, int64, error) { return from.pull(ctx, from.cursor, "zstd") }),
			r.run(ctx, s, &r.movedIn, func(ctx context.Context) (int, int64, error) { return to.pull(ctx, to.cursor, "zstd") }),
		)
		if err != nil {
			return err
		}
		from, to = to, from
	}
	return nil
}

var groupLine = regexp.MustCompile(`BenchmarkGroupCommit/(\w+)\S*\s+\d+\s+([\d.]+) ns/op`)

// groupCommit runs the benchmark of pushes on a disk that takes 2 ms to sync.
func (r *report) groupCommit(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "test", "./internal/powercut", "-run", "^$", "-bench", "GroupCommit", "-benchtime", "3000x")
	cmd.Stderr = os.Stderr
	out, err := cmd.Output()
	if err != nil {
		return err
	}
	for _, m := range groupLine.FindAllSubmatch(out, -1) {
		ns, err := strconv.ParseFloat(string(m[2]), 64)
		if err != nil {
			return err
		}
		if string(m[1]) == "alone" {
			r.alone = 1e9 / ns
		} else {
			r.shared = 1e9 / ns
		}
	}
	if r.alone == 0 || r.shared == 0 {
		return fmt.Errorf("the benchmark said %s", out)
	}
	return nil
}
