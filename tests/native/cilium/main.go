// Reads objects with cilium/ebpf and, with -load, loads them into the running kernel. Prints those that it does not take.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"

	"github.com/cilium/ebpf"
	"github.com/cilium/ebpf/rlimit"
)

func main() {
	load := flag.Bool("load", false, "load what was read")
	flag.Parse()
	if *load {
		if err := rlimit.RemoveMemlock(); err != nil {
			fmt.Println(err)
			os.Exit(1)
		}
	}
	refused := 0
	for _, path := range flag.Args() {
		if err := take(path, *load); err != nil {
			refused++
			fmt.Printf("%s: %v\n", path, err)
		}
	}
	if refused > 0 {
		os.Exit(1)
	}
}

func take(path string, load bool) error {
	spec, err := ebpf.LoadCollectionSpec(path)
	if err != nil || !load {
		return err
	}
	// The library reads the mark of optional programs, and loads them nevertheless.
	for name, one := range spec.Programs {
		if strings.HasPrefix(one.SectionName, "?") {
			delete(spec.Programs, name)
		}
	}
	// It would pin maps below /sys/fs/bpf, where they outlive this process.
	for _, one := range spec.Maps {
		one.Pinning = ebpf.PinNone
	}
	collection, err := ebpf.NewCollection(spec)
	if err != nil {
		return err
	}
	collection.Close()
	return nil
}
