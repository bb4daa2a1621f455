// The address of a static function, handed to bpf_loop.
// clang-22 --target=bpf -mcpu=v3 -O2 -fdebug-compilation-dir=. -g -c callbacks.c -o callbacks.o
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name), used))

static long (*loop)(u32 rounds, void *callback, void *context, u64 flags) = (void *)181;

static long unused_first(void)
{
	return 3;
}

static long add(u32 index, void *context)
{
	*(u64 *)context += index;
	return 0;
}

SEC("tc") int sum(void *skb)
{
	u64 total = unused_first();
	loop(10, add, &total, 0);
	return total > 40;
}

char _license[] SEC("license") = "Dual BSD/GPL";
