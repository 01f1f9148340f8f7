package sync

// Steps on a phone. Either may come at any time.
const (
	DeviceRevoke  = "revoke"
	DeviceRestore = "restore"
)
