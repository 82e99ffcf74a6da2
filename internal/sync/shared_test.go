package sync_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"github.com/interpos/cabinet/internal/db"
	"github.com/interpos/cabinet/internal/db/dbtest"
	"github.com/interpos/cabinet/internal/push"
	"github.com/interpos/cabinet/internal/sync"
)

// license lets the outlet use deliveries until a time; nil: never renewed.
func (v outlet) license(until *time.Time) {
	v.Helper()
	require.NoError(v, v.db.ForOrganization(context.Background(), v.organization, func(tx db.Tx) error {
		_, err := tx.Exec(context.Background(), `
			INSERT INTO licenses (organization_id, id, module, valid_until) VALUES ($1, $2, 'delivery', $3)
			ON CONFLICT (organization_id, module) DO UPDATE SET valid_until = excluded.valid_until`, v.organization, uuid.New(), until)
		return err
	}))
}

func licensedOutlet(t *testing.T) outlet {
	t.Helper()
	v := newOutlet(t)
	until := clock.Add(time.Hour)
	v.license(&until)
	return v
}

// order is a change of a delivery order, the base version left out where it is 0.
func order(id uuid.UUID, status string, base int64, at time.Time) sent {
	change := sent{"kind": "delivery_order", "id": id, "modified_at": at.Format(time.RFC3339Nano), "data": sent{
		"number": "D-1", "status": status, "type": "courier", "phone": "+7 912 345-67-89", "placed_at": clock,
		"total": 100, "lines": []sent{{"id": id, "product_id": id, "name": "Чай", "quantity": 1, "price": 100, "total": 100}}}}
	if base > 0 {
		change["base_version"] = base
	}
	return change
}

func TestAModuleNeedsItsLicense(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	badOne := order(uuid.New(), "lost", 0, clock)
	pushAll := func(want ...push.Status) {
		t.Helper()
		require.Equal(t, want, statuses(v.push(device, order(id, "new", 0, clock), unit(uuid.New(), "kg", clock), badOne)))
	}
	pushAll(push.LicenseRequired, push.Applied, push.LicenseRequired)
	v.license(nil)
	pushAll(push.LicenseRequired, push.Applied, push.LicenseRequired)
	until := clock
	v.license(&until) // the moment of its end is excluded
	pushAll(push.LicenseRequired, push.Applied, push.LicenseRequired)
	page, err := v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Limit: 10})
	require.NoError(t, err)
	require.Empty(t, page.Rejections, "what needs a license is no rejection")
	require.Zero(t, page.Total)

	until = clock.Add(time.Microsecond)
	v.license(&until)
	pushAll(push.Applied, push.Applied, push.Rejected)
	v.license(nil)
	require.Equal(t, []push.Status{push.LicenseRequired},
		statuses(v.push(device, sent{"kind": "delivery_order", "id": id, "modified_at": clock, "deleted": true, "base_version": 1})))
	changes, _ := v.read("")
	kinds := map[string]int{}
	for _, change := range changes {
		kinds[change.Kind]++
	}
	require.Equal(t, 1, kinds["delivery_order"], "what was synchronized before stays")
}

func TestAnotherOrganizationsLicenseOpensNothing(t *testing.T) {
	v := licensedOutlet(t)
	other := v
	other.organization = dbtest.Organization(t, v.db)
	require.Equal(t, []push.Status{push.LicenseRequired}, statuses(other.push(uuid.New(), order(uuid.New(), "new", 0, clock))))
}

// Of equal times that of the greater device counts, but for a kind that several
// sides write: there the version does.
func TestAnOrderIsChangedFromItsCurrentVersionOnly(t *testing.T) {
	small, great := uuid.MustParse("00000000-0000-4000-8000-000000000001"), uuid.MustParse("f0000000-0000-4000-8000-000000000001")
	t.Run("the till has the greater id", func(t *testing.T) { holdVersions(t, great, small) })
	t.Run("the cabinet has the greater id", func(t *testing.T) { holdVersions(t, small, great) })
}

