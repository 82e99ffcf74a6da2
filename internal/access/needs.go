package access

import "github.com/interpos/cabinet/internal/fault"

// Caller is who may come at all.
type Caller string

// Callers. The zero value is a person who is signed in.
const (
	User   Caller = ""
	Anyone Caller = "anyone" // nobody is asked who they are
	Device Caller = "device" // a local database with its organization's sync key
)

// Needs is what a route asks of whoever calls it. Everything but Caller is asked of
// a member of the organization in the route's path.
type Needs struct {
	Caller     Caller
	Permission Permission // that the member's role must hold
	Owner      bool       // the member must own the organization
}

// OfMember says whether the route is for members of the organization in its path.
func (n Needs) OfMember() bool { return n.Permission != "" || n.Owner }

// Check says by an error what the actor lacks: Forbidden.
func (n Needs) Check(actor Actor) error {
	if n.Owner && !actor.IsOwner() || n.Permission != "" && !actor.Can(n.Permission) {
		return errForbidden
	}
	return nil
}

var errForbidden = fault.New(fault.Forbidden, "Your role in this organization does not allow this.")
