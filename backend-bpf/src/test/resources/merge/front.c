// One half of a program: needs a function, a map and a variable of back.c, and has a table, a static function and a weak one of its own.
// clang-22 --target=bpf -mcpu=v4 -O2 -fdebug-compilation-dir=. -g -mllvm -bpf-min-jump-table-entries=4 -c front.c -o front.o
#include "linked.h"

struct item; /* back.c says what is in it */

extern int weigh(unsigned int kind, struct item *item);
extern totals_t totals SEC(".maps");
extern unsigned int seen;
extern int LINUX_KERNEL_VERSION SEC(".kconfig");

unsigned int limit = 7;

__attribute__((weak)) int flavour(int x) { return x + 100; }

static __attribute__((noinline)) unsigned int step(unsigned int op, unsigned int x)
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

SEC("socket") int front(struct __sk_buff *skb)
{
	unsigned int key = 0;
	unsigned long *total = bpf_map_lookup_elem(&totals, &key);
	if (total)
		*total += skb->len;
	seen++;
	return step(skb->len & 7, seen + limit) + weigh(skb->len % 6, 0) + flavour(LINUX_KERNEL_VERSION > 0);
}

char _license[] SEC("license") = "GPL";
