// Declares what back.c defines, and all of it wrongly.
// clang-22 --target=bpf -mcpu=v4 -O2 -fdebug-compilation-dir=. -g -c wrong.c -o wrong.o
#include "linked.h"

extern int weigh(unsigned long kind, void *item);
extern unsigned long seen;
extern struct {
	int (*type)[2];
	int (*max_entries)[5];
	unsigned int *key;
	unsigned long *value;
} totals SEC(".maps");
extern int flavour(int x) SEC(".ksyms");

SEC("socket") int wrong(struct __sk_buff *skb)
{
	unsigned int key = 0;
	return weigh(skb->len, bpf_map_lookup_elem(&totals, &key)) + seen + flavour(1);
}

char _license[] SEC("license") = "GPL";
