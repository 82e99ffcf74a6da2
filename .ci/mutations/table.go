package main

import "slices"

// Folders whose symbols are changed.
const (
	records     = "internal/record"
	feed        = "internal/sync"
	pushes      = "internal/push"
	pulls       = "internal/pull"
	canonical   = "internal/canonical"
	database    = "internal/db"
	migrations  = "internal/db/migrations"
	projections = "internal/projection"
	agent       = "internal/agent"
)

// mutations are named by the promise of docs/protocol.md that they break, or by what they
// are about.
var mutations = slices.Concat(orderMutations, repeatMutations, insertMutations, pushMutations, recordMutations, conflictMutations,
	tenancyMutations, restoreMutations, agentMutations, readerMutations, truthMutations, sourceMutations, otherMutations, clockMutations,
	figureMutations, httpMutations, memberMutations)
