package main

import (
	"maps"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/interpos/cabinet/internal/record"
)

const refPrefix = "#/components/schemas/"

// addData adds a schema for the data of each kind of records, and one for a change of
// each kind, of which a push is made: the generic PushChange becomes their union, told
// apart by the kind.
func addData(schemas openapi3.Schemas) {
	change := schemas["PushChange"].Value
	union := &openapi3.Schema{
		Description:   change.Description,
		Discriminator: &openapi3.Discriminator{PropertyName: "kind", Mapping: map[string]openapi3.MappingRef{}},
	}
	for _, kind := range record.ForPeople() {
		schema := objectSchema(kind.Fields)
		schema.Description = "Fields of a " + strings.ReplaceAll(kind.Name, "_", " ") + ", and those that the source added."
		schemas[typeName(kind.Name)+"Data"] = openapi3.NewSchemaRef("", schema)

		name := typeName(kind.Name) + "Change"
		schemas[name] = openapi3.NewSchemaRef("", changeOf(kind, change))
		union.OneOf = append(union.OneOf, openapi3.NewSchemaRef(refPrefix+name, nil))
		union.Discriminator.Mapping[kind.Name] = openapi3.MappingRef{Ref: refPrefix + name}
	}
	schemas["PushChange"] = openapi3.NewSchemaRef("", union)
}

// changeOf is the schema of a change of one kind, made from that of any change.
func changeOf(kind *record.Kind, change *openapi3.Schema) *openapi3.Schema {
	own := *change
	own.Description = "A changed " + strings.ReplaceAll(kind.Name, "_", " ")
	own.Properties = maps.Clone(change.Properties)
	own.Properties["kind"] = openapi3.NewSchemaRef("", openapi3.NewStringSchema().WithEnum(kind.Name))
	own.Properties["data"] = openapi3.NewSchemaRef(refPrefix+typeName(kind.Name)+"Data", nil)
	return &own
}

// typeName is what a type of that name is called: ProductGroup.
func typeName(kind string) string {
	var name strings.Builder
	for word := range strings.SplitSeq(kind, "_") {
		name.WriteString(strings.ToUpper(word[:1]) + word[1:])
	}
	return name.String()
}

func objectSchema(fields []record.Field) *openapi3.Schema {
	schema := openapi3.NewObjectSchema()
	schema.AdditionalProperties.Schema = openapi3.NewSchemaRef("", anything())
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
	return boundedBy(openapi3.NewFloat64Schema(), limit)
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
