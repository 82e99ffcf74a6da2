package push

import (
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/canonical"
)

// statusOf says what is to become of a change where the record stands as current
// (nil: it does not exist).
func statusOf(current *state, c *change, device uuid.UUID) Status {
	switch {
	case current == nil:
		return Applied
	case current.Hash == c.hash:
		return Unchanged
	case c.baseVersion > 0 && c.baseVersion == current.Version:
		return Applied
	case c.baseVersion > 0:
		return Conflict
	case !isLater(current, c, device):
		return Stale
	case c.spec.Shared && c.modifiedAt.Equal(current.ModifiedAt):
		return Stale // a repeat of what a change of the same moment has replaced
	case c.spec.Shared:
		return Conflict // it says not which version it was made from
	}
	return Applied
}

// isLater says whether a change that names no version wins over the record by its time.
func isLater(current *state, c *change, device uuid.UUID) bool {
	if c.modifiedAt.Equal(current.ModifiedAt) && device == current.Device {
		return string(c.hash[:]) > string(current.Hash[:]) // one instant, two contents: any order of arrival must choose the same
	}
	return winsByTime(c.modifiedAt, device, current.ModifiedAt, current.Device)
}

// winsByTime says whether a change is the later one; between equal times the greater
// device id decides.
func winsByTime(at time.Time, device uuid.UUID, currentAt time.Time, currentDevice uuid.UUID) bool {
	if !at.Equal(currentAt) {
		return at.After(currentAt)
	}
	return string(device[:]) > string(currentDevice[:])
}

// checkStep gives the change with its faults where it may not replace the record as it
// stands, else nil. A deletion always may, and upon one anything may follow.
func checkStep(current *state, c *change) *change {
	if current == nil || !c.spec.Shared || c.deleted || current.Deleted {
		return nil
	}
	before, err := canonical.Parse(current.data)
	if err != nil {
		return nil // it was accepted, so it cannot be
	}
	after, err := canonical.Parse(c.data)
	if err != nil {
		return nil
	}
	refused := *c
	for _, broken := range c.spec.CheckStep(before, after) {
		refused.addFault(broken.Field, broken.Code, broken.Message)
	}
	if refused.code == "" {
		return nil
	}
	return &refused
}
