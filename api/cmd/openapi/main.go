// Command openapi writes openapi.yaml from the annotations of package api: swag
// reads them as OpenAPI 2, kin-openapi converts that to 3.0, and this program
// completes what OpenAPI 2 could not say. It is a module of its own: what swag pins is not
// the product's.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"os"

	"github.com/getkin/kin-openapi/openapi2"
	"github.com/getkin/kin-openapi/openapi2conv"
	"github.com/getkin/kin-openapi/openapi3"
	"github.com/goccy/go-yaml"
	"github.com/swaggo/swag"
)

func main() {
	if err := generate("../../..", "openapi.yaml"); err != nil {
		log.SetFlags(0)
		log.Fatalf("openapi: %v", err)
	}
}

// generate writes the document and docs/errors.md into the repository's root, where the annotations are read too.
func generate(root, target string) error {
	if err := os.Chdir(root); err != nil {
		return err
	}
	doc, err := annotatedSpec()
	if err != nil {
		return err
	}
	completeSpec(doc)
	addHeaders(doc)
	if err := errors.Join(checkNames(doc), addErrors(doc)); err != nil {
		return err
	}
	if err := limitFields(doc); err != nil {
		return err
	}
	raw, err := doc.MarshalJSON()
	if err != nil {
		return err
	}
	if raw, err = yaml.JSONToYAML(raw); err != nil {
		return err
	}
	if err := checkSpec(raw); err != nil {
		return err
	}
	if err := writeCatalogue(doc, "docs/errors.md"); err != nil {
		return err
	}
	return os.WriteFile(target, raw, 0o644)
}

// annotatedSpec reads the annotations of package api.
func annotatedSpec() (*openapi3.T, error) {
	parser := swag.New(swag.SetDebugger(log.New(io.Discard, "", 0)), swag.ParseUsingGoList(true), swag.SetParseDependency(1))
	parser.RequiredByDefault = true
	if err := parser.ParseAPI("api", "specification.go", 100); err != nil {
		return nil, fmt.Errorf("read the annotations: %w", err)
	}
	raw, err := json.Marshal(parser.GetSwagger())
	if err != nil {
		return nil, err
	}
	var old openapi2.T
	if err := json.Unmarshal(raw, &old); err != nil {
		return nil, err
	}
	return openapi2conv.ToV3(&old)
}

// checkSpec holds the written document against OpenAPI itself.
func checkSpec(raw []byte) error {
	doc, err := openapi3.NewLoader().LoadFromData(raw)
	if err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	return doc.Validate(context.Background(), openapi3.DisableExamplesValidation())
}
