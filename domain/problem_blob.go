package domain

// Refusals of photos, papers and their uploads.
var blobTexts = map[string]Texts{
	"blob.hash_mismatch":   {"照片内容与登记的校验值不符,请重新上传。", "The bytes do not match the SHA-256 that was announced; send them again."},
	"blob.size_mismatch":   {"照片大小与登记的不符。", "The size differs from the one that was announced."},
	"blob.type_refused":    {"只接受 JPEG、PNG 或 WebP 照片。", "Only JPEG, PNG and WebP photos are accepted."},
	"blob.too_large":       {"文件超过 {limit} 字节。", "The file is larger than {limit} bytes."},
	"blob.too_many_pixels": {"照片像素过多。", "The photo has too many pixels."},
	"blob.damaged":         {"照片已损坏,无法读取。", "The photo is damaged and cannot be read."},

	"blob.already_stored": {"照片已保存,无需重传。", "The photo is stored already; nothing more to send."},
	"blob.step_full":      {"此步骤最多 {limit} 张照片。", "The step takes at most {limit} photos."},

	"upload.not_found":       {"没有这个上传,请重新创建。", "There is no such upload; create a new one."},
	"upload.expired":         {"上传已过期,请重新创建。", "The upload has expired; create a new one."},
	"upload.locked":          {"该上传正由另一请求处理,请稍后继续。", "Another request works on this upload; go on later."},
	"upload.offset_mismatch": {"续传位置不符,请先查询。", "The offset differs; ask for it first."},
	"upload.request":         {"上传请求格式不对:{reason}。", "The upload request is malformed: {reason}."},
}
