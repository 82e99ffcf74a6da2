package main

import (
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/interpos/cabinet/internal/record"
)

const refPrefix = "#/components/schemas/"

// addData adds a schema for the data of each kind of records, and those of the data
// of any directory record, document and record.
func addData(schemas openapi3.Schemas) {
	var directories, documents openapi3.SchemaRefs
	for _, kind := range record.ForPeople() {
		name := dataName(kind.Name)
		schema := objectSchema(kind.Fields)
		schema.Description = "Fields of a " + strings.ReplaceAll(kind.Name, "_", " ") + ", and those that the source added."
		schemas[name] = openapi3.NewSchemaRef("", schema)
		if kind.Document {
			documents = append(documents, openapi3.NewSchemaRef(refPrefix+name, nil))
		} else {
			directories = append(directories, openapi3.NewSchemaRef(refPrefix+name, nil))
		}
	}
	none := uint64(0)
	schemas["DeletedData"] = openapi3.NewSchemaRef("", &openapi3.Schema{
		Type: &openapi3.Types{"object"}, MaxProps: &none, Description: "A deleted record has no data."})
	deleted := openapi3.NewSchemaRef(refPrefix+"DeletedData", nil)
	addUnion(schemas, "DirectoryData", "Data of a directory record, by its kind.", append(directories, deleted))
	addUnion(schemas, "DocumentData", "Data of a document, by its kind.", append(documents, deleted))
	addUnion(schemas, "RecordData", "Data of a record, by its kind.", openapi3.SchemaRefs{
		openapi3.NewSchemaRef(refPrefix+"DirectoryData", nil), openapi3.NewSchemaRef(refPrefix+"DocumentData", nil)})
}

func addUnion(schemas openapi3.Schemas, name, description string, of openapi3.SchemaRefs) {
	schemas[name] = openapi3.NewSchemaRef("", &openapi3.Schema{Description: description, AnyOf: of})
}

// dataName is the name of the schema of a kind's data: ProductGroupData.
func dataName(kind string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(kind, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String() + "Data"
}

func objectSchema(fields []record.Field) *openapi3.Schema {
	schema := openapi3.NewObjectSchema().WithAnyAdditionalProperties()
	for _, field := range fields {
		value := fieldSchema(field)
		value.Description = descriptionOf(field)
		if field.Required {
			schema.Required = append(schema.Required, field.Name)
		} else {
			value.Nullable = true // null counts as left out
		}
		schema.WithProperty(field.Name, value)
	}
	return schema
}

// Bounds as package record checks them.
const (
	maxMoney    = 1e11
	maxQuantity = 1e9
	maxInteger  = 1e9
)

func fieldSchema(field record.Field) *openapi3.Schema {
	switch field.Type {
	case record.LongText:
		return openapi3.NewStringSchema()
	case record.Boolean:
		return openapi3.NewBoolSchema()
	case record.Integer:
		return boundedBy(openapi3.NewInt64Schema(), maxInteger)
	case record.Money:
		return numberSchema(maxMoney)
	case record.Quantity, record.Percent:
		return numberSchema(maxQuantity)
	case record.Moment:
		return openapi3.NewDateTimeSchema()
	case record.Date:
		return openapi3.NewStringSchema().WithFormat("date")
	case record.Reference, record.ID:
		return openapi3.NewUUIDSchema()
	case record.Texts:
		return openapi3.NewArraySchema().WithItems(openapi3.NewStringSchema())
	case record.List:
		return openapi3.NewArraySchema().WithItems(objectSchema(field.Fields))
	}
	return wordSchema(field)
}

func numberSchema(limit float64) *openapi3.Schema {
	schema := openapi3.NewFloat64Schema()
	schema.Format = ""
	return boundedBy(schema, limit)
}

// boundedBy is a number below a limit, whatever its sign.
func boundedBy(schema *openapi3.Schema, limit float64) *openapi3.Schema {
	return schema.WithMin(-limit).WithExclusiveMin(true).WithMax(limit).WithExclusiveMax(true)
}

// wordSchema lists the words of a field only where no other is taken: a reader must be
// ready for those of a newer local system.
func wordSchema(field record.Field) *openapi3.Schema {
	schema := openapi3.NewStringSchema()
	if field.Decisive {
		for _, choice := range field.Choices {
			schema.Enum = append(schema.Enum, choice)
		}
	}
	return schema
}

// describe says what the schema of a field does not.
func descriptionOf(field record.Field) string {
	var about []string
	switch field.Type {
	case record.Reference:
		about = append(about, "Id of a "+strings.ReplaceAll(field.Kind, "_", " "))
	case record.Money:
		about = append(about, "Money: up to 20 fraction digits")
	case record.Quantity:
		about = append(about, "Up to 20 fraction digits, of which 6 are counted")
	case record.Percent:
		about = append(about, "Up to 20 fraction digits; 12.5 is 12.5 %")
	}
	if len(field.Choices) > 0 && !field.Decisive {
		about = append(about, "Known words: "+strings.Join(field.Choices, ", ")+"; any other is taken too, and remarked")
	}
	if field.Wanted {
		about = append(about, "A record should have it, but is taken without")
	}
	if field.Note != "" {
		about = append(about, field.Note)
	}
	return strings.Join(about, "; ")
}
