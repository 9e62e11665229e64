package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"sigs.k8s.io/yaml"
)

const (
	configFile      = "/etc/rancher/k3s/config.yaml"
	adminKubeconfig = "/etc/rancher/k3s/k3s.yaml"
	defaultDataDir  = "/var/lib/rancher/k3s"
	podNetwork      = "10.42.0.0/16"
	serviceNetwork  = "10.43.0.0/16"
	clusterDNS      = "10.43.0.10"
	apiPort         = 6443
)

// stringList takes one string or a list of them, as k3s does for every flag that may be repeated.
type stringList []string

func (list *stringList) UnmarshalJSON(text []byte) error {
	var one string
	if yaml.Unmarshal(text, &one) == nil {
		*list = stringList{one}
		return nil
	}
	return yaml.Unmarshal(text, (*[]string)(list))
}

// config holds the keys of config.yaml, by the names of k3s.
type config struct {
	Server                string     `json:"server"`
	Token                 string     `json:"token"`
	NodeName              string     `json:"node-name"`
	NodeIP                string     `json:"node-ip"`
	DataDir               string     `json:"data-dir"`
	NodeLabel             stringList `json:"node-label"`
	NodeTaint             stringList `json:"node-taint"`
	KubeletArg            stringList `json:"kubelet-arg"`
	KubeProxyArg          stringList `json:"kube-proxy-arg"`
	KubeAPIServerArg      stringList `json:"kube-apiserver-arg"`
	ControllerManagerArg  stringList `json:"kube-controller-manager-arg"`
	SchedulerArg          stringList `json:"kube-scheduler-arg"`
	WriteKubeconfigMode   string     `json:"write-kubeconfig-mode"`
	DisableCloudProvider  bool       `json:"disable-cloud-controller"`
	Disable               stringList `json:"disable"`
	TLSSAN                stringList `json:"tls-san"`
	FlannelBackend        string     `json:"flannel-backend"`
	DisableNetworkPolicy  bool       `json:"disable-network-policy"`
	DisableHelmController bool       `json:"disable-helm-controller"`
}

// readConfig reads config.yaml; an absent file is an empty one, a broken one is an error.
func readConfig() (config, error) {
	settings := config{DataDir: defaultDataDir}
	text, err := os.ReadFile(configFile)
	if err != nil && !os.IsNotExist(err) {
		return settings, err
	}
	if err := yaml.UnmarshalStrict(text, &settings); err != nil {
		return settings, fmt.Errorf("failed to parse %s: %w", configFile, err)
	}
	if settings.NodeName == "" {
		name, err := os.Hostname()
		if err != nil {
			return settings, err
		}
		settings.NodeName = strings.ToLower(name)
	}
	if settings.NodeIP == "" {
		return settings, fmt.Errorf("%s: node-ip is missing", configFile)
	}
	return settings, nil
}

// serverDir and agentDir are the two halves of the data directory.
func (settings config) serverDir(parts ...string) string {
	return filepath.Join(append([]string{settings.DataDir, "server"}, parts...)...)
}

func (settings config) agentDir(parts ...string) string {
	return filepath.Join(append([]string{settings.DataDir, "agent"}, parts...)...)
}

// program is a helper that lies beside the launcher, where k3s unpacks its own.
func (settings config) program(name string) string {
	return filepath.Join(settings.DataDir, "data/current/bin", name)
}

// flags turns "key=value" of a …-arg setting into command-line flags.
func flags(arguments stringList) []string {
	result := make([]string, 0, len(arguments))
	for _, argument := range arguments {
		result = append(result, "--"+strings.TrimLeft(argument, "-"))
	}
	return result
}
