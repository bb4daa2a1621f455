// Calls of kernel functions, on this machine and on the running kernel: what each gives is put into `out`, one entry a call.
#define SEC(n) __attribute__((section(n), used))
#define __uint(name, val) int (*name)[val]
#define __type(name, val) typeof(val) *name
#define KFUNC extern __attribute__((section(".ksyms")))
typedef unsigned char u8;
typedef unsigned int u32;
typedef unsigned long long u64;
typedef _Bool bool;
enum { ARRAY = 2, RINGBUF = 27 };
struct xdp_md { u32 data; };
struct __sk_buff { u32 len; };
struct bpf_dynptr { u64 opaque[2]; } __attribute__((aligned(8)));
struct bpf_iter_num { u64 opaque[1]; } __attribute__((aligned(8)));
struct bpf_iter_bits { u64 opaque[2]; } __attribute__((aligned(8)));
static long (*map_update_elem)(void *map, const void *key, const void *value, u64 flags) = (void *)2;
static long (*ringbuf_query)(void *map, u64 flags) = (void *)134;
static long (*dynptr_from_mem)(void *data, u32 size, u64 flags, struct bpf_dynptr *to) = (void *)197;
static long (*ringbuf_reserve_dynptr)(void *map, u32 size, u64 flags, struct bpf_dynptr *to) = (void *)198;
static void (*ringbuf_submit_dynptr)(struct bpf_dynptr *ptr, u64 flags) = (void *)199;
static void (*ringbuf_discard_dynptr)(struct bpf_dynptr *ptr, u64 flags) = (void *)200;
static long (*dynptr_read)(void *to, u32 len, const struct bpf_dynptr *from, u32 offset, u64 flags) = (void *)201;
static long (*dynptr_write)(const struct bpf_dynptr *to, u32 offset, void *from, u32 len, u64 flags) = (void *)202;
static void *(*dynptr_data)(const struct bpf_dynptr *ptr, u32 offset, u32 len) = (void *)203;
KFUNC int bpf_dynptr_from_skb(struct __sk_buff *skb, u64 flags, struct bpf_dynptr *to);
KFUNC int bpf_dynptr_from_xdp(struct xdp_md *xdp, u64 flags, struct bpf_dynptr *to);
KFUNC void *bpf_dynptr_slice(const struct bpf_dynptr *ptr, u32 offset, void *buffer, u32 size);
KFUNC void *bpf_dynptr_slice_rdwr(const struct bpf_dynptr *ptr, u32 offset, void *buffer, u32 size);
KFUNC int bpf_dynptr_adjust(const struct bpf_dynptr *ptr, u32 start, u32 end);
KFUNC bool bpf_dynptr_is_null(const struct bpf_dynptr *ptr);
KFUNC bool bpf_dynptr_is_rdonly(const struct bpf_dynptr *ptr);
KFUNC u32 bpf_dynptr_size(const struct bpf_dynptr *ptr);
KFUNC int bpf_dynptr_clone(const struct bpf_dynptr *ptr, struct bpf_dynptr *to);
KFUNC int bpf_dynptr_copy(struct bpf_dynptr *to, u32 to_offset, struct bpf_dynptr *from, u32 from_offset, u32 size);
KFUNC int bpf_dynptr_memset(struct bpf_dynptr *ptr, u32 offset, u32 size, u8 value);
KFUNC int bpf_probe_read_user_dynptr(struct bpf_dynptr *to, u32 offset, u32 size, const void *from);
KFUNC int bpf_probe_read_kernel_dynptr(struct bpf_dynptr *to, u32 offset, u32 size, const void *from);
KFUNC int bpf_probe_read_kernel_str_dynptr(struct bpf_dynptr *to, u32 offset, u32 size, const void *from);
KFUNC int bpf_iter_num_new(struct bpf_iter_num *it, int start, int end);
KFUNC int *bpf_iter_num_next(struct bpf_iter_num *it);
KFUNC void bpf_iter_num_destroy(struct bpf_iter_num *it);
KFUNC int bpf_iter_bits_new(struct bpf_iter_bits *it, const u64 *from, u32 words);
KFUNC int *bpf_iter_bits_next(struct bpf_iter_bits *it);
KFUNC void bpf_iter_bits_destroy(struct bpf_iter_bits *it);
KFUNC void bpf_rcu_read_lock(void);
KFUNC void bpf_rcu_read_unlock(void);
KFUNC void bpf_preempt_disable(void);
KFUNC void bpf_preempt_enable(void);
KFUNC int bpf_strcmp(const char *a, const char *b);
KFUNC int bpf_strchr(const char *text, char c);
KFUNC int bpf_strnchr(const char *text, u64 most, char c);
KFUNC int bpf_strchrnul(const char *text, char c);
KFUNC int bpf_strrchr(const char *text, int c);
KFUNC int bpf_strlen(const char *text);
KFUNC int bpf_strnlen(const char *text, u64 most);
KFUNC int bpf_strspn(const char *text, const char *set);
KFUNC int bpf_strcspn(const char *text, const char *set);
KFUNC int bpf_strstr(const char *text, const char *part);
KFUNC int bpf_strnstr(const char *text, const char *part, u64 most);

