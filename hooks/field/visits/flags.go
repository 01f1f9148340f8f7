package visits

import (
	"slices"

	"satchel/records"
)

// Flags of a visit: what a person should know of how it came about.
const (
	flagPrepMissing  = "prep_missing" // captured without the preparation that was asked
	flagWasMissed    = "was_missed"   // the job had called it missed before it arrived
	flagAutoClosed   = "auto_closed"
	flagSecondDevice = "second_device" // two phones checked in
	flagLatePart     = "late_part"     // captured before the report, arrived after it
	flagCorrected    = "corrected"     // its report was taken back and made again
)

func addFlag(visit records.Visit, flag string) error {
	flags, err := visit.Flags()
	if err != nil || slices.Contains(flags, flag) {
		return err
	}
	visit.SetFlags(append(flags, flag))
	return nil
}
