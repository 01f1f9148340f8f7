package evidence

import (
	"satchel/domain"
)

// Purposes of a blob.
const (
	BlobVisitPhoto = "visit_photo"
	BlobInvoice    = "invoice"
	BlobReceipt    = "receipt"
	BlobContract   = "contract"
	BlobGoods      = "goods"     // goods, or the signature under them
	BlobTraining   = "training"  // what a training goes by
	BlobActivity   = "activity"  // what an activity looked like
	BlobSignature  = "signature" // what somebody signed with
)

// States of a blob's bytes. Whatever the state, a phone drops its copy only when
// the row says what the setting media.keep_until asks for.
const (
	BlobPending  = "pending"  // on the phone
	BlobReceived = "received" // here and verified, waiting to be developed
	BlobStored   = "stored"   // attached to the row, with their copies
	BlobDurable  = "durable"  // stored, and held by a copy off the machine
	BlobRejected = "rejected" // here, but not what the purpose takes
)

// Content types that a blob may have.
const (
	TypeJPEG = "image/jpeg"
	TypePNG  = "image/png"
	TypeWebP = "image/webp"
	TypeHEIC = "image/heic"
	TypePDF  = "application/pdf"
	TypeOFD  = "application/ofd"
	TypeXML  = "application/xml"
)

// BlobPurpose is what a purpose takes.
type BlobPurpose struct {
	Types    []string // by content, not by name
	MaxBytes int64    // unless the setting media.max_bytes says otherwise
}

var photoTypes = []string{TypeJPEG, TypePNG, TypeWebP}

// BlobPurposes by name.
var BlobPurposes = map[string]BlobPurpose{
	BlobVisitPhoto: {photoTypes, 25 << 20},
	BlobInvoice:    {append([]string{TypePDF, TypeOFD, TypeXML}, photoTypes...), 25 << 20},
	BlobReceipt:    {append([]string{TypePDF, TypeOFD, TypeXML}, photoTypes...), 25 << 20},
	BlobContract:   {append([]string{TypePDF}, photoTypes...), 50 << 20},
	BlobGoods:      {append([]string{TypePDF}, photoTypes...), 25 << 20},
	BlobTraining:   {append([]string{TypePDF}, photoTypes...), 100 << 20},
	BlobActivity:   {photoTypes, 25 << 20},
	BlobSignature:  {photoTypes, 2 << 20},
}

// MaxBlobBytes is the most that any purpose may be set to take.
const MaxBlobBytes = 200 << 20

// BlobMaxBytes is the most bytes of a purpose by the setting media.max_bytes.
func BlobMaxBytes(purpose string, set map[string]int) int64 {
	most, ok := set[purpose]
	if !ok {
		return BlobPurposes[purpose].MaxBytes
	}
	return min(int64(most), MaxBlobBytes)
}

// BlobOfRejected is what the setting media.keep_days calls rejected blobs of any purpose.
const BlobOfRejected = "rejected"

// BlobKeepDays is how long bytes of a purpose are kept by the setting media.keep_days;
// 0 for ever, which holds for every purpose that it does not name.
func BlobKeepDays(class string, set map[string]int) int {
	days, ok := set[class]
	if !ok && class == BlobOfRejected {
		return 30
	}
	return days
}

// IsPhotoType reports whether a type is a picture, of which copies are made.
func IsPhotoType(mime string) bool { return mime == TypeJPEG || mime == TypePNG || mime == TypeWebP }

// BlobTicket judges what a phone announces: params of the refusal name what is
// taken. An announced type is a hint; the content decides when it is here.
func BlobTicket(purpose, mime string, size, most int64) error {
	p, known := BlobPurposes[purpose]
	if !known {
		return domain.Problem{Code: "blob.purpose_unknown", Params: map[string]any{"purpose": purpose}}
	}
	if most <= 0 {
		most = p.MaxBytes
	}
	if size <= 0 {
		return domain.Problem{Code: "blob.empty"}
	}
	if size > most {
		return domain.Problem{Code: "blob.too_large", Params: map[string]any{"limit": most}}
	}
	return BlobType(purpose, mime)
}

// BlobType judges a content type.
func BlobType(purpose, mime string) error {
	for _, t := range BlobPurposes[purpose].Types {
		if t == mime {
			return nil
		}
	}
	switch mime {
	case TypeHEIC, "image/heif":
		return domain.Problem{Code: "blob.convert", Params: map[string]any{"found": mime}}
	}
	return domain.Problem{Code: "blob.type_refused", Params: map[string]any{"found": mime}}
}
