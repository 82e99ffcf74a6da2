package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/browse"
	"github.com/interpos/cabinet/internal/record"
)

// RemarkQuery selects records by what is remarked of them.
type RemarkQuery struct {
	Remarked bool   `query:"remarked" json:"remarked" validate:"optional"`                                                                                                                    // true: only those with remarks
	Remark   string `query:"remark" json:"remark" validate:"optional" enums:"line_total_mismatch,total_mismatch,payments_mismatch,quantity_rounded,name_missing,number_missing,unknown_word"` // Only those with a remark of this code
}

// remarks reads a RemarkQuery.
func (q *query) remarks() browse.RemarkFilter {
	return browse.RemarkFilter{Remarked: q.flag("remarked"), Remark: q.word("remark", append([]string{""}, record.RemarkCodes()...)...)}
}

// RemarkCount is how many records of a kind have remarks of a code.
type RemarkCount struct {
	Kind    string `json:"kind" example:"receipt"`
	Code    string `json:"code" enums:"line_total_mismatch,total_mismatch,payments_mismatch,quantity_rounded,name_missing,number_missing,unknown_word" example:"payments_mismatch"`
	Records int64  `json:"records" example:"12"`
}

// RemarkCountList is all kinds and codes of which there are any, the most first.
type RemarkCountList struct {
	Items     []RemarkCount `json:"items"`
	Freshness Freshness     `json:"freshness"`
}

// syncRemarks counts what is remarked of the records there are.
//
//	@ID			countRemarks
//	@Summary	Count remarks
//	@Tags		synchronization
//	@Param		organization_id	path		string	true	"Organization"	format(uuid)
//	@Success	200				{object}	RemarkCountList
//	@Security	BearerAuth
//	@Router		/organizations/{organization_id}/sync/remarks [get]
func (s *Server) syncRemarks(c echo.Context) error {
	found, err := s.Records.CountRemarks(c.Request().Context(), actor(c).OrganizationID)
	if err != nil {
		return err
	}
	list := RemarkCountList{Items: make([]RemarkCount, len(found.Items)), Freshness: freshnessOf(found.Freshness)}
	for i, item := range found.Items {
		list.Items[i] = RemarkCount(item)
	}
	return c.JSON(http.StatusOK, list)
}
