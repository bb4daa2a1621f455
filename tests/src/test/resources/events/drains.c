// Programs that drain what Java writes: they add the records up, and write each into a ring buffer.
#define SEC(n) __attribute__((section(n), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
enum { RINGBUF = 27, USER_RINGBUF = 31 };
struct xdp_md { u32 data; };
struct bpf_dynptr { u64 opaque[2]; } __attribute__((aligned(8)));
static long (*ringbuf_output)(void *map, void *data, u64 size, u64 flags) = (void *)130;
static long (*dynptr_read)(void *to, u32 len, const struct bpf_dynptr *from, u32 offset, u64 flags) = (void *)201;
static void *(*dynptr_data)(const struct bpf_dynptr *ptr, u32 offset, u32 len) = (void *)203;
static long (*user_ringbuf_drain)(void *map, void *function, void *argument, u64 flags) = (void *)209;
struct { __uint(type, USER_RINGBUF); __uint(max_entries, 4096); } messages SEC(".maps");
struct { __uint(type, RINGBUF); __uint(max_entries, 65536); } seen SEC(".maps");
struct wish { u64 stop; };

// A record that says what is wished for ends the drain.
static long take(struct bpf_dynptr *record, struct wish *wish) {
	u32 head = 0;
	if (dynptr_read(&head, sizeof(head), record, 0, 0))
		head = 0xffffffff;
	ringbuf_output(&seen, &head, sizeof(head), 0);
	return head == wish->stop;
}

// A drain within a drain of the same ring.
static long nest(struct bpf_dynptr *record, struct wish *wish) {
	u8 *first = dynptr_data(record, 0, 1);
	u32 head = first ? *first : 256;
	ringbuf_output(&seen, &head, sizeof(head), 0);
	head = user_ringbuf_drain(&messages, take, wish, 0);
	ringbuf_output(&seen, &head, sizeof(head), 0);
	return 0;
}

SEC("xdp") int drain(struct xdp_md *ctx) {
	struct wish wish = {1000};
	return user_ringbuf_drain(&messages, take, &wish, 0);
}

SEC("xdp") int nested(struct xdp_md *ctx) {
	struct wish wish = {1000};
	return user_ringbuf_drain(&messages, nest, &wish, 0);
}

SEC("xdp") int wrong_flags(struct xdp_md *ctx) {
	struct wish wish = {1000};
	return user_ringbuf_drain(&messages, take, &wish, 8);
}

char _license[] SEC("license") = "GPL";