struct { __uint(type, ARRAY); __uint(max_entries, 48); __type(key, u32); __type(value, long); } out SEC(".maps");
struct { __uint(type, RINGBUF); __uint(max_entries, 4096); } ring SEC(".maps");
char hello[16] = "hello world";
char low[8] = "lo w";
u64 words[4] = {0x8001, 0, 1ull << 63, 5};
char memory[64] = "0123456789abcdef";

static __attribute__((noinline)) int put(u32 at, long value) {
	return map_update_elem(&out, &at, &value, 0);
}

#define IS(value) put(at++, value)

static __attribute__((always_inline)) int packet(struct bpf_dynptr *d) {
	int at = 0;
	u8 part[16] = {}, buffer[8];
	IS(bpf_dynptr_size(d));
	IS(bpf_dynptr_is_null(d));
	IS(bpf_dynptr_is_rdonly(d));
	IS(dynptr_read(part, 6, d, 6, 0));
	IS(part[0] << 8 | part[5]);
	IS(dynptr_read(part, 16, d, 30, 0));
	IS(dynptr_read(part, 16, d, 0, 1));
	IS(dynptr_write(d, 0, "ABC", 3, 0));
	u8 *p = bpf_dynptr_slice(d, 0, buffer, 8);
	IS(p ? p[1] : -1);
	u8 *q = bpf_dynptr_slice_rdwr(d, 8, buffer, 8);
	if (q)
		q[0] = 0x55;
	struct bpf_dynptr c, record, none;
	IS(bpf_dynptr_clone(d, &c));
	IS(bpf_dynptr_adjust(&c, 4, 20));
	IS(bpf_dynptr_size(&c));
	IS(bpf_dynptr_adjust(&c, 4, 17));
	IS(bpf_dynptr_adjust(&c, 5, 4));
	p = bpf_dynptr_slice(&c, 4, buffer, 8);
	IS(p ? p[0] : -1);
	IS(dynptr_data(&c, 0, 4) != 0);
	IS(bpf_dynptr_slice(&c, 14, buffer, 8) != 0);
	IS(ringbuf_reserve_dynptr(&ring, 64, 0, &record));
	IS(bpf_dynptr_copy(&record, 0, d, 0, 20));
	IS(bpf_dynptr_copy(d, 20, &record, 0, 6));
	IS(bpf_dynptr_copy(&record, 0, d, 30, 20));
	IS(bpf_dynptr_memset(&record, 60, 4, 7));
	IS(bpf_dynptr_memset(&record, 60, 5, 7));
	IS(bpf_dynptr_memset(d, 0, 2, 7));
	p = dynptr_data(&record, 56, 8);
	IS(p ? p[4] : -1);
	ringbuf_submit_dynptr(&record, 0);
	IS(ringbuf_query(&ring, 0));
	IS(ringbuf_reserve_dynptr(&ring, 5000, 0, &none));
	IS(bpf_dynptr_is_null(&none));
	IS(bpf_dynptr_clone(&none, &c));
	ringbuf_discard_dynptr(&none, 0);
	return at;
}

SEC("xdp") int frame(struct xdp_md *ctx) {
	struct bpf_dynptr d;
	bpf_dynptr_from_xdp(ctx, 0, &d);
	packet(&d);
	return 2;
}

SEC("tc") int buffer(struct __sk_buff *ctx) {
	struct bpf_dynptr d;
	bpf_dynptr_from_skb(ctx, 0, &d);
	packet(&d);
	return 0;
}

static __attribute__((always_inline)) int only_read(struct __sk_buff *ctx) {
	int at = 0;
	u8 buffer[4];
	struct bpf_dynptr d, none;
	IS(bpf_dynptr_from_skb(ctx, 1, &none));
	IS(bpf_dynptr_is_null(&none));
	IS(bpf_dynptr_from_skb(ctx, 0, &d));
	u8 *p = bpf_dynptr_slice(&d, 0, buffer, 4);
	IS(p ? p[0] : -1);
	IS(bpf_dynptr_is_rdonly(&d));
	IS(dynptr_write(&d, 0, "A", 1, 0));
	IS(bpf_dynptr_size(&d));
	return 1;
}

SEC("cgroup_skb/egress") int control_group(struct __sk_buff *ctx) {
	return only_read(ctx);
}

SEC("socket") int filter(struct __sk_buff *ctx) {
	return only_read(ctx);
}

static __attribute__((always_inline)) long numbers(int start, int end) {
	struct bpf_iter_num it;
	long sum = 0;
	int *v;
	sum = bpf_iter_num_new(&it, start, end);
	while ((v = bpf_iter_num_next(&it)))
		sum = sum * 3 + *v;
	bpf_iter_num_destroy(&it);
	return sum;
}

