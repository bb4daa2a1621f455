// Jump tables of a program and of a subprogram.
// clang-22 --target=bpf -mcpu=v4 -O2 -fdebug-compilation-dir=. -g -mllvm -bpf-min-jump-table-entries=4 -c dispatch.c -o dispatch.o
typedef unsigned int u32;

#define SEC(name) __attribute__((section(name), used))

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

static __attribute__((noinline)) u32 step(u32 op, u32 x)
{
	switch (op) {
	case 0: return x + 1;
	case 1: return x * 3;
	case 2: return x ^ 0x55;
	case 3: return x >> 2;
	case 5: return ~x;
	default: return x;
	}
}

SEC("xdp") int dispatch(struct xdp_md *ctx)
{
	u32 x = step(ctx->rx_queue_index, ctx->ingress_ifindex);
	switch (ctx->ingress_ifindex) {
	case 10: x += 7; break;
	case 11: x <<= 3; break;
	case 12: x = x * x; break;
	case 13: x %= 10; break;
	}
	return step(x & 7, x) & 3;
}

char _license[] SEC("license") = "GPL";
