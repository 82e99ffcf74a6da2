package api

import (
	"strings"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/auth"
	"github.com/interpos/cabinet/internal/fault"
)

// Keys of what the guards leave in the request's context.
const (
	accessKey = "access"
	actorKey  = "actor"
	deviceKey = "organization of the sync key"
)

// guard is the middleware that holds a route's access.
func (s *Server) guard(access Access) []echo.MiddlewareFunc {
	switch access {
	case Public:
		return nil
	case SignedIn:
		return []echo.MiddlewareFunc{s.signedIn}
	case SyncKey:
		return []echo.MiddlewareFunc{s.bySyncKey, s.metered}
	case Owner:
		return []echo.MiddlewareFunc{s.signedIn, s.member(auth.Actor.IsOwner)}
	}
	allowed := func(actor auth.Actor) bool { return actor.Can(auth.Permission(access)) }
	return []echo.MiddlewareFunc{s.signedIn, s.member(allowed)}
}

func (s *Server) signedIn(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		access, err := s.Tokens.Verify(bearer(c), s.Now())
		if err != nil {
			return fault.Wrap(fault.Unauthorized, "Sign in first: the access token is missing, wrong or expired.", err)
		}
		c.Set(accessKey, access)
		return next(c)
	}
}

// member lets through a member of the organization in the path for whom allowed
// says yes. To anybody else the organization does not exist.
func (s *Server) member(allowed func(auth.Actor) bool) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			id, err := pathID(c, "organization_id")
			if err != nil {
				return err
			}
			actor, err := s.Organizations.Actor(c.Request().Context(), access(c).UserID, id)
			if err != nil {
				return err
			}
			if !allowed(actor) {
				return fault.New(fault.Forbidden, "Your role in this organization does not allow this.")
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

// access is the signed-in user of a SignedIn route.
func access(c echo.Context) auth.Access { return c.Get(accessKey).(auth.Access) }

// actor is the member of a route with a permission.
func actor(c echo.Context) auth.Actor { return c.Get(actorKey).(auth.Actor) }

// keyOrganization is the organization whose sync key a SyncKey route was called with.
func keyOrganization(c echo.Context) uuid.UUID { return c.Get(deviceKey).(uuid.UUID) }
