//go:build linux

package report_test

import (
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/projection/feedtest"
	"github.com/interpos/cabinet/internal/report"
	"github.com/interpos/cabinet/internal/sync"
)

func dashboard(t *testing.T, v *feedtest.Venue) report.Dashboard {
	t.Helper()
	got, err := service(v).Dashboard(t.Context(), v.Organization)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Today and this week stand beside the periods before, up to this very time.
func TestDashboardComparesUpToTheSameTime(t *testing.T) {
	v := feedtest.New(t)
	v.Set("Europe/Moscow", 360)
	v.Now = time.Date(2026, 5, 27, 12, 0, 0, 0, time.UTC) // Wednesday, 15:00 in Moscow
	for _, sale := range []struct{ at, price string }{
		{"2026-05-27T14:59:00+03:00", "1"},    // today
		{"2026-05-27T06:00:00+03:00", "2"},    // today, its first minute
		{"2026-05-27T05:59:00+03:00", "4"},    // yesterday, by night, and after 15:00 of it
		{"2026-05-26T15:00:00+03:00", "8"},    // yesterday, just now
		{"2026-05-26T15:01:00+03:00", "16"},   // yesterday, later
		{"2026-05-25T06:00:00+03:00", "32"},   // Monday, its first minute
		{"2026-05-25T05:59:00+03:00", "64"},   // Sunday by night: last week, later than Wednesday
		{"2026-05-20T15:00:00+03:00", "128"},  // last Wednesday, just now
		{"2026-05-20T15:01:00+03:00", "256"},  // last Wednesday, later
		{"2026-05-18T06:00:00+03:00", "512"},  // last Monday, its first minute
		{"2026-05-18T05:59:00+03:00", "1024"}, // the week before that
		{"2026-04-28T06:00:00+03:00", "2048"}, // the first of 30 days
		{"2026-04-28T05:59:00+03:00", "4096"}, // the day before them
	} {
		at, err := time.Parse(time.RFC3339, sale.at)
		if err != nil {
			t.Fatal(err)
		}
		v.Push(feedtest.Receipt{At: at, Lines: line(sale.price)}.Change())
	}
	got := dashboard(t, v)
	for what, pair := range map[string][2]string{
		"today":     {got.Today.Current.NetSales().String(), "3"},
		"yesterday": {got.Today.Previous.NetSales().String(), "8"},
		"this week": {got.Week.Current.NetSales().String(), "63"},
		"last week": {got.Week.Previous.NetSales().String(), "640"},
		"first day": {got.SalesByDay[0].NetSales().String(), "2048"},
		"last day":  {got.SalesByDay[29].NetSales().String(), "3"},
		"day":       {got.BusinessDay.Format(time.DateOnly), "2026-05-27"},
	} {
		if pair[0] != pair[1] {
			t.Errorf("%s: %s, want %s", what, pair[0], pair[1])
		}
	}
	if len(got.SalesByDay) != 30 || got.Today.Current.Receipts != 2 || got.Today.Current.AverageCheck().Decimal.String() != "1.5" {
		t.Errorf("%d days, %+v", len(got.SalesByDay), got.Today.Current)
	}
}

// By night, before the day starts, today is still yesterday.
func TestDashboardBeforeTheDayStarts(t *testing.T) {
	v := feedtest.New(t)
	v.Set("Europe/Moscow", 360)
	v.Now = time.Date(2026, 5, 24, 23, 0, 0, 0, time.UTC) // Monday, 02:00 in Moscow: Sunday's business
	for _, sale := range []struct{ at, price string }{
		{"2026-05-25T01:30:00+03:00", "1"}, {"2026-05-24T01:30:00+03:00", "2"}, {"2026-05-24T02:30:00+03:00", "4"}, {"2026-05-18T12:00:00+03:00", "8"},
	} {
		at, _ := time.Parse(time.RFC3339, sale.at)
		v.Push(feedtest.Receipt{At: at, Lines: line(sale.price)}.Change())
	}
	got := dashboard(t, v)
	if got.BusinessDay != *date("2026-05-24") || got.Today.Current.NetSales().String() != "1" || got.Today.Previous.NetSales().String() != "2" ||
		got.Week.Current.NetSales().String() != "15" {
		t.Errorf("%s: today %+v, week %+v", got.BusinessDay, got.Today, got.Week.Current)
	}
}

func TestDashboardTellsHowFarTheSetUpIs(t *testing.T) {
	v := feedtest.New(t)
	if got := dashboard(t, v); got.Devices != 0 || got.DataReceived || got.LastSynchronization != nil {
		t.Errorf("before all: %+v", got)
	}
	greeting, err := v.Feed.Greet(t.Context(), v.Organization, sync.Hello{DeviceID: v.Device, DeviceName: "Касса 1"})
	if err != nil {
		t.Fatal(err, greeting)
	}
	if got := dashboard(t, v); got.Devices != 1 || got.DataReceived || got.LastSynchronization != nil {
		t.Errorf("after hello: %+v", got)
	}
	v.Push(feedtest.Change{Kind: "unit", ID: uuid.New(), Data: map[string]any{"name": "кг"}})
	got := dashboard(t, v)
	if !got.DataReceived || got.LastSynchronization == nil || got.LastSynchronization.DeviceID != v.Device || got.LastSynchronization.DeviceName != "Касса 1" {
		t.Errorf("after a push: %+v", got.LastSynchronization)
	}
}
