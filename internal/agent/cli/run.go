package cli

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/interpos/cabinet/internal/agent"
)

type runCommand struct {
	Config string        `help:"Configuration, as init wrote it." default:"agent.yaml" placeholder:"FILE"`
	Every  time.Duration `help:"How often to look at what has changed. A slow source is looked at less often." default:"2s"`
	Whole  time.Duration `help:"The same for looks at everything: kinds without change marks, and what has vanished." default:"1m"`
}

// Validate refuses what would be no pause.
func (c *runCommand) Validate() error {
	if c.Every < 100*time.Millisecond || c.Whole < c.Every {
		return fmt.Errorf("--every must be at least 100ms, and --whole not less than that")
	}
	return nil
}

// Run keeps going until it is interrupted, and says what changes, each line with its
// time.
func (c *runCommand) Run(ctx context.Context, console Console) error {
	var mu sync.Mutex
	return agent.Run(ctx, c.Config, agent.RunOptions{Every: c.Every, Whole: c.Whole, Say: func(line string) {
		mu.Lock()
		defer mu.Unlock()
		now := time.Now().Format(time.DateTime)
		_, _ = fmt.Fprintf(console.Out, "%s  %s\n", now, strings.ReplaceAll(line, "\n", "\n"+strings.Repeat(" ", len(now)+2)))
	}})
}
