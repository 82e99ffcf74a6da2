package browse

import (
	"context"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/interpos/cabinet/internal/projection"
)

// RemarkFilter says which records a list shows, by what is remarked of them.
type RemarkFilter struct {
	Remarked bool   // only those with a remark
	Remark   string // only those with a remark of this code; "": of any, or none
}

// requireRemarks adds the conditions of a filter by remarks.
func (f *filter) requireRemarks(by RemarkFilter) {
	if by.Remarked {
		f.conditions = append(f.conditions, "t.remark_codes <> ''")
	}
	if by.Remark != "" {
		f.requireThat("%s = ANY(string_to_array(t.remark_codes, ','))", by.Remark)
	}
}

// RemarkCount is how many records of a kind have remarks of a code.
type RemarkCount struct {
	Kind    string
	Code    string
	Records int64
}

// RemarkCounts are those of all kinds and codes of which there are any, the most first.
type RemarkCounts struct {
	Items     []RemarkCount
	Freshness projection.Freshness
}

// Records have few combinations of codes: these are counted, and then taken apart.
const selectRemarkCounts = `
SELECT kind, code, sum(count)::bigint
FROM (
    SELECT kind, remark_codes, count(*) FROM documents WHERE organization_id = $1 AND remark_codes <> '' GROUP BY 1, 2
    UNION ALL
    SELECT kind, remark_codes, count(*) FROM directory_entries WHERE organization_id = $1 AND remark_codes <> '' GROUP BY 1, 2
) AS combined, unnest(string_to_array(remark_codes, ',')) AS code
GROUP BY kind, code ORDER BY 3 DESC, kind, code`

// CountRemarks counts the records that have remarks, by kind and code.
func (r *Records) CountRemarks(ctx context.Context, organization uuid.UUID) (counts RemarkCounts, err error) {
	err = r.projector.Read(ctx, organization, func(tx pgx.Tx, view projection.View) error {
		counts.Freshness = view.Freshness
		found, err := tx.Query(ctx, selectRemarkCounts, organization)
		if err != nil {
			return err
		}
		counts.Items, err = pgx.CollectRows(found, pgx.RowToStructByPos[RemarkCount])
		return err
	})
	return counts, err
}
