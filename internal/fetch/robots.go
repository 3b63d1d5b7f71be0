package fetch

import (
	"context"
	"net/http"
	"net/url"

	"github.com/temoto/robotstxt"

	"errera.eu/errera/internal/fault"
	"errera.eu/errera/internal/text"
)

// robotsBytes is how much of a robots.txt is read (RFC 9309, section 2.5, asks for 500 KiB at least).
const robotsBytes = 512 << 10

// rules are those of one server for us; without a group everything is allowed.
type rules struct{ group *robotstxt.Group }

// obey asks a server's robots.txt once per fetch, through the same guard and limits.
func (f *Fetcher) obey(ctx context.Context, client *http.Client, at *url.URL, obeyed map[string]rules) error {
	origin := at.Scheme + "://" + at.Host
	r, asked := obeyed[origin]
	if !asked {
		var err error
		if r, err = f.robots(ctx, client, at); err != nil {
			return err
		}
		obeyed[origin] = r
	}
	if r.group != nil && !r.group.Test(at.RequestURI()) {
		return fault.Denied("fetch.robots", text.Args{"host": at.Host, "path": cut(at.RequestURI())})
	}
	return nil
}

// robots reads the rules. A server that has none, or does not show them, allows everything; one that fails allows nothing (RFC 9309, section
// 2.3.1). Its redirects are followed as everything else's are.
func (f *Fetcher) robots(ctx context.Context, client *http.Client, of *url.URL) (rules, error) {
	at := &url.URL{Scheme: of.Scheme, Host: of.Host, Path: "/robots.txt"}
	for range f.limits.Redirects + 1 {
		status, body, next, err := f.askRobots(ctx, client, at)
		switch {
		case err != nil:
			return rules{}, err
		case next != "":
			to, err := at.Parse(next)
			if err != nil {
				return rules{}, nil
			}
			if at, err = CheckAddress(to.String()); err != nil {
				return rules{}, nil // it cannot be had: as if there were none
			}
		case status >= 500:
			return rules{}, fault.Unavailable("fetch.robots_down", text.Args{"host": at.Host, "status": status}, nil)
		default:
			all, err := robotstxt.FromStatusAndBytes(status, body)
			if err != nil {
				return rules{}, fault.Unavailable("fetch.robots_bad", text.Args{"host": at.Host}, err)
			}
			return rules{all.FindGroup(Agent)}, nil
		}
	}
	return rules{}, nil
}

func (f *Fetcher) askRobots(ctx context.Context, client *http.Client, at *url.URL) (status int, body []byte, next string, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return 0, nil, "", fault.Internal(err)
	}
	req.Header.Set("User-Agent", f.agent)
	res, err := client.Do(req)
	if err != nil {
		return 0, nil, "", f.said(ctx, at, err)
	}
	defer res.Body.Close()
	if res.StatusCode >= 300 && res.StatusCode < 400 {
		return res.StatusCode, nil, res.Header.Get("Location"), nil
	}
	if res.StatusCode != http.StatusOK {
		return res.StatusCode, nil, "", nil
	}
	if body, err = f.read(res, robotsBytes); err != nil {
		return 0, nil, "", f.said(ctx, at, err)
	}
	return res.StatusCode, body, "", nil
}
