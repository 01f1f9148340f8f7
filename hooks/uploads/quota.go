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
	"satchel/hooks/gate"
)

// Settings of what a device may begin to upload on one of the company's days; 0
// for no limit. What is begun anew after an expiry or a wrong hash counts again.
const (
	dailyBytesKey = "media.device_daily_bytes"
	dailyCountKey = "media.device_daily_count"

	defaultDailyBytes = 2 << 30
	defaultDailyCount = 1000
)

// maxBytesKey is the setting with the most bytes by purpose, a JSON object.
const maxBytesKey = "media.max_bytes"

// maxBytes of a blob of this purpose.
func maxBytes(app core.App, purpose string) (int64, error) {
	n, err := gate.SettingOf(app, maxBytesKey, purpose, int(domain.BlobPurposes[purpose].MaxBytes))
	return min(int64(n), domain.MaxBlobBytes), err
}

// spend counts one upload of size bytes to the device's day, or refuses it.
func (s *Service) spend(e *core.RequestEvent, device string, size int64) error {
	bytesLimit, err := gate.Setting(e.App, dailyBytesKey, defaultDailyBytes)
	if err != nil {
		return err
	}
	countLimit, err := gate.Setting(e.App, dailyCountKey, defaultDailyCount)
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
