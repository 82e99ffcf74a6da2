package db

import (
	"context"
	"strconv"
	"time"

	"github.com/google/uuid"
)

// Work is a class of work, by how long one statement of it may run. One that takes
// longer is broken off (fault.TookTooLong): nobody waits for it any more, and it
// holds a connection. What is of a class reads in snapshots, of which so many run at once
// as there are places; what is of none comes to an end soon.
type Work time.Duration

// The classes.
const (
	Listing   = Work(20 * time.Second) // lists, cards and home
	Reporting = Work(time.Minute)
	Comparing = Work(2 * time.Minute) // digests of a whole kind
	Exporting = Work(4 * time.Minute) // the server's answers may take five
	other     = Work(2 * time.Minute) // pushes, pulls, and what is done in the background
)

type workKey struct{}

// For says of what class the work of a context is. What a caller has said already stands.
func For(ctx context.Context, work Work) context.Context {
	if ctx.Value(workKey{}) != nil {
		return ctx
	}
	return context.WithValue(ctx, workKey{}, work)
}

// timeout is the setting that holds a transaction's statements to their class.
func timeout(ctx context.Context) string {
	work, ok := ctx.Value(workKey{}).(Work)
	if !ok {
		work = other
	}
	return setLocal("statement_timeout", strconv.FormatInt(time.Duration(work).Milliseconds(), 10))
}

// takePlace waits for a place of the context's class, if it has one.
func (d *DB) takePlace(ctx context.Context, organization uuid.UUID) (leave func(), err error) {
	work, ok := ctx.Value(workKey{}).(Work)
	switch {
	case !ok:
		return func() {}, nil
	case work <= Listing:
		return d.lists.takePlace(ctx, organization)
	}
	return d.long.takePlace(ctx, organization)
}
