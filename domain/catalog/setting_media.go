package catalog

import (
	"satchel/domain"
	"satchel/domain/evidence"
	"satchel/domain/expense"
)

// Settings of photos and papers.
var mediaSettings = append([]domain.Setting{
	{Key: "media.device_daily_bytes", Type: domain.SettingWhole, Min: 0, Max: 1 << 50, Default: 2 << 30, Texts: domain.Texts{"每台设备每天可上传的字节数", "Bytes that a device may upload a day"}},
	{Key: "media.device_daily_count", Type: domain.SettingWhole, Min: 0, Max: 1_000_000, Default: 1000, Texts: domain.Texts{"每台设备每天可上传的文件数", "Files that a device may upload a day"}},
	{Key: "media.disk_reserve_mb", Type: domain.SettingWhole, Min: 0, Max: 1 << 30, Default: 256, Texts: domain.Texts{"磁盘须保留的空间(MB)", "Room that is kept free on the disk, in MB"}},
	{Key: "media.address_minutes", Type: domain.SettingWhole, Min: 1, Max: 1440, Default: 15, Texts: domain.Texts{"文件地址的有效分钟数", "Minutes for which an address of a file is good"}},
	{Key: "media.step_photos", Type: domain.SettingWhole, Min: 1, Max: 1000, Default: 40, Clause: "R4.7", Texts: domain.Texts{"每个步骤最多照片数", "Most photos of a step"}},
	{Key: "media.ocr", Type: domain.SettingWhole, Min: 0, Max: 1, Default: 0, Texts: domain.Texts{"用 OCR 识别没有二维码的单据(1 为开启)", "Papers without a QR are read by OCR (1 is on)"}},
	{Key: "media.keep_until", Type: domain.SettingText, OneOf: []string{"stored", "durable"}, Default: "durable", Texts: domain.Texts{"手机何时可删除照片", "State from which a phone may drop a photo"}},
	{Key: "media.watermark", Type: domain.SettingList, Max: 3, OneOf: []string{"time", "account", "place"}, Default: []string{}, Clause: "R4.7", Texts: domain.Texts{"照片水印内容", "What the watermark of a photo says"}},
	{Key: "media.max_bytes", Type: domain.SettingData, Default: map[string]int{}, Check: checkByPurpose, Texts: domain.Texts{"各用途文件的最大字节数", "Most bytes of a file, by purpose"}},
	{Key: "media.keep_days", Type: domain.SettingData, Default: map[string]int{}, Check: checkByPurpose, Texts: domain.Texts{"各用途文件的保留天数", "Days for which files are kept, by purpose"}},
}, evidenceRisks()...)

// checkByPurpose judges whole numbers by the purpose of a file.
func checkByPurpose(v any) string {
	object, ok := v.(map[string]any)
	if !ok {
		return "an object is needed"
	}
	for name, member := range object {
		if n, ok := member.(float64); !ok || n != float64(int64(n)) || n < 0 {
			return name + ": a whole number is needed"
		}
	}
	return ""
}

// evidenceRisks makes a setting of every number by which photos and papers are judged.
func evidenceRisks() (out []domain.Setting) {
	for _, numbers := range []map[string]int{evidence.PhotoDefaults, expense.InvoicePoints} {
		for key, n := range numbers {
			out = append(out, domain.Setting{
				Key: "risk." + key, Type: domain.SettingWhole, Min: 0, Max: 1_000_000, Default: n, Clause: "R4.7",
				Texts: domain.Texts{"照片与单据的判断:" + key, "Judging photos and papers: " + key},
			})
		}
	}
	return out
}
