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

	"satchel/domain/numbers"
)

// ScriptHelp describes the lines of a script.
const ScriptHelp = `  # a comment
  sync                                push, upload photos, pull
  offline | online                    take the network away, give it back
  cut BYTES                           break the line after so many bytes; it stays broken until online
  lose                                the next request arrives, and its answer is lost
  list COLLECTION                     what the phone shows
  expect COLLECTION COUNT             fail unless the phone shows so many
  visit ACCOUNT                       start a visit (id or name of the account)
  take VISIT_FIELD=TEXT               go on with a visit that the phone shows
  checkin LAT LNG ACC | checkout LAT LNG ACC | checkin here | checkout here
  step KEY KIND TEXT                  a step of the visit
  photo FILE [gallery]                a photo of the visit
  report TEXT                         the visit's record
  order LIST SKU=QTY ...              an order at the visit's account, submitted
  draft ACCOUNT NOTE                  an order's draft, with the next number that the phone has
  numbers LEFT                        fail unless the phone has so many numbers left
  waste                               take a number and throw away what it was for
  return                              give back the numbers that are left
  credit ACCOUNT FEN                  fail unless so much may still be ordered, as the phone reckons it
  submit ORDER [ARG=TEXT ...]         hand a draft in, with when it was captured
  claim TITLE [FIELD=TEXT ...]        a claim's draft, with the next number that the phone has
  receipt FILE [FIELD=TEXT ...]       photograph a paper of one's own, and say what is known of the invoice
  check CLAIM [CODE ...]              fail unless the phone finds just this of a draft, without a network
  hand CLAIM [ARG=TEXT ...]           hand a claim in
  set COLLECTION RECORD FIELD=TEXT ...
  create COLLECTION FIELD=TEXT ...    a record of any kind
  act COLLECTION RECORD ACTION [ARG=TEXT ...]
                                      RECORD is an id or name, this for the visit, or FIELD=TEXT,...
                                      (FIELD:=JSON for what is no text; ^COLLECTION:FIELD=TEXT as a text, or
                                      in a list: the id of the first such record; ^COLLECTION.FIELD:FIELD=TEXT a field of it)
  together | done                     the lines between stand or fall together
  push                                hand over only
  issues                              what waits for an answer
  resubmit ISSUE [FIELD=TEXT ...]     hand a refused edit in again, corrected
  discard ISSUE REASON                give it up
  acknowledge ISSUE                   put a report away
  choose ISSUE mine|theirs|=TEXT      answer a conflict
                                      (RECORD: an id, a name, or FIELD=TEXT,... of the first that fits)
                                      (ISSUE: an id, or the first of this collection, kind or code)
`

// script is the state between the lines.
type script struct {
	phone   *Phone
	network *Network
	out     io.Writer
	visit   string
	account string
	bundle  []bundled // lines since together
	open    bool
}

var verbs = map[string]struct {
	least int
	run   func(s *script, ctx context.Context, args []string) error
}{
	"sync":     {0, (*script).sync},
	"offline":  {0, func(s *script, _ context.Context, _ []string) error { s.network.SetOffline(true); return nil }},
	"online":   {0, func(s *script, _ context.Context, _ []string) error { s.network.SetOffline(false); return nil }},
	"cut":      {1, (*script).cut},
	"lose":     {0, func(s *script, _ context.Context, _ []string) error { s.network.LoseAnswer(); return nil }},
	"list":     {1, (*script).list},
	"expect":   {2, (*script).expect},
	"visit":    {1, (*script).start},
	"take":     {1, (*script).take},
	"checkin":  {1, (*script).checkIn},
	"checkout": {1, (*script).checkOut},
	"step":     {3, (*script).step},
	"photo":    {1, (*script).photo},
	"report":   {1, (*script).report},
	"order":    {2, (*script).order},
	"draft":    {2, (*script).draft},
	"numbers":  {1, (*script).numbers},
	"waste":    {0, (*script).waste},
	"return": {0, func(s *script, ctx context.Context, _ []string) error {
		return s.phone.ReturnNumbers(ctx, numbers.Order)
	}},
	"credit":   {2, (*script).credit},
	"submit":   {1, (*script).submit},
	"claim":    {1, (*script).claim},
	"receipt":  {1, (*script).receipt},
	"check":    {1, (*script).check},
	"hand":     {1, (*script).hand},
	"set":      {3, (*script).set},
	"create":   {2, (*script).create},
	"act":      {3, (*script).act},
	"together": {0, func(s *script, _ context.Context, _ []string) error { s.open = true; return nil }},
	"done":     {0, (*script).done},
	"push":     {0, (*script).push},
	"issues":   {0, (*script).issues},

	"resubmit":    {1, (*script).resubmit},
	"discard":     {2, (*script).discard},
	"acknowledge": {1, (*script).acknowledge},
	"choose":      {2, (*script).choose},
}

