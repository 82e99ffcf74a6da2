package api

import (
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/account"
	"github.com/interpos/cabinet/internal/fault"
)

// Keys of what the guards leave in the request's context.
const (
	identityKey = "identity"
	actorKey    = "actor"
	deviceKey   = "organization of the sync key"
)

// guard is the middleware that holds what a route needs.
func (s *Server) guard(needs access.Needs) []echo.MiddlewareFunc {
	switch {
	case needs.Caller == access.Anyone:
		return nil
	case needs.Caller == access.Device:
		return []echo.MiddlewareFunc{s.bySyncKey, s.metered}
	case needs.OfMember():
		return []echo.MiddlewareFunc{s.bySession, s.byMembership(needs)}
	}
	return []echo.MiddlewareFunc{s.bySession}
}

func (s *Server) bySession(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		identity, err := s.Tokens.Verify(bearer(c), s.Now())
		if err != nil {
			return fault.Wrap(fault.Unauthorized, "Sign in first: the access token is missing, wrong or expired.", err)
		}
		c.Set(identityKey, identity)
		return next(c)
	}
}

// byMembership lets through a member of the organization in the path who has what
// the route needs. To anybody else the organization does not exist.
func (s *Server) byMembership(needs access.Needs) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			id, err := pathID(c, "organization_id")
			if err != nil {
				return err
			}
			actor, err := s.Organizations.Actor(c.Request().Context(), identity(c).UserID, id)
			if err != nil {
				return err
			}
			if err := needs.Check(actor); err != nil {
				return err
			}
			c.Set(actorKey, actor)
			return next(c)
		}
	}
}

func (s *Server) bySyncKey(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		organization, err := s.Organizations.BySyncKey(c.Request().Context(), bearer(c))
		if err != nil {
			return err
		}
		c.Set(deviceKey, organization)
		return next(c)
	}
}

func bearer(c echo.Context) string {
	scheme, token, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// identity is the signed-in user of a route for users.
func identity(c echo.Context) account.Identity { return c.Get(identityKey).(account.Identity) }

// actor is the member of a route with a permission.
func actor(c echo.Context) access.Actor { return c.Get(actorKey).(access.Actor) }

// keyOrganization is the organization whose sync key a route of devices was called with.
func keyOrganization(c echo.Context) uuid.UUID { return c.Get(deviceKey).(uuid.UUID) }
