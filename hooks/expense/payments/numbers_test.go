package payments_test

import "testing"

// TestTenThousandVouchers of a month have numbers of their own.
func TestTenThousandVouchers(t *testing.T) {
	d := open(t)
	paid := func() string {
		c := d.claim(rep, 100)
		d.Must(d.says(d.sent(rows(c), nil), "1 1.00 成功"))
		return d.Fresh(c).GetString("voucher_no")
	}
	first := paid()
	month := first[:len(first)-4]
	if _, err := d.DB().NewQuery("UPDATE payments SET voucher_no = '" + month + "9999' WHERE voucher_no = '" + first + "'").Execute(); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"10000", "10001"} {
		if got := paid(); got != month+want {
			t.Errorf("%s, want %s", got, month+want)
		}
	}
}
