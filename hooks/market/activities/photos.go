package activities

import (
	"context"
	"fmt"
	"slices"

	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/evidence"
	"satchel/hooks/platform/gate"
	"satchel/records"
)

// showPhotos takes blobs for what shows an activity: enough of them, of that purpose,
// and of who tells its result. Where one account took part, its line sees them.
func showPhotos(ctx context.Context, tx core.App, result records.ActivityResult, activity records.Activity) error {
	least, err := gate.SettingsNow(tx).ActivityResultPhotos()
	if err != nil {
		return err
	}
	photos := result.Photos()
	if len(photos) < least {
		return gate.RefuseField(records.ActivityResultColPhotos, "activity.photos_required", "least", least)
	}
	for _, id := range photos {
		blob, found, err := records.Blobs.Find(tx, id)
		if err != nil {
			return err
		}
		if !found || blob.Purpose() != evidence.BlobActivity || blob.Owner() != result.Owner() {
			return gate.RefuseField(records.ActivityResultColPhotos, "record.not_found")
		}
		if err := showPhoto(ctx, tx, blob, activity.Accounts()); err != nil {
			return err
		}
	}
	return nil
}

// showPhoto lets the line of the one account see a photo.
func showPhoto(ctx context.Context, tx core.App, blob records.Blob, accounts []records.AccountID) error {
	if len(accounts) != 1 || !slices.Contains([]records.AccountID{"", accounts[0]}, blob.Account()) {
		return nil
	}
	team, err := gate.TeamOf(tx, string(accounts[0]))
	if err != nil {
		return fmt.Errorf("find the account of a photo: %w", err)
	}
	blob.SetAccount(accounts[0])
	blob.SetDept(records.DepartmentID(team.Dept))
	return gate.SaveChanged(ctx, tx, blob.Raw())
}
