package gate

import (
	"strconv"
	"strings"
	"time"

	"github.com/golang-jwt/jwt/v5"
	"github.com/pocketbase/pocketbase/core"
)

// Claims of ours in the tokens of users. sid and auth_time are those of OpenID
// Connect.
const (
	ClaimSession    = "sid"
	ClaimLoginTime  = "auth_time"
	ClaimDevice     = "device"
	ClaimGeneration = "gen"
	ClaimLife       = "life"
	ClaimLost       = "lost"
)

// SessionMiddleware is the id of the check of sessions on every route; a route
// that checks by itself may unbind it.
const SessionMiddleware = "sessionOpen"

// BodiesMiddleware is the id of the check, on every route, of who sends a body,
// and of what it may take.
const BodiesMiddleware = "bodies"

// Session is what a token says of where it came from: a login by a person, or a
// phone that a login had registered.
type Session struct {
	ID    string    // of the login; empty for a token that no login made
	Login time.Time // when the password was given; zero likewise
	// Device is the phone that the token is bound to, and Generation how often
	// that phone's tokens had been ended before; empty for a person at a desk.
	Device     string
	Generation int
	// Life is the stretch of the server's history in which the token was made.
	Life string
	// Lost lets a phone register that a restored server does not have.
	Lost bool
}

// Claims are those that put the session into a token.
func (s Session) Claims() jwt.MapClaims {
	c := jwt.MapClaims{}
	if s.ID != "" {
		c[ClaimSession] = s.ID
	}
	if !s.Login.IsZero() {
		c[ClaimLoginTime] = s.Login.Unix()
	}
	if s.Device != "" {
		c[ClaimDevice], c[ClaimGeneration] = s.Device, s.Generation
	}
	if s.Life != "" {
		c[ClaimLife] = s.Life
	}
	if s.Lost {
		c[ClaimLost] = true
	}
	return c
}

// ReadSession reads the session of a token whose signature somebody else checks.
func ReadSession(token string) Session {
	claims := jwt.MapClaims{}
	if _, _, err := jwt.NewParser().ParseUnverified(token, claims); err != nil {
		return Session{}
	}
	var s Session
	s.ID, _ = claims[ClaimSession].(string)
	s.Device, _ = claims[ClaimDevice].(string)
	s.Life, _ = claims[ClaimLife].(string)
	s.Lost, _ = claims[ClaimLost].(bool)
	if at, ok := claims[ClaimLoginTime].(float64); ok {
		s.Login = time.Unix(int64(at), 0)
	}
	if n, ok := claims[ClaimGeneration].(float64); ok {
		s.Generation = int(n)
	}
	return s
}

// Mark writes the session for an address, which is signed with it.
func (s Session) Mark() string {
	return strings.Join([]string{s.ID, s.Device, strconv.Itoa(s.Generation), s.Life}, ".")
}

// ReadMark reads a Mark whose signature somebody else checks.
func ReadMark(text string) Session {
	part := strings.Split(text, ".")
	if len(part) != 4 {
		return Session{}
	}
	n, _ := strconv.Atoi(part[2]) // no number is none that holds
	return Session{ID: part[0], Device: part[1], Generation: n, Life: part[3]}
}

const sessionKey = "satchel.session"

// SessionOf is the session of a request that PocketBase has signed in. It is read
// once: each request is asked for it by several.
func SessionOf(e *core.RequestEvent) Session {
	if e.Auth == nil {
		return Session{}
	}
	if known, ok := e.Get(sessionKey).(Session); ok {
		return known
	}
	session := ReadSession(BearerToken(e.Request))
	e.Set(sessionKey, session)
	return session
}

// Way is a way in that stays open after it was asked who comes: a stream, an
// upload, an answer that can be resumed. End closes those of a session that is
// over; it returns at once.
type Way struct {
	Name string
	End  func(who Ended)
}

// Ended names whose sessions are over: all of a user's, or those of one of his
// phones or logins: Device is the one's id, and no phone has that of a login.
type Ended struct{ User, Device string }
