package domain

// Settings of photos and papers.
var mediaSettings = append([]Setting{
	{Key: "media.device_daily_bytes", Type: SettingWhole, Min: 0, Max: 1 << 50, Default: 2 << 30, Texts: Texts{"每台设备每天可上传的字节数", "Bytes that a device may upload a day"}},
	{Key: "media.device_daily_count", Type: SettingWhole, Min: 0, Max: 1_000_000, Default: 1000, Texts: Texts{"每台设备每天可上传的文件数", "Files that a device may upload a day"}},
	{Key: "media.disk_reserve_mb", Type: SettingWhole, Min: 0, Max: 1 << 30, Default: 256, Texts: Texts{"磁盘须保留的空间(MB)", "Room that is kept free on the disk, in MB"}},
	{Key: "media.address_minutes", Type: SettingWhole, Min: 1, Max: 1440, Default: 15, Texts: Texts{"文件地址的有效分钟数", "Minutes for which an address of a file is good"}},
	{Key: "media.step_photos", Type: SettingWhole, Min: 1, Max: 1000, Default: 40, Clause: "R4.7", Texts: Texts{"每个步骤最多照片数", "Most photos of a step"}},
	{Key: "media.ocr", Type: SettingWhole, Min: 0, Max: 1, Default: 0, Texts: Texts{"用 OCR 识别没有二维码的单据(1 为开启)", "Papers without a QR are read by OCR (1 is on)"}},
	{Key: "media.keep_until", Type: SettingText, OneOf: []string{"stored", "durable"}, Default: "durable", Texts: Texts{"手机何时可删除照片", "State from which a phone may drop a photo"}},
	{Key: "media.watermark", Type: SettingList, Max: 3, OneOf: []string{"time", "account", "place"}, Default: []string{}, Clause: "R4.7", Texts: Texts{"照片水印内容", "What the watermark of a photo says"}},
	{Key: "media.max_bytes", Type: SettingData, Default: map[string]int{}, Check: checkByPurpose, Texts: Texts{"各用途文件的最大字节数", "Most bytes of a file, by purpose"}},
	{Key: "media.keep_days", Type: SettingData, Default: map[string]int{}, Check: checkByPurpose, Texts: Texts{"各用途文件的保留天数", "Days for which files are kept, by purpose"}},
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
func evidenceRisks() (out []Setting) {
	for _, numbers := range []map[string]int{PhotoDefaults, InvoicePoints} {
		for key, n := range numbers {
			out = append(out, Setting{
				Key: "risk." + key, Type: SettingWhole, Min: 0, Max: 1_000_000, Default: n, Clause: "R4.7",
				Texts: Texts{"照片与单据的判断:" + key, "Judging photos and papers: " + key},
			})
		}
	}
	return out
}
