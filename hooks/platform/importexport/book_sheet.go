package importexport

import (
	"encoding/xml"
	"math"
	"strconv"
	"strings"
	"time"

	"satchel/hooks/platform/gate"
)

// sharedCell is a cell whose text stands in a part of its own.
type sharedCell struct{ row, cell, index int }

// sheetRow is a row as it is read.
type sheetRow struct {
	line
	any bool // whether a cell has something
}

// readSheet reads the rows that have something in them.
func (b *book) readSheet(name string) (rows []line, err error) {
	var row *sheetRow
	column := 0
	width := b.columns
	err = b.each(name, func(p *part, mark xml.Token) (bool, error) {
		switch at := mark.(type) {
		case xml.StartElement:
			switch at.Name.Local {
			case "row":
				if err := b.numbered(at); err != nil {
					return false, err
				}
				row, column = &sheetRow{line: line{number: b.row}}, 0
			case "c":
				if row == nil {
					return false, noBook(nil)
				}
				c, err := p.cell(at)
				if err != nil {
					return false, err
				}
				if column++; c.name != "" {
					if column = columnOf(c.name); column == 0 {
						return false, noBook(nil)
					}
				}
				return false, b.put(row, len(rows), column, width, c)
			}
		case xml.EndElement:
			if at.Name.Local == "row" && row != nil {
				if row.any {
					if len(rows) == 0 {
						width = b.headWidth(row)
					}
					if len(rows) > b.bounds.rows {
						return false, gate.Refuse("import.too_many", "limit", b.bounds.rows)
					}
					rows = append(rows, row.line)
				}
				row = nil
				return false, b.ctx.Err()
			}
			return at.Name.Local == "sheetData", nil
		}
		return false, nil
	})
	return rows, err
}

// headWidth is how many cells of a row below the head are kept; b.width is set
// when texts are known, and no larger.
func (b *book) headWidth(head *sheetRow) int {
	if b.bounds == boundless {
		return lastColumn
	}
	return len(head.cells)
}

// numbered reads a row's number; rows go downwards.
func (b *book) numbered(at xml.StartElement) error {
	n := b.row + 1
	if text := attr(at, "r"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil {
			return noBook(err)
		}
	}
	if n <= b.row || n > lastRow {
		return noBook(nil)
	}
	b.row = n
	return nil
}

// put takes a cell that has something.
func (b *book) put(row *sheetRow, index, column, width int, c sheetCell) error {
	if c.shared < 0 && c.text == "" && c.bad == "" {
		return nil
	}
	row.any = true
	if column > width {
		if index == 0 {
			return gate.Refuse("import.too_many_columns", "limit", b.columns)
		}
		if row.bad == nil {
			row.bad = beyond(column, width)
		}
		return nil
	}
	for len(row.cells) < column {
		row.cells = append(row.cells, "")
	}
	at := letters(column) + strconv.Itoa(row.number)
	switch {
	case c.bad != "" && row.bad == nil:
		row.bad = gate.Refuse(c.bad, "cell", at, "value", quoted(c.text))
	case c.shared >= 0:
		b.shared = append(b.shared, sharedCell{index, column - 1, c.shared})
	}
	if len(c.text) > b.cell {
		return gate.Refuse("import.cell_too_long", "cell", at, "limit", maxUnits)
	}
	row.cells[column-1] = c.text
	return b.keep(row.number, len(c.text))
}

// columnOf is the column of a cell's name, from 1; 0 for none.
func columnOf(name string) (column int) {
	for i := range len(name) {
		c := name[i] &^ 0x20
		if c < 'A' || c > 'Z' {
			return column
		}
		if column = column*26 + int(c-'A') + 1; column > lastColumn {
			return 0
		}
	}
	return 0
}

// sheetCell is what a cell holds: a text, or the number of one that is shared.
type sheetCell struct {
	name, text string
	shared     int    // -1 for none
	bad        string // the code of why it cannot be taken
}

