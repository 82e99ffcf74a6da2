package agent

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/interpos/cabinet/internal/agent/extract"
	"github.com/interpos/cabinet/internal/agent/mapping"
	"github.com/interpos/cabinet/internal/agent/scan"
	"github.com/interpos/cabinet/internal/agent/scratch"
	"github.com/interpos/cabinet/internal/agent/source"
	"github.com/interpos/cabinet/internal/fault"
)

// kindCheck checks one kind.
type kindCheck struct {
	Check
	kind        *mapping.Kind
	reader      *extract.Extractor
	minorDigits int
	findings    []*finding // in the order in which they were found
	firstMark   mark
	problems    int // records, rows and settings that the cabinet would not take as they are meant
	warnings    int
}

// finding is one sort of trouble, with how often it was found.
type finding struct {
	code, path string
	count      int
	examples   []string
}

// advice is what a finding means, and what to do. Those that are problems fail the check.
type advice struct {
	problem bool
	text    string
}

var advices = map[string]advice{
	extract.KeyMissing:      {true, "a row has no key, and is left out: give each row a key, or leave such rows out of the query"},
	extract.KeyRepeated:     {true, "a key stands in more than one row, and none of these rows is sent: a join may double rows; if only several columns together identify a row, write key: [a, b]"},
	extract.IDInvalid:       {true, "an id is no UUID, and its row is left out: if it is a key of another sort, write key in the place of id"},
	extract.Unreadable:      {true, "a row cannot be written as JSON, and is left out"},
	extract.NotText:         {true, "a text is none in the encoding of the source: name that, such as source: {driver: sqlite, dsn: pos.db, encoding: cp1251}"},
	extract.ColumnTwice:     {true, "the query gives this column twice, and the first one is taken: name the columns in the place of *, or give the computed one another name"},
	extract.KeyShared:       {true, "a key stands under several rows above, and the lists inside would mix: write key: [a, b] with what makes it unique, and parent: [a, b] in the lists inside"},
	extract.ItemKeyRepeated: {false, "two items of one record have the same key, and the second gets an id of its place in the list: if only several columns together identify an item, write key: [a, b]"},
	extract.ItemKeyMissing:  {false, "an item has no key, and gets an id of its place in the list"},
	extract.MarkMissing:     {false, "a row has no change mark that is a time, and is read each time: fill it where rows are written, or use coalesce(changed_at, created_at) in the query"},
	extract.TimeSkipped:     {false, "a local time does not exist, as the clock was put forward over it: see that time_zone is that of the source"},
	extract.DateOnly:        {false, "a day without a time of day counts as 00:00: where the business day begins later, such as at 06:00, that is the day before; put noon to it in the query, such as day || ' 12:00'"},
	extract.FromDirectory:   {false, "the text comes from the table of a directory: when that is renamed, old documents change as well; take what was kept at the sale, where the source has it"},
	extract.InnerJoin:       {false, "an inner join leaves out rows of which the other table has nothing, so a deleted product takes its lines with it: write LEFT JOIN"},
	extract.NoIndex:         {false, "no index gives this order, and this SQLite database has no write-ahead log: the POS cannot write while the agent lists the rows; make an index"},
	extract.NotMapped:       {false, "the field refers to a kind that is not mapped: the cabinet shows an id where its name belongs, unless another device sends it"},
	notFilled:               {false, "the field is not filled, though the cabinet expects it, or has figures of it: fill it where the source knows it"},
	marksMixed:              {false, "the change marks are texts that do not compare as times, so a change may be seen only by the daily reading of everything: write all of them with one offset and one form in the query, such as strftime('%Y-%m-%d %H:%M:%f', changed_at) in SQLite, which is UTC (then time_zone: UTC)"},
	remarked:                {false, "the cabinet takes this record and counts it, with a remark"},
	unknownField:            {false, "the field is unknown to the cabinet: it is kept, but nowhere shown"},
	withoutMark:             {false, "without modified_at everything is read each time; `agent run` does it again and again, for a twentieth of the time, and a change is seen only then, but for new rows of a numeric key. With a change mark only what has changed is read"},
}

// Codes of findings that are the check's own.
const (
	remarked     = "remarked"
	unknownField = "unknown_field"
	notFilled    = "not_filled"
	marksMixed   = "marks_mixed"
	withoutMark  = "without_mark"
)

// fewRows are read so fast that the POS does not notice it.
const fewRows = 2000

func (k *kindCheck) add(code, path, example string) {
	found := k.findingOf(code, path)
	found.count++
	if example != "" && len(found.examples) < k.Problems {
		found.examples = append(found.examples, example)
	}
	if advices[code].problem {
		k.problems++
	}
}

func (k *kindCheck) findingOf(code, path string) *finding {
	for _, f := range k.findings {
		if f.code == code && f.path == path {
			return f
		}
	}
	f := &finding{code: code, path: path}
	k.findings = append(k.findings, f)
	if !advices[code].problem {
		k.warnings++
	}
	return f
}

