// clang-22 -O2 -g -target bpf -mcpu=v3 -c programs.c -o programs.o
// A table of programs with an initialiser, as libbpf takes it.
#define SEC(name) __attribute__((section(name), used))
#define __uint(name, val) int(*name)[val]
#define __type(name, val) typeof(val) *name
#define __array(name, val) typeof(val) *name[]
typedef unsigned int u32;
struct xdp_md { u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex; };
static long (*tail_call)(void *ctx, void *map, u32 index) = (void *)12;
char _license[] SEC("license") = "GPL";

int drop(struct xdp_md *ctx);
int pass(struct xdp_md *ctx);

struct {
    __uint(type, 3);
    __uint(max_entries, 8);
    __uint(key_size, sizeof(u32));
    __array(values, int(struct xdp_md *));
} next SEC(".maps") = {
    .values = { [1] = (void *)&drop, [5] = (void *)&pass, [6] = (void *)&drop },
};

SEC("xdp") int start(struct xdp_md *ctx) {
    tail_call(ctx, &next, ctx->rx_queue_index);
    tail_call(ctx, &next, 5);
    return 0;
}
SEC("xdp") int drop(struct xdp_md *ctx) { return 1; }
SEC("xdp") int pass(struct xdp_md *ctx) { return 2; }
