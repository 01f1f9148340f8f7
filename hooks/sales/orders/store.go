package orders

import (
	"context"
	"fmt"
	"strings"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/types"

	"satchel/records"
)

// priced are the columns of a line that pricing writes, and a cut.
var priced = []string{
	records.OrderLineColBaseMilli, records.OrderLineColList, records.OrderLineColTaxIncluded, records.OrderLineColPriceFen, records.OrderLineColTaxBp,
	records.OrderLineColPromoFen, records.OrderLineColLineFen, records.OrderLineColTaxFen, records.OrderLineColWhy,
	records.OrderLineColCutMilli, records.OrderLineColComment,
}

// storePriced writes them into a line.
var storePriced = func() string {
	set := []string{records.OrderLineColUpdated + " = {:now}"}
	for _, column := range priced {
		set = append(set, fmt.Sprintf("%s = {:%s}", column, column))
	}
	return "UPDATE " + records.OrderLineTable + " SET " + strings.Join(set, ", ") + " WHERE id = {:id}"
}()

// store writes what pricing changed of lines as saves would. A save writes all
// columns, and with them every index, for each of an order's lines; rules on lines
// let the server's own writes pass.
func store(ctx context.Context, tx core.App, lines []records.OrderLine) error {
	update, now := tx.DB().NewQuery(storePriced).WithContext(ctx), types.NowDateTime().String()
	for _, line := range lines {
		all, err := line.Raw().DBExport(tx)
		if err != nil {
			return fmt.Errorf("read a priced line: %w", err)
		}
		bind := dbx.Params{"id": line.ID(), "now": now}
		for _, column := range priced {
			bind[column] = all[column]
			if document, is := all[column].(types.JSONRaw); is { // as text, byte by byte
				bind[column] = document.String()
			}
		}
		if _, err := update.Bind(bind).Execute(); err != nil {
			return fmt.Errorf("store a priced line: %w", err)
		}
	}
	return nil
}
