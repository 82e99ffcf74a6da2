// Package link is the agent's connection to the cabinet: who it is there, what the
// cabinet has told it, and how late it is by the cabinet's clock.
package link

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/google/uuid"

	"github.com/interpos/cabinet/internal/client"
	"github.com/interpos/cabinet/internal/fault"
)

// Name is what the agent calls itself.
const Name = "interpos-agent"

// Version is that of the module this program was built from.
func Version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}

// Identity is who the agent is, and for which cabinet.
type Identity struct {
	URL        string
	Key        string // sync key: a secret
	DeviceID   uuid.UUID
	DeviceName string
	SourceID   uuid.UUID // of the database, as the configuration has it; Nil: it says none
	SourceName string
}

// Link is the connection of one part of the agent. Before anything else comes a Hello.
type Link struct {
	Identity Identity
	Welcome  client.Welcome  // of the last hello
	Source   client.Source   // the database that is synchronized; who says hello sets it, and the next
	Sources  []client.Source // all of the organization
	Retry    client.RetryPolicy
	Clock    Clock
	Answered func() // told of every answer, where it is set

	client *client.Client
	time   cabinetTime
	cursor string // up to which this device knows the feed
}

// Hello introduces the device, which knows the feed up to a cursor, and measures
// the cabinet's clock.
func (l *Link) Hello(ctx context.Context, cursor string) error {
	cabinet, err := client.New(l.Identity.URL, client.Token(l.Identity.Key), client.UserAgent(Name+"/"+Version()))
	if err != nil {
		return err
	}
	l.client = cabinet
	err = l.Call(ctx, func(ctx context.Context, cabinet *client.Client) error {
		return l.introduceDevice(ctx, cabinet, cursor)
	})
	if err != nil {
		return l.explainHello(err)
	}
	l.cursor = l.Welcome.Feed.Cursor
	return nil
}

// explainHello says what may be wrong with the address or the key, which nothing has been said with yet.
func (l *Link) explainHello(err error) error {
	var problem *client.Problem
	switch {
	case client.IsCode(err, fault.SyncKeyInvalid) && !strings.HasPrefix(l.Identity.Key, keyPrefix):
		return fmt.Errorf("a sync key begins with %s, and this one with %q: copy it whole, from the organization's form: %w", keyPrefix, beginning(l.Identity.Key), err)
	case errors.As(err, &problem) && !client.Temporary(err) && problem.Code == "", errors.As(err, &problem) && problem.Status == http.StatusNotFound:
		return fmt.Errorf("at %s there is no cabinet, or one that is older than this agent: the address is that of the cabinet's first page, such as https://cabinet.example.org: %w", l.Identity.URL, err)
	}
	return err
}

const keyPrefix = "isk_"

// beginning is what can be shown of a secret.
func beginning(secret string) string { return secret[:min(len(secret), len(keyPrefix))] }

func (l *Link) introduceDevice(ctx context.Context, cabinet *client.Client, cursor string) error {
	before := l.Clock()
	welcome, err := cabinet.Hello(ctx, client.Hello{
		DeviceID: l.Identity.DeviceID, DeviceName: l.Identity.DeviceName,
		Agent: Name, AgentVersion: Version(), LocalTime: before.Wall, Cursor: cursor,
	})
	if err != nil {
		return err
	}
	half := (l.Clock().Running - before.Running) / 2
	l.Welcome = welcome
	l.time = cabinetTime{server: welcome.ServerTime, at: Moment{before.Wall.Add(half), before.Running + half}}
	return nil
}

// Call does an exchange with the cabinet, again where it fails for the moment.
func (l *Link) Call(ctx context.Context, exchange func(context.Context, *client.Client) error) error {
	err := l.Retry.Do(ctx, func(ctx context.Context) error { return exchange(ctx, l.client) })
	if err == nil && l.Answered != nil {
		l.Answered()
	}
	return Explain(err)
}

// Push sends changes, made upon what the last answer has told of the feed. Error code
// cursor_expired: what was acknowledged before may be missing.
func (l *Link) Push(ctx context.Context, changes []client.Change) (pushed client.Pushed, err error) {
	err = l.Call(ctx, func(ctx context.Context, cabinet *client.Client) (err error) {
		pushed, err = cabinet.PushFrom(ctx, l.cursor, l.Identity.DeviceID, changes, client.Compact)
		return err
	})
	if err == nil {
		l.cursor = pushed.Cursor
	}
	return pushed, err
}

// Access is the connection as it is, for another part of the agent.
func (l *Link) Access() Access { return Access{l.client, l.Identity, l.Welcome} }

// Cursor is the place in the feed that the last answer has told.
func (l *Link) Cursor() string { return l.cursor }

// Now is the time by the cabinet's clock.
func (l *Link) Now() time.Time { return l.time.timeAt(l.Clock()).Truncate(time.Microsecond) }

// ClockOffset is what to add to this computer's clock to have the cabinet's.
func (l *Link) ClockOffset() time.Duration { return l.time.clockOffset() }

// ClockWasSet says that another hello is due, since this computer's clock has jumped.
func (l *Link) ClockWasSet() bool { return l.time.wasSet(l.Clock()) }

// Explain says to a technician what the protocol's code means here.
func Explain(err error) error {
	if client.IsCode(err, fault.SyncKeyInvalid) {
		return fmt.Errorf("the cabinet does not know this sync key: copy it again from the organization's form, where it may have been replaced: %w", err)
	}
	return err
}
