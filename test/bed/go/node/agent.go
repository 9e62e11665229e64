package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

const (
	containerdSocket = "/run/k3s/containerd/containerd.sock"
	kubeletRoot      = "/var/lib/kubelet"
	// sandboxImage lies in agent/images: there is no registry.
	sandboxImage = "evenkeel.test/bed/web:1"
)

// prepareAgent writes what k3s writes on every node; the key pairs are there already.
func (launcher *launcher) prepareAgent() error {
	if err := os.MkdirAll(launcher.agentDir("pod-manifests"), 0o755); err != nil {
		return err
	}
	for path, text := range map[string]string{
		launcher.agentDir("etc/containerd/config.toml"):              launcher.containerdConfig(),
		launcher.agentDir("etc/kubelet.conf.d/00-k3s-defaults.conf"): launcher.kubeletConfig(),
	} {
		if err := writeFile(path, text, 0o600); err != nil {
			return err
		}
	}
	for name, pair := range map[string]string{
		"kubelet.kubeconfig":       "client-kubelet",
		"kubeproxy.kubeconfig":     "client-kube-proxy",
		"k3scontroller.kubeconfig": "client-k3s-controller",
	} {
		wanted := kubeconfig{
			path:        launcher.agentDir(name),
			server:      launcher.serverURL(),
			authority:   launcher.agentDir("server-ca.crt"),
			certificate: launcher.agentDir(pair + ".crt"),
			key:         launcher.agentDir(pair + ".key"),
			mode:        0o600,
		}
		if err := wanted.write(); err != nil {
			return err
		}
	}
	return nil
}

func (launcher *launcher) serverURL() string {
	if launcher.role == serverRole {
		return localServer
	}
	return launcher.Server
}

// startNode returns when the server has answered and the kubelet runs; Ready comes later.
func (launcher *launcher) startNode() error {
	logFile := launcher.agentDir("containerd/containerd.log")
	if err := writeFile(logFile, "", 0o600); err != nil {
		return err
	}
	log, err := os.OpenFile(logFile, os.O_WRONLY|os.O_APPEND, 0o600)
	if err != nil {
		return err
	}
	arguments := []string{"--config=" + launcher.agentDir("etc/containerd/config.toml")}
	if err := launcher.start("containerd", arguments, log); err != nil {
		return err
	}
	if err := launcher.importImages(); err != nil {
		return err
	}
	if err := launcher.until("the server at "+launcher.serverURL(), launcher.reachServer); err != nil {
		return err
	}
	if err := launcher.start("kubelet", launcher.kubeletArguments(), nil); err != nil {
		return err
	}
	return launcher.start("kube-proxy", launcher.proxyArguments(), nil)
}

// importImages takes the archives of agent/images, as k3s does where there is no registry.
func (launcher *launcher) importImages() error {
	if err := launcher.until("containerd", func(ctx context.Context) error {
		return launcher.ctr(ctx, "version")
	}); err != nil {
		return err
	}
	archives, err := filepath.Glob(launcher.agentDir("images/*.tar"))
	if err != nil {
		return err
	}
	for _, archive := range archives {
		logLine("info", "Importing images from "+archive)
		if err := launcher.ctr(context.Background(), "--namespace=k8s.io", "images", "import", archive); err != nil {
			return err
		}
	}
	return nil
}

func (launcher *launcher) ctr(ctx context.Context, arguments ...string) error {
	arguments = append([]string{"--address=" + containerdSocket}, arguments...)
	output, err := exec.CommandContext(ctx, launcher.program("ctr"), arguments...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ctr %s: %w: %s", arguments[len(arguments)-1], err, strings.TrimSpace(string(output)))
	}
	return nil
}

// reachServer asks for no more than a server whose certificate the node's authority has signed.
func (launcher *launcher) reachServer(ctx context.Context) error {
	server, err := url.Parse(launcher.serverURL())
	if err != nil {
		return err
	}
	authority, err := os.ReadFile(launcher.agentDir("server-ca.crt"))
	if err != nil {
		return err
	}
	authorities := x509.NewCertPool()
	authorities.AppendCertsFromPEM(authority)
	dialer := tls.Dialer{Config: &tls.Config{RootCAs: authorities}}
	connection, err := dialer.DialContext(ctx, "tcp", server.Host)
	if err != nil {
		return err
	}
	return connection.Close()
}

