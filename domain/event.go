package domain

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strconv"
	"strings"
	"time"
)

// EventWanted reports whether a list of patterns covers an event such as
// "visits.check_in": by its name, by "visits.*", or by "*".
func EventWanted(patterns []string, name string) bool {
	for _, p := range patterns {
		base, all := strings.CutSuffix(p, "*")
		if p == name || (all && (base == "" || (strings.HasSuffix(base, ".") && strings.HasPrefix(name, base)))) {
			return true
		}
	}
	return false
}

// DigestText is the subject of a mail that holds several notices.
func DigestText(count int, lang string) string {
	if lang == "en" {
		return strconv.Itoa(count) + " notices"
	}
	return strconv.Itoa(count) + " 条通知"
}

// SignWebhook is the signature header of a webhook's body: the time in seconds
// and the HMAC-SHA256 of time, a point and the body, in hex. The receiver
// computes the same with its secret and refuses old times.
func SignWebhook(secret string, at time.Time, body []byte) string {
	stamp := strconv.FormatInt(at.Unix(), 10)
	mac := hmac.New(sha256.New, []byte(secret))
	mac.Write([]byte(stamp + "."))
	mac.Write(body)
	return "t=" + stamp + ",v1=" + hex.EncodeToString(mac.Sum(nil))
}
