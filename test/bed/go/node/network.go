package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	core "k8s.io/api/core/v1"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
)

const (
	// A new node waits for its pod network, so it is looked at often until that is there.
	firstLook = 200 * time.Millisecond
	nextLook  = 3 * time.Second
)

// keepNetwork is what flannel's host-gw backend does in k3s: the pod network of this node as a CNI
// configuration, and a route to the pod network of every other one.
func (launcher *launcher) keepNetwork() {
	client, err := clientOf(launcher.agentDir("k3scontroller.kubeconfig"))
	if err != nil {
		fatal(err)
	}
	complete, lastProblem := false, ""
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		nodes, err := client.CoreV1().Nodes().List(ctx, meta.ListOptions{})
		if err == nil {
			complete, err = launcher.applyNetwork(ctx, nodes.Items)
		}
		cancel()
		problem := ""
		if err != nil {
			problem = err.Error()
		}
		if problem != lastProblem && problem != "" {
			logLine("warning", "pod network: "+problem)
		}
		lastProblem = problem
		if complete {
			time.Sleep(nextLook)
		} else {
			time.Sleep(firstLook)
		}
	}
}

// applyNetwork says whether this node has its pod network.
func (launcher *launcher) applyNetwork(ctx context.Context, nodes []core.Node) (bool, error) {
	complete := false
	var problem error
	for _, node := range nodes {
		if node.Spec.PodCIDR == "" {
			continue
		}
		if node.Name != launcher.NodeName {
			if err := replaceRoute(ctx, node); err != nil {
				problem = err
			}
			continue
		}
		if err := launcher.writeNetwork(node.Spec.PodCIDR); err != nil {
			return false, err
		}
		if _, labelled := node.Labels["node-role.kubernetes.io/control-plane"]; launcher.role == serverRole && !labelled {
			if err := launcher.labelServer(ctx); err != nil {
				return false, err
			}
		}
		complete = true
	}
	return complete, problem
}

func (launcher *launcher) writeNetwork(podCIDR string) error {
	path := filepath.Join(launcher.cniDir(), "10-bridge.conflist")
	if exists(path) {
		return nil
	}
	text, err := json.MarshalIndent(map[string]any{
		"cniVersion": "1.0.0",
		"name":       "cbr0",
		"plugins": []any{
			map[string]any{
				"type":             "bridge",
				"bridge":           "cni0",
				"isDefaultGateway": true,
				"hairpinMode":      true,
				"ipam": map[string]any{
					"type":   "host-local",
					"ranges": []any{[]any{map[string]string{"subnet": podCIDR}}},
				},
			},
			map[string]any{"type": "portmap", "capabilities": map[string]bool{"portMappings": true}},
		},
	}, "", "  ")
	if err != nil {
		return err
	}
	logLine("info", "The pod network of this node is "+podCIDR)
	return writeFile(path, string(text)+"\n", 0o644)
}

// Routes vanish with the link or its address, so they are set again at every look.
func replaceRoute(ctx context.Context, node core.Node) error {
	for _, address := range node.Status.Addresses {
		if address.Type != core.NodeInternalIP {
			continue
		}
		command := exec.CommandContext(ctx, "ip", "route", "replace", node.Spec.PodCIDR, "via", address.Address)
		if output, err := command.CombinedOutput(); err != nil {
			return fmt.Errorf("route to %s: %s", node.Name, strings.TrimSpace(string(output)))
		}
	}
	return nil
}
