package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
)

const invoicesStored = 1_000_000

// invoiceFigures are what one more invoice costs beside many.
type invoiceFigures struct {
	judge float64 // milliseconds, with its transaction
}

// invoices runs the benchmark of judging one.
func (r *report) invoices(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "go", "test", "./hooks/expense/invoices", "-run", "^$", "-bench", "^BenchmarkJudge$", "-benchtime", "200x")
	cmd.Env = append(os.Environ(), fmt.Sprint("SATCHEL_INVOICES=", invoicesStored))
	out, err := cmd.CombinedOutput()
	if err != nil {
		return fmt.Errorf("failed to run the benchmark of invoices: %w\n%s", err, out)
	}
	m := benchLine.FindStringSubmatch(string(out))
	if m == nil {
		return fmt.Errorf("the benchmark of invoices said nothing of use:\n%s", out)
	}
	ns, err := strconv.ParseFloat(m[3], 64)
	r.invoiceRun.judge = ns / 1e6
	return err
}

func (f *invoiceFigures) write(line func(string, ...any), goal func(string, bool, string, ...any)) {
	line("\n## Invoices\n")
	goal(fmt.Sprintf("an invoice is judged by %d others and stored (goal: 5 ms)", invoicesStored), f.judge <= 5, "%.2f ms", f.judge)
}
