package main

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"strconv"

	rbac "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/api/errors"
	meta "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
)

const (
	localServer    = "https://127.0.0.1:6443"
	controllerUser = "system:k3s-controller"
)

// prepareServer writes what k3s writes on a server; the key pairs are there already.
func (launcher *launcher) prepareServer() error {
	tls := func(name string) string { return launcher.serverDir("tls", name) }
	if err := launcher.writeTokens(tls("server-ca.crt")); err != nil {
		return err
	}
	mode := uint64(0o600)
	if launcher.WriteKubeconfigMode != "" {
		parsed, err := strconv.ParseUint(launcher.WriteKubeconfigMode, 8, 32)
		if err != nil {
			return fmt.Errorf("%s: write-kubeconfig-mode: %w", configFile, err)
		}
		mode = parsed
	}
	for _, wanted := range []kubeconfig{
		{path: adminKubeconfig, certificate: tls("client-admin.crt"), key: tls("client-admin.key"), embed: true, mode: os.FileMode(mode)},
		{path: launcher.serverDir("cred/admin.kubeconfig"), certificate: tls("client-admin.crt"), key: tls("client-admin.key"), mode: 0o600},
		{path: launcher.serverDir("cred/controller.kubeconfig"), certificate: tls("client-controller.crt"), key: tls("client-controller.key"), mode: 0o600},
		{path: launcher.serverDir("cred/scheduler.kubeconfig"), certificate: tls("client-scheduler.crt"), key: tls("client-scheduler.key"), mode: 0o600},
	} {
		wanted.server, wanted.authority = localServer, tls("server-ca.crt")
		if err := wanted.write(); err != nil {
			return err
		}
	}
	return os.MkdirAll(launcher.serverDir("db"), 0o700)
}

