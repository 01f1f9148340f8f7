package activities

import (
	"context"
	"slices"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/market"
	"satchel/hooks/platform/gate"
	"satchel/hooks/platform/kit"
	"satchel/records"
)

func (s service) tasks() kit.Collection {
	return kit.Collection{
		Name:    records.ActivityTaskTable,
		Machine: &market.TaskMachine,
		Parties: kit.Parties(records.ActivityTasks, taskParties),
		Server: []string{
			records.ActivityTaskColAccounts, records.ActivityTaskColDepts, records.ActivityTaskColNote,
			records.ActivityTaskColDoneAt, records.ActivityTaskColOverdueToldAt,
		},
		Once: []string{records.ActivityTaskColActivity},
		Within: &kit.Within{
			Field: records.ActivityTaskColActivity, Parent: records.ActivityTable, Open: market.ActivityTaskStates, Refusal: "activity_task.over",
		},
		Audit: gate.Audit{Fields: []string{records.ActivityTaskColState, records.ActivityTaskColOwner}},
		Open:  kit.Open(records.ActivityTasks, "owner = {:user} AND state = 'open'"),
		Rules: []kit.Rule{
			kit.On(kit.Create, records.ActivityTasks, "activityTaskCreate", s.taskSaved),
			kit.On(kit.Update, records.ActivityTasks, "activityTaskUpdate", s.taskSaved),
		},
	}
}

// taskParties: a task is done by who has it, and dropped by the activity's owner.
func taskParties(ctx context.Context, tx core.App, task records.ActivityTask) (by []domain.Party, err error) {
	author := gate.Of(ctx).Author()
	if author == nil {
		return nil, nil
	}
	if author.Id == string(task.Owner()) {
		by = append(by, domain.PartyOwner)
	}
	activity, err := records.Activities.Require(tx, task.Activity())
	if err == nil && author.Id == string(activity.Owner()) {
		by = append(by, domain.PartyAuthor)
	}
	return by, err
}

// taskSaved gives a task to somebody in office, who then sees the activity and is told.
func (s service) taskSaved(e *kit.Change[records.ActivityTask]) error {
	if gate.ByServer(e.RecordEvent) {
		return e.Next()
	}
	owner, found, err := records.Users.Find(e.App, e.Row.Owner())
	if err != nil {
		return err
	}
	if !found || !owner.Active() {
		return gate.RefuseField(records.ActivityTaskColOwner, "activity_task.owner_invalid")
	}
	activity, found, err := records.Activities.Find(e.App, e.Row.Activity())
	if err != nil {
		return err
	}
	if !found {
		return gate.RefuseField(records.ActivityTaskColActivity, "record.not_found")
	}
	if e.Row.IsNew() {
		show(e.Row, activity)
	}
	given := e.Row.IsNew() || e.Before().Owner() != owner.ID()
	if err := e.Next(); err != nil || !given {
		return err
	}
	if err := showHelpers(e.Context, e.App, activity); err != nil {
		return err
	}
	ctx := gate.With(e.Context, gate.From(e.RecordEvent))
	return s.tell(ctx, e.App, "activity_task.new", taskLink(e.Row), map[string]any{"title": e.Row.Title(), "due": e.Row.Due()}, owner.ID())
}

// showHelpers lets those see an activity who have tasks of it.
func showHelpers(ctx context.Context, tx core.App, activity records.Activity) error {
	tasks, err := records.ActivityTasks.All(tx, "activity = {:a}", dbx.Params{"a": activity.ID()}, "owner")
	if err != nil {
		return err
	}
	var helpers []records.UserID
	for _, task := range tasks {
		if !slices.Contains(helpers, task.Owner()) {
			helpers = append(helpers, task.Owner())
		}
	}
	activity.SetHelpers(helpers)
	return gate.SaveChanged(ctx, tx, activity.Raw())
}

func taskLink(task records.ActivityTask) string {
	return records.ActivityTaskTable + "/" + string(task.ID())
}

func taskGuards(ctx context.Context, _ core.App, _ records.ActivityTask) (func(string) bool, error) {
	var why because
	if err := gate.Args(kit.StepOf(ctx).Raw, &why); err != nil {
		return nil, err
	}
	return func(guard string) bool { return guard == market.TaskReasonRequired && why.given() }, nil
}

// taskDone says how a task was done.
type taskDone struct {
	Note string `json:"note"`
}

func (s service) finishTask(ctx context.Context, tx core.App, task records.ActivityTask, args taskDone) error {
	task.SetNote(args.Note)
	task.SetDoneAt(s.Now())
	activity, err := records.Activities.Require(tx, task.Activity())
	if err != nil {
		return err
	}
	return s.tell(ctx, tx, "activity_task.done", taskLink(task), map[string]any{"title": task.Title()}, activity.Owner())
}

func (s service) dropTask(ctx context.Context, tx core.App, task records.ActivityTask, args because) error {
	task.SetNote(args.Reason)
	return s.dropped(ctx, tx, task)
}

// dropped tells who had a task that it is none any more.
func (s service) dropped(ctx context.Context, tx core.App, task records.ActivityTask) error {
	return s.tell(ctx, tx, "activity_task.dropped", taskLink(task), map[string]any{"title": task.Title(), "reason": task.Note()}, task.Owner())
}
