package sync_test

import (
	"context"
	"encoding/json"
	"fmt"
	stdsync "sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/record"
	"github.com/interpos/cabinet/internal/sync"
)

// refusedBefore keeps changes as rejected by an older rule, which this program
// does not have any more: sent three times, the first time an hour ago.
func (v outlet) refusedBefore(device uuid.UUID, changes ...sent) {
	v.Helper()
	v.within(func(tx db.Tx) error {
		for _, change := range changes {
			whole, err := json.Marshal(change)
			require.NoError(v, err)
			_, err = tx.Exec(context.Background(), `
				INSERT INTO rejections (organization_id, kind, record_id, device_id, code, errors, modified_at, sent, size, rules,
					attempts, first_rejected_at, last_rejected_at)
				VALUES ($1, $2, $3, $4, 'too_old_a_rule', '[{"field":"name","code":"too_old_a_rule","message":"was wrong"}]', $5, $6, $7, $8,
					3, $9, $10)`,
				v.organization, change["kind"], fmt.Sprint(change["id"]), device, change["modified_at"], string(whole), len(whole), record.Rules-1,
				clock.Add(-time.Hour), clock.Add(-time.Minute))
			require.NoError(v, err)
		}
		return nil
	})
}

// within runs in a transaction of the outlet's organization.
func (v outlet) within(fn func(tx db.Tx) error) {
	v.Helper()
	require.NoError(v, v.db.ForOrganization(context.Background(), v.organization, fn))
}

func (v outlet) retry() {
	v.Helper()
	require.NoError(v, v.receiver.RetryRejections(context.Background()))
}

func (v outlet) rejections() map[string]sync.Rejection {
	v.Helper()
	page, err := v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Limit: 20_000})
	require.NoError(v, err)
	require.Len(v, page.Rejections, page.Total)
	byID := map[string]sync.Rejection{}
	for _, r := range page.Rejections {
		byID[r.ID] = r
	}
	return byID
}

func TestWhatANewRuleTakesIsAcceptedFromTheDeviceThatSentIt(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(uuid.New(), unit(uuid.New(), "l", clock))
	v.refusedBefore(device, unit(id, "kg", clock.Add(-2*time.Hour)))

	v.retry()
	stored, _ := v.read("")
	require.Len(t, stored, 2)
	require.Equal(t, id, stored[1].ID)
	require.Equal(t, device, stored[1].DeviceID)
	require.JSONEq(t, `{"name":"kg"}`, string(stored[1].Data))
	require.True(t, stored[1].ModifiedAt.Equal(clock.Add(-2*time.Hour)), "the source's time, not that of the retry")
	require.Empty(t, v.rejections())

	v.retry()
	again, _ := v.read("")
	require.Equal(t, stored, again, "a second retry finds nothing to do")
}

func TestWhatANewRuleStillRefusesKeepsItsPlaceWithTheNewReason(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.refusedBefore(device, badUnit(id, clock))

	v.retry()
	r := v.rejections()[id.String()]
	require.Equal(t, "invalid", r.Code)
	require.Len(t, r.Errors, 1)
	require.Equal(t, "must be a string", r.Errors[0].Message)
	require.Equal(t, device, r.DeviceID)
	require.Equal(t, 3, r.Attempts, "it was not sent again")
	require.True(t, r.FirstRejectedAt.Equal(clock.Add(-time.Hour)) && r.LastRejectedAt.Equal(clock.Add(-time.Minute)))
	require.JSONEq(t, `{"name":17}`, string(r.Data))
	stored, _ := v.read("")
	require.Empty(t, stored)

	v.mended(id)
	v.retry()
	require.Contains(t, v.rejections(), id.String(), "these rules have tried it: what it holds is not looked at again")
}

// mended makes the kept change good, as no rule would.
func (v outlet) mended(id uuid.UUID) {
	v.within(func(tx db.Tx) error {
		_, err := tx.Exec(context.Background(), `UPDATE rejections SET sent = replace(sent, '"name":17', '"name":"kg"') WHERE record_id = $1`, id.String())
		return err
	})
}

