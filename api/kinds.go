package api

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/record"
)

// KindDeclarations are the kinds of records that this cabinet knows.
type KindDeclarations struct {
	Items []KindDeclaration `json:"items"` // Directories, then documents, those first that people look for most
}

// KindDeclaration is a kind of records and what is known of its fields.
type KindDeclaration struct {
	Name     string             `json:"name" example:"product"`
	Document bool               `json:"document" example:"false"`                                // Its records are dated; else it is a directory
	Module   string             `json:"module,omitempty" validate:"optional" example:"delivery"` // The licensed module that it needs
	Shared   bool               `json:"shared" example:"false"`                                  // Several sides write it: a change names the version that it was made from in base_version
	Fields   []FieldDeclaration `json:"fields"`                                                  // In the order of cards, and of the columns of lists
}

// FieldDeclaration is a field of a kind, or of the items of a list in it.
type FieldDeclaration struct {
	Name     string             `json:"name" example:"group_id"`
	Type     string             `json:"type" enums:"text,long_text,word,boolean,money,quantity,percent,integer,moment,date,texts,reference,id,list,color,url,phone,email" example:"reference"` // money: up to 11 digits before the point; quantity, percent: up to 9, a percent of 12.5 is 12.5 %; all of them up to 20 behind it; integer: up to 9 digits; moment: RFC 3339 with an offset
	Required bool               `json:"required" example:"false"`                                                                                                                              // A record without it is rejected
	Wanted   bool               `json:"wanted" example:"false"`                                                                                                                                // A record should have it, but is taken without
	Decisive bool               `json:"decisive" example:"false"`                                                                                                                              // Of a word: any other than its choices is rejected; else it is taken and remarked (unknown_word)
	Kind     string             `json:"kind,omitempty" validate:"optional" example:"product_group"`                                                                                            // Of a reference: the kind that it points to
	Choices  []string           `json:"choices,omitempty" validate:"optional" example:"sale,refund"`                                                                                           // Of a word: those that are known
	Fields   []FieldDeclaration `json:"fields,omitempty" validate:"optional"`                                                                                                                  // Of a list: those of its items
	Note     string             `json:"note,omitempty" validate:"optional" example:"as sold"`                                                                                                  // What there is to know beside name and type
	List     string             `json:"list,omitempty" validate:"optional" enums:"title,value,line,plain,hidden" example:"plain"`                                                              // Where lists show it: on a phone as an entry's title, the value at its right, below with its name or without, on wide screens only; left out: nowhere
	Sort     bool               `json:"sort" example:"false"`                                                                                                                                  // Lists are sorted by it: ?sort=name
	Filter   bool               `json:"filter" example:"true"`                                                                                                                                 // Lists are filtered by it
	Search   bool               `json:"search" example:"false"`                                                                                                                                // Its words are searched for
	Export   bool               `json:"export" example:"false"`                                                                                                                                // Files of the list have a column of it
}

// kinds lists the kinds of records.
//
//	@Summary	List the kinds of records and their fields
//	@ID			listKinds
//	@Tags		kinds
//	@Success	200		{object}	KindDeclarations
//	@Security	BearerAuth
//	@Router		/kinds [get]
func (s *Server) kinds(c echo.Context) error {
	var answer KindDeclarations
	for _, kind := range record.ForPeople() {
		answer.Items = append(answer.Items, KindDeclaration{
			Name: kind.Name, Document: kind.Document, Module: kind.Module, Shared: kind.Shared, Fields: fieldDeclarations(kind.Fields),
		})
	}
	return c.JSON(http.StatusOK, answer)
}

func fieldDeclarations(fields []record.Field) []FieldDeclaration {
	answer := make([]FieldDeclaration, len(fields))
	for i, f := range fields {
		answer[i] = FieldDeclaration{
			Name: f.Name, Type: f.Type.String(), Required: f.Required, Wanted: f.Wanted, Decisive: f.Decisive, Kind: f.Kind, Choices: f.Choices,
			Note: f.Note, List: string(f.Role), Sort: f.Sort, Filter: f.Filter, Search: f.Search, Export: f.Export,
		}
		if f.Type == record.List {
			answer[i].Fields = fieldDeclarations(f.Fields)
		}
	}
	return answer
}