// writeTokens writes the join token in its full form, which names the authority by its hash.
func (launcher *launcher) writeTokens(authority string) error {
	text, err := os.ReadFile(authority)
	if err != nil {
		return err
	}
	token := launcher.Token
	if token == "" {
		token = rand.Text()
	}
	sum := sha256.Sum256(text)
	full := fmt.Sprintf("K10%s::server:%s\n", hex.EncodeToString(sum[:]), token)
	for _, name := range []string{"token", "node-token", "agent-token"} {
		if err := writeFile(launcher.serverDir(name), full, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// startControlPlane returns when the API server is ready and knows the node controller of the bed.
func (launcher *launcher) startControlPlane() error {
	if err := launcher.start("kine", launcher.kineArguments(), nil); err != nil {
		return err
	}
	arguments := append(launcher.apiServerArguments(), flags(launcher.KubeAPIServerArg)...)
	if err := launcher.start("kube-apiserver", arguments, nil); err != nil {
		return err
	}
	client, err := clientOf(adminKubeconfig)
	if err != nil {
		return err
	}
	if err := launcher.until("the API server", func(ctx context.Context) error {
		return client.RESTClient().Get().AbsPath("/readyz").Do(ctx).Error()
	}); err != nil {
		return err
	}
	arguments = append(launcher.controllerManagerArguments(), flags(launcher.ControllerManagerArg)...)
	if err := launcher.start("kube-controller-manager", arguments, nil); err != nil {
		return err
	}
	arguments = append(launcher.schedulerArguments(), flags(launcher.SchedulerArg)...)
	if err := launcher.start("kube-scheduler", arguments, nil); err != nil {
		return err
	}
	return launcher.until("the rights of "+controllerUser, func(ctx context.Context) error {
		return grantController(ctx, client)
	})
}

// The Node authorizer lets a kubelet see only its own Node; routes need all of them.
func grantController(ctx context.Context, client kubernetes.Interface) error {
	role := &rbac.ClusterRole{
		ObjectMeta: meta.ObjectMeta{Name: controllerUser},
		Rules: []rbac.PolicyRule{{
			APIGroups: []string{""}, Resources: []string{"nodes"}, Verbs: []string{"get", "list", "watch"},
		}},
	}
	_, err := client.RbacV1().ClusterRoles().Create(ctx, role, meta.CreateOptions{})
	if err != nil && !errors.IsAlreadyExists(err) {
		return err
	}
	binding := &rbac.ClusterRoleBinding{
		ObjectMeta: meta.ObjectMeta{Name: controllerUser},
		RoleRef:    rbac.RoleRef{APIGroup: rbac.GroupName, Kind: "ClusterRole", Name: controllerUser},
		Subjects:   []rbac.Subject{{APIGroup: rbac.GroupName, Kind: "User", Name: controllerUser}},
	}
	_, err = client.RbacV1().ClusterRoleBindings().Create(ctx, binding, meta.CreateOptions{})
	if err != nil && !errors.IsAlreadyExists(err) {
		return err
	}
	return nil
}

// labelServer sets the role, which a kubelet may not set itself.
func (launcher *launcher) labelServer(ctx context.Context) error {
	client, err := clientOf(adminKubeconfig)
	if err != nil {
		return err
	}
	patch := `{"metadata":{"labels":{"node-role.kubernetes.io/control-plane":"true"}}}`
	_, err = client.CoreV1().Nodes().Patch(ctx, launcher.NodeName, types.MergePatchType, []byte(patch), meta.PatchOptions{})
	return err
}

func (launcher *launcher) kineArguments() []string {
	parameters := "_journal_mode=WAL&_busy_timeout=30000&_synchronous=NORMAL&_txlock=immediate&cache=shared"
	return []string{
		"--endpoint=sqlite://" + launcher.serverDir("db/state.db") + "?" + parameters,
		"--listen-address=" + launcher.kineSocket(),
		"--metrics-bind-address=0",
	}
}

func (launcher *launcher) kineSocket() string { return "unix://" + launcher.serverDir("kine.sock") }

func (launcher *launcher) apiServerArguments() []string {
	tls := func(name string) string { return launcher.serverDir("tls", name) }
	return []string{
		"--etcd-servers=" + launcher.kineSocket(),
		"--bind-address=0.0.0.0",
		fmt.Sprintf("--secure-port=%d", apiPort),
		"--advertise-address=" + launcher.NodeIP,
		"--service-cluster-ip-range=" + serviceNetwork,
		"--tls-cert-file=" + tls("serving-kube-apiserver.crt"),
		"--tls-private-key-file=" + tls("serving-kube-apiserver.key"),
		"--client-ca-file=" + tls("client-ca.crt"),
		"--kubelet-certificate-authority=" + tls("server-ca.crt"),
		"--kubelet-client-certificate=" + tls("client-kube-apiserver.crt"),
		"--kubelet-client-key=" + tls("client-kube-apiserver.key"),
		"--kubelet-preferred-address-types=InternalIP",
		"--anonymous-auth=false",
		"--authorization-mode=Node,RBAC",
		"--enable-admission-plugins=NodeRestriction",
		"--allow-privileged=true",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + tls("service.crt"),
		"--service-account-signing-key-file=" + tls("service.key"),
		"--profiling=false",
	}
}

// With kine on SQLite there is one server only, and k3s runs without leader election.
func (launcher *launcher) controllerManagerArguments() []string {
	tls := func(name string) string { return launcher.serverDir("tls", name) }
	return []string{
		"--kubeconfig=" + launcher.serverDir("cred/controller.kubeconfig"),
		"--secure-port=0",
		"--leader-elect=false",
		"--use-service-account-credentials=true",
		"--service-account-private-key-file=" + tls("service.key"),
		"--root-ca-file=" + tls("server-ca.crt"),
		"--cluster-signing-cert-file=" + tls("client-ca.crt"),
		"--cluster-signing-key-file=" + tls("client-ca.key"),
		"--allocate-node-cidrs=true",
		"--cluster-cidr=" + podNetwork,
		"--service-cluster-ip-range=" + serviceNetwork,
		"--profiling=false",
	}
}

func (launcher *launcher) schedulerArguments() []string {
	return []string{
		"--kubeconfig=" + launcher.serverDir("cred/scheduler.kubeconfig"),
		"--secure-port=0",
		"--leader-elect=false",
		"--profiling=false",
	}
}

func clientOf(kubeconfig string) (*kubernetes.Clientset, error) {
	access, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return nil, err
	}
	return kubernetes.NewForConfig(access)
}