func (launcher *launcher) kubeletArguments() []string {
	labels := append([]string{"node.kubernetes.io/instance-type=k3s"}, launcher.NodeLabel...)
	arguments := []string{
		"--config-dir=" + launcher.agentDir("etc/kubelet.conf.d"),
		"--hostname-override=" + launcher.NodeName,
		"--kubeconfig=" + launcher.agentDir("kubelet.kubeconfig"),
		"--node-ip=" + launcher.NodeIP,
		"--node-labels=" + strings.Join(labels, ","),
		"--root-dir=" + kubeletRoot,
	}
	if len(launcher.NodeTaint) > 0 {
		arguments = append(arguments, "--register-with-taints="+strings.Join(launcher.NodeTaint, ","))
	}
	return append(arguments, flags(launcher.KubeletArg)...)
}

func (launcher *launcher) kubeletConfig() string {
	text, err := json.MarshalIndent(map[string]any{
		"apiVersion": "kubelet.config.k8s.io/v1beta1",
		"kind":       "KubeletConfiguration",
		"authentication": map[string]any{
			"anonymous": map[string]any{"enabled": false},
			"webhook":   map[string]any{"enabled": true},
			"x509":      map[string]any{"clientCAFile": launcher.agentDir("client-ca.crt")},
		},
		"authorization":            map[string]any{"mode": "Webhook"},
		"cgroupDriver":             "cgroupfs",
		"clusterDNS":               []string{clusterDNS},
		"clusterDomain":            "cluster.local",
		"containerRuntimeEndpoint": "unix://" + containerdSocket,
		"evictionHard":             map[string]string{"imagefs.available": "5%", "nodefs.available": "5%"},
		"evictionMinimumReclaim":   map[string]string{"imagefs.available": "10%", "nodefs.available": "10%"},
		// A machine with the first version of cgroups has no others to offer.
		"failCgroupV1":         false,
		"failSwapOn":           false,
		"imageServiceEndpoint": "unix://" + containerdSocket,
		"resolvConf":           "/etc/resolv.conf",
		"serializeImagePulls":  false,
		"staticPodPath":        launcher.agentDir("pod-manifests"),
		"tlsCertFile":          launcher.agentDir("serving-kubelet.crt"),
		"tlsPrivateKeyFile":    launcher.agentDir("serving-kubelet.key"),
	}, "", "  ")
	if err != nil {
		panic(err)
	}
	return string(text) + "\n"
}

// The machine's connection tracking is not the container's to size: k3s passes the same zeroes.
func (launcher *launcher) proxyArguments() []string {
	return append([]string{
		"--cluster-cidr=" + podNetwork,
		"--conntrack-max-per-core=0",
		"--conntrack-tcp-timeout-close-wait=0s",
		"--conntrack-tcp-timeout-established=0s",
		"--healthz-bind-address=127.0.0.1",
		"--hostname-override=" + launcher.NodeName,
		"--kubeconfig=" + launcher.agentDir("kubeproxy.kubeconfig"),
		"--proxy-mode=iptables",
	}, flags(launcher.KubeProxyArg)...)
}

func (launcher *launcher) containerdConfig() string {
	return fmt.Sprintf(`version = 3
root = %q
state = "/run/k3s/containerd"

[grpc]
  address = %q

[plugins.'io.containerd.cri.v1.images']
  snapshotter = "overlayfs"

[plugins.'io.containerd.cri.v1.images'.pinned_images]
  sandbox = %q

[plugins.'io.containerd.cri.v1.runtime']
  restrict_oom_score_adj = true

[plugins.'io.containerd.cri.v1.runtime'.cni]
  bin_dirs = ["/usr/lib/cni"]
  conf_dir = %q

[plugins.'io.containerd.nri.v1.nri']
  disable = true
`, launcher.agentDir("containerd"), containerdSocket, sandboxImage, launcher.cniDir())
}

func (launcher *launcher) cniDir() string { return launcher.agentDir("etc/cni/net.d") }

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// runCtr becomes containerd's own client, pointed at the node's containerd.
func runCtr() {
	settings := config{DataDir: defaultDataDir}
	arguments := append([]string{"ctr", "--address=" + containerdSocket}, os.Args[1:]...)
	fatal(syscall.Exec(settings.program("ctr"), arguments, os.Environ()))
}
