package catalog

import (
	"satchel/domain"
)

// Refusals of photos, papers and their uploads.
var blobTexts = map[string]domain.Texts{
	"blob.hash_mismatch":   {"照片内容与登记的校验值不符,请重新上传。", "The bytes do not match the SHA-256 that was announced; send them again."},
	"blob.size_mismatch":   {"照片大小与登记的不符。", "The size differs from the one that was announced."},
	"blob.type_refused":    {"不接受此类文件(识别为 {found})。照片须为 JPEG、PNG 或 WebP,票据还可用 PDF、OFD 或 XML。", "Files of this type are not taken (found: {found}). Photos must be JPEG, PNG or WebP; papers may also be PDF, OFD or XML."},
	"blob.convert":         {"服务器不接受 HEIC 照片,请由手机转换为 JPEG 后上传。", "HEIC photos are not taken; the phone should convert them to JPEG before it sends them."},
	"blob.purpose_unknown": {"没有名为 {purpose} 的用途。", "There is no purpose named {purpose}."},
	"blob.empty":           {"文件是空的。", "The file is empty."},
	"blob.too_large":       {"文件超过 {limit} 字节。", "The file is larger than {limit} bytes."},
	"blob.too_many_pixels": {"照片像素过多。", "The photo has too many pixels."},
	"blob.too_dear":        {"照片过大或过于复杂,处理所需的内存或时间超出上限。", "The photo takes more memory or time than is given to one."},
	"blob.progressive":     {"渐进式 JPEG 须整幅保存在内存中才能处理,此图超出上限,请另存为普通(基线)JPEG 后再上传。", "A progressive JPEG is held in memory as a whole until its end, and this one takes more than is given to one; save it as a plain (baseline) JPEG and send that."},
	"blob.animated":        {"不接受动态图片,请拍摄单张照片。", "Moving pictures are not taken; send a single photo."},
	"blob.damaged":         {"文件已损坏,无法读取。", "The file is damaged and cannot be read."},

	"blob.already_stored": {"文件已收到,无需重传。", "The file is here already; nothing more to send."},
	"blob.step_full":      {"此步骤最多 {limit} 张照片。", "The step takes at most {limit} photos."},

	"preview.at_once":    {"同时请求的预览图过多(上限 {limit} 个),请稍后再试。", "Too many previews at once (at most {limit}); try again later."},
	"preview.later":      {"暂时无法生成预览图,请稍后再试。", "No preview can be made at the moment; try again later."},
	"blob.not_here":      {"文件尚未收到或尚未处理完。", "The bytes are not here yet, or not developed yet."},
	"blob.bytes_removed": {"文件内容已于 {at} 移除({why})。", "The bytes were removed at {at} ({why})."},
	"blob.hold_reason":   {"保留须说明理由。", "A hold needs a reason."},
	"address.invalid":    {"文件地址无效。", "The address is not valid."},
	"address.expired":    {"文件地址已过期,请重新获取。", "The address has expired; ask for a new one."},

	"upload.not_found":         {"没有这个上传,请重新创建。", "There is no such upload; create a new one."},
	"upload.expired":           {"上传已过期,请重新创建。", "The upload has expired; create a new one."},
	"upload.locked":            {"该上传正由另一请求处理,请稍后继续。", "Another request works on this upload; go on later."},
	"upload.offset_mismatch":   {"续传位置不符,请先查询。", "The offset differs; ask for it first."},
	"upload.checksum_mismatch": {"这一段内容在传输中损坏,已丢弃,请重传这一段。", "These bytes were spoilt on the way and are discarded; send them again."},
	"upload.quota":             {"本机今日上传已达上限({of} {limit}),{frees} 起可继续。", "This device has reached its limit of uploads for today ({of}: {limit}); it can go on from {frees}."},
	"upload.gave_way":          {"同时上传过多,最久没有进展的一个已让位,已收到的部分保留,请稍后继续。", "Too many uploads at once; the one that stood still the longest gave way. What came is kept; go on later."},
	"upload.disk_full":         {"服务器存储空间不足,请稍后再传,其他功能不受影响。", "The server has no room for uploads at the moment; send it later. Everything else goes on."},

	"upload.request": {"上传请求格式不对:{reason}。", "The upload request is malformed: {reason}."},
}
