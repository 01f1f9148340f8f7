package importexport

import (
	"errors"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"os"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"

	"satchel/domain"
	"satchel/hooks/platform/gate"
)

// maxParts is how many parts of a form are looked at for the file.
const maxParts = 16

// infoOf is what rules look at. The body is a list and no field of a row: it is
// not read for them, a form of ten megabytes of names and values least of all.
func infoOf(e *core.RequestEvent) (*core.RequestInfo, error) {
	length := e.Request.ContentLength
	e.Request.ContentLength = 0
	defer func() { e.Request.ContentLength = length }()
	return e.RequestInfo()
}

// upload is the file of a form, on the disk.
type upload struct {
	*os.File
	size int64
}

// receive writes the file of a form to the disk, a piece at a time.
func receive(e *core.RequestEvent) (*upload, error) {
	if e.Request.ContentLength > maxFile+1<<20 {
		return nil, tooLarge()
	}
	// PocketBase keeps a copy of what was read; nobody reads this body again.
	if again, ok := e.Request.Body.(*router.RereadableReadCloser); ok {
		e.Request.Body = again.ReadCloser
	}
	e.Request.Body = http.MaxBytesReader(e.Response, e.Request.Body, maxFile+1<<20)
	form, err := e.Request.MultipartReader()
	if err != nil {
		return nil, gate.Refuse("import.no_file") // it is no form
	}
	for range maxParts {
		part, err := form.NextPart()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, cutOff(err)
		}
		if part.FormName() == "file" && part.FileName() != "" {
			return keep(part)
		}
	}
	return nil, gate.Refuse("import.no_file")
}

func keep(part *multipart.Part) (u *upload, err error) {
	file, err := os.CreateTemp("", "satchel-import-")
	if err != nil {
		return nil, fmt.Errorf("keep a list: %w", err)
	}
	u = &upload{File: file}
	defer func(kept *upload) {
		if err != nil {
			kept.drop()
		}
	}(u)
	buf := make([]byte, 64<<10)
	for {
		n, read := part.Read(buf)
		if u.size += int64(n); u.size > maxFile {
			return nil, tooLarge()
		}
		if _, err := file.Write(buf[:n]); err != nil {
			return nil, fmt.Errorf("keep a list: %w", err)
		}
		if errors.Is(read, io.EOF) {
			break
		}
		if read != nil {
			return nil, cutOff(read)
		}
	}
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return nil, fmt.Errorf("read a list: %w", err)
	}
	return u, nil
}

// drop removes the file.
func (u *upload) drop() {
	_ = u.Close() // what it held is no longer needed
	_ = os.Remove(u.Name())
}

// cutOff says why a form did not come to its end.
func cutOff(err error) error {
	if _, ok := errors.AsType[*http.MaxBytesError](err); ok {
		return tooLarge()
	}
	return gate.Refuse("import.incomplete")
}

func tooLarge() error {
	return gate.Answer(http.StatusRequestEntityTooLarge, domain.Problem{Code: "import.file_too_large", Params: map[string]any{"limit": maxFile >> 20}}, nil)
}
