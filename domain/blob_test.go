package domain_test

import (
	"testing"

	"satchel/domain"
)

// TestWhatSettingsSayOfFiles by purpose, and what holds for those that they do not name.
func TestWhatSettingsSayOfFiles(t *testing.T) {
	set := map[string]int{domain.BlobReceipt: 1000, domain.BlobContract: 1 << 40, domain.BlobInvoice: 0}
	for purpose, want := range map[string]int64{
		domain.BlobReceipt: 1000, domain.BlobContract: domain.MaxBlobBytes, domain.BlobVisitPhoto: domain.BlobPurposes[domain.BlobVisitPhoto].MaxBytes, "": 0,
		domain.BlobInvoice: 0, // BlobTicket takes it for the usual
	} {
		if got := domain.BlobMaxBytes(purpose, set); got != want {
			t.Errorf("%q: %d bytes, want %d", purpose, got, want)
		}
	}
	for _, c := range []struct {
		class string
		set   map[string]int
		want  int
	}{
		{domain.BlobReceipt, set, 1000},
		{domain.BlobVisitPhoto, set, 0},
		{domain.BlobOfRejected, set, 30},
		{domain.BlobOfRejected, map[string]int{domain.BlobOfRejected: 0}, 0},
		{domain.BlobOfRejected, map[string]int{domain.BlobOfRejected: 7}, 7},
	} {
		if got := domain.BlobKeepDays(c.class, c.set); got != c.want {
			t.Errorf("%s is kept %d days, want %d", c.class, got, c.want)
		}
	}
}
