package syncer

import "testing"

func TestHubWakesOnceHoweverOftenItWasTold(t *testing.T) {
	h := NewHub()
	l, other := h.Listen("anna", "a1"), h.Listen("ben", "b1")
	for range 100 {
		h.Tell([]string{"anna", "nobody"})
	}
	if len(l.Wake) != 0 {
		t.Error("woken before the tick")
	}
	h.Flush()
	h.Flush()
	if len(l.Wake) != 1 || len(other.Wake) != 0 {
		t.Errorf("anna has %d pokes, ben %d", len(l.Wake), len(other.Wake))
	}
}

func TestHubDropsOneDeviceOrAllOfAUser(t *testing.T) {
	h := NewHub()
	a1, a2 := h.Listen("anna", "a1"), h.Listen("anna", "a2")
	h.Drop("anna", "a1")
	if _, more := <-a1.Wake; more || h.Listeners() != 1 {
		t.Error("the revoked device still listens")
	}
	h.Drop("anna", "")
	if _, more := <-a2.Wake; more || h.Listeners() != 0 {
		t.Error("the disabled user still listens")
	}
	h.Close(a2) // twice does no harm
	h.Tell([]string{"anna"})
	h.Flush()
}
