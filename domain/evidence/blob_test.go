package evidence_test

import (
	"testing"

	"satchel/domain/evidence"
)

// TestWhatSettingsSayOfFiles by purpose, and what holds for those that they do not name.
func TestWhatSettingsSayOfFiles(t *testing.T) {
	set := map[string]int{evidence.BlobReceipt: 1000, evidence.BlobContract: 1 << 40, evidence.BlobInvoice: 0}
	for purpose, want := range map[string]int64{
		evidence.BlobReceipt: 1000, evidence.BlobContract: evidence.MaxBlobBytes, evidence.BlobVisitPhoto: evidence.BlobPurposes[evidence.BlobVisitPhoto].MaxBytes, "": 0,
		evidence.BlobInvoice: 0, // BlobTicket takes it for the usual
	} {
		if got := evidence.BlobMaxBytes(purpose, set); got != want {
			t.Errorf("%q: %d bytes, want %d", purpose, got, want)
		}
	}
	for _, c := range []struct {
		class string
		set   map[string]int
		want  int
	}{
		{evidence.BlobReceipt, set, 1000},
		{evidence.BlobVisitPhoto, set, 0},
		{evidence.BlobOfRejected, set, 30},
		{evidence.BlobOfRejected, map[string]int{evidence.BlobOfRejected: 0}, 0},
		{evidence.BlobOfRejected, map[string]int{evidence.BlobOfRejected: 7}, 7},
	} {
		if got := evidence.BlobKeepDays(c.class, c.set); got != c.want {
			t.Errorf("%s is kept %d days, want %d", c.class, got, c.want)
		}
	}
}
