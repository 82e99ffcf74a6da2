// Command pocketbase serves a PocketBase with a collection of receipts, for the
// benchmark to hold the cabinet against. It stands in a module of its own, so
// that the product depends on nothing of it.
package main

import (
	"fmt"
	"log"
	"net"
	"os"
	"time"

	"github.com/pocketbase/pocketbase/apis"
	"github.com/pocketbase/pocketbase/core"
	_ "github.com/pocketbase/pocketbase/migrations"
)

// perBatch is how many receipts come in one request.
const perBatch = 1000

func main() {
	if len(os.Args) != 2 {
		log.Fatal("usage: pocketbase DIRECTORY")
	}
	if err := serve(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}

// serve says on standard output where it listens, and the token of a superuser.
func serve(dir string) error {
	app := core.NewBaseApp(core.BaseAppConfig{DataDir: dir})
	if err := app.Bootstrap(); err != nil {
		return err
	}
	if err := app.RunAllMigrations(); err != nil {
		return err
	}
	token, err := prepare(app)
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	app.OnServe().BindFunc(func(e *core.ServeEvent) error {
		e.Listener = listener
		_, _ = fmt.Fprintf(os.Stdout, "http://%s %s\n", listener.Addr(), token)
		return e.Next()
	})
	return apis.Serve(app, apis.ServeConfig{HttpAddr: listener.Addr().String()})
}

// prepare opens the batch API, and makes the collection and the superuser. The
// settings are PocketBase's own but for the batch's bounds.
func prepare(app core.App) (token string, err error) {
	settings := app.Settings()
	settings.Batch = core.BatchConfig{Enabled: true, MaxRequests: perBatch, Timeout: 60}
	if err := app.Save(settings); err != nil {
		return "", err
	}
	receipts := core.NewBaseCollection("receipts")
	receipts.Fields.Add(
		&core.TextField{Name: "number", Required: true},
		&core.DateField{Name: "occurred_at", Required: true},
		&core.TextField{Name: "outlet_id"},
		&core.NumberField{Name: "total"},
		&core.JSONField{Name: "data", Required: true},
	)
	if err := app.Save(receipts); err != nil {
		return "", err
	}
	superusers, err := app.FindCollectionByNameOrId(core.CollectionNameSuperusers)
	if err != nil {
		return "", err
	}
	superuser := core.NewRecord(superusers)
	superuser.SetEmail("bench@example.com")
	superuser.SetPassword("correct horse battery")
	if err := app.Save(superuser); err != nil {
		return "", err
	}
	return superuser.NewStaticAuthToken(24 * time.Hour)
}
