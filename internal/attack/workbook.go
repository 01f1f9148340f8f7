package attack

import (
	"archive/zip"
	"bytes"
	"context"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"sync"
	"sync/atomic"
)

// bombRows are the rows of the workbook, each with a cell in the last column: some
// 30 kB of file, and gigabytes as rows of cells.
const bombRows = 10_000

// importBomb sends workbooks that unfold, two at a time, as an administrator and as
// a rep. Each is to be refused.
func importBomb() Load {
	return Load{
		Name: "import bomb",
		Prepare: func(ctx context.Context, s *Scene) error {
			a, err := s.desk(ctx, "admin.fang")
			if err != nil {
				return err
			}
			r, err := s.desk(ctx, "rep.he")
			return s.keep("rep.he", r, s.keep("admin.fang", a, err))
		},
		Run: func(ctx context.Context, s *Scene) error {
			book, err := bomb()
			if err != nil {
				return err
			}
			return s.crowd(ctx, 4, func(i int) error {
				a, err := s.kept([]string{"admin.fang", "rep.he"}[i%2]).upload(ctx, http.MethodPost, "/api/ka/import/contacts?dry_run=true", "file", "list.xlsx", book, nil)
				if err != nil {
					return err
				}
				if s.note(a); a.Status < 400 || a.faulty() || a.Code == "" {
					return fmt.Errorf("a workbook of %d bytes: %s %.200s", len(book), a, a.Body)
				}
				return nil
			})
		},
	}
}

// crowd lets so many do a thing again and again until ctx is over. The first fault
// ends it; what the end itself cuts off is none.
func (s *Scene) crowd(ctx context.Context, many int, do func(i int) error) error {
	var all sync.WaitGroup
	faults := make(chan error, many)
	var once atomic.Int64 // who did it once
	for i := range many {
		all.Go(func() {
			for n := 0; ctx.Err() == nil; n++ {
				if err := do(i); err != nil {
					if end(ctx, err) != nil {
						faults <- err
					}
					return
				}
				if n == 0 && once.Add(1) == int64(many) {
					s.shows()
				}
				if !sleep(ctx, pace) {
					return
				}
			}
		})
	}
	all.Wait()
	close(faults)
	return <-faults
}

// upload sends a form with a file.
func (c *Client) upload(ctx context.Context, method, path, field, name string, content []byte, fields map[string]string) (Answer, error) {
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for key, value := range fields {
		if err := form.WriteField(key, value); err != nil {
			return Answer{}, err
		}
	}
	part, err := form.CreateFormFile(field, name)
	if err == nil {
		_, err = part.Write(content)
	}
	if err == nil {
		err = form.Close()
	}
	if err != nil {
		return Answer{}, err
	}
	return c.ask(ctx, method, path, body.Bytes(), "Content-Type", form.FormDataContentType())
}

// bomb is a workbook whose rows are as wide as a sheet can be.
func bomb() ([]byte, error) {
	var out bytes.Buffer
	z := zip.NewWriter(&out)
	for _, part := range []struct{ name, text string }{
		{"[Content_Types].xml", `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>`},
		{"_rels/.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>`},
		{"xl/workbook.xml", `<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Sheet1" sheetId="1" r:id="rId1"/></sheets></workbook>`},
		{"xl/_rels/workbook.xml.rels", `<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>`},
	} {
		w, err := z.Create(part.name)
		if err == nil {
			_, err = io.WriteString(w, part.text)
		}
		if err != nil {
			return nil, err
		}
	}
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		return nil, err
	}
	if _, err = io.WriteString(w, `<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>name</t></is></c></row>`); err != nil {
		return nil, err
	}
	for i := range bombRows {
		if _, err = fmt.Fprintf(w, `<row r="%d"><c r="XFD%d"><v>1</v></c></row>`, i+2, i+2); err != nil {
			return nil, err
		}
	}
	if _, err = io.WriteString(w, `</sheetData></worksheet>`); err != nil {
		return nil, err
	}
	err = z.Close()
	return out.Bytes(), err
}
