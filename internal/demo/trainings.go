package demo

import (
	"time"

	"github.com/pocketbase/dbx"

	"satchel/domain"
	training "satchel/domain/product"
)

var trainingQuiz = []training.Question{
	{Key: "q1", Text: "新品常温保质期是多久？", Options: []string{"6 个月", "9 个月", "12 个月"}},
	{Key: "q2", Text: "新品的卖点有哪些？", Options: []string{"零蔗糖", "低脂", "进口奶源"}, Multiple: true},
	{Key: "q3", Text: "首单最低起订量是多少？", Options: []string{"5 箱", "10 箱", "20 箱"}},
	{Key: "q4", Text: "陈列应放在哪一层？", Options: []string{"底层", "视线层", "顶层"}},
}

var trainingKey = training.Answers{"q1": {2}, "q2": {0, 1}, "q3": {1}, "q4": {1}}

// given are answers of different worth.
var given = []training.Answers{
	trainingKey,
	{"q1": {2}, "q2": {0, 1}, "q3": {1}, "q4": {2}},
	{"q1": {2}, "q2": {0, 1}, "q3": {1}, "q4": {1}},
	{"q1": {1}, "q2": {0}, "q3": {1}, "q4": {1}},
}

// trainings writes one that was held and closed its quiz for most, one that is
// announced, and one that is being prepared, if the options ask for customers.
func (b *builder) trainings() error {
	if !b.opt.Customers {
		return nil
	}
	guo, qian := b.people["product.guo"], b.people["service.qian"]
	pass := standard[int]("training.pass_bp")
	held := b.training(guo, -12, dbx.Params{
		"title": "春季新品知识", "kind": "product", "note": "口感、卖点与陈列要求。", "place": "三楼培训室", "departments": toJSON([]string{b.depts["ka"]}),
		"quiz": toJSON(trainingQuiz), "pass_bp": pass, "quiz_due": b.dayAhead(-5), "state": training.TrainingHeld, "held_at": stamp(b.at(12, 17)),
	})
	soon := b.training(qian, 6, dbx.Params{
		"title": "投诉处理流程", "kind": "service", "place": "线上", "roles": toJSON([]string{"rep"}), "state": training.TrainingPublished,
	})
	draft := b.training(guo, 30, dbx.Params{
		"title": "夏季饮品线", "kind": "product", "departments": toJSON([]string{b.depts["ka"]}), "quiz": toJSON(trainingQuiz), "state": training.TrainingDraft,
	})
	for _, row := range []dbx.Params{held, soon, draft} {
		if err := b.w.insert("trainings", row); err != nil {
			return err
		}
	}
	for i, of := range []dbx.Params{held, draft} {
		err := b.w.insert("training_keys", dbx.Params{
			"id": b.id("training_keys", i), "training": of["id"], "owner": guo.id, "answers": toJSON(trainingKey), "created": of["created"], "updated": of["created"],
		})
		if err != nil {
			return err
		}
	}
	n := 0
	for _, p := range b.roster() {
		user := b.people[p.Name]
		if !user.active || p.Dept != "ka" {
			continue
		}
		if err := b.part(n, held, guo, user, pass); err != nil {
			return err
		}
		if p.Role == "rep" {
			if err := b.part(100+n, soon, qian, user, 0); err != nil {
				return err
			}
		}
		n++
	}
	return nil
}

// dayAhead is so many days from today.
func (b *builder) dayAhead(ahead int) string { return domain.AddDays(b.company.Today, ahead) }

// training is one of somebody's, so many days from today.
func (b *builder) training(owner person, ahead int, more dbx.Params) dbx.Params {
	made := b.at(max(20, 20-ahead), 9)
	row := b.whose(owner, made, dbx.Params{
		"id": b.id("trainings "+owner.Name, ahead), "date": b.dayAhead(ahead), "departments": "[]", "roles": "[]", "users": "[]", "quiz": "[]",
	})
	for name, value := range more {
		row[name] = value
	}
	if row["state"] != training.TrainingDraft {
		row["published_at"] = stamp(made.Add(time.Hour))
	}
	return row
}

// part is somebody's in a training; of one with a quiz all but a few came, and all
// but a few more answered.
func (b *builder) part(n int, of dbx.Params, trainer, user person, pass int) error {
	row := dbx.Params{
		"id": b.id("training_records", n), "training": of["id"], "user": user.id, "manager": user.managerID, "dept": user.deptID, "trainer": trainer.id,
		"state": training.PartInvited, "attended": false, "attended_at": "", "answers": "null", "score_bp": 0, "passed": false, "tries": 0, "submitted_at": "", "late": false,
		"created": of["published_at"], "updated": of["published_at"],
	}
	if pass > 0 && n%7 != 5 {
		row["state"], row["attended"], row["attended_at"] = training.PartAttended, true, stamp(b.at(12, 14))
	}
	if pass > 0 && n%5 != 4 {
		answers := given[n%len(given)]
		score := training.Score(trainingQuiz, trainingKey, answers)
		back := 11 - n%8 // the last of them after the quiz was due
		row["state"], row["answers"], row["score_bp"], row["passed"], row["tries"] = training.PartSubmitted, toJSON(answers), score, score >= pass, 1
		row["submitted_at"], row["late"] = stamp(b.at(back, 10)), back < 5
	}
	return b.w.insert("training_records", row)
}
