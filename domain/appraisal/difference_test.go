package appraisal

import (
	"reflect"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
)

// policy: R2.3 appraisal_schemes
//
// TestEveryFieldsChangeIsToldInWords walks through a scheme by reflection: each field, of
// each entry of each list, is changed alone, and must be told in both languages; so must each
// entry that comes or goes.
func TestEveryFieldsChangeIsToldInWords(t *testing.T) {
	fields := 0
	tell := func(path string, before, after Scheme) {
		t.Helper()
		fields++
		changes := Diff(before, after)
		if len(changes) == 0 {
			t.Errorf("%s: a change is not told", path)
		}
		for _, c := range changes {
			if c.ZH == "" || c.EN == "" || c.At == "" || strings.Contains(c.ZH, "%!") || c.ZH == c.EN || !han.MatchString(c.ZH) {
				t.Errorf("%s: %+v", path, c)
			}
		}
	}
	before := Default("ka_manager", CycleQuarter)
	var walk func(path string, at func(*Scheme) reflect.Value)
	walk = func(path string, at func(*Scheme) reflect.Value) {
		v := at(&before)
		if _, is := v.Interface().(decimal.Decimal); is {
			after := copied(t, before)
			at(&after).Set(reflect.ValueOf(v.Interface().(decimal.Decimal).Add(decimal.NewFromInt(1))))
			tell(path, before, after)
			return
		}
		switch v.Kind() {
		case reflect.Struct:
			for i := range v.NumField() {
				walk(path+"/"+v.Type().Field(i).Name, func(s *Scheme) reflect.Value { return at(s).Field(i) })
			}
		case reflect.Slice:
			after := copied(t, before)
			list := at(&after)
			list.Set(list.Slice(0, max(list.Len()-1, 0)))
			if v.Len() > 0 {
				tell(path+" less", before, after)
				tell(path+" more", after, before)
			}
			for i := range v.Len() {
				walk(path+"/"+v.Type().Elem().Name(), func(s *Scheme) reflect.Value { return at(s).Index(i) })
			}
		case reflect.String, reflect.Bool, reflect.Int, reflect.Int32:
			after := copied(t, before)
			switch f := at(&after); v.Kind() {
			case reflect.String:
				f.SetString(v.String() + "z")
			case reflect.Bool:
				f.SetBool(!v.Bool())
			default:
				f.SetInt(v.Int() + 1)
			}
			tell(path, before, after)
		default:
			t.Errorf("%s is a %s, of which the test knows nothing", path, v.Kind())
		}
	}
	walk("", func(s *Scheme) reflect.Value { return reflect.ValueOf(s).Elem() })
	if fields < 200 {
		t.Errorf("only %d changes were tried", fields)
	}
	if none := Diff(before, copied(t, before)); len(none) > 0 {
		t.Errorf("the same scheme differs: %v", none)
	}
}

// copied is a copy by way of its JSON, which must lose nothing.
func copied(t *testing.T, s Scheme) Scheme {
	t.Helper()
	raw, err := s.JSON()
	if err != nil {
		t.Fatal(err)
	}
	again, _ := Parse(raw)
	return again
}

// TestWhatIsToldIsReadable: the sentences themselves.
func TestWhatIsToldIsReadable(t *testing.T) {
	before := Default("rep", CycleQuarter)
	after := copied(t, before)
	after.Items[0].Weight, after.Items[1].Weight = num("35"), num("5")
	after.Items[11].Code = "K9"
	after.Deductions[0].Points = "3"
	after.Raters.MissingCustomer = MissingBlock
	after.Gates = after.Gates[:1]
	var zh, en []string
	for _, c := range Diff(before, after) {
		zh, en = append(zh, c.ZH), append(en, c.EN)
	}
	for name, pair := range map[string][2]string{
		"zh": {strings.Join(zh, "\n"), "指标 S1的权重：由 30 改为 35\n指标 S2的权重：由 10 改为 5\n指标 K9：新增（客户沟通能力）\n客户答卷不足时：由 权重分给其他评价人 改为 不出得分\n扣分项 coverage的扣分：由 if(metric.coverage < 0.75, 4, 2) 改为 3\n指标 K3：删除（原为 客户沟通能力）\n门槛 letter：删除（原为 目标责任书未签）"},
		"en": {strings.Join(en, "\n"), "Indicator S1, weight: 30 becomes 35\nIndicator S2, weight: 10 becomes 5\nIndicator K9: added (Communication with customers)\nWith too few answers of customers: the others share the weight becomes no score until there is one\nDeduction coverage, points: if(metric.coverage < 0.75, 4, 2) becomes 3\nIndicator K3: removed (was Communication with customers)\nGate letter: removed (was Target letter not signed)"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s:\n%s\nnot\n%s", name, pair[0], pair[1])
		}
	}
}
