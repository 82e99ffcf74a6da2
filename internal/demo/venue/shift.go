package venue

import (
	"database/sql"
	"errors"
	"time"
)

const changeMoney = 5000 * rouble // left in the till overnight

// insertShift finds the open cash shift of a place on a day, or opens one.
func (b *book) insertShift(s *shop, at time.Time) int {
	if b.err != nil {
		return 0
	}
	var id int
	err := b.tx.QueryRowContext(b.ctx, "SELECT id FROM shifts WHERE place_id = ? AND closed_at IS NULL AND substr(opened_at, 1, 10) = ?",
		s.id, at.Format(time.DateOnly)).Scan(&id)
	if !errors.Is(err, sql.ErrNoRows) {
		b.err = err
		return id
	}
	opened := s.atHour(at, s.opens).Add(-15 * time.Minute)
	if at.Before(opened) || at.Hour() >= s.closes { // only live
		opened = at.Add(-time.Minute)
	}
	id = b.insertNew("shifts", b.nextNumber("shifts", s.outlet), s.id, s.onDuty(opened).id, opened, nil, b.cashLeft(s), nil, b.mark(opened))
	if rng := seededRandom(int64(id), "change", opened); rng.IntN(5) == 0 {
		b.insertNew("cash_moves", id, opened.Add(3*time.Minute), "in", money(10+rng.IntN(20))*100*rouble, "Размен")
	}
	return id
}

// cashLeft is what the shift before left in the till.
func (b *book) cashLeft(s *shop) money {
	if b.queryNumber("SELECT count(*) FROM shifts WHERE place_id = ?", s.id) == 0 {
		return changeMoney
	}
	return b.queryMoney("SELECT coalesce(cash_close, 0) FROM shifts WHERE place_id = ? ORDER BY id DESC LIMIT 1", s.id)
}

// closeShifts closes those that ended before now, with the cash that must be
// in the till by the receipts.
func (b *book) closeShifts(w *world, now time.Time) {
	for _, s := range w.shops {
		for _, open := range b.openShifts(s) {
			end := s.atHour(open.opened, s.closes).Add(20 * time.Minute)
			if last := open.opened.Add(time.Hour); end.Before(last) {
				end = last
			}
			if startOfDay(now).After(startOfDay(open.opened)) || end.Before(now) {
				b.closeShift(open.id, end)
			}
		}
	}
}

type openShift struct {
	id     int
	opened time.Time
}

func (b *book) openShifts(s *shop) (open []openShift) {
	if b.err != nil {
		return nil
	}
	rows, err := b.tx.QueryContext(b.ctx, "SELECT id, opened_at FROM shifts WHERE place_id = ? AND closed_at IS NULL ORDER BY id", s.id)
	if err != nil {
		b.err = err
		return nil
	}
	defer func() { _ = rows.Close() }()
	for rows.Next() {
		var one openShift
		var opened string
		if b.err = rows.Scan(&one.id, &opened); b.err != nil {
			return nil
		}
		one.opened, b.err = time.Parse(time.RFC3339, opened)
		open = append(open, one)
	}
	b.err = errors.Join(b.err, rows.Err())
	return open
}

func (b *book) closeShift(id int, end time.Time) {
	if rng := seededRandom(int64(id), "expenses", end); rng.IntN(3) == 0 {
		spent := money(2+rng.IntN(8)) * 100 * rouble
		b.insertNew("cash_moves", id, end.Add(-time.Duration(2+rng.IntN(6))*time.Hour), "out", spent,
			pick(rng, []string{"Хозяйственные товары", "Такси для сотрудника", "Цветы в зал", "Лёд"}))
	}
	till := b.queryMoney(`SELECT coalesce(sum(CASE c.kind WHEN 'sale' THEN p.amount ELSE -p.amount END), 0)
		FROM checks c JOIN check_payments p ON p.check_id = c.id
		WHERE c.shift_id = ? AND p.pay_type_id = ? AND c.state = 'closed'`, id, cash.id)
	till += b.queryMoney("SELECT cash_open FROM shifts WHERE id = ?", id)
	till += b.queryMoney("SELECT coalesce(sum(CASE direction WHEN 'in' THEN amount ELSE -amount END), 0) FROM cash_moves WHERE shift_id = ?", id)
	if surplus := (till - changeMoney) / (100 * rouble) * (100 * rouble); surplus > 0 {
		b.insertNew("cash_moves", id, end.Add(-5*time.Minute), "collection", surplus, "Инкассация")
		till -= surplus
	}
	b.execute("UPDATE shifts SET closed_at = ?, cash_close = ?, changed_at = ? WHERE id = ?", end, till, b.mark(end), id)
}
