package gate

import (
	"database/sql"
	"encoding/json/v2"
	"errors"
	"fmt"
	"net/http"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
)

// Info is what rules ask of a request: args.invalid where its body is no object.
func Info(e *core.RequestEvent) (*core.RequestInfo, error) {
	info, err := e.RequestInfo()
	if other := (*json.SemanticError)(nil); errors.As(err, &other) {
		return nil, Refuse("args.invalid")
	}
	return info, err
}

// Shown finds a row that the view rule of its collection, which must be there,
// shows to who asks; record.not_found (404) if there is none.
func Shown(e *core.RequestEvent, collection, id string) (*core.Record, error) {
	missing := Answer(http.StatusNotFound, domain.Problem{Code: "record.not_found"}, nil)
	row, err := e.App.FindRecordById(collection, id)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, missing
	}
	if err != nil {
		return nil, fmt.Errorf("find a row of %s: %w", collection, err)
	}
	info, err := Info(e)
	if err != nil {
		return nil, err
	}
	visible, err := e.App.CanAccessRecord(row, info, row.Collection().ViewRule)
	if err != nil {
		return nil, fmt.Errorf("ask who sees a row of %s: %w", collection, err)
	}
	if !visible {
		return nil, missing
	}
	return row, nil
}
