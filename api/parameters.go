package api

import (
	"maps"
	"reflect"
	"slices"

	"github.com/labstack/echo/v4"

	"github.com/interpos/cabinet/internal/access"
	"github.com/interpos/cabinet/internal/fault"
)

// queries declare the parameters of the routes that have any, by the fields of the struct.
var queries = map[string]reflect.Type{
	"GET /organizations/:organization_id/directories/:kind":             reflect.TypeFor[DirectoryQuery](),
	"GET /organizations/:organization_id/directories/:kind/:id/history": reflect.TypeFor[HistoryQuery](),
	"GET /organizations/:organization_id/documents/:kind":               reflect.TypeFor[DocumentQuery](),
	"GET /organizations/:organization_id/documents/:kind/:id/history":   reflect.TypeFor[HistoryQuery](),
	"GET /organizations/:organization_id/reports/payments-by-type":      reflect.TypeFor[ReportQuery](),
	"GET /organizations/:organization_id/reports/sales-by-day":          reflect.TypeFor[ReportQuery](),
	"GET /organizations/:organization_id/reports/sales-by-hour":         reflect.TypeFor[ReportQuery](),
	"GET /organizations/:organization_id/reports/sales-by-product":      reflect.TypeFor[ProductReportQuery](),
	"DELETE /organizations/:organization_id/roles/:role_id":             reflect.TypeFor[RoleDeletion](),
	"GET /organizations/:organization_id/sync/rejections":               reflect.TypeFor[RejectionQuery](),
}

// parametersOf are the names of a route's parameters.
func parametersOf(route Route) map[string]bool {
	names := map[string]bool{}
	if query, ok := queries[route.Method+" "+route.Path]; ok {
		for _, field := range reflect.VisibleFields(query) {
			if name := field.Tag.Get("query"); name != "" {
				names[name] = true
			}
		}
	}
	return names
}

// refuseOtherParameters refuses a parameter that the route does not have, and one that is
// given twice: a mistyped filter would answer with everything. Local databases may send
// what a later version knows.
func refuseOtherParameters(route Route) echo.MiddlewareFunc {
	known := parametersOf(route)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		if route.Needs.Caller == access.Device {
			return next
		}
		return func(c echo.Context) error {
			var wrong []fault.Field
			given := c.QueryParams()
			for _, name := range slices.Sorted(maps.Keys(given)) {
				switch {
				case !known[name]:
					wrong = append(wrong, fault.Field{Field: name, Code: "unknown", Message: "is no parameter of this address"})
				case len(given[name]) > 1:
					wrong = append(wrong, fault.Field{Field: name, Code: "repeated", Message: "must be given once"})
				}
			}
			if len(wrong) > 0 {
				return fault.Invalid(wrong...)
			}
			return next(c)
		}
	}
}
