package main

import (
	"encoding/base64"
	"encoding/json"
	"os"
	"path/filepath"
)

func writeFile(path, text string, mode os.FileMode) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(text), mode)
}

// kubeconfig is where one is written, and whose it is.
type kubeconfig struct {
	path      string
	server    string
	authority string
	// certificate and key are paths.
	certificate, key string
	// embed puts the contents of the key pair into the file, as in the one for people.
	embed bool
	mode  os.FileMode
}

func (wanted kubeconfig) write() error {
	user := map[string]string{"client-certificate": wanted.certificate, "client-key": wanted.key}
	cluster := map[string]string{"server": wanted.server, "certificate-authority": wanted.authority}
	if wanted.embed {
		data := map[string]string{}
		for _, path := range []string{wanted.certificate, wanted.key, wanted.authority} {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			data[path] = base64.StdEncoding.EncodeToString(text)
		}
		user = map[string]string{
			"client-certificate-data": data[wanted.certificate],
			"client-key-data":         data[wanted.key],
		}
		cluster = map[string]string{
			"server":                     wanted.server,
			"certificate-authority-data": data[wanted.authority],
		}
	}
	// JSON is YAML, so every reader takes it.
	text, err := json.MarshalIndent(map[string]any{
		"apiVersion":      "v1",
		"kind":            "Config",
		"clusters":        []any{map[string]any{"name": "default", "cluster": cluster}},
		"users":           []any{map[string]any{"name": "default", "user": user}},
		"contexts":        []any{map[string]any{"name": "default", "context": map[string]string{"cluster": "default", "user": "default"}}},
		"current-context": "default",
	}, "", "  ")
	if err != nil {
		return err
	}
	return writeFile(wanted.path, string(text)+"\n", wanted.mode)
}
