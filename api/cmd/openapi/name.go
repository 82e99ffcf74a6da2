package main

import (
	"errors"
	"fmt"
	"regexp"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

var operationName = regexp.MustCompile(`^[a-z]+([A-Z][a-z]+)*$`)

// checkNames holds that every operation has a name of its own (`@ID`), of which generators
// make functions, and that none of the types that they make of it is another one's.
func checkNames(doc *openapi3.T) (err error) {
	taken := map[string]string{}
	eachOperation(doc, func(path string, operation *openapi3.Operation) {
		name := operation.OperationID
		if !operationName.MatchString(name) {
			err = errors.Join(err, fmt.Errorf("%s: its handler needs an @ID such as listReceipts, not %q", path, name))
			return
		}
		if other, ok := taken[name]; ok {
			err = errors.Join(err, fmt.Errorf("%s: @ID %s is that of %s", path, name, other))
		}
		taken[name] = path
		for _, made := range []string{"Response", "Params", "Res", "Req"} {
			if made = strings.ToUpper(name[:1]) + name[1:] + made; doc.Components.Schemas[made] != nil {
				err = errors.Join(err, fmt.Errorf("%s: of @ID %s generators make a type %s, which is a schema: call it otherwise", path, name, made))
			}
		}
	})
	return err
}
