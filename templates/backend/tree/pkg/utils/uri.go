package utils

import (
	"net/url"
	"path/filepath"
	"strings"
)

// AppendToURIPath appends to the path of a URI and keeps its query.
func AppendToURIPath(uri string, paths ...string) string {
	uri, query, hasQuery := strings.Cut(uri, "?")
	uri = strings.TrimRight(uri, "/") + "/" + strings.Join(paths, "/")

	if hasQuery {
		uri += "?" + query
	}

	return uri
}

// ResolveURIIfLocal makes a local path absolute and leaves every other URI alone.
func ResolveURIIfLocal(uri string) (string, error) {
	parsed, err := url.Parse(uri)
	if err != nil || (parsed.Scheme != "" && parsed.Scheme != "file") || parsed.Host != "" {
		return uri, nil
	}

	path := parsed.Path + parsed.Opaque // "file:relative" has no path, only an opaque part
	if filepath.IsAbs(path) || uri == "" {
		return uri, nil
	}

	absolute, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}

	if parsed.Scheme == "file" {
		return "file://" + absolute, nil
	}

	return absolute, nil
}