func holdVersions(t *testing.T, till, cabinet uuid.UUID) {
	t.Helper()
	v := licensedOutlet(t)
	id := uuid.New()
	require.Equal(t, []push.Status{push.Applied}, statuses(v.push(till, order(id, "new", 0, clock))))
	require.Equal(t, []push.Status{push.Applied}, statuses(v.push(cabinet, order(id, "accepted", 1, clock))))

	late := v.push(till, order(id, "cancelled", 1, clock.Add(time.Hour)))
	require.Equal(t, []push.Status{push.Conflict}, statuses(late))
	require.Contains(t, string(late[0].Current.Data), `"status":"accepted"`)
	silent := v.push(till, order(id, "cooking", 0, clock.Add(time.Hour)))
	require.Equal(t, []push.Status{push.Conflict}, statuses(silent), "the later time does not help a change that names no version")
	require.EqualValues(t, 2, silent[0].Current.Version)
	require.Equal(t, []push.Status{push.Conflict}, statuses(v.push(till,
		sent{"kind": "delivery_order", "id": id, "modified_at": clock.Add(time.Hour), "deleted": true})))

	require.Equal(t, []push.Status{push.Stale, push.Unchanged}, statuses(v.push(till, order(id, "new", 0, clock), order(id, "accepted", 1, clock))),
		"a repeat is what it is for every kind")
	require.Equal(t, []push.Status{push.Applied, push.Applied}, statuses(v.push(till, order(id, "cooking", 2, clock), order(id, "ready", 3, clock))),
		"also upon a change of the same push")
}

// A change that names its version wins with any time. What came before it, and
// arrives after it, must still lose.
func TestAChangeByBaseVersionNeverTakesTheTimeBack(t *testing.T) {
	v := newOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, unit(id, "one", clock.Add(time.Hour)))
	require.Equal(t, []push.Status{push.Applied}, statuses(v.push(device, unit(id, "two", clock).with("base_version", 1))))
	require.Equal(t, []push.Status{push.Stale}, statuses(v.push(device, unit(id, "zero", clock.Add(time.Minute)))))
	stored, _ := v.read("")
	require.JSONEq(t, `{"name":"two"}`, string(stored[0].Data))
	require.Equal(t, clock.Add(time.Hour), stored[0].ModifiedAt.UTC())
}

func TestAnOrdersStatusIsDecidedAgainstTheRecordAsItIs(t *testing.T) {
	v := licensedOutlet(t)
	device, id := uuid.New(), uuid.New()
	v.push(device, order(id, "cooking", 0, clock))
	back := v.push(device, order(id, "accepted", 1, clock.Add(time.Minute)))
	require.Equal(t, []push.Status{push.Rejected}, statuses(back))
	require.Equal(t, "status_taken_back", back[0].Code)
	require.EqualValues(t, 1, back[0].Version, "the version of the record as it stands")
	require.Equal(t, "status", back[0].Errors[0].Field)
	page, err := v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Limit: 10})
	require.NoError(t, err)
	require.Len(t, page.Rejections, 1)
	require.Contains(t, string(page.Rejections[0].Data), `"status":"accepted"`, "it is kept whole")

	within := v.push(device, order(id, "delivered", 1, clock), order(id, "cancelled", 2, clock))
	require.Equal(t, []push.Status{push.Applied, push.Rejected}, statuses(within), "a step within one push counts")
	require.Equal(t, "cancelled_too_late", within[1].Code)
	require.Equal(t, []push.Status{push.Applied}, statuses(v.push(device, order(id, "closed", 2, clock))))
	page, err = v.feed.Rejections(context.Background(), v.organization, sync.RejectionQuery{Limit: 10})
	require.NoError(t, err)
	require.Zero(t, page.Total, "a later good version heals")

	deleted := sent{"kind": "delivery_order", "id": id, "modified_at": clock, "deleted": true, "base_version": 3}
	require.Equal(t, []push.Status{push.Applied, push.Applied}, statuses(v.push(device, deleted, order(id, "new", 4, clock))),
		"upon a deletion the order may begin anew")
}
