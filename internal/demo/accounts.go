package demo

import (
	"fmt"
	"math"
	"math/rand/v2"

	"github.com/pocketbase/dbx"

	"satchel/domain/customers"
)

// citiesPerTeam is how many cities a KA manager's team covers: one for each of
// his four reps and one that they share.
const citiesPerTeam, repsPerTeam = 5, 4

// tierTerms are the credit terms by tier.
var tierTerms = map[string]struct{ creditFen, days int }{
	"A": {200_000_000, 60}, "B": {80_000_000, 45}, "C": {20_000_000, 30},
}

// account is what the history needs of a row of accounts.
type account struct {
	id, name, tier, kind string
	lat, lng             float64
	geofenceM            int
	owner                person
	site                 district
	street               string
}

func (b *builder) accountRows() error {
	r := b.rand("accounts")
	taken := map[string]bool{}
	for i := range b.opt.Accounts {
		of, nth := b.reps[i%len(b.reps)], i/len(b.reps)
		a := b.account(r, i, nth, of, taken)
		b.accounts = append(b.accounts, a)
		b.company.Accounts = append(b.company.Accounts, a.id)
		if err := b.insertAccount(r, i, a); err != nil {
			return err
		}
		if err := b.contacts(r, i, a); err != nil {
			return err
		}
	}
	return nil
}

// account makes the nth account of rep of, the i-th of the company.
func (b *builder) account(r *rand.Rand, i, nth int, of person, taken map[string]bool) account {
	rep := i % len(b.reps)
	slot := rep % repsPerTeam
	if nth%4 == 3 {
		slot = citiesPerTeam - 1
	}
	where := cities[rep/repsPerTeam*citiesPerTeam+slot]
	site := one(r, where.districts)
	f := formats[i%len(brands)%len(formats)]
	street := one(r, site.streets)
	base := brands[i%len(brands)].name + f.suffix + "（" + where.name + fmt.Sprintf(f.site, street)
	name := base + "）"
	for n := 2; taken[name]; n++ {
		name = fmt.Sprintf("%s·%d）", base, n)
	}
	taken[name] = true
	a := account{
		id: b.id("accounts", i), name: name, tier: string("ABCBCABCCC"[nth%10]), kind: "ka",
		lat: round(site.lat+spread(r, 0.012), 6), lng: round(site.lng+spread(r, 0.012), 6),
		geofenceM: 300, owner: of, site: site, street: street,
	}
	if f.industry == "大卖场" || f.industry == "批发流通" {
		a.geofenceM = 500
	}
	switch {
	case nth%10 == 8:
		a.kind = "prospect"
	case i%40 == 29:
		a.kind = "lost"
	}
	return a
}

func (b *builder) insertAccount(r *rand.Rand, i int, a account) error {
	f, c := formats[i%len(brands)%len(formats)], cityOf(a.site)
	stage := map[string]string{"ka": customers.StageContracted, "prospect": b.prospectStage(i), "lost": customers.StageLost}[a.kind]
	_, status := customers.StageKind(stage)
	terms := tierTerms[a.tier]
	return b.w.insert("accounts", dbx.Params{
		"id": a.id, "name": a.name, "short_name": brands[i%len(brands)].name + f.suffix,
		"uscc": uscc(c.uscc, i), "kind": a.kind, "stage": stage, "stage_at": b.founded, "name_key": customers.NameKey(a.name), "tier": a.tier, "industry": f.industry, "region": c.region,
		"address": fmt.Sprintf("%s市%s%s%d号", c.name, a.site.name, a.street, 1+r.IntN(880)),
		"lat":     a.lat, "lng": a.lng, "geofence_m": a.geofenceM,
		"purchase_needs": "饮料、调味品与冷柜", "first_need": "小箱装与旺季堆头",
		"owner": a.owner.id, "manager": a.owner.managerID, "dept": a.owner.deptID,
		"credit_limit_fen": terms.creditFen, "payment_days": terms.days,
		"tags": toJSON([]string{accountTags[i%len(accountTags)], accountTags[(i+1+r.IntN(6))%len(accountTags)]}),
		"note": one(r, accountNotes), "status": status, "created": b.founded, "updated": b.founded,
	})
}

// contacts gives an account two people, a tier A account three.
func (b *builder) contacts(r *rand.Rand, i int, a account) error {
	n := 2
	if a.tier == "A" {
		n = 3
	}
	slug := brands[i%len(brands)].slug
	for k := range n {
		part := contactTitles[(i+k*2)%len(contactTitles)]
		title := part.title
		if a.kind == "prospect" && k == 0 { // whoever comes far has spoken with who decides
			part.role = "decider"
		}
		if part.role == "buyer" {
			title = formats[i%len(brands)%len(formats)].title
		}
		err := b.w.insert("contacts", dbx.Params{
			"id": b.id("contacts", i*4+k), "account": a.id, "dept": a.owner.deptID,
			"name": one(r, surnames) + one(r, givenNames), "title": title,
			"phone": b.phone(200 + i*4 + k), "email": fmt.Sprintf("c%04d@%s.example", i*4+k, slug),
			"wechat": fmt.Sprintf("%s_%04d", slug, i*4+k), "role_in_decision": part.role,
			"birthday": fmt.Sprintf("%d-%02d-%02d", 1968+r.IntN(30), 1+r.IntN(12), 1+r.IntN(28)),
			"note":     one(r, contactNotes), "created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func cityOf(site district) city {
	for _, c := range cities {
		for _, d := range c.districts {
			if d.lat == site.lat && d.lng == site.lng {
				return c
			}
		}
	}
	return city{}
}

// spread returns a number within ±by.
func spread(r *rand.Rand, by float64) float64 { return (r.Float64()*2 - 1) * by }

func round(x float64, places int) float64 {
	p := math.Pow10(places)
	return math.Round(x*p) / p
}
