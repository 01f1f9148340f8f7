package catalog

import (
	"satchel/domain"
)

// Refusals of copies.
var backupTexts = map[string]domain.Texts{
	"backup.no_root": {"服务器未设置备份根目录(环境变量 SATCHEL_BACKUP_ROOT),不能由参数指定备份位置;可在服务器上用 satchel backup 备份。", "The server has no root for copies (environment variable SATCHEL_BACKUP_ROOT), so no setting can name where they go. Whoever is on the server can use satchel backup."},
	"backup.outside": {"备份目录须为 {root} 之下的绝对路径。", "The directory of copies must be an absolute path below {root}."},
}
