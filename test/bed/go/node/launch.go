package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"syscall"
	"time"
)

type role int

const (
	serverRole role = iota
	agentRole
)

// endGrace is short: k3s, one process, ends at once.
const endGrace = 2 * time.Second

// launcher runs the parts of one node as its children, and ends when any of them does.
type launcher struct {
	config
	role     role
	children []*child
	ended    chan *child
	stop     chan os.Signal
}

type child struct {
	name    string
	process *exec.Cmd
	err     error
}

// An orphaned API server would keep its port from the next one: every child dies with the launcher.
// The kernel ties that to the thread that started the child, so that thread must live as long.
func launch(role role) {
	runtime.LockOSThread()
	settings, err := readConfig()
	if err != nil {
		fatal(err)
	}
	launcher := &launcher{
		config: settings,
		role:   role,
		ended:  make(chan *child, 16),
		stop:   make(chan os.Signal, 1),
	}
	signal.Notify(launcher.stop, syscall.SIGTERM, syscall.SIGINT)
	logLine("info", "Starting "+versionText())
	if err := launcher.startAll(); err != nil {
		launcher.fail(err)
	}
	notifyReady()
	logLine("info", "k3s is up and running")
	go launcher.keepNetwork()
	select {
	case ended := <-launcher.ended:
		launcher.fail(fmt.Errorf("%s exited: %w", ended.name, ended.err))
	case <-launcher.stop:
		launcher.endChildren()
	}
}

func (launcher *launcher) startAll() error {
	// Pods and Services are routed through the node.
	if err := os.WriteFile("/proc/sys/net/ipv4/ip_forward", []byte("1"), 0); err != nil {
		return err
	}
	if launcher.role == serverRole {
		if err := launcher.prepareServer(); err != nil {
			return err
		}
		if err := launcher.startControlPlane(); err != nil {
			return err
		}
	}
	if err := launcher.prepareAgent(); err != nil {
		return err
	}
	return launcher.startNode()
}

// start runs a part: a program of its own, or a link of that name to this one.
func (launcher *launcher) start(name string, arguments []string, log *os.File) error {
	process := exec.Command(launcher.program(name), arguments...)
	process.Args[0] = name
	process.Dir = "/"
	// A part that sees the socket tells systemd that the unit is ready, long before it is.
	process.Env = slices.DeleteFunc(os.Environ(), func(variable string) bool {
		return strings.HasPrefix(variable, "NOTIFY_SOCKET=")
	})
	// containerd looks for its shim and ctr on the PATH.
	process.Env = append(process.Env, "PATH="+filepath.Dir(launcher.program("ctr"))+":"+os.Getenv("PATH"))
	process.Stdout, process.Stderr = os.Stderr, os.Stderr
	if log != nil {
		process.Stdout, process.Stderr = log, log
	}
	process.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL, Setpgid: true}
	if err := process.Start(); err != nil {
		return fmt.Errorf("start %s: %w", name, err)
	}
	logLine("info", "Running "+name+" "+strings.Join(arguments, " "))
	child := &child{name: name, process: process}
	launcher.children = append(launcher.children, child)
	go func() {
		child.err = process.Wait()
		if child.err == nil {
			child.err = fmt.Errorf("exit status 0")
		}
		launcher.ended <- child
	}()
	return nil
}

// until polls a condition; a child that ends or a signal to stop ends the wait as well.
func (launcher *launcher) until(what string, condition func(context.Context) error) error {
	lastWords := time.Now()
	for {
		ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
		err := condition(ctx)
		cancel()
		if err == nil {
			return nil
		}
		if time.Since(lastWords) > 5*time.Second {
			lastWords = time.Now()
			logLine("info", fmt.Sprintf("Waiting for %s: %v", what, err))
		}
		select {
		case ended := <-launcher.ended:
			return fmt.Errorf("%s exited: %w", ended.name, ended.err)
		case <-launcher.stop:
			launcher.endChildren()
			os.Exit(0)
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// endChildren asks the last started first: the datastore is the last to go.
// The shims are no children of ours: pods live on, as they do when k3s is stopped.
func (launcher *launcher) endChildren() {
	deadline := time.After(endGrace)
	alive := len(launcher.children)
	for _, child := range slices.Backward(launcher.children) {
		_ = child.process.Process.Signal(syscall.SIGTERM)
	}
	for alive > 0 {
		select {
		case <-launcher.ended:
			alive--
		case <-deadline:
			return
		}
	}
}

func (launcher *launcher) fail(err error) {
	logLine("fatal", err.Error())
	launcher.endChildren()
	os.Exit(1)
}

func fatal(err error) {
	logLine("fatal", err.Error())
	os.Exit(1)
}

func logLine(level, message string) {
	fmt.Fprintf(os.Stderr, "time=%q level=%s msg=%q\n", time.Now().UTC().Format(time.RFC3339), level, message)
}

// notifyReady tells systemd that a unit of Type=notify has started.
func notifyReady() {
	socket := os.Getenv("NOTIFY_SOCKET")
	if socket == "" {
		return
	}
	connection, err := net.Dial("unixgram", socket)
	if err != nil {
		logLine("warning", "tell systemd: "+err.Error())
		return
	}
	defer connection.Close()
	if _, err := connection.Write([]byte("READY=1")); err != nil {
		logLine("warning", "tell systemd: "+err.Error())
	}
}
