package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"
)

const organizationName = "Хлеб и кофе"

// person does what the user's guide says, by HTTP.
type person struct {
	url   string
	token string
}

type fields = map[string]any

// ensureOrganization gives the sync key of the demo's organization, and makes what is
// missing: the account, the organization, and the choice of it.
func (p *person) ensureOrganization(ctx context.Context) (key string, err error) {
	if err := p.signIn(ctx); err != nil {
		return "", err
	}
	var list struct{ Items []struct{ ID string } }
	if err := p.callAPI(ctx, http.MethodGet, "/organizations", nil, &list); err != nil {
		return "", err
	}
	var one struct {
		ID      string
		SyncKey string `json:"sync_key"`
	}
	if len(list.Items) > 0 {
		err = p.callAPI(ctx, http.MethodGet, "/organizations/"+list.Items[0].ID, nil, &one)
		return one.SyncKey, err
	}
	err = p.callAPI(ctx, http.MethodPost, "/organizations", fields{
		"name": organizationName, "time_zone": "Europe/Moscow", "currency": "RUB", "default_delivery_minutes": 60,
		"legal_name": "ООО «Хлеб и кофе»", "tax_number": "7701234560", "address": "Москва, ул. Покровка, 17", "phone": "+7 495 120-17-01",
	}, &one)
	if err != nil {
		return "", err
	}
	err = p.callAPI(ctx, http.MethodPatch, "/me", fields{"current_organization_id": one.ID}, nil)
	return one.SyncKey, err
}

// signIn signs the demo's account in, and registers it if that fails.
func (p *person) signIn(ctx context.Context) error {
	err := p.openSession(ctx, "/auth/login", fields{"email": Email, "password": Password})
	var refused *refusal
	if !errors.As(err, &refused) || refused.Status == http.StatusTooManyRequests {
		return err
	}
	err = p.callAPI(ctx, http.MethodPost, "/auth/register", fields{
		"email": Email, "password": Password, "full_name": "Анна Петрова", "locale": "ru",
	}, nil)
	if err != nil {
		return err
	}
	token, err := p.readLetterToken(ctx)
	if err != nil {
		return err
	}
	return p.openSession(ctx, "/auth/verify-email", fields{"token": token, "password": Password})
}

// openSession signs in by a route that answers with an access token.
func (p *person) openSession(ctx context.Context, path string, body fields) error {
	var session struct {
		AccessToken string `json:"access_token"`
	}
	err := p.callAPI(ctx, http.MethodPost, path, body, &session)
	p.token = session.AccessToken
	return err
}

// readLetterToken waits for the confirmation letter and gives the token in its link.
func (p *person) readLetterToken(ctx context.Context) (token string, err error) {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	for {
		var letters []struct {
			To    string
			Links []string
		}
		if err := p.getJSON(ctx, "/dev/mail.json", &letters); err != nil {
			return "", err
		}
		for _, letter := range letters {
			if strings.EqualFold(letter.To, Email) {
				return tokenOf(letter.Links)
			}
		}
		select {
		case <-ctx.Done():
			return "", errors.New("the confirmation letter has not come")
		case <-time.After(100 * time.Millisecond):
		}
	}
}

func tokenOf(links []string) (string, error) {
	if len(links) > 0 {
		if _, token, ok := strings.Cut(links[0], "#token="); ok {
			return token, nil
		}
	}
	return "", fmt.Errorf("the password of %s was changed: remove the demo's directory to begin anew", Email)
}

// refusal is an answer that is an error.
type refusal struct {
	Status int
	Detail string
}

func (r *refusal) Error() string { return fmt.Sprintf("%d: %s", r.Status, r.Detail) }

func (p *person) callAPI(ctx context.Context, method, path string, body, into any) error {
	content, err := json.Marshal(body)
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, method, p.url+"/api/v1"+path, bytes.NewReader(content))
	if err != nil {
		return err
	}
	if body != nil {
		request.Header.Set("Content-Type", "application/json")
	}
	if p.token != "" {
		request.Header.Set("Authorization", "Bearer "+p.token)
	}
	return sendRequest(request, into)
}

func (p *person) getJSON(ctx context.Context, path string, into any) error {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, p.url+path, nil)
	if err != nil {
		return err
	}
	return sendRequest(request, into)
}

func sendRequest(request *http.Request, into any) error {
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer func() { _ = response.Body.Close() }()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	if response.StatusCode >= http.StatusBadRequest {
		refused := &refusal{Status: response.StatusCode}
		_ = json.Unmarshal(content, refused)
		return refused
	}
	if into == nil || len(content) == 0 {
		return nil
	}
	return json.Unmarshal(content, into)
}