static __attribute__((always_inline)) long bits(const u64 *from, int count) {
	struct bpf_iter_bits it;
	long sum = 0;
	int *v;
	sum = bpf_iter_bits_new(&it, from, count);
	while ((v = bpf_iter_bits_next(&it)))
		sum = sum * 3 + *v;
	bpf_iter_bits_destroy(&it);
	return sum;
}

SEC("tc") int iterators(struct __sk_buff *ctx) {
	int at = 0;
	IS(numbers(3, 10));
	IS(numbers(-2, 1));
	IS(numbers(3, 3));
	IS(numbers(3, 2));
	IS(numbers(0, 8388609));
	IS(numbers(-2147483647 - 1, 2147483647));
	IS(bits(words, 1));
	IS(bits(words, 4));
	IS(bits(words, 0));
	IS(bits(words, 512));
	IS(bits((u64 *)8, 1));
	bpf_rcu_read_lock();
	IS(1);
	bpf_rcu_read_unlock();
	bpf_preempt_disable();
	at++;
	bpf_preempt_enable();
	return 0;
}

SEC("tc") int texts(struct __sk_buff *ctx) {
	int at = 0;
	IS(bpf_strcmp(hello, "hello world"));
	IS(bpf_strcmp(hello, "hellp"));
	IS(bpf_strcmp(hello, "hell"));
	IS(bpf_strchr(hello, 'o'));
	IS(bpf_strchr(hello, 'z'));
	IS(bpf_strchr(hello, 0));
	IS(bpf_strnchr(hello, 4, 'o'));
	IS(bpf_strchrnul(hello, 'z'));
	IS(bpf_strrchr(hello, 'o'));
	IS(bpf_strrchr(hello, 'z'));
	IS(bpf_strlen(hello));
	IS(bpf_strnlen(hello, 3));
	IS(bpf_strspn(hello, "ehl"));
	IS(bpf_strcspn(hello, "wo"));
	IS(bpf_strstr(hello, low));
	IS(bpf_strstr(hello, "x"));
	IS(bpf_strstr(hello, ""));
	IS(bpf_strnstr(hello, low, 7));
	IS(bpf_strnstr(hello, low, 6));
	IS(bpf_strnstr(hello, "", 0));
	IS(bpf_strlen((char *)0));
	IS(bpf_strlen((char *)~0ull));
	IS(bpf_strcmp((char *)16, hello));
	return 0;
}

SEC("tc") int memories(struct __sk_buff *ctx) {
	int at = 0;
	struct bpf_dynptr d, e;
	u8 part[8] = {};
	IS(dynptr_from_mem(memory, 64, 0, &d));
	IS(dynptr_from_mem(memory, 64, 1, &e));
	IS(bpf_dynptr_is_null(&e));
	IS(dynptr_read(part, 8, &d, 10, 0));
	IS(part[0]);
	IS(dynptr_read(part, 8, &d, 57, 0));
	IS(dynptr_write(&d, 2, "xyz", 3, 0));
	IS(dynptr_write(&d, 2, "xyz", 3, 1));
	IS(bpf_dynptr_copy(&d, 1, &d, 0, 16));
	u8 *p = bpf_dynptr_slice(&d, 3, 0, 4);
	IS(p ? p[0] : -1);
	p = dynptr_data(&d, 60, 4);
	IS(p != 0);
	IS(dynptr_data(&d, 61, 4) != 0);
	IS(bpf_dynptr_memset(&d, 0, 64, 9));
	IS(memory[63]);
	return 0;
}

SEC("xdp") int probes(struct xdp_md *ctx) {
	int at = 0;
	struct bpf_dynptr d, x;
	u8 part[2] = {};
	IS(dynptr_from_mem(memory, 64, 0, &d));
	IS(bpf_probe_read_kernel_dynptr(&d, 3, 5, hello));
	IS(memory[3]);
	IS(memory[8]);
	IS(bpf_probe_read_kernel_dynptr(&d, 60, 5, hello));
	IS(bpf_probe_read_kernel_str_dynptr(&d, 10, 20, hello));
	IS(memory[10]);
	IS(memory[21]);
	IS(bpf_probe_read_kernel_str_dynptr(&d, 30, 4, hello));
	IS(memory[33]);
	IS(bpf_probe_read_user_dynptr(&d, 0, 4, (void *)0));
	IS(memory[0]);
	bpf_dynptr_from_xdp(ctx, 0, &x);
	IS(bpf_probe_read_kernel_dynptr(&x, 3, 5, hello));
	IS(dynptr_read(part, 2, &x, 3, 0));
	IS(part[0]);
	IS(bpf_probe_read_kernel_str_dynptr(&x, 30, 20, hello));
	return 2;
}

char _license[] SEC("license") = "GPL";
