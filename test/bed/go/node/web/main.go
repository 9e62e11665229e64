// Command web is the one program of the bed's one image: a sandbox that waits, a web page that says
// where it runs, and a writer that fills a disk.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"
)

func main() {
	command := "pause"
	if len(os.Args) > 1 {
		command = os.Args[1]
	}
	var err error
	switch command {
	case "pause":
		err = pause()
	case "serve":
		err = serve(argument(2, ":8080"))
	case "fill":
		err = fill(argument(2, "/fill"), argument(3, "3"))
	case "archive":
		err = writeArchive(os.Stdout, argument(2, "web"))
	default:
		err = fmt.Errorf("usage: web <pause|serve ADDRESS|fill DIRECTORY FREE-PERCENT|archive IMAGE>")
	}
	if err != nil {
		fmt.Fprintln(os.Stderr, "web:", err)
		os.Exit(1)
	}
}

func argument(index int, otherwise string) string {
	if len(os.Args) > index {
		return os.Args[index]
	}
	return otherwise
}

// pause also buries the orphans of a pod that shares its process namespace.
func pause() error {
	signals := make(chan os.Signal, 16)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT, syscall.SIGCHLD)
	for received := range signals {
		if received != syscall.SIGCHLD {
			return nil
		}
		for {
			if pid, err := syscall.Wait4(-1, nil, syscall.WNOHANG, nil); err != nil || pid <= 0 {
				break
			}
		}
	}
	return nil
}

func serve(address string) error {
	hostname, err := os.Hostname()
	if err != nil {
		return err
	}
	// The first process of a container gets no default action for a signal.
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	go func() {
		<-signals
		os.Exit(0)
	}()
	http.HandleFunc("/", func(response http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(response, "pod %s on node %s\n", hostname, os.Getenv("NODE_NAME"))
	})
	server := &http.Server{Addr: address, ReadHeaderTimeout: 5 * time.Second}
	return server.ListenAndServe()
}

// fill writes until only so many percent of the file system are free, and then waits.
func fill(directory, freePercent string) error {
	wanted, err := strconv.ParseUint(freePercent, 10, 7)
	if err != nil {
		return err
	}
	file, err := os.Create(directory + "/fill")
	if err != nil {
		return err
	}
	block := make([]byte, 1<<20)
	for {
		var state syscall.Statfs_t
		if err := syscall.Statfs(directory, &state); err != nil {
			return err
		}
		if state.Bavail*100 <= state.Blocks*wanted {
			fmt.Printf("%d %% of %s are free\n", wanted, directory)
			return pause()
		}
		if _, err := file.Write(block); err != nil {
			return err
		}
	}
}
