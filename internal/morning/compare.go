package morning

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
	"time"
)

// row is a line of the closing table: what was captured beside what the server
// holds. Both are made by the same words from either side.
type row struct {
	zh, en, phone, server string
	same                  bool
}

// compare asks the server as the manager, over REST, and shows the table.
func (p *play) compare(ctx context.Context) (same bool, err error) {
	p.c.head("六、核对", "6. The reckoning")
	desk, err := signIn(ctx, p.base, manager)
	if err != nil {
		return false, err
	}
	var rows []row
	for i, s := range p.stops {
		more, err := p.visitRows(ctx, desk, i+1, s)
		if err != nil {
			return false, err
		}
		rows = append(rows, more...)
	}
	for _, part := range []func(context.Context, *office) (row, error){p.orderRow, p.contactRow, p.wholeRow} {
		r, err := part(ctx, desk)
		if err != nil {
			return false, err
		}
		rows = append(rows, r)
	}
	same = true
	table := [][]string{{"记录 / captured", "手机 / phone", "服务器（吴敏查看）/ server, as manager.wu", "一致 / equal"}}
	for _, r := range rows {
		mark := "✓"
		if !r.same {
			mark, same = "✗", false
		}
		table = append(table, []string{r.zh + " / " + r.en, r.phone, r.server, mark})
	}
	p.c.table(table)
	if same {
		p.c.say("全部一致", "all equal")
	} else {
		p.c.say("有不一致", "something differs")
	}
	return same, nil
}

// visitRows compares a visit's check-in, report, steps and photos.
func (p *play) visitRows(ctx context.Context, desk *office, n int, s *stop) ([]row, error) {
	held, err := desk.get(ctx, "visits", s.visit)
	if err != nil {
		return nil, err
	}
	at, err := time.Parse("2006-01-02 15:04:05.000Z", held.text("in_at"))
	if err != nil {
		return nil, fmt.Errorf("visit %s has no check-in: %w", s.visit, err)
	}
	where := func(t time.Time, lat, lng float64) string {
		return fmt.Sprintf("%s %.5f,%.5f", t.In(shanghai).Format("15:04:05"), lat, lng)
	}
	in := row{zh: fmt.Sprintf("拜访%d 签到", n), en: "check-in", phone: where(s.inAt, s.in.Lat, s.in.Lng), server: where(at, held.number("in_lat"), held.number("in_lng"))}
	in.same = in.phone == in.server && held.text("account") == s.account
	report := row{zh: fmt.Sprintf("拜访%d 记录", n), en: "report", phone: "reported " + short(s.summary), server: held.text("state") + " " + short(held.text("summary"))}
	report.same = held.text("state") == "reported" && held.text("summary") == s.summary
	steps, err := p.stepRow(ctx, desk, n, s)
	if err != nil {
		return nil, err
	}
	rows := []row{in, report, steps}
	inspector, err := signIn(ctx, p.base, auditor) // originals are not the manager's to see
	if err != nil {
		return nil, err
	}
	for i, shot := range s.photos {
		r, err := photoRow(ctx, inspector, shot)
		if err != nil {
			return nil, err
		}
		r.zh, r.en = fmt.Sprintf("拜访%d 照片%d", n, i+1), "photo"
		rows = append(rows, r)
	}
	missing := row{zh: fmt.Sprintf("拜访%d 缺照片", n), en: "photos missing", phone: "0", server: fmt.Sprint(held.number("photos_missing"))}
	missing.same = missing.phone == missing.server
	return append(rows, missing), nil
}

// stepRow compares the steps and the texts in them, and counts the pictures
// that hang on them.
func (p *play) stepRow(ctx context.Context, desk *office, n int, s *stop) (row, error) {
	held, err := desk.list(ctx, "visit_steps", "visit = '"+s.visit+"'")
	if err != nil {
		return row{}, err
	}
	texts, photos, thumbs := map[string]string{}, 0, 0
	for _, step := range held {
		answer, _ := step["answer"].(map[string]any)
		texts[step.text("id")], _ = answer["text"].(string)
	}
	var ids []string
	for _, shot := range s.photos {
		ids = append(ids, shot.blob)
	}
	for variant, n := range map[string]*int{"public": &photos, "thumb": &thumbs} {
		pictures, err := desk.blobs(ctx, variant, ids)
		if err != nil {
			return row{}, err
		}
		*n = len(pictures)
	}
	words := func(steps, photos, thumbs int) string {
		return fmt.Sprintf("%d 步/steps, %d 图/photos, %d 缩略/thumbs", steps, photos, thumbs)
	}
	r := row{
		zh: fmt.Sprintf("拜访%d 步骤", n), en: "steps",
		phone: words(len(s.notes), len(s.photos), len(s.photos)), server: words(len(held), photos, thumbs),
	}
	r.same = r.phone == r.server && maps.Equal(texts, s.notes)
	return r, nil
}

