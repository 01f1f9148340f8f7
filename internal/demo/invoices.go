package demo

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"

	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/expense"
	"satchel/media/documents/papertest"
)

// invoicesPerRep is how many invoices lie in the folder of each rep.
const invoicesPerRep = 3

// sellers are where reps spend money. Areas are those of their tax numbers.
var sellers = []struct{ name, area string }{
	{"长沙湘江大酒店有限公司", "430100"},
	{"上海虹桥餐饮管理有限公司", "310112"},
	{"杭州西子会展服务有限公司", "330106"},
	{"广州珠江酒店有限公司", "440104"},
	{"南京钟山餐饮有限公司", "320102"},
	{"武汉东湖宾馆有限公司", "420106"},
}

// file is what goes to the storage once the rows are there.
type file struct {
	collection, key string
	content         []byte
}

// invoices writes the folders of the reps, and the photographed papers of the first.
func (b *builder) invoices() error {
	r := b.rand("invoices")
	n := 0
	for _, who := range b.reps {
		for i := range invoicesPerRep {
			v := b.invoiceOf(r, n, b.today.AddDate(0, 0, -2-r.IntN(20)))
			at := b.today.Add(-time.Duration(2+i) * time.Hour)
			paper := ""
			if n < b.opt.Papers {
				var err error
				if paper, err = b.paper(who, v, n, at); err != nil {
					return err
				}
			}
			if err := b.w.insert("invoices", b.invoiceRow(who, v, n, paper, at)); err != nil {
				return err
			}
			n++
		}
	}
	return nil
}

// invoiceOf makes a digital invoice whose amounts and checks are right.
func (b *builder) invoiceOf(r *rand.Rand, n int, day time.Time) papertest.Invoice {
	seller := sellers[n%len(sellers)]
	ex := int64(8_000 + r.IntN(90_000))
	tax := (ex*6 + 50) / 100
	v := papertest.Invoice{
		Kind: expense.InvoiceDigital, Number: fmt.Sprintf("%s%s200000%010d", day.Format("06"), seller.area[:2], 7_000_000_000+uint64(n)*7919),
		Day: day.Format(dayFormat), Ex: domain.Yuan(ex), Tax: domain.Yuan(tax), Total: domain.Yuan(ex + tax),
		Seller: seller.name, SellerTax: uscc(seller.area, 100+n%len(sellers)), Buyer: companyName, BuyerTax: companyTax(),
	}
	v.CRC = expense.InvoiceCRC(strings.Split(v.QRText(), ","))
	return v
}

func (b *builder) invoiceRow(who person, v papertest.Invoice, n int, paper string, at time.Time) dbx.Params {
	qr, err := expense.ParseInvoiceQR(v.QRText(), b.company.Today)
	if err != nil {
		panic(fmt.Sprintf("demo invoice: %v", err)) // only a day to come
	}
	typed := map[string]string{"seller_name": v.Seller, "seller_tax": v.SellerTax}
	told := map[string]expense.InvoiceFacts{expense.SourceQR: qr.Facts(), expense.SourcePhone: {SellerName: v.Seller, SellerTax: v.SellerTax}}
	f, from, _ := expense.MergeInvoice(told)
	state, hash := "", ""
	if paper != "" {
		state, hash = expense.PaperRead, b.hashes[paper]
	}
	return dbx.Params{
		"id": b.id("invoices", n), "owner": who.id, "dept": who.deptID, "blob": paper, "qr_raw": v.QRText(), "typed": toJSON(typed), "note": "",
		"state": expense.InvoiceFolder, "kind": f.Kind, "code": "", "number": f.Number, "issue_date": f.Date, "check_code": "",
		"amount_ex_fen": f.ExFen, "tax_fen": f.TaxFen, "total_fen": f.TotalFen, "seller_name": f.SellerName, "seller_tax": f.SellerTax,
		"buyer_name": "", "buyer_tax": "", "buyer": expense.BuyerNA, "disputes": "{}", "goods": "", "goods_list": "", "qr_ok": true, "crc": qr.CRC, "key": f.Key(), "sha256": hash,
		"verify_state": "unverified", "verify_src": "", "paper_state": state, "paper_code": "", "paper_tries": 0, "readings": "null",
		"sources": toJSON(from), "risk": "[]", "risk_score": 0, "blocked": "", "duplicate_of": "", "created": stamp(at), "updated": stamp(at),
	}
}

// paper writes the row of a photographed invoice; its files follow with the rest.
func (b *builder) paper(who person, v papertest.Invoice, n int, at time.Time) (id string, err error) {
	id = b.id("papers", n)
	page := papertest.Page(640, 900, 190, b.opt.Seed+uint64(n), v.QRText())
	whole := papertest.JPEG(page, 80)
	sum := sha256.Sum256(whole)
	b.hashes[id] = hex.EncodeToString(sum[:])
	row := dbx.Params{
		"id": id, "owner": who.id, "manager": who.managerID, "dept": who.deptID, "sha256": b.hashes[id], "size": len(whole), "mime": "image/jpeg",
		"purpose": evidence.BlobInvoice, "source": "camera", "state": evidence.BlobStored, "width": 640, "height": 900, "orientation": 1,
		"stored_at": stamp(at), "created": stamp(at), "updated": stamp(at),
	}
	for field, content := range map[string][]byte{
		"original": whole, "public": whole, "thumb": papertest.JPEG(smaller(page, 3), 75), "tiny": papertest.JPEG(smaller(page, 14), 75),
	} {
		name := id + "_" + field + ".jpg"
		row[field] = name
		b.files = append(b.files, file{"blobs", id + "/" + name, content})
	}
	return id, b.w.insert("blobs", row)
}

// smaller averages over squares of n pixels.
func smaller(img *image.Gray, n int) *image.Gray {
	out := image.NewGray(image.Rect(0, 0, img.Rect.Dx()/n, img.Rect.Dy()/n))
	for y := range out.Rect.Dy() {
		for x := range out.Rect.Dx() {
			sum := 0
			for v := range n {
				for u := range n {
					sum += int(img.Pix[(y*n+v)*img.Stride+x*n+u])
				}
			}
			out.Pix[y*out.Stride+x] = uint8(sum / (n * n))
		}
	}
	return out
}

// store puts the files of papers and contracts into the app's storage.
func (b *builder) store(app core.App) error {
	if len(b.files) == 0 {
		return nil
	}
	files, err := app.NewFilesystem()
	if err != nil {
		return err
	}
	defer func() { _ = files.Close() }() // each file is closed by its writer
	for _, f := range b.files {
		owner, err := app.FindCachedCollectionByNameOrId(f.collection)
		if err != nil {
			return err
		}
		if err := files.Upload(f.content, owner.BaseFilesPath()+"/"+f.key); err != nil {
			return fmt.Errorf("store a paper: %w", err)
		}
	}
	return nil
}
