package expense

import (
	"encoding/json/v2"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"satchel/domain"
)

// invoiceToday is the day on which the vectors are read.
const invoiceToday = "2026-06-01"

// vectors are shared with other languages, so they lie in files.
func vectors(t testing.TB, name string, into any) {
	t.Helper()
	text, err := os.ReadFile("testdata/" + name)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, into, json.RejectUnknownMembers(true)); err != nil {
		t.Fatal(err)
	}
}

type qrVector struct {
	Name, Text, Key, Code string
	Want                  InvoiceQR
}

func qrVectors(t testing.TB) (out []qrVector) {
	var raw []struct {
		Name string    `json:"name"`
		Text string    `json:"text"`
		Key  string    `json:"key"`
		Code string    `json:"code"`
		Want InvoiceQR `json:"want"`
	}
	vectors(t, "invoice_qr.json", &raw)
	for _, r := range raw {
		out = append(out, qrVector(r))
	}
	return out
}

func TestInvoiceQR(t *testing.T) {
	for _, v := range qrVectors(t) {
		got, err := ParseInvoiceQR(v.Text, invoiceToday)
		if got != v.Want || domain.CodeOf(err) != v.Code || (err == nil) != (v.Code == "") {
			t.Errorf("%s:\n got %+v %v\nwant %+v %s", v.Name, got, err, v.Want, v.Code)
		}
		if key := got.Facts().Key(); key != v.Key {
			t.Errorf("%s: key %q, want %q", v.Name, key, v.Key)
		}
	}
}

func TestInvoiceRules(t *testing.T) {
	var v struct {
		CRC []struct {
			Fields []string `json:"fields"`
			Want   string   `json:"want"`
		} `json:"crc"`
		Fen []struct {
			Text string `json:"text"`
			Fen  int64  `json:"fen"`
			Bad  bool   `json:"bad"`
		} `json:"fen"`
		Tax []struct {
			Number string `json:"number"`
			Want   string `json:"want"`
		} `json:"tax_number"`
		Doubts []struct {
			Number string   `json:"number"`
			Date   string   `json:"date"`
			Want   []string `json:"want"`
		} `json:"number_doubts"`
		Amount []struct {
			Kind    string `json:"kind"`
			Amount  int64  `json:"amount"`
			Claimed int64  `json:"claimed"`
			Tax     int64  `json:"tax"`
			Code    string `json:"code"`
		} `json:"amount"`
		Gross []struct {
			Ex      int64 `json:"ex"`
			Percent int64 `json:"percent"`
			Want    int64 `json:"want"`
		} `json:"gross"`
		Consecutive []struct {
			CodeA string `json:"code_a"`
			A     string `json:"a"`
			CodeB string `json:"code_b"`
			B     string `json:"b"`
			Want  bool   `json:"want"`
		} `json:"consecutive"`
	}
	vectors(t, "invoice_rules.json", &v)
	if crc := CRC16([]byte("123456789")); crc != 0xFEE8 {
		t.Errorf("the check value of CRC-16/UMTS is %04X", crc)
	}
	for _, c := range v.CRC {
		if got := InvoiceCRC(c.Fields); got != c.Want {
			t.Errorf("%v: %s, want %s", c.Fields, got, c.Want)
		}
	}
	for _, c := range v.Fen {
		if fen, ok := ParseFen(c.Text); fen != c.Fen || ok == c.Bad {
			t.Errorf("%q: %d %t", c.Text, fen, ok)
		}
	}
	for _, c := range v.Tax {
		if got := TaxNumberCheck(c.Number); got != c.Want {
			t.Errorf("%s: %s, want %s", c.Number, got, c.Want)
		}
	}
	for _, c := range v.Doubts {
		if got := InvoiceNumberDoubts(c.Number, c.Date); !slices.Equal(got, c.Want) {
			t.Errorf("%s of %s: %v, want %v", c.Number, c.Date, got, c.Want)
		}
	}
	for _, c := range v.Amount {
		if err := InvoiceAmount(c.Kind, c.Amount, c.Claimed, c.Tax); domain.CodeOf(err) != c.Code {
			t.Errorf("%+v: %v", c, err)
		}
	}
	for _, c := range v.Gross {
		if got := Gross(c.Ex, c.Percent); got != c.Want {
			t.Errorf("%d at %d %%: %d, want %d", c.Ex, c.Percent, got, c.Want)
		}
	}
	for _, c := range v.Consecutive {
		if got := InvoiceConsecutive(c.CodeA, c.A, c.CodeB, c.B); got != c.Want {
			t.Errorf("%+v: %t", c, got)
		}
	}
}