func TestARetryNeverTakesBackWhatTheSourceHasDoneSince(t *testing.T) {
	v := newOutlet(t)
	device, changed, deleted, same := uuid.New(), uuid.New(), uuid.New(), uuid.New()
	v.push(device, unit(changed, "new", clock), deletion("unit", deleted, clock), unit(same, "kg", clock))
	before, _ := v.read("")
	v.refusedBefore(device, unit(changed, "old", clock.Add(-time.Minute)), unit(deleted, "old", clock.Add(-time.Minute)), unit(same, "kg", clock))

	v.retry()
	after, _ := v.read("")
	require.Equal(t, before, after)
	require.Empty(t, v.rejections(), "what the record has left behind has healed")
}

func TestAPurgedDeletionTakesEarlierRejectionsWithIt(t *testing.T) {
	v := newOutlet(t)
	device, gone, back := uuid.New(), uuid.New(), uuid.New()
	v.push(device, deletion("unit", gone, clock), deletion("unit", back, clock))
	v.refusedBefore(device, unit(gone, "old", clock.Add(-time.Minute)), unit(back, "new", clock.Add(time.Minute)))
	v.purgeAfter(longAfter)

	v.retry()
	stored, _ := v.read("")
	require.Len(t, stored, 1, "the deleted record stays deleted")
	require.Equal(t, back, stored[0].ID, "what is later than the deletion is not lost with it")
	require.Empty(t, v.rejections())
}

func TestARetryOfAnOrderHoldsItAgainstTheOrderAsItIs(t *testing.T) {
	v := licensedOutlet(t)
	device, moved, behind := uuid.New(), uuid.New(), uuid.New()
	v.push(device, order(moved, "accepted", 0, clock), order(behind, "accepted", 0, clock))
	v.push(device, order(behind, "ready", 1, clock.Add(time.Minute)))
	v.refusedBefore(device,
		order(moved, "cooking", 1, clock.Add(2*time.Minute)),
		order(behind, "cooking", 1, clock.Add(2*time.Minute)))

	v.retry()
	kept := v.rejections()
	require.Len(t, kept, 1)
	require.Equal(t, "too_old_a_rule", kept[behind.String()].Code, "what it was made from is not there any more: only its source can make it anew")
	stored, _ := v.read("")
	require.Equal(t, moved, stored[len(stored)-1].ID)
	require.EqualValues(t, 2, stored[len(stored)-1].Version)
}

func TestARetryWaitsForTheLicense(t *testing.T) {
	v := newOutlet(t)
	id := uuid.New()
	v.refusedBefore(uuid.New(), order(id, "new", 0, clock))
	v.retry()
	require.Contains(t, v.rejections(), id.String())

	until := clock.Add(time.Hour)
	v.license(&until)
	v.retry()
	require.Empty(t, v.rejections())
}

func TestRetriesAtOnceTakeEachRejectionOnce(t *testing.T) {
	v := newOutlet(t)
	const each = 330 // more than one transaction takes
	other := newOutletIn(v)
	for _, w := range []outlet{v, other} {
		for range 3 {
			changes := make([]sent, each)
			for i := range changes {
				changes[i] = []sent{badUnit(uuid.New(), clock), unit(uuid.New(), "kg", clock)}[i%2]
			}
			w.refusedBefore(uuid.New(), changes...)
		}
	}
	var woken atomic.Int64
	var retrying stdsync.WaitGroup
	for range 4 {
		receiver := push.New(v.db, sync.New(v.db, atClock, func(uuid.UUID) { woken.Add(1) }), atClock)
		retrying.Go(func() {
			if err := receiver.RetryRejections(context.Background()); err != nil {
				t.Error(err)
			}
		})
	}
	device := uuid.New()
	retrying.Go(func() {
		for range 20 {
			if _, _, err := v.tryPush(device, unit(uuid.New(), "kg", clock), badUnit(uuid.New(), clock)); err != nil {
				t.Error(err)
			}
		}
	})
	retrying.Wait()
	require.Positive(t, woken.Load(), "those who follow the feed are told")
	for w, pushed := range map[outlet]int{v: 20, other: 0} {
		stored, _ := w.read("")
		require.Len(t, stored, 3*each/2+pushed)
		for i, r := range stored {
			require.EqualValues(t, 1, r.Version)
			require.EqualValues(t, i+1, r.Seq, "no number was taken for nothing")
		}
		kept := w.rejections()
		require.Len(t, kept, 3*each/2+pushed)
		for _, r := range kept {
			require.Equal(t, "invalid", r.Code)
		}
	}
}
