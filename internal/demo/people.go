package demo

import (
	"github.com/pocketbase/dbx"
	"github.com/pocketbase/pocketbase/core"
)

// Logins of the demo company. Nobody else's server ever gets them.
const (
	Password       = "satchel-demo-2026"
	SuperuserEmail = "admin@demo.test"
)

// Bcrypt hashes of Password, fixed so that the same seed gives the same bytes.
const (
	hashCost10 = "$2a$10$YlYcgmcK7gJ0rLJEmRkR/.fF6//K2j.pq2ySSN/lsLJcj2XZsUlPi"
	hashCost4  = "$2a$04$cPBFrL609VzLr.nWFJ6Nq.rsQWwB0/5Q7.4PhFRoIkxVAap2ZuPUW"
)

// Email returns the e-mail address of the person called name.
func Email(name string) string { return name + "@demo.test" }

// Person is somebody of the company.
type Person struct {
	Name    string // such as "rep.chen"
	Chinese string
	Role    string
	Dept    string // kind of the department
	Manager string // name, empty for those at the top
}

// People lists who is in every company. Each manager's reps follow him.
func People() []Person {
	return []Person{
		{"director.lin", "林国栋", "dept_manager", "ka", ""},
		{"manager.wu", "吴敏", "ka_manager", "ka", "director.lin"},
		{"rep.chen", "陈立", "rep", "ka", "manager.wu"},
		{"rep.he", "何雨桐", "rep", "ka", "manager.wu"},
		{"rep.zhou", "周启明", "rep", "ka", "manager.wu"},
		{"rep.zheng", "郑凯", "rep", "ka", "manager.wu"},
		{"manager.xu", "徐海波", "ka_manager", "ka", "director.lin"},
		{"rep.ma", "马晓东", "rep", "ka", "manager.xu"},
		{"rep.feng", "冯丽", "rep", "ka", "manager.xu"},
		{"rep.deng", "邓超群", "rep", "ka", "manager.xu"},
		{"rep.cao", "曹颖", "rep", "ka", "manager.xu"},
		{"manager.hu", "胡文静", "ka_manager", "ka", "director.lin"},
		{"rep.peng", "彭宇", "rep", "ka", "manager.hu"},
		{"rep.zeng", "曾婷", "rep", "ka", "manager.hu"},
		{"rep.xiao", "肖建", "rep", "ka", "manager.hu"},
		{"rep.tian", "田甜", "rep", "ka", "manager.hu"},
		{"executive.sun", "孙志远", "executive", "mgmt", ""},
		{"finance.zhao", "赵雅琴", "finance", "finance", "executive.sun"},
		{"market.tang", "唐薇", "market", "market", "executive.sun"},
		{"product.guo", "郭一鸣", "product", "product", "executive.sun"},
		{"service.qian", "钱小满", "service", "service", "executive.sun"},
		{"reviewer.shen", "沈明律", "reviewer", "legal", "executive.sun"},
		{"auditor.jin", "金正", "auditor", "mgmt", "executive.sun"},
		{"admin.fang", "方圆", "admin", "mgmt", "executive.sun"},
		{"ops.luo", "罗建军", "ops", "logistics", "executive.sun"},
		{"ops.bai", "白雪", "ops", "logistics", "ops.luo"},
	}
}

// Cashiers are more of finance, who pay what others of it approved; only companies with
// Options.Cashiers have them.
func Cashiers() []Person {
	return []Person{
		{"finance.qiu", "邱晓岚", "finance", "finance", "finance.zhao"},
		{"finance.gu", "顾婷", "finance", "finance", "finance.zhao"},
	}
}

// former is the rep who has left; only companies with Options.Former have him.
var former = Person{"rep.gone", "叶枫", "rep", "ka", "manager.xu"}

// departmentList in the order of their ids. The head is a person's name.
var departmentList = []struct{ kind, name, head string }{
	{"mgmt", "总经理办公室", "executive.sun"},
	{"ka", "KA业务部", "director.lin"},
	{"market", "市场部", "market.tang"},
	{"finance", "财务部", "finance.zhao"},
	{"product", "研发部", "product.guo"},
	{"service", "客服部", "service.qian"},
	{"legal", "法务部", "reviewer.shen"},
	{"logistics", "物流部", "ops.luo"},
}

// person is a Person with the ids of the rows.
type person struct {
	Person
	id, deptID, managerID string
	active                bool
}

func (b *builder) departments() error {
	for i, d := range departmentList {
		b.depts[d.kind] = b.id("departments", i)
	}
	ids := map[string]string{}
	for i, p := range b.roster() {
		ids[p.Name] = b.id("users", i)
	}
	for i, d := range departmentList {
		parent := b.depts["mgmt"]
		if i == 0 {
			parent = ""
		}
		err := b.w.insert("departments", dbx.Params{
			"id": b.depts[d.kind], "name": d.name, "kind": d.kind, "head": ids[d.head], "parent": parent,
			"created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
	}
	for i, p := range b.roster() {
		made := person{Person: p, id: b.id("users", i), deptID: b.depts[p.Dept], managerID: ids[p.Manager], active: p != former}
		b.people[p.Name] = made
		b.company.People[p.Name] = made.id
		if p.Role == "rep" && made.active {
			b.reps = append(b.reps, made)
		}
	}
	return nil
}

func (b *builder) roster() []Person {
	people := People()
	if b.opt.Cashiers {
		people = append(people, Cashiers()...)
	}
	if b.opt.Former {
		people = append(people, former)
	}
	return people
}

func (b *builder) users() error {
	hash := hashCost10
	if b.opt.CheapLogin {
		hash = hashCost4
	}
	err := b.w.insert(core.CollectionNameSuperusers, dbx.Params{
		"id": b.id("superusers", 0), "email": SuperuserEmail, "password": hash, "tokenKey": b.tokenKey("superusers", 0),
		"verified": true, "emailVisibility": false, "created": b.founded, "updated": b.founded,
	})
	if err != nil {
		return err
	}
	for i, p := range b.roster() {
		made := b.people[p.Name]
		err := b.w.insert("users", dbx.Params{
			"id": made.id, "email": Email(p.Name), "password": hash, "tokenKey": b.tokenKey("users", i),
			"verified": true, "emailVisibility": true,
			"name": p.Chinese, "emp_no": empNo(i), "role": p.Role, "department": made.deptID, "manager": made.managerID,
			"active": made.active, "phone": b.phone(i), "locale": "zh",
			"created": b.founded, "updated": b.founded,
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// tokenKey makes a key of 50 characters, PocketBase's length of it.
func (b *builder) tokenKey(kind string, n int) string {
	return (b.id("key1"+kind, n) + b.id("key2"+kind, n) + b.id("key3"+kind, n) + b.id("key4"+kind, n))[:50]
}