// Run carries out a script line by line and stops at the first that fails.
func Run(ctx context.Context, p *Phone, network *Network, lines io.Reader, out io.Writer) error {
	teller := NewTeller(p, network, out)
	scan := bufio.NewScanner(lines)
	for n := 1; scan.Scan(); n++ {
		if err := teller.Line(ctx, scan.Text()); err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
	}
	return scan.Err()
}

// Teller carries out the lines of a script as they come.
type Teller struct{ script *script }

// NewTeller starts a script on a phone.
func NewTeller(p *Phone, network *Network, out io.Writer) *Teller {
	return &Teller{&script{phone: p, network: network, out: out}}
}

// Line carries out one line.
func (t *Teller) Line(ctx context.Context, line string) error {
	words := strings.Fields(line)
	if len(words) == 0 || strings.HasPrefix(words[0], "#") {
		return nil
	}
	verb, ok := verbs[words[0]]
	if !ok {
		return fmt.Errorf("there is no line %q", words[0])
	}
	if len(words)-1 < verb.least {
		return fmt.Errorf("%s needs %d words more", words[0], verb.least-len(words)+1)
	}
	if t.script.open && words[0] != "done" {
		t.script.bundle = append(t.script.bundle, bundled{words[0], verb.run, words[1:]})
		return nil
	}
	if err := verb.run(t.script, ctx, words[1:]); err != nil {
		return fmt.Errorf("%s: %w", words[0], err)
	}
	return nil
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

// find looks a record up by id, by the given field, or by FIELD=TEXT,... of all
// its fields.
func (s *script) find(collection, field, word string) (Row, error) {
	rows, err := s.phone.List(collection)
	if err != nil {
		return nil, err
	}
	where := Row{}
	if strings.Contains(word, "=") {
		if where, err = s.fields(strings.Split(word, ",")); err != nil {
			return nil, err
		}
	}
	i := slices.IndexFunc(rows, func(r Row) bool {
		for name, text := range where {
			if r.Text(name) != text {
				return false
			}
		}
		return len(where) > 0 || r.Text("id") == word || r.Text(field) == word
	})
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

// place reads three numbers, or takes the place of the visit's account.
func (s *script) place(args []string) (Place, error) {
	if args[0] == "here" {
		account, err := s.phone.Get("accounts", s.account)
		return Place{account.Number("lat"), account.Number("lng"), 10}, err
	}
	if len(args) < 3 {
		return Place{}, fmt.Errorf("a place is LAT LNG ACC, or here")
	}
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
	at, err := s.place(args)
	if err != nil {
		return err
	}
	return s.phone.CheckIn(s.visit, at)
}

func (s *script) checkOut(_ context.Context, args []string) error {
	at, err := s.place(args)
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
	source := Camera
	if len(args) > 1 {
		source = args[1]
	}
	_, err = s.phone.AddPhoto(step, body, source)
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
	return s.phone.SubmitOrder(order, nil)
}
