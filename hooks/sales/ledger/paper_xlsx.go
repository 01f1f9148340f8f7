package ledger

import (
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/xuri/excelize/v2"
)

// writeXLSX writes a statement as finance takes it into its own books: amounts are
// numbers in yuan, texts stay texts.
func writeXLSX(w io.Writer, p paper) (err error) {
	book := excelize.NewFile()
	defer func() { err = errors.Join(err, book.Close()) }()
	money, err := book.NewStyle(&excelize.Style{NumFmt: 4}) // #,##0.00
	if err != nil {
		return err
	}
	const name = "对账单"
	if err := book.SetSheetName("Sheet1", name); err != nil {
		return err
	}
	if err := book.SetHeaderFooter(name, &excelize.HeaderFooterOptions{OddFooter: "&L" + strings.ReplaceAll(p.Mark, "&", "&&")}); err != nil {
		return err
	}
	rows, err := book.NewStreamWriter(name)
	if err != nil {
		return err
	}
	if err := rows.SetColWidth(1, 5, 18); err != nil {
		return err
	}
	n := 0
	put := func(cells ...any) error {
		n++
		at, err := excelize.CoordinatesToCellName(1, n)
		if err != nil {
			return err
		}
		return rows.SetRow(at, cells)
	}
	fen := func(v int) any { return excelize.Cell{StyleID: money, Value: float64(v) / 100} }
	head := [][]any{
		{"客户", p.Account},
		{"账期", p.Month},
		{"出具日期", p.Issued},
		{"状态", p.Answer},
		{"期初余额", fen(p.Opening)},
		{"本月发货", fen(p.Delivered)},
		{"本月退货", fen(-p.Returned)},
		{"本月回款", fen(-p.Received)},
		{"本月扣款", fen(-p.Deducted)},
		{"期末余额", fen(p.Closing)},
		{"数据指纹", p.SHA256},
		{},
		{"日期", "类型", "单号", "金额(元)", "余额(元)"},
	}
	for i, part := range p.Issuer {
		head = slices.Insert(head, i, []any{part[0], part[1]})
	}
	for _, cells := range head {
		if err := put(cells...); err != nil {
			return err
		}
	}
	balance := p.Opening
	for _, e := range p.Lines {
		balance += e.Fen
		if err := put(e.On, entryNames[e.Kind], e.No, fen(e.Fen), fen(balance)); err != nil {
			return err
		}
	}
	if err := rows.Flush(); err != nil {
		return err
	}
	return book.Write(w)
}
