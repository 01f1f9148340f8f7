package expense

import (
	"encoding/csv"
	"flag"
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"strings"
	"testing"

	"satchel/internal/effort"
)

var ledgerOf = VoucherAccounts{Bank: "1002", Advance: "122101", InputTax: "22210101", InputTaxOut: "22210107"}

func TestDeductible(t *testing.T) {
	for _, c := range []struct {
		what            string
		kind            string
		total, tax, net int
	}{
		{"a special invoice by what it says", InvoiceDigitalSpecial, 10600, 600, 600},
		{"an ordinary one has none", InvoiceDigital, 10600, 600, 0},
		{"rail is 9 % within the total", InvoiceRail, 10900, 0, 900},
		{"rail, rounded half up", InvoiceRail, 5600, 0, 462},
		{"air without the fund", InvoiceAir, 114000, 0, 9000},
		{"an air itinerary that says its tax", InvoiceAir, 114000, 9001, 9001},
		{"air of nothing but the fund", InvoiceAir, 4000, 0, 0},
		{"toll by what it says", InvoiceToll, 1030, 30, 30},
		{"a special invoice that says more tax than it has", InvoiceSpecial, 100, 500, 100},
	} {
		if got := DeductibleFen(c.kind, c.total, c.tax); got != c.net {
			t.Errorf("%s: %d, not %d", c.what, got, c.net)
		}
	}
}

