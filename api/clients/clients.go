// Package clients tries clients that others generate of openapi.yaml: its test generates
// them, compiles programs with them, and runs these against a real server. It is a module of
// its own: what the generators pin is not the product's.
package clients

import (
	// What generated code imports, beside what the generators do themselves.
	_ "github.com/oapi-codegen/runtime"
	_ "github.com/oapi-codegen/runtime/types"
	_ "github.com/ogen-go/ogen/conv"
	_ "github.com/ogen-go/ogen/http"
	_ "github.com/ogen-go/ogen/json"
	_ "github.com/ogen-go/ogen/ogenerrors"
	_ "github.com/ogen-go/ogen/uri"
	_ "github.com/ogen-go/ogen/validate"
)
