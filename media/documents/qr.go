package documents

import (
	"context"
	"image"
	"strings"

	"satchel/media/qr"
	"satchel/media/qrprogram"
)

// minSide is the least number of pixels in which a QR can be.
const minSide = 42

// Gray are the pixels of a picture, bounded as Read bounds it.
func Gray(data []byte, opts Options) (*image.Gray, error) { return decodeGray(data, opts) }

// ReadQR reads the QRs of a picture as Read does, its pixels given.
func ReadQR(img *image.Gray, opts Options) []string {
	var p Paper
	p.readQR(img, opts, qr.NewBudget(opts.Work))
	return p.QR
}

// readQR adds the QRs of a picture.
func (p *Paper) readQR(img *image.Gray, opts Options, work *qr.Budget) {
	options := qr.Options{Expected: ofInvoice}
	if opts.QRProgram != "" {
		options.Other = func(img *image.Gray) []string {
			if p.Fault != "" { // it failed at this paper already
				return nil
			}
			texts, err := qrprogram.Program(opts.QRProgram).Read(context.Background(), img)
			if err != nil {
				p.Fault = err.Error()
			}
			return texts
		}
	}
	p.QR = append(p.QR, qr.Read(img, work, options)...)
}

// ofInvoice reports whether a text is of the shape that the QRs of invoices have:
// 01, kind, code, number, amount, day, and more.
func ofInvoice(text string) bool {
	fields := strings.Split(text, ",")
	if len(fields) < 6 || fields[0] != "01" || !digits(fields[3]) || !digits(fields[5]) {
		return false
	}
	return (len(fields[3]) == 8 || len(fields[3]) == 20) && len(fields[5]) == 8
}

func digits(text string) bool {
	return strings.IndexFunc(text, func(r rune) bool { return r < '0' || r > '9' }) < 0
}
