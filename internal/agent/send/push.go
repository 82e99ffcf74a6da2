package send

import (
	"context"
	"fmt"

	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/fault"
)

// pushBatch sends a batch until it is answered.
func (s *Sender) pushBatch(ctx context.Context, b batch) error {
	if len(b.changes) > 0 {
		if err := s.pushChanges(ctx, b); err != nil {
			return err
		}
	}
	s.Totals.Read += b.rows
	s.Advance(b.rows, len(b.changes))
	return nil
}

// pushChanges sends changes until they are answered, and only then remembers what became of them.
func (s *Sender) pushChanges(ctx context.Context, b batch) error {
	kind := s.Kind.Record.Name
	if err := s.State.Sending(ctx, kind, b.unansweredRecords(s.Link.Now())); err != nil {
		return err
	}
	pushed, err := s.Link.Push(ctx, b.changes)
	if client.IsCode(err, fault.TooLarge) {
		return s.pushHalves(ctx, b)
	}
	if err != nil {
		return err
	}
	if len(pushed.Results) != len(b.changes) {
		return fmt.Errorf("the cabinet answered %d results to %d changes", len(pushed.Results), len(b.changes))
	}
	settled, again, err := s.settleAnswers(ctx, &b, pushed.Results)
	if err != nil {
		return err
	}
	if err := s.State.Acknowledge(ctx, kind, settled, pushed.Cursor); err != nil || len(again.changes) == 0 {
		return err
	}
	return s.pushChanges(ctx, again)
}

// settleAnswers takes the answers into what is remembered of a batch. again are the changes that are to
// be sent once more, upon the state that the cabinet has.
func (s *Sender) settleAnswers(ctx context.Context, b *batch, results []client.Result) (settled []state.Record, again batch, err error) {
	overruled, err := s.Policy.Overrules(ctx, b.changes, results)
	if err != nil {
		return nil, again, err
	}
	for i, result := range results {
		if overruled[b.records[i].ID] {
			again.appendUpon(b, i, result.Current.Version)
			continue
		}
		if result.Status == client.Conflict {
			result = s.conflictResult(&b.records[i], result)
		}
		b.applyAnswer(i, result)
		s.Totals.countResult(&b.records[i], result)
		settled = append(settled, b.records[i])
	}
	return settled, again, nil
}

// conflictResult is an answer that names a version which the source has not seen. Where
// the version comes to be delivered, the source's next change is made from that one;
// until then it would go over what it does not know. Elsewhere the version
// is remembered, for nobody else would ever name it.
func (s *Sender) conflictResult(known *state.Record, result client.Result) client.Result {
	result.Code = "conflict"
	if s.Ledger.Delivers(s.Kind.Record) {
		result.Version = known.Version
	}
	return result
}

// pushHalves sends what was too large in two parts. One record that is too large
// by itself is kept as rejected here: the cabinet cannot even look at it.
func (s *Sender) pushHalves(ctx context.Context, b batch) error {
	if len(b.changes) == 1 {
		result := client.Result{Status: client.Rejected, Code: string(fault.TooLarge)}
		b.applyAnswer(0, result)
		s.Totals.countResult(&b.records[0], result)
		return s.State.Acknowledge(ctx, s.Kind.Record.Name, b.records, "")
	}
	for _, half := range b.splitHalves() {
		if err := s.pushChanges(ctx, half); err != nil {
			return err
		}
	}
	return nil
}
