package app

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"time"
)

// CheckHealth asks a server of this machine, by its settings, whether it is ready.
func CheckHealth(ctx context.Context, config Config) error {
	address, err := net.ResolveTCPAddr("tcp", config.Addr)
	if err != nil {
		return fmt.Errorf("ADDR: %w", err)
	}
	ctx, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, listeningURL(address).String()+"/readyz", nil)
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	if response.StatusCode != http.StatusOK {
		said, _ := io.ReadAll(io.LimitReader(response.Body, 1000))
		return fmt.Errorf("the server is not ready: %s %s", response.Status, strings.TrimSpace(string(said)))
	}
	return nil
}
