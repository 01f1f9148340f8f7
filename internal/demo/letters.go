package demo

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json/v2"
	"fmt"
	"image"
	"image/color"
	"image/jpeg"
	"maps"
	"math"
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain/evidence"
	"satchel/domain/sales"
)

// letter is one version of somebody's target letter of the year.
type letter struct {
	subject       string
	version       int
	state         string
	signed, under bool // by its subject, by who leads him
	terms         string
}

// letterList: the managers' hold, and the first rep's, of which an amendment waits for
// his signature; one has signed, one has not.
var letterList = []letter{
	{"manager.wu", 1, sales.LetterEffective, true, true, ""},
	{"manager.xu", 1, sales.LetterEffective, true, true, ""},
	{"manager.hu", 1, sales.LetterSent, false, true, ""},
	{"rep.chen", 1, sales.LetterEffective, true, true, ""},
	{"rep.chen", 2, sales.LetterSent, false, true, "新增华东区两家连锁客户，超额部分另行奖励。"},
	{"rep.he", 1, sales.LetterSigned, true, false, ""},
	{"rep.zhou", 1, sales.LetterSent, false, false, ""},
}

// letters writes target letters, signed and unsigned.
func (b *builder) letters() error {
	if !b.opt.Customers {
		return nil
	}
	for i, l := range letterList {
		if err := b.letter(i, l); err != nil {
			return err
		}
	}
	return nil
}

func (b *builder) letter(n int, l letter) error {
	subject, year := b.people[l.subject], b.today.Format("2006")
	superior := b.people[subject.Manager]
	targets, err := b.lettered(subject.id, year)
	if err != nil {
		return err
	}
	by := func(p person) sales.LetterPerson {
		return sales.LetterPerson{ID: p.id, Name: p.Chinese, Role: p.Role}
	}
	raw, hash, err := sales.LetterContent{
		Year: year, Version: l.version, Dept: "KA业务部", Subject: by(subject), Superior: by(superior), Terms: l.terms, Targets: targets,
	}.Seal(standard[string]("letter.text"))
	if err != nil {
		return err
	}
	sent := time.Date(b.today.Year()-1, time.December, 22+l.version, 2, 0, 0, 0, time.UTC)
	row := dbx.Params{
		"id": b.id("target_letters", n), "subject": subject.id, "superior": superior.id, "dept": subject.deptID, "year": year, "version": l.version,
		"state": l.state, "snapshot": string(raw), "sha256": hash, "terms": l.terms, "sent_by": superior.id, "sent_at": stamp(sent),
		"created": stamp(sent), "updated": stamp(sent),
	}
	if l.version > 1 {
		row["amends"] = b.id("target_letters", n-1)
	}
	at := sent
	for i, side := range []struct {
		prefix string
		who    person
		has    bool
	}{{"signed_", subject, l.signed}, {"countersigned_", superior, l.under}} {
		if !side.has {
			continue
		}
		at = at.Add(3 * time.Hour)
		blob := b.id("signatures", 2*n+i)
		if err := b.signature(blob, side.who, at); err != nil {
			return err
		}
		maps.Copy(row, dbx.Params{side.prefix + "at": stamp(at), side.prefix + "clock": "exact", side.prefix + "sha256": hash, side.prefix + "blob": blob})
	}
	if l.state == sales.LetterEffective {
		row["effective_at"] = stamp(at)
	}
	return b.w.insert("target_letters", row)
}

// lettered are somebody's targets in force, as a letter states them.
func (b *builder) lettered(owner, year string) (out []sales.LetterTarget, err error) {
	var rows []struct {
		ID       string `db:"id"`
		Version  int    `db:"version"`
		Level    string `db:"level"`
		Metric   string `db:"metric"`
		Value    int    `db:"value"`
		Quarters string `db:"quarters"`
		Months   string `db:"months"`
	}
	err = b.w.tx.Select("id", "version", "level", "metric", "value", "quarters", "months").From("targets").
		Where(dbx.NewExp("owner = {:o} AND year = {:y} AND level IN ('manager', 'rep') AND state IN ('issued', 'cascaded')", dbx.Params{"o": owner, "y": year})).
		OrderBy("id").All(&rows)
	if err != nil {
		return nil, fmt.Errorf("read targets: %w", err)
	}
	for _, r := range rows {
		t := sales.LetterTarget{ID: r.ID, Version: r.Version, Level: r.Level, Metric: r.Metric, Value: r.Value}
		if err = json.Unmarshal([]byte(r.Quarters), &t.Quarters); err == nil {
			err = json.Unmarshal([]byte(r.Months), &t.Months)
		}
		if err != nil {
			return nil, fmt.Errorf("read targets: %w", err)
		}
		out = append(out, t)
	}
	return out, nil
}

// signature writes what somebody drew under a letter.
func (b *builder) signature(id string, who person, at time.Time) error {
	content, err := drawn(who.Name)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	row := dbx.Params{
		"id": id, "owner": who.id, "manager": who.managerID, "dept": who.deptID, "account": "", "purpose": evidence.BlobSignature,
		"sha256": hex.EncodeToString(sum[:]), "size": len(content), "mime": "image/jpeg", "state": evidence.BlobStored,
		"width": drawnWide, "height": drawnHigh, "orientation": 1, "stored_at": stamp(at), "created": stamp(at), "updated": stamp(at),
	}
	for _, field := range []string{"original", "public", "thumb", "tiny"} {
		name := id + "_" + field + ".jpg"
		row[field] = name
		b.files = append(b.files, file{"blobs", id + "/" + name, content})
	}
	return b.w.insert("blobs", row)
}

const drawnWide, drawnHigh = 400, 160

// drawn is a stroke of a finger, of a shape that the name gives.
func drawn(name string) ([]byte, error) {
	img := image.NewGray(image.Rect(0, 0, drawnWide, drawnHigh))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	sum := sha256.Sum256([]byte(name))
	for n := range 4 * drawnWide {
		at := float64(n) / (4 * drawnWide)
		x := 30 + at*330 + 25*math.Sin(at*float64(6+sum[0]%9))
		y := drawnHigh/2 + 45*math.Sin(at*float64(9+sum[1]%12))*math.Cos(at*float64(3+sum[2]%7))
		for d := range 9 {
			img.SetGray(int(x)+d%3, int(y)+d/3, color.Gray{Y: 30})
		}
	}
	var out bytes.Buffer
	if err := jpeg.Encode(&out, img, &jpeg.Options{Quality: 80}); err != nil {
		return nil, fmt.Errorf("draw a signature: %w", err)
	}
	return out.Bytes(), nil
}