// cell reads up to the end of a cell.
func (p *part) cell(at xml.StartElement) (sheetCell, error) {
	c := sheetCell{name: attr(at, "r"), shared: -1}
	var text strings.Builder
	in := ""
	for depth := p.depth; p.depth >= depth; {
		mark, err := p.next()
		if err != nil {
			return c, err
		}
		switch m := mark.(type) {
		case xml.StartElement:
			switch m.Name.Local {
			case "v", "t", "f", "rPh":
				if in != "rPh" {
					in = m.Name.Local
				}
			}
		case xml.EndElement:
			if m.Name.Local == in {
				in = ""
			}
		case xml.CharData:
			if (in == "v" || in == "t") && text.Len() <= p.bounds.cell {
				text.Write(m)
			}
		}
	}
	c.text = text.String()
	switch kind := attr(at, "t"); kind {
	case "s":
		n, err := strconv.Atoi(strings.TrimSpace(c.text))
		if c.text == "" {
			return c, nil
		}
		if err != nil || n < 0 {
			return c, noBook(err)
		}
		c.text, c.shared = "", n
	case "inlineStr", "str":
		c.text = unescape(c.text)
	case "b":
		c.text = strings.ToUpper(strconv.FormatBool(isTrue(strings.TrimSpace(c.text))))
	case "e":
		c.bad = "import.cell_error"
	case "d":
		c.text, _, _ = strings.Cut(c.text, "T00:00:00")
	default:
		style, _ := strconv.Atoi(attr(at, "s")) // none is that of 0
		c.text, c.bad = p.number(strings.TrimSpace(c.text), p.days[style])
	}
	return c, nil
}

// number writes what a cell of number holds as a person would: a day as a day,
// else all digits, in no other format. Beyond fifteen digits they are lost.
func (b *book) number(text string, day bool) (written, bad string) {
	if text == "" {
		return "", ""
	}
	n, err := strconv.ParseFloat(text, 64)
	if err != nil || math.IsNaN(n) || math.IsInf(n, 0) {
		return text, "import.cell_error"
	}
	if day && n >= 0 && n < 2_958_466 {
		first := time.Date(1899, 12, 30, 0, 0, 0, 0, time.UTC)
		switch {
		case b.is1904:
			first = time.Date(1904, 1, 1, 0, 0, 0, 0, time.UTC)
		case n < 60: // Excel counts a 29 February 1900
			n++
		}
		at := first.AddDate(0, 0, int(n)).Add(time.Duration(math.Round((n-math.Floor(n))*86400)) * time.Second)
		if at.Equal(at.Truncate(24 * time.Hour)) {
			return at.Format(time.DateOnly), ""
		}
		return at.Format(time.DateTime), ""
	}
	if math.Abs(n) >= 1e15 {
		return text, "import.digits_lost"
	}
	n, _ = strconv.ParseFloat(strconv.FormatFloat(n, 'g', 15, 64), 64) // it was just written
	return strconv.FormatFloat(n, 'f', -1, 64), ""
}

// readShared fills in the texts that cells of the rows name, and passes over the others.
func (b *book) readShared(name string, rows []line) error {
	wanted := map[int]string{}
	for _, c := range b.shared {
		wanted[c.index] = ""
	}
	at, most := -1, 0
	var text *strings.Builder
	in := ""
	err := b.each(name, func(p *part, mark xml.Token) (bool, error) {
		switch m := mark.(type) {
		case xml.StartElement:
			switch m.Name.Local {
			case "si":
				at++
				if text = nil; has(wanted, at) {
					text = &strings.Builder{}
				}
			case "t", "rPh":
				if in != "rPh" {
					in = m.Name.Local
				}
			}
		case xml.EndElement:
			if m.Name.Local == in {
				in = ""
			}
			if m.Name.Local == "si" && text != nil {
				wanted[at], text = unescape(text.String()), nil
				most++
			}
			return most == len(wanted), b.ctx.Err()
		case xml.CharData:
			if in == "t" && text != nil {
				if text.Len()+len(m) > p.bounds.cell {
					return false, b.longShared(rows, at)
				}
				text.Write(m)
				return false, b.keep(b.row, len(m))
			}
		}
		return false, nil
	})
	if err == nil && most < len(wanted) {
		err = noBook(nil)
	}
	for _, c := range b.shared {
		rows[c.row].cells[c.cell] = wanted[c.index]
	}
	return err
}

func has(wanted map[int]string, at int) bool {
	_, ok := wanted[at]
	return ok
}

// longShared refuses a text by the first cell that names it.
func (b *book) longShared(rows []line, index int) error {
	for _, c := range b.shared {
		if c.index == index {
			return gate.Refuse("import.cell_too_long", "cell", letters(c.cell+1)+strconv.Itoa(rows[c.row].number), "limit", maxUnits)
		}
	}
	return noBook(nil)
}
