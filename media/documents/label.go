package documents

import (
	"math"
	"regexp"
	"slices"
	"strings"
)

// maxPieces is how many pieces of text a paper has at most.
const maxPieces = 20_000

// piece is text that a page places somewhere; y grows upwards.
type piece struct {
	page       int
	x, y, size float64
	text       string
}

// width is what the text takes about: a full em a Chinese character, else half.
func (p piece) width() float64 {
	em := 0.0
	for _, r := range p.text {
		if r >= 0x2E80 {
			em++
		} else {
			em += 0.5
		}
	}
	return em * p.size
}

// margin holds the letters of vertical labels, which stand between others' texts.
const margin = "购买方销售信息密码区备注"

// lines sorts pieces into lines from top to bottom. Within a line, pieces that
// touch are joined, and a tab parts the others; letters of vertical labels go.
func lines(pieces []piece) []string {
	pieces = slices.DeleteFunc(slices.Clone(pieces), func(p piece) bool {
		return strings.TrimSpace(p.text) == "" || math.IsNaN(p.x+p.y+p.size)
	})
	for i := range pieces {
		pieces[i].size = min(max(math.Abs(pieces[i].size), 1), 100)
	}
	slices.SortStableFunc(pieces, func(a, b piece) int {
		if a.page != b.page {
			return a.page - b.page
		}
		return compare(b.y, a.y)
	})
	var out []string
	for from := 0; from < len(pieces); {
		to := from + 1
		for to < len(pieces) && pieces[to].page == pieces[from].page && pieces[from].y-pieces[to].y < 0.6*max(pieces[from].size, 3) {
			to++
		}
		out = append(out, join(pieces[from:to]))
		from = to
	}
	return out
}

func join(row []piece) string {
	slices.SortStableFunc(row, func(a, b piece) int { return compare(a.x, b.x) })
	var cells []string
	end := math.Inf(-1)
	for _, p := range row {
		if text := strings.TrimSpace(p.text); p.x-end > p.size || len(cells) == 0 {
			cells = append(cells, text)
		} else {
			cells[len(cells)-1] += text
		}
		end = p.x + p.width()
	}
	cells = slices.DeleteFunc(cells, func(c string) bool { return len([]rune(c)) == 1 && strings.Contains(margin, c) })
	return strings.Join(cells, "\t")
}

func compare(a, b float64) int {
	switch {
	case a < b:
		return -1
	case a > b:
		return 1
	}
	return 0
}

const amount = `[¥￥]?(-?\d[\d,]*\.\d{2})`

var (
	numberLabel = regexp.MustCompile(`发票号码:? ?(\d{20}|\d{8})(?:\D|$)`)
	number20    = regexp.MustCompile(`(?:^|\D)(\d{20})(?:\D|$)`)
	codeLabel   = regexp.MustCompile(`发票代码:? ?(\d{12}|\d{10})(?:\D|$)`)
	dateLabel   = regexp.MustCompile(`开票日期:? ?(\d{4}年\d{1,2}月\d{1,2}日|\d{4}-\d{1,2}-\d{1,2})`)
	anyDate     = regexp.MustCompile(`\d{4}年\d{1,2}月\d{1,2}日`)
	checkLabel  = regexp.MustCompile(`校验码:? ?(\d{20}|\d{6})`)
	totalLabel  = regexp.MustCompile(`\(小写\):? ?` + amount)
	fareLabel   = regexp.MustCompile(`票价:? ?` + amount)
	sumLabel    = regexp.MustCompile(`(?:^|[^税])合 ?计:? ?` + amount + ` ?` + amount)
	nameLabel   = regexp.MustCompile(`名称:\t?([^\t]*)`)
	taxLabel    = regexp.MustCompile(`纳税人识别号:?\t?([0-9A-Z]{15,20})?`)
	goodsLabel  = regexp.MustCompile(`\*[^*\t]{1,40}\*[^*\t]{1,100}|详见[^\t]{0,4}清单`)
	marked      = regexp.MustCompile(`[¥￥](-?\d[\d,]*\.\d{2})`)
)

// fieldsOf finds an invoice's fields by their labels. Buyer stands before seller:
// left of him on digital invoices, above him on older ones.
func fieldsOf(text []string) map[string]string {
	rows := make([]string, len(text))
	for i, line := range text {
		rows[i] = compact(line)
	}
	all := strings.ReplaceAll(strings.Join(rows, "\n"), "\t", " ")
	fields := map[string]string{
		fieldNumber: capture(all, numberLabel, number20), fieldCode: capture(all, codeLabel), fieldCheckCode: capture(all, checkLabel),
		fieldDate: capture(all, dateLabel), fieldTotal: capture(all, totalLabel, fareLabel),
	}
	if fields[fieldNumber] == "" {
		return nil // whatever else is there, it is no invoice that could be told from others
	}
	if fields[fieldDate] == "" {
		fields[fieldDate] = anyDate.FindString(all)
	}
	if sum := sumLabel.FindStringSubmatch(all); sum != nil {
		fields[fieldEx], fields[fieldTax] = sum[1], sum[2]
	}
	var names, taxes, goods []string
	for _, row := range rows {
		goods = append(goods, goodsLabel.FindAllString(row, -1)...)
		for _, m := range nameLabel.FindAllStringSubmatch(row, -1) {
			name, _, _ := strings.Cut(m[1], "名称:") // both cells ran into one
			names = append(names, name)
			if _, rest, found := strings.Cut(m[1], "名称:"); found {
				names = append(names, rest)
			}
		}
		for _, m := range taxLabel.FindAllStringSubmatch(row, -1) {
			taxes = append(taxes, m[1])
		}
	}
	if len(names) >= 2 {
		fields[fieldBuyerName], fields[fieldSellerName] = names[0], names[1]
	}
	if len(taxes) >= 2 {
		fields[fieldBuyerTax], fields[fieldSellerTax] = taxes[0], taxes[1]
	}
	fields[fieldKind], fields[fieldGoods] = kindOf(all), listed(goods)
	if fields[fieldTotal] == "" {
		if m := marked.FindAllStringSubmatch(all, -1); len(m) == 1 { // one amount is the amount
			fields[fieldTotal] = m[0][1]
		}
	}
	return fields
}

// kindOf reads the title.
func kindOf(text string) string {
	for _, title := range []struct{ text, kind string }{
		{"铁路电子客票", "51"},
		{"航空运输电子客票行程单", "61"},
		{"电子发票(增值税专用发票)", "31"},
		{"电子发票(普通发票)", "32"},
		{"增值税电子专用发票", "08"},
		{"增值税电子普通发票", "10"},
	} {
		if strings.Contains(text, title.text) {
			return title.kind
		}
	}
	return ""
}

func capture(text string, from ...*regexp.Regexp) string {
	for _, re := range from {
		if m := re.FindStringSubmatch(text); m != nil {
			return m[1]
		}
	}
	return ""
}

// compact takes out spaces and makes full-width signs plain ones; tabs stay.
func compact(line string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\t':
			return r
		case r == ' ' || r == 0x3000 || r == 0xA0 || r < ' ':
			return -1
		case r >= 0xFF01 && r <= 0xFF5E:
			return r - 0xFF01 + '!'
		}
		return r
	}, line)
}
