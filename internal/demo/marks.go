package demo

import "fmt"

// phone makes the n-th number, of a block that shows at a glance that it is a sample.
func (b *builder) phone(n int) string { return fmt.Sprintf("1380000%04d", n%10000) }

func empNo(n int) string { return fmt.Sprintf("HY%04d", 1001+n) }

// uscc makes a unified social credit code with a valid check digit (GB 32100).
func uscc(area string, n int) string {
	const alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY" // without I O S V Z
	body := fmt.Sprintf("91%sMADEM%04d", area, n%10000)
	sum, weight := 0, 1
	for _, c := range []byte(body) {
		for i := range len(alphabet) {
			if alphabet[i] == c {
				sum += i * weight
			}
		}
		weight = weight * 3 % 31
	}
	return body + string(alphabet[(31-sum%31)%31])
}
