package projection

import "time"

// BarrierReach is how far behind a reader may find projections and still wait for them.
const BarrierReach = barrierReach

// WaitAtMost lets readers wait longer, where a test holds that they wait and not how long.
func (p *Projector) WaitAtMost(wait time.Duration) { p.barrierWait = wait }
