package documents

import "strings"

// AddText adds the fields that stand in text which OCR read, line by line.
func (p *Paper) AddText(text string) { p.add(SourceOCR, fieldsOf(strings.Split(text, "\n"))) }
