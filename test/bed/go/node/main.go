// Command node stands where a machine of a k3s cluster has its k3s binary: it carries the parts of
// upstream Kubernetes, and a launcher that runs them with the files and directories that k3s uses.
//
// It is built from published modules: it is not k3s, and says so when asked for its version.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	_ "time/tzdata" // CronJobs name time zones, and a minimal root file system has no zone files.

	"github.com/spf13/cobra"
	"k8s.io/component-base/cli"
	_ "k8s.io/component-base/logs/json/register"
	_ "k8s.io/component-base/metrics/prometheus/clientgo"
	_ "k8s.io/component-base/metrics/prometheus/version"
	"k8s.io/component-base/version"
	kubectl "k8s.io/kubectl/pkg/cmd"
	"k8s.io/kubectl/pkg/cmd/util"
	apiserver "k8s.io/kubernetes/cmd/kube-apiserver/app"
	controllermanager "k8s.io/kubernetes/cmd/kube-controller-manager/app"
	proxy "k8s.io/kubernetes/cmd/kube-proxy/app"
	scheduler "k8s.io/kubernetes/cmd/kube-scheduler/app"
	kubelet "k8s.io/kubernetes/cmd/kubelet/app"
)

// parts is the whole table: a further part is one more line here.
var parts = map[string]func(){
	"server":                  func() { launch(serverRole) },
	"agent":                   func() { launch(agentRole) },
	"kube-apiserver":          daemon(apiserver.NewAPIServerCommand),
	"kube-controller-manager": daemon(controllermanager.NewControllerManagerCommand),
	"kube-scheduler":          daemon(func() *cobra.Command { return scheduler.NewSchedulerCommand() }),
	"kubelet":                 daemon(func() *cobra.Command { return kubelet.NewKubeletCommand(context.Background()) }),
	"kube-proxy":              daemon(proxy.NewProxyCommand),
	"kubectl":                 runKubectl,
	"ctr":                     runCtr,
	"--version":               printVersion,
	"-v":                      printVersion,
}

func main() {
	// The launcher gives its children the name of the part as their own.
	if part := parts[filepath.Base(os.Args[0])]; part != nil {
		part()
		return
	}
	if len(os.Args) < 2 || parts[os.Args[1]] == nil {
		names := make([]string, 0, len(parts))
		for name := range parts {
			names = append(names, name)
		}
		slices.Sort(names)
		fmt.Fprintf(os.Stderr, "%s\nusage: k3s <%s> [arguments]\n", versionText(), strings.Join(names, "|"))
		os.Exit(2)
	}
	part := parts[os.Args[1]]
	// Every part parses os.Args itself and must find its own name in the first place.
	os.Args = os.Args[1:]
	part()
}

func versionText() string {
	return fmt.Sprintf("evenkeel test bed %s, assembled from upstream Kubernetes parts; not k3s",
		version.Get().GitVersion)
}

func printVersion() {
	fmt.Printf("%s\ngo version %s\n", versionText(), strings.TrimPrefix(version.Get().GoVersion, "go"))
}

func daemon(command func() *cobra.Command) func() {
	return func() { os.Exit(cli.Run(command())) }
}

// kubectl words its errors itself ("Error from server (NotFound): …") and picks its exit code.
func runKubectl() {
	if os.Getenv("KUBECONFIG") == "" {
		os.Setenv("KUBECONFIG", adminKubeconfig)
	}
	if err := cli.RunNoErrOutput(kubectl.NewDefaultKubectlCommand()); err != nil {
		util.CheckErr(err)
	}
}
