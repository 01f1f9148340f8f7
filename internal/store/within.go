package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"unsafe"
)

// ErrOver is what a statement ends with that had no time left, or brought more than it may.
var ErrOver = errors.New("the time for the statement is over, or its rows are too large")

// bound is what the statements of a goroutine, and of all that it starts, are held to.
type bound struct {
	ctx     context.Context
	outer   *bound
	cut     atomic.Bool           // it ended a statement, or let none begin
	broken  atomic.Pointer[error] // why rows broke off for another reason
	lenient bool
	weight  *Weight // nil for rows of any size
}

// bounds by the labels of the goroutines that they hold.
var bounds sync.Map // of *bound by unsafe.Pointer

type lenient struct{}

// TillFirstRow lets statements under ctx go on for as long as they like once they
// have their first row, which is what the driver does by itself. For tests of tests.
func TillFirstRow(ctx context.Context) context.Context {
	return context.WithValue(ctx, lenient{}, true)
}

// Weight is how many bytes of texts and blobs the rows of a Within may bring together.
type Weight struct {
	left atomic.Int64
	over atomic.Bool
}

// Over reports whether they brought more: the row beyond it was the end of its statement.
func (w *Weight) Over() bool { return w.over.Load() }

type weighed struct{}

// Weighed bounds what statements under ctx bring. No other begins after the bound.
func Weighed(ctx context.Context, most int64) (context.Context, *Weight) {
	w := &Weight{}
	w.left.Store(most)
	return context.WithValue(ctx, weighed{}, w), w
}

// weigh counts a row to a bound and to those around it; an error if it is too many.
func (b *bound) weigh(row []driver.Value) error {
	if b == nil {
		return nil
	}
	var size int64
	for _, v := range row {
		switch v := v.(type) {
		case string:
			size += int64(len(v))
		case []byte:
			size += int64(len(v))
		}
	}
	heavy := false
	for at := b; at != nil; at = at.outer {
		if at.weight != nil && at.weight.left.Add(-size) < 0 {
			at.weight.over.Store(true)
			heavy = true
		}
		if heavy {
			at.cut.Store(true)
		}
	}
	if heavy {
		b.cut.Store(true)
		return ErrOver
	}
	return nil
}

// Within runs fn. When ctx is done, every statement that fn has at work on a
// database of Open ends with ErrOver, at whichever row it is, and no other begins;
// cut reports whether that happened: ask for it, since who reads by dbx hears of no
// error after the first row and takes what came for all. If rows broke off by a
// fault, that is the error. It holds for goroutines that fn starts, too, as
// long as fn runs, and inside another Within for what both allow.
//
// PocketBase gives its queries no context of the request, so that none can be
// handed down; what belongs together is told by the profiler's labels, which a
// goroutine inherits from the one that starts it.
func Within(ctx context.Context, fn func() error) (cut bool, err error) {
	before := goroutineLabels()
	defer setGoroutineLabels(before)
	b := &bound{outer: boundBy(before), lenient: ctx.Value(lenient{}) != nil}
	b.weight, _ = ctx.Value(weighed{}).(*Weight)
	if b.outer != nil {
		both, cancel := context.WithCancel(ctx)
		defer cancel()
		defer context.AfterFunc(b.outer.ctx, cancel)()
		ctx = both
	}
	b.ctx = ctx
	pprof.Do(ctx, pprof.Labels("statements", "bounded"), func(context.Context) {
		key := goroutineLabels()
		bounds.Store(key, b)
		defer bounds.Delete(key)
		err = fn()
	})
	if fault := b.broken.Load(); fault != nil && !errors.Is(err, *fault) {
		err = errors.Join(err, *fault)
	}
	return b.cut.Load(), err
}

// Cut reports whether the Within in which it is called has rows that are not whole:
// it cut their statement off, or they broke off.
func Cut() bool {
	b := boundBy(goroutineLabels())
	return b != nil && (b.cut.Load() || b.broken.Load() != nil)
}

func boundBy(labels unsafe.Pointer) *bound {
	if labels == nil {
		return nil
	}
	b, _ := bounds.Load(labels)
	found, _ := b.(*bound)
	return found
}

// over reports whether the time is over, and notes that somebody found it so.
func (b *bound) over() bool {
	if b == nil || b.ctx.Err() == nil {
		return b.tooHeavy()
	}
	b.cut.Store(true)
	for o := b.outer; o != nil && o.ctx.Err() != nil; o = o.outer {
		o.cut.Store(true)
	}
	return true
}

// tooHeavy reports whether the rows have brought all that they may.
func (b *bound) tooHeavy() bool {
	for ; b != nil; b = b.outer {
		if b.weight != nil && b.weight.Over() {
			return true
		}
	}
	return false
}

// The two are promised to stay as they are: go.dev/issue/67401.

//go:linkname goroutineLabels runtime/pprof.runtime_getProfLabel
func goroutineLabels() unsafe.Pointer

//go:linkname setGoroutineLabels runtime/pprof.runtime_setProfLabel
func setGoroutineLabels(labels unsafe.Pointer)
