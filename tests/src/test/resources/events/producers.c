// Programs that write many records: each numbers its own, and says how many it could not write.
#define SEC(n) __attribute__((section(n), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
enum { ARRAY = 2, PERF_EVENT_ARRAY = 4, RINGBUF = 27 };
#define CURRENT_CPU 0xffffffffull
struct xdp_md { u32 data, data_end, data_meta, ingress_ifindex, rx_queue_index; };
static void *(*map_lookup_elem)(void *map, const void *key) = (void *)1;
static long (*perf_event_output)(void *ctx, void *map, u64 flags, void *data, u64 size) = (void *)25;
static long (*ringbuf_output)(void *map, void *data, u64 size, u64 flags) = (void *)130;
static void *(*ringbuf_reserve)(void *map, u64 size, u64 flags) = (void *)131;
static void (*ringbuf_submit)(void *data, u64 flags) = (void *)132;
static void (*ringbuf_discard)(void *data, u64 flags) = (void *)133;

struct record { u32 producer, check; u64 number; };
struct state { u64 next, failed; };
struct { __uint(type, RINGBUF); __uint(max_entries, 65536); } ring SEC(".maps");
struct { __uint(type, PERF_EVENT_ARRAY); __uint(key_size, 4); __uint(value_size, 4); } perf SEC(".maps");
struct { __uint(type, ARRAY); __uint(max_entries, 8); __type(key, u32); __type(value, struct state); } states SEC(".maps");

#define BATCH 64

static __attribute__((always_inline)) u32 producer(struct xdp_md *ctx) {
	u8 *data = (void *)(long)ctx->data, *end = (void *)(long)ctx->data_end;
	return data + 1 > end ? 0 : data[0] & 7;
}

static __attribute__((always_inline)) struct record made(u32 producer, u64 number) {
	struct record r = {producer, (u32)number * 2654435761u ^ producer, number};
	return r;
}

// Every seventh record is taken back, and its number goes to the next.
SEC("xdp") int reserve(struct xdp_md *ctx) {
	u32 me = producer(ctx);
	struct state *state = map_lookup_elem(&states, &me);
	if (!state)
		return 0;
	for (int i = 0; i < BATCH; i++) {
		struct record *r = ringbuf_reserve(&ring, sizeof(*r), 0);
		if (!r) {
			state->failed++;
			state->next++;
			continue;
		}
		*r = made(me, state->next);
		if (i % 7 == 6) {
			ringbuf_discard(r, 0);
		} else {
			ringbuf_submit(r, 0);
			state->next++;
		}
	}
	return 2;
}

SEC("xdp") int output(struct xdp_md *ctx) {
	u32 me = producer(ctx);
	struct state *state = map_lookup_elem(&states, &me);
	if (!state)
		return 0;
	for (int i = 0; i < BATCH; i++) {
		struct record r = made(me, state->next++);
		if (ringbuf_output(&ring, &r, sizeof(r), 0))
			state->failed++;
	}
	return 2;
}

SEC("xdp") int perf_output(struct xdp_md *ctx) {
	u32 me = producer(ctx);
	struct state *state = map_lookup_elem(&states, &me);
	if (!state)
		return 0;
	for (int i = 0; i < BATCH; i++) {
		struct record r = made(me, state->next++);
		if (perf_event_output(ctx, &perf, CURRENT_CPU, &r, sizeof(r)))
			state->failed++;
	}
	return 2;
}

// The record, and the packet's first byte behind it.
SEC("xdp") int with_packet(struct xdp_md *ctx) {
	u32 mark = 0x01020304;
	return perf_event_output(ctx, &perf, CURRENT_CPU | 1ull << 32, &mark, sizeof(mark));
}

char _license[] SEC("license") = "GPL";