// photoRow compares the original byte by byte, and its EXIF time and place
// with what the server read from it.
func photoRow(ctx context.Context, desk *office, shot photo) (row, error) {
	held, err := desk.get(ctx, "blobs", shot.blob)
	if err != nil {
		return row{}, err
	}
	got, err := desk.blobs(ctx, "original", []string{shot.blob})
	if err != nil {
		return row{}, err
	}
	original := got[shot.blob]
	words := func(jpeg []byte, taken string) string {
		sum := sha256.Sum256(jpeg)
		return fmt.Sprintf("%s B, sha256 %s…, %s", grouped(len(jpeg)), hex.EncodeToString(sum[:4]), clockOf(taken))
	}
	taken := shot.taken.Format(time.RFC3339)
	r := row{phone: words(shot.jpeg, taken), server: words(original, held.text("taken_at"))}
	near := math.Abs(held.number("lat")-shot.at.Lat) < 1e-5 && math.Abs(held.number("lng")-shot.at.Lng) < 1e-5
	r.same = string(original) == string(shot.jpeg) && held.text("taken_at") == taken && near && held.text("state") == "stored"
	return r, nil
}

// orderRow compares the lines, and checks that the server's amounts add up.
func (p *play) orderRow(ctx context.Context, desk *office) (row, error) {
	held, err := desk.get(ctx, "orders", p.order.id)
	if err != nil {
		return row{}, err
	}
	lines, err := desk.list(ctx, "order_lines", "order = '"+p.order.id+"'")
	if err != nil {
		return row{}, err
	}
	var sent, got []string
	var cases, gotCases int64
	for _, l := range p.order.lines {
		sent = append(sent, fmt.Sprint(l.Product, " ", l.QtyMilli))
		cases += l.QtyMilli / 1000
	}
	sum := 0
	for _, l := range lines {
		if l["free"] == true { // what a promotion gave
			continue
		}
		got = append(got, fmt.Sprint(l.text("product"), " ", int64(l.number("qty_milli"))))
		gotCases += int64(l.number("qty_milli")) / 1000
		sum += int(l.number("line_fen") + l.number("tax_fen"))
	}
	slices.Sort(sent)
	slices.Sort(got)
	r := row{
		zh: "订单", en: "order", phone: fmt.Sprintf("%d 行/lines, %d 箱/cases", len(sent), cases),
		server: fmt.Sprintf("%d 行/lines, %d 箱/cases, %s, %s", len(got), gotCases, yuan(int(held.number("total_fen"))), held.text("state")),
	}
	r.same = slices.Equal(sent, got) && sum > 0 && int(held.number("total_fen")) == sum && slices.Contains([]string{"submitted", "credit_review", "approved"}, held.text("state"))
	return r, nil
}

// contactRow shows that both edits of the contact stand.
func (p *play) contactRow(ctx context.Context, desk *office) (row, error) {
	held, err := desk.get(ctx, "contacts", p.contact.id)
	if err != nil {
		return row{}, err
	}
	onPhone, err := p.phone.Get("contacts", p.contact.id)
	if err != nil {
		return row{}, err
	}
	r := row{
		zh: "联系人（两人改）", en: "contact, merged", same: true,
		phone: onPhone.Text("phone") + " " + short(onPhone.Text("note")), server: held.text("phone") + " " + short(held.text("note")),
	}
	for _, edits := range []map[string]string{p.contact.mine, p.contact.offices} {
		for field, want := range edits {
			r.same = r.same && held.text(field) == want && onPhone.Text(field) == want
		}
	}
	return r, nil
}

// short cuts a text for the table.
func short(text string) string {
	letters := []rune(strings.TrimSpace(text))
	if len(letters) <= 12 {
		return string(letters)
	}
	return string(letters[:12]) + "…"
}

func clockOf(taken string) string {
	if t, err := time.Parse(time.RFC3339, taken); err == nil {
		return t.In(shanghai).Format("15:04:05")
	}
	return "?"
}
