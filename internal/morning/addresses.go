package morning

import (
	"slices"

	"satchel/internal/demo"
)

// roles are what the roles are called.
var roles = map[string]struct{ zh, en string }{
	"dept_manager": {"部门经理", "department manager"}, "ka_manager": {"KA业务经理", "KA manager"}, "rep": {"KA业务代表", "KA rep"},
	"executive": {"公司管理层", "executive"}, "finance": {"财务", "finance"}, "market": {"市场部", "marketing"}, "product": {"研发部", "product"},
	"service": {"客服部", "customer service"}, "reviewer": {"法务", "legal"}, "auditor": {"审计", "auditor"}, "admin": {"管理员", "administrator"},
	"ops": {"物流", "logistics"},
}

// addresses tells where to look and as whom.
func addresses(c *console, base string) {
	c.head("看一看", "Have a look")
	for _, l := range [][2]string{
		{"管理后台 " + base + "/_/", "dashboard"},
		{"拜访核查 " + base + "/review/", "visits to review, as manager.wu"},
		{"接口 " + base + "/api/", "REST, sync and uploads"},
		{"所有密码 " + demo.Password, "the password of all"},
	} {
		c.raw(pad("  "+l[0], column) + "  " + l[1])
	}
	rows := [][]string{{"登录 / login", "身份", "role"}, {demo.SuperuserEmail, "超级管理员", "superuser of the dashboard"}}
	for _, p := range slices.Concat(demo.People(), demo.Cashiers()) {
		role := roles[p.Role]
		rows = append(rows, []string{demo.Email(p.Name), role.zh + " " + p.Chinese, role.en})
	}
	c.table(rows)
}
