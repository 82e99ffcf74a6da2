package extract

import (
	"context"
	"fmt"
	"slices"

	"github.com/interpos/cabinet/internal/agent/source"
)

// rows are those of one batch, of a kind and of all its lists.
type rows struct {
	root     map[string]source.Row
	repeated map[string]bool                    // keys that stand in several rows
	lists    map[*table]map[string][]source.Row // by the key of the row above
}

func newRows() *rows {
	return &rows{root: map[string]source.Row{}, repeated: map[string]bool{}, lists: map[*table]map[string][]source.Row{}}
}

// loadKeys reads the rows with the keys and everything below them.
func (r *rows) loadKeys(ctx context.Context, reader source.Reader, t *table, keys []source.Value) error {
	selection := source.Selection{
		Query: t.Query.Text, Columns: t.columns,
		In: &source.In{Columns: t.columnNames(t.key), Values: keys},
	}
	err := reader.Select(ctx, selection, func(row source.Row) error {
		key := valueOf(row, t.key).Key()
		if _, twice := r.root[key]; twice {
			r.repeated[key] = true
		}
		r.root[key] = row
		return nil
	})
	if err != nil {
		return err
	}
	return r.loadLists(ctx, reader, t, keys)
}

func (r *rows) loadLists(ctx context.Context, reader source.Reader, t *table, keys []source.Value) error {
	if len(keys) == 0 {
		return nil
	}
	for _, list := range t.lists {
		items, err := r.loadItems(ctx, reader, list, keys)
		if err != nil {
			return fmt.Errorf("%s: %w", list.path, err)
		}
		if err := r.loadLists(ctx, reader, list, items); err != nil {
			return err
		}
	}
	return nil
}

// loadItems reads the rows of a list and gives their keys, where they have one.
func (r *rows) loadItems(ctx context.Context, reader source.Reader, t *table, parents []source.Value) ([]source.Value, error) {
	grouped := map[string][]source.Row{}
	r.lists[t] = grouped
	selection := source.Selection{Query: t.Query.Text, Columns: t.columns, OrderBy: t.columnNames(t.order)}
	var keys []source.Value
	for some := range slices.Chunk(parents, max(1, reader.MaxKeys()/len(t.parent))) {
		selection.In = &source.In{Columns: t.columnNames(t.parent), Values: some}
		err := reader.Select(ctx, selection, func(row source.Row) error {
			parent := valueOf(row, t.parent).Key()
			grouped[parent] = append(grouped[parent], row)
			if key := valueOf(row, t.key); len(t.key) > 0 && key.HasKey() {
				keys = append(keys, key)
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}
