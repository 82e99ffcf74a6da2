package projection

import (
	"context"
	"time"

	"github.com/google/uuid"
)

// BarrierReach is how far behind a reader may find projections and still wait for them.
const BarrierReach = barrierReach

// WaitAtMost lets readers wait longer, where a test holds that they wait and not how long.
func (p *Projector) WaitAtMost(wait time.Duration) { p.barrierWait = wait }

// Step does one piece of work, as the worker does.
func (p *Projector) Step(ctx context.Context, organization uuid.UUID) error {
	_, _, err := p.advanceOnce(ctx, organization)
	return err
}
