package uploads_test

import (
	"context"
	"errors"
	"testing"

	"satchel/hooks/media/uploads"
)

// TestEntranceTakesAsManyAsItHasRoomFor, and who hung up waits for none.
func TestEntranceTakesAsManyAsItHasRoomFor(t *testing.T) {
	entrance := make(uploads.Entrance, 2)
	enter := func() func() {
		leave, err := entrance.Enter(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return leave
	}
	first, second := enter(), enter()
	gone, hangUp := context.WithCancel(t.Context())
	hangUp()
	if _, err := entrance.Enter(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("a third is in, %v", err)
	}
	first()
	first() // twice gives no second place
	third := enter()
	if _, err := entrance.Enter(gone); !errors.Is(err, context.Canceled) {
		t.Errorf("a fourth is in, %v", err)
	}
	second()
	third()
	if len(entrance) != 0 {
		t.Errorf("%d are inside", len(entrance))
	}
}
