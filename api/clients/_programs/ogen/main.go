// Command ogen pushes, pulls and reads a report by the client that ogen generates.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/api/clients/_programs/ogen/cabinet"
)

type input struct {
	URL, Key, Token          string
	Organization, Device, ID uuid.UUID
	Day                      string
	Data                     cabinet.ReceiptData
}

// secrets are what the operations authenticate by.
type secrets struct{ key, token string }

func (s secrets) BearerAuth(context.Context, cabinet.OperationName) (cabinet.BearerAuth, error) {
	return cabinet.BearerAuth{Token: s.token}, nil
}

func (s secrets) SyncKey(context.Context, cabinet.OperationName) (cabinet.SyncKey, error) {
	return cabinet.SyncKey{Token: s.key}, nil
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
	day, err := time.Parse(time.DateOnly, given.Day)
	if err != nil {
		return err
	}
	client, err := cabinet.NewClient(given.URL, secrets{given.Key, given.Token})
	if err != nil {
		return err
	}
	change := cabinet.NewReceiptChangePushChange(cabinet.ReceiptChange{ID: given.ID, ModifiedAt: time.Now(), Data: cabinet.NewOptReceiptData(given.Data)})
	answer, err := client.PushChanges(ctx, &cabinet.PushRequest{DeviceID: given.Device, Changes: []cabinet.PushChange{change}}, cabinet.PushChangesParams{})
	if err != nil {
		return err
	}
	pushed, ok := answer.(*cabinet.PushResponseHeaders)
	if !ok || pushed.Response.Results[0].Status != "applied" {
		return fmt.Errorf("push: %+v", answer)
	}
	feed, err := client.PullChanges(ctx, cabinet.PullChangesParams{})
	if err != nil {
		return err
	}
	pulled, ok := feed.(*cabinet.ChangesResponseHeaders)
	if !ok {
		return fmt.Errorf("pull: %+v", feed)
	}
	raw, err := json.Marshal(pulled.Response.Changes[0].Data)
	if err != nil {
		return err
	}
	var data cabinet.ReceiptData
	if err := json.Unmarshal(raw, &data); err != nil {
		return err
	}
	figures, err := client.GetSalesByDay(ctx, cabinet.GetSalesByDayParams{OrganizationID: given.Organization, From: cabinet.NewOptDate(day), To: cabinet.NewOptDate(day)})
	if err != nil {
		return err
	}
	report, ok := figures.(*cabinet.SalesByDayHeaders)
	if !ok {
		return fmt.Errorf("report: %+v", figures)
	}
	return json.NewEncoder(os.Stdout).Encode(map[string]any{"status": pushed.Response.Results[0].Status, "data": &data, "report": &report.Response})
}
