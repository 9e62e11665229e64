package main

import (
	"archive/tar"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"os"
	"runtime"
)

// writeArchive writes this very program as an image of one layer, in the form of `docker save`.
func writeArchive(output io.Writer, name string) error {
	program, err := os.ReadFile("/proc/self/exe")
	if err != nil {
		return err
	}
	var layer bytes.Buffer
	if err := writeTar(&layer, []entry{{name: "web", mode: 0o755, data: program}}); err != nil {
		return err
	}
	sum := sha256.Sum256(layer.Bytes())
	config, err := json.Marshal(map[string]any{
		"architecture": runtime.GOARCH,
		"os":           "linux",
		"config":       map[string]any{"Entrypoint": []string{"/web"}, "Cmd": []string{"pause"}},
		"rootfs":       map[string]any{"type": "layers", "diff_ids": []string{"sha256:" + hex.EncodeToString(sum[:])}},
	})
	if err != nil {
		return err
	}
	manifest, err := json.Marshal([]any{map[string]any{
		"Config": "config.json", "RepoTags": []string{name}, "Layers": []string{"layer.tar"},
	}})
	if err != nil {
		return err
	}
	return writeTar(output, []entry{
		{name: "manifest.json", mode: 0o644, data: manifest},
		{name: "config.json", mode: 0o644, data: config},
		{name: "layer.tar", mode: 0o644, data: layer.Bytes()},
	})
}

type entry struct {
	name string
	mode int64
	data []byte
}

func writeTar(output io.Writer, entries []entry) error {
	writer := tar.NewWriter(output)
	for _, entry := range entries {
		header := &tar.Header{Name: entry.name, Mode: entry.mode, Size: int64(len(entry.data))}
		if err := writer.WriteHeader(header); err != nil {
			return err
		}
		if _, err := writer.Write(entry.data); err != nil {
			return err
		}
	}
	return writer.Close()
}
