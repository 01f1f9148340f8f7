package field

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
)

// VisitContent is what hangs on a visit: rows in the order of their ids, each
// with its values as text. Which columns these are is said in docs/field.md.
type VisitContent struct {
	Steps    [][]string `json:"steps"`
	Checks   [][]string `json:"checks"`
	Feedback [][]string `json:"feedback"`
	Photos   [][]string `json:"photos"` // with the SHA-256 of their bytes
}

// Hash is the SHA-256 of the content in hexadecimal digits, over a JSON form
// whose members have a fixed order and whose texts escape only what they must.
func (c VisitContent) Hash() string {
	text, err := json.Marshal(c)
	if err != nil {
		return "invalid UTF-8" // fits no hash
	}
	sum := sha256.Sum256(text)
	return hex.EncodeToString(sum[:])
}

// VisitKept reports whether an event says what hangs on the visit: those that
// lead into, through or out of what was reported.
func VisitKept(from, to string) bool {
	return VisitTold(from) || VisitTold(to) || to == VisitVoidFraud
}
