package license

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/billing"
	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/fault"
)

// operator is an operator with prices, and organizations that renew.
type operator struct {
	*testing.T
	*Renewals
	db  *db.DB
	now time.Time
}

func newOperator(t *testing.T) *operator {
	t.Helper()
	o := &operator{T: t, db: dbtest.New(t), now: time.Date(2026, 1, 31, 12, 0, 0, 0, time.UTC)}
	prices, err := billing.ParsePriceList("prices: {delivery: {RUB: {1: 1500.50, 12: 15000}}}")
	require.NoError(t, err)
	o.Renewals = NewRenewals(New(o.db, func() time.Time { return o.now }), prices)
	return o
}

// customer is an organization in Moscow with a license that was never renewed.
func (o *operator) customer() (actor access.Actor, license uuid.UUID) {
	o.Helper()
	actor = access.Actor{UserID: uuid.New(), OrganizationID: dbtest.Organization(o, o.db)}
	require.NoError(o, o.db.ForOrganization(o.Context(), actor.OrganizationID, func(tx db.Tx) error {
		return Create(tx, actor.OrganizationID, Delivery, o.now)
	}))
	return actor, o.license(actor).ID
}

func (o *operator) license(actor access.Actor) Listed {
	o.Helper()
	listed, err := o.List(o.Context(), actor.OrganizationID)
	require.NoError(o, err)
	require.Len(o, listed, 1)
	return listed[0]
}

func (o *operator) request(actor access.Actor, license uuid.UUID, months int) Renewal {
	o.Helper()
	made, err := o.Request(o.Context(), actor, license, months)
	require.NoError(o, err)
	return made
}

func (o *operator) refused(code fault.Code, err error) {
	o.Helper()
	require.True(o, fault.Is(err, code), "%v", err)
}

func TestARenewalMovesTheLicenseOnceItIsConfirmed(t *testing.T) {
	o, ctx := newOperator(t), context.Background()
	actor, license := o.customer()
	require.Nil(t, o.license(actor).LastDay)

	made := o.request(actor, license, 1)
	require.Equal(t, int64(1), made.Number)
	require.Equal(t, "1500.5 RUB pending", made.Price.String()+" "+made.Currency+" "+string(made.Status))
	require.Equal(t, Inactive, o.license(actor).Status, "nothing is paid yet")
	_, err := o.Request(ctx, actor, license, 12)
	o.refused(fault.Conflict, err)

	o.now = o.now.Add(3 * time.Hour)
	confirmed, err := o.Confirm(ctx, made.Number)
	require.NoError(t, err)
	require.Equal(t, Confirmed, confirmed.Status)
	require.Equal(t, time.Date(2026, 2, 28, 21, 0, 0, 0, time.UTC), confirmed.ValidUntil.UTC(), "the midnight after 28 February in Moscow")
	shown := o.license(actor)
	require.Equal(t, "2026-02-28", shown.LastDay.Format(time.DateOnly))
	require.Equal(t, 29, shown.DaysLeft, "31 January, and February")

	again, err := o.Confirm(ctx, made.Number)
	require.NoError(t, err)
	require.True(t, confirmed.ValidUntil.Equal(*again.ValidUntil))
	require.Equal(t, "2026-02-28", o.license(actor).LastDay.Format(time.DateOnly), "once, however often it is confirmed")
	_, err = o.Decline(ctx, made.Number)
	o.refused(fault.Conflict, err)
	o.refused(fault.Conflict, o.Withdraw(ctx, actor.OrganizationID, license, made.ID))

	_, err = o.Confirm(ctx, o.request(actor, license, 1).Number)
	require.NoError(t, err)
	require.Equal(t, "2026-03-31", o.license(actor).LastDay.Format(time.DateOnly), "counted from the day that the paid time began on")

	declined := o.request(actor, license, 12)
	for range 2 {
		_, err = o.Decline(ctx, declined.Number)
		require.NoError(t, err)
	}
	_, err = o.Confirm(ctx, declined.Number)
	o.refused(fault.Conflict, err)
	withdrawn := o.request(actor, license, 12)
	for range 2 {
		require.NoError(t, o.Withdraw(ctx, actor.OrganizationID, license, withdrawn.ID))
	}
	_, err = o.Confirm(ctx, withdrawn.Number)
	o.refused(fault.Conflict, err)
	require.Equal(t, "2026-03-31", o.license(actor).LastDay.Format(time.DateOnly))

	listed, err := o.ListRenewals(ctx, actor.OrganizationID, license)
	require.NoError(t, err)
	require.Len(t, listed, 4)
	for i, want := range []RenewalStatus{Withdrawn, Declined, Confirmed, Confirmed} {
		require.Equal(t, want, listed[i].Status, "the newest first")
	}
	pending, err := o.ListAll(ctx, Pending)
	require.NoError(t, err)
	require.Empty(t, pending)
}

func TestARenewalConfirmedManyTimesAtOnceCountsOnce(t *testing.T) {
	o := newOperator(t)
	actor, license := o.customer()
	made := o.request(actor, license, 1)
	var confirming sync.WaitGroup
	for range 8 {
		confirming.Go(func() {
			_, err := o.Confirm(t.Context(), made.Number)
			if err != nil {
				t.Error(err)
			}
		})
	}
	confirming.Wait()
	require.Equal(t, "2026-02-28", o.license(actor).LastDay.Format(time.DateOnly))
}

