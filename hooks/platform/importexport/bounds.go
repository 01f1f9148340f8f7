package importexport

import (
	"bufio"
	"errors"
	"io"
	"math"
)

// bounds hold a table while it is read, so that what a file says it is costs
// nothing: a few kilobytes of a workbook can stand for gigabytes of cells.
//
// The reader takes one mark of XML or one line of CSV at a time and keeps the
// cells below the head alone. What it needs is text and a few megabytes beside,
// whatever comes, which no limit of the system has to enforce.
type bounds struct {
	columns   int   // of the head; rows have as many
	rows      int   // below it
	text      int64 // bytes of all cells that are kept
	cell      int   // bytes of one of them
	unzipped  int64 // bytes of all parts of a workbook that are read
	directory int64 // bytes of a zip's list of parts
	depth     int   // of XML
	token     int64 // bytes of one mark or text of XML, of one record of a CSV
	formats   int   // of cells
}

const (
	maxFile = 20 << 20
	maxRows = 5000
	// maxUnits is the most UTF-16 units of a cell of Excel.
	maxUnits = 32767
	// lastRow and lastColumn are those of a sheet.
	lastRow, lastColumn = 1 << 20, 1 << 14
)

var usual = bounds{
	columns: 100, rows: maxRows, text: maxFile, cell: 256 << 10, unzipped: 64 << 20, directory: 1 << 20, depth: 32, token: 512 << 10, formats: 65536,
}

// boundless plants a fault.
var boundless = bounds{
	columns: lastColumn, rows: math.MaxInt, text: math.MaxInt64, cell: math.MaxInt, unzipped: math.MaxInt64, directory: math.MaxInt64,
	depth: math.MaxInt, token: math.MaxInt64, formats: math.MaxInt,
}

var (
	errUnzipped = errors.New("more than may be unzipped")
	errToken    = errors.New("longer than a piece may be")
)

// meter ends a reading that goes beyond what is left for it.
type meter struct {
	in    *bufio.Reader
	left  *int64 // of all parts together
	piece int64  // of what is read now
}

// ReadByte implements io.ByteReader, by which XML is read.
func (m *meter) ReadByte() (byte, error) {
	if m.piece <= 0 {
		return 0, errToken
	}
	if *m.left <= 0 {
		return 0, errUnzipped
	}
	m.piece--
	*m.left--
	return m.in.ReadByte()
}

// Read implements io.Reader.
func (m *meter) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	if m.piece <= 0 {
		return 0, errToken
	}
	n, err := m.in.Read(p[:min(int64(len(p)), m.piece)])
	m.piece -= int64(n)
	return n, err
}

// meteredAt bounds what is read of a file while its list of parts is.
type meteredAt struct {
	io.ReaderAt
	left int64
}

// ReadAt implements io.ReaderAt.
func (m *meteredAt) ReadAt(p []byte, at int64) (int, error) {
	if m.left -= int64(len(p)); m.left < 0 {
		return 0, errUnzipped
	}
	return m.ReaderAt.ReadAt(p, at)
}
