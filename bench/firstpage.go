package main

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
)

// firstPageMost is in KiB of JavaScript, gzipped.
const firstPageMost = 180

// measureFirstPage is what the built SPA loads to show the sign-in page, as
// .ci/first-page.mjs finds it out with a browser.
func measureFirstPage(ctx context.Context, b *bench) error {
	said, err := exec.CommandContext(ctx, ".ci/first-page.mjs").Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		return err
	}
	lines := strings.Split(strings.TrimSpace(string(said)), "\n")
	var weight float64
	if _, scanned := fmt.Sscanf(lines[len(lines)-1], "%f KiB  JavaScript", &weight); scanned != nil {
		return fmt.Errorf("the first page was not weighed: %w", errors.Join(err, scanned))
	}
	b.addResult(result{"JavaScript of the first page, gzipped", fmt.Sprintf("%.0f KiB", weight), fmt.Sprintf("%d KiB", firstPageMost),
		formatPercent(weight / firstPageMost), "≤ 100 %", weight <= firstPageMost})
	return nil
}
