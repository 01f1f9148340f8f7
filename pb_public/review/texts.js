import { language, speaker } from "../shared/texts.js";

// What the page says. Both languages have the same keys.
export const texts = {
    zh: {
        title: "拜访核查",
        open: "待核查", questioned: "存疑", all: "全部有疑点", none: "没有需要核查的拜访。",
        more: "更多", back: "返回列表", score: "风险分", reasons: "疑点", noReasons: "没有疑点。", photos: "照片", noPhotos: "没有照片。",
        account: "客户", rep: "人员", checkIn: "签到", checkOut: "签退", dwell: "停留 {minutes} 分钟", summary: "拜访记录",
        note: "处理意见", answer: "业务员的说明", accept: "认可", question: "要求说明", noteNeeded: "请写明要对方说明什么。",
        own: "自己的拜访由上级核查。", thisPhoto: "本次照片", earlier: "此前用过的照片", later: "此后又用的照片", bytes: "完全相同的文件",
        similar: "画面几乎相同，差异 {distance}/64", mirrored: "左右翻转", used: "使用时间", taken: "拍摄时间", unknown: "未记录",
        apart: "相隔 {days} 天", apartHours: "相隔 {hours} 小时", away: "两家客户相距 {km} 公里", hidden: "还有您无权查看的照片与它相同或相似，请审计人员核对。",
        removed: "原始文件已按保留期清除", enlarge: "放大",
        states: { reported: "已报告", questioned: "存疑", accepted: "已认可", in_progress: "进行中", checked_out: "已签退", void_fraud: "已作废" },
    },
    en: {
        title: "Visits to review",
        open: "To review", questioned: "Questioned", all: "All with reasons", none: "No visit waits for a review.",
        more: "More", back: "Back to the list", score: "Risk", reasons: "Reasons", noReasons: "No reasons.", photos: "Photos", noPhotos: "No photos.",
        account: "Account", rep: "Who", checkIn: "Check-in", checkOut: "Check-out", dwell: "stayed {minutes} min", summary: "Report",
        note: "Your note", answer: "The rep's answer", accept: "Accept", question: "Ask for an answer", noteNeeded: "Say what is to be answered.",
        own: "A visit of your own is reviewed by your superior.", thisPhoto: "This photo", earlier: "Used before", later: "Used again later",
        bytes: "the very same file", similar: "nearly the same picture, {distance} of 64 bits differ", mirrored: "mirrored", used: "Used", taken: "Taken",
        unknown: "not noted", apart: "{days} days apart", apartHours: "{hours} hours apart", away: "the accounts are {km} km apart",
        hidden: "There are more photos like this one that you may not see. Ask an auditor.",
        removed: "The file was removed when its time was over", enlarge: "Enlarge",
        states: { reported: "reported", questioned: "questioned", accepted: "accepted", in_progress: "in progress", checked_out: "checked out", void_fraud: "void" },
    },
};

export const say = speaker(texts);

export const sayState = (state) => texts[language].states[state] || state;
