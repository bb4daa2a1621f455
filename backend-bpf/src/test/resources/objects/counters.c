// Maps of BTF with network-order keys, globals, a static and a global subprogram, two programs in one object.
// clang-22 --target=bpf -mcpu=v4 -O2 -fdebug-compilation-dir=. -g -c counters.c -o counters.o
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef u16 __be16;

#define SEC(name) __attribute__((section(name), used))
#define __uint(name, value) int(*name)[value]
#define __type(name, value) typeof(value) *name

struct xdp_md {
	u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index, egress_ifindex;
};

enum kind { PLAIN, TAGGED = 7 };

struct rule {
	enum kind kind;
	u32 hits : 24, flags : 8;
	u64 bytes;
	u8 name[4];
};

struct {
	__uint(type, 1);
	__uint(max_entries, 128);
	__type(key, __be16);
	__type(value, struct rule);
} rules SEC(".maps");

struct {
	__uint(type, 2);
	__uint(max_entries, 4);
	__uint(map_flags, 0x400);
	__uint(pinning, 1);
	__uint(key_size, 4);
	__uint(value_size, 8);
} totals SEC(".maps");

static void *(*lookup)(void *map, const void *key) = (void *)1;

const volatile u32 limit = 1500;
u32 seen;
u64 start = 42;

static __attribute__((noinline)) u32 clamp(u32 size)
{
	return size > limit ? limit : size;
}

__attribute__((noinline)) int account(u32 port, u32 size)
{
	__be16 key = port;
	struct rule *rule = lookup(&rules, &key);
	if (!rule)
		return 0;
	rule->bytes += clamp(size);
	return 1;
}

SEC("xdp") int first(struct xdp_md *ctx)
{
	u32 zero = 0;
	u64 *total = lookup(&totals, &zero);
	seen++;
	if (total)
		__sync_fetch_and_add(total, clamp(ctx->data_end - ctx->data) + start);
	return account(80, seen) ? 2 : 1;
}

SEC("xdp") int second(struct xdp_md *ctx)
{
	return account(ctx->ingress_ifindex, 7) + 1;
}

char _license[] SEC("license") = "GPL";
