package syncer_test

import (
	"bytes"

	"satchel/syncer"
)

// plainSink takes an answer as it is.
type plainSink struct{ bytes.Buffer }

// Embed implements syncer.Sink.
func (p *plainSink) Embed(s *syncer.Segment) error {
	_, err := p.Write(s.Lines)
	return err
}
