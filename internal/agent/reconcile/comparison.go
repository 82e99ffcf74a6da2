// Package reconcile holds the source against the cabinet, by digests and where those differ record
// by record, and brings them into agreement.
package reconcile

import "github.com/interpos/cabinet/internal/agent/extract"

// Comparison says how far the source and the cabinet hold the same of a kind.
type Comparison struct {
	Kind      string
	Source    int // records here, deletions that were sent among them
	Equal     int
	Missing   int // not in the cabinet
	Different int
	Gone      int               // sent from here and no longer in the source, but alive in the cabinet
	Kept      int               // the same, of a kind whose vanished rows are not deletions
	Others    int               // in the cabinet, and not sent from here
	LeftOut   int               // rows of the source that cannot become records
	Refusals  []extract.Refusal // the first of them
	Buckets   []Bucket          // those with missing, different or gone records, in their order
}

// Same says whether the cabinet holds all that the source holds, and nothing
// that vanished from it.
func (c *Comparison) Same() bool { return c.Missing+c.Different+c.Gone+c.LeftOut == 0 }

// Bucket is a part of a kind: a day of documents, or a directory's records
// whose ids begin with the same byte.
type Bucket struct {
	Name                     string
	Missing, Different, Gone int
}
