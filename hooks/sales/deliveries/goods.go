package deliveries

import (
	"context"
	"fmt"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// goodsOf finds a blob that somebody names as a signature or a photo of goods: one
// of that purpose, which is his own or the account's already.
func goodsOf(ctx context.Context, tx core.App, field string, account records.AccountID, id records.BlobID) (records.Blob, error) {
	blob, found, err := gate.PaperOf(ctx, tx, account, id)
	if err == nil && (!found || blob.Purpose() != evidence.BlobGoods) {
		err = gate.RefuseField(field, "record.not_found")
	}
	return blob, err
}

// showGoods takes blobs for what shows an account's goods: they must be of that
// purpose, and the actor's own or the account's already. Logistics sees those that
// show what it delivered or takes back.
func showGoods(ctx context.Context, tx core.App, field string, account records.AccountID, logistics bool, blobs ...records.BlobID) error {
	for _, id := range blobs {
		blob, err := goodsOf(ctx, tx, field, account, id)
		if err != nil {
			return err
		}
		team, err := gate.TeamOf(tx, string(account))
		if err != nil {
			return fmt.Errorf("find the account of a photo: %w", err)
		}
		blob.SetAccount(account)
		blob.SetDept(records.DepartmentID(team.Dept))
		if logistics {
			blob.SetLogistics(true)
		}
		if err := gate.SaveChanged(ctx, tx, blob.Raw()); err != nil {
			return err
		}
	}
	return nil
}
