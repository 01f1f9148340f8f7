import { speaker } from "../shared/texts.js";

// What the page says. Both languages have the same keys.
export const texts = {
    zh: {
        title: "考核结果", hint: "点开一次考核，可以看到得分的每一步。", none: "还没有您可以查看的考核。", back: "返回列表",
        score: "得分", grade: "等级", scheme: "方案", version: "第 {n} 版", days: "在岗天数", ofDays: "{days} / {all} 天", cutoff: "数据截止", same: "重新计算的结果与记录一致", differs: "重新计算的结果与记录不一致",
        noScore: "没有得分", hidden: "不公开", counted: "统计了 {n} 条记录", records: "查看记录", more: "更多", day: "日期", ref: "记录", value: "数值", rule: "规则",
        opFact: "统计或评分", opFormula: "公式", opBand: "评分标准", opSum: "加权合计", opClamp: "限定范围", opRound: "四舍五入", opGrade: "等级标准", opCap: "否决项", opReplace: "取代", opDistance: "相差",
        corrections: "截止后更正的记录", noCorrections: "截止后没有更正。", notMoved: "这些更正计入之后的月份，不改变本次结果。",
    },
    en: {
        title: "Appraisal", hint: "Open one to see every step of its score.", none: "There is no appraisal that you may read yet.", back: "Back to the list",
        score: "Score", grade: "Grade", scheme: "Scheme", version: "version {n}", days: "Days", ofDays: "{days} of {all}", cutoff: "Cut-off", same: "Reckoned again it is the same", differs: "Reckoned again it is not the same",
        noScore: "No score", hidden: "not shown", counted: "{n} records counted", records: "Show the records", more: "More", day: "Day", ref: "Record", value: "Value", rule: "Rule",
        opFact: "Counted or rated", opFormula: "Formula", opBand: "Score band", opSum: "Weighted sum", opClamp: "Within limits", opRound: "Rounded half up", opGrade: "Grades", opCap: "Gates", opReplace: "In its place", opDistance: "Distance",
        corrections: "Corrected after cut-off", noCorrections: "Nothing was corrected after cut-off.", notMoved: "They count in later months and do not move this result.",
    },
};

export const say = speaker(texts);
