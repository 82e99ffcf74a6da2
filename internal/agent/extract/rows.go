package extract

import (
	"context"
	"fmt"
	"slices"

	"github.com/interpos/cabinet/internal/agent/source"
)

// rows are those of one batch, of a kind and of all its lists.
type rows struct {
	root  map[string]source.Row
	lists map[*table]map[string][]source.Row // by the key of the row above
}

func newRows() *rows {
	return &rows{root: map[string]source.Row{}, lists: map[*table]map[string][]source.Row{}}
}

// loadKeys reads the rows with the keys and everything below them.
func (r *rows) loadKeys(ctx context.Context, reader source.Reader, t *table, keys []source.Value) error {
	selection := source.Selection{
		Query: t.Query.Text, Columns: t.columns,
		In: &source.In{Column: t.columnName(t.key), Values: keys},
	}
	err := reader.Select(ctx, selection, func(row source.Row) error {
		r.root[row[t.key].Key()] = row
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
	selection := source.Selection{Query: t.Query.Text, Columns: t.columns}
	if t.order != none {
		selection.OrderBy = []string{t.columnName(t.order)}
	}
	var keys []source.Value
	for some := range slices.Chunk(parents, reader.MaxKeys()) {
		selection.In = &source.In{Column: t.columnName(t.parent), Values: some}
		err := reader.Select(ctx, selection, func(row source.Row) error {
			parent := row[t.parent].Key()
			grouped[parent] = append(grouped[parent], row)
			if t.key != none {
				keys = append(keys, row[t.key])
			}
			return nil
		})
		if err != nil {
			return nil, err
		}
	}
	return keys, nil
}
