package catalog

import (
	"satchel/domain"
	"satchel/domain/sales"
)

// letterText is the text of a target letter until the company writes its own.
const letterText = `为完成公司 {year} 年度经营目标，经双方充分沟通，{superior}（{superior_role}）与{name}（{dept}，{role}）签订本目标责任书。
一、责任人承诺完成下列各项年度目标，并按季度、月度分解执行。
二、责任人应按时汇报进度；未完成月度目标的，应分析原因并制定改进措施。
三、上级应为责任人完成目标提供必要的资源与支持，并定期检查执行情况。
四、目标完成情况作为绩效考核与奖励的依据。
五、本责任书经双方签字后生效；目标如有变更，应签订修订版，修订版经双方签字前以本版为准。`

// letterWords are what target letters say.
func letterWords() domain.Words {
	return domain.Words{
		Problems: map[string]domain.Texts{
			"letter.state":              {"目标责任书当前状态({from})不能执行 {action}。", "A target letter in state {from} cannot {action}."},
			"letter.locked":             {"目标责任书已发出，内容不能修改；如需修改请签订新版本。", "The target letter is sent and stays as it is: make a new version."},
			"letter.not_superior":       {"目标责任书由其直接上级发出和会签，部门负责人可代为发出或作废。", "A target letter is sent and countersigned by the direct superior; the head of the department may send or void it."},
			"letter.not_owner":          {"目标责任书只能由责任人本人签字。", "Only the person whose targets they are signs the letter."},
			"letter.subject_invalid":    {"该员工不在职、没有直接上级，或不由您管理。", "This person is not active, has no superior, or is not yours to lead."},
			"letter.no_superior":        {"{name}没有上级，无人会签：请先在组织中指定其上级。", "Nobody is over {name} to sign with: name a superior first."},
			"letter.year_invalid":       {"年度无效。", "The year is none that a letter may be of."},
			"letter.draft_twice":        {"该员工本年度已有一份责任书草稿。", "There is already a draft of a letter for this person and year."},
			"letter.no_targets":         {"该员工本年度没有已下达的目标。", "No target of this person is in force for the year."},
			"letter.in_revision":        {"该员工有目标正在修订，请下达后再发出责任书。", "A target of this person is being revised: issue it before the letter is sent."},
			"letter.subject_left":       {"责任人已不在职，不能再签署。", "The person has left: the letter cannot be signed any more."},
			"letter.superior_changed":   {"责任人的直接上级已变更为 {name}，请由其重新发出责任书。", "The person is now led by {name}, who sends a letter of his own."},
			"letter.targets_changed":    {"发出后目标已变更，请等待上级发出新版本。", "The targets have changed since it was sent: wait for the new version."},
			"letter.version_old":        {"这是旧版本，请查看并签署第 {version} 版（{sha256}）。", "This version is old: read and sign version {version} ({sha256})."},
			"letter.signed_twice":       {"您已签署过这份责任书。", "You have signed this letter already."},
			"letter.hash_other":         {"您看到的内容与责任书（{sha256}）不一致，请重新查看后签署。", "What you were shown is not what the letter says ({sha256}): read it again and sign."},
			"letter.signature_required": {"请本人手写签名。", "Draw your own signature."},
			"letter.reason_required":    {"请填写作废原因。", "Give the reason."},
			"letter.not_sent":           {"责任书尚未发出，没有可下载的文件。", "The letter has not been sent: there is no document yet."},
		},
		Notices: map[string]domain.Texts{
			"letter.sent":          {"{year} 年目标责任书（第 {version} 版）待您签字", "Your target letter for {year} (version {version}) waits for your signature"},
			"letter.signed":        {"{name} 已签署 {year} 年目标责任书（第 {version} 版）", "{name} has signed the target letter for {year} (version {version})"},
			"letter.countersigned": {"{name} 已会签您的 {year} 年目标责任书（第 {version} 版）", "{name} has countersigned your target letter for {year} (version {version})"},
			"letter.effective":     {"{name} 的 {year} 年目标责任书（第 {version} 版）已生效", "The target letter of {name} for {year} (version {version}) is in force"},
			"letter.void":          {"{year} 年目标责任书（第 {version} 版）已作废：{reason}", "Your target letter for {year} (version {version}) is void: {reason}"},
			"letter.succeed":       {"{name} 现由您管理，请重新发出其 {year} 年目标责任书（第 {version} 版）", "You lead {name} now: send version {version} of the target letter for {year}"},
			"letter.amend":         {"{name} 的 {year} 年目标有变，请发出责任书第 {version} 版", "The targets of {name} for {year} have changed: send version {version} of the letter"},
		},
		Settings: []domain.Setting{{
			Key: "letter.text", Type: domain.SettingText, Default: letterText, Clause: "R4.2",
			Check: func(v any) string { text, _ := v.(string); return sales.LetterTemplateFault(text) },
			Texts: domain.Texts{"目标责任书正文", "Text of a target letter"},
		}},
	}
}
