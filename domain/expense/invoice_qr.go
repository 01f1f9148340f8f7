package expense

import (
	"fmt"
	"strconv"
	"strings"

	"satchel/domain"
)

// Shapes of a QR that names an invoice.
const (
	QRFapiao     = "fapiao"     // 01,kind,code,number,amount,date,check,crc
	QRFiscal     = "fiscal"     // 财政票据: CZ…,–,code,number,check,date,amount
	QRBlockchain = "blockchain" // Shenzhen's address with hash, bill_num, total_amount
	QRVerify     = "verify"     // an address with fpdm, fphm, kprq, kjje, jym
)

// InvoiceQR is what a QR says of an invoice. Empty and 0 are not said.
type InvoiceQR struct {
	Shape     string `json:"shape"`
	Kind      string `json:"kind"`
	Code      string `json:"code"`
	Number    string `json:"number"`
	Date      string `json:"date"` // YYYY-MM-DD
	CheckCode string `json:"check_code"`
	AmountFen int64  `json:"amount_fen"`
	// Means says what AmountFen is: AmountTotal, AmountExTax or AmountAsk.
	Means  string `json:"means"`
	CRC    string `json:"crc"`    // CheckOK, CheckBad or CheckNA
	Review bool   `json:"review"` // a person has to say what it is
}

// maxQR is the most bytes that a QR holds.
const maxQR = 2953

// ParseInvoiceQR reads the text of a QR on today (YYYY-MM-DD). It never fetches
// an address. What is no invoice is invoice.qr_unknown, a red-letter invoice
// invoice.red_letter, a date before 2015 or after tomorrow invoice.qr_date.
func ParseInvoiceQR(text, today string) (InvoiceQR, error) {
	text = strings.TrimSpace(strings.TrimPrefix(text, "\uFEFF"))
	if text == "" || len(text) > maxQR {
		return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
	}
	if scheme, rest, found := strings.Cut(text, "://"); found && (strings.EqualFold(scheme, "http") || strings.EqualFold(scheme, "https")) {
		return addressQR(rest, today)
	}
	fields := strings.Split(strings.ReplaceAll(text, "，", ","), ",")
	for i := range fields {
		fields[i] = strings.TrimSpace(fields[i])
	}
	switch {
	case fields[0] == "01" && len(fields) >= 6:
		return fapiaoQR(fields, today)
	case strings.HasPrefix(fields[0], "CZ") && len(fields) >= 7:
		return fiscalQR(fields, today)
	}
	return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
}

func fapiaoQR(fields []string, today string) (InvoiceQR, error) {
	if len(fields) >= 7 && onChain(fields[2]) && len(taxNumber(fields[4])) >= 15 { // its seller stands before the amount, which is before tax
		q := InvoiceQR{Shape: QRBlockchain, Kind: InvoiceOther, Code: fields[2], Number: fields[3], CRC: CheckNA, Review: true}
		if len(fields) > 7 {
			q.CheckCode = fields[7]
		}
		if !digits(q.Number) || len(q.Number) != 8 {
			return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
		}
		q.Means = AmountExTax
		return q.settle(fields[5], fields[6], today)
	}
	q := InvoiceQR{Shape: QRFapiao, Kind: fields[1], Code: fields[2], Number: fields[3]}
	classic := len(q.Number) == 8 && (len(q.Code) == 10 || len(q.Code) == 12) && digits(q.Code)
	digital := len(q.Number) == 20 && (q.Code == "" || digits(q.Code) && len(q.Code) <= 12)
	if !digits(q.Number) || !classic && !digital {
		return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
	}
	if !InvoiceKindKnown(q.Kind) {
		q.Kind = InvoiceKindOf(q.Code)
	}
	if q.Kind == "" {
		q.Kind, q.Review = InvoiceOther, true
	}
	q.Means = AmountMeans(q.Kind)
	q.CRC = CheckNA
	if len(fields) > 6 {
		q.CheckCode = fields[6]
	}
	if len(fields) > 7 && fields[7] != "" && checkedKinds[fields[1]] {
		q.CRC = CheckBad
		if strings.EqualFold(fields[7], InvoiceCRC(fields)) {
			q.CRC = CheckOK
		}
	}
	return q.settle(fields[4], fields[5], today)
}

func fiscalQR(fields []string, today string) (InvoiceQR, error) {
	q := InvoiceQR{Shape: QRFiscal, Kind: InvoiceOther, Code: fields[2], Number: fields[3], CheckCode: fields[4], CRC: CheckNA}
	if !digits(q.Code) || !digits(q.Number) || len(q.Code) < 6 || len(q.Number) < 8 || len(q.Code) > 12 || len(q.Number) > 12 {
		return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
	}
	return q.settle(fields[6], fields[5], today)
}

