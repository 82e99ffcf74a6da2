package access

import (
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/fault"
)

// Caller is who may come at all.
type Caller string

// Callers. The zero value is a person who is signed in.
const (
	User   Caller = ""
	Anyone Caller = "anyone" // nobody is asked who they are
	Device Caller = "device" // a local database with its organization's sync key
)

// Needs is what a route asks of whoever calls it. Permission, See, Owner and Module are
// asked of a member of the organization in the route's path.
type Needs struct {
	Caller     Caller
	Permission Permission // that the member's role must hold
	See        Section    // whose records the route shows; of a kind in the path that stands in a section of its own, that one
	Owner      bool       // the member must own the organization
	Self       bool       // of what is one's own, which the path names by user_id, being a member is enough
	Member     bool       // the user must be a member of the organization, in whatever role
	Module     Module     // that the organization must have a license for
	Fresh      bool       // the user must have signed in within FreshFor
	Staff      bool       // the user must be of the host's support
}

// FreshFor is how long after a sign-in a route that needs a fresh one may be called.
const FreshFor = 10 * time.Minute

// OfMember says whether the route is for members of the organization in its path.
func (n Needs) OfMember() bool {
	return n.Member || n.Permission != "" || n.See != "" || n.Owner || n.Module != ""
}

// Check says by an error what the actor lacks: NotFound, Forbidden, LicenseRequired,
// FreshSignInRequired, in this order: whoever may nothing learns nothing.
func (n Needs) Check(actor Actor, now time.Time) error {
	switch {
	case n.Staff && !actor.IsStaff, n.OfMember() && actor.OrganizationID == uuid.Nil:
		return errNotFound
	case n.Owner && !actor.IsOwner(), n.Permission != "" && !actor.Can(n.Permission), n.See != "" && !actor.Can(n.See.View()):
		return errForbidden
	case n.Module != "" && !slices.Contains(actor.Modules, n.Module):
		return errLicenseRequired
	case n.Fresh && now.Sub(actor.SignedInAt) > FreshFor:
		return errFreshSignInRequired
	}
	return nil
}

var (
	errNotFound            = fault.New(fault.NotFound, "There is no such thing here.")
	errForbidden           = fault.New(fault.Forbidden, "Your role in this organization does not allow this.")
	errLicenseRequired     = fault.New(fault.LicenseRequired, "This needs a module that the organization has no active license for.")
	errFreshSignInRequired = fault.New(fault.FreshSignInRequired, "Sign in again to do this: it is asked for within 10 minutes of a sign-in.")
)
