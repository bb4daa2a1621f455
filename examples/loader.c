// Loads the firewall with libbpf: runs one packet, forbids its port and runs it again, switches the audit of logged ports on.
//   ./turnout build examples/firewall.turn -o firewall.o --target linux-6.12
//   ./turnout build examples/firewall.turn --target linux-6.12 --emit header > firewall.turn.h
//   cc -Wall -I. examples/loader.c -lbpf -o loader && sudo ./loader firewall.o
#include <arpa/inet.h>
#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <stdio.h>

#include "firewall.turn.h"

// An Ethernet frame with a UDP packet to port 53 of 192.0.2.9.
static unsigned char packet[64] = {
    0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x08, 0x00,
    0x45, 0, 0, 50, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 9,
    0x30, 0x39, 0, 53, 0, 30, 0, 0,
};

static int verdict(int program)
{
    LIBBPF_OPTS(bpf_test_run_opts, run, .data_in = packet, .data_size_in = sizeof(packet));

    return bpf_prog_test_run_opts(program, &run) ? -1 : (int) run.retval;
}

int main(int argc, char **argv)
{
    struct bpf_object *object = argc > 1 ? bpf_object__open_file(argv[1], NULL) : NULL;

    if (!object || bpf_object__load(object)) {
        fprintf(stderr, "usage: %s firewall.o\n", argv[0]);
        return 1;
    }
    struct bpf_program *firewall = bpf_object__find_program_by_name(object, FIREWALL_PROG_FIREWALL);
    printf("verdict %d\n", verdict(bpf_program__fd(firewall)));

    struct bpf_map *policy = bpf_object__find_map_by_name(object, FIREWALL_MAP_POLICY);
    firewall_policy_key dns = {.port = htons(53), .proto = 17};
    firewall_policy_value drop = firewall_Verdict_drop;
    if (bpf_map__update_elem(policy, &dns, sizeof(dns), &drop, sizeof(drop), BPF_ANY)) {
        perror(FIREWALL_MAP_POLICY);
        return 1;
    }
    printf("verdict %d, now that the port is forbidden\n", verdict(bpf_program__fd(firewall)));

    // The section of keys is mapped into this process; what is written there, the program sees at once.
    size_t size;
    struct bpf_map *section = bpf_object__find_map_by_name(object, FIREWALL_SECTION_DATA_KEYS);
    struct firewall_data_keys *keys = bpf_map__initial_value(section, &size);
    keys->audit = true;
    printf("audit is %s\n", keys->audit ? "on" : "off");
    bpf_object__close(object);
    return 0;
}
