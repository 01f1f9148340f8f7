package morning

import (
	"errors"

	"github.com/pocketbase/pocketbase/core"

	"satchel/internal/demo"
)

// errForeign says that the data directory is somebody's own.
var errForeign = errors.New("数据目录已有用户且不是演示数据，演示不会写入；请用 --dir 指定别的目录 / " +
	"the data directory has users and is no demo directory, the demo leaves it alone; name another one with --dir")

// settle makes sure that the app holds a demo company: it builds one in an
// empty directory, keeps the one that is there, and refuses anything else.
func settle(app core.App, opt demo.Options, c *console) error {
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	marker, found, err := demo.Find(app)
	if err != nil {
		return err
	}
	if found {
		c.say("沿用演示公司：%s", "keeping the demo company %s", marker.Name)
		c.say("建于 %s", "it was built on %s", marker.Today)
		return nil
	}
	used, err := demo.InUse(app)
	if err != nil {
		return err
	}
	if used {
		return errForeign
	}
	made, err := demo.Build(app, opt)
	if err != nil {
		return err
	}
	c.say("新建演示公司：%s", "built the demo company %s", made.Name)
	c.say("%d 人，%d 家客户，%d 个产品", "%d people, %d accounts, %d products", len(made.People), len(made.Accounts), len(made.Products))
	c.say("%d 天 %d 次拜访、%d 张订单", "%d days with %d visits and %d orders", opt.Days, made.Visits, made.Orders)
	return nil
}
