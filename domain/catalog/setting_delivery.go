package catalog

import (
	"satchel/domain"
)

var deliverySettings = []domain.Setting{
	{Key: "delivery.signature", Type: domain.SettingFlag, Default: true, Clause: "R4.12", Phones: true, Texts: domain.Texts{"签收须附签收单(签名照片或文件)", "A delivery needs the signed paper beside who signed"}},
}
