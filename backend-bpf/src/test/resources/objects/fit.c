// Fields, types and enumerators of a kernel that was compiled otherwise: see fitkernel.c.
// clang-22 --target=bpf -mcpu=v3 -O2 -fdebug-compilation-dir=. -g -c fit.c -o fit.o
typedef unsigned int u32;
typedef unsigned long long u64;

#define SEC(name) __attribute__((section(name)))
#define FIELD(access, kind) __builtin_preserve_field_info(access, kind)

#pragma clang attribute push(__attribute__((preserve_access_index)), apply_to = record)
struct inner {
	u32 first;
	u32 second;
};

struct task___seen {
	u32 id;
	struct inner inner;
	u32 small;
	u32 gone;
};
#pragma clang attribute pop

enum state {
	IDLE,
	BUSY,
};

struct absent {
	int x;
};

SEC("socket") u64 offset(void *skb)
{
	return FIELD(((struct task___seen *)0)->inner.second, 0);
}

SEC("socket") u64 exists(void *skb)
{
	return FIELD(((struct task___seen *)0)->id, 2) + 2 * FIELD(((struct task___seen *)0)->gone, 2);
}

SEC("socket") u64 size(void *skb)
{
	return FIELD(((struct task___seen *)0)->small, 1);
}

SEC("socket") u64 missing(void *skb)
{
	return FIELD(((struct task___seen *)0)->gone, 0);
}

SEC("socket") u64 value(void *skb)
{
	return __builtin_preserve_enum_value(*(enum state *)BUSY, 1);
}

SEC("socket") u64 types(void *skb)
{
	return __builtin_preserve_type_info(*(struct absent *)0, 0) + 4 * __builtin_preserve_type_info(*(struct inner *)0, 1);
}

char _license[] SEC("license") = "GPL";
