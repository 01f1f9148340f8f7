package domain

// States of an improvement.
const (
	ActionOpen      = "open"
	ActionIsDone    = "done" // says who is responsible; to be verified
	ActionVerified  = "verified"
	ActionCancelled = "cancelled"
)

// Steps of an improvement.
const (
	ActionDone   = "done"   // by who is responsible
	ActionVerify = "verify" // by somebody else
	ActionReopen = "reopen" // it did not help
	ActionCancel = "cancel"
)

// ImprovementMove returns the state after a step: problem action.state.
func ImprovementMove(state, step string) (string, error) {
	switch {
	case state == ActionOpen && step == ActionDone:
		return ActionIsDone, nil
	case state == ActionIsDone && step == ActionVerify:
		return ActionVerified, nil
	case state == ActionIsDone && step == ActionReopen:
		return ActionOpen, nil
	case (state == ActionOpen || state == ActionIsDone) && step == ActionCancel:
		return ActionCancelled, nil
	}
	return "", Problem{Code: "action.state", Params: map[string]any{"from": state, "action": step}}
}
