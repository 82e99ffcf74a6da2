// Command oapi pushes, pulls and reads a report by the client that oapi-codegen generates.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"

	openapi_types "github.com/oapi-codegen/runtime/types"

	"github.com/interpos/cabinet/api/clients/_programs/oapi/cabinet"
)

type input struct {
	URL, Key, Token          string
	Organization, Device, ID openapi_types.UUID
	Day                      openapi_types.Date
	Data                     cabinet.ReceiptData
}

func main() {
	if err := run(context.Background()); err != nil {
		log.Fatal(err)
	}
}

func run(ctx context.Context) error {
	var given input
	if err := json.NewDecoder(os.Stdin).Decode(&given); err != nil {
		return err
	}
	client, err := cabinet.NewClientWithResponses(given.URL)
	if err != nil {
		return err
	}
	var change cabinet.PushChange
	if err := change.FromReceiptChange(cabinet.ReceiptChange{Id: given.ID, ModifiedAt: time.Now(), Data: &given.Data}); err != nil {
		return err
	}
	pushed, err := client.PushChangesWithResponse(ctx, nil, cabinet.PushRequest{DeviceId: given.Device, Changes: []cabinet.PushChange{change}}, bearer(given.Key))
	if err != nil || pushed.JSON200 == nil || pushed.JSON200.Results[0].Status != "applied" {
		return fmt.Errorf("push: %v %s", err, pushed.Body)
	}
	pulled, err := client.PullChangesWithResponse(ctx, nil, bearer(given.Key))
	if err != nil || pulled.JSON200 == nil {
		return fmt.Errorf("pull: %v %s", err, pulled.Body)
	}
	var data cabinet.ReceiptData
	if err := json.Unmarshal(pulled.JSON200.Changes[0].Data, &data); err != nil {
		return err
	}
	report, err := client.GetSalesByDayWithResponse(ctx, given.Organization, &cabinet.GetSalesByDayParams{From: &given.Day, To: &given.Day}, bearer(given.Token))
	if err != nil || report.JSON200 == nil {
		return fmt.Errorf("report: %v %s", err, report.Body)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"status": pushed.JSON200.Results[0].Status, "data": data, "report": report.JSON200})
}

func bearer(token string) cabinet.RequestEditorFn {
	return func(_ context.Context, request *http.Request) error {
		request.Header.Set("Authorization", "Bearer "+token)
		return nil
	}
}
