package orders

import (
	"context"
	"encoding/json/v2"
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

// storePriced writes them into lines, of which each is a list: its id, and the
// columns in their order.
var storePriced = func() string {
	set := []string{records.OrderLineColUpdated + " = {:now}"}
	for i, column := range priced {
		set = append(set, fmt.Sprintf("%s = l.value ->> %d", column, i+1))
	}
	return "UPDATE " + records.OrderLineTable + " SET " + strings.Join(set, ", ") +
		" FROM json_each({:lines}) AS l WHERE " + records.OrderLineTable + ".id = l.value ->> 0"
}()

// store writes what pricing changed of lines as saves would. A save writes all
// columns, and with them every index, for each of an order's lines; rules on lines
// let the server's own writes pass.
func store(ctx context.Context, tx core.App, lines []records.OrderLine) error {
	if len(lines) == 0 {
		return nil
	}
	rows := make([][]any, len(lines))
	for i, line := range lines {
		all, err := line.Raw().DBExport(tx)
		if err != nil {
			return fmt.Errorf("read a priced line: %w", err)
		}
		rows[i] = append(make([]any, 0, len(priced)+1), line.ID())
		for _, column := range priced {
			value := all[column]
			if document, is := value.(types.JSONRaw); is { // as text, byte by byte
				value = document.String()
			}
			rows[i] = append(rows[i], value)
		}
	}
	text, err := json.Marshal(rows)
	if err != nil {
		return fmt.Errorf("read priced lines: %w", err)
	}
	_, err = tx.DB().NewQuery(storePriced).WithContext(ctx).Bind(dbx.Params{"lines": string(text), "now": types.NowDateTime().String()}).Execute()
	if err != nil {
		return fmt.Errorf("store priced lines: %w", err)
	}
	return nil
}
