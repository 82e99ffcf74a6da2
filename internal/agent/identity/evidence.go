// Package identity tells whether a database is the one that a source of the organization is known by.
package identity

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"slices"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/agent/state"
	"github.com/interpos/cabinet/internal/canonical"
	"github.com/interpos/cabinet/internal/record"
)

// Verdict is what evidence says of a database.
type Verdict int

// Verdicts.
const (
	Unknown Verdict = iota // nothing that could tell: it is new, empty, or read by another mapping
	Same
	Other
)

// Finding is a verdict and what it rests on.
type Finding struct {
	Verdict Verdict
	Agree   int    // rows of the evidence that stand in the database as they are known
	Differ  int    // that stand there under the same key and are others
	Example string // one of those that differ, as "receipt 17"
}

// Table is a kind of the mapping with its reader.
type Table struct {
	Kind      *mapping.Kind
	Extractor *extract.Extractor
}

// How many rows of a kind are known. Documents tell more: directories of a chain may have been made of one
// template.
const (
	documentRows  = 8
	directoryRows = 4
	longestKey    = 60 // bytes; rows with longer ones are left out, so that the evidence stays small
)

// evidence is some rows by what does not change in them: the time and number of a document, the name of a
// directory's entry.
type evidence struct {
	Kinds []known `json:"kinds"`
}

type known struct {
	Kind    string `json:"kind"`
	Reading string `json:"reading"` // rows can be compared where they were read in the same way
	Rows    []row  `json:"rows"`
}

type row struct {
	Key  string      `json:"key"`
	Type source.Type `json:"type"`
	Hash string      `json:"hash"`
}

// Take makes the evidence of what the state knows to be in the cabinet, as it stands in the database.
func Take(ctx context.Context, memory *state.State, tables []Table) (string, error) {
	var taken evidence
	for _, table := range tables {
		if !tellsApart(table.Kind) {
			continue
		}
		most := directoryRows
		if table.Kind.Record.Document {
			most = documentRows
		}
		keys, err := memory.Sample(ctx, table.Kind.Record.Name, most)
		if err != nil {
			return "", err
		}
		rows, err := readRows(ctx, table, keys)
		if err != nil {
			return "", err
		}
		if len(rows) > 0 {
			taken.Kinds = append(taken.Kinds, known{table.Kind.Record.Name, table.Extractor.Reading(), rows})
		}
	}
	text, err := json.Marshal(taken)
	return string(text), err
}

// IsStrong says whether evidence holds documents: what else there is may be alike in two databases.
func IsStrong(text string) bool {
	var taken evidence
	if json.Unmarshal([]byte(text), &taken) != nil {
		return false
	}
	return slices.ContainsFunc(taken.Kinds, func(k known) bool {
		kind, ok := record.Find(k.Kind)
		return ok && kind.Document
	})
}

// tellsApart says whether the rows of a kind are this database's own.
func tellsApart(kind *mapping.Kind) bool { return !kind.SharedIDs && !kind.Record.Shared }

// readRows reads rows as evidence. A kind that cannot be read gives none.
func readRows(ctx context.Context, table Table, keys []source.Value) ([]row, error) {
	var short []source.Value
	for _, key := range keys {
		if len(key.Text) <= longestKey {
			short = append(short, key)
		}
	}
	if len(short) == 0 {
		return nil, nil
	}
	batch, err := table.Extractor.Read(ctx, short)
	var away *source.Unavailable
	if errors.As(err, &away) || ctx.Err() != nil {
		return nil, err
	}
	var rows []row
	for i := range batch.Records {
		if hash, ok := hashOf(table.Kind, &batch.Records[i]); ok {
			rows = append(rows, row{batch.Records[i].Key.Text, batch.Records[i].Key.Type, hash})
		}
	}
	return rows, nil
}

func hashOf(kind *mapping.Kind, r *extract.Record) (hash string, ok bool) {
	data, err := canonical.Parse(r.Data)
	if err != nil || r.Deleted {
		return "", false
	}
	fields := []string{"name"}
	if kind.Record.Document {
		fields = []string{"occurred_at", "number"}
	}
	var text []byte
	for _, name := range fields {
		text = append(text, '\n')
		if value, ok := data.Get(name); ok {
			text, _ = canonical.Append(text, value)
		}
	}
	sum := sha256.Sum256(text) // not of the id: that is what is to be found out
	return hex.EncodeToString(sum[:8]), true
}

// Compare holds evidence against a database. Evidence that cannot be read is none.
func Compare(ctx context.Context, text string, tables []Table) (Finding, error) {
	var taken evidence
	if json.Unmarshal([]byte(text), &taken) != nil {
		return Finding{}, nil
	}
	var documents, directories Finding
	for _, kind := range taken.Kinds {
		for _, table := range tables {
			if table.Kind.Record.Name != kind.Kind || table.Extractor.Reading() != kind.Reading {
				continue
			}
			sum := &directories
			if table.Kind.Record.Document {
				sum = &documents
			}
			if err := sum.compareRows(ctx, table, kind.Rows); err != nil {
				return Finding{}, err
			}
		}
	}
	return judge(documents, directories), nil
}

func (f *Finding) compareRows(ctx context.Context, table Table, rows []row) error {
	keys, want := make([]source.Value, len(rows)), map[string]string{}
	for i, r := range rows {
		keys[i] = source.Value{Type: r.Type, Text: r.Key}
		want[r.Key] = r.Hash
	}
	here, err := readRows(ctx, table, keys)
	for _, r := range here {
		if want[r.Key] == r.Hash {
			f.Agree++
			continue
		}
		f.Differ++
		f.Example = fmt.Sprintf("%s %s", table.Kind.Record.Name, r.Key)
	}
	return err
}

// judge goes by the documents, where there are any. Directories that agree prove nothing.
func judge(documents, directories Finding) Finding {
	switch {
	case documents.Differ > documents.Agree:
		documents.Verdict = Other
		return documents
	case documents.Agree > 0:
		documents.Verdict = Same
		return documents
	case directories.Differ > directories.Agree:
		directories.Verdict = Other
	}
	return directories
}
