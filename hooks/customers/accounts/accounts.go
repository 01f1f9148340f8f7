package accounts

import (
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain/customers"
	"satchel/domain/people"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

var (
	// repFields are what a rep may change of an account.
	repFields = []string{
		records.AccountColShortName, records.AccountColAddress, records.AccountColTags, records.AccountColNote, records.AccountColIndustry,
		records.AccountColPhone, records.AccountColPurchaseNeeds, records.AccountColFirstNeed, records.AccountColDistinctReason,
		records.AccountColPhoneKey, records.AccountColDuplicateFlags, // which follow
	}
	// onceFields are what he must say of a new one; stage, kind and owner are judged.
	onceFields = append([]string{
		"id", records.AccountColName, records.AccountColUscc, records.AccountColRegion,
		records.AccountColStage, records.AccountColKind, records.AccountColOwner,
	}, said...)
	// said is where an account is. Of who has it this is his word, a proposal
	// (hooks/field/visits): the fence by which he is judged is not his to move.
	said = []string{
		records.AccountColLat, records.AccountColLng, records.AccountColSrcCrs, records.AccountColSrcLat, records.AccountColSrcLng,
	}
)

func accounts() kit.Collection {
	return kit.Collection{
		Name:    records.AccountTable,
		Machine: &customers.AccountMachine,
		Parties: kit.Parties(records.Accounts, inLine),
		Begins:  kit.Begin(records.Accounts, begins),
		// They follow from the owner, from who is to be the next, from the steps of
		// development, and from what other accounts there are.
		Server: []string{
			records.AccountColManager, records.AccountColDept, records.AccountColNextOwner, records.AccountColStageAt,
			records.AccountColDuplicateFlags, records.AccountColNameKey, records.AccountColPhoneKey,
		},
		Audit: gate.Audit{Fields: []string{
			records.AccountColOwner, records.AccountColManager, records.AccountColDept, records.AccountColStage, records.AccountColKind,
			records.AccountColTier, records.AccountColStatus, records.AccountColCreditLimitFen, records.AccountColPaymentDays,
			records.AccountColLat, records.AccountColLng, records.AccountColGeofenceM,
		}, Create: true},
		Keep: &gate.Keep{Alone: true},
		Open: kit.Open(records.Accounts, `owner = {:user} AND kind <> 'lost'`),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.Accounts, "accountCreate", accountSaved),
			kit.On(kit.Update, records.Accounts, "accountUpdate", accountSaved),
			kit.On(kit.Create, records.Accounts, "accountPlaced", placeSaved),
			kit.On(kit.Update, records.Accounts, "accountReplaced", placeSaved),
			kit.On(kit.UpdateExecute, records.Accounts, "accountMoved", accountMoved),
		},
	}
}

// accountSaved holds reps to their fields, judges where a new one begins and a
// change of owner, and fills manager and department from the owner.
func accountSaved(e *kit.Change[records.Account]) error {
	actor := gate.From(e.RecordEvent).User
	if roleOf(actor) == people.RoleRep && !gate.ByServer(e.RecordEvent) {
		for _, f := range gate.Changed(e.Row.Raw()) {
			if !slices.Contains(repFields, f) && (!e.Row.IsNew() || !slices.Contains(onceFields, f)) {
				return gate.RefuseField(f, "account.field_locked")
			}
		}
	}
	if err := keepFence(e, actor); err != nil {
		return err
	}
	if err := judgeBeginning(e, actor); err != nil {
		return err
	}
	if err := refuseDuplicate(e); err != nil {
		return err
	}
	if e.Row.Owner() != e.Before().Owner() || e.Row.IsNew() {
		if err := give(e, actor); err != nil {
			return err
		}
	}
	return e.Next()
}

// give makes the row's owner the account's if the actor may: a manager within his
// team, a department manager within his department, an administrator anybody.
func give(e *kit.Change[records.Account], actor *core.Record) error {
	if e.Row.Owner() == "" {
		e.Row.SetManager("")
		e.Row.SetDept("")
		return nil
	}
	owner, found, err := records.Users.Find(e.App, e.Row.Owner())
	if err != nil {
		return err
	}
	if !found || !owner.Active() {
		return gate.RefuseField(records.AccountColOwner, "account.owner_invalid")
	}
	if actor != nil && !gate.ByServer(e.RecordEvent) {
		may := string(owner.ID()) == actor.Id || string(owner.Manager()) == actor.Id
		switch roleOf(actor) {
		case people.RoleDeptManager:
			may = gate.Heads(actor, string(owner.Department()))
		case people.RoleAdmin:
			may = true
		}
		if !may {
			return gate.RefuseField(records.AccountColOwner, "account.owner_invalid")
		}
	}
	e.Row.SetManager(owner.Manager())
	e.Row.SetDept(owner.Department())
	return nil
}

// accountMoved keeps what hangs on an account, and is no record of its time,
// with the account's department.
func accountMoved(e *kit.Change[records.Account]) error {
	moved := e.Row.Dept() != e.Before().Dept()
	if err := e.Next(); err != nil || !moved {
		return err
	}
	return gate.FollowAccounts(e.App, "a.id = {:account}", dbx.Params{"account": e.Row.ID()})
}