func TestNumbersOfRenewalsHaveNoGaps(t *testing.T) {
	o := newOperator(t)
	const customers = 8
	var requesting sync.WaitGroup
	for range customers {
		actor, license := o.customer()
		requesting.Go(func() {
			if _, err := o.Request(t.Context(), actor, license, 1); err != nil {
				t.Error(err)
			}
			if _, err := o.Request(t.Context(), actor, license, 1); !fault.Is(err, fault.Conflict) {
				t.Error("two pending", err)
			}
		})
	}
	requesting.Wait()
	all, err := o.ListAll(t.Context(), "")
	require.NoError(t, err)
	require.Len(t, all, customers)
	for i, renewal := range all {
		require.Equal(t, int64(i+1), renewal.Number)
	}
}

func TestARenewalIsTheOrganizationsAlone(t *testing.T) {
	o, ctx := newOperator(t), context.Background()
	mine, license := o.customer()
	other, otherLicense := o.customer()
	made := o.request(mine, license, 1)
	_, err := o.Request(ctx, other, license, 1)
	o.refused(fault.NotFound, err)
	_, err = o.ListRenewals(ctx, other.OrganizationID, license)
	o.refused(fault.NotFound, err)
	_, err = o.GetRenewal(ctx, other.OrganizationID, license, made.ID)
	o.refused(fault.NotFound, err)
	_, err = o.GetRenewal(ctx, mine.OrganizationID, otherLicense, made.ID)
	o.refused(fault.NotFound, err)
	o.refused(fault.NotFound, o.Withdraw(ctx, other.OrganizationID, license, made.ID))
	o.refused(fault.NotFound, o.TakeTrial(ctx, other.OrganizationID, license))
	for _, number := range []int64{0, -1, 99} {
		_, err = o.Confirm(ctx, number)
		o.refused(fault.NotFound, err)
	}
	found, err := o.GetRenewal(ctx, mine.OrganizationID, license, made.ID)
	require.NoError(t, err)
	require.Equal(t, Pending, found.Status)
}

func TestWhatIsNotOfferedIsNotRenewed(t *testing.T) {
	o, ctx := newOperator(t), context.Background()
	actor, license := o.customer()
	for _, months := range []int{-1, 0, 2, 3, 13} {
		_, err := o.Request(ctx, actor, license, months)
		o.refused(fault.ValidationFailed, err)
	}
	require.NoError(t, o.db.ForOrganization(ctx, actor.OrganizationID, func(tx db.Tx) error {
		return tx.GORM().Exec("UPDATE organizations SET currency = 'EUR' WHERE id = ?", actor.OrganizationID).Error
	}))
	_, err := o.Request(ctx, actor, license, 1)
	o.refused(fault.Conflict, err)
	_, err = NewRenewals(o.Licenses, nil).Request(ctx, actor, license, 1)
	o.refused(fault.Conflict, err)
}

func TestRenewalsAreNotForFlooding(t *testing.T) {
	o, ctx := newOperator(t), context.Background()
	actor, license := o.customer()
	for range maxRenewalsADay {
		require.NoError(t, o.Withdraw(ctx, actor.OrganizationID, license, o.request(actor, license, 1).ID))
	}
	_, err := o.Request(ctx, actor, license, 1)
	o.refused(fault.RateLimited, err)
	o.now = o.now.Add(25 * time.Hour)
	o.request(actor, license, 1)
}

func TestATrialIsTakenOnce(t *testing.T) {
	o, ctx := newOperator(t), context.Background()
	actor, license := o.customer()
	var took, refused int
	var trying sync.WaitGroup
	var counting sync.Mutex
	for range 6 {
		trying.Go(func() {
			err := o.TakeTrial(ctx, actor.OrganizationID, license)
			counting.Lock()
			defer counting.Unlock()
			if err == nil {
				took++
			} else if fault.Is(err, fault.Conflict) {
				refused++
			}
		})
	}
	trying.Wait()
	require.Equal(t, []int{1, 5}, []int{took, refused})
	shown := o.license(actor)
	require.Equal(t, "2026-02-14", shown.LastDay.Format(time.DateOnly))
	require.Equal(t, Active, shown.Status)
	require.NotNil(t, shown.TrialAt)

	made := o.request(actor, license, 1)
	_, err := o.Confirm(ctx, made.Number)
	require.NoError(t, err)
	require.Equal(t, "2026-03-14", o.license(actor).LastDay.Format(time.DateOnly), "the paid time begins where the trial ends")

	o.now = o.now.AddDate(1, 0, 0)
	require.Equal(t, Expired, o.license(actor).Status)
	require.Zero(t, o.license(actor).DaysLeft)
	o.refused(fault.Conflict, o.TakeTrial(ctx, actor.OrganizationID, license))

	paying, license := o.customer()
	_, err = o.Grant(ctx, paying.OrganizationID, Delivery, o.now.AddDate(0, 1, 0))
	require.NoError(t, err)
	o.refused(fault.Conflict, o.TakeTrial(ctx, paying.OrganizationID, license))
}

func TestTheRenewalsModelFitsTheTable(t *testing.T) {
	dbtest.HoldModel(t, dbtest.New(t), &renewalRow{})
}
