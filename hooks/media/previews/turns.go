package previews

import (
	"context"
	"sync"
)

// turns let one at a time, of each holder in his own line: who asks for many waits
// for himself, and others for one of his at most.
type turns struct {
	all chan struct{} // holds one

	mu sync.Mutex
	of map[string]*queue // of who waits or is at it
}

// queue is a holder's line.
type queue struct {
	first chan struct{} // holds one: who is before the others of his holder
	size  int
}

// enter waits for a turn, as long as ctx is not done. leave ends it.
func (t *turns) enter(ctx context.Context, holder string) (leave func(), err error) {
	t.mu.Lock()
	q := t.of[holder]
	if q == nil {
		q = &queue{first: make(chan struct{}, 1)}
		t.of[holder] = q
	}
	q.size++
	t.mu.Unlock()
	if err := take(ctx, q.first); err != nil {
		t.quit(holder, q)
		return nil, err
	}
	if err := take(ctx, t.all); err != nil {
		<-q.first
		t.quit(holder, q)
		return nil, err
	}
	return func() {
		<-t.all
		<-q.first
		t.quit(holder, q)
	}, nil
}

func (t *turns) quit(holder string, q *queue) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if q.size--; q.size == 0 {
		delete(t.of, holder)
	}
}

func take(ctx context.Context, place chan struct{}) error {
	select {
	case place <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
