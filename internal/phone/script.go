package phone

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"strings"
)

// ScriptHelp describes the lines of a script.
const ScriptHelp = `  # a comment
  sync                                push, upload photos, pull
  offline | online                    take the network away, give it back
  cut BYTES                           break the line after so many bytes; it stays broken until online
  list COLLECTION                     what the phone shows
  expect COLLECTION COUNT             fail unless the phone shows so many
  visit ACCOUNT                       start a visit (id or name of the account)
  checkin LAT LNG ACC | checkout LAT LNG ACC
  step KEY KIND TEXT                  a step of the visit
  photo FILE                          a photo of the visit
  report TEXT                         the visit's record
  order LIST SKU=QTY ...              an order at the visit's account, submitted
  set COLLECTION RECORD FIELD=TEXT ...
  issues                              rejections and conflicts
`

// script is the state between the lines.
type script struct {
	phone   *Phone
	network *Network
	out     io.Writer
	visit   string
	account string
}

var verbs = map[string]struct {
	least int
	run   func(s *script, ctx context.Context, args []string) error
}{
	"sync":     {0, (*script).sync},
	"offline":  {0, func(s *script, _ context.Context, _ []string) error { s.network.SetOffline(true); return nil }},
	"online":   {0, func(s *script, _ context.Context, _ []string) error { s.network.SetOffline(false); return nil }},
	"cut":      {1, (*script).cut},
	"list":     {1, (*script).list},
	"expect":   {2, (*script).expect},
	"visit":    {1, (*script).start},
	"checkin":  {3, (*script).checkIn},
	"checkout": {3, (*script).checkOut},
	"step":     {3, (*script).step},
	"photo":    {1, (*script).photo},
	"report":   {1, (*script).report},
	"order":    {2, (*script).order},
	"set":      {3, (*script).set},
	"issues":   {0, (*script).issues},
}

// Run carries out a script line by line and stops at the first that fails.
func Run(ctx context.Context, p *Phone, network *Network, lines io.Reader, out io.Writer) error {
	s := &script{phone: p, network: network, out: out}
	scan := bufio.NewScanner(lines)
	for n := 1; scan.Scan(); n++ {
		words := strings.Fields(scan.Text())
		if len(words) == 0 || strings.HasPrefix(words[0], "#") {
			continue
		}
		verb, ok := verbs[words[0]]
		if !ok {
			return fmt.Errorf("line %d: there is no line %q", n, words[0])
		}
		if len(words)-1 < verb.least {
			return fmt.Errorf("line %d: %s needs %d words more", n, words[0], verb.least-len(words)+1)
		}
		if err := verb.run(s, ctx, words[1:]); err != nil {
			return fmt.Errorf("line %d: %s: %w", n, words[0], err)
		}
	}
	return scan.Err()
}

func (s *script) say(format string, args ...any) error {
	_, err := fmt.Fprintf(s.out, format+"\n", args...)
	return err
}

func (s *script) sync(ctx context.Context, _ []string) error {
	r, err := s.phone.Sync(ctx)
	if err != nil {
		return err
	}
	return s.say("synced: %d applied, %d merged, %d rejected; %d photos; %d rows in, %d rows out, %d bytes",
		r.Pushed.Applied, r.Pushed.Merged, r.Pushed.Rejected, r.Photos, r.Pulled.Puts, r.Pulled.Leaves, r.Pulled.Bytes)
}

func (s *script) cut(_ context.Context, args []string) error {
	n, err := strconv.ParseInt(args[0], 10, 64)
	if err == nil {
		s.network.CutAfter(n)
	}
	return err
}

func (s *script) list(_ context.Context, args []string) error {
	rows, err := s.phone.List(args[0])
	if err != nil {
		return err
	}
	for _, r := range rows {
		name := r.Text("name")
		for _, f := range []string{"no", "state", "key", "code"} {
			name = strings.TrimSpace(name + " " + r.Text(f))
		}
		if err := s.say("%s  %s", r.Text("id"), name); err != nil {
			return err
		}
	}
	return nil
}

