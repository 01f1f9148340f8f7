package edges

// ForGuests is for tests.
var ForGuests = forGuests