// addressQR reads the parameters of an address, of which nothing else counts.
func addressQR(address, today string) (InvoiceQR, error) {
	path, query, _ := strings.Cut(address, "?")
	host, path, _ := strings.Cut(path, "/")
	host, port, _ := strings.Cut(strings.ToLower(host), ":")
	if port != "" && !digits(port) { // a user's name before another host
		return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
	}
	query, _, _ = strings.Cut(strings.ReplaceAll(query, "&amp;", "&"), "#")
	param := map[string]string{}
	for pair := range strings.SplitSeq(query, "&") {
		name, value, _ := strings.Cut(pair, "=")
		name = strings.ToLower(name)
		if _, taken := param[name]; !taken {
			param[name] = strings.ReplaceAll(value, "%2E", ".")
		}
	}
	if strings.HasPrefix(host, "dppt.") && strings.HasSuffix(host, ".chinatax.gov.cn") {
		return deliveryQR(strings.TrimPrefix(path, "v/")+param["cs"], today)
	}
	if host == "bcfp.shenzhen.chinatax.gov.cn" && param["hash"] != "" && digits(param["bill_num"]) && len(param["bill_num"]) == 8 {
		q := InvoiceQR{Shape: QRBlockchain, Kind: InvoiceOther, Number: param["bill_num"], CheckCode: param["hash"], CRC: CheckNA, Review: true}
		if fen, err := strconv.ParseInt(param["total_amount"], 10, 64); err == nil { // whole fen
			param["total_amount"] = domain.Yuan(fen)
		}
		return q.settle(param["total_amount"], "", today)
	}
	if digits(param["fphm"]) && (len(param["fphm"]) == 20 || len(param["fphm"]) == 8 && digits(param["fpdm"])) {
		q := InvoiceQR{Shape: QRVerify, Code: param["fpdm"], Number: param["fphm"], CheckCode: param["jym"], CRC: CheckNA}
		if q.Kind = InvoiceKindOf(q.Code); q.Kind == "" {
			q.Kind, q.Review = InvoiceOther, true
		}
		q.Means = AmountMeans(q.Kind)
		return q.settle(param["kjje"], param["kprq"], today)
	}
	return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
}

// deliveryQR reads the address at which the authority hands out a digital invoice:
// 2_number_moment, of which the rest counts nothing.
func deliveryQR(text, today string) (InvoiceQR, error) {
	parts := strings.Split(text, "_")
	if len(parts) < 3 || len(parts[1]) != 20 || !digits(parts[1]) || len(parts[2]) < 8 {
		return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
	}
	q := InvoiceQR{Shape: QRVerify, Kind: InvoiceOther, Number: parts[1], CRC: CheckNA, Review: true}
	return q.settle("", parts[2][:8], today)
}

// settle adds amount and date. A code of the Shenzhen blockchain tells itself.
func (q InvoiceQR) settle(amount, date, today string) (InvoiceQR, error) {
	if onChain(q.Code) && q.Shape == QRFapiao {
		q.Shape, q.Kind, q.Means, q.CRC = QRBlockchain, InvoiceOther, AmountAsk, CheckNA
	}
	if amount != "" {
		if strings.Trim(amount, "-0123456789.") != "" {
			return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
		}
		fen, ok := ParseFen(amount)
		if !ok {
			return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
		}
		if fen < 0 {
			return InvoiceQR{}, domain.Problem{Code: "invoice.red_letter", Params: map[string]any{"number": q.Number, "amount": domain.Yuan(fen)}}
		}
		q.AmountFen = fen
	}
	if date != "" {
		day, ok := ParseDay(date)
		if !ok || day < "2015-01-01" || today != "" && day > domain.AddDays(today, 1) {
			return InvoiceQR{}, domain.Problem{Code: "invoice.qr_date", Params: map[string]any{"date": date}}
		}
		q.Date = day
	}
	if q.Shape == QRFapiao && (amount == "" || date == "") {
		return InvoiceQR{}, domain.Problem{Code: "invoice.qr_unknown"}
	}
	return q, nil
}

// Facts is what the QR tells of the invoice.
func (q InvoiceQR) Facts() InvoiceFacts {
	f := InvoiceFacts{Kind: q.Kind, Code: q.Code, Number: q.Number, Date: q.Date, CheckCode: q.CheckCode}
	if q.Means == AmountExTax {
		f.ExFen = q.AmountFen
	} else {
		f.TotalFen = q.AmountFen
	}
	return f
}

// checkedKinds use the checksum that is known.
var checkedKinds = setOf(InvoiceSpecial, InvoiceOrdinary, InvoiceDigitalSpecial, InvoiceDigital)

// InvoiceCRC is the checksum over the first seven fields of a fapiao's QR, each
// followed by a comma, as four hex digits.
func InvoiceCRC(fields []string) string {
	if len(fields) < 7 {
		return ""
	}
	return fmt.Sprintf("%04X", CRC16([]byte(strings.Join(fields[:7], ",")+",")))
}

// CRC16 is CRC-16/UMTS: polynomial 0x8005, nothing reflected, initial value 0.
func CRC16(data []byte) (crc uint16) {
	for _, b := range data {
		crc ^= uint16(b) << 8
		for range 8 {
			if crc&0x8000 != 0 {
				crc = crc<<1 ^ 0x8005
			} else {
				crc <<= 1
			}
		}
	}
	return crc
}
