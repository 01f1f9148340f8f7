package syncer

import "testing"

// ear counts what the hub tells it.
type ear struct {
	device      string
	woken, over int
}

func (e *ear) Device() string { return e.device }
func (e *ear) Wake()          { e.woken++ }
func (e *ear) End()           { e.over++ }

func TestHubWakesOnceHoweverOftenItWasTold(t *testing.T) {
	h := NewHub()
	anna, ben := &ear{}, &ear{}
	h.Listen("anna", anna)
	h.Listen("ben", ben)
	for range 100 {
		h.Tell([]string{"anna", "nobody"})
	}
	if anna.woken != 0 {
		t.Error("woken before the tick")
	}
	h.Flush()
	h.Flush()
	if anna.woken != 1 || ben.woken != 0 {
		t.Errorf("anna has %d pokes, ben %d", anna.woken, ben.woken)
	}
}

func TestHubDropsOneDeviceOrAllOfAUser(t *testing.T) {
	h := NewHub()
	a1, a2, b := &ear{device: "a1"}, &ear{device: "a2"}, &ear{device: "b"}
	h.Listen("anna", a1)
	h.Listen("anna", a2)
	h.Listen("ben", b)
	h.Drop("anna", "a1")
	if a1.over != 1 || a2.over != 0 {
		t.Errorf("revoked, the device was ended %d times, the other %d", a1.over, a2.over)
	}
	h.Close("anna", a1)
	h.Drop("anna", "")
	h.Close("anna", a2)
	h.Close("anna", a2) // twice does no harm
	if a1.over != 1 || a2.over != 1 || b.over != 0 || h.Listeners() != 1 {
		t.Errorf("%+v %+v %+v, %d listen", a1, a2, b, h.Listeners())
	}
	h.Tell([]string{"anna"})
	h.Flush()
	if a1.woken+a2.woken != 0 {
		t.Error("a closed line is woken")
	}
}
