package importexport

import (
	"fmt"
	"slices"

	"satchel/domain/people"
)

// column is a field of a list, as people head it.
type column struct {
	field    string
	zh, en   string
	kind     kind
	values   map[string]string // of a choice: what people write → the value
	relation string            // the collection that a reference leads to
	needed   bool
	may      bool // of the key: a line may leave it out, and so may a list
	byNo     bool // people are known by their numbers to who imports the list, whom he sees or not
	part     int  // of a list of numbers that is spread over columns, from 1
}

type kind int

const (
	plain     kind = iota
	choice         // one of values
	reference      // somebody or something of relation, by any of its names
	yesNo
	whole
	dayOf // YYYY-MM-DD, or as spreadsheets write it
)

// list is a collection that can be imported.
type list struct {
	collection string
	by         []string // the roles that may make or change rows
	columns    []column
	// key finds the row that a line is about; a line with empty key fields is refused.
	key []string
	// live is the condition, in SQL, of rows that a line may be about; all if empty.
	live string
	// totals: a line that is called a total is checked, and is no row.
	totals bool
	// within: rows name others of the list without a column of it.
	within bool
}

var whoSetTargets = []string{people.RoleRep, people.RoleKAManager, people.RoleDeptManager}

var whoKeepAccounts = []string{people.RoleRep, people.RoleKAManager, people.RoleDeptManager, people.RoleAdmin}

