// Package reconcile holds the source against the cabinet, by digests and where those differ record
// by record, and brings them into agreement.
package reconcile

import (
	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/agent/extract"
)

// Comparison says how far the source and the cabinet hold the same of a kind.
type Comparison struct {
	Kind      string
	Source    int // records here, deletions that were sent among them
	Equal     int
	Missing   int // not in the cabinet
	Different int
	Theirs    int               // of the different ones: shared, and changed later by another source
	Gone      int               // of this source and no longer in it, but alive in the cabinet
	Kept      int               // the same, of a kind whose vanished rows are not deletions
	Others    int               // in the cabinet, and not of this source
	Strangers int               // of the others: from devices that belong to no source of the organization
	LeftOut   int               // rows of the source that cannot become records
	Refusals  []extract.Refusal // the first of them
	Buckets   []Bucket          // those with missing, different, gone or kept records, in their order

	Devices map[uuid.UUID]int // how many of the others each device has sent
	Removed bool              // what was kept has been removed from the cabinet
}

// Same says whether the cabinet holds what the source holds, and nothing else that would be counted
// with it. What other sources of the organization hold, their own agents compare.
func (c *Comparison) Same() bool {
	return c.Missing+c.Different+c.Gone+c.Kept+c.Strangers+c.LeftOut == 0
}

// Left is how many records differ still after a repair that was taken whole.
func (c *Comparison) Left() int {
	left := c.Theirs + c.Strangers + c.LeftOut
	if !c.Removed {
		left += c.Kept
	}
	return left
}

// Bucket is a part of a kind: a day of documents, or a directory's records
// whose ids begin with the same byte.
type Bucket struct {
	Name                           string
	Missing, Different, Gone, Kept int
}
