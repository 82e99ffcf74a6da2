package venue

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"
)

// Live goes on selling in a database that Make has made, one receipt about
// every so often, at the present time and at any hour, until ctx ends. Each
// receipt is told in a line.
func Live(ctx context.Context, o Options, every time.Duration, tell func(string)) error {
	w, err := newWorld(o.Seed, o.Outlets, o.Only)
	if err != nil {
		return err
	}
	rng := rand.New(rand.NewPCG(uint64(time.Now().UnixNano()), 1))
	for {
		wait := time.Duration(rng.ExpFloat64()*float64(every)/2) + every/2
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(wait):
		}
		line, err := o.sellOnce(ctx, w, rng)
		if ctx.Err() != nil {
			return nil
		}
		if err != nil {
			return err
		}
		tell(line)
	}
}

// sellOnce sells once, or now and then takes a sale back.
func (o Options) sellOnce(ctx context.Context, w *world, rng *rand.Rand) (line string, err error) {
	now := time.Now().In(o.Now.Location()).Truncate(time.Second)
	weights := make([]float64, len(w.shops))
	for i, s := range w.shops {
		weights[i] = s.perDay
	}
	s := w.shops[weightedChoice(rng, weights)]
	one := s.makeSale(rng, now)
	err = writeInTransaction(ctx, o.Path, func(b *book) {
		b.writtenAt = now
		b.closeShifts(w, now)
		b.settleOpenChecks(now)
		b.insertReceipt(s, one)
		line = fmt.Sprintf("%s  %s  %s ₽", now.Format(time.TimeOnly), s.title, one.total)
		if rng.IntN(80) > 0 {
			return
		}
		if back := s.refundSale(rng, one); back != nil {
			back.opened, back.closed = now, now
			b.insertReceipt(s, back)
			line += "  возврат " + back.total.String() + " ₽"
		}
	})
	return line, err
}