var lists = map[string]list{
	"users": {collection: "users", by: []string{people.RoleAdmin}, key: []string{"emp_no"}, columns: []column{
		{field: "emp_no", zh: "工号", en: "Employee no.", needed: true},
		{field: "name", zh: "姓名", en: "Name", needed: true},
		{field: "email", zh: "邮箱", en: "E-mail"},
		{field: "role", zh: "角色", en: "Role", kind: choice, needed: true, values: map[string]string{
			"KA业务代表": people.RoleRep, "KA业务经理": people.RoleKAManager, "部门经理": people.RoleDeptManager, "市场": "market", "研发": "product",
			"客服": "service", "财务": "finance", "管理层": people.RoleExecutive, "审核": "reviewer", "管理员": people.RoleAdmin, "审计": "auditor",
			"物流": people.RoleOps,
		}},
		{field: "department", zh: "部门", en: "Department", kind: reference, relation: "departments"},
		{field: "manager", zh: "上级", en: "Manager", kind: reference, relation: "users"},
		{field: "phone", zh: "手机", en: "Phone"},
		{field: "active", zh: "在职", en: "Active", kind: yesNo},
		{field: "hire_date", zh: "入职日期", en: "Hired", kind: dayOf},
	}},
	"accounts": {collection: "accounts", by: whoKeepAccounts, key: []string{"uscc"}, columns: []column{
		{field: "uscc", zh: "统一社会信用代码", en: "USCC", needed: true},
		{field: "name", zh: "客户名称", en: "Name", needed: true},
		{field: "short_name", zh: "简称", en: "Short name"},
		{field: "kind", zh: "类型", en: "Kind", kind: choice, values: map[string]string{"潜在客户": "prospect", "KA客户": "ka", "流失": "lost"}},
		{field: "tier", zh: "等级", en: "Tier", kind: choice, values: map[string]string{"A": "A", "B": "B", "C": "C"}},
		{field: "industry", zh: "行业", en: "Industry"},
		{field: "region", zh: "区域", en: "Region"},
		{field: "address", zh: "地址", en: "Address"},
		{field: "owner", zh: "负责人", en: "Owner", kind: reference, relation: "users"},
		{field: "credit_limit_fen", zh: "信用额度(分)", en: "Credit limit (fen)", kind: whole},
		{field: "payment_days", zh: "账期(天)", en: "Payment days", kind: whole},
		{field: "note", zh: "备注", en: "Note"},
	}},
	"contacts": {collection: "contacts", by: whoKeepAccounts, key: []string{"account", "name"}, columns: []column{
		{field: "account", zh: "客户", en: "Account", kind: reference, relation: "accounts", needed: true},
		{field: "name", zh: "姓名", en: "Name", needed: true},
		{field: "title", zh: "职务", en: "Title"},
		{field: "phone", zh: "电话", en: "Phone"},
		{field: "email", zh: "邮箱", en: "E-mail"},
		{field: "wechat", zh: "微信", en: "WeChat"},
		{field: "role_in_decision", zh: "决策角色", en: "Role in decisions", kind: choice, values: map[string]string{
			"决策人": "decider", "影响人": "influencer", "使用人": "user", "采购人": "buyer", "把关人": "gatekeeper",
		}},
		{field: "birthday", zh: "生日", en: "Birthday", kind: dayOf},
		{field: "note", zh: "备注", en: "Note"},
	}},
	"employments": {collection: "employments", by: []string{people.RoleFinance}, key: []string{"person", "from_date"}, columns: []column{
		{field: "person", zh: "员工", en: "Person", kind: reference, relation: "users", needed: true, byNo: true},
		{field: "from_date", zh: "生效日期", en: "From", kind: dayOf, needed: true},
		{field: "base_fen", zh: "奖金基数(分/周期)", en: "Bonus base (fen per cycle)", kind: whole},
		{field: "job_grade", zh: "职级", en: "Job grade"},
		{field: "grade_since", zh: "任现职级日期", en: "In grade since", kind: dayOf},
		{field: "joined", zh: "入职日期", en: "Joined", kind: dayOf},
		{field: "left_on", zh: "离职日期", en: "Left on", kind: dayOf},
		{field: "note", zh: "备注", en: "Note"},
	}},
	"targets": {collection: "targets", by: whoSetTargets, key: []string{"owner", "account", "metric", "year"}, live: "state <> 'cancelled'", within: true, totals: true, columns: slices.Concat(
		[]column{
			{field: "owner", zh: "负责人", en: "Owner", kind: reference, relation: "users", needed: true},
			{field: "account", zh: "客户", en: "Account", kind: reference, relation: "accounts", may: true},
			{field: "metric", zh: "指标", en: "Metric", kind: choice, needed: true, values: map[string]string{
				"销售额": "amount", "销售量": "volume", "销售利润": "profit", "新增KA客户": "new_ka", "客户满意度": "csat",
			}},
			{field: "year", zh: "年度", en: "Year", needed: true},
			{field: "value", zh: "全年", en: "Whole year", kind: whole, needed: true},
		},
		parts("quarters", "第%d季度", "Q%d", 4), parts("months", "%d月", "Month %d", 12),
		[]column{
			{field: "basis_company", zh: "依据:公司目标", en: "Basis: company goal"},
			{field: "basis_market", zh: "依据:市场情况", en: "Basis: market"},
			{field: "basis_capability", zh: "依据:业务能力", en: "Basis: capability"},
		},
	)},
}

// parts are the columns of a list of so many numbers.
func parts(field, zh, en string, many int) (out []column) {
	for n := range many {
		out = append(out, column{field: field, zh: fmt.Sprintf(zh, n+1), en: fmt.Sprintf(en, n+1), kind: whole, part: n + 1})
	}
	return out
}

// names are the fields by which a reference is found, the surest first.
var names = map[string][]string{
	"users": {"id", "emp_no", "email", "name"}, "departments": {"id", "name", "kind"}, "accounts": {"id", "uscc", "name", "short_name"},
}

// openNames are the collections whose names everybody may read.
var openNames = map[string]bool{"users": true, "departments": true}

func (l list) column(field string) (column, bool) {
	for _, c := range l.columns {
		if c.field == field {
			return c, true
		}
	}
	return column{}, false
}

// heads is what a column is called in a language.
func (c column) head(lang string) string {
	if lang == "en" {
		return c.en
	}
	return c.zh
}
