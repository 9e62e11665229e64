// Command reap waits for the end of its standard input and then ends the processes that a record
// lists, and removes their directory.
//
// It is a program of its own because it lives as long as a test bed: alone it takes a few megabytes,
// as a part of kube it would take a hundred.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// runRecord is what the harness writes down about one run: see processes.ts.
type runRecord struct {
	// Directory is removed once every process is gone.
	Directory string       `json:"directory"`
	Processes []runProcess `json:"processes"`
}

// runProcess names a process beyond doubt: a pid alone may belong to somebody else by now.
type runProcess struct {
	PID       int    `json:"pid"`
	StartTime string `json:"startTime"`
}

const (
	directoryPrefix = "evenkeel-bed-"
	endDeadline     = 10 * time.Second
)

// The harness holds the other end of standard input. It ends when the harness closes it and also when
// the harness dies, however it dies.
func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: reap RECORD < pipe-of-the-harness")
		os.Exit(2)
	}
	if _, err := io.Copy(io.Discard, os.Stdin); err != nil {
		fmt.Fprintln(os.Stderr, "reap: wait for the harness:", err)
		os.Exit(1)
	}
	if err := reap(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "reap:", err)
		os.Exit(1)
	}
}

func reap(file string) error {
	text, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	var record runRecord
	if err := json.Unmarshal(text, &record); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	for _, process := range record.Processes {
		if running(process) {
			// Gone in between is what we want; a refusal shows below as a process that stays.
			_ = syscall.Kill(process.PID, syscall.SIGKILL)
		}
	}
	if err := waitUntilGone(record.Processes); err != nil {
		return err
	}
	if err := removeRunDirectory(record.Directory); err != nil {
		return err
	}
	return os.Remove(file)
}

func waitUntilGone(processes []runProcess) error {
	deadline := time.Now().Add(endDeadline)
	for _, process := range processes {
		for running(process) {
			if time.Now().After(deadline) {
				return fmt.Errorf("process %d did not end", process.PID)
			}
			time.Sleep(10 * time.Millisecond)
		}
	}
	return nil
}

// A record is a file that anything could have written: it must not name a directory not made by us.
func removeRunDirectory(directory string) error {
	if !filepath.IsAbs(directory) || !strings.HasPrefix(filepath.Base(directory), directoryPrefix) {
		return fmt.Errorf("%q is no directory of a test bed", directory)
	}
	return os.RemoveAll(directory)
}

// running tells whether the process still is the one that was recorded, and is not a zombie.
func running(process runProcess) bool {
	state, startTime, err := processState(process.PID)
	return err == nil && state != "Z" && state != "X" && startTime == process.StartTime
}

// processState returns the state letter and "<boot id>:<ticks since boot>" of a process.
func processState(pid int) (string, string, error) {
	stat, err := os.ReadFile("/proc/" + strconv.Itoa(pid) + "/stat")
	if err != nil {
		return "", "", err
	}
	boot, err := os.ReadFile("/proc/sys/kernel/random/boot_id")
	if err != nil {
		return "", "", err
	}
	// The second field is the command in parentheses and may hold spaces and parentheses itself.
	_, rest, found := strings.Cut(string(stat[strings.LastIndexByte(string(stat), ')')+1:]), " ")
	fields := strings.Fields(rest)
	if !found || len(fields) < 20 {
		return "", "", fmt.Errorf("process %d: stat is cut short", pid)
	}
	return fields[0], strings.TrimSpace(string(boot)) + ":" + fields[19], nil
}
