package uploads

import (
	"fmt"
	"math"
	"net/http"
	"strconv"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// maxBytes of a blob of this purpose.
func maxBytes(app core.App, purpose records.BlobPurpose) (int64, error) {
	set, err := gate.SettingsNow(app).MediaMaxBytes()
	return evidence.BlobMaxBytes(string(purpose), set), err
}

// spend counts one upload of size bytes to the device's day, or refuses it. A limit
// of 0 is none. What is begun anew after an expiry or a wrong hash counts again.
func (s *Service) spend(e *core.RequestEvent, device string, size int64) error {
	settings := gate.SettingsNow(e.App)
	bytesLimit, err := settings.MediaDeviceDailyBytes()
	if err != nil {
		return err
	}
	countLimit, err := settings.MediaDeviceDailyCount()
	if err != nil {
		return err
	}
	if bytesLimit > 0 && size > int64(bytesLimit) {
		return refuse(http.StatusRequestEntityTooLarge, "blob.too_large", "limit", bytesLimit)
	}
	now := s.cfg.Now()
	day := dbx.Params{"device": device, "day": domain.BusinessDay(now), "size": size}
	var over error
	err = e.App.RunInTransaction(func(tx core.App) error {
		var used struct {
			N     int64 `db:"n"`
			Bytes int64 `db:"bytes"`
		}
		err := tx.DB().NewQuery("SELECT COALESCE(SUM(n), 0) AS n, COALESCE(SUM(bytes), 0) AS bytes FROM _upload_use WHERE device = {:device} AND day = {:day}").
			Bind(day).One(&used)
		if err != nil {
			return err
		}
		switch {
		case countLimit > 0 && used.N >= int64(countLimit):
			over = s.overQuota(e, now, "count", int64(countLimit))
			return nil
		case bytesLimit > 0 && used.Bytes+size > int64(bytesLimit):
			over = s.overQuota(e, now, "bytes", int64(bytesLimit))
			return nil
		}
		_, err = tx.DB().NewQuery(`INSERT INTO _upload_use (device, day, n, bytes) VALUES ({:device}, {:day}, 1, {:size})
			ON CONFLICT DO UPDATE SET n = n + 1, bytes = bytes + excluded.bytes`).Bind(day).Execute()
		return err
	})
	if err != nil {
		return fmt.Errorf("count upload: %w", err)
	}
	return over
}

// overQuota tells when the next day of the company begins.
func (s *Service) overQuota(e *core.RequestEvent, now time.Time, kind string, limit int64) error {
	frees := domain.NextDay(now)
	retryAfter(e, frees.Sub(now))
	return refuse(http.StatusTooManyRequests, codeQuota, "of", kind, "limit", limit, "frees", frees.Format(time.RFC3339))
}

func retryAfter(e *core.RequestEvent, wait time.Duration) {
	e.Response.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(wait.Seconds()))))
}

// forgetUse drops the counts of days that are long over.
func forgetUse(app core.App, now time.Time) error {
	_, err := app.NonconcurrentDB().NewQuery("DELETE FROM _upload_use WHERE day < {:day}").
		Bind(dbx.Params{"day": domain.AddDays(domain.BusinessDay(now), -7)}).Execute()
	if err != nil {
		return fmt.Errorf("forget counts of uploads: %w", err)
	}
	return nil
}
