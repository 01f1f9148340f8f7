package letters_test

import (
	"bytes"
	"context"
	"image"
	"image/color"
	"image/jpeg"
	"math"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/ledongthuc/pdf"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/filesystem"

	"satchel/hooks/platform/gate"
)

// scrawl is a signature as a finger draws it.
func scrawl(t *testing.T, waves float64) []byte {
	img := image.NewGray(image.Rect(0, 0, 400, 160))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for x := 20; x < 380; x++ {
		y := 80 + 50*math.Sin(float64(x)/380*waves*math.Pi)*math.Cos(float64(x)/60)
		for d := -3; d <= 3; d++ {
			img.SetGray(x, int(y)+d, color.Gray{})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, nil); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

// arrived gives a drawn signature its bytes, as the server has them once they are here.
func (d *desk) arrived(t *testing.T, blob string, picture []byte) {
	row := d.Row("blobs", blob)
	file, err := filesystem.NewFileFromBytes(picture, "signature.jpg")
	if err != nil {
		t.Fatal(err)
	}
	for field, value := range map[string]any{"state": "stored", "width": 400, "height": 160, "orientation": 1, "public": file} {
		row.Set(field, value)
	}
	if err := d.SaveWithContext(gate.AsServer(context.Background()), row); err != nil {
		t.Fatal(err)
	}
}

// printed is a letter's paper as text, with the bytes of its pictures left out.
func (d *desk) printed(t *testing.T, who string, letter *core.Record) (text string, file []byte) {
	answer := d.Do(who, http.MethodGet, "/api/ka/target_letters/"+letter.Id+"/pdf", "")
	if answer.Code != http.StatusOK {
		t.Fatalf("%d %s", answer.Code, answer.Body)
	}
	read, err := pdf.NewReader(bytes.NewReader(answer.Body.Bytes()), int64(answer.Body.Len()))
	if err != nil {
		t.Fatal(err)
	}
	for n := range read.NumPage() {
		page, err := read.Page(n + 1).GetPlainText(nil)
		if err != nil {
			t.Fatal(err)
		}
		text += page
	}
	return text, answer.Body.Bytes()
}

// policy: R4.2 H-TGT-3
//
// TestALetterIsAPaperWithBothSignatures: it says what was signed, whatever became of the
// targets, and has the signatures drawn in once their bytes are here.
func TestALetterIsAPaperWithBothSignatures(t *testing.T) {
	d := open(t)
	d.Setting("company.name", "行囊食品有限公司")
	d.issued("manager.wu", "rep", "rep.chen", d.issued("director.lin", "manager", "manager.wu", d.issued("director.lin", "dept", "director.lin", nil,
		map[string]any{"metric": "volume", "basis_company": "增长", "basis_market": "下沉", "basis_capability": "16 名代表"}), map[string]any{"metric": "volume"}),
		map[string]any{"metric": "volume", "value": 12_500, "quarters": []int{3000, 3000, 3000, 3500}, "months": []int{1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1000, 1500}})
	letter := d.drafted("manager.wu", "rep.chen")
	d.Must(d.Update("manager.wu", letter, map[string]any{"terms": "超额完成部分按公司奖励办法另行奖励。"}))
	refused := d.Do("manager.wu", http.MethodGet, "/api/ka/target_letters/"+letter.Id+"/pdf", "")
	if !strings.Contains(refused.Body.String(), "letter.not_sent") {
		t.Errorf("a draft is printed: %d %s", refused.Code, refused.Body)
	}
	d.Must(d.Act("manager.wu", letter, "send", ""))
	text, unsigned := d.printed(t, "rep.chen", letter)
	for _, want := range []string{"目标责任书", "第 1 版", "待签字", "行囊食品有限公司", "销售额", "销售量", "12.00", "12.5", "第四季度", "12月", "超额完成部分", "（未签字）", d.Fresh(letter).GetString("sha256")} {
		if !strings.Contains(text, want) {
			t.Errorf("it has no %q:\n%s", want, text)
		}
	}
	d.both(letter, "rep.chen", "manager.wu")
	if text, _ := d.printed(t, "rep.chen", letter); !strings.Contains(text, "签名图像待上传") || strings.Contains(text, "（未签字）") {
		t.Errorf("a signature on its way is not told:\n%s", text)
	}
	row := d.Fresh(letter)
	d.arrived(t, row.GetString("signed_blob"), scrawl(t, 5))
	d.arrived(t, row.GetString("countersigned_blob"), scrawl(t, 8))
	d.Must(d.Act("manager.wu", d.chen, "revise", `{"reason":"换区"}`))
	text, signed := d.printed(t, "manager.wu", letter)
	if !strings.Contains(text, "已生效") || !strings.Contains(text, "签字时间：2026-03-16") || strings.Contains(text, "待上传") || !strings.Contains(text, "12.00") {
		t.Errorf("signed by both:\n%s", text)
	}
	if grown := len(signed) - len(unsigned); grown < len(scrawl(t, 5))+len(scrawl(t, 8)) {
		t.Errorf("the signatures are not in it: %d bytes more", grown)
	}
	if dir := os.Getenv("SATCHEL_PICTURES"); dir != "" {
		if err := os.WriteFile(filepath.Join(dir, "letter.pdf"), signed, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if answer := d.Do("rep.he", http.MethodGet, "/api/ka/target_letters/"+letter.Id+"/pdf", ""); answer.Code != http.StatusNotFound {
		t.Errorf("a peer gets %d", answer.Code)
	}
	if _, err := d.DB().NewQuery("UPDATE target_letters SET snapshot = json_set(snapshot, '$.terms', '无') WHERE id = {:id}").Bind(map[string]any{"id": letter.Id}).Execute(); err != nil {
		t.Fatal(err)
	}
	if answer := d.Do("rep.chen", http.MethodGet, "/api/ka/target_letters/"+letter.Id+"/pdf", ""); answer.Code != http.StatusInternalServerError {
		t.Errorf("what was not signed is printed: %d", answer.Code)
	}
}
