package imageworker

import (
	"context"
	"errors"
	"reflect"
	"testing"
	"time"

	"satchel/media"
	"satchel/media/documents"
	"satchel/media/documents/papertest"
)

// TestPaperReadInAChildIsTheSame, refusals too; photos and papers take turns.
func TestPaperReadInAChildIsTheSame(t *testing.T) {
	p := pool(t, 1, time.Minute)
	v := papertest.Sample
	for _, data := range [][]byte{v.PDF(papertest.PDFOptions{Picture: papertest.QR(v.QRText(), 4)}), v.OFD(papertest.OFDOptions{Custom: true}), v.XML()} {
		got, err := p.ReadPaper(context.Background(), file(t, data), documents.DefaultOptions)
		if err != nil {
			t.Fatal(err)
		}
		here, err := documents.Read(data, documents.DefaultOptions)
		if err != nil || !reflect.DeepEqual(got, here) {
			t.Errorf("%+v, here %+v (%v)", got, here, err)
		}
		if _, err := p.Develop(context.Background(), file(t, photo(t)), want); err != nil {
			t.Fatal(err)
		}
	}
	for data, code := range map[string]string{"hello": documents.CodeType, "<!DOCTYPE a><a/>": documents.CodeDoctype} {
		if _, err := p.ReadPaper(context.Background(), file(t, []byte(data)), documents.DefaultOptions); paperCode(err) != code {
			t.Errorf("%s: %v", data, err)
		}
	}
	few := documents.DefaultOptions
	few.Bytes = 10
	if _, err := p.ReadPaper(context.Background(), file(t, v.XML()), few); paperCode(err) != documents.CodeTooMuch {
		t.Errorf("too large: %v", err)
	}
}

// TestAPaperThatKillsIsRefused, and the next is read.
func TestAPaperThatKillsIsRefused(t *testing.T) {
	for what, code := range map[string]string{"panic in imaging's goroutine": documents.CodeDamaged, "memory": documents.CodeTooMuch, "endless": documents.CodeTooMuch} {
		if what == "memory" && !limited {
			continue
		}
		limit := time.Minute
		if what == "endless" {
			limit = 300 * time.Millisecond
		}
		p := pool(t, 1, limit)
		if _, err := p.ReadPaper(context.Background(), file(t, []byte(what+"\n")), documents.DefaultOptions); paperCode(err) != code {
			t.Errorf("%s: %v", what, err)
		}
		p.opt.Timeout = time.Minute
		if _, err := p.ReadPaper(context.Background(), file(t, papertest.Sample.XML()), documents.DefaultOptions); err != nil {
			t.Errorf("the next paper after %s: %v", what, err)
		}
	}
}

func paperCode(err error) string {
	if refusal, ok := errors.AsType[*documents.Refusal](err); ok {
		return refusal.Code
	}
	if refusal, ok := errors.AsType[*media.Refusal](err); ok {
		return "of a photo: " + refusal.Code
	}
	return ""
}
