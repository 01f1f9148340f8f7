// Package media turns the bytes of a photo into facts and safe copies.
//
// Nothing here touches a disk, a clock or a database: bytes come in, bytes and
// facts go out. The order of work is
//
//	Fingerprint   are these the bytes that were announced
//	Inspect       type by content, guard, EXIF; decodes no pixel
//	Develop       both of these and the pixels: upright copies without EXIF, a hash
//
// Whatever a sender can get wrong comes back as a *Refusal with a stable code.
package media

// Codes of a Refusal. They are never re-used for another meaning.
const (
	CodeType          = "blob.type_refused"    // params: found, a MIME type or ""
	CodeTooLarge      = "blob.too_large"       // params: limit, in bytes
	CodeTooManyPixels = "blob.too_many_pixels" // params: width, height, limit (pixels)
	CodeDamaged       = "blob.damaged"
	CodeTooComplex    = "blob.too_complex" // it takes more memory or time than a photo may
	CodeProgressive   = "blob.progressive" // params: width, height; of a progressive JPEG, too dear as it keeps the whole picture until its end
	CodeAnimated      = "blob.animated"    // it holds a sequence of pictures
	CodeConvert       = "blob.convert"     // params: found; the phone should make a JPEG of it
)

// Refusal says why a file is no acceptable photo.
type Refusal struct {
	Code   string
	Params map[string]any

	cause error
}

func (r *Refusal) Error() string {
	if r.cause != nil {
		return r.Code + ": " + r.cause.Error()
	}
	return r.Code
}

// Unwrap gives the decoder's own error, if there is one.
func (r *Refusal) Unwrap() error { return r.cause }

// Damaged refuses a file that no decoder gets through.
func Damaged(cause error) *Refusal { return &Refusal{Code: CodeDamaged, cause: cause} }

// TooDear refuses a file that costs too much.
func TooDear(cause error) *Refusal { return &Refusal{Code: CodeTooComplex, cause: cause} }