func TestParseDay(t *testing.T) {
	for text, want := range map[string]string{
		"20260316": "2026-03-16", "2026-03-16": "2026-03-16", "2026/3/6": "2026-03-06", "2026年03月16日": "2026-03-16", "2026 年 3 月 6 日": "2026-03-06",
		"2026-03-16 08:30:00": "2026-03-16", "2026-03-16T08:30:00": "2026-03-16", "20260316083000": "2026-03-16", "２０２６年３月６日": "2026-03-06",
		"16/03/2026": "2026-03-16", "3/16/2026": "2026-03-16", "16.3.2026 08:30": "2026-03-16", "04.04.2026": "2026-04-04", "１６－３－２０２６": "2026-03-16",
		"3/4/2026": "", "16/13/2026": "", "16-3-26": "", "26年3月16日": "", "31.2.2026": "",
		"": "", "2026": "", "2026-13-01": "", "20260230": "", "yesterday": "",
	} {
		if got, ok := ParseDay(text); got != want || ok != (want != "") {
			t.Errorf("%q: %q %t, want %q", text, got, ok, want)
		}
	}
}

func TestMergeInvoice(t *testing.T) {
	read := func(texts map[string]string) InvoiceFacts {
		f, err := ReadInvoiceFacts(texts)
		if err != nil {
			t.Fatal(err)
		}
		return f
	}
	facts, from, conflicts := MergeInvoice(map[string]InvoiceFacts{
		SourceQR: {Kind: "32", Number: "25432000000031411143", Date: "2025-03-11", TotalFen: 65500},
		SourcePDF: read(map[string]string{
			"number": "25432000000031411143", "issue_date": "2025年03月11日", "total_fen": "¥655.00", "amount_ex_fen": "¥617.92", "tax_fen": "37.08",
			"seller_name": "长沙某某酒店（有限）公司", "seller_tax": "91350100M000100Y43",
		}),
		SourcePhone: read(map[string]string{"seller_name": "长沙某某酒店(有限)公司", "total_fen": "600"}),
	})
	want := InvoiceFacts{
		Kind: "32", Number: "25432000000031411143", Date: "2025-03-11", ExFen: 61792, TaxFen: 3708, TotalFen: 65500,
		SellerName: "长沙某某酒店(有限)公司", SellerTax: "91350100M000100Y43",
	}
	if facts != want {
		t.Errorf("got %+v", facts)
	}
	if from["kind"] != SourceQR || from["number"] != SourcePDF || from["seller_name"] != SourcePDF {
		t.Errorf("from %v", from)
	}
	if fmt.Sprint(conflicts) != "[{total_fen pdf phone 655.00 600.00}]" {
		t.Errorf("conflicts %v", conflicts)
	}
	if _, err := ReadInvoiceFacts(map[string]string{"total_fen": "-5.00", "number": "25432000000031411143"}); domain.CodeOf(err) != "invoice.red_letter" {
		t.Errorf("a negative total: %v", err)
	}
	var codes []string
	for _, r := range InvoiceDoubts(InvoiceFacts{Number: "25432000000031411143", Date: "2024-01-01", ExFen: 100, TaxFen: 6, TotalFen: 110, BuyerTax: "91350100M000100Y44"},
		CheckBad, true, conflicts) {
		codes = append(codes, r.Code)
	}
	if got := strings.Join(codes, " "); got != "invoice.qr_crc invoice.number_year invoice.tax_number invoice.sum invoice.conflict invoice.review" {
		t.Errorf("doubts: %s", got)
	}
}

