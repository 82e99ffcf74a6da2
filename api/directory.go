package api

import (
	"cmp"
	"encoding/json"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/export"
	"github.com/interpos/cabinet/internal/record"
)

// DirectoryItem is one directory record in a list.
type DirectoryItem struct {
	Kind       string          `json:"kind" example:"product"`
	ID         string          `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	Name       string          `json:"name" example:"Cappuccino 0.3"`
	Code       string          `json:"code,omitempty" validate:"optional" example:"1042"`
	Archived   bool            `json:"archived" example:"false"` // Archived product, dismissed employee
	ModifiedAt time.Time       `json:"modified_at" example:"2026-05-25T17:03:12Z"`
	UpdatedAt  time.Time       `json:"updated_at" example:"2026-05-25T17:03:12Z"`               // When the cabinet took this version
	Version    int64           `json:"version" example:"3"`                                     // How often it has changed, the first time included
	Seq        int64           `json:"seq" example:"40213"`                                     // Its place in the feed
	Remarks    []record.Remark `json:"remarks,omitempty" validate:"optional"`                   // What is missing, at most 20
	Values     map[string]any  `json:"values"`                                                  // What the list has columns of, by the names of fields, see /kinds; of a list, how many items it has
	Data       json.RawMessage `json:"data,omitempty" validate:"optional" swaggertype:"object"` // With include=data: the whole record
}

// DirectoryList is a page of a directory.
type DirectoryList struct {
	Items      []DirectoryItem `json:"items"`
	NextCursor string          `json:"next_cursor,omitempty" validate:"optional"`         // Left out on the last page. With updated_since always there: keep it, and what changes later comes after it
	Total      *int64          `json:"total,omitempty" validate:"optional" example:"214"` // Of the whole list; left out with updated_since
	Deleted    *[]Deletion     `json:"deleted,omitempty" validate:"optional"`             // With updated_since: records that were deleted, whatever the filter
	More       *bool           `json:"more,omitempty" validate:"optional"`                // With updated_since: there is more already; ask again at once, with next_cursor
	Named
	Freshness Freshness `json:"freshness"`
}

// DirectoryRecord is one directory record, as it stands in the feed.
type DirectoryRecord struct {
	Kind       string          `json:"kind" example:"product"`
	ID         string          `json:"id" format:"uuid" example:"5b6d3c1e-0f4a-4d0e-8f2b-7a9c1d2e3f40"`
	Name       string          `json:"name" example:"Cappuccino 0.3"` // Empty where the record is deleted
	Version    int64           `json:"version" example:"3"`           // How often it has changed, the first time included
	Seq        int64           `json:"seq" example:"40213"`           // Its place in the feed
	ModifiedAt time.Time       `json:"modified_at" example:"2026-05-25T17:03:12Z"`
	ReceivedAt time.Time       `json:"received_at" example:"2026-05-25T17:03:12Z"`
	Deleted    bool            `json:"deleted" example:"false"`
	DeviceID   string          `json:"device_id" format:"uuid" example:"0190a2c4-7b1e-7c3a-9d55-3f1f0a6f2b11"` // That sent this version
	DeviceName string          `json:"device_name" example:"Till computer, Lenina 5"`
	Data       json.RawMessage `json:"data" swaggertype:"object"`             // Fields of its kind, and those that the source added: of a product those of ProductData, and so on
	Remarks    []record.Remark `json:"remarks,omitempty" validate:"optional"` // What is missing, at most 20
	Named
}

// DirectoryQuery selects directory records.
type DirectoryQuery struct {
	Q        string `query:"q" json:"q" validate:"optional" example:"cappuccino"`                                 // Words that all occur in name, code, phone, bar code, …
	GroupID  string `query:"group_id" json:"group_id" validate:"optional" format:"uuid"`                          // In this product group or one below it
	Archived string `query:"archived" json:"archived" validate:"optional" enums:"false,true,all" default:"false"` // Archived products, dismissed employees. With updated_since the default is all
	RemarkQuery
	Sort string `query:"sort" json:"sort" validate:"optional" enums:"name,-name,code,-code,modified_at,-modified_at" default:"name"`
	PageQuery
	UpdateQuery
	Format string `query:"format" json:"format" validate:"optional" enums:"json,csv,xlsx" default:"json"` // csv and xlsx: a file of the whole list, up to 1,000,000 rows; of more, none (422, too_many_rows). Left out: what the header Accept likes best of them
	Lang   string `query:"lang" json:"lang" validate:"optional" enums:"ru,en"`                            // Of the file; default: by Accept-Language. CSV in Russian has semicolons and decimal commas, as a Russian Excel expects
}

// directories counts the records of each kind of directory.
//
//	@Summary	Count directory records
//	@ID			countDirectories
//	@Tags		directories
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	KindList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/directories [get]
func (s *Server) directories(c echo.Context) error {
	counts, err := s.Records.CountDirectories(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, kindListOf(counts))
}

// directoryList lists the records of a kind.
//
//	@Summary	List a directory
//	@ID			listDirectoryRecords
//	@Description	For a copy of your own: `updated_since` with `include=data`, then `next_cursor` of the answer, for good. See docs/api.md.
//	@Tags		directories
//	@Param		organization_id	path		string			true	"Organization"	format(uuid)
//	@Param		kind			path		string			true	"Kind"	example(product)
//	@Param		query			query		DirectoryQuery	false	"Filter, order and page"
//	@Success	200				{object}	DirectoryList
//	@Failure	410				{object}	Problem	"cursor_expired"
//	@Failure	422				{object}	Problem	"too_many_rows"
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/directories/{kind} [get]
func (s *Server) directoryList(c echo.Context) error {
	query, asked, format, err := directoryQuery(c)
	if err != nil {
		return err
	}
	ctx, organization, kind := c.Request().Context(), actor(c).OrganizationID, c.Param("kind")
	if asked.since != nil {
		return s.directoryUpdates(c, kind, query, asked)
	}
	if format != formatJSON {
		return s.exportDirectory(c, export.Format(format), kind, query)
	}
	page, err := s.Records.Entries(ctx, organization, kind, query)
	if err != nil {
		return err
	}
	list := directoryListOf(page, asked)
	list.Total = &page.Total
	return c.JSON(http.StatusOK, list)
}

// directoryUpdates answers with what has changed in a directory.
func (s *Server) directoryUpdates(c echo.Context, kind string, query browse.EntryQuery, asked updateQuery) error {
	updates, err := s.Records.EntryUpdates(c.Request().Context(), actor(c).OrganizationID, kind, *asked.since, query)
	if err != nil {
		return err
	}
	list := directoryListOf(updates.Page, asked)
	list.Deleted, list.More = deletionsOf(updates.Deleted), &updates.More
	return c.JSON(http.StatusOK, list)
}

func directoryListOf(page browse.Page[browse.Entry], asked updateQuery) DirectoryList {
	list := DirectoryList{
		Items: make([]DirectoryItem, len(page.Items)), NextCursor: page.NextCursor,
		Named: namedBy(page.References), Freshness: freshnessOf(page.Freshness),
	}
	for i, item := range page.Items {
		list.Items[i] = DirectoryItem{
			Kind: item.Kind, ID: item.ID.String(), Name: item.Name, Code: item.Code, Archived: item.Archived,
			ModifiedAt: item.ModifiedAt.UTC(), UpdatedAt: item.UpdatedAt.UTC(), Version: item.Version, Seq: item.Seq, Remarks: item.Remarks, Values: valuesOf(item.Values),
		}
		if asked.withData {
			list.Items[i].Data = json.RawMessage(item.Data)
		}
	}
	return list
}

// directoryRecord shows one record.
//
//	@Summary	Show a directory record
//	@ID			getDirectoryRecord
//	@Tags		directories
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Param		kind			path		string	true	"Kind"	example(product)
//	@Param		id				path		string	true	"Record"	format(uuid)
//	@Success	200				{object}	DirectoryRecord
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/directories/{kind}/{id} [get]
func (s *Server) directoryRecord(c echo.Context) error {
	id, err := pathID(c, "id")
	if err != nil {
		return err
	}
	found, err := s.Records.Entry(c.Request().Context(), actor(c).OrganizationID, c.Param("kind"), id)
	if err != nil {
		return err
	}
	return c.JSON(http.StatusOK, directoryRecordOf(found))
}

func directoryRecordOf(r browse.Record) DirectoryRecord {
	return DirectoryRecord{
		Kind: r.Kind, ID: r.ID.String(), Name: r.Name(), Version: r.Version, Seq: r.Seq,
		ModifiedAt: r.ModifiedAt.UTC(), ReceivedAt: r.ReceivedAt.UTC(), Deleted: r.Deleted,
		DeviceID: r.DeviceID.String(), DeviceName: r.DeviceName,
		Data: json.RawMessage(r.Data), Remarks: r.Remarks, Named: namedBy(r.References),
	}
}

func directoryQuery(c echo.Context) (browse.EntryQuery, updateQuery, string, error) {
	q := queryOf(c)
	query := browse.EntryQuery{
		Search: q.text("q"), Group: q.id("group_id"), RemarkFilter: q.remarks(), Sort: c.QueryParam("sort"),
		Cursor: c.QueryParam("cursor"), Limit: q.limit(),
	}
	asked := q.updates()
	query.WithData = asked.withData
	usual := "false"
	if asked.since != nil {
		usual = "all" // what is archived has changed, and is not to vanish
	}
	if archived := q.word("archived", usual, "false", "true", "all"); archived != "all" {
		wanted := archived == "true"
		query.Archived = &wanted
	}
	format := q.format()
	return query, asked, format, cmp.Or(q.err(), asked.refuseFile(format))
}
