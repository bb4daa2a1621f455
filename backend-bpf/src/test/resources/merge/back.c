// The other half: what front.c needs, a table in a function of the same section, and a weaker twin of one of its functions.
// clang-22 --target=bpf -mcpu=v4 -O2 -fdebug-compilation-dir=. -g -mllvm -bpf-min-jump-table-entries=4 -c back.c -o back.o
#include "linked.h"

struct item {
	int weight;
	struct item *next;
};

totals_t totals SEC(".maps");
unsigned int seen = 5;
extern unsigned int limit;

__attribute__((weak)) int flavour(int x) { return x + 200; }

static __attribute__((noinline)) int step(unsigned int x) { return (x + 1) * limit; }

int weigh(unsigned int kind, struct item *item)
{
	int weight = item ? item->weight : 0;
	switch (kind) {
	case 0: weight += step(weight + 3); break;
	case 1: weight += 9; break;
	case 2: weight -= 4; break;
	case 3: weight ^= 0x33; break;
	case 4: weight += 8; break;
	}
	return weight;
}

SEC("socket") int back(struct __sk_buff *skb)
{
	switch (skb->len >> 3) {
	case 6: return skb->len + 7;
	case 7: return skb->len << 3;
	case 8: return skb->len ^ 99;
	case 9: return skb->len % 10;
	}
	return flavour(1);
}

char _license[] SEC("license") = "GPL";