func (s *script) expect(_ context.Context, args []string) error {
	rows, err := s.phone.List(args[0])
	if err != nil {
		return err
	}
	if strconv.Itoa(len(rows)) != args[1] {
		return fmt.Errorf("the phone shows %d, not %s", len(rows), args[1])
	}
	return nil
}

// find looks a record up by id or by the given field.
func (s *script) find(collection, field, word string) (Row, error) {
	rows, err := s.phone.List(collection)
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(rows, func(r Row) bool { return r.Text("id") == word || r.Text(field) == word })
	if i < 0 {
		return nil, fmt.Errorf("%w: %s %s", ErrNoRow, collection, word)
	}
	return rows[i], nil
}

func (s *script) start(_ context.Context, args []string) error {
	account, err := s.find("accounts", "name", strings.Join(args, " "))
	if err != nil {
		return err
	}
	s.account = account.Text("id")
	s.visit, err = s.phone.StartVisit(s.account, "")
	return err
}

func place(args []string) (Place, error) {
	var n [3]float64
	for i := range n {
		var err error
		if n[i], err = strconv.ParseFloat(args[i], 64); err != nil {
			return Place{}, err
		}
	}
	return Place{n[0], n[1], n[2]}, nil
}

func (s *script) checkIn(_ context.Context, args []string) error {
	at, err := place(args)
	if err != nil {
		return err
	}
	return s.phone.CheckIn(s.visit, at)
}

func (s *script) checkOut(_ context.Context, args []string) error {
	at, err := place(args)
	if err != nil {
		return err
	}
	return s.phone.CheckOut(s.visit, at)
}

func (s *script) step(_ context.Context, args []string) error {
	_, err := s.phone.AddStep(s.visit, args[0], args[1], map[string]any{"text": strings.Join(args[2:], " ")})
	return err
}

func (s *script) photo(_ context.Context, args []string) error {
	body, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	step, err := s.phone.AddStep(s.visit, "photo", "photo", nil)
	if err != nil {
		return err
	}
	_, err = s.phone.AddPhoto(step, body)
	return err
}

func (s *script) report(_ context.Context, args []string) error {
	return s.phone.Report(s.visit, strings.Join(args, " "), "")
}

func (s *script) order(_ context.Context, args []string) error {
	list, err := s.find("price_lists", "name", args[0])
	if err != nil {
		return err
	}
	var lines []OrderLine
	for _, word := range args[1:] {
		sku, text, _ := strings.Cut(word, "=")
		qty, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			return fmt.Errorf("%q is not SKU=QTY", word)
		}
		product, err := s.find("products", "sku", sku)
		if err != nil {
			return err
		}
		lines = append(lines, OrderLine{product.Text("id"), qty * 1000})
	}
	order, err := s.phone.NewOrder(s.account, s.visit, list.Text("id"), lines)
	if err != nil {
		return err
	}
	return s.phone.SubmitOrder(order)
}

func (s *script) set(_ context.Context, args []string) error {
	row, err := s.find(args[0], "name", args[1])
	if err != nil {
		return err
	}
	changes := Row{}
	for _, word := range args[2:] {
		field, text, ok := strings.Cut(word, "=")
		if !ok {
			return fmt.Errorf("%q is not FIELD=TEXT", word)
		}
		changes[field] = text
	}
	return s.phone.Update(args[0], row.Text("id"), changes)
}

func (s *script) issues(context.Context, []string) error {
	verdicts, err := s.phone.Verdicts()
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		if err := s.say("%d %s %s %s: %s %v", v.Result.N, v.Mutation.Op, v.Mutation.C, v.Mutation.R, v.Result.Status+" "+v.Result.Code, v.Result.Conflicts); err != nil {
			return err
		}
	}
	return nil
}
