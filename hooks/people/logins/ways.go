package logins

import (
	"errors"
	"strings"

	"github.com/pocketbase/pocketbase/core"
	"github.com/pocketbase/pocketbase/tools/router"
)

// password comes before the password is compared, for logins that do not exist too.
func (s *service) password(e *core.RecordAuthWithPasswordRequestEvent) error {
	return s.try(e.RequestEvent, guesses, loginOf(e.Collection, e.Record, e.Identity), e.Next, refused)
}

// oldPassword comes before a new password's old one is compared.
func (s *service) oldPassword(e *core.RecordRequestEvent) error {
	if !e.Collection.IsAuth() {
		return e.Next()
	}
	info, err := e.RequestInfo()
	if err != nil {
		return err
	}
	if old, given := info.Body["oldPassword"]; !given || old == "" {
		return e.Next()
	}
	return s.try(e.RequestEvent, guesses, loginOf(e.Collection, e.Record.Original(), ""), e.Next, func(err error) bool {
		api, said := errors.AsType[*router.ApiError](err)
		return said && api.Data["oldPassword"] != nil
	})
}

// ways are the routes whose event comes too late, or not for logins that do not
// exist, by the end of their pattern.
var ways = map[string]func(s *service, e *core.RequestEvent, c *core.Collection) error{
	"auth-with-otp":          (*service).code,
	"confirm-email-change":   (*service).newAddress,
	"request-otp":            (*service).mail,
	"request-password-reset": (*service).mail,
	"request-verification":   (*service).mail,
	"request-email-change":   (*service).mailToNew,
}

const waysBelow = "POST /api/collections/{collection}/"

// routed sees every request.
func (s *service) routed(e *core.RequestEvent) error {
	s.lookForProxy(e)
	name, ours := strings.CutPrefix(e.Request.Pattern, waysBelow)
	way := ways[name]
	if !ours || way == nil {
		return e.Next()
	}
	collection, err := e.App.FindCachedCollectionByNameOrId(e.Request.PathValue("collection"))
	if err != nil || !collection.IsAuth() {
		return e.Next() // PocketBase says so
	}
	return way(s, e, collection)
}

// code counts a one-time code for the login that it was sent to.
func (s *service) code(e *core.RequestEvent, c *core.Collection) error {
	var form struct {
		OTPId string `json:"otpId" form:"otpId"`
	}
	if e.BindBody(&form) != nil || form.OTPId == "" {
		return e.Next()
	}
	var record *core.Record
	if otp, err := e.App.FindOTPById(form.OTPId); err == nil && otp.CollectionRef() == c.Id {
		record, _ = e.App.FindRecordById(c, otp.RecordRef()) // nobody there is a login that does not exist
	}
	return s.try(e, guesses, loginOf(c, record, "code "+form.OTPId), e.Next, refused)
}

// newAddress counts the password that confirms a new address. Without a token
// that holds, none is compared.
func (s *service) newAddress(e *core.RequestEvent, c *core.Collection) error {
	var form struct {
		Token string `json:"token" form:"token"`
	}
	if e.BindBody(&form) != nil {
		return e.Next()
	}
	record, err := e.App.FindAuthRecordByToken(form.Token, core.TokenTypeEmailChange)
	if err != nil {
		return e.Next() // PocketBase says so
	}
	return s.try(e, guesses, loginOf(record.Collection(), record, ""), e.Next, refused)
}

// mail counts the mails that somebody without a login has sent to an address,
// whether there is anybody or not.
func (s *service) mail(e *core.RequestEvent, c *core.Collection) error {
	var form struct {
		Email string `json:"email" form:"email"`
	}
	if e.HasSuperuserAuth() || e.BindBody(&form) != nil || form.Email == "" {
		return e.Next()
	}
	record, _ := e.App.FindAuthRecordByEmail(c, form.Email) // likewise
	return s.try(e, mails, loginOf(c, record, form.Email), e.Next, always)
}

// mailToNew counts the mails that somebody has sent to what he says is his new address.
func (s *service) mailToNew(e *core.RequestEvent, _ *core.Collection) error {
	if e.Auth == nil {
		return e.Next()
	}
	return s.try(e, mails, loginOf(e.Auth.Collection(), e.Auth, ""), e.Next, always)
}
