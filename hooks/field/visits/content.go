package visits

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/field"
	"satchel/records"
)

// contentColumns are what people say on a visit, beside the id: the rest of a
// row is filled by the server. docs/field.md lists them.
var contentColumns = map[string][]string{
	records.VisitStepTable: {records.VisitStepColKey, records.VisitStepColKind, records.VisitStepColAnswer, records.VisitStepColDoneAt},
	records.StoreCheckTable: {
		records.StoreCheckColProduct, records.StoreCheckColFacings, records.StoreCheckColStockMilli, records.StoreCheckColPriceFen,
		records.StoreCheckColPromoOk, records.StoreCheckColOutOfStock, records.StoreCheckColCompetitor, records.StoreCheckColNote, records.StoreCheckColAt,
	},
	records.VisitFeedbackRowTable: {records.VisitFeedbackRowColTheme, records.VisitFeedbackRowColText, records.VisitFeedbackRowColProduct},
	records.BlobTable:             {records.BlobColStep, records.BlobColSHA256, records.BlobColSize, records.BlobColMime, records.BlobColSource},
}

// contentOf reads what hangs on a visit.
func contentOf(app core.App, visit records.VisitID) (c field.VisitContent, err error) {
	for name, into := range map[string]*[][]string{
		records.VisitStepTable: &c.Steps, records.StoreCheckTable: &c.Checks, records.VisitFeedbackRowTable: &c.Feedback, records.BlobTable: &c.Photos,
	} {
		if *into, err = rowsAsText(app, name, contentColumns[name], visit); err != nil {
			return c, fmt.Errorf("read what hangs on visit %s: %w", visit, err)
		}
	}
	return c, nil
}

// rowsAsText reads columns as SQLite renders them as text; nothing for NULL.
func rowsAsText(app core.App, table string, columns []string, visit records.VisitID) (out [][]string, err error) {
	list := "id"
	for _, c := range columns {
		list += ", COALESCE(CAST(`" + c + "` AS TEXT), '')"
	}
	rows, err := app.DB().NewQuery("SELECT " + list + " FROM " + table + " WHERE visit = {:v} ORDER BY id").Bind(dbx.Params{"v": visit}).Rows()
	if err != nil {
		return nil, err
	}
	defer rows.Close() //nolint:errcheck // Err below has what went wrong
	out = [][]string{}
	for rows.Next() {
		row := make([]string, 1+len(columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			return nil, err
		}
		for i := range row {
			row[i] = strings.ToValidUTF8(row[i], "\uFFFD")
		}
		out = append(out, row)
	}
	return out, rows.Err()
}