// checkKind reads and checks all records of the kind.
func (k *kindCheck) checkKind(ctx context.Context, room *scratch.DB, plan *mapping.Mapping, directories map[string]bool) error {
	started := time.Now()
	listing, err := scan.List(ctx, room, k.reader, nil, started)
	if err != nil {
		return err
	}
	k.printf("%s: %d records\n", k.kind.Record.Name, listing.Rows)
	k.addRefusals(listing.Refused, listing.Refusals)
	shown, bad := 0, 0
	err = listing.Keys(ctx, func(keys []source.Value) error {
		read, err := k.reader.Read(ctx, keys)
		k.addRefusals(len(read.Refusals), read.Refusals)
		for i := range read.Records {
			r := &read.Records[i]
			if shown < k.Show {
				k.printf("  %s %s\n", r.ID, r.Data)
				shown++
			}
			bad += k.checkRecord(r, bad)
		}
		return err
	})
	if err != nil {
		return err
	}
	if bad > k.Problems {
		k.printf("  … %d more records with problems\n", bad-k.Problems)
	}
	k.problems += bad
	if !k.kind.ModifiedAt.Given() && listing.Rows > fewRows {
		took := time.Since(started).Round(10 * time.Millisecond)
		k.add(withoutMark, k.kind.Record.Name, fmt.Sprintf("reading all %d rows took %s", listing.Rows, took))
	}
	if err := k.inspect(ctx, plan, directories, listing.Rows); err != nil {
		return err
	}
	k.printFindings()
	return nil
}

// inspect looks at how the mapping of the kind is made.
func (k *kindCheck) inspect(ctx context.Context, plan *mapping.Mapping, directories map[string]bool, rows int) error {
	for _, field := range k.kind.Fields {
		if !field.Known {
			k.add(unknownField, k.kind.Record.Name+"."+field.Name.Text, "")
		}
	}
	k.findMissingFields(k.kind.Record.Name, k.kind.Record.Fields, &k.kind.Table)
	for _, note := range extract.UnmappedReferences(plan, k.kind) {
		k.add(note.Code, note.Path, note.Given)
	}
	notes, err := k.reader.Inspect(ctx, directories)
	for _, note := range notes {
		if note.Code != extract.NoIndex || rows > fewRows {
			k.add(note.Code, note.Path, note.Given)
		}
	}
	return err
}

func (k *kindCheck) addRefusals(count int, first []extract.Refusal) {
	for i := range first {
		k.add(first[i].Code, k.kind.Record.Name, first[i].Text)
	}
	if more := count - len(first); more > 0 {
		k.findings[len(k.findings)-1].count += more
		k.problems += more
	}
}

// checkRecord counts a record that the cabinet would reject, and shows it if it is among the first.
func (k *kindCheck) checkRecord(r *extract.Record, before int) (bad int) {
	k.checkMark(r)
	for _, note := range r.Notes {
		k.add(note.Code, note.Path, fmt.Sprintf("key %s: %s", r.Key.Key(), note.Given))
	}
	faults, remarks := r.Check(k.minorDigits)
	for _, remark := range remarks {
		k.add(remarked, k.kind.Record.Name, fmt.Sprintf("key %s: %s %s: %s expected, %s given", r.Key.Key(), remark.Path, remark.Code, orElse(remark.Expected, "something"), orElse(remark.Given, "nothing")))
	}
	if len(faults) == 0 {
		return 0
	}
	if before < k.Problems {
		k.printf("  PROBLEM key %s:\n", r.Key.Key())
		for _, fault := range faults {
			k.printf("    %s\n", faultLine(fault, r.Given(fault.Field)))
		}
	}
	return 1
}

func (k *kindCheck) printFindings() {
	for _, f := range k.findings {
		sort := "WARNING"
		if advices[f.code].problem {
			sort = "PROBLEM"
		}
		k.printf("  %s %s: %s (%s, %d)\n", sort, f.path, advices[f.code].text, f.code, f.count)
		for _, example := range f.examples {
			k.printf("    %s\n", example)
		}
	}
}

// faultLine says what is wrong with a field, what the source holds, and what to write.
func faultLine(fault fault.Field, given string) string {
	line := fmt.Sprintf("%s %s (%s)", fault.Field, fault.Message, fault.Code)
	if given != "" {
		line += "; the source has " + given
	}
	switch {
	case fault.Code == "time" || fault.Code == "date":
		line += ": write it as 2026-11-01 10:00:00 in the query, such as substr(at, 7, 4) || '-' || substr(at, 4, 2) || '-' || substr(at, 1, 2) || substr(at, 11) of 01.11.2026 10:00 in SQLite, " +
			"or to_timestamp(at, 'DD.MM.YYYY HH24:MI') in PostgreSQL; a number of seconds has time: unix"
	case fault.Message == "must be a number" && strings.Contains(given, ","):
		line += ": write replace(x, ',', '.') in the query"
	case fault.Code == "too_precise":
		line += ": round it in the query, such as round(x, 2)"
	case fault.Code == "required":
		line += ": NULL is left out; write coalesce(x, …) in the query, or leave such rows out"
	}
	return line
}