func TestInvoiceTwins(t *testing.T) {
	mine := InvoiceTwin{ID: "m", Owner: "chen", State: InvoiceFolder, Key: "C:4200161350:00015045", SHA256: "s", Code: "4200161350", Number: "00015045", Seller: "卖方（甲）", Date: "2026-03-01", TotalFen: 100, PHash: "ffffffffffffffff"}
	for name, c := range map[string]struct {
		other                func(o *InvoiceTwin)
		reasons, blocks, own string
	}{
		"nothing in common":           {func(o *InvoiceTwin) {}, "", "", ""},
		"used by another":             {func(o *InvoiceTwin) { o.Key, o.State = mine.Key, InvoiceUsed }, "invoice.used_elsewhere", "invoice.duplicate", ""},
		"paid to another":             {func(o *InvoiceTwin) { o.Key, o.State = mine.Key, InvoiceReimbursed }, "invoice.used_elsewhere", "invoice.duplicate", ""},
		"released by another":         {func(o *InvoiceTwin) { o.Key, o.State = mine.Key, InvoiceReleased }, "", "", ""},
		"in another's folder":         {func(o *InvoiceTwin) { o.Key = mine.Key }, "invoice.two_folders", "", ""},
		"in one's own folder":         {func(o *InvoiceTwin) { o.Key, o.Owner = mine.Key, "chen" }, "invoice.own_twice", "invoice.own_twice", "o"},
		"file of one's own":           {func(o *InvoiceTwin) { o.SHA256, o.Owner = "s", "chen" }, "invoice.same_file", "invoice.same_file", ""},
		"file that another used":      {func(o *InvoiceTwin) { o.SHA256, o.State = "s", InvoiceUsed }, "invoice.same_file", "invoice.same_file", ""},
		"file in another's folder":    {func(o *InvoiceTwin) { o.SHA256 = "s" }, "invoice.same_file", "", ""},
		"alike by 10 bits":            {func(o *InvoiceTwin) { o.PHash = "fffffffffffffc00" }, "invoice.similar_image", "", ""},
		"alike by 11 bits":            {func(o *InvoiceTwin) { o.PHash = "fffffffffffff800" }, "", "", ""},
		"same invoice, similar photo": {func(o *InvoiceTwin) { o.Key, o.PHash = mine.Key, "ffffffffffffffff" }, "invoice.two_folders", "", ""},
		"same seller, amount, day":    {func(o *InvoiceTwin) { o.Seller, o.Date, o.TotalFen = "卖方(甲)", mine.Date, 100 }, "invoice.split", "", ""},
		"same amount, other seller":   {func(o *InvoiceTwin) { o.Date, o.TotalFen = mine.Date, 100 }, "", "", ""},
		"next number, same person":    {func(o *InvoiceTwin) { o.Seller, o.Number, o.Owner = mine.Seller, "00015046", "chen" }, "invoice.consecutive", "", ""},
		"next number, another person": {func(o *InvoiceTwin) { o.Seller, o.Number = mine.Seller, "00015046" }, "", "", ""},
		"next number, 91 days earlier": {func(o *InvoiceTwin) {
			o.Seller, o.Number, o.Owner, o.Date = mine.Seller, "00015046", "chen", "2025-11-30"
		}, "", "", ""},
	} {
		other := InvoiceTwin{ID: "o", Owner: "he", State: InvoiceFolder, Key: "C:4200161350:00099999", SHA256: "z", Code: "4200161350", Number: "00099999", Seller: "乙", Date: "2026-03-05", TotalFen: 7}
		c.other(&other)
		reasons, blocked, own := InvoiceTwins(mine, []InvoiceTwin{mine, other})
		var codes []string
		for _, r := range reasons {
			codes = append(codes, r.Code)
			for name, v := range r.Params {
				if other.Owner != mine.Owner && (v == "o" || v == "he" || v == other.Number) {
					t.Errorf("%s: %s tells %v of another person", name, r.Code, v)
				}
			}
		}
		if strings.Join(codes, " ") != c.reasons || domain.CodeOf(blocked) != c.blocks || own != c.own {
			t.Errorf("%s: %v, %v, %q", name, codes, blocked, own)
		}
	}
}

