package letters

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/domain"
	"satchel/domain/sales"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// signature is one of the two under a letter.
type signature struct {
	label, name, sha256, device string
	at                          time.Time
	picture                     *picture // nil while its bytes are not here
}

// picture is a drawn signature, upright.
type picture struct {
	jpeg          []byte
	width, height float64
}

// paper is a letter as people print it.
type paper struct {
	sales.LetterContent
	State, SHA256 string
	Signatures    [2]signature
}

// letterStates are states as letters name them.
var letterStates = map[records.TargetLetterState]string{
	sales.LetterSent: "待签字", sales.LetterSigned: "责任人已签字，待上级会签", sales.LetterEffective: "已生效",
	sales.LetterVoid: "已作废", sales.LetterSuperseded: "已被新版本替代",
}

// pdf answers GET /api/ka/target_letters/{id}/pdf to who may see the letter.
func pdf(e *core.RequestEvent) error {
	record, err := gate.Shown(e, records.TargetLetterTable, e.Request.PathValue("id"))
	if err != nil {
		return err
	}
	letter := records.TargetLetters.Of(record)
	if letter.SentAt().IsZero() {
		return gate.Refuse("letter.not_sent")
	}
	p, err := paperOf(e.App, letter)
	if err != nil {
		return err
	}
	var out bytes.Buffer
	if err := writePDF(&out, p); err != nil {
		return fmt.Errorf("write a letter: %w", err)
	}
	head := e.Response.Header()
	head.Set("Content-Disposition", "attachment; filename*=UTF-8''"+url.PathEscape(fmt.Sprintf("目标责任书-%s-%s-第%d版.pdf", p.Subject.Name, p.Year, p.Version)))
	head.Set("Cache-Control", "no-store")
	return e.Blob(http.StatusOK, "application/pdf", out.Bytes())
}

func paperOf(app core.App, letter records.TargetLetter) (p paper, err error) {
	content, err := stated(letter)
	if err != nil {
		return p, err
	}
	p = paper{LetterContent: content, State: letterStates[letter.State()], SHA256: letter.SHA256(), Signatures: [2]signature{
		{label: "责任人", name: content.Subject.Name, at: letter.SignedAt(), device: letter.SignedDevice(), sha256: letter.SignedSHA256()},
		{label: "上级", name: content.Superior.Name, at: letter.CountersignedAt(), device: letter.CountersignedDevice(), sha256: letter.CountersignedSHA256()},
	}}
	for i, id := range []records.BlobID{letter.SignedBlob(), letter.CountersignedBlob()} {
		if p.Signatures[i].picture, err = pictureOf(app, id); err != nil {
			return p, err
		}
	}
	return p, nil
}

// pictureOf reads the server's own copy of a drawn signature; nil if it is not here.
func pictureOf(app core.App, id records.BlobID) (*picture, error) {
	blob, found, err := records.Blobs.Find(app, id)
	if err != nil || !found || blob.Public() == "" || !blob.BytesRemovedAt().IsZero() || blob.Width() <= 0 || blob.Height() <= 0 {
		return nil, err
	}
	storage, err := app.NewFilesystem()
	if err != nil {
		return nil, fmt.Errorf("open the storage: %w", err)
	}
	defer storage.Close() //nolint:errcheck // it is only read
	file, err := storage.GetReader(blob.Raw().BaseFilesPath() + "/" + blob.Public())
	if errors.Is(err, filesystem.ErrNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("read a signature: %w", err)
	}
	defer file.Close() //nolint:errcheck // likewise
	jpeg, err := io.ReadAll(file)
	if err != nil {
		return nil, fmt.Errorf("read a signature: %w", err)
	}
	p := &picture{jpeg: jpeg, width: float64(blob.Width()), height: float64(blob.Height())}
	if blob.Orientation() >= 5 { // the camera lay on its side
		p.width, p.height = p.height, p.width
	}
	return p, nil
}

// number writes a value of a metric as people read it, with its unit.
func number(metric string, n int) string {
	switch metric {
	case "amount", "profit":
		return grouped(n/100) + fmt.Sprintf(".%02d", n%100)
	case "volume":
		return strings.TrimRight(strings.TrimRight(grouped(n/1000)+fmt.Sprintf(".%03d", n%1000), "0"), ".")
	case "csat":
		return fmt.Sprintf("%d.%02d%%", n/100, n%100)
	}
	return grouped(n)
}

// unitOf is what a metric counts.
func unitOf(metric string) string {
	return map[string]string{"amount": "元", "profit": "元", "volume": "销售单位", "new_ka": "家", "csat": "满意度"}[metric]
}

// grouped writes a whole number in groups of three.
func grouped(n int) string {
	text := fmt.Sprint(n)
	for at := len(text) - 3; at > 0; at -= 3 {
		text = text[:at] + "," + text[at:]
	}
	return text
}

// said is what stands beside a signature.
func (s signature) said() []string {
	if s.at.IsZero() {
		return []string{"（未签字）"}
	}
	device := s.device
	if device == "" {
		device = "办公端"
	}
	return []string{"签字时间：" + domain.BusinessMinute(s.at), "设备：" + device, "所阅内容指纹：" + s.sha256[:min(16, len(s.sha256))] + "…"}
}
