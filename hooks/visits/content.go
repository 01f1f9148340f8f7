package visits

import (
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// contentColumns are what people say on a visit, beside the id: the rest of a
// row is filled by the server. docs/field.md lists them.
var contentColumns = map[string][]string{
	steps:    {"key", "kind", "answer", "done_at"},
	checks:   {"product", "facings", "stock_milli", "price_fen", "promo_ok", "out_of_stock", "competitor", "note", "at"},
	feedback: {"theme", "text", "product"},
	blobs:    {"step", "sha256", "size", "mime", "source"},
}

// contentOf reads what hangs on a visit.
func contentOf(app core.App, visit string) (c domain.VisitContent, err error) {
	for name, into := range map[string]*[][]string{steps: &c.Steps, checks: &c.Checks, feedback: &c.Feedback, blobs: &c.Photos} {
		if *into, err = rowsAsText(app, name, contentColumns[name], visit); err != nil {
			return c, fmt.Errorf("failed to read what hangs on visit %s: %w", visit, err)
		}
	}
	return c, nil
}

// rowsAsText reads columns as SQLite renders them as text; nothing for NULL.
func rowsAsText(app core.App, table string, columns []string, visit string) (out [][]string, err error) {
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
