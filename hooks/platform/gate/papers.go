package gate

import (
	"context"

	"github.com/pocketbase/pocketbase/core"

	"satchel/records"
)

// PaperOf finds a blob that somebody names as one of an account: found if it is the
// account's already, or his own and of no account yet.
func PaperOf(ctx context.Context, app core.App, account records.AccountID, id records.BlobID) (blob records.Blob, found bool, err error) {
	blob, found, err = records.Blobs.Find(app, id)
	if err != nil || !found {
		return blob, false, err
	}
	author := Of(ctx).Author()
	his := author != nil && string(blob.Owner()) == author.Id && blob.Account() == ""
	return blob, his || blob.Account() == account, nil
}
