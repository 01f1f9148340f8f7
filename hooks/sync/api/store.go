package api

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
)

// store takes the bytes of an answer: a small one in memory, a large one in a
// file of the spools, from which it is sent and may be resumed. Where no file is
// to be had it stays in memory.
type store struct {
	files  *spools // nil for memory only
	size   int
	buf    bytes.Buffer // what is not in the file
	file   *os.File     // nil while all is in buf
	id     string       // of the file
	kept   bool         // the file is the spools' now
	noFile bool
}

// Write implements io.Writer.
func (s *store) Write(p []byte) (int, error) {
	if s.buf.Len()+len(p) > s.least() && !s.noFile {
		if err := s.spill(); err != nil {
			return 0, err
		}
	}
	s.size += len(p)
	return s.buf.Write(p)
}

// take returns what was written so far, which must be little, and forgets it.
func (s *store) take() []byte {
	head := bytes.Clone(s.buf.Bytes())
	s.buf.Reset()
	s.size = 0
	return head
}

// spill moves what is in memory to the file. A full disk is no reason to refuse
// the answer: it goes on in memory then.
func (s *store) spill() error {
	if s.files == nil {
		s.noFile = true
		return nil
	}
	var err error
	if s.file == nil {
		s.id, s.file, err = s.files.create()
	}
	if err == nil {
		if _, err = s.file.WriteAt(s.buf.Bytes(), int64(s.size-s.buf.Len())); err == nil {
			s.buf.Reset()
			return nil
		}
	}
	s.files.service.app.Logger().Warn("Failed to keep an answer for resuming", "error", err)
	return s.recall()
}

// recall takes what is in the file back to memory.
func (s *store) recall() error {
	s.noFile = true
	if s.file == nil {
		return nil
	}
	whole := make([]byte, s.size)
	rest := copy(whole[s.size-s.buf.Len():], s.buf.Bytes())
	_, err := s.file.ReadAt(whole[:s.size-rest], 0)
	s.buf = *bytes.NewBuffer(whole)
	s.release()
	s.file = nil
	if err != nil {
		return fmt.Errorf("read an answer back: %w", err)
	}
	return nil
}

// settle makes the answer whole in one place.
func (s *store) settle() error {
	if s.file == nil || s.buf.Len() == 0 {
		return nil
	}
	return s.spill()
}

// light reports whether the answer takes little memory.
func (s *store) light() bool { return s.buf.Len() <= spoolMin }

// least is the size from which an answer goes to a file: no less than what may
// still be taken back to be compressed.
func (s *store) least() int {
	if s.files == nil {
		return spoolMin
	}
	return max(smallBody, cmp.Or(s.files.service.cfg.SpoolMin, spoolMin))
}

func (s *store) copyTo(w io.Writer) error {
	if s.file == nil {
		_, err := w.Write(s.buf.Bytes())
		return err
	}
	_, err := io.CopyN(w, s.file, int64(s.size)) // a socket takes it without a copy
	return err
}

// release closes the file, and removes it if nobody is to read it again.
func (s *store) release() {
	if s.file == nil {
		return
	}
	err := s.file.Close()
	if !s.kept {
		err = errors.Join(err, os.Remove(s.file.Name()))
	}
	if err != nil {
		s.files.service.app.Logger().Warn("Failed to remove an answer", "error", err)
	}
}