func TestInvoiceMoves(t *testing.T) {
	// A claim that the bank did not pay after all is approved still, and uses its papers (§4.3).
	allowed := "folder>used folder>released used>folder used>reimbursed used>released reimbursed>used released>folder"
	for _, from := range InvoiceMachine.States {
		for _, to := range InvoiceMachine.States {
			if got := InvoiceMachine.Joins(from, to); got != slices.Contains(strings.Fields(allowed), from+">"+to) {
				t.Errorf("%s to %s: %v", from, to, got)
			}
		}
	}
	owner, nobody := []domain.Party{domain.PartyOwner}, []domain.Party(nil)
	for _, c := range []struct {
		state, action string
		by            []domain.Party
		want          string // state or code
	}{
		{InvoiceFolder, InvoiceRelease, owner, InvoiceReleased},
		{InvoiceFolder, InvoiceRelease, nobody, "invoice.not_owner"},
		{InvoiceReleased, InvoiceRestore, owner, InvoiceFolder},
		{InvoiceReleased, InvoiceRestore, nobody, "invoice.not_owner"},
		{InvoiceUsed, InvoiceRelease, owner, "invoice.state"},
		{InvoiceFolder, InvoiceRestore, owner, "invoice.state"},
		{InvoiceFolder, InvoiceUse, owner, "action.unknown"},
		{InvoiceFolder, "burn", owner, "action.unknown"},
	} {
		got := ""
		step, err := InvoiceMachine.Take(c.state, c.action, c.by, nil)
		if err == nil {
			got = step.Next(c.state)
		} else {
			got = domain.CodeOf(err)
		}
		if got != c.want {
			t.Errorf("%s %s: %s", c.action, c.state, got)
		}
	}
	if _, err := InvoiceMachine.Take(InvoiceUsed, InvoiceRelease, owner, nil); err.(domain.Problem).Params["to"] != InvoiceReleased { //nolint:errorlint // it is one
		t.Errorf("its text names no state: %v", err)
	}
}

// FuzzInvoiceQR: no text stops the parser, and what it takes is plausible.
func FuzzInvoiceQR(f *testing.F) {
	for _, v := range qrVectors(f) {
		f.Add(v.Text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		q, err := ParseInvoiceQR(text, invoiceToday)
		if err != nil {
			if domain.CodeOf(err) == "" || q != (InvoiceQR{}) {
				t.Fatalf("%q: %+v %v", text, q, err)
			}
			return
		}
		if q.AmountFen < 0 || !digits(q.Number) || q.Date != "" && (!domain.IsDay(q.Date) || q.Date < "2015") || q.Shape == "" || q.Kind == "" {
			t.Fatalf("%q: %+v", text, q)
		}
		MergeInvoice(map[string]InvoiceFacts{SourceQR: q.Facts()})
	})
}

// TestZerosThatWereLeftOut make no other invoice of an older one.
func TestZerosThatWereLeftOut(t *testing.T) {
	for _, c := range [][3]string{
		{"4200161350", "00015045", "C:4200161350:00015045"},
		{"4200161350", "15045", "C:4200161350:00015045"},
		{"044001900211", "5", "C:044001900211:00000005"},
		{"", "15045", ""},
		{"123456", "15045", ""},
		{"4200161350", "", ""},
		{"4200161350", "25432000000031411143", "D:25432000000031411143"},
	} {
		if key := InvoiceKey(c[0], c[1]); key != c[2] {
			t.Errorf("%s %s: %q", c[0], c[1], key)
		}
	}
}
