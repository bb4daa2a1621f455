// Programs that are wrong in ways that people are wrong; what is said of each stands in rejected.txt.
#define SEC(n) __attribute__((section(n), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int u32;
typedef unsigned long long u64;
enum { HASH = 1, ARRAY = 2, RINGBUF = 27 };
struct xdp_md { u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index; };
static void *(*map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*map_update_elem)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*skb_load_bytes)(const void *skb, u32 offset, void *to, u32 length) = (void *)26;
static void *(*ringbuf_reserve)(void *map, u64 size, u64 flags) = (void *)131;
static void (*ringbuf_submit)(void *data, u64 flags) = (void *)132;
struct counters { u32 v[8]; };
struct { __uint(type, HASH); __uint(max_entries, 16); __type(key, u32); __type(value, struct counters); } per_port SEC(".maps");
struct { __uint(type, RINGBUF); __uint(max_entries, 4096); } events SEC(".maps");

SEC("xdp") int forgets_null(struct xdp_md *ctx) {
	u32 key = ctx->ingress_ifindex;
	struct counters *c = map_lookup_elem(&per_port, &key);
	c->v[0]++;
	return 2;
}

SEC("xdp") int index_too_large(struct xdp_md *ctx) {
	u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	u32 key = 1;
	if (data + 14 > end)
		return 1;
	u32 i = data[3];
	struct counters *c = map_lookup_elem(&per_port, &key);
	if (!c)
		return 0;
	if (i > 60)
		return 2;
	c->v[i]++;
	return 2;
}

SEC("xdp") int index_unbounded(struct xdp_md *ctx) {
	u32 key = 1, i = ctx->rx_queue_index;
	struct counters *c = map_lookup_elem(&per_port, &key);
	if (!c)
		return 0;
	c->v[i]++;
	return 2;
}

SEC("xdp") int packet_too_short(struct xdp_md *ctx) {
	u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	if (data + 14 > end)
		return 1;
	return *(u16 *)(data + 14);
}

SEC("xdp") int packet_not_checked_again(struct xdp_md *ctx) {
	u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	if (data + 34 > end)
		return 1;
	u32 length = (data[14] & 15) * 4;
	return data[14 + length];
}

SEC("xdp") int loop_without_end(struct xdp_md *ctx) {
	u32 n = ctx->rx_queue_index;
	volatile u32 sum = 0;
	while (n != 1)
		n = n & 1 ? 3 * n + 1 : n / 2, sum += n;
	return sum & 1;
}

SEC("xdp") int stack_index(struct xdp_md *ctx) {
	volatile u8 bytes[32] = {};
	u32 i = ctx->rx_queue_index;
	if (i > 32)
		return 0;
	return bytes[i];
}

SEC("xdp") int writes_the_context(struct xdp_md *ctx) {
	ctx->data_end = 0;
	return 2;
}

SEC("xdp") int no_such_helper_here(struct xdp_md *ctx) {
	u64 value = 0;
	skb_load_bytes(ctx, 0, &value, 8);
	return value == 0;
}

SEC("xdp") int forgets_to_submit(struct xdp_md *ctx) {
	u64 *event = ringbuf_reserve(&events, 8, 0);
	if (!event)
		return 2;
	*event = ctx->ingress_ifindex;
	if (*event == 7)
		return 1;
	ringbuf_submit(event, 0);
	return 2;
}

SEC("xdp") int key_is_no_memory(struct xdp_md *ctx) {
	struct counters zero = {};
	map_update_elem(&per_port, (void *)(long)ctx->rx_queue_index, &zero, 0);
	return 2;
}

SEC("cgroup/sysctl") int result_too_large(void *ctx) {
	return 7;
}

char LICENSE[] SEC("license") = "GPL";
