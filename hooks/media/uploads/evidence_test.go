package uploads_test

import (
	"strings"
	"testing"
	"time"

	"github.com/disintegration/imaging"

	"satchel/media/exifjpeg"
	"satchel/media/shelves"
)

// TestAUsedPhotoIsFoundByWhatItsBytesSay: from tus to the signals of the row. The
// second file is the first cut, smaller and mirrored, for another visit.
func TestAUsedPhotoIsFoundByWhatItsBytesSay(t *testing.T) {
	w := newWorld(t, manually(nil))
	p := w.phone("rep.chen", "install-1")
	send := func(layout uint64, again bool) string {
		img := shelves.Draw(800, 600, layout, layout)
		if again {
			img = imaging.FlipH(imaging.Resize(imaging.CropCenter(img, 770, 580), 600, 0, imaging.Linear))
		}
		data, err := exifjpeg.Encode(img, exifjpeg.Meta{Make: "HUAWEI", Model: "P60", Taken: time.Date(2026, 3, 16, 8, 0, 0, 0, time.UTC)})
		if err != nil {
			t.Fatal(err)
		}
		id := w.announce(data)
		p.upload(id, data).expect(t, 204, "")
		w.work()
		w.expectState(id, "stored")
		return id
	}
	visit := func() {
		v := w.insert("visits", map[string]any{
			"account": w.AccountOf("rep.chen").Id, "owner": w.As("rep.chen").Id, "type": "unplanned", "state": "in_progress",
			"planned_date": "2026-03-16", "in_at": w.Clock.Now(),
		})
		w.step = w.insert("visit_steps", map[string]any{"visit": v.Id, "key": "shelf", "kind": "photo"})
	}
	visit()
	first := w.row(send(1, false))
	if first.GetString("device_make") != "HUAWEI" || first.GetString("device_model") != "P60" || len(first.GetString("phash")) != 16 ||
		len(first.GetString("colours")) != 32 || strings.Trim(first.GetString("colours"), "0") == "" {
		t.Errorf("%v", first.PublicExport())
	}
	w.Clock.Advance(time.Hour)
	visit()
	if got := w.row(send(1, true)).GetString("signals"); !strings.Contains(got, `"photo_similar"`) {
		t.Errorf("the used photo: %q", got)
	}
	if got := w.row(send(2, false)).GetString("signals"); strings.Contains(got, `"photo_similar"`) {
		t.Errorf("another shelf: %q", got)
	}
}