// policy: R7.5
func TestVoucherOfAClaim(t *testing.T) {
	docs := []VoucherDoc{{
		No: "P202603-0001", Day: "2026-03-16", Kind: PaysClaim, Who: "陈", PaidFen: 20000, ClearedFen: 11200, Papers: 2,
		Lines: []VoucherExpense{
			{Text: "住宿", Account: "660201", Tax: TaxDeducted, Fen: 10600, Uses: []VoucherUse{{InvoiceDigitalSpecial, 10600, 600, 10600}}},
			{Text: "招待", Account: "660202", Tax: TaxCarriedOut, Fen: 10600, Uses: []VoucherUse{{InvoiceDigitalSpecial, 21200, 1200, 21200}}}, // half was cut
			{Text: "补助", Account: "660203", Tax: TaxNone, Fen: 10000},
		},
	}}
	entries, err := Journal(docs, ledgerOf)
	if err != nil {
		t.Fatal(err)
	}
	want := [][3]int{{10000, 0}, {600, 0}, {10000, 0}, {600, 0}, {600, 0}, {0, 600}, {10000, 0}, {0, 11200}, {0, 20000}}
	for i, e := range entries {
		if [2]int{e.Debit, e.Credit} != [2]int(want[i][:2]) {
			t.Errorf("entry %d %s %s: %d %d, not %v", i, e.Account, e.Text, e.Debit, e.Credit, want[i])
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d entries", len(entries))
	}
	docs[0].PaidFen++
	if _, err := Journal(docs, ledgerOf); err == nil {
		t.Error("a fen too many is balanced")
	}
}

// Whatever was claimed, cut, cleared and reversed, each voucher balances to the fen, in
// both layouts.
func TestJournalBalances(t *testing.T) {
	kinds := []string{InvoiceSpecial, InvoiceDigitalSpecial, InvoiceDigital, InvoiceRail, InvoiceAir, InvoiceToll, InvoiceOther}
	for seed := range uint64(effort.Times(200, 20_000)) {
		dice := rand.New(rand.NewPCG(seed, 7))
		var docs []VoucherDoc
		for n := range 1 + dice.IntN(5) {
			doc := VoucherDoc{No: VoucherNo("2026-03-01", n+1), Day: "2026-03-16", Kind: []string{PaysClaim, PaysClaim, PaysAdvance, PaysReturn}[dice.IntN(4)], Reversed: dice.IntN(4) == 0}
			sum := 0
			for range dice.IntN(6) {
				line := VoucherExpense{Account: "6602", Tax: []string{TaxDeducted, TaxCarriedOut, TaxNone, ""}[dice.IntN(4)], Fen: dice.IntN(100_000)}
				for range dice.IntN(4) {
					total := 1 + dice.IntN(100_000)
					line.Uses = append(line.Uses, VoucherUse{kinds[dice.IntN(len(kinds))], total, dice.IntN(total + 50), 1 + dice.IntN(total)})
				}
				if tax := line.inputTax(); tax < 0 || tax > line.Fen {
					t.Fatalf("seed %d: a tax of %d in %d", seed, tax, line.Fen)
				}
				if left := line.Fen; dice.IntN(2) == 0 {
					for range dice.IntN(4) {
						part := dice.IntN(left + 1)
						left -= part
						line.Shares = append(line.Shares, VoucherShare{Node: "x", Fen: part})
					}
					line.Shares = append(line.Shares, VoucherShare{Node: "y", Fen: left})
				}
				sum += line.Fen
				doc.Lines = append(doc.Lines, line)
			}
			doc.ClearedFen, doc.PaidFen = PayDifference(sum, dice.IntN(100_000))
			docs = append(docs, doc)
		}
		entries, err := Journal(docs, ledgerOf)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for system, at := range map[string][2]int{SystemYonyou: {6, 7}, SystemKingdee: {8, 9}} {
			balance := map[string]int64{}
			rows := JournalRows(system, entries)
			for _, row := range rows[1:] {
				debit, _ := ParseFen(row[at[0]])
				credit, _ := ParseFen(row[at[1]])
				balance[row[slices.Index(rows[0], "凭证号")]] += debit - credit
			}
			for no, left := range balance {
				if left != 0 {
					t.Fatalf("seed %d: voucher %s of %s is out by %d", seed, no, system, left)
				}
			}
		}
	}
}

func TestVoucherNumbers(t *testing.T) {
	if no := VoucherNo("2026-03-16", 7); no != "P202603-0007" || VoucherSeq(no) != 7 || VoucherSeq("") != 0 {
		t.Error(no, strconv.Itoa(VoucherSeq(no)))
	}
}

var rewrite = flag.Bool("rewrite", false, "write the journals of testdata anew")

// policy: R7.5 journal
//
// TestJournalLayouts: a month as 用友 and 金蝶 take it, in the columns that the page of
// vouchers lists: shares, deducted tax and tax that is carried out, a cut, an advance
// cleared and given back, and a reversal.
func TestJournalLayouts(t *testing.T) {
	page, err := os.ReadFile("../../docs/vouchers.md")
	if err != nil {
		t.Fatal(err)
	}
	claim := VoucherDoc{
		No: "P202603-0002", Day: "2026-03-16", Kind: PaysClaim, Who: "陈立", Dept: "KA业务部", PaidFen: 41_901, ClearedFen: 20_000, Papers: 3,
		Lines: []VoucherExpense{
			{Text: "住宿费", Account: "660201", Tax: TaxDeducted, Fen: 31_801, Uses: []VoucherUse{{InvoiceDigitalSpecial, 31_801, 1_800, 31_801}}, Shares: []VoucherShare{
				{"陈立 差旅", "宏利超市", 10_600}, {"陈立 差旅", "新佳商贸", 10_600}, {"市场活动", "永旺百货", 10_601},
			}},
			{Text: "业务招待费", Account: "660202", Tax: TaxCarriedOut, Fen: 20_100, Uses: []VoucherUse{{InvoiceDigitalSpecial, 21_200, 1_200, 21_200}}, Shares: []VoucherShare{
				{"陈立 招待", "宏利超市", 10_050}, {"陈立 招待", "新佳商贸", 10_050},
			}},
			{Text: "出差补助", Account: "660203", Tax: TaxNone, Fen: 10_000, Shares: []VoucherShare{{"陈立 差旅", "", 10_000}}},
		},
	}
	reversal := claim
	reversal.No, reversal.Day, reversal.Reversed = "P202603-0004", "2026-03-20", true
	entries, err := Journal([]VoucherDoc{
		{No: "P202603-0001", Day: "2026-03-02", Kind: PaysAdvance, Who: "陈立", Dept: "KA业务部", PaidFen: 30_000},
		claim,
		{No: "P202603-0003", Day: "2026-03-18", Kind: PaysReturn, Who: "陈立", Dept: "KA业务部", PaidFen: 10_000},
		reversal,
	}, ledgerOf)
	if err != nil {
		t.Fatal(err)
	}
	for system, heads := range map[string][]string{SystemYonyou: YonyouHeads, SystemKingdee: KingdeeHeads} {
		var out strings.Builder
		w := csv.NewWriter(&out)
		if err := w.WriteAll(JournalRows(system, entries)); err != nil {
			t.Fatal(err)
		}
		said := strings.NewReplacer(" (付)", "", " (RMB)", "").Replace(string(page))
		if !strings.Contains(said, strings.Join(heads, ", ")+".") {
			t.Errorf("the page of vouchers does not list %v", heads)
		}
		path := "testdata/journal/" + system + ".csv"
		if *rewrite {
			if err := os.WriteFile(path, []byte(out.String()), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		if want, err := os.ReadFile(path); err != nil || string(want) != out.String() {
			t.Errorf("%s: %v\n%s", path, err, out.String())
		}
	}
}

// TestPartsHaveTheTaxOfTheWhole: whatever parts of an invoice are claimed, in whatever
// order, given back and claimed again, once it is used up their tax is its tax.
//
// policy: R7.5 vouchers
func TestPartsHaveTheTaxOfTheWhole(t *testing.T) {
	dice := rand.New(rand.NewPCG(26, 14))
	for _, kind := range []string{InvoiceDigitalSpecial, InvoiceRail, InvoiceAir, InvoiceDigital} {
		for range effort.Times(200, 20_000) {
			total := 100 + dice.IntN(100_000)
			tax := dice.IntN(total / 5)
			type part struct{ fen, tax int }
			parts, used, taken := []part{}, 0, 0
			for used < total {
				if len(parts) > 0 && dice.IntN(4) == 0 { // a claim comes to nothing
					at := dice.IntN(len(parts))
					used, taken = used-parts[at].fen, taken-parts[at].tax
					parts = slices.Delete(parts, at, at+1)
				}
				p := part{fen: 1 + dice.IntN(total-used)}
				if dice.IntN(3) == 0 {
					p.fen = total - used
				}
				p.tax = PartTaxFen(VoucherUse{kind, total, tax, p.fen}, used, taken)
				line := VoucherExpense{Tax: TaxDeducted, Fen: p.fen, Uses: []VoucherUse{VoucherPart(p.fen, p.tax)}}
				if p.tax < 0 || p.tax > p.fen || line.Deducted() != p.tax {
					t.Fatalf("%s: %+v of %d, %d", kind, p, total, tax)
				}
				used, taken, parts = used+p.fen, taken+p.tax, append(parts, p)
			}
			if want := DeductibleFen(kind, total, tax); taken != want {
				t.Fatalf("%s of %d with %d: parts have %d of %d", kind, total, tax, taken, want)
			}
		}
	}
}
