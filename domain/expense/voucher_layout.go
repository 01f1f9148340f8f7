package expense

import (
	"strconv"

	"satchel/domain"
)

// Systems that take journals.
const (
	SystemYonyou  = "yonyou"
	SystemKingdee = "kingdee"
)

// YonyouHeads and KingdeeHeads are the columns of the journals that 用友 and 金蝶 take.
var (
	YonyouHeads  = []string{"制单日期", "凭证类别", "凭证号", "附单据数", "摘要", "科目编码", "借方金额", "贷方金额", "部门", "个人", "客户", "项目"}
	KingdeeHeads = []string{"凭证日期", "会计年度", "会计期间", "凭证字", "凭证号", "科目代码", "币别代码", "原币金额", "借方", "贷方", "摘要", "附件数", "分录序号", "部门", "职员", "客户", "项目"}
)

// JournalRows are a month's journal in the layout of a system, heads first; of a system
// that is not known, none.
func JournalRows(system string, entries []VoucherEntry) (rows [][]string) {
	switch system {
	case SystemYonyou:
		rows = append(rows, YonyouHeads)
	case SystemKingdee:
		rows = append(rows, KingdeeHeads)
	default:
		return nil
	}
	line, last := 0, ""
	for _, e := range entries {
		if line++; e.No != last {
			line, last = 1, e.No
		}
		no, papers := strconv.Itoa(VoucherSeq(e.No)), strconv.Itoa(e.Papers)
		if system == SystemYonyou {
			rows = append(rows, []string{e.Day, "付", no, papers, plain(e.Text), e.Account, yuan(e.Debit), yuan(e.Credit), plain(e.Dept), plain(e.Who), plain(e.Customer), plain(e.Node)})
			continue
		}
		period, _ := strconv.Atoi(e.Day[5:7])
		rows = append(rows, []string{
			e.Day, e.Day[:4], strconv.Itoa(period), "付", no, e.Account, "RMB", yuan(e.Debit + e.Credit), yuan(e.Debit), yuan(e.Credit),
			plain(e.Text), papers, strconv.Itoa(line), plain(e.Dept), plain(e.Who), plain(e.Customer), plain(e.Node),
		})
	}
	return rows
}

func yuan(fen int) string { return domain.Yuan(int64(fen)) }
