package uploads

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"strings"
	"time"

	"satchel/domain/evidence"
	"satchel/records"
)

const (
	pending  = evidence.BlobPending
	received = evidence.BlobReceived
	rejected = evidence.BlobRejected
)

var (
	// filled is what the server alone writes, on a new row too.
	filled = []string{
		records.BlobColLate, records.BlobColReleasedBy, records.BlobColSignals, records.BlobColColours, records.BlobColDevice,
		records.BlobColDept, records.BlobColManager, records.BlobColCode, records.BlobColLogistics, records.BlobColShared,
		records.BlobColOriginal, records.BlobColPublic, records.BlobColThumb, records.BlobColTiny,
		records.BlobColWidth, records.BlobColHeight, records.BlobColOrientation, records.BlobColTakenAt, records.BlobColLat, records.BlobColLng,
		records.BlobColHasGps, records.BlobColPhash, records.BlobColDeviceMake, records.BlobColDeviceModel, records.BlobColDeviceSoftware,
		records.BlobColScreenshot, records.BlobColReceivedAt, records.BlobColStoredAt,
		records.BlobColHold, records.BlobColHoldReason, records.BlobColHoldBy, records.BlobColHoldAt,
		records.BlobColBytesRemovedAt, records.BlobColBytesRemovedWhy,
	}
	// announced is what the phone says once.
	announced = []string{
		records.BlobColState, records.BlobColOwner, records.BlobColAccount, records.BlobColVisit, records.BlobColStep,
		records.BlobColSHA256, records.BlobColSize, records.BlobColMime, records.BlobColPurpose, records.BlobColSource,
	}
)

// hashOf is the hash that was announced.
func hashOf(row records.Blob) string { return strings.ToLower(row.SHA256()) }

// await puts the row back to where its bytes are on the phone.
func await(row records.Blob) {
	row.SetState(pending)
	row.SetReceivedAt(time.Time{})
}

// keep notes what the bytes came to, under the names of the files in the storage.
func keep(row records.Blob, state records.BlobState, made made, names map[string]string, at time.Time) {
	name(row, names)
	row.SetState(state)
	row.SetMime(made.mime)
	row.SetCode("")
	row.SetStoredAt(at)
	if !evidence.IsPhotoType(made.mime) {
		return
	}
	facts := made.Facts
	row.SetWidth(facts.Width)
	row.SetHeight(facts.Height)
	row.SetOrientation(facts.Orientation)
	row.SetTakenAt(facts.TakenAt)
	row.SetHasGps(facts.HasGPS)
	row.SetLat(facts.Lat)
	row.SetLng(facts.Lng)
	row.SetPhash(fmt.Sprintf("%016x", facts.Look.Light))
	row.SetColours(fmt.Sprintf("%016x%016x", facts.Look.Colours[0], facts.Look.Colours[1]))
	row.SetScreenshot(facts.Screenshot)
	row.SetDeviceMake(facts.Make)
	row.SetDeviceModel(facts.Model)
	row.SetDeviceSoftware(facts.Software)
}

// name writes the names of files, by the fields that have them.
func name(row records.Blob, names map[string]string) {
	for field, set := range map[string]func(any){
		records.BlobColOriginal: row.SetOriginalField, records.BlobColPublic: row.SetPublic, records.BlobColThumb: row.SetThumb, records.BlobColTiny: row.SetTiny,
	} {
		if name, ok := names[field]; ok {
			set(name)
		}
	}
}

func originalName(row records.Blob, mime string) string { return row.ID().String() + extension[mime] }

// copyName differs if the content does: an address of a copy means one content.
func copyName(row records.Blob, field string, content []byte) string {
	sum := sha256.Sum256(content)
	return row.ID().String() + "_" + field + "_" + hex.EncodeToString(sum[:6]) + ".jpg"
}

// pathIn is a file of the row in the storage.
func pathIn(row records.Blob, name string) string { return row.Raw().BaseFilesPath() + "/" + name }

// extension of what is kept; other content has none.
var extension = map[string]string{
	evidence.TypeJPEG: ".jpg", evidence.TypePNG: ".png", evidence.TypeWebP: ".webp",
	evidence.TypePDF: ".pdf", evidence.TypeOFD: ".ofd", evidence.TypeXML: ".xml",
}
