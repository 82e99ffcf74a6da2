package api

import (
	"cmp"
	"context"
	"strings"
	stdsync "sync"
	"time"

	"github.com/google/uuid"
	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/record"
)

// Keys of what the guards leave in the request's context.
const (
	actorKey  = "actor"
	deviceKey = "organization of the sync key"
	permitKey = "permit of the sync key"
)

// guardsOf is the middleware that holds what a route needs.
func (s *Server) guardsOf(needs access.Needs) []echo.MiddlewareFunc {
	switch needs.Caller {
	case access.Anyone:
		return nil
	case access.Device:
		return []echo.MiddlewareFunc{s.bySyncKey, s.metered}
	}
	return []echo.MiddlewareFunc{s.bySession(needs)}
}

// bySession lets through a signed-in user who has what the route needs: in the
// organization of the path, if there is one. To whoever is no member of it, it does
// not exist.
func (s *Server) bySession(needs access.Needs) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			organization, _ := uuid.Parse(c.Param("organization_id")) // what is no UUID names none
			actor, err := s.Accounts.Authenticate(c.Request().Context(), bearerToken(c), organization)
			if err != nil {
				return err
			}
			needs := needsFor(needs, c.Param("kind"))
			if needs.Self && c.Param("user_id") == actor.UserID.String() {
				needs = access.Needs{Member: true}
			}
			if err := needs.Check(actor, s.Now()); err != nil {
				return err
			}
			c.Set(actorKey, actor)
			return next(c)
		}
	}
}

// needsFor is what a route needs that shows records of the kind in its path: those of a
// licensed module stand in a section of their own.
func needsFor(needs access.Needs, kind string) access.Needs {
	if declared, ok := record.Find(kind); ok && needs.See != "" {
		needs.See = cmp.Or(access.SectionOfModule(access.Module(declared.Module)), needs.See)
	}
	return needs
}

func (s *Server) bySyncKey(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		key := bearerToken(c)
		organization, err := s.Organizations.BySyncKey(c.Request().Context(), key)
		if err != nil {
			return err
		}
		c.Set(deviceKey, organization)
		c.Set(permitKey, &permit{asked: time.Now(), ask: func(ctx context.Context) error {
			_, err := s.Organizations.BySyncKey(ctx, key)
			return err
		}})
		return next(c)
	}
}

// permit is what a long request with a sync key goes by: the key may be replaced, or its
// organization archived, while the request runs.
type permit struct {
	ask func(ctx context.Context) error

	mu    stdsync.Mutex
	asked time.Time // when it was last answered yes
}

// check asks whether the key still opens its organization; an answer of at most that age will
// do. Error: SyncKeyInvalid.
func (p *permit) check(ctx context.Context, age time.Duration) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	if time.Since(p.asked) < age {
		return nil
	}
	err := p.ask(ctx)
	if err == nil {
		p.asked = time.Now()
	}
	return err
}

func bearerToken(c echo.Context) string {
	scheme, token, _ := strings.Cut(c.Request().Header.Get(echo.HeaderAuthorization), " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// actor is the signed-in user of a route for users.
func actor(c echo.Context) access.Actor { return c.Get(actorKey).(access.Actor) }

// keyOrganization is the organization whose sync key a route of devices was called with.
func keyOrganization(c echo.Context) uuid.UUID { return c.Get(deviceKey).(uuid.UUID) }

// keyPermit is the permit of a request with a sync key.
func keyPermit(c echo.Context) *permit { return c.Get(permitKey).(*permit) }
